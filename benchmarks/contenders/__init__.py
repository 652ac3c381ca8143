"""Who computes it. Each file has `build(workload)`, which returns a `Program`."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass

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
    "torch_compile": "PyTorch, by functions, compiled",
    "jax": "JAX, jit",
    "textbook": "textbook NumPy",
}

# What each imports.
LIBRARY = {
    "nnlib": "nnlib.numpy",
    "torch": "torch",
    "torch_functional": "torch",
    "torch_compile": "torch",
    "jax": "jax",
    "textbook": "numpy",
}


def build(name: str, workload: Workload) -> Program:
    """The workload as the contender of this name computes it.

    Raises:
        ValueError: no contender has this name.
        ModuleNotFoundError: its library is not installed: see benchmarks/requirements.txt.
    """
    if name not in TITLES:
        raise ValueError(f"no contender {name!r}: there are {', '.join(TITLES)}")
    return importlib.import_module(f"benchmarks.contenders.{name}").build(workload)
