"""PyTorch as its tutorials use it: modules, eager mode, every default."""

from __future__ import annotations

import torch
from torch import nn

from benchmarks.contenders import Program, training
from benchmarks.workloads.cnn import CNN

torch.set_num_threads(1)


def build(workload: CNN, memory_format: torch.memory_format = torch.contiguous_format) -> Program:
    """The workload in PyTorch.

    Args:
        memory_format: how weights and pictures lie in memory.
    """
    first, second = len(workload.parameters[0]), len(workload.parameters[2])
    model = nn.Sequential(
        nn.Conv2d(1, first, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(first, second, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(49 * second, 10),
    )
    with torch.no_grad():
        for p, value in zip(model.parameters(), workload.parameters, strict=True):
            p.copy_(torch.from_numpy(value))
    model = model.to(memory_format=memory_format)
    x, y = torch.from_numpy(workload.x).to(memory_format=memory_format), torch.from_numpy(workload.y)
    parameters, loss_of = list(model.parameters()), nn.CrossEntropyLoss()
    return training(lambda: loss_of(model(x), y), parameters, torch.optim.Adam(parameters, lr=workload.lr))
