"""What a row of the table of cases is, and what rows are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

import nnlib.numpy
import nnlib.torch


@dataclass
class Rule:
    """A differentiable function: ours, PyTorch's, and inputs for both."""

    name: str  # where it is found: "functional.linear", with the variant behind a space
    ours: Callable
    theirs: Callable
    inputs: Callable[[np.random.Generator], tuple]  # float64 arrays, labels, and plain arguments
    options: dict[str, Any] = field(default_factory=dict)
    their_options: dict[str, Any] | None = None
    equal: dict[str, str] = field(default_factory=dict)  # mutants that are no mistake, and why


@dataclass
class Layer:
    """A module: how to make ours and PyTorch's, and inputs for both."""

    name: str
    ours: Callable[[], nnlib.numpy.nn.Module]
    theirs: Callable[[], torch.nn.Module]
    inputs: Callable[[np.random.Generator], tuple]
    training: bool = True


def normal(*shapes: tuple[int, ...]) -> Callable[[np.random.Generator], tuple]:
    """Standard normal arrays of these shapes."""
    return lambda rng: tuple(rng.standard_normal(shape) for shape in shapes)


def positive(*shapes: tuple[int, ...]) -> Callable[[np.random.Generator], tuple]:
    """Arrays with entries between 0.5 and 2."""
    return lambda rng: tuple(rng.uniform(0.5, 2, shape) for shape in shapes)


def apart(*shapes: tuple[int, ...]) -> Callable[[np.random.Generator], tuple]:
    """Arrays whose entries, all of them together, lie at least 0.05 from each other and from 0: no kink is near."""

    def draw(rng: np.random.Generator) -> tuple:
        sizes = [int(np.prod(shape)) for shape in shapes]
        grid = (np.arange(sum(sizes)) - sum(sizes) // 2 + 0.5) * 0.1
        values = np.split(rng.permutation(grid), np.cumsum(sizes)[:-1])
        return tuple(v.reshape(shape) for v, shape in zip(values, shapes, strict=True))

    return draw


def then(inputs: Callable, *plain: Any) -> Callable[[np.random.Generator], tuple]:
    """The same inputs, followed by plain arguments."""
    return lambda rng: (*inputs(rng), *plain)


def both(name: str, *args: Any, used: tuple[int, ...] = (7, 3), **options: Any) -> tuple[Callable, Callable]:
    """The layer of this name from each engine; PyTorch's with random parameters, and used once if it counts batches."""

    def theirs() -> torch.nn.Module:
        layer = _found(nnlib.torch, name)(*args, **options)
        for parameter in layer.parameters():
            torch.nn.init.normal_(parameter, generator=torch.Generator().manual_seed(0))
        if list(layer.buffers()):
            layer(torch.randn(used, generator=torch.Generator().manual_seed(1)) * 2 + 1)
        return layer

    return lambda: _found(nnlib.numpy, name)(*args, **options), theirs


def _found(engine: Any, name: str) -> Callable:
    """The layer of this name, or the network: "Linear" or "models.GPT"."""
    kind, _, network = name.partition(".")
    return getattr(engine.models, network) if network else getattr(engine.nn, kind)
