"""Positions that are added to a sequence's vectors: fixed waves, or a table that is learned.

Rotary positions turn queries and keys instead: `functional.rotary`.
"""

from __future__ import annotations

import numpy as np

from nnlib.numpy import init, ops
from nnlib.numpy.autograd import Parameter, Tensor
from nnlib.numpy.nn.module import Module


class SinusoidalPositions(Module):
    """Add sines and cosines of the position, slower and slower, to x: y = x + p.

        p[t, 2i] = sin(t / base^(2i/d)),   p[t, 2i+1] = cos(t / base^(2i/d)).

    Shape: x (*, T, d) -> the same.

    Args:
        d: the width of the model; even.
        base: the slowest wave needs almost 2π · base steps.

    Raises:
        ValueError: d is odd, or x is not (*, T, d).

    Example:
        >>> SinusoidalPositions(4)(np.zeros((2, 4), np.float32)).data.round(2)
        array([[0.  , 1.  , 0.  , 1.  ],
               [0.84, 0.54, 0.01, 1.  ]], dtype=float32)

    Source: Vaswani et al. (2017), section 3.5.
    """

    def __init__(self, d: int, base: float = 10000.0) -> None:
        if d < 2 or d % 2:
            raise ValueError(f"SinusoidalPositions: d is even, half for sines and half for cosines, got {d}")
        self.d, self.base = d, base

    def forward(self, x: Tensor, start: int = 0) -> Tensor:
        """x with the waves of positions start, start + 1, … added."""
        T = _length("SinusoidalPositions", x, self.d)
        angles = np.arange(start, start + T)[:, None] / self.base ** (np.arange(0, self.d, 2) / self.d)  # (T, d/2)
        return ops.add(x, np.stack([np.sin(angles), np.cos(angles)], axis=2).reshape(T, self.d).astype(x.dtype))

    def extra_repr(self) -> str:
        return f"{self.d}"


class LearnedPositions(Module):
    """Add a learned vector for each position: y[…, t, :] = x[…, t, :] + weight[t].

    Shape: x (*, T, d), T at most `window` -> the same.

    Args:
        window: how many positions there are.
        d: the width of the model.
        rng: the source of the initial values; by default the one that `manual_seed` sets.

    Attributes:
        weight: (window, d), at first normal with a standard deviation of 0.02.

    Raises:
        ValueError: the sequence is longer than the window, or x is not (*, T, d).

    Example:
        >>> LearnedPositions(window=16, d=4)(np.zeros((5, 7, 4), np.float32)).shape
        (5, 7, 4)

    Source: Gehring et al. (2017); Radford et al. (2019).
    """

    def __init__(self, window: int, d: int, *, rng: np.random.Generator | None = None) -> None:
        if window < 1 or d < 1:
            raise ValueError(f"LearnedPositions needs at least one position and one entry, got {window} and {d}")
        self.window, self.d = window, d
        self.weight = Parameter(np.empty((window, d), np.float32))
        init.normal_(self.weight, 0.0, 0.02, rng=rng)

    def forward(self, x: Tensor, start: int = 0) -> Tensor:
        """x with the vectors of positions start, start + 1, … added."""
        T = _length("LearnedPositions", x, self.d)
        if not 0 <= start <= self.window - T:
            raise ValueError(
                f"LearnedPositions has {self.window} positions, got {T} from {start} on: give the last ones only"
            )
        return ops.add(x, self.weight[start : start + T])

    def extra_repr(self) -> str:
        return f"{self.window}, {self.d}"


def _length(name: str, x: Tensor, d: int) -> int:
    """T of x (*, T, d)."""
    if x.ndim < 2 or x.shape[-1] != d:
        raise ValueError(f"{name}({d}) expected x of shape (*, T, {d}), got {x.shape}")
    if x.dtype.kind != "f":
        raise TypeError(f"{name} adds to vectors of floats, got {x.dtype}: numbers of symbols go through an Embedding")
    return x.shape[-2]
