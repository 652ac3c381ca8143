"""What every loader returns: examples, their classes or the numbers to predict, and which set this is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NoReturn

import numpy as np


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """Examples with what is to be predicted of each, and where they come from.

    Either each example has a class (classification), or one or more numbers (regression).

    Attributes:
        x: the examples, an array (N, ...) of float32.
        y: the class of each example, an array (N,) of int64 that counts from 0; or its numbers, an array (N, K) of
            float32. K is 1 for one number: the shape that a network with one output returns.
        class_names: the name of class 0, of class 1, ...; empty where y holds numbers.
        name: which set this is.
        source: who made it and where it was read, or the equation it was drawn from.
        feature_names: the name of each column of x, where the columns have names.
        target_name: what the number to predict is, with its unit.

    Raises:
        ValueError: x and y differ in length, a class in y has no name, or y is neither classes nor numbers.

    Example:
        >>> data = Dataset(np.zeros((3, 2)), np.array([0, 1, 1]), ("no", "yes"), "tiny", "made up")
        >>> data
        tiny: 3 examples of shape (2,), 2 classes (made up)
        >>> data[1:].y
        array([1, 1])
        >>> Dataset(np.zeros((3, 2)), np.zeros((3, 1)), (), "small", "made up", target_name="price")
        small: 3 examples of shape (2,), target price (made up)
    """

    x: np.ndarray
    y: np.ndarray
    class_names: tuple[str, ...]
    name: str
    source: str
    feature_names: tuple[str, ...] = ()
    target_name: str = ""

    def __post_init__(self) -> None:
        if len(self.x) != len(self.y):
            raise ValueError(
                f"{self.name}: {len(self.x)} examples but {len(self.y)} targets: give one class, or one row of "
                "numbers, per example"
            )
        if self.class_names:
            self._check_classes()
        else:
            self._check_numbers()

    def _check_classes(self) -> None:
        if self.y.dtype.kind not in "iu" or self.y.ndim != 1:
            raise ValueError(
                f"{self.name}: class names were given, but y is {self.y.dtype} of shape {self.y.shape}: classes are "
                "integers (N,); with numbers to predict, leave class_names empty"
            )
        if len(self.y) and not 0 <= self.y.min() <= self.y.max() < len(self.class_names):
            raise ValueError(
                f"{self.name}: classes run from {self.y.min()} to {self.y.max()}, but {len(self.class_names)} "
                "class names were given: number the classes from 0 and name each"
            )

    def _check_numbers(self) -> None:
        if self.y.dtype.kind != "f" or self.y.ndim != 2:
            raise ValueError(
                f"{self.name}: no class names were given, and y is {self.y.dtype} of shape {self.y.shape}: numbers to "
                "predict are floats (N, K), (N, 1) for one number; classes need class_names"
            )
        if not np.isfinite(self.y).all():
            raise ValueError(
                f"{self.name}: {np.count_nonzero(~np.isfinite(self.y))} of the numbers to predict are NaN or infinite: "
                "leave those examples out"
            )

    def __len__(self) -> int:
        return len(self.x)

    def __getitem__(self, index: slice | np.ndarray) -> Dataset:
        """The examples that a slice, an array of positions or a mask selects, as a Dataset."""
        if isinstance(index, int | np.integer):
            raise TypeError(f"{self.name}[{index}] is no data set: take .x[{index}] and .y[{index}], or a slice")
        return replace(self, x=self.x[index], y=self.y[index])

    def __iter__(self) -> NoReturn:
        raise TypeError(f"{self.name}: loop over Loader(dataset, batch_size), which gives the batches of an epoch")

    def __repr__(self) -> str:
        target = f"{len(self.class_names)} classes" if self.class_names else f"target {self.target_name}"
        return f"{self.name}: {len(self)} examples of shape {self.x.shape[1:]}, {target} ({self.source})"
