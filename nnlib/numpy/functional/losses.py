"""Losses: how wrong a prediction is, as one number, and in which direction to mend it."""

from __future__ import annotations

import numpy as np

from nnlib.numpy.autograd import differentiable


@differentiable
def mse_loss(prediction, target, *, reduction="mean"):
    """Mean squared error: L = (1/n) Σ (prediction − target)², over all n entries.

    ∂L/∂prediction = (2/n) (prediction − target), and ∂L/∂target is its negative.

    Shape: both the same; the result is one number, or that shape with reduction="none".

    Args:
        reduction: "mean" divides the sum by n, "sum" does not, "none" keeps the squares apart.

    Raises:
        ValueError: the shapes differ (broadcasting would compare every prediction with every target).

    Example:
        >>> mse_loss(np.array([1.0, 2.0]), np.array([1.0, 4.0]))
        tensor(2., dtype=float64)
    """
    if prediction.shape != target.shape:
        raise ValueError(
            f"mse_loss compares entry with entry, got prediction {prediction.shape}, target {target.shape}: reshape one"
        )
    error = prediction - target
    y, share = _reduce("mse_loss", error * error, reduction)

    def d_prediction(g):
        return 2 * share * g * error

    def d_target(g):
        return -2 * share * g * error

    return y, (d_prediction, d_target)


@differentiable
def cross_entropy(logits, target, *, reduction="mean"):
    """Cross-entropy of the classes' probabilities p = softmax(logits): L = −(1/N) Σₙ ln p[n, target[n]].

    ∂L/∂logits = (p − onehot(target)) / N: what the network believes, minus what is true.

    Shape: logits (N, C), target (N,) of class numbers 0 … C − 1 -> one number, or (N,) with reduction="none".

    Args:
        reduction: "mean" divides the sum by N, "sum" does not, "none" keeps the examples apart.

    Raises:
        ValueError: the shapes do not fit, a label is out of range, or there is no example.
        TypeError: the labels are not whole numbers.

    Example:
        >>> cross_entropy(np.array([[0.0, 0.0], [0.0, 1000.0]]), np.array([0, 1]))
        tensor(0.3466, dtype=float64)

    Source: Bridle (1990); the shift by the largest logit is the log-sum-exp trick.
    """
    _check_labels(logits, target)
    rows = np.arange(len(target))
    z = logits - logits.max(axis=1, keepdims=True)  # the largest is 0: no exponential overflows
    e = np.exp(z)
    total = e.sum(axis=1)  # (N,), at least 1: the logarithm is safe
    y, share = _reduce("cross_entropy", np.log(total) - z[rows, target], reduction)

    def d_logits(g):
        g = np.broadcast_to(np.asarray(share * g, total.dtype), total.shape)  # ∂L/∂(each example's loss)
        d = e * (g / total)[:, None]  # g p
        d[rows, target] -= g  # g (p − onehot)
        return d

    return y, (d_logits,)


def _reduce(name: str, losses: np.ndarray, reduction: str) -> tuple[np.ndarray, float]:
    """The reduced losses, and the share of the result's gradient that each of them gets."""
    if reduction == "none":
        return losses, 1.0
    if reduction == "sum":
        return losses.sum(), 1.0
    if reduction == "mean":
        if losses.size == 0:
            raise ValueError(f"{name}: the mean over an empty batch is undefined (got no examples)")
        return losses.mean(), 1.0 / losses.size
    raise ValueError(f"{name}: reduction is 'mean', 'sum' or 'none', got {reduction!r}")


def _check_labels(logits: np.ndarray, target: np.ndarray) -> None:
    if logits.ndim != 2:
        raise ValueError(f"cross_entropy expected logits of shape (N, C), got {logits.shape}")
    N, C = logits.shape
    if target.shape != (N,):
        raise ValueError(f"cross_entropy: logits {logits.shape} need labels of shape ({N},), got {target.shape}")
    if target.dtype.kind not in "iu":
        raise TypeError(f"cross_entropy needs whole numbers as labels, got {target.dtype}: use .astype(np.int64)")
    if N and not (0 <= target.min() and target.max() < C):
        wrong = target[(target < 0) | (target >= C)][0]
        raise ValueError(f"cross_entropy: label {wrong} is out of range, {C} classes are numbered 0 to {C - 1}")
