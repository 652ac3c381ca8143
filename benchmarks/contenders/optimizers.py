"""Optimizers as pure functions, for the contenders that bring none: textbook NumPy and JAX. Both compute `a - b`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass
class SGD:
    """Plain gradient descent."""

    lr: float

    def start(self, parameters: list) -> Any:
        """Nothing to remember."""
        return ()

    def update(self, parameters: list, gradients: list, state: Any) -> tuple[list, Any]:
        """New parameters and state; the old ones are not changed."""
        return [p - self.lr * g for p, g in zip(parameters, gradients, strict=True)], state


@dataclass
class Adam:
    """Adam (Kingma and Ba 2015); with weight_decay AdamW (Loshchilov and Hutter 2019)."""

    lr: float
    weight_decay: float = 0.0
    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8

    def start(self, parameters: list) -> Any:
        """The number of steps, and the two running means of each parameter."""
        return 0, [0 * p for p in parameters], [0 * p for p in parameters]

    def update(self, parameters: list, gradients: list, state: Any) -> tuple[list, Any]:
        """New parameters and state; the old ones are not changed."""
        (b1, b2), (t, means, squares) = self.betas, state
        t = t + 1
        means = [b1 * m + (1 - b1) * g for m, g in zip(means, gradients, strict=True)]
        squares = [b2 * v + (1 - b2) * g * g for v, g in zip(squares, gradients, strict=True)]
        keep, lr, root = 1 - self.lr * self.weight_decay, self.lr / (1 - b1**t), (1 - b2**t) ** 0.5
        moved = [
            keep * p - lr * m / (v**0.5 / root + self.eps) for p, m, v in zip(parameters, means, squares, strict=True)
        ]
        return moved, (t, means, squares)
