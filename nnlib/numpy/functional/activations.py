"""Activation functions: what makes a network more than one matrix. Each with its derivative below it."""

from __future__ import annotations

import math

import numpy as np

from nnlib.numpy.autograd import differentiable
from nnlib.numpy.ops.erf import erf_of_array


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
    y = np.maximum(e, x >= 0) / (1 + e)  # 1/(1 + e⁻ˣ) on the right, eˣ/(eˣ + 1) on the left: equal

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
def leaky_relu(x, negative_slope=0.01):
    """leaky_relu(x) = x where x > 0, else a x with a small slope a: a unit that is off can still learn.

    Its derivative is 1 where x > 0, else a.

    Shape: any, kept.

    Example:
        >>> leaky_relu(np.array([-2.0, 3.0]), 0.1)
        tensor([-0.2,  3. ], dtype=float64)

    Source: Maas, Hannun and Ng (2013).
    """
    _require_float("leaky_relu", x)

    def d_x(g):
        return g * (x > 0) + negative_slope * g * (x <= 0)

    return np.maximum(x, 0) + negative_slope * np.minimum(x, 0), (d_x,)


@differentiable
def elu(x, alpha=1.0):
    """elu(x) = x where x > 0, else α (eˣ − 1): bends smoothly towards −α; its derivative there is α eˣ.

    Shape: any, kept.

    Example:
        >>> elu(np.array([-1000.0, 0.0, 3.0]))
        tensor([-1.,  0.,  3.], dtype=float64)

    Source: Clevert, Unterthiner and Hochreiter (2016).
    """
    _require_float("elu", x)
    below = np.minimum(x, 0)  # so that no exponential overflows

    def d_x(g):
        return g * ((x > 0) + (x <= 0) * (alpha * np.exp(below)))

    return np.maximum(x, 0) + alpha * np.expm1(below), (d_x,)  # expm1(x) is eˣ − 1 without cancellation


@differentiable
def gelu(x, *, approximate="none"):
    """gelu(x) = x Φ(x), where Φ is the normal distribution function: a ReLU with a soft gate.

    Φ(x) = ½ (1 + erf(x/√2)), and the derivative is Φ(x) + x φ(x), with the density φ(x) = e^(−x²/2) / √(2π).

    Shape: any, kept.

    Args:
        approximate: "none" is exact; "tanh" takes Φ(x) ≈ ½ (1 + tanh u), u = √(2/π) (x + 0.044715 x³), within
            5·10⁻⁴, as GPT-2 does.

    Raises:
        ValueError: approximate is neither.

    Example:
        >>> gelu(np.array([-1.0, 0.0, 1.0]))
        tensor([-0.1587,  0.    ,  0.8413], dtype=float64)

    Source: Hendrycks and Gimpel (2016).
    """
    _require_float("gelu", x)
    if approximate == "none":
        gate = 0.5 * (1 + erf_of_array(x * math.sqrt(0.5)))

        def d_x(g):
            return g * (gate + x * (np.exp(-0.5 * x * x) / math.sqrt(2 * math.pi)))

    elif approximate == "tanh":
        slope, cubic = math.sqrt(2 / math.pi), 0.044715
        gate = x * x  # in place from here on: 0.36 ms for 1024 × 512 numbers, with new arrays 0.53
        gate *= slope * cubic
        gate += slope
        gate *= x
        gate = np.tanh(gate)  # tanh u
        gate += 1
        gate *= 0.5

        def d_x(g):  # ½ (1 − tanh² u) = 2 gate (1 − gate), and u′ = slope (1 + 3 cubic x²)
            d = x * x
            d *= 6 * slope * cubic
            d += 2 * slope
            d *= x
            d *= gate
            d *= 1 - gate
            d += gate
            d *= g
            return d

    else:
        raise ValueError(f"gelu: approximate is 'none' or 'tanh', got {approximate!r}")
    return x * gate, (d_x,)


@differentiable
def silu(x):
    """silu(x) = x σ(x), also called swish; its derivative is σ(x) (1 + x (1 − σ(x))).

    Shape: any, kept.

    Example:
        >>> silu(np.array([-1.0, 0.0, 1.0]))
        tensor([-0.2689,  0.    ,  0.7311], dtype=float64)

    Source: Elfwing, Uchibe and Doya (2018); Ramachandran, Zoph and Le (2017).
    """
    _require_float("silu", x)
    s, _ = sigmoid.rule(x)

    def d_x(g):
        return g * (s * (1 + x * (1 - s)))

    return x * s, (d_x,)


@differentiable
def softplus(x, beta=1.0, threshold=20.0):
    """softplus(x) = ln(1 + e^(βx)) / β, a smooth ReLU; its derivative is σ(βx).

    Shape: any, kept.

    Args:
        beta: how sharp the bend is.
        threshold: where βx is above it, x itself is taken, which is equal to within rounding.

    Example:
        >>> softplus(np.array([-1000.0, 0.0, 1000.0]))
        tensor([0.0000e+00, 6.9315e-01, 1.0000e+03], dtype=float64)

    Source: Dugas, Bengio, Bélisle, Nadeau and Garcia (2001).
    """
    _require_float("softplus", x)
    if not beta > 0:
        raise ValueError(f"softplus: beta is above 0, got {beta}")
    z = beta * x
    bend = np.log1p(np.exp(-np.abs(z))) * (z <= threshold)  # what is above max(z, 0); no exponent is above 0

    def d_x(g):
        slope, _ = sigmoid.rule(z)
        return g * np.maximum(slope, z > threshold)

    return (np.maximum(z, 0) + bend) / beta, (d_x,)


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


@differentiable
def log_softmax(x, dim):
    """log_softmax(x)ᵢ = xᵢ − ln Σⱼ eˣʲ along `dim`: the logarithms of the softmax, never of a rounded 0.

    With p = softmax(x) and g = ∂L/∂y:  ∂L/∂x = g − p Σⱼ gⱼ.

    Shape: any, kept.

    Example:
        >>> log_softmax(np.array([0.0, 1000.0]), dim=0)
        tensor([-1000.,     0.], dtype=float64)
    """
    _require_float("log_softmax", x)
    z = x - x.max(axis=dim, keepdims=True)  # the largest is 0: no exponential overflows
    y = z - np.log(np.exp(z).sum(axis=dim, keepdims=True))

    def d_x(g):
        return g - np.exp(y) * g.sum(axis=dim, keepdims=True)

    return y, (d_x,)


def _require_float(name: str, x: np.ndarray) -> None:
    if x.dtype.kind != "f":
        raise TypeError(f"{name} needs floating-point numbers, got {x.dtype}: convert with .astype(np.float32)")
