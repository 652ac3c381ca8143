"""Measurements that follow each other in time: the Sun's spots and the air's carbon dioxide."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .bundle import bundled
from .dataset import Dataset
from .packages import file_in


@bundled
def load_sunspots() -> Dataset:
    """309 years of sunspots, 1700 to 2008: the yearly mean of how many were counted, a cycle of about 11 years.

    Cut it with `split_in_time`, then make `windows` of each part.

    Shape: x (309, 1) float32, the year; y (309, 1) float32, from 0 to 190.2.

    Raises:
        ModuleNotFoundError: statsmodels is not installed.

    Example:
        >>> load_sunspots()
        sunspots: 309 examples of shape (1,), target mean number of sunspots (statsmodels, from NOAA)

    Source: National Geophysical Data Center (NOAA), yearly mean sunspot numbers,
    https://www.ngdc.noaa.gov/stp/solar/solarda3.html; public domain.
    """
    file = file_in("statsmodels", "datasets/sunspots/sunspots.csv", "load_sunspots")
    table = np.loadtxt(file, delimiter=",", skiprows=1, dtype=np.float32)
    return Dataset(
        x=table[:, :1].copy(),
        y=table[:, 1:].copy(),
        class_names=(),
        name="sunspots",
        source="statsmodels, from NOAA",
        feature_names=("year",),
        target_name="mean number of sunspots",
        in_time=True,
    )


@bundled
def load_co2() -> Dataset:
    """2225 weekly means of carbon dioxide in the air of Mauna Loa, Hawaii, March 1958 to December 2001.

    The record spans 2284 weeks. In 59 of them nothing was measured, 18 of them in a row in early 1964: those weeks are
    left out here, not filled in, and `windows` makes none across a gap.

    Shape: x (2225, 1) float32, weeks since 29 March 1958; y (2225, 1) float32, parts per million by volume.

    Raises:
        ModuleNotFoundError: statsmodels is not installed.

    Example:
        >>> load_co2()
        co2: 2225 examples of shape (1,), target CO2 in ppm (statsmodels, from the Scripps Institution of Oceanography)

    Source: C. Keeling and T. Whorf (2004), Atmospheric CO2 concentrations derived from flask air samples at sites in
    the SIO network, Carbon Dioxide Information Analysis Center, Oak Ridge National Laboratory,
    https://cdiac.ess-dive.lbl.gov/trends/co2/sio-keel-flask/sio-keel-flaskmlo_c.html; public domain.
    """
    file = file_in("statsmodels", "datasets/co2/co2.csv", "load_co2")
    ppm = np.genfromtxt(file, delimiter=",", skip_header=1, usecols=1, dtype=np.float32)  # empty: NaN
    week = np.arange(len(ppm), dtype=np.float32)  # the rows are a week apart, the empty ones too
    measured = np.isfinite(ppm)
    return Dataset(
        x=week[measured, None],
        y=ppm[measured, None],
        class_names=(),
        name="co2",
        source="statsmodels, from the Scripps Institution of Oceanography",
        feature_names=("week",),
        target_name="CO2 in ppm",
        in_time=True,
    )


def windows(series: Dataset, length: int, *, ahead: int = 1) -> Dataset:
    """Every stretch of `length` values in a row, and the value that follows: what a forecast is learned from.

    With values v₁, v₂, ...: inputs (vᵢ, ..., vᵢ₊ₗ₋₁), target vᵢ₊ₗ₋₁₊ₐ, for each i where all of these were measured,
    one step of time after the other. The windows overlap, so they count as one group: split the series with
    `split_in_time` before this, since a window on either side of a cut made afterwards would hold the same values.

    Args:
        series: values y (N, K) with their times in x (N, 1), such as load_sunspots() or a part of it.
        length: how many values the network sees, l in the equation.
        ahead: how many steps after the last of them the target lies, a in the equation.

    Shape: x (M, length, K), as a recurrent network takes it; y (M, K).

    Raises:
        TypeError: length or ahead is no whole number.
        ValueError: the data are no series, or no stretch of the series is long enough.

    Example:
        >>> from nnlib.data import split_in_time
        >>> past, future = split_in_time(load_sunspots())
        >>> train, test = windows(past, 20), windows(future, 20)
        >>> train.x.shape, test.x.shape
        ((227, 20, 1), (42, 20, 1))
        >>> past.y[:4, 0].tolist(), windows(past, 3).x[0, :, 0].tolist(), windows(past, 3).y[0].tolist()
        ([5.0, 11.0, 16.0, 23.0], [5.0, 11.0, 16.0], [23.0])
    """
    if not isinstance(series, Dataset):
        raise TypeError(f"windows takes a Dataset, such as load_sunspots(), got {type(series).__name__}")
    if not series.in_time or series.x.ndim != 2 or series.x.shape[1] != 1 or series.y.ndim != 2:
        raise ValueError(
            f"windows: {series.name} has x of shape {series.x.shape} and y of shape {series.y.shape}: give a series, "
            "times x (N, 1) and values y (N, K) with in_time=True"
        )
    for name, value in (("length", length), ("ahead", ahead)):
        if not isinstance(value, int | np.integer):
            raise TypeError(f"windows: {name} is a whole number, got {value!r}")
        if value < 1:
            raise ValueError(f"windows: {name} is at least 1, got {value}")
    first = _starts_without_gap(series.x[:, 0], length + ahead)
    if len(first) == 0:
        raise ValueError(
            f"windows: {series.name} has no {length + ahead} values in a row without a gap ({len(series)} in all): "
            "use shorter windows or a longer series"
        )
    return replace(
        series,
        x=series.y[first[:, None] + np.arange(length)],
        y=series.y[first + length - 1 + ahead],
        feature_names=(),
        groups=np.zeros(len(first), np.int64),
    )


def _starts_without_gap(time: np.ndarray, span: int) -> np.ndarray:
    """Every position from which `span` values follow each other in equal steps of time."""
    if len(time) < span:
        return np.zeros(0, np.int64)
    steps = np.diff(time)
    gaps_before = np.concatenate([[0], np.cumsum(~np.isclose(steps, np.median(steps)))])
    return np.flatnonzero(gaps_before[span - 1 :] == gaps_before[: len(time) - span + 1])
