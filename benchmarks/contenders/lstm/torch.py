"""PyTorch as its tutorials use it: modules, eager mode, every default."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from benchmarks.contenders import Program, training
from benchmarks.workloads.lstm import LSTM

torch.set_num_threads(1)


class Tagger(nn.Module):
    """An LSTM, and a class for each step."""

    def __init__(self, inputs: int, hidden: int, classes: int) -> None:
        super().__init__()
        self.recurrent, self.head = nn.LSTM(inputs, hidden), nn.Linear(hidden, classes)

    def forward(self, x):
        h, _ = self.recurrent(x)
        return self.head(h)


def build(workload: LSTM, prepare: Callable[[Callable], Any] = lambda function: function, **options: Any) -> Program:
    """The workload in PyTorch.

    Args:
        prepare: what is done to the function that computes the loss, such as torch.compile.
        options: of the optimizer.
    """
    classes, hidden = workload.parameters[4].shape
    model = Tagger(workload.x.shape[2], hidden, classes)
    with torch.no_grad():
        for p, value in zip(model.parameters(), workload.parameters, strict=True):
            p.copy_(torch.from_numpy(value))
    parameters, loss_of = list(model.parameters()), nn.CrossEntropyLoss()
    x, y = torch.from_numpy(workload.x), torch.from_numpy(workload.y.reshape(-1))
    run = prepare(lambda x, y: loss_of(model(x).flatten(0, 1), y))
    return training(lambda: run(x, y), parameters, torch.optim.Adam(parameters, lr=workload.lr, **options))
