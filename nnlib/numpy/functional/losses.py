"""Losses: how wrong a prediction is, as one number, and in which direction to mend it. Those for classes come after."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlib.numpy.autograd import differentiable
from nnlib.numpy.functional.activations import sigmoid
from nnlib.numpy.functional.common import check_alike, reduce
from nnlib.numpy.ops.common import plain


@differentiable
def mse_loss(prediction, target, *, reduction="mean"):
    """Mean squared error: L = (1/n) Σ (prediction − target)², over all n entries.

    ∂L/∂prediction = (2/n) (prediction − target), and ∂L/∂target is its negative.

    Shape: both the same; the result is one number, or that shape with reduction="none".

    Args:
        reduction: "mean" divides the sum by n, "sum" does not, "none" keeps the squares apart.

    Raises:
        ValueError: the shapes differ (broadcasting would compare every prediction with every target).
        TypeError: the dtypes differ, or are not floating-point.

    Example:
        >>> mse_loss(np.array([1.0, 2.0]), np.array([1.0, 4.0]))
        tensor(2., dtype=float64)
    """
    check_alike("mse_loss", ("prediction", prediction), ("target", target))
    error = prediction - target
    y, share = reduce("mse_loss", error * error, reduction)

    def d_prediction(g):
        return 2 * share * g * error

    def d_target(g):
        return -2 * share * g * error

    return y, (d_prediction, d_target)


@differentiable
def l1_loss(prediction, target, *, reduction="mean"):
    """Mean absolute error: L = (1/n) Σ |prediction − target|. An outlier pulls no harder than anyone else.

    ∂L/∂prediction = (1/n) sign(prediction − target), and ∂L/∂target is its negative.

    Shape: both the same; the result is one number, or that shape with reduction="none".

    Raises:
        ValueError: the shapes differ.
        TypeError: the dtypes differ, or are not floating-point.

    Example:
        >>> l1_loss(np.array([1.0, 2.0]), np.array([1.0, 4.0]))
        tensor(1., dtype=float64)
    """
    check_alike("l1_loss", ("prediction", prediction), ("target", target))
    error = prediction - target
    y, share = reduce("l1_loss", np.abs(error), reduction)

    def d_prediction(g):
        return share * g * np.sign(error)

    def d_target(g):
        return -share * g * np.sign(error)

    return y, (d_prediction, d_target)


@differentiable
def huber_loss(prediction, target, *, delta=1.0, reduction="mean"):
    """Squared for small errors, absolute for large ones: e²/2 where |e| ≤ δ, else δ (|e| − δ/2).

    With the error e = prediction − target cut off at ±δ, c: the loss is c (e − c/2), and its derivative is c.

    Shape: both the same; the result is one number, or that shape with reduction="none".

    Raises:
        ValueError: the shapes differ, or delta is not above 0.
        TypeError: the dtypes differ, or are not floating-point.

    Example:
        >>> huber_loss(np.array([1.0, 2.0]), np.array([1.0, 4.0]), reduction="none")
        tensor([0. , 1.5], dtype=float64)

    Source: Huber (1964).
    """
    check_alike("huber_loss", ("prediction", prediction), ("target", target))
    if not delta > 0:
        raise ValueError(f"huber_loss: delta is above 0, got {delta}")
    error = prediction - target
    cut = np.clip(error, -delta, delta)
    y, share = reduce("huber_loss", cut * (error - 0.5 * cut), reduction)

    def d_prediction(g):
        return share * g * cut

    def d_target(g):
        return -share * g * cut

    return y, (d_prediction, d_target)


@differentiable
def binary_cross_entropy_with_logits(logits, target, *, pos_weight=None, reduction="mean"):
    """Cross-entropy of yes or no, with p = σ(logits): L = −(1/n) Σ [w t ln p + (1 − t) ln(1 − p)].

    Without a weight, ∂L/∂logits = (p − t) / n: what the network believes, minus what is true.

    Shape: both the same; the result is one number, or that shape with reduction="none".

    Args:
        target: between 0 (no) and 1 (yes), floating-point.
        pos_weight: w, how much more a yes counts; a number, or an array that broadcasts to the logits' shape.

    Raises:
        ValueError: the shapes differ, or pos_weight does not broadcast.
        TypeError: the dtypes differ, or are not floating-point.

    Example:
        >>> binary_cross_entropy_with_logits(np.array([0.0, 1000.0]), np.array([1.0, 1.0]))
        tensor(0.3466, dtype=float64)
    """
    name = "binary_cross_entropy_with_logits"
    check_alike(name, ("logits", logits), ("target", target))
    w = _positive_weight(name, pos_weight, logits)
    bend = np.log1p(np.exp(-np.abs(logits)))  # no exponent is above 0
    yes = np.maximum(-logits, 0) + bend  # −ln p
    no = np.maximum(logits, 0) + bend  # −ln(1 − p)
    y, share = reduce(name, w * target * yes + (1 - target) * no, reduction)

    def d_logits(g):
        p, _ = sigmoid.rule(logits)
        return share * g * ((1 - target) * p - w * target * (1 - p))

    def d_target(g):
        return share * g * (w * yes - no)

    return y, (d_logits, d_target)


@differentiable
def kl_div(log_q, target, *, reduction="mean", log_target=False):
    """The Kullback-Leibler divergence from q to p: Σ p (ln p − ln q), entry by entry, with 0 ln 0 = 0.

    ∂/∂(ln q) = −p: pull ln q up where p is large. Note the order: ln q, the prediction, comes first.

    Shape: both the same; the result is one number, or that shape with reduction="none".

    Args:
        log_q: the logarithms of the predicted probabilities, as from `log_softmax`.
        target: the true probabilities p; with log_target, their logarithms.
        reduction: "batchmean" sums over all and divides by the number of examples, which is the divergence as
            defined; "mean" divides by the number of entries, "sum" by nothing, "none" keeps the entries apart.

    Raises:
        ValueError: the shapes differ.
        TypeError: the dtypes differ, or are not floating-point.

    Example:
        >>> kl_div(np.log([[0.5, 0.5]]), np.array([[1.0, 0.0]]), reduction="batchmean")
        tensor(0.6931, dtype=float64)

    Source: Kullback and Leibler (1951).
    """
    check_alike("kl_div", ("log_q", log_q), ("target", target))
    p = np.exp(target) if log_target else target
    log_p = target if log_target else np.log(p + (p == 0))  # 0 instead of −∞ where p = 0
    if reduction == "batchmean" and log_q.ndim:
        y, share = reduce("kl_div", p * (log_p - log_q), "mean", len(log_q))
    else:
        y, share = reduce("kl_div", p * (log_p - log_q), reduction)

    def d_log_q(g):
        return -share * g * p

    def d_target(g):
        slope = log_p - log_q + 1
        return share * g * (p * slope if log_target else slope)

    return y, (d_log_q, d_target)


def _positive_weight(name: str, pos_weight: Any, logits: np.ndarray) -> Any:
    if pos_weight is None:
        return 1
    w = np.asarray(plain(pos_weight), logits.dtype)
    try:
        fits = np.broadcast_shapes(w.shape, logits.shape) == logits.shape
    except ValueError:
        fits = False
    if not fits:
        raise ValueError(
            f"{name}: pos_weight {w.shape} does not broadcast to logits {logits.shape}: one for each class"
        )
    return w
