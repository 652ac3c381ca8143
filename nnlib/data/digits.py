"""Real handwritten digits that need no download."""

from __future__ import annotations

import numpy as np

from .dataset import Dataset


def load_digits() -> Dataset:
    """1797 handwritten digits of 8×8 pixels, from 0 (paper) to 1 (ink), as scikit-learn carries them.

    Shape: x (1797, 8, 8) float32, y (1797,) int64.

    Raises:
        ModuleNotFoundError: scikit-learn is not installed.

    Example:
        >>> load_digits()
        digits: 1797 examples of shape (8, 8), 10 classes (scikit-learn, from the UCI repository)

    Source: E. Alpaydin and C. Kaynak (1998), Optical Recognition of Handwritten Digits, UCI.
    """
    try:
        from sklearn.datasets import load_digits as load
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "load_digits() reads the pictures that come with scikit-learn, which is not installed here: "
            "run  pip install scikit-learn"
        ) from error
    bunch = load()
    return Dataset(
        x=(bunch.images / 16).astype(np.float32),  # stored as 0 … 16: how many of 4×4 dots were inked
        y=bunch.target.astype(np.int64),
        class_names=tuple(str(name) for name in bunch.target_names),
        name="digits",
        source="scikit-learn, from the UCI repository",
    )
