"""Many entries into one: sums, means, extremes over `dim`, which is an int, several ints, or None for all."""

from __future__ import annotations

import math

import numpy as np

from nnlib.numpy.autograd import differentiable
from nnlib.numpy.ops.common import dims_of, floats


@differentiable
def sum(a, dim=None, keepdim=False):
    """y = Σ a over `dim`: every summand gets the whole gradient."""
    dim = dims_of(a.ndim, dim)

    def d_a(g):
        return np.broadcast_to(_restore(g, dim, keepdim), a.shape)

    return a.sum(axis=dim, keepdims=keepdim), (d_a,)


@differentiable
def mean(a, dim=None, keepdim=False):
    """y = (1/n) Σ a over `dim`: every one of the n summands gets the n-th part of the gradient."""
    a = floats(a)
    dim = dims_of(a.ndim, dim)
    n = _count(a, dim)
    if n == 0:
        raise ValueError(f"mean of nothing: an array of shape {a.shape} has no entries along dim={dim}")

    def d_a(g):
        return np.broadcast_to(_restore(g, dim, keepdim) / n, a.shape)

    return a.mean(axis=dim, keepdims=keepdim), (d_a,)


@differentiable
def var(a, dim=None, correction=1, keepdim=False):
    """y = Σ (a − ā)² / (n − correction) over `dim`; correction=1 is the unbiased estimate, PyTorch's default."""
    a = floats(a)
    dim = dims_of(a.ndim, dim)
    n = _count(a, dim) - correction
    if n <= 0:
        raise ValueError(f"var needs more than {correction} entries along dim={dim}, got shape {a.shape}")
    centred = a - a.mean(axis=dim, keepdims=True)

    def d_a(g):  # the mean's own share cancels: Σ (a − ā) = 0
        return _restore(g, dim, keepdim) * (2 / n) * centred

    return (centred * centred).sum(axis=dim, keepdims=keepdim) / n, (d_a,)


@differentiable
def amax(a, dim=None, keepdim=False):
    """y = the largest entry over `dim`; equal largest entries share the gradient evenly, as in PyTorch."""
    dim = dims_of(a.ndim, dim)
    y = a.max(axis=dim, keepdims=True)

    def d_a(g):
        winners = a == y
        return _restore(g, dim, keepdim) * (winners / winners.sum(axis=dim, keepdims=True)).astype(g.dtype)

    return y if keepdim else a.max(axis=dim), (d_a,)


@differentiable
def amin(a, dim=None, keepdim=False):
    """y = the smallest entry over `dim`; equal smallest entries share the gradient evenly, as in PyTorch."""
    dim = dims_of(a.ndim, dim)
    y = a.min(axis=dim, keepdims=True)

    def d_a(g):
        winners = a == y
        return _restore(g, dim, keepdim) * (winners / winners.sum(axis=dim, keepdims=True)).astype(g.dtype)

    return y if keepdim else a.min(axis=dim), (d_a,)


def _restore(g: np.ndarray, dim: tuple[int, ...] | None, keepdim: bool) -> np.ndarray:
    """G with the reduced dimensions back, as size 1."""
    return g if keepdim or dim is None else np.expand_dims(g, dim)


def _count(a: np.ndarray, dim: tuple[int, ...] | None) -> int:
    """How many entries one result of a reduction over `dim` is made of."""
    return math.prod(a.shape[d] for d in (range(a.ndim) if dim is None else dim))
