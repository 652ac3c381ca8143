"""A small residual network: every block adds to what it was given."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nnlib.numpy import functional as F
from nnlib.numpy import nn
from nnlib.numpy.autograd import Tensor


class ResidualBlock(nn.Module):
    """y = relu(x + f(x)), with f two convolutions; a stride or more channels make the way around one too.

    Shape: (N, in_channels, H, W) -> (N, out_channels, H/stride, W/stride).
    """

    def __init__(
        self, in_channels: int, out_channels: int, stride: int = 1, *, rng: np.random.Generator | None = None
    ) -> None:
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False, rng=rng)
        self.norm1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False, rng=rng)
        self.norm2 = nn.BatchNorm2d(out_channels)
        self.around: nn.Module = nn.Identity()
        if stride != 1 or in_channels != out_channels:
            self.around = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride, bias=False, rng=rng), nn.BatchNorm2d(out_channels)
            )

    def forward(self, x: Tensor) -> Tensor:
        y = self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x)))))
        return F.relu(self.around(x) + y)


class ResNet(nn.Module):
    """Stages of residual blocks, each stage with half the height and width and twice the channels of the one before.

    Shape: (N, in_channels, H, W) -> (N, classes), for any H and W.

    Args:
        blocks: how many blocks each stage has. (3, 3, 3) is the paper's network of 20 layers for small pictures.
        width: channels of the first stage.

    Example:
        >>> ResNet((1, 1))(np.zeros((2, 1, 28, 28), np.float32)).shape
        (2, 10)

    Source: He, Zhang, Ren and Sun (2016), section 4.2.
    """

    def __init__(
        self,
        blocks: Sequence[int] = (3, 3, 3),
        width: int = 16,
        classes: int = 10,
        in_channels: int = 1,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        self.conv = nn.Conv2d(in_channels, width, 3, padding=1, bias=False, rng=rng)
        self.norm = nn.BatchNorm2d(width)
        stages, channels = [], width
        for stage, n in enumerate(blocks):
            for i in range(n):
                out = width * 2**stage
                stages.append(ResidualBlock(channels, out, 2 if stage and i == 0 else 1, rng=rng))
                channels = out
        self.blocks = nn.Sequential(*stages)
        self.head = nn.Linear(channels, classes, rng=rng)

    def forward(self, x: Tensor) -> Tensor:
        x = self.blocks(F.relu(self.norm(self.conv(x))))  # (N, C, H, W)
        return self.head(x.mean((2, 3)))
