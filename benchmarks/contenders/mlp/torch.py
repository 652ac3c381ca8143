"""PyTorch as its tutorials use it: modules, eager mode, every default."""

from __future__ import annotations

import torch
from torch import nn

from benchmarks.contenders import Program
from benchmarks.workloads import Workload

torch.set_num_threads(1)


def build(workload: Workload) -> Program:
    """The workload in PyTorch."""
    layers: list[nn.Module] = []
    for weight in workload.weights:
        layers += [nn.Linear(weight.shape[1], weight.shape[0]), nn.ReLU()]
    model = nn.Sequential(*layers[:-1])
    with torch.no_grad():
        for p, value in zip(model.parameters(), workload.parameters, strict=True):
            p.copy_(torch.from_numpy(value))
    x = torch.from_numpy(workload.x)

    if workload.loss is None:

        def infer():
            with torch.no_grad():
                return model(x)

        return Program(infer, lambda: [infer().numpy()])

    y = torch.from_numpy(workload.y)
    loss_of = {"cross_entropy": nn.CrossEntropyLoss, "mse": nn.MSELoss}[workload.loss]()
    optimizer = torch.optim.SGD(model.parameters(), lr=workload.lr)

    def gradients():
        optimizer.zero_grad()
        loss = loss_of(model(x), y)
        loss.backward()
        return loss

    def step():
        gradients()
        optimizer.step()

    return Program(step, lambda: [gradients().detach().numpy(), *(p.grad.numpy() for p in model.parameters())])
