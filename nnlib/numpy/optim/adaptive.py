"""Optimizers that give every weight a step size of its own, by the size of its past gradients."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from nnlib.numpy.optim.optimizer import Optimizer


class Adagrad(Optimizer):
    """Divide by the root of all squared gradients so far: s ← s + g², w ← w − η g / (√s + ε).

    Args:
        params: the Parameters to learn, or groups of them.
        lr: the learning rate η.
        lr_decay: δ; at step t the learning rate is η / (1 + (t − 1) δ).
        weight_decay: λ; g becomes g + λ w.
        initial_accumulator_value: s at first.
        eps: ε.

    Source: Duchi, Hazan and Singer (2011).
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-2,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
    ) -> None:
        options = {
            "lr": lr,
            "lr_decay": lr_decay,
            "weight_decay": weight_decay,
            "initial_accumulator_value": initial_accumulator_value,
            "eps": eps,
        }
        super().__init__(params, options)

    def update(
        self,
        w: np.ndarray,
        g: np.ndarray,
        state: dict[str, Any],
        lr: float,
        lr_decay: float,
        weight_decay: float,
        initial_accumulator_value: float,
        eps: float,
    ) -> None:
        if not state:
            state.update(step=0, sum=np.full_like(w, initial_accumulator_value))
        state["step"] += 1
        if weight_decay:
            g = g + weight_decay * w
        s = state["sum"]
        s += g * g
        w -= lr / (1 + (state["step"] - 1) * lr_decay) * g / (np.sqrt(s) + eps)


class RMSprop(Optimizer):
    """Divide by the root of a running mean of squared gradients: s ← α s + (1 − α) g², w ← w − η g / (√s + ε).

    Args:
        params: the Parameters to learn, or groups of them.
        lr: the learning rate η.
        alpha: α, how much of the running mean is kept.
        eps: ε.
        weight_decay: λ; g becomes g + λ w.
        momentum: μ; the steps g / (√s + ε) are gathered in a velocity, v ← μ v + step.
        centered: whether to subtract the squared running mean of g from s: a variance instead of a mean square.

    Source: Tieleman and Hinton (2012); centred: Graves (2013).
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
    ) -> None:
        options = {
            "lr": lr,
            "alpha": alpha,
            "eps": eps,
            "weight_decay": weight_decay,
            "momentum": momentum,
            "centered": centered,
        }
        super().__init__(params, options)

    def update(
        self,
        w: np.ndarray,
        g: np.ndarray,
        state: dict[str, Any],
        lr: float,
        alpha: float,
        eps: float,
        weight_decay: float,
        momentum: float,
        centered: bool,
    ) -> None:
        if not state:
            state.update(step=0, square_avg=np.zeros_like(w))
        state["step"] += 1
        if weight_decay:
            g = g + weight_decay * w
        s = state["square_avg"]
        s *= alpha
        s += (1 - alpha) * (g * g)
        if centered:
            mean = state.setdefault("grad_avg", np.zeros_like(w))
            mean += (1 - alpha) * (g - mean)
            s = s - mean * mean
        step = g / (np.sqrt(s) + eps)
        if momentum:
            v = state.setdefault("momentum_buffer", np.zeros_like(w))
            v *= momentum
            v += step
            step = v
        w -= lr * step


class Adam(Optimizer):
    """Momentum and RMSprop together, both corrected for their start at 0.

    m ← β₁ m + (1 − β₁) g,   v ← β₂ v + (1 − β₂) g²,   m̂ = m / (1 − β₁ᵗ),   v̂ = v / (1 − β₂ᵗ),

    w ← w − η m̂ / (√v̂ + ε).

    Args:
        params: the Parameters to learn, or groups of them.
        lr: the learning rate η.
        betas: β₁ and β₂, how much of the two running means is kept.
        eps: ε.
        weight_decay: λ; g becomes g + λ w, and is then divided like any gradient. AdamW keeps it apart.

    Raises:
        ValueError: a beta is 1 or more.

    Example:
        >>> from nnlib.numpy.nn import Parameter
        >>> w = Parameter(np.array([1.0, -200.0]))
        >>> optimizer = Adam([w], lr=0.1)
        >>> (w * w).sum().backward()
        >>> optimizer.step()  # the first step has the length η, whatever the gradient's
        >>> w.data
        array([   0.9, -199.9])

    Source: Kingma and Ba (2015).
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay})

    def check(self, *, betas: tuple[float, float], **_: Any) -> None:
        if not (isinstance(betas, tuple) and len(betas) == 2 and max(betas) < 1):
            raise ValueError(f"{type(self).__name__}: betas are two numbers from 0 to below 1, got {betas}")

    def update(
        self,
        w: np.ndarray,
        g: np.ndarray,
        state: dict[str, Any],
        lr: float,
        betas: tuple[float, float],
        eps: float,
        weight_decay: float,
    ) -> None:
        if not state:
            state.update(step=0, exp_avg=np.zeros_like(w), exp_avg_sq=np.zeros_like(w))
        t = state["step"] = state["step"] + 1
        if weight_decay:
            g = g + weight_decay * w
        (beta1, beta2), m, v = betas, state["exp_avg"], state["exp_avg_sq"]
        m *= beta1
        m += (1 - beta1) * g
        v *= beta2
        v += (1 - beta2) * (g * g)
        root = np.sqrt(v) / math.sqrt(1 - beta2**t)  # √v̂
        w -= lr / (1 - beta1**t) * m / (root + eps)


class AdamW(Adam):
    """Adam with weight decay apart from the gradient: w ← w − η λ w, then Adam's step without decay.

    Args:
        params, lr, betas, eps: as for Adam.
        weight_decay: λ.

    Source: Loshchilov and Hutter (2019).
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay)

    def update(
        self,
        w: np.ndarray,
        g: np.ndarray,
        state: dict[str, Any],
        lr: float,
        betas: tuple[float, float],
        eps: float,
        weight_decay: float,
    ) -> None:
        w *= 1 - lr * weight_decay
        super().update(w, g, state, lr, betas, eps, 0.0)
