"""Training a convolutional network."""

from __future__ import annotations

import numpy as np

from benchmarks.workloads import Workload, normal


class CNN(Workload):
    """Convolution 3×3, ReLU and max-pooling 2×2, twice, then a linear layer; trained with Adam.

    The parameters are weight, bias, weight, bias, weight, bias; x is (N, 1, 28, 28), y (N,) class numbers.
    """

    network = "cnn"


def make(name: str, size: int) -> CNN:
    """The workload of this name."""
    return cnn("Training step, convolutional network 1×28×28-16-32-10, batch 64", (16, 32), 64)


def cnn(title: str, channels: tuple[int, int], batch: int, seed: int = 0) -> CNN:
    """A network with so many channels."""
    rng = np.random.default_rng(seed)
    first, second = channels
    parameters = [
        normal(rng, first, 1, 3, 3, scale=0.3),
        normal(rng, first, scale=0.1),
        normal(rng, second, first, 3, 3, scale=0.1),
        normal(rng, second, scale=0.1),
        normal(rng, 10, 49 * second, scale=1 / np.sqrt(49 * second)),
        normal(rng, 10, scale=0.1),
    ]
    x = normal(rng, batch, 1, 28, 28)
    while (at_kink := _at_a_kink(x, parameters)).any():
        x[at_kink] = normal(rng, at_kink.sum(), 1, 28, 28)
    return CNN(title, parameters, x, rng.integers(0, 10, batch), lr=1e-3)


def _at_a_kink(x: np.ndarray, parameters: list[np.ndarray]) -> np.ndarray:
    """Which examples bring a ReLU so close to 0, or two of a pool so close together, that rounding decides."""
    found, a = np.zeros(len(x), bool), x.astype(np.float64)
    for weight, bias in (parameters[0:2], parameters[2:4]):
        padded = np.pad(a, ((0, 0), (0, 0), (1, 1), (1, 1)))
        windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(2, 3))
        z = np.tensordot(windows, weight, ((1, 4, 5), (1, 2, 3))).transpose(0, 3, 1, 2) + bias[:, None, None]
        found |= np.abs(z).min(axis=(1, 2, 3)) < 1e-6
        N, C, H, W = z.shape
        pools = np.sort(np.maximum(z, 0).reshape(N, C, H // 2, 2, W // 2, 2).swapaxes(3, 4).reshape(N, -1, 4))
        largest, next_one = pools[:, :, 3], pools[:, :, 2]
        found |= ((largest - next_one < 1e-6) & (largest > 0)).any(axis=1)
        a = np.maximum(z, 0).reshape(N, C, H // 2, 2, W // 2, 2).max(axis=(3, 5))
    return found
