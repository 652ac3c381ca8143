"""One process; what many have to agree on goes through here, so that the loop is the same for both."""

from __future__ import annotations

import contextlib
import os
from typing import Any

import torch
from torch import Tensor
from torch.nn.utils import clip_grads_with_norm_, get_total_norm

from nnlib.torch import nn
from nnlib.torch.train.checkpoints import Checkpoints
from nnlib.torch.train.precision import choose_device


class World:
    """All processes that train one model together: here, the only one.

    Attributes:
        rank: the number of this process, from 0.
        size: how many there are.
        device: where this one computes.

    Example:
        >>> world = World("cpu")
        >>> world.rank, world.size, world.main, world.gather("state")
        (0, 1, True, ['state'])
    """

    rank, size = 0, 1

    def __init__(self, device: str | torch.device | None = None) -> None:
        self.device = choose_device(device)

    @property
    def main(self) -> bool:
        """Whether this is the process that prints and writes."""
        return self.rank == 0

    def wrap(self, model: nn.Module) -> nn.Module:
        """What the loop calls in place of the model."""
        return model

    def accumulating(self, network: nn.Module, last: bool) -> contextlib.AbstractContextManager:
        """A context for one of several micro-batches: gradients are exchanged in the last one only."""
        return contextlib.nullcontext()

    def clip(self, model: nn.Module, limit: float | None) -> Tensor:
        """Scale the gradients down to the norm `limit`, if it is larger; returns the norm that they had.

        Source: Pascanu, Mikolov and Bengio (2013).
        """
        parameters = [p for p in model.parameters() if p.grad is not None]
        norm = get_total_norm([p.grad for p in parameters])
        if limit is not None:
            clip_grads_with_norm_(parameters, limit, norm)
        return norm

    def sum(self, x: Tensor) -> Tensor:
        """A tensor, added up over all processes."""
        return x

    def gather(self, value: Any) -> list[Any]:
        """The values of all processes, by rank."""
        return [value]

    def checkpoints(self, folder: str | os.PathLike[str]) -> Checkpoints:
        """How a run is kept in a folder."""
        return Checkpoints(folder, self)

    def wait(self) -> None:
        """Go on when all processes have come here."""
