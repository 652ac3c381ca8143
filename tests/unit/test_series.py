"""Series: the measurements are the intended ones, and neither a split nor a window lets the future into the past."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import assume, given

from nnlib.data import Dataset, load_co2, load_digits, load_sunspots, split, split_in_time, windows
from nnlib.data.packages import file_in


def series(times, width=1):
    """Values that tell their moment: 10 times the time, and in further columns as much and 1, 2, ... more."""
    x = np.array(times, np.float32)[:, None]
    return Dataset(x, 10 * x + np.arange(width, dtype=np.float32), (), "clock", "test", in_time=True)


def test_sunspots_are_the_yearly_means():
    data = load_sunspots()
    assert data.in_time and data.x[:, 0].tolist() == list(range(1700, 2009))
    assert data.y[:5, 0].tolist() == [5, 11, 16, 23, 36]
    assert data.x[data.y.argmax(), 0] == 1957 and abs(data.y.max() - 190.2) < 1e-4  # the greatest maximum on record
    spectrum = abs(np.fft.rfft(data.y[:, 0] - data.y.mean()))
    assert 10 < len(data) / spectrum.argmax() < 12  # the cycle of eleven years


def test_co2_keeps_every_measured_week_and_its_place():
    data = load_co2()
    lines = file_in("statsmodels", "datasets/co2/co2.csv", "test").read_text().splitlines()[1:]
    days = np.array([f"{day[:4]}-{day[4:6]}-{day[6:8]}" for day in lines], "datetime64[D]")
    assert (np.diff(days) == np.timedelta64(7)).all() and str(days[0]) == "1958-03-29"
    measured = [(week, float(line.split(",")[1])) for week, line in enumerate(lines) if not line.endswith(",")]
    assert data.in_time and len(lines) == 2284 and len(measured) == 2225
    np.testing.assert_allclose(np.concatenate([data.x, data.y], axis=1), measured, rtol=1e-6)
    gaps = np.diff(data.x[:, 0]) - 1
    assert gaps.sum() == 59 and gaps.max() == 18 and str(days[int(data.x[gaps.argmax(), 0])]) == "1964-01-18"


# -- splitting in time


@given(n=st.integers(3, 200), cut=st.floats(0.05, 0.45), three=st.booleans())
def test_the_past_comes_before_the_future(n, cut, three):
    data = series(np.arange(n))
    fractions = (1 - 2 * cut, cut, cut) if three else (1 - cut, cut)
    try:
        parts = split_in_time(data, fractions)
    except ValueError as error:
        assert "use more examples or fewer parts" in str(error) and n * min(fractions) < 1
        return
    assert np.concatenate([part.x for part in parts]).ravel().tolist() == list(range(n))  # all of it, in order
    for part, fraction in zip(parts, fractions, strict=True):
        assert len(part) and abs(len(part) - n * fraction) <= 1 and part.in_time
        np.testing.assert_array_equal(part.y, 10 * part.x)


def test_a_part_of_one_example_gets_it_also_between_two_halves():
    assert [len(part) for part in split_in_time(series(range(4)), (0.375, 0.25, 0.375))] == [1, 1, 2]


@given(n=st.integers(50, 120), cut=st.floats(0.2, 0.5), length=st.integers(1, 5), ahead=st.integers(1, 3))
def test_windows_of_the_parts_share_nothing(n, cut, length, ahead):
    parts = [windows(part, length, ahead=ahead) for part in split_in_time(series(np.arange(n)), (1 - cut, cut))]
    held = [set(part.x.ravel()) | set(part.y.ravel()) for part in parts]
    assert max(held[0]) < min(held[1])


def test_series_and_windows_are_not_shuffled_apart():
    data = series(np.arange(40))
    with pytest.raises(ValueError, match="clock: .* follow each other in time, .* use split_in_time"):
        split(data)
    made_before = windows(data, 5)
    with pytest.raises(ValueError, match="use split_in_time"):
        split(made_before)
    with pytest.raises(ValueError, match="clock: .* share what they hold, .* split the series first"):
        split_in_time(made_before)


def test_split_in_time_rejects_bad_input():
    with pytest.raises(ValueError, match="digits: .* do not follow each other in time: use split"):
        split_in_time(load_digits())
    with pytest.raises(TypeError, match="split_in_time takes a Dataset, .* got ndarray"):
        split_in_time(np.zeros((4, 2)))
    with pytest.raises(ValueError, match="positive and sum to 1"):
        split_in_time(series(np.arange(9)), (0.5, 0.6))
    with pytest.raises(ValueError, match=r"parts of \[3, 0\]"):
        split_in_time(series(np.arange(3)), (0.99, 0.01))


# -- windows


@given(n=st.integers(2, 60), length=st.integers(1, 8), ahead=st.integers(1, 4), width=st.integers(1, 2))
def test_every_window_precedes_its_target(n, length, ahead, width):
    data = series(range(100, 100 + n), width)
    if n < length + ahead:
        with pytest.raises(ValueError, match=rf"no {length + ahead} values in a row without a gap \({n} in all\)"):
            windows(data, length, ahead=ahead)
        return
    made = windows(data, length, ahead=ahead)
    assert made.x.shape == (n - length - ahead + 1, length, width) and made.y.shape == (len(made), width)
    for i in range(len(made)):
        np.testing.assert_array_equal(made.x[i], data.y[i : i + length])
        np.testing.assert_array_equal(made.y[i], data.y[i + length - 1 + ahead])


@given(st.sets(st.integers(0, 60), max_size=25), st.integers(1, 4), st.integers(1, 3))
def test_no_window_reaches_across_a_gap(missing, length, ahead):
    times = [t for t in range(61) if t not in missing]
    assume(np.median(np.diff(times)) == 1)  # more steps than gaps
    whole = [t for t in range(61) if not missing & set(range(t, t + length + ahead)) and t + length + ahead <= 61]
    if not whole:
        with pytest.raises(ValueError, match="without a gap"):
            windows(series(times), length, ahead=ahead)
        return
    made = windows(series(times), length, ahead=ahead)
    assert (made.x[:, 0, 0] / 10).tolist() == whole
    assert (made.y[:, 0] / 10).tolist() == [t + length - 1 + ahead for t in whole]


def test_windows_of_co2_leave_out_those_that_meet_a_gap():
    data = load_co2()
    assert len(windows(data, 52)) == 1761 < len(data) - 52


def test_windows_reject_bad_input():
    with pytest.raises(TypeError, match="windows takes a Dataset, .* got list"):
        windows([1, 2, 3], 2)
    for other in (load_digits(), windows(series(np.arange(9)), 2)):
        with pytest.raises(ValueError, match=r"windows: .* give a series, times x \(N, 1\)"):
            windows(other, 2)
    for name in ("length", "ahead"):
        with pytest.raises(ValueError, match=f"windows: {name} is at least 1, got 0"):
            windows(series(np.arange(9)), **{"length": 2, name: 0})
        with pytest.raises(TypeError, match=f"windows: {name} is a whole number, got 2.5"):
            windows(series(np.arange(9)), **{"length": 2, name: 2.5})
