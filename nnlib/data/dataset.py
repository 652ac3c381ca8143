"""What every loader returns: examples, what is to be predicted of each, and which set this is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NoReturn

import numpy as np

ARRAYS = ("x", "y", "lengths", "groups")  # what a Dataset has for each example


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """Examples with what is to be predicted of each, and where they come from.

    Each example has a class (classification), one or more numbers (regression), or a text to write.

    Attributes:
        x: the examples, an array (N, ...) of float32; or texts, an array (N,) of str.
        y: the class of each example, an array (N,) of int64 that counts from 0; or its numbers, an array (N, K) of
            float32, K = 1 for one number: the shape that a network with one output returns; or texts (N,) of str.
        class_names: the name of class 0, of class 1, ...; empty where y holds numbers or texts.
        name: which set this is.
        source: who made it and where it was read, or the equation it was drawn from.
        feature_names: the name of each column of x, where the columns have names.
        target_name: what the number to predict is, with its unit, or what the text is.
        lengths: (N,) of int64 where x (N, T, ...) holds sequences: example n is x[n, :lengths[n]], the rest is padding.
        groups: (N,) of int64: examples with the same number belong together, such as the pronunciations of one word
            or the pieces of one picture. No split parts them, so that none is in the test part because a sibling was
            learned.
        in_time: the examples follow each other in time. They are split at a moment, never shuffled.

    Raises:
        TypeError: x, y, lengths or groups is no array.
        ValueError: x, y, lengths and groups differ in length, a class in y has no name, y is neither classes nor
            numbers nor texts, or a length is not between 1 and T.

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
    lengths: np.ndarray | None = None
    groups: np.ndarray | None = None
    in_time: bool = False

    def __post_init__(self) -> None:
        for name in ARRAYS:
            value = getattr(self, name)
            if not isinstance(value, np.ndarray) and (value is not None or name in ("x", "y")):
                raise TypeError(f"{self.name}: {name} is {type(value).__name__}: make it an array, np.array({name})")
        if len(self.x) != len(self.y):
            raise ValueError(
                f"{self.name}: {len(self.x)} examples but {len(self.y)} targets: give one class, or one row of "
                "numbers, per example"
            )
        if self.class_names:
            self._check_classes()
        elif self.y.dtype.kind != "U" or self.y.ndim != 1:
            self._check_numbers()
        self._check_integers("lengths")
        self._check_integers("groups")
        if self.lengths is not None and len(self):
            self._check_lengths()

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

    def _check_integers(self, name: str) -> None:
        value = getattr(self, name)
        if value is not None and (value.dtype.kind not in "iu" or value.shape != (len(self.x),)):
            raise ValueError(
                f"{self.name}: {name} is {value.dtype} of shape {value.shape}: give one integer for each of the "
                f"{len(self.x)} examples"
            )

    def _check_lengths(self) -> None:
        longest = self.x.shape[1] if self.x.ndim > 1 else 0
        if not 1 <= self.lengths.min() <= self.lengths.max() <= longest:
            raise ValueError(
                f"{self.name}: lengths run from {self.lengths.min()} to {self.lengths.max()}, but x is "
                f"{self.x.shape}: x is (N, T, ...), and a length is from 1 to T"
            )

    def __len__(self) -> int:
        return len(self.x)

    def __getitem__(self, index: slice | np.ndarray) -> Dataset:
        """The examples that a slice, an array of positions or a mask selects, as a Dataset."""
        if isinstance(index, int | np.integer):
            raise TypeError(f"{self.name}[{index}] is no data set: take .x[{index}] and .y[{index}], or a slice")
        return replace(self, **{name: getattr(self, name)[index] for name in ARRAYS if getattr(self, name) is not None})

    def __iter__(self) -> NoReturn:
        raise TypeError(f"{self.name}: loop over Loader(dataset, batch_size), which gives the batches of an epoch")

    def __repr__(self) -> str:
        target = f"{len(self.class_names)} classes" if self.class_names else f"target {self.target_name}"
        shape = "text" if self.x.dtype.kind == "U" else f"shape {self.x.shape[1:]}"
        return f"{self.name}: {len(self)} examples of {shape}, {target} ({self.source})"
