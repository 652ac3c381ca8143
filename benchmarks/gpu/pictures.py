"""ResNet-18 on small pictures: pictures per second, by our loop and by a plain one."""

from __future__ import annotations

from typing import Any

import torch
from torch.utils.data import TensorDataset

from benchmarks.gpu.gate import Paused
from benchmarks.gpu.plain import picture_step
from benchmarks.gpu.rounds import Slice, in_turn
from nnlib.torch import functional as F
from nnlib.torch import models, nn, optim
from nnlib.torch.train import Settings


def resnet(small: bool) -> nn.Module:
    """The paper's 18 layers, with a first convolution for pictures of 32 × 32."""
    torch.manual_seed(0)
    return models.ResNet((1, 1), 4, in_channels=3) if small else models.ResNet((2, 2, 2, 2), 64, in_channels=3)


def measure(small: bool, device: torch.device, rounds: int) -> dict[str, Any]:
    """Both loops begin with the same weights, and find their pictures on the device."""
    batch, pictures, steps = (4, 16, 1) if small else (512, 8192, 20)
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(pictures, 3, 32, 32, generator=generator).to(device)
    y = torch.randint(10, (pictures,), generator=generator).to(device)

    def sgd(model: nn.Module) -> optim.Optimizer:
        return optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4)

    settings = Settings(
        steps=10**6, batch_size=batch, precision="bfloat16", compile="eager" if small else True, clip=None,
        device=str(device), progress=False, log_every=50,
    )  # fmt: skip
    model = resnet(small).to(device, memory_format=torch.channels_last)
    ours = Paused(model, F.cross_entropy, TensorDataset(x, y), settings, optimizer=sgd)
    plain = picture_step(resnet(small), x, y, batch, device)
    slices = {
        name: Slice(lambda s=step: [s() for _ in range(steps)], steps * batch)
        for name, step in (("plain loop", plain), ("our loop", ours.step))
    }
    results = in_turn(slices, "plain loop", rounds)
    ours.close()
    weights = sum(p.numel() for p in model.parameters())
    return {"network": f"ResNet, {weights:,} weights, 3 × 32 × 32", "batch": batch, "loops": results}
