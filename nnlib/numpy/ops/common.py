"""What the rules share: undoing a broadcast, and turning arguments into arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from nnlib.numpy.autograd import Tensor


def unbroadcast(g: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Sum g over the axes along which an array of `shape` was repeated to reach g's shape.

    y = a + b with a (3, 1) and b (4,) uses each entry of a four times: ∂L/∂a sums those four gradients.
    """
    if g.shape == shape:
        return g
    g = g.sum(axis=tuple(range(g.ndim - len(shape))))
    repeated = tuple(axis for axis, n in enumerate(shape) if n == 1 and g.shape[axis] != 1)
    return g.sum(axis=repeated, keepdims=True) if repeated else g


def pair(name: str, a: Any, b: Any) -> tuple[np.ndarray, np.ndarray]:
    """Both as arrays. A bare number takes the other's dtype, so that float32 stays float32."""
    if not isinstance(a, np.ndarray):
        a = number(a, b)
    if not isinstance(b, np.ndarray):
        b = number(b, a)
    if a.dtype != b.dtype:
        if (a.dtype.kind == "f") != (b.dtype.kind == "f"):  # whole numbers never widen floating-point ones
            a, b = (a, b.astype(a.dtype)) if a.dtype.kind == "f" else (a.astype(b.dtype), b)
        elif (a.ndim == 0) != (b.ndim == 0) and a.dtype.kind == b.dtype.kind:  # one number never widens an array
            a, b = (a.astype(b.dtype), b) if a.ndim == 0 else (a, b.astype(a.dtype))
    if a.shape != b.shape:
        try:
            np.broadcast_shapes(a.shape, b.shape)
        except ValueError:
            raise ValueError(
                f"cannot {name} shapes {a.shape} and {b.shape}: from the right, each dimension must be equal, or 1"
            ) from None
    return a, b


def number(value: Any, other: Any) -> np.ndarray:
    """A bare number (or a list) as an array; a number takes the dtype of `other`."""
    array = np.asarray(value)
    if array.ndim == 0 and isinstance(other, np.ndarray) and array.dtype.kind in "fiub":
        if other.dtype.kind == "f" or array.dtype.kind != "f":
            return array.astype(other.dtype)
    if array.dtype == np.float64:
        return array.astype(np.float32)
    if array.dtype.kind not in "fiub":
        raise TypeError(f"cannot compute with a {type(value).__name__}: give a number or an array of numbers")
    return array


def dims_of(ndim: int, dim: Any) -> tuple[int, ...] | None:
    """One or several dimensions of `ndim`, counted from 0; None, for all, stays None."""
    return None if dim is None else normalize_axis_tuple(dim, ndim)


def dim_of(ndim: int, dim: int) -> int:
    """One dimension of `ndim`, counted from 0; −1 is the last."""
    return normalize_axis_index(dim, ndim)


def floats(a: Any) -> np.ndarray:
    """Convert whole numbers to float32, as PyTorch does; leave floating point alone."""
    a = np.asarray(a)
    return a if a.dtype.kind == "f" else a.astype(np.float32)


def plain(value: Any) -> Any:
    """A Tensor's array; anything else as it is."""
    return value.data if isinstance(value, Tensor) else value
