"""Rotary positions, as `nnlib.numpy.functional` has them."""

from __future__ import annotations

import torch
from torch import Tensor


def rotary(x: Tensor, positions: Tensor, base: float = 10000.0) -> Tensor:
    """Turn each pair of entries (2i, 2i + 1) of x at position p by the angle p · base^(−2i/E).

    Shape: x (*, T, E) with E even, positions (T,) -> (*, T, E).

    Example:
        >>> rotary(torch.tensor([[1.0, 0.0], [1.0, 0.0]]), torch.tensor([0, 1]))
        tensor([[1.0000, 0.0000],
                [0.5403, 0.8415]])

    Source: Su et al. (2021).
    """
    E = x.shape[-1]
    powers = torch.arange(0, E, 2, device=x.device, dtype=torch.float64) / -E
    angles = positions[:, None] * base**powers
    cos, sin = angles.cos().to(x.dtype), angles.sin().to(x.dtype)
    even, odd = x[..., 0::2], x[..., 1::2]
    return torch.stack([even * cos - odd * sin, even * sin + odd * cos], dim=-1).flatten(-2)
