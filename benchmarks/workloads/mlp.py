"""Training and evaluating fully connected networks."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from benchmarks.workloads import Workload, normal


@dataclass
class MLP(Workload):
    """A fully connected network; its parameters are weight, bias, weight, bias, …, weights (out, in).

    Attributes:
        x: (N, in).
        y: class numbers (N,) for loss "cross_entropy", numbers (N, out) for "mse", None for no loss.
        loss: which loss plain gradient descent makes smaller, or None to compute the outputs only.
    """

    network = "mlp"
    loss: str | None = None


def make(name: str, size: int) -> MLP:
    """The workload of this name."""
    if name == "W1":
        return mlp("Training step, 784-256-128-10, batch 128", (784, 256, 128, 10), 128, "cross_entropy")
    if name == "W5":
        return mlp("Training step, 2-16-16-1, batch 100", (2, 16, 16, 1), 100, "mse")
    if name == "W6":
        return mlp("Inference, 784-256-128-10, one example", (784, 256, 128, 10), 1, None)
    if name == "batch":
        return mlp(f"784-256-128-10, batch {size}", (784, 256, 128, 10), size, "cross_entropy")
    return mlp(f"784-{size}-{size}-10, batch 128", (784, size, size, 10), 128, "cross_entropy")


def mlp(title: str, sizes: tuple[int, ...], batch: int, loss: str | None, seed: int = 0) -> MLP:
    """A network of these sizes, with weights as large as keeps its numbers in range (He et al. 2015)."""
    rng = np.random.default_rng(seed)
    weights = [normal(rng, n_out, n_in, scale=np.sqrt(2 / n_in)) for n_in, n_out in pairwise(sizes)]
    biases = [normal(rng, n, scale=0.1) for n in sizes[1:]]
    x = normal(rng, batch, sizes[0])
    while (at_kink := _at_a_kink(x, weights, biases)).any():
        x[at_kink] = normal(rng, at_kink.sum(), sizes[0])
    if loss == "cross_entropy":
        y = rng.integers(0, sizes[-1], batch)
    elif loss == "mse":
        y = np.sign(x[:, :1] * x[:, 1:2])  # exclusive or: +1 where both inputs have the same sign, else −1
    else:
        y = None
    parameters = [array for layer in zip(weights, biases, strict=True) for array in layer]
    return MLP(title, parameters, x, y, loss=loss)


def _at_a_kink(x: np.ndarray, weights: list[np.ndarray], biases: list[np.ndarray]) -> np.ndarray:
    """Which examples bring a ReLU so close to 0 that rounding decides its derivative."""
    found, a = np.zeros(len(x), bool), x.astype(np.float64)
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        z = a @ weight.T + bias
        found |= np.abs(z).min(axis=1) < 5e-6
        a = np.maximum(z, 0)
    return found
