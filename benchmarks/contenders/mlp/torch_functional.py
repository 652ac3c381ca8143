"""PyTorch with the least overhead that it offers eagerly: functions on tensors, without modules and optimizer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F

from benchmarks.contenders import Program, evaluation
from benchmarks.workloads.mlp import MLP

torch.set_num_threads(1)


def build(workload: MLP, prepare: Callable[[Callable], Any] = lambda function: function) -> Program:
    """The workload in PyTorch, tuned.

    Args:
        prepare: what is done to the function that is trained or evaluated, such as torch.compile.
    """
    parameters = [torch.tensor(p, requires_grad=True) for p in workload.parameters]
    layers = list(zip(parameters[::2], parameters[1::2], strict=True))
    x = torch.from_numpy(workload.x)

    def model(x):
        for weight, bias in layers[:-1]:
            x = torch.relu(F.linear(x, weight, bias))
        return F.linear(x, *layers[-1])

    if workload.loss is None:
        run = prepare(model)

        def infer():
            with torch.inference_mode():
                return run(x)

        return evaluation(infer)

    y, lr = torch.from_numpy(workload.y), workload.lr
    loss_of = {"cross_entropy": F.cross_entropy, "mse": F.mse_loss}[workload.loss]
    run = prepare(lambda x, y: loss_of(model(x), y))

    def gradients():
        loss = run(x, y)
        return loss, torch.autograd.grad(loss, parameters)

    def step():
        _, found = gradients()
        with torch.no_grad():
            for p, g in zip(parameters, found, strict=True):
                p.add_(g, alpha=-lr)

    def first():
        loss, found = gradients()
        return [loss.detach().numpy(), *(g.numpy() for g in found)]

    return Program(step, first)
