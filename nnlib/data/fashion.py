"""Fashion-MNIST: the first picture set that is too large to come with a package."""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np

from .dataset import Dataset
from .fetch import FetchError, fetch
from .images import load_mnist5k
from .preparation import split

CLASSES = (
    *("T-shirt", "trouser", "pullover", "dress", "coat"),
    *("sandal", "shirt", "sneaker", "bag", "ankle boot"),
)
FILES = {  # with the SHA-256 of the decompressed bytes
    "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
}
PARTS = {
    "train": ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    "test": ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
}
PLACES = (
    "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion",
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com",
)


def sources(file: str) -> list[str | Path]:
    """Where one of the files may be: in Debian's package dataset-fashion-mnist, or on the web."""
    return [Path("/usr/share/datasets/fashion-mnist") / f"{file}.gz", *(f"{place}/{file}.gz" for place in PLACES)]


def load_fashion_mnist(part: str = "train") -> Dataset:
    """Pictures of clothes from a shop, 28×28 pixels, from 0 (background) to 1, in ten classes of equal size.

    The training part has 60,000 pictures, the test part 10,000: the parts that its makers chose, so that results can be
    compared. They are read from Debian's package where it is installed; elsewhere 31 MB are fetched once and kept.

    Where they cannot be had, there is a warning, and the handwritten digits of `load_mnist5k` stand in for them, split
    in the same proportion: also 28×28 pixels in ten classes, but fewer and easier. The name and the class names of
    what is returned are then those of the digits.

    Args:
        part: "train" or "test".

    Shape: x (60000, 28, 28) or (10000, 28, 28) float32, y (60000,) or (10000,) int64.

    Raises:
        ValueError: there is no such part.
        FetchError: neither the set can be had nor the one that stands in.

    Example:
        >>> load_fashion_mnist("test")  # doctest: +SKIP
        fashion-mnist test: 10000 examples of shape (28, 28), 10 classes (Zalando Research)

    Source: H. Xiao, K. Rasul and R. Vollgraf (2017), Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine
    Learning Algorithms, arXiv:1708.07747; https://github.com/zalandoresearch/fashion-mnist, MIT licence.
    """
    if part not in PARTS:
        raise ValueError(f'load_fashion_mnist: the part is "train" or "test", got {part!r}')
    try:
        images, labels = (_read(fetch(f"fashion-mnist/{file}", sources(file), FILES[file])) for file in PARTS[part])
    except FetchError as error:
        return _stand_in(part, error)
    return Dataset(
        x=images.astype(np.float32) / 255,
        y=labels.astype(np.int64),
        class_names=CLASSES,
        name=f"fashion-mnist {part}",
        source="Zalando Research",
    )


def _read(file: Path) -> np.ndarray:
    """An array in MNIST's format IDX: two zeros, 8 for bytes, how many dimensions; their sizes; the bytes."""
    content = file.read_bytes()
    dimensions = content[3]
    shape = np.frombuffer(content, ">u4", count=dimensions, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


def _stand_in(part: str, error: FetchError) -> Dataset:
    """The digits in place of the clothes, and a warning that says so and why."""
    try:
        train, test = split(load_mnist5k(), (6 / 7, 1 / 7))
    except ModuleNotFoundError:
        raise error from None
    warnings.warn(f"The digits of mnist5k stand in for Fashion-MNIST, because: {error}", stacklevel=3)
    digits = {"train": train, "test": test}[part]
    return replace(digits, name=f"mnist5k {part}", source=f"{digits.source}; stands in for Fashion-MNIST")
