"""Rotary positions: turn pairs of entries by an angle that grows with the position."""

from __future__ import annotations

import numpy as np

from nnlib.numpy.autograd import differentiable


@differentiable
def rotary(x, positions, base=10000.0):
    """Turn each pair of entries (2i, 2i + 1) of x at position p by the angle p · base^(−2i/E).

        y[2i] = x[2i] cos − x[2i+1] sin,   y[2i+1] = x[2i] sin + x[2i+1] cos.

    The product of a query and a key, both turned, depends on their distance only. ∂L/∂x is g, turned back.

    Shape: x (*, T, E) with E even, positions (T,) -> (*, T, E).

    Raises:
        ValueError: the shapes do not fit.

    Example:
        >>> rotary(np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([0, 1])).data.round(3)
        array([[1.   , 0.   ],
               [0.54 , 0.841]])

    Source: Su et al. (2021).
    """
    if x.ndim < 2 or x.shape[-1] % 2:
        raise ValueError(f"rotary expected x of shape (*, T, E) with E even, got {x.shape}")
    if positions.shape != x.shape[-2:-1]:
        raise ValueError(f"rotary: x {x.shape} has {x.shape[-2]} positions, got positions of shape {positions.shape}")
    E = x.shape[-1]
    angles = positions[:, None] * base ** (-np.arange(0, E, 2) / E)  # (T, E/2)
    cos, sin = np.cos(angles).astype(x.dtype), np.sin(angles).astype(x.dtype)

    def turn(a, sin):
        y = np.empty_like(a)
        y[..., 0::2] = a[..., 0::2] * cos - a[..., 1::2] * sin
        y[..., 1::2] = a[..., 0::2] * sin + a[..., 1::2] * cos
        return y

    def d_x(g):
        return turn(g, -sin)

    return turn(x, sin), (d_x,)
