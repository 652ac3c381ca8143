"""Dropout: switch random units off while training, so that none relies on a few others."""

from __future__ import annotations

import numpy as np

from nnlib.numpy.autograd import differentiable
from nnlib.numpy.functional.activations import _require_float
from nnlib.numpy.random import generator


@differentiable
def dropout(x, p=0.5, training=True, *, rng=None):
    """Each entry becomes 0 with probability p, the others are divided by 1 − p: y = m x, and the mean stays.

    With the random mask m, 0 or 1/(1 − p):  ∂L/∂x = m g. When not training, y = x.

    Shape: any, kept.

    Args:
        rng: the source of the mask; by default the one that `manual_seed` sets.

    Raises:
        ValueError: p is not a probability.

    Example:
        >>> y = dropout(np.ones(1000), 0.2, rng=np.random.default_rng(0))
        >>> sorted(set(y.tolist()))
        [0.0, 1.25]

    Source: Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov (2014).
    """
    _require_float("dropout", x)
    if not 0 <= p <= 1:
        raise ValueError(f"dropout: p is a probability between 0 and 1, got {p}")
    if not training or p == 0:
        return x, (lambda g: g,)
    if p == 1:
        mask = x.dtype.type(0)
    else:
        kept = generator(rng).random(x.shape, dtype=np.float32) >= p
        mask = kept * x.dtype.type(1 / (1 - p))

    def d_x(g):
        return mask * g

    return mask * x, (d_x,)
