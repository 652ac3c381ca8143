"""LeNet: the network that first read handwritten digits for a living."""

from __future__ import annotations

from torch import Tensor

from nnlib.torch import nn


class LeNet(nn.Module):
    """Two convolutions, each followed by pooling, and three fully connected layers, for pictures of 28 × 28.

    As in the paper, but with ReLU, max-pooling and full connections, as it is built today.

    Shape: (N, in_channels, 28, 28) -> (N, classes).

    Example:
        >>> LeNet()(torch.zeros(5, 1, 28, 28)).shape
        torch.Size([5, 10])

    Source: LeCun, Bottou, Bengio and Haffner (1998).
    """

    def __init__(self, classes: int = 10, in_channels: int = 1) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(in_channels, 6, 5, padding=2),  # (N, 6, 28, 28)
            nn.ReLU(),
            nn.MaxPool2d(2),  # (N, 6, 14, 14)
            nn.Conv2d(6, 16, 5),  # (N, 16, 10, 10)
            nn.ReLU(),
            nn.MaxPool2d(2),  # (N, 16, 5, 5)
        )
        self.classifier = nn.Sequential(
            nn.Flatten(),  # (N, 400)
            nn.Linear(400, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, classes),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.features(x))
