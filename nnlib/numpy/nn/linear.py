"""The fully connected layer, and what stands before it."""

from __future__ import annotations

import math

import numpy as np

from nnlib.numpy import functional as F
from nnlib.numpy import init, ops
from nnlib.numpy.autograd import Parameter, Tensor
from nnlib.numpy.nn.module import Module


class Linear(Module):
    """Every output is a weighted sum of every input, plus a bias: y = x Wᵀ + b.

    Shape: (*, in_features) -> (*, out_features).

    Args:
        in_features, out_features: how many numbers go in and come out, per example.
        bias: whether to add b.
        rng: the source of the initial values; by default the one that `manual_seed` sets.

    Attributes:
        weight: (out_features, in_features), at first uniform in ±1/√in_features.
        bias: (out_features,), likewise; or None.

    Example:
        >>> layer = Linear(2, 3)
        >>> layer(np.ones((5, 2), np.float32)).shape
        (5, 3)
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        if in_features < 1 or out_features < 1:
            raise ValueError(f"Linear needs at least one input and one output, got {in_features} and {out_features}")
        self.in_features, self.out_features = in_features, out_features
        self.weight = Parameter(np.empty((out_features, in_features), np.float32))
        self.bias = Parameter(np.empty(out_features, np.float32)) if bias else None
        init.kaiming_uniform_(self.weight, a=math.sqrt(5), rng=rng)  # ±1/√in_features
        if bias:
            init.uniform_(self.bias, -1 / math.sqrt(in_features), 1 / math.sqrt(in_features), rng=rng)

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, self.weight, self.bias)

    def extra_repr(self) -> str:
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"


class Flatten(Module):
    """Join dimensions into one: a picture (N, H, W) becomes a row of features (N, H·W).

    Example:
        >>> Flatten()(Tensor(np.zeros((5, 8, 8)))).shape
        (5, 64)
    """

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        self.start_dim, self.end_dim = start_dim, end_dim

    def forward(self, x: Tensor) -> Tensor:
        return ops.flatten(x if isinstance(x, Tensor) else Tensor(x), self.start_dim, self.end_dim)

    def extra_repr(self) -> str:
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"


class Identity(Module):
    """The input as it is: stands where a layer was taken out, such as the last one of a pre-trained network."""

    def forward(self, x: Tensor) -> Tensor:
        return x
