"""Activation functions as layers, for use in a Sequential; `functional/activations.py` has their mathematics."""

from __future__ import annotations

from nnlib.numpy import functional as F
from nnlib.numpy.autograd import Tensor
from nnlib.numpy.nn.module import Module


class Sigmoid(Module):
    """σ(x) = 1 / (1 + e⁻ˣ), entry by entry."""

    def forward(self, x: Tensor) -> Tensor:
        return F.sigmoid(x)


class Tanh(Module):
    """tanh x, entry by entry."""

    def forward(self, x: Tensor) -> Tensor:
        return F.tanh(x)


class ReLU(Module):
    """max(x, 0), entry by entry."""

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(x)


class Softmax(Module):
    """eˣⁱ / Σⱼ eˣʲ along `dim`."""

    def __init__(self, dim: int) -> None:
        self.dim = dim

    def forward(self, x: Tensor) -> Tensor:
        return F.softmax(x, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"
