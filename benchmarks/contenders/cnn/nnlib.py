"""nnlib.numpy as a reader uses it: modules, the tape, an optimizer."""

from __future__ import annotations

from benchmarks.contenders import Program, training
from benchmarks.workloads.cnn import CNN
from nnlib.numpy import nn, optim


def build(workload: CNN) -> Program:
    """The workload with nnlib's public interface, and nothing else."""
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
    model.load_state_dict(dict(zip(model.state_dict(), workload.parameters, strict=True)))
    parameters, loss_of = list(model.parameters()), nn.CrossEntropyLoss()
    return training(lambda: loss_of(model(workload.x), workload.y), parameters, optim.Adam(parameters, lr=workload.lr))
