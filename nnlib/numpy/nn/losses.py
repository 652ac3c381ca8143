"""Losses as modules; `functional/losses.py` has their mathematics."""

from __future__ import annotations

from nnlib.numpy import functional as F
from nnlib.numpy.autograd import Tensor
from nnlib.numpy.nn.module import Module


class MSELoss(Module):
    """Mean squared error: (1/n) Σ (prediction − target)²."""

    def __init__(self, reduction: str = "mean") -> None:
        self.reduction = reduction

    def forward(self, prediction: Tensor, target: Tensor) -> Tensor:
        return F.mse_loss(prediction, target, reduction=self.reduction)


class CrossEntropyLoss(Module):
    """−(1/N) Σₙ ln softmax(logits)[n, target[n]]: takes logits, so the network ends without a softmax."""

    def __init__(self, reduction: str = "mean") -> None:
        self.reduction = reduction

    def forward(self, logits: Tensor, target: Tensor) -> Tensor:
        return F.cross_entropy(logits, target, reduction=self.reduction)
