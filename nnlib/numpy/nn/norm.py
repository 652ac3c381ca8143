"""Normalization layers; `functional/norm.py` has their mathematics."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nnlib.numpy import functional as F
from nnlib.numpy.autograd import Parameter, Tensor
from nnlib.numpy.nn.module import Module


class _BatchNorm(Module):
    """What batch normalization of rows, sequences and pictures share."""

    dims: tuple[int, ...]  # how many dimensions x may have

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
    ) -> None:
        if num_features < 1:
            raise ValueError(f"{type(self).__name__} needs at least one feature, got {num_features}")
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self.affine, self.track_running_stats = affine, track_running_stats
        self.weight = Parameter(np.ones(num_features, np.float32)) if affine else None
        self.bias = Parameter(np.zeros(num_features, np.float32)) if affine else None
        tracked = track_running_stats
        self.register_buffer("running_mean", np.zeros(num_features, np.float32) if tracked else None)
        self.register_buffer("running_var", np.ones(num_features, np.float32) if tracked else None)
        self.register_buffer("num_batches_tracked", np.array(0) if tracked else None)

    def forward(self, x: Tensor) -> Tensor:
        shape, C = np.shape(x), self.num_features
        if len(shape) not in self.dims or shape[1] != C:
            wanted = " or ".join(
                f"(N, {C}{shown})" for n, shown in ((2, ""), (3, ", L"), (4, ", H, W")) if n in self.dims
            )
            raise ValueError(f"{type(self).__name__} expected x of shape {wanted}, got {shape}")
        from_batch = self.training or not self.track_running_stats
        moving = self.training and self.track_running_stats
        momentum = 0.0 if self.momentum is None else self.momentum
        if moving and self.momentum is None:
            momentum = 1 / (self.num_batches_tracked.item() + 1)
        y = F.batch_norm(x, self.running_mean, self.running_var, self.weight, self.bias, from_batch, momentum, self.eps)
        if moving:
            self.num_batches_tracked.data += 1
        return y

    def extra_repr(self) -> str:
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, affine={self.affine}, "
            f"track_running_stats={self.track_running_stats}"
        )


class BatchNorm1d(_BatchNorm):
    """Normalize each feature over the batch; in evaluation, with the running mean and variance.

    Shape: (N, C) or (N, C, L) -> the same.

    Args:
        num_features: C.
        eps: added to the variance.
        momentum: how far the running statistics move towards each batch's; None averages over all batches.
        affine: whether a weight γ and a bias β follow.
        track_running_stats: whether there are running statistics; without them, the batch's are used always.

    Attributes:
        weight, bias: (C,), at first 1 and 0; or None.
        running_mean, running_var, num_batches_tracked: buffers; or None.

    Example:
        >>> layer = BatchNorm1d(3)
        >>> layer(np.ones((4, 3), np.float32)).shape
        (4, 3)
        >>> layer.running_mean
        tensor([0.1, 0.1, 0.1])
    """

    dims = 2, 3


class BatchNorm2d(_BatchNorm):
    """Normalize each channel of pictures over batch and pixels; in evaluation, with the running mean and variance.

    Shape: (N, C, H, W) -> the same.

    Args, Attributes: as in `BatchNorm1d`.

    Example:
        >>> BatchNorm2d(3)(np.zeros((5, 3, 8, 8), np.float32)).shape
        (5, 3, 8, 8)
    """

    dims = (4,)


class GroupNorm(Module):
    """Normalize each example over groups of its channels; the same in training and evaluation.

    Shape: (N, C, *) -> the same.

    Args:
        num_groups: how many groups the channels fall into; 1 takes all of them together.
        num_channels: C.
        eps: added to the variance.
        affine: whether a weight γ and a bias β follow, one for each channel.

    Attributes:
        weight, bias: (C,), at first 1 and 0; or None.

    Example:
        >>> GroupNorm(2, 4)(np.array([[1.0, 3.0, 0.0, 8.0]], np.float32)).data.round(3)
        array([[-1.,  1., -1.,  1.]], dtype=float32)
    """

    def __init__(self, num_groups: int, num_channels: int, eps: float = 1e-5, affine: bool = True) -> None:
        if num_groups < 1 or num_channels < 1 or num_channels % num_groups:
            raise ValueError(f"GroupNorm: {num_channels} channels do not fall into {num_groups} groups of equal size")
        self.num_groups, self.num_channels, self.eps, self.affine = num_groups, num_channels, eps, affine
        self.weight = Parameter(np.ones(num_channels, np.float32)) if affine else None
        self.bias = Parameter(np.zeros(num_channels, np.float32)) if affine else None

    def forward(self, x: Tensor) -> Tensor:
        if len(np.shape(x)) < 2 or np.shape(x)[1] != self.num_channels:
            raise ValueError(f"GroupNorm expected x of shape (N, {self.num_channels}, *), got {np.shape(x)}")
        return F.group_norm(x, self.num_groups, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        return f"{self.num_groups}, {self.num_channels}, eps={self.eps}, affine={self.affine}"


class LayerNorm(Module):
    """Normalize each example over its features, the last dimensions; the same in training and evaluation.

    Shape: (*, normalized_shape) -> the same.

    Args:
        normalized_shape: the features' shape; a number stands for one dimension.
        eps: added to the variance.
        elementwise_affine: whether a weight γ, and with `bias` a bias β, follow.

    Attributes:
        weight, bias: of normalized_shape, at first 1 and 0; or None.

    Example:
        >>> LayerNorm(2)(np.array([[1.0, 3.0]], np.float32)).data.round(3)
        array([[-1.,  1.]], dtype=float32)
    """

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
    ) -> None:
        self.normalized_shape = _features("LayerNorm", normalized_shape)
        self.eps, self.elementwise_affine = eps, elementwise_affine
        self.weight = Parameter(np.ones(self.normalized_shape, np.float32)) if elementwise_affine else None
        self.bias = Parameter(np.zeros(self.normalized_shape, np.float32)) if elementwise_affine and bias else None

    def forward(self, x: Tensor) -> Tensor:
        return F.layer_norm(x, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        return (
            f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}, "
            f"bias={self.bias is not None}"
        )


class RMSNorm(Module):
    """Divide each example by its root mean square over the features, the last dimensions; no mean, no bias.

    Shape: (*, normalized_shape) -> the same.

    Args:
        normalized_shape: the features' shape; a number stands for one dimension.
        eps: added to the mean square; None stands for the dtype's own.
        elementwise_affine: whether a weight γ follows.

    Attributes:
        weight: of normalized_shape, at first 1; or None.

    Example:
        >>> RMSNorm(2)(np.array([[3.0, 3.0]], np.float32)).data.round(3)
        array([[1., 1.]], dtype=float32)
    """

    def __init__(
        self, normalized_shape: int | Sequence[int], eps: float | None = None, elementwise_affine: bool = True
    ) -> None:
        self.normalized_shape = _features("RMSNorm", normalized_shape)
        self.eps, self.elementwise_affine = eps, elementwise_affine
        self.weight = Parameter(np.ones(self.normalized_shape, np.float32)) if elementwise_affine else None

    def forward(self, x: Tensor) -> Tensor:
        return F.rms_norm(x, self.normalized_shape, self.weight, self.eps)

    def extra_repr(self) -> str:
        return f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"


def _features(name: str, shape: int | Sequence[int]) -> tuple[int, ...]:
    shape = (shape,) if isinstance(shape, int | np.integer) else tuple(shape)
    if not shape or min(shape) < 1:
        raise ValueError(f"{name} needs at least one feature, got {shape}")
    return shape
