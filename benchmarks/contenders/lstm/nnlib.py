"""nnlib.numpy as a reader uses it: modules, the tape, an optimizer."""

from __future__ import annotations

from benchmarks.contenders import Program, training
from benchmarks.workloads.lstm import LSTM
from nnlib.numpy import nn, optim


class Tagger(nn.Module):
    """An LSTM, and a class for each step."""

    def __init__(self, inputs: int, hidden: int, classes: int) -> None:
        self.recurrent, self.head = nn.LSTM(inputs, hidden), nn.Linear(hidden, classes)

    def forward(self, x):
        h, _ = self.recurrent(x)
        return self.head(h)


def build(workload: LSTM) -> Program:
    """The workload with nnlib's public interface, and nothing else."""
    classes, hidden = workload.parameters[4].shape
    model = Tagger(workload.x.shape[2], hidden, classes)
    model.load_state_dict(dict(zip(model.state_dict(), workload.parameters, strict=True)))
    parameters, loss_of = list(model.parameters()), nn.CrossEntropyLoss()
    x, y = workload.x, workload.y.reshape(-1)
    return training(lambda: loss_of(model(x).flatten(0, 1), y), parameters, optim.Adam(parameters, lr=workload.lr))
