"""Activation functions: what makes a network more than one matrix. Each with its derivative below it."""

from __future__ import annotations

import numpy as np

from nnlib.numpy.autograd import differentiable


@differentiable
def sigmoid(x):
    """σ(x) = 1 / (1 + e⁻ˣ), a number between 0 and 1; σ′ = σ (1 − σ).

    Shape: any, kept.

    Example:
        >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
        tensor([0. , 0.5, 1. ], dtype=float64)

    Source: the logistic function, Verhulst (1845).
    """
    _require_float("sigmoid", x)
    e = np.exp(-np.abs(x))  # in (0, 1], so that no x overflows
    y = np.where(x >= 0, 1, e) / (1 + e)  # 1/(1 + e⁻ˣ) on the right, eˣ/(eˣ + 1) on the left: equal

    def d_x(g):
        return g * y * (1 - y)

    return y, (d_x,)


@differentiable
def tanh(x):
    """Tanh x = (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ), a number between −1 and 1; tanh′ = 1 − tanh².

    Shape: any, kept.

    Example:
        >>> tanh(np.array([0.0, 0.5]))
        tensor([0.    , 0.4621], dtype=float64)
    """
    _require_float("tanh", x)
    y = np.tanh(x)

    def d_x(g):
        return g * (1 - y * y)

    return y, (d_x,)


@differentiable
def relu(x):
    """relu(x) = max(x, 0); its derivative is 1 where x > 0, else 0 (at 0, where there is none, 0 is chosen).

    Shape: any, kept.

    Example:
        >>> relu(np.array([-2.0, 0.0, 3.0]))
        tensor([0., 0., 3.], dtype=float64)

    Source: Nair and Hinton (2010).
    """
    y = np.maximum(x, 0)  # a ufunc keeps NaN and is several times faster than np.where

    def d_x(g):
        return g * (y > 0)

    return y, (d_x,)


@differentiable
def softmax(x, dim):
    """softmax(x)ᵢ = eˣⁱ / Σⱼ eˣʲ along `dim`: positive numbers that sum to 1.

    With p = softmax(x) and g = ∂L/∂p:  ∂L/∂x = p (g − Σⱼ gⱼ pⱼ).

    Shape: any, kept.

    Example:
        >>> softmax(np.array([[0.0, 0.0], [1000.0, 0.0]]), dim=1)
        tensor([[0.5, 0.5],
                [1. , 0. ]], dtype=float64)

    Source: Bridle (1990).
    """
    _require_float("softmax", x)
    e = np.exp(x - x.max(axis=dim, keepdims=True))  # softmax(x − c) = softmax(x); no exponent is above 0
    p = e / e.sum(axis=dim, keepdims=True)

    def d_x(g):
        return p * (g - (g * p).sum(axis=dim, keepdims=True))

    return p, (d_x,)


def _require_float(name: str, x: np.ndarray) -> None:
    if x.dtype.kind != "f":
        raise TypeError(f"{name} needs floating-point numbers, got {x.dtype}: convert with .astype(np.float32)")
