"""The gated network of newer Transformers, as `nnlib.numpy.nn` has it."""

from __future__ import annotations

from torch import Tensor
from torch.nn import Linear, Module
from torch.nn.functional import silu


class SwiGLU(Module):
    """A network for each position whose hidden layer is multiplied by a gate: W₃ (silu(W₁ x) ∘ W₂ x).

    Shape: (*, d) -> the same.

    Example:
        >>> SwiGLU(6, 16)(torch.zeros(5, 7, 6)).shape
        torch.Size([5, 7, 6])

    Source: Shazeer (2020).
    """

    def __init__(self, d: int, hidden: int) -> None:
        super().__init__()
        self.gate = Linear(d, hidden, bias=False)
        self.expand = Linear(d, hidden, bias=False)
        self.contract = Linear(hidden, d, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.contract(silu(self.gate(x)) * self.expand(x))
