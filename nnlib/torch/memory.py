"""What a training step holds in memory: parameters, gradients, and the optimizer's averages."""

from __future__ import annotations

from collections.abc import Iterable

from torch import Tensor

from nnlib.torch import nn, optim


def training_memory(model: nn.Module, optimizer: optim.Optimizer) -> dict[str, int]:
    """The bytes that this process holds, whatever the batch: of a sharded model, its own share.

    With P parameters in float32 and Adam these are 4 P + 4 P + 8 P = 16 P bytes, and 16 P / R in each of R
    processes that share them. What the layers keep for the backward pass comes on top, and grows with the batch.

    Example:
        >>> model = nn.Linear(3, 2)
        >>> optimizer = optim.Adam(model.parameters())
        >>> model(torch.ones(5, 3)).sum().backward()
        >>> optimizer.step()
        >>> training_memory(model, optimizer)
        {'parameters': 32, 'gradients': 32, 'optimizer': 64}
    """
    parameters = list(model.parameters())
    averages = [
        value
        for state in optimizer.state.values()
        for value in state.values()
        if isinstance(value, Tensor) and value.ndim  # not Adam's count of steps
    ]
    gradients = [p.grad for p in parameters if p.grad is not None]
    return {"parameters": _bytes(parameters), "gradients": _bytes(gradients), "optimizer": _bytes(averages)}


def _bytes(tensors: Iterable[Tensor]) -> int:
    local = (t.to_local() if hasattr(t, "to_local") else t for t in tensors)
    return sum(t.numel() * t.element_size() for t in local)
