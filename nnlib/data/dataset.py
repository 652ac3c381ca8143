"""What every loader returns: examples, their classes, and which set this is."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """Examples with their classes, and where they come from.

    Attributes:
        x: the examples, an array (N, ...) of float32.
        y: the class of each example, an array (N,) of int64, counting from 0.
        class_names: the name of class 0, of class 1, ...
        name: which set this is.
        source: who made it and where it was read, or the equation it was drawn from.
        feature_names: the name of each column of x, where the columns have names.

    Raises:
        ValueError: x and y differ in length, or a class in y has no name.

    Example:
        >>> data = Dataset(np.zeros((3, 2)), np.array([0, 1, 1]), ("no", "yes"), "tiny", "made up")
        >>> data
        tiny: 3 examples of shape (2,), 2 classes (made up)
        >>> data[1:].y
        array([1, 1])
    """

    x: np.ndarray
    y: np.ndarray
    class_names: tuple[str, ...]
    name: str
    source: str
    feature_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.x) != len(self.y):
            raise ValueError(
                f"{self.name}: {len(self.x)} examples but {len(self.y)} classes: give one class per example"
            )
        if len(self.y) and not 0 <= self.y.min() <= self.y.max() < len(self.class_names):
            raise ValueError(
                f"{self.name}: classes run from {self.y.min()} to {self.y.max()}, but {len(self.class_names)} "
                "class names were given: number the classes from 0 and name each"
            )

    def __len__(self) -> int:
        return len(self.x)

    def __getitem__(self, index: slice | np.ndarray) -> Dataset:
        """The examples that a slice, an array of positions or a mask selects, as a Dataset."""
        return replace(self, x=self.x[index], y=self.y[index])

    def __repr__(self) -> str:
        return (
            f"{self.name}: {len(self)} examples of shape {self.x.shape[1:]}, "
            f"{len(self.class_names)} classes ({self.source})"
        )
