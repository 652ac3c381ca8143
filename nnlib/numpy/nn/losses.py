"""Losses as modules; `functional/losses.py` and `functional/classification.py` have their mathematics.

Options come by name: PyTorch's constructors still have two old ones in front of `reduction`.
"""

from __future__ import annotations

import numpy as np

from nnlib.numpy import functional as F
from nnlib.numpy.autograd import Tensor
from nnlib.numpy.nn.module import Module


class MSELoss(Module):
    """Mean squared error: (1/n) Σ (prediction − target)²."""

    def __init__(self, *, reduction: str = "mean") -> None:
        self.reduction = reduction

    def forward(self, prediction: Tensor, target: Tensor) -> Tensor:
        return F.mse_loss(prediction, target, reduction=self.reduction)


class L1Loss(Module):
    """Mean absolute error: (1/n) Σ |prediction − target|."""

    def __init__(self, *, reduction: str = "mean") -> None:
        self.reduction = reduction

    def forward(self, prediction: Tensor, target: Tensor) -> Tensor:
        return F.l1_loss(prediction, target, reduction=self.reduction)


class HuberLoss(Module):
    """Squared for errors below delta, absolute above."""

    def __init__(self, *, reduction: str = "mean", delta: float = 1.0) -> None:
        self.reduction, self.delta = reduction, delta

    def forward(self, prediction: Tensor, target: Tensor) -> Tensor:
        return F.huber_loss(prediction, target, delta=self.delta, reduction=self.reduction)


class BCEWithLogitsLoss(Module):
    """Cross-entropy of yes or no: takes logits, so the network ends without a sigmoid.

    Args:
        pos_weight: how much more a yes counts, an array that broadcasts to the logits' shape.
    """

    def __init__(self, *, reduction: str = "mean", pos_weight: Tensor | np.ndarray | None = None) -> None:
        self.reduction = reduction
        self.register_buffer("pos_weight", pos_weight)

    def forward(self, logits: Tensor, target: Tensor) -> Tensor:
        return F.binary_cross_entropy_with_logits(logits, target, pos_weight=self.pos_weight, reduction=self.reduction)


class CrossEntropyLoss(Module):
    """−(1/N) Σₙ ln softmax(logits)[n, target[n]]: takes logits, so the network ends without a softmax.

    Args:
        weight: (C,), how much each class counts.
        ignore_index: a label that does not count.
        label_smoothing: the part of the target's probability that is spread over all classes.
    """

    def __init__(
        self,
        weight: Tensor | np.ndarray | None = None,
        *,
        ignore_index: int = -100,
        reduction: str = "mean",
        label_smoothing: float = 0.0,
    ) -> None:
        self.register_buffer("weight", weight)
        self.ignore_index, self.reduction, self.label_smoothing = ignore_index, reduction, label_smoothing

    def forward(self, logits: Tensor, target: Tensor) -> Tensor:
        return F.cross_entropy(
            logits,
            target,
            self.weight,
            ignore_index=self.ignore_index,
            reduction=self.reduction,
            label_smoothing=self.label_smoothing,
        )


class NLLLoss(Module):
    """−(1/N) Σₙ log_p[n, target[n]]: takes log-probabilities, for a network that ends with a LogSoftmax."""

    def __init__(
        self,
        weight: Tensor | np.ndarray | None = None,
        *,
        ignore_index: int = -100,
        reduction: str = "mean",
    ) -> None:
        self.register_buffer("weight", weight)
        self.ignore_index, self.reduction = ignore_index, reduction

    def forward(self, log_p: Tensor, target: Tensor) -> Tensor:
        return F.nll_loss(log_p, target, self.weight, ignore_index=self.ignore_index, reduction=self.reduction)


class KLDivLoss(Module):
    """The Kullback-Leibler divergence Σ p (ln p − ln q); takes ln q, the prediction, first.

    Args:
        reduction: "batchmean" is the divergence as defined, a mean over examples.
        log_target: whether the target is ln p instead of p.
    """

    def __init__(self, *, reduction: str = "mean", log_target: bool = False) -> None:
        self.reduction, self.log_target = reduction, log_target

    def forward(self, log_q: Tensor, target: Tensor) -> Tensor:
        return F.kl_div(log_q, target, reduction=self.reduction, log_target=self.log_target)
