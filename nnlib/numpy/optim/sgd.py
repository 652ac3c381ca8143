"""Gradient descent: a step against the gradient, with or without momentum."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from nnlib.numpy.optim.optimizer import Optimizer


class SGD(Optimizer):
    """Stochastic gradient descent: w ← w − η g, with g = ∂L/∂w.

    With momentum μ the step follows a velocity instead: v ← μ v + g, w ← w − η v; Nesterov's form looks
    ahead along it: w ← w − η (g + μ v).

    Args:
        params: the Parameters to learn, such as `model.parameters()`, or groups of them.
        lr: the learning rate η.
        momentum: μ, how much of the velocity is kept.
        dampening: the part of g that the velocity does not take (not of the first one).
        weight_decay: λ; g becomes g + λ w, the gradient of L + λ‖w‖²/2.
        nesterov: whether to use Nesterov's form.

    Raises:
        ValueError: no parameters, an option below 0, or nesterov without momentum or with dampening.
        TypeError: something in params is not a Tensor.

    Example:
        >>> from nnlib.numpy.nn import Parameter
        >>> w = Parameter(np.array([1.0]))
        >>> optimizer = SGD([w], lr=0.1)
        >>> (w * w).sum().backward()
        >>> optimizer.step()
        >>> w.data
        array([0.8])

    Source: Robbins and Monro (1951); momentum: Polyak (1964), Nesterov (1983), in this form Sutskever et al. (2013).
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        options = {
            "lr": lr,
            "momentum": momentum,
            "dampening": dampening,
            "weight_decay": weight_decay,
            "nesterov": nesterov,
        }
        super().__init__(params, options)

    def check(self, *, nesterov: bool, momentum: float, dampening: float, **_: Any) -> None:
        if nesterov and (momentum == 0 or dampening != 0):
            raise ValueError(f"SGD: nesterov needs momentum and no dampening, got {momentum} and {dampening}")

    def update(
        self,
        w: np.ndarray,
        g: np.ndarray,
        state: dict[str, Any],
        lr: float,
        momentum: float,
        dampening: float,
        weight_decay: float,
        nesterov: bool,
    ) -> None:
        if weight_decay:
            g = g + weight_decay * w
        if momentum:
            if "momentum_buffer" not in state:
                v = state["momentum_buffer"] = np.array(g)  # a copy
            else:
                v = state["momentum_buffer"]
                v *= momentum
                v += (1 - dampening) * g
            g = g + momentum * v if nesterov else v
        w -= lr * g
