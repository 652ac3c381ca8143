"""nnlib.numpy as a reader uses it: modules, the tape, an optimizer."""

from __future__ import annotations

from benchmarks.contenders import Program, evaluation, training
from benchmarks.workloads.mlp import MLP
from nnlib.numpy import nn, no_grad, optim


def build(workload: MLP) -> Program:
    """The workload with nnlib's public interface, and nothing else."""
    layers = []
    for weight in workload.parameters[::2]:
        layers += [nn.Linear(weight.shape[1], weight.shape[0]), nn.ReLU()]
    model = nn.Sequential(*layers[:-1])
    model.load_state_dict(dict(zip(model.state_dict(), workload.parameters, strict=True)))
    x, y = workload.x, workload.y

    if workload.loss is None:
        return evaluation(no_grad()(lambda: model(x)))
    loss_of = {"cross_entropy": nn.CrossEntropyLoss, "mse": nn.MSELoss}[workload.loss]()
    parameters = list(model.parameters())
    return training(lambda: loss_of(model(x), y), parameters, optim.SGD(parameters, lr=workload.lr))
