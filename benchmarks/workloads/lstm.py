"""Training a recurrent network."""

from __future__ import annotations

import numpy as np

from benchmarks.workloads import Workload, normal


class LSTM(Workload):
    """An LSTM and a linear layer that gives each step of a sequence a class; trained with Adam.

    The parameters are the LSTM's weights (4H, in) and (4H, H) and its two biases (4H,), then the linear layer's weight
    (classes, H) and bias; x is (T, N, in), y (T, N) class numbers.
    """

    network = "lstm"


def make(name: str, size: int) -> LSTM:
    """The workload of this name."""
    if name == "steps":
        return lstm(f"Training step, LSTM 32-128, {size} steps, batch 4", inputs=32, hidden=128, T=size, N=4)
    return lstm("Training step, LSTM 32-128, 64 steps, batch 32", inputs=32, hidden=128, T=64, N=32)


def lstm(title: str, inputs: int, hidden: int, T: int, N: int, classes: int = 10, seed: int = 0) -> LSTM:
    """A network of this size."""
    rng = np.random.default_rng(seed)
    parameters = [
        normal(rng, 4 * hidden, inputs, scale=0.1),
        normal(rng, 4 * hidden, hidden, scale=0.08),
        normal(rng, 4 * hidden, scale=0.1),
        normal(rng, 4 * hidden, scale=0.1),
        normal(rng, classes, hidden, scale=hidden**-0.5),
        normal(rng, classes, scale=0.1),
    ]
    return LSTM(title, parameters, normal(rng, T, N, inputs), rng.integers(0, classes, (T, N)), lr=1e-3)
