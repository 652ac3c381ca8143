"""Losses for classes: the target is the number of the right class."""

from __future__ import annotations

import numpy as np

from nnlib.numpy.autograd import differentiable
from nnlib.numpy.functional.common import reduce


@differentiable
def cross_entropy(logits, target, weight=None, *, ignore_index=-100, reduction="mean", label_smoothing=0.0):
    """Cross-entropy of the classes' probabilities p = softmax(logits): L = −(1/N) Σₙ ln p[n, target[n]].

    ∂L/∂logits = (p − onehot(target)) / N: what the network believes, minus what is true.

    Shape: logits (N, C), target (N,) of class numbers 0 … C − 1 -> one number, or (N,) with reduction="none".
        Further dimensions follow the classes: logits (N, C, d1, …), target (N, d1, …).

    Args:
        weight: (C,), how much each class counts; "mean" then divides by the sum of the weights.
        ignore_index: a label that does not count, such as padding.
        reduction: "mean" divides the sum by N, "sum" does not, "none" keeps the examples apart.
        label_smoothing: ε, the part of the target's probability that is spread over all C classes.

    Raises:
        ValueError: the shapes do not fit, a label is out of range, or there is no example.
        TypeError: the labels are not whole numbers.

    Example:
        >>> cross_entropy(np.array([[0.0, 0.0], [0.0, 1000.0]]), np.array([0, 1]))
        tensor(0.3466, dtype=float64)

    Source: Bridle (1990); the shift by the largest logit is the log-sum-exp trick. Smoothing: Szegedy et al. (2016).
    """
    x, labels, counts, v = _examples("cross_entropy", logits, target, weight, ignore_index)
    w = counts * v[labels]  # (M,): how much each label counts
    eps = _smoothing(label_smoothing)
    rows = np.arange(len(labels))
    z = x - x.max(axis=1, keepdims=True)  # the largest is 0: no exponential overflows
    e = np.exp(z)
    total = e.sum(axis=1)  # (M,), at least 1: the logarithm is safe
    log_total = np.log(total)
    losses = (1 - eps) * w * (log_total - z[rows, labels])
    spread = eps / len(v) * v  # (C,): the part of the target that each class gets
    if eps:
        losses += spread.sum() * log_total - z @ spread
    losses[~counts] = 0  # even where a score is NaN
    y, share = reduce("cross_entropy", losses.reshape(target.shape), reduction, w.sum())

    def d_logits(g):
        g = share * np.reshape(g, -1).astype(w.dtype)  # ∂L/∂(each example's loss)
        sharp, smooth = (1 - eps) * w * g, counts * g
        d = e * ((sharp + spread.sum() * smooth) / total)[:, None]  # g p
        d[rows, labels] -= sharp  # g (p − onehot)
        if eps:
            d -= smooth[:, None] * spread
        return _as_given(d, logits.shape)

    return y, (d_logits,)


@differentiable
def nll_loss(log_p, target, weight=None, *, ignore_index=-100, reduction="mean"):
    """Negative log-likelihood: L = −(1/N) Σₙ log_p[n, target[n]]; cross-entropy is this after `log_softmax`.

    ∂L/∂log_p = −1/N at the target, 0 elsewhere.

    Shape: log_p (N, C), target (N,) of class numbers -> one number, or (N,) with reduction="none"; further dimensions
        follow the classes: log_p (N, C, d1, …), target (N, d1, …).

    Args:
        weight, ignore_index, reduction: as in `cross_entropy`.

    Raises:
        ValueError: the shapes do not fit, a label is out of range, or there is no example.
        TypeError: the labels are not whole numbers.

    Example:
        >>> nll_loss(np.log([[0.5, 0.5], [0.1, 0.9]]), np.array([0, 1]))
        tensor(0.3993, dtype=float64)
    """
    x, labels, counts, v = _examples("nll_loss", log_p, target, weight, ignore_index)
    w = counts * v[labels]
    rows = np.arange(len(labels))
    losses = -w * x[rows, labels]
    losses[~counts] = 0  # even where a score is NaN
    y, share = reduce("nll_loss", losses.reshape(target.shape), reduction, w.sum())

    def d_log_p(g):
        d = np.zeros_like(x)
        d[rows, labels] = -share * w * np.reshape(g, -1)
        return _as_given(d, log_p.shape)

    return y, (d_log_p,)


def _examples(
    name: str, scores: np.ndarray, target: np.ndarray, weight: np.ndarray | None, ignore_index: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """One row for each label: scores (M, C), labels (M,), which of them count (M,), and the weights of the classes."""
    if scores.ndim < 2:
        raise ValueError(f"{name} expected scores of shape (N, C) or (N, C, ...), got {scores.shape}")
    if scores.dtype.kind != "f":
        raise TypeError(f"{name} needs floating-point scores, got {scores.dtype}: convert with .astype(np.float32)")
    C, expected = scores.shape[1], (scores.shape[0], *scores.shape[2:])
    if target.shape == scores.shape:
        raise ValueError(
            f"{name}: the labels have the shape of the scores, {scores.shape}, but {expected} class numbers are "
            "expected: from one-hot rows take target.argmax(axis=1)"
        )
    if target.dtype.kind not in "iu":
        raise TypeError(f"{name} needs whole numbers as labels, got {target.dtype}: use .astype(np.int64)")
    if target.shape != expected:
        raise ValueError(f"{name}: scores {scores.shape} need labels of shape {expected}, got {target.shape}")
    if weight is not None and weight.shape != (C,):
        raise ValueError(f"{name}: {C} classes need a weight of shape ({C},), got {weight.shape}")
    labels = target.reshape(-1)
    counts = labels != ignore_index
    wrong = counts & ((labels < 0) | (labels >= C))
    if wrong.any():
        raise ValueError(f"{name}: label {labels[wrong][0]} is out of range, {C} classes are numbered 0 to {C - 1}")
    labels = labels * counts  # an ignored one may be any class: it does not count
    v = np.ones(C, scores.dtype) if weight is None else weight.astype(scores.dtype)
    return np.moveaxis(scores, 1, -1).reshape(-1, C), labels, counts, v


def _as_given(d: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Rows (M, C) back in the shape (N, C, d1, …) of the scores."""
    return np.moveaxis(d.reshape(shape[0], *shape[2:], shape[1]), -1, 1)


def _smoothing(label_smoothing: float) -> float:
    if not 0 <= label_smoothing <= 1:
        raise ValueError(f"cross_entropy: label_smoothing is between 0 and 1, got {label_smoothing}")
    return label_smoothing
