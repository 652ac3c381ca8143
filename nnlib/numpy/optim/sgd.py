"""Gradient descent: a step against the gradient."""

from __future__ import annotations

from collections.abc import Iterable

from nnlib.numpy.autograd import Parameter, Tensor


class SGD:
    """Stochastic gradient descent: w ← w − η ∂L/∂w.

    Args:
        params: the Parameters to learn, such as `model.parameters()`.
        lr: the learning rate η.

    Raises:
        ValueError: no parameters, or a learning rate below 0.
        TypeError: something in params is not a Tensor.

    Example:
        >>> import numpy as np
        >>> w = Parameter(np.array([1.0]))
        >>> optimizer = SGD([w], lr=0.1)
        >>> (w * w).sum().backward()
        >>> optimizer.step()
        >>> w.data
        array([0.8])

    Source: Robbins and Monro (1951).
    """

    def __init__(self, params: Iterable[Parameter], lr: float = 1e-3) -> None:
        self.params = list(params)
        if not self.params:
            raise ValueError("SGD got no parameters: pass model.parameters() anew (an iterator can be used only once)")
        for p in self.params:
            if not isinstance(p, Tensor):
                raise TypeError(f"SGD learns Tensors, got {type(p).__name__}")
        if not lr >= 0:
            raise ValueError(f"a learning rate is 0 or more, got {lr}")
        self.lr = lr

    def step(self) -> None:
        """One step for every parameter that has a gradient."""
        for p in self.params:
            if p.grad is not None:
                p.data -= self.lr * p.grad

    def zero_grad(self) -> None:
        """Forget the gradients. Without it, backward() adds the new ones to the old."""
        for p in self.params:
            p.grad = None
