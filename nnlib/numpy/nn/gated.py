"""The gated network of newer Transformers."""

from __future__ import annotations

import numpy as np

from nnlib.numpy import functional as F
from nnlib.numpy.autograd import Tensor
from nnlib.numpy.nn.linear import Linear
from nnlib.numpy.nn.module import Module


class SwiGLU(Module):
    """A network for each position whose hidden layer is multiplied by a gate.

        y = W₃ (silu(W₁ x) ∘ W₂ x).

    Shape: (*, d) -> the same.

    Args:
        d: the width of the model.
        hidden: units of the hidden layer; 8/3 d has as many weights as an ungated network of 4 d.
        rng: the source of the initial values; by default the one that `manual_seed` sets.

    Attributes:
        gate, expand, contract: the linear layers with the weights W₁, W₂ (hidden, d) and W₃ (d, hidden).

    Example:
        >>> SwiGLU(6, 16)(np.zeros((5, 7, 6), np.float32)).shape
        (5, 7, 6)

    Source: Shazeer (2020).
    """

    def __init__(self, d: int, hidden: int, *, rng: np.random.Generator | None = None) -> None:
        self.gate = Linear(d, hidden, bias=False, rng=rng)
        self.expand = Linear(d, hidden, bias=False, rng=rng)
        self.contract = Linear(hidden, d, bias=False, rng=rng)

    def forward(self, x: Tensor) -> Tensor:
        return self.contract(F.silu(self.gate(x)) * self.expand(x))
