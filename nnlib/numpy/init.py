"""Initial values for weights, written into a Parameter in place (hence the trailing underscore, as in PyTorch)."""

from __future__ import annotations

import math

import numpy as np

from nnlib.numpy.autograd import Tensor
from nnlib.numpy.random import generator

__all__ = ["kaiming_uniform_", "uniform_"]


def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0, *, rng: np.random.Generator | None = None) -> Tensor:
    """Each entry uniform between a and b.

    Example:
        >>> w = uniform_(Tensor(np.empty((2, 3))), -1, 1)
        >>> bool((abs(w.data) <= 1).all())
        True
    """
    tensor.data[...] = generator(rng).uniform(a, b, tensor.shape)
    return tensor


def kaiming_uniform_(tensor: Tensor, a: float = 0.0, *, rng: np.random.Generator | None = None) -> Tensor:
    """Uniform in ±√(6 / ((1 + a²) fan_in)): keeps the variance of the signal through (leaky) ReLU layers.

    Shape: (out, in) or (out, in, kernel…); fan_in is the number of inputs that one output sums.

    Args:
        a: the slope of the leaky ReLU that follows; √5 gives ±1/√fan_in, PyTorch's default for Linear.

    Source: He, Zhang, Ren and Sun (2015).
    """
    bound = math.sqrt(6 / ((1 + a * a) * fan_in(tensor)))
    return uniform_(tensor, -bound, bound, rng=rng)


def fan_in(tensor: Tensor) -> int:
    """How many inputs one output of this weight sums."""
    if tensor.ndim < 2:
        raise ValueError(f"a weight has shape (out, in, ...), got {tensor.shape}: fan_in is undefined")
    return math.prod(tensor.shape[1:])
