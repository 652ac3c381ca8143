"""Convolutional layers; `functional/conv.py` has their mathematics."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from nnlib.numpy import functional as F
from nnlib.numpy import init
from nnlib.numpy.autograd import Parameter, Tensor
from nnlib.numpy.nn.module import Module

Size = int | Sequence[int]


class _Conv(Module):
    """What convolutional layers share: the kernel, its initial values, and how the layer is printed."""

    dims: int  # directions in which the kernel moves
    transposed = False

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        stride: Size,
        padding: Size | str,
        output_padding: Size,
        dilation: Size,
        groups: int,
        bias: bool,
        rng: np.random.Generator | None,
    ) -> None:
        name = type(self).__name__
        if in_channels < 1 or out_channels < 1 or groups < 1 or in_channels % groups or out_channels % groups:
            raise ValueError(
                f"{name}: {in_channels} and {out_channels} channels do not fall into {groups} groups of equal size"
            )
        self.in_channels, self.out_channels, self.groups = in_channels, out_channels, groups
        self.kernel_size, self.stride = self._each("kernel_size", kernel_size), self._each("stride", stride)
        self.padding = padding if isinstance(padding, str) and not self.transposed else self._each("padding", padding)
        self.output_padding = self._each("output_padding", output_padding)
        self.dilation = self._each("dilation", dilation)
        if min(self.kernel_size) < 1:
            raise ValueError(f"{name}: the kernel has at least one entry, got {self.kernel_size}")
        first, second = (in_channels, out_channels) if self.transposed else (out_channels, in_channels)
        shape = (first, second // groups, *self.kernel_size)
        bound = 1 / math.sqrt(math.prod(shape[1:]))  # 1/√(what one output is a sum of)
        self.weight = Parameter(np.empty(shape, np.float32))
        self.bias = Parameter(np.empty(out_channels, np.float32)) if bias else None
        init.uniform_(self.weight, -bound, bound, rng=rng)
        if bias:
            init.uniform_(self.bias, -bound, bound, rng=rng)

    def _each(self, name: str, value: Size) -> tuple[int, ...]:
        """One number for every direction, or one for each."""
        if isinstance(value, int | np.integer):
            return (int(value),) * self.dims
        numbers = tuple(value) if isinstance(value, Sequence | np.ndarray) else ()
        if len(numbers) != self.dims or not all(isinstance(v, int | np.integer) for v in numbers):
            raise ValueError(f"{type(self).__name__}: {name} is a number or {self.dims} numbers, got {value!r}")
        return tuple(int(v) for v in numbers)

    def extra_repr(self) -> str:
        shown = f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, stride={self.stride}"
        for name, usual in (("padding", 0), ("dilation", 1), ("output_padding", 0)):
            if getattr(self, name) != (usual,) * self.dims:
                shown += f", {name}={getattr(self, name)}"
        shown += f", groups={self.groups}" if self.groups != 1 else ""
        return shown + (", bias=False" if self.bias is None else "")


class Conv1d(_Conv):
    """Slide kernels along a sequence.

    Shape: (N, in_channels, T) -> (N, out_channels, T'), with
        T' = ⌊(T + 2·padding − dilation·(kernel_size − 1) − 1) / stride⌋ + 1.

    Args:
        stride, dilation: the step between windows, and inside them.
        padding: zeros at both ends; or "valid" for none, or "same" for as many as keep T.
        groups: the channels fall into so many groups, each with kernels of its own.
        bias: whether to add one number to each channel.
        rng: the source of the initial values; by default the one that `manual_seed` sets.

    Attributes:
        weight: (out_channels, in_channels/groups, k), at first uniform in ±1/√(in_channels/groups·k).
        bias: (out_channels,), likewise; or None.

    Example:
        >>> Conv1d(3, 4, kernel_size=2)(np.zeros((5, 3, 7), np.float32)).shape
        (5, 4, 6)
    """

    dims = 1

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        stride: Size = 1,
        padding: Size | str = 0,
        dilation: Size = 1,
        groups: int = 1,
        bias: bool = True,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, 0, dilation, groups, bias, rng)

    def forward(self, x: Tensor) -> Tensor:
        return F.conv1d(x, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups)


class Conv2d(_Conv):
    """Slide kernels over a picture.

    Shape: (N, in_channels, H, W) -> (N, out_channels, H', W'), with
        H' = ⌊(H + 2·padding − dilation·(kernel_size − 1) − 1) / stride⌋ + 1, and W' likewise.

    Args:
        kernel_size, stride, padding, dilation: a number, or one for each direction; as in `Conv1d`.
        groups, bias, rng: as in `Conv1d`.

    Attributes:
        weight: (out_channels, in_channels/groups, kh, kw), at first uniform in ±1/√(in_channels/groups·kh·kw).
        bias: (out_channels,), likewise; or None.

    Example:
        >>> Conv2d(1, 4, kernel_size=3, padding=1)(np.zeros((5, 1, 8, 8), np.float32)).shape
        (5, 4, 8, 8)
    """

    dims = 2

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        stride: Size = 1,
        padding: Size | str = 0,
        dilation: Size = 1,
        groups: int = 1,
        bias: bool = True,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, 0, dilation, groups, bias, rng)

    def forward(self, x: Tensor) -> Tensor:
        return F.conv2d(x, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups)


class ConvTranspose2d(_Conv):
    """Put a multiple of a kernel on the output for every pixel of the input: a picture grows.

    Shape: (N, in_channels, H, W) -> (N, out_channels, H', W'), with
        H' = (H − 1)·stride − 2·padding + dilation·(kernel_size − 1) + output_padding + 1, and W' likewise.

    Args:
        kernel_size, stride, padding, dilation: a number, or one for each direction.
        output_padding: rows and columns more at the lower and right border.
        groups, bias, rng: as in `Conv1d`.

    Attributes:
        weight: (in_channels, out_channels/groups, kh, kw), at first uniform in ±1/√(out_channels/groups·kh·kw).
        bias: (out_channels,), likewise; or None.

    Example:
        >>> ConvTranspose2d(4, 1, kernel_size=2, stride=2)(np.zeros((5, 4, 8, 8), np.float32)).shape
        (5, 1, 16, 16)
    """

    dims = 2
    transposed = True

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        stride: Size = 1,
        padding: Size = 0,
        output_padding: Size = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Size = 1,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__(
            in_channels, out_channels, kernel_size, stride, padding, output_padding, dilation, groups, bias, rng
        )

    def forward(self, x: Tensor) -> Tensor:
        return F.conv_transpose2d(
            x, self.weight, self.bias, self.stride, self.padding, self.output_padding, self.groups, self.dilation
        )
