"""The multilayer perceptron: fully connected layers with a bend between them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nnlib.numpy import nn
from nnlib.numpy.autograd import Tensor


class MLP(nn.Module):
    """Fully connected layers of the given sizes, with an activation after each but the last.

    Shape: (N, *) with sizes[0] numbers to each example -> (N, sizes[-1]).

    Args:
        sizes: of the input, of each hidden layer, of the output.
        activation: makes the module that stands between two layers.
        rng: the source of the initial values; by default the one that `manual_seed` sets.

    Example:
        >>> MLP(64, 32, 10)(np.zeros((5, 8, 8), np.float32)).shape
        (5, 10)
    """

    def __init__(
        self, *sizes: int, activation: Callable[[], nn.Module] = nn.ReLU, rng: np.random.Generator | None = None
    ) -> None:
        if len(sizes) < 2:
            raise ValueError(f"MLP needs the sizes of its input and its output at least, got {sizes}")
        layers: list[nn.Module] = [nn.Flatten()]
        for n, m in zip(sizes, sizes[1:], strict=False):
            layers += [nn.Linear(n, m, rng=rng), activation()]
        self.layers = nn.Sequential(*layers[:-1])

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x)
