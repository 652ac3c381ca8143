"""The same numbers in other places: reshaping, exchanging dimensions, indexing, joining. Gradients just move back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from nnlib.numpy.autograd import Tensor, differentiable
from nnlib.numpy.ops.common import dim_of, unbroadcast


@differentiable
def reshape(a, shape):
    """The same entries in another shape; one dimension may be −1."""
    y = a.reshape(shape)

    def d_a(g):
        return g.reshape(a.shape)

    return y, (d_a,)


@differentiable
def permute(a, dims):
    """Dimension i of y is dimension dims[i] of a."""
    back = np.argsort(np.arange(a.ndim)[list(dims)])

    def d_a(g):
        return g.transpose(back)

    return a.transpose(dims), (d_a,)


@differentiable
def swapaxes(a, dim0, dim1):
    """Exchange two dimensions; `Tensor.transpose` in PyTorch."""

    def d_a(g):
        return g.swapaxes(dim0, dim1)

    return a.swapaxes(dim0, dim1), (d_a,)


@differentiable
def broadcast_to(a, shape):
    """Repeat a along its dimensions of size 1, and along new leading ones, to reach `shape`."""

    def d_a(g):
        return unbroadcast(g, a.shape)

    return np.broadcast_to(a, shape), (d_a,)


def flatten(a: Tensor, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    """Join the dimensions from start_dim to end_dim, both included, into one.

    Example:
        >>> flatten(Tensor(np.zeros((2, 3, 4))), 1).shape
        (2, 12)
    """
    start, end = dim_of(max(a.ndim, 1), start_dim), dim_of(max(a.ndim, 1), end_dim)
    if start > end:
        raise ValueError(f"flatten: start_dim {start_dim} comes after end_dim {end_dim} in shape {a.shape}")
    return reshape(a, (*a.shape[:start], math.prod(a.shape[start : end + 1]), *a.shape[end + 1 :]))


def squeeze(a: Tensor, dim: int | None = None) -> Tensor:
    """Drop the dimensions of size 1, or the one named (if its size is 1)."""
    dims = range(a.ndim) if dim is None else [dim_of(a.ndim, dim)]
    return reshape(a, tuple(n for i, n in enumerate(a.shape) if not (i in dims and n == 1)))


def unsqueeze(a: Tensor, dim: int) -> Tensor:
    """Insert a dimension of size 1 at `dim`."""
    dim = dim_of(a.ndim + 1, dim)
    return reshape(a, (*a.shape[:dim], 1, *a.shape[dim:]))


@differentiable
def getitem(a, index):
    """y = a[index]; an entry taken several times gets the sum of its gradients."""

    def d_a(g):
        d = np.zeros_like(a, dtype=g.dtype)
        if all_basic(index):  # ints and slices never take an entry twice
            d[index] = g
        else:
            np.add.at(d, index, g)
        return d

    return a[index], (d_a,)


def all_basic(index: Any) -> bool:
    """Whether the index is made of ints, slices, None and ... only (NumPy's basic indexing)."""
    parts = index if isinstance(index, tuple) else (index,)
    return all(part is None or part is Ellipsis or isinstance(part, int | np.integer | slice) for part in parts)


def cat(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    """Join along an existing dimension."""
    return _cat(*_sequence("cat", tensors), dim=dim)


@differentiable
def _cat(*arrays, dim):
    ends = np.cumsum([a.shape[dim] for a in arrays])

    def piece(i):
        def d(g):
            return np.split(g, ends[:-1], axis=dim)[i]

        return d

    return np.concatenate(arrays, axis=dim), tuple(piece(i) for i in range(len(arrays)))


def stack(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    """Join along a new dimension."""
    return cat([unsqueeze(t, dim) for t in _sequence("stack", tensors)], dim)


def _sequence(name: str, tensors: Sequence[Tensor]) -> list[Tensor]:
    tensors = list(tensors)
    if not tensors:
        raise ValueError(f"{name} needs at least one Tensor")
    return tensors
