"""PyTorch as its tutorials use it: modules, eager mode, every default."""

from __future__ import annotations

import torch
from torch import nn

from benchmarks.contenders import Program, evaluation, training
from benchmarks.workloads.mlp import MLP

torch.set_num_threads(1)


def build(workload: MLP) -> Program:
    """The workload in PyTorch."""
    layers: list[nn.Module] = []
    for weight in workload.parameters[::2]:
        layers += [nn.Linear(weight.shape[1], weight.shape[0]), nn.ReLU()]
    model = nn.Sequential(*layers[:-1])
    with torch.no_grad():
        for p, value in zip(model.parameters(), workload.parameters, strict=True):
            p.copy_(torch.from_numpy(value))
    x = torch.from_numpy(workload.x)

    if workload.loss is None:
        return evaluation(torch.no_grad()(lambda: model(x)))
    y = torch.from_numpy(workload.y)
    loss_of = {"cross_entropy": nn.CrossEntropyLoss, "mse": nn.MSELoss}[workload.loss]()
    parameters = list(model.parameters())
    return training(lambda: loss_of(model(x), y), parameters, torch.optim.SGD(parameters, lr=workload.lr))
