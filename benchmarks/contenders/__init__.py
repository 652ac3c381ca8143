"""Who computes it: a folder for each kind of network, in it a file for each contender that computes such networks.

Each file has `build(workload)`, which returns a `Program`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.workloads import Workload


@dataclass
class Program:
    """A workload in one contender's hands.

    Attributes:
        step: does the work once: a training step (forward, backward, update), or the forward pass.
        first: what the first step computes, without the update: the outputs or loss, then every gradient.
    """

    step: Callable[[], object]
    first: Callable[[], list[np.ndarray]]


TITLES = {
    "nnlib": "nnlib.numpy",
    "torch": "PyTorch, eager",
    "torch_functional": "PyTorch, by functions",
    "torch_channels_last": "PyTorch, channels last",
    "torch_compile": "PyTorch, by functions, compiled",
    "jax": "JAX, jit",
    "textbook": "textbook NumPy",
}

# What each imports.
LIBRARY = {
    "nnlib": "nnlib.numpy",
    "torch": "torch",
    "torch_functional": "torch",
    "torch_channels_last": "torch",
    "torch_compile": "torch",
    "jax": "jax",
    "textbook": "numpy",
}


def able(names: Sequence[str], workload: Workload) -> list[str]:
    """Those of the contenders that compute this kind of network."""
    return [name for name in names if (Path(__file__).parent / workload.network / f"{name}.py").exists()]


def build(name: str, workload: Workload) -> Program:
    """The workload as the contender of this name computes it.

    Raises:
        ValueError: no contender has this name, or it does not compute this kind of network.
        ModuleNotFoundError: its library is not installed: see benchmarks/requirements.txt.
    """
    if name not in TITLES:
        raise ValueError(f"no contender {name!r}: there are {', '.join(TITLES)}")
    if not able([name], workload):
        raise ValueError(f"{name} has no {workload.network}: there are {', '.join(able(list(TITLES), workload))}")
    return importlib.import_module(f"benchmarks.contenders.{workload.network}.{name}").build(workload)


def evaluation(outputs: Callable[[], Any]) -> Program:
    """The program of a function that computes outputs only."""
    return Program(outputs, lambda: [np.asarray(outputs())])


def training(loss_of: Callable[[], Any], parameters: Sequence[Any], optimizer: Any) -> Program:
    """The program of a model and an optimizer: nnlib and PyTorch read alike."""

    def gradients():
        optimizer.zero_grad()
        loss = loss_of()
        loss.backward()
        return loss

    def step():
        gradients()
        optimizer.step()

    def first():
        loss = gradients()
        return [np.asarray(a) for a in (loss.detach(), *(p.grad for p in parameters))]

    return Program(step, first)


def by_hand(gradients: Callable[[list], tuple[Any, list]], parameters: list[np.ndarray], optimizer: Any) -> Program:
    """The program of a function that computes loss and gradients of the parameters, in plain NumPy."""
    state = optimizer.start(parameters)

    def step():
        nonlocal parameters, state
        parameters, state = optimizer.update(parameters, gradients(parameters)[1], state)

    def first():
        loss, found = gradients(parameters)
        return [np.asarray(loss), *found]

    return Program(step, first)
