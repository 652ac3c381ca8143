"""nnlib.numpy as a reader uses it: its GPT, the tape, an optimizer; and its `generate`."""

from __future__ import annotations

from benchmarks.contenders import Program, training
from benchmarks.workloads.gpt import GPT
from nnlib.numpy import models, nn, no_grad, optim


def build(workload: GPT) -> Program:
    """The workload with nnlib's public interface, and nothing else."""
    model = models.GPT(**workload.sizes)
    model.load_state_dict(dict(zip(model.state_dict(), workload.parameters, strict=True)))
    x = workload.x

    if workload.y is None:

        def write():
            return model.generate(x, workload.window - 1, use_cache=workload.cache, temperature=0)

        def first():
            with no_grad():
                return [write(), model(write()).data]

        return Program(write, first)

    y, parameters, loss_of = workload.y.reshape(-1), list(model.parameters()), nn.CrossEntropyLoss()
    optimizer = optim.AdamW(parameters, lr=workload.lr, weight_decay=workload.weight_decay)
    compared = [parameters[i] for i in workload.compared]
    return training(lambda: loss_of(model(x).flatten(0, 1), y), compared, optimizer)
