"""The multilayer perceptron: fully connected layers with a bend between them."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from nnlib.torch import nn


class MLP(nn.Module):
    """Fully connected layers of the given sizes, with an activation after each but the last.

    Shape: (N, *) with sizes[0] numbers to each example -> (N, sizes[-1]).

    Args:
        sizes: of the input, of each hidden layer, of the output.
        activation: makes the module that stands between two layers.

    Example:
        >>> MLP(64, 32, 10)(torch.zeros(5, 8, 8)).shape
        torch.Size([5, 10])
    """

    def __init__(self, *sizes: int, activation: Callable[[], nn.Module] = nn.ReLU) -> None:
        super().__init__()
        if len(sizes) < 2:
            raise ValueError(f"MLP needs the sizes of its input and its output at least, got {sizes}")
        layers: list[nn.Module] = [nn.Flatten()]
        for n, m in zip(sizes, sizes[1:], strict=False):
            layers += [nn.Linear(n, m), activation()]
        self.layers = nn.Sequential(*layers[:-1])

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x)
