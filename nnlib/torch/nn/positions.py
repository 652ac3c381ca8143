"""Positions that are added to a sequence's vectors, as `nnlib.numpy.nn` has them."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import Module, Parameter
from torch.nn.init import normal_


class SinusoidalPositions(Module):
    """Add sines and cosines of the position, slower and slower, to x: y = x + p.

        p[t, 2i] = sin(t / base^(2i/d)),   p[t, 2i+1] = cos(t / base^(2i/d)).

    Shape: x (*, T, d) -> the same.

    Example:
        >>> SinusoidalPositions(4)(torch.zeros(2, 4)).round(decimals=2)
        tensor([[0.0000, 1.0000, 0.0000, 1.0000],
                [0.8400, 0.5400, 0.0100, 1.0000]])

    Source: Vaswani et al. (2017), section 3.5.
    """

    def __init__(self, d: int, base: float = 10000.0) -> None:
        super().__init__()
        if d < 2 or d % 2:
            raise ValueError(f"SinusoidalPositions: d is even, half for sines and half for cosines, got {d}")
        self.d, self.base = d, base

    def forward(self, x: Tensor, start: int = 0) -> Tensor:
        """x with the waves of positions start, start + 1, … added."""
        T, d = x.shape[-2], self.d
        exact = {"dtype": torch.float64, "device": x.device}
        angles = torch.arange(start, start + T, **exact)[:, None] / self.base ** (torch.arange(0, d, 2, **exact) / d)
        return x + torch.stack([angles.sin(), angles.cos()], dim=2).reshape(T, d).to(x)

    def extra_repr(self) -> str:
        return f"{self.d}"


class LearnedPositions(Module):
    """Add a learned vector for each position: y[…, t, :] = x[…, t, :] + weight[t].

    Shape: x (*, T, d), T at most `window` -> the same.

    Example:
        >>> LearnedPositions(window=16, d=4)(torch.zeros(5, 7, 4)).shape
        torch.Size([5, 7, 4])

    Source: Gehring et al. (2017); Radford et al. (2019).
    """

    def __init__(self, window: int, d: int) -> None:
        super().__init__()
        self.window, self.d = window, d
        self.weight = Parameter(torch.empty(window, d))
        normal_(self.weight, 0.0, 0.02)

    def forward(self, x: Tensor, start: int = 0) -> Tensor:
        """x with the vectors of positions start, start + 1, … added."""
        if not 0 <= start <= self.window - x.shape[-2]:  # the sum could broadcast an empty slice to nothing
            raise ValueError(f"LearnedPositions has {self.window} positions, got {x.shape[-2]} from {start} on")
        return x + self.weight[start : start + x.shape[-2]]

    def extra_repr(self) -> str:
        return f"{self.window}, {self.d}"
