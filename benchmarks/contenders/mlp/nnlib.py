"""nnlib.numpy as a reader uses it: modules, the tape, an optimizer."""

from __future__ import annotations

from benchmarks.contenders import Program
from benchmarks.workloads import Workload
from nnlib.numpy import nn, no_grad, optim


def build(workload: Workload) -> Program:
    """The workload with nnlib's public interface, and nothing else."""
    layers = []
    for weight in workload.weights:
        layers += [nn.Linear(weight.shape[1], weight.shape[0]), nn.ReLU()]
    model = nn.Sequential(*layers[:-1])
    model.load_state_dict(dict(zip(model.state_dict(), workload.parameters, strict=True)))
    x, y = workload.x, workload.y

    if workload.loss is None:

        def infer():
            with no_grad():
                return model(x)

        return Program(infer, lambda: [infer().data])

    loss_of = {"cross_entropy": nn.CrossEntropyLoss, "mse": nn.MSELoss}[workload.loss]()
    optimizer = optim.SGD(model.parameters(), lr=workload.lr)

    def gradients():
        optimizer.zero_grad()
        loss = loss_of(model(x), y)
        loss.backward()
        return loss

    def step():
        gradients()
        optimizer.step()

    return Program(step, lambda: [gradients().data, *(p.grad for p in model.parameters())])
