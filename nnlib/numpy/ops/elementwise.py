"""Arithmetic and functions, entry by entry; the arguments of arithmetic have any shapes that broadcast."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlib.numpy.autograd import Tensor, differentiable
from nnlib.numpy.ops.common import floats, pair, plain, unbroadcast


@differentiable
def add(a, b):
    """y = a + b.

    Example:
        >>> add(Tensor([1.0, 2.0]), 1)
        tensor([2., 3.])
    """
    a, b = pair("add", a, b)

    def d_a(g):
        return unbroadcast(g, a.shape)

    def d_b(g):
        return unbroadcast(g, b.shape)

    return a + b, (d_a, d_b)


@differentiable
def sub(a, b):
    """y = a − b."""
    a, b = pair("subtract", a, b)

    def d_a(g):
        return unbroadcast(g, a.shape)

    def d_b(g):
        return unbroadcast(-g, b.shape)

    return a - b, (d_a, d_b)


@differentiable
def mul(a, b):
    """y = a · b, entry by entry."""
    a, b = pair("multiply", a, b)

    def d_a(g):
        return unbroadcast(g * b, a.shape)

    def d_b(g):
        return unbroadcast(g * a, b.shape)

    return a * b, (d_a, d_b)


@differentiable
def div(a, b):
    """y = a / b; as in IEEE arithmetic, division by zero gives ±inf or NaN."""
    a, b = pair("divide", a, b)
    a, b = floats(a), floats(b)
    y = a / b

    def d_a(g):
        return unbroadcast(g / b, a.shape)

    def d_b(g):  # d(a/b)/db = -a/b² = -y/b
        return unbroadcast(-g * y / b, b.shape)

    return y, (d_a, d_b)


@differentiable
def neg(a):
    """y = −a."""

    def d_a(g):
        return -g

    return -a, (d_a,)


@differentiable
def pow(a, exponent):
    """y = aⁿ for a number n. `a * a * a` is several times faster than `a ** 3`."""
    if not isinstance(exponent, int | float):
        raise TypeError(f"pow takes a number as exponent, got {type(exponent).__name__}: write exp(n * log(a)) instead")
    y = a**exponent

    def d_a(g):
        return g * (exponent * a ** (exponent - 1)) if exponent else np.zeros_like(g)

    return y, (d_a,)


@differentiable
def maximum(a, b):
    """y = max(a, b), entry by entry; where the two are equal each gets half of the gradient, as in PyTorch."""
    a, b = pair("maximum", a, b)

    def d_a(g):
        return unbroadcast(g * ((a > b) + 0.5 * (a == b)).astype(g.dtype), a.shape)

    def d_b(g):
        return unbroadcast(g * ((b > a) + 0.5 * (a == b)).astype(g.dtype), b.shape)

    return np.maximum(a, b), (d_a, d_b)


@differentiable
def minimum(a, b):
    """y = min(a, b), entry by entry; where the two are equal each gets half of the gradient, as in PyTorch."""
    a, b = pair("minimum", a, b)

    def d_a(g):
        return unbroadcast(g * ((a < b) + 0.5 * (a == b)).astype(g.dtype), a.shape)

    def d_b(g):
        return unbroadcast(g * ((b < a) + 0.5 * (a == b)).astype(g.dtype), b.shape)

    return np.minimum(a, b), (d_a, d_b)


def where(condition: Any, a: Any, b: Any) -> Tensor:
    """y = a where the condition holds, else b. The gradient goes to the one that was chosen."""
    return _where(plain(condition), a, b)


@differentiable
def _where(condition, a, b):
    a, b = pair("choose between", a, b)

    def d_a(g):
        return unbroadcast(np.where(condition, g, g.dtype.type(0)), a.shape)

    def d_b(g):
        return unbroadcast(np.where(condition, g.dtype.type(0), g), b.shape)

    return np.where(condition, a, b), (None, d_a, d_b)


@differentiable
def clamp(a, min=None, max=None):
    """y = a held between min and max (numbers); no gradient where a was cut off."""

    def d_a(g):
        inside = np.ones(a.shape, dtype=bool)
        if min is not None:
            inside &= a >= min
        if max is not None:
            inside &= a <= max
        return g * inside

    return np.clip(a, min, max), (d_a,)


@differentiable
def exp(a):
    """y = eᵃ."""
    a = floats(a)
    y = np.exp(a)

    def d_a(g):
        return g * y

    return y, (d_a,)


@differentiable
def log(a):
    """y = ln a; −inf at 0 and NaN below, as in PyTorch."""
    a = floats(a)

    def d_a(g):
        return g / a

    return np.log(a), (d_a,)


@differentiable
def sqrt(a):
    """y = √a; NaN below 0, as in PyTorch."""
    a = floats(a)
    y = np.sqrt(a)

    def d_a(g):
        return g / (2 * y)

    return y, (d_a,)


@differentiable
def abs(a):
    """y = |a|, with derivative 0 at 0."""

    def d_a(g):
        return g * np.sign(a)

    return np.abs(a), (d_a,)


@differentiable
def sin(a):
    """y = sin a, a in radians."""
    a = floats(a)

    def d_a(g):
        return g * np.cos(a)

    return np.sin(a), (d_a,)


@differentiable
def cos(a):
    """y = cos a, a in radians."""
    a = floats(a)

    def d_a(g):
        return -g * np.sin(a)

    return np.cos(a), (d_a,)
