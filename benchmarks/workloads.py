"""What is computed: each workload's parameters and data as NumPy arrays in float32, the same for every contender."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np


@dataclass
class Workload:
    """A fully connected network with ReLU between its layers, and what is done with it.

    Attributes:
        title: what it is, for people.
        weights: one (out, in) array a layer, PyTorch's layout.
        biases: one (out,) array a layer.
        x: the inputs, (N, in).
        y: class numbers (N,) for loss "cross_entropy", numbers (N, out) for "mse", None for no loss.
        loss: which loss is trained, or None to compute the outputs only.
        lr: the learning rate of plain gradient descent.
    """

    network = "mlp"  # the folder of its contenders

    title: str
    weights: list[np.ndarray]
    biases: list[np.ndarray]
    x: np.ndarray
    y: np.ndarray | None
    loss: str | None
    lr: float = 0.01

    @property
    def parameters(self) -> list[np.ndarray]:
        """Weight, bias, weight, bias, …: the order in which every contender returns its gradients."""
        return [array for layer in zip(self.weights, self.biases, strict=True) for array in layer]


def mlp(title: str, sizes: tuple[int, ...], batch: int, loss: str | None, seed: int = 0) -> Workload:
    """A network of these sizes, with weights as large as keeps its numbers in range (He et al. 2015)."""
    rng = np.random.default_rng(seed)
    weights = [_normal(rng, (n_out, n_in), np.sqrt(2 / n_in)) for n_in, n_out in pairwise(sizes)]
    biases = [_normal(rng, (n,), 0.1) for n in sizes[1:]]
    x = _normal(rng, (batch, sizes[0]), 1.0)
    while (at_kink := _at_a_kink(x, weights, biases)).any():
        x[at_kink] = _normal(rng, (at_kink.sum(), sizes[0]), 1.0)
    if loss == "cross_entropy":
        y = rng.integers(0, sizes[-1], batch)
    elif loss == "mse":
        y = np.sign(x[:, :1] * x[:, 1:2])  # exclusive or: +1 where both inputs have the same sign, else −1
    else:
        y = None
    return Workload(title, weights, biases, x, y, loss)


def _normal(rng: np.random.Generator, shape: tuple[int, ...], scale: float) -> np.ndarray:
    return (rng.standard_normal(shape) * scale).astype(np.float32)


def _at_a_kink(x: np.ndarray, weights: list[np.ndarray], biases: list[np.ndarray]) -> np.ndarray:
    """Which examples bring a ReLU so close to 0 that rounding decides its derivative."""
    found, a = np.zeros(len(x), bool), x.astype(np.float64)
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        z = a @ weight.T + bias
        found |= np.abs(z).min(axis=1) < 5e-6
        a = np.maximum(z, 0)
    return found


def make(name: str) -> Workload:
    """The workload of this name: W1, W5, W6, or a step of a growth series, as batch-256 or width-512."""
    if name == "W1":
        return mlp("Training step, 784-256-128-10, batch 128", (784, 256, 128, 10), 128, "cross_entropy")
    if name == "W5":
        return mlp("Training step, 2-16-16-1, batch 100", (2, 16, 16, 1), 100, "mse")
    if name == "W6":
        return mlp("Inference, 784-256-128-10, one example", (784, 256, 128, 10), 1, None)
    kind, _, size = name.partition("-")
    if kind == "batch" and size.isdigit():
        return mlp(f"784-256-128-10, batch {size}", (784, 256, 128, 10), int(size), "cross_entropy")
    if kind == "width" and size.isdigit():
        return mlp(f"784-{size}-{size}-10, batch 128", (784, int(size), int(size), 10), 128, "cross_entropy")
    raise ValueError(f"no workload {name!r}: there are W1, W5, W6, batch-<size> and width-<size>")


MAIN = ("W1", "W5", "W6")
GROWTH = {"batch": (32, 128, 512, 2048), "width": (64, 256, 1024)}
