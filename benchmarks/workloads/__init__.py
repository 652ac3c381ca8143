"""What is computed: the workloads' names, and what all of them share. A file for each kind of network."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

# Which file makes each workload, or series of workloads that grow, such as batch-256 and width-512.
FILES = {
    "W1": "mlp",
    "W2": "cnn",
    "W3": "lstm",
    "W4": "gpt",
    "W5": "mlp",
    "W6": "mlp",
    "W7": "gpt",
    "W7c": "gpt",
    "batch": "mlp",
    "width": "mlp",
    "depth": "gpt",
    "length": "gpt",
    "steps": "lstm",
}
MAIN = tuple(name for name in FILES if name.startswith("W"))
GROWTH = {
    "batch": (32, 128, 512, 2048),
    "width": (64, 256, 1024),
    "depth": (1, 2, 4, 8),
    "length": (16, 64, 256, 1024, 2048),
    "steps": (16, 64, 256, 1024, 2048),
}


@dataclass
class Workload:
    """Parameters and data as NumPy arrays in float32, the same for every contender.

    Attributes:
        network: the folder of its contenders.
        title: what it is, for people.
        parameters: in the order in which every contender returns their gradients; PyTorch's layouts.
        x: the inputs.
        y: what the loss compares with; None for no loss.
        lr: the optimizer's learning rate.
    """

    network: ClassVar[str]

    title: str
    parameters: list[np.ndarray]
    x: np.ndarray
    y: np.ndarray | None = None
    lr: float = 0.01


def make(name: str) -> Workload:
    """The workload of this name: W1, W2, …, or a step of a growth series, as batch-256 or width-512.

    Raises:
        ValueError: there is none of this name.
    """
    base, dash, size = name.partition("-")
    if base not in FILES or (base in GROWTH) != size.isdigit() or bool(dash) != bool(size):
        series = ", ".join(f"{kind}-<size>" for kind in GROWTH)
        raise ValueError(f"no workload {name!r}: there are {', '.join(MAIN)}, {series}")
    return importlib.import_module(f"benchmarks.workloads.{FILES[base]}").make(base, int(size or 0))


def normal(rng: np.random.Generator, *shape: int, scale: float = 1.0) -> np.ndarray:
    """Random numbers of mean 0 in float32."""
    return (rng.standard_normal(shape) * scale).astype(np.float32)
