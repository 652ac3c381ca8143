"""Normalization: bring numbers to mean 0 and variance 1, over the examples or over the features of each.

All divide by a quantity that itself depends on every x. So ∂L/∂x is the incoming gradient without the parts
that would move the mean and the length, which the normalization undoes anyway.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from nnlib.numpy.autograd import differentiable
from nnlib.numpy.functional.common import column_sums, row_means


@differentiable
def batch_norm(x, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-5):
    """Normalize each channel over the examples: y = γ x̂ + β, with x̂ = (x − μ) / √(σ² + ε).

    In training, μ and σ² are those of the batch, and the running ones move towards them, in place:
    running ← (1 − momentum) running + momentum · batch, with the unbiased variance. Otherwise μ and σ² are the
    running ones, so that an example's result does not depend on its companions.

    With h = γ g and the mean ⟨·⟩ over the batch, in training:  ∂L/∂x = (h − ⟨h⟩ − x̂ ⟨h x̂⟩) / √(σ² + ε).

    Shape: x (N, C) or (N, C, L…); running_mean, running_var, weight γ and bias β (C,) -> as x.

    Raises:
        ValueError: the shapes do not fit, there are no running statistics to evaluate with, or a channel has one
            value only in training (its variance is 0).
        TypeError: the dtypes differ.

    Example:
        >>> batch_norm(np.array([[1.0], [3.0]]), None, None, training=True)
        tensor([[-1.],
                [ 1.]], dtype=float64)

    Source: Ioffe and Szegedy (2015).
    """
    n = _check_channels(x, running_mean, running_var, weight, bias, training)
    axes = (0, *range(2, x.ndim))
    column = (1, -1, *(1,) * (x.ndim - 2))  # (C,) -> (1, C, 1, …), to stand beside x

    def mean(a):
        return a.mean(axis=axes, keepdims=True)

    if training:
        mu = mean(x)
        centred = x - mu
        variance = mean(centred * centred)
        if running_mean is not None and running_var is not None:
            running_mean += momentum * (mu.reshape(-1) - running_mean)
            running_var += momentum * (variance.reshape(-1) * (n / (n - 1)) - running_var)
    else:
        centred = x - running_mean.reshape(column)
        variance = running_var.reshape(column)
    r = 1 / np.sqrt(variance + eps)
    x_hat = centred * r
    y = x_hat if weight is None else x_hat * weight.reshape(column)
    y = y if bias is None else y + bias.reshape(column)

    def d_x(g):
        h = g if weight is None else g * weight.reshape(column)
        return r * (h - mean(h) - x_hat * mean(h * x_hat)) if training else r * h

    def d_weight(g):
        return (g * x_hat).sum(axis=axes)

    def d_bias(g):
        return g.sum(axis=axes)

    return y, (d_x, None, None, d_weight, d_bias)


@differentiable
def layer_norm(x, normalized_shape, weight=None, bias=None, eps=1e-5):
    """Normalize each example over its own features: y = γ x̂ + β, with x̂ = (x − μ) / √(σ² + ε).

    With h = γ g and the mean ⟨·⟩ over the features:  ∂L/∂x = (h − ⟨h⟩ − x̂ ⟨h x̂⟩) / √(σ² + ε).

    Shape: x (*, normalized_shape), weight γ and bias β of normalized_shape -> as x.

    Raises:
        ValueError: the shapes do not fit.
        TypeError: the dtypes differ.

    Example:
        >>> layer_norm(np.array([[1.0, 3.0], [0.0, 8.0]]), (2,), eps=0)
        tensor([[-1.,  1.],
                [-1.,  1.]], dtype=float64)

    Source: Ba, Kiros and Hinton (2016).
    """
    rows = x.reshape(_check_features("layer_norm", x, normalized_shape, weight, bias))
    x_hat = rows - row_means(rows)
    deviation = np.sqrt(row_means(x_hat * x_hat) + eps)
    x_hat /= deviation
    y = x_hat if weight is None else x_hat * weight.reshape(-1)
    y = y if bias is None else y + bias.reshape(-1)

    def d_x(g):
        h = g.reshape(rows.shape)
        h = h if weight is None else h * weight.reshape(-1)
        return ((h - row_means(h) - x_hat * row_means(h * x_hat)) / deviation).reshape(x.shape)

    def d_weight(g):
        return column_sums(g.reshape(rows.shape) * x_hat).reshape(weight.shape)

    def d_bias(g):
        return column_sums(g.reshape(rows.shape)).reshape(bias.shape)

    return y.reshape(x.shape), (d_x, None, d_weight, d_bias)


@differentiable
def group_norm(x, num_groups, weight=None, bias=None, eps=1e-5):
    """Normalize each example over groups of its channels: y = γ x̂ + β, with x̂ = (x − μ) / √(σ² + ε).

    One group normalizes over everything of an example; as many groups as channels, over each channel's pixels alone.
    With h = γ g and the mean ⟨·⟩ over the group:  ∂L/∂x = (h − ⟨h⟩ − x̂ ⟨h x̂⟩) / √(σ² + ε).

    Shape: x (N, C, *), weight γ and bias β (C,) -> as x.

    Raises:
        ValueError: the shapes do not fit, or the channels do not fall into groups of equal size.
        TypeError: the dtypes differ.

    Example:
        >>> group_norm(np.array([[1.0, 3.0, 0.0, 8.0]]), 2, eps=0)
        tensor([[-1.,  1., -1.,  1.]], dtype=float64)

    Source: Wu and He (2018).
    """
    column = _check_groups(x, num_groups, weight, bias)
    axes = (0, *range(2, x.ndim))

    def mean(a):  # over each group of each example, as x again
        groups = a.reshape(len(a), num_groups, -1)
        return np.broadcast_to(groups.mean(axis=2, keepdims=True), groups.shape).reshape(a.shape)

    centred = x - mean(x)
    r = 1 / np.sqrt(mean(centred * centred) + eps)
    x_hat = centred * r
    y = x_hat if weight is None else x_hat * weight.reshape(column)
    y = y if bias is None else y + bias.reshape(column)

    def d_x(g):
        h = g if weight is None else g * weight.reshape(column)
        return r * (h - mean(h) - x_hat * mean(h * x_hat))

    def d_weight(g):
        return (g * x_hat).sum(axis=axes)

    def d_bias(g):
        return g.sum(axis=axes)

    return y, (d_x, None, d_weight, d_bias)


@differentiable
def rms_norm(x, normalized_shape, weight=None, eps=None):
    """Divide each example by its root mean square: y = γ x̂, with x̂ = x / √(⟨x²⟩ + ε). The mean is left alone.

    With h = γ g and the mean ⟨·⟩ over the features:  ∂L/∂x = (h − x̂ ⟨h x̂⟩) / √(⟨x²⟩ + ε).

    Shape: x (*, normalized_shape), weight γ of normalized_shape -> as x.

    Args:
        eps: None stands for the dtype's own, 1.2e-7 for float32.

    Raises:
        ValueError: the shapes do not fit.
        TypeError: the dtypes differ.

    Example:
        >>> rms_norm(np.array([[3.0, 3.0], [0.0, 8.0]]), (2,))
        tensor([[1.    , 1.    ],
                [0.    , 1.4142]], dtype=float64)

    Source: Zhang and Sennrich (2019).
    """
    rows = x.reshape(_check_features("rms_norm", x, normalized_shape, weight, None))
    eps = float(np.finfo(x.dtype).eps) if eps is None else eps
    r = 1 / np.sqrt(row_means(rows * rows) + eps)
    x_hat = rows * r
    y = x_hat if weight is None else x_hat * weight.reshape(-1)

    def d_x(g):
        h = g.reshape(rows.shape)
        h = h if weight is None else h * weight.reshape(-1)
        return (r * (h - x_hat * row_means(h * x_hat))).reshape(x.shape)

    def d_weight(g):
        return column_sums(g.reshape(rows.shape) * x_hat).reshape(weight.shape)

    return y.reshape(x.shape), (d_x, None, d_weight)


def _check_channels(
    x: np.ndarray,
    running_mean: np.ndarray | None,
    running_var: np.ndarray | None,
    weight: np.ndarray | None,
    bias: np.ndarray | None,
    training: bool,
) -> int:
    """How many values of x each channel has."""
    if x.ndim < 2:
        raise ValueError(f"batch_norm expected x of shape (N, C) or (N, C, L), got {x.shape}")
    C = x.shape[1]
    own = {"running_mean": running_mean, "running_var": running_var, "weight": weight, "bias": bias}
    for name, array in own.items():
        if array is not None and array.shape != (C,):
            raise ValueError(f"batch_norm: x {x.shape} has {C} channels, {name} has shape {array.shape}")
        _check_dtype("batch_norm", x, name, array)
    if not training and (running_mean is None or running_var is None):
        raise ValueError("batch_norm without running statistics works in training mode only")
    n = x.size // max(C, 1)
    if training and n < 2:
        raise ValueError(
            f"batch_norm needs more than one value for each channel in training, got x {x.shape}: "
            "use a larger batch, or eval() to evaluate"
        )
    return n


def _check_groups(
    x: np.ndarray, num_groups: int, weight: np.ndarray | None, bias: np.ndarray | None
) -> tuple[int, ...]:
    """The shape (1, C, 1, …) in which weight and bias stand beside x."""
    if x.ndim < 2:
        raise ValueError(f"group_norm expected x of shape (N, C, *), got {x.shape}")
    C = x.shape[1]
    if num_groups < 1 or C % num_groups:
        raise ValueError(f"group_norm: {C} channels do not fall into {num_groups} groups of equal size")
    for own, array in (("weight", weight), ("bias", bias)):
        if array is not None and array.shape != (C,):
            raise ValueError(f"group_norm: x {x.shape} has {C} channels, {own} has shape {array.shape}")
        _check_dtype("group_norm", x, own, array)
    return (1, C, *(1,) * (x.ndim - 2))


def _check_features(
    name: str,
    x: np.ndarray,
    normalized_shape: Sequence[int],
    weight: np.ndarray | None,
    bias: np.ndarray | None,
) -> tuple[int, int]:
    """How many examples x holds, and how many features each has."""
    shape = tuple(normalized_shape)
    lead = x.ndim - len(shape)
    if not shape or lead < 0 or x.shape[lead:] != shape:
        wanted = ", ".join(map(str, ("*", *shape)))
        raise ValueError(f"{name} expected x of shape ({wanted}), got {x.shape}")
    for own, array in (("weight", weight), ("bias", bias)):
        if array is not None and array.shape != shape:
            raise ValueError(f"{name}: features {shape} need a {own} of that shape, got {array.shape}")
        _check_dtype(name, x, own, array)
    return math.prod(x.shape[:lead]), math.prod(shape)


def _check_dtype(name: str, x: np.ndarray, own: str, array: np.ndarray | None) -> None:
    if x.dtype.kind != "f":
        raise TypeError(f"{name} needs floating-point numbers, got {x.dtype}: convert with .astype(np.float32)")
    if array is not None and array.dtype != x.dtype:
        raise TypeError(
            f"{name} got x of {x.dtype} and {own} of {array.dtype}: convert x with .astype(np.{array.dtype})"
        )
