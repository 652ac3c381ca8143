"""The fully connected layer's mathematics, y = x Wᵀ + b, and its three derivatives."""

from __future__ import annotations

import math

import numpy as np

from nnlib.numpy.autograd import differentiable


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
    rows = x.reshape(-1, x.shape[-1])  # (*, in) -> (M, in): one product instead of a stack of small ones
    y = rows @ weight.T  # (M, in) (in, out) -> (M, out)
    if bias is not None:
        y += bias
    M, out = y.shape

    def d_x(g):
        return (g.reshape(M, out) @ weight).reshape(x.shape)  # (M, out) (out, in) -> (*, in)

    def d_weight(g):
        return g.reshape(M, out).T @ rows  # (out, M) (M, in) -> (out, in)

    def d_bias(g):
        return g.reshape(M, out).sum(axis=0)  # every example used the same bias: its gradients add up

    return y.reshape(*x.shape[:-1], out), (d_x, d_weight, d_bias)


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
