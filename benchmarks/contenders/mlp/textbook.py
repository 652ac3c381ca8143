"""NumPy as many textbooks write it: one-hot labels, masks for ReLU, every gradient whether needed or not."""

from __future__ import annotations

import numpy as np

from benchmarks.contenders import Program
from benchmarks.workloads import Workload


def build(workload: Workload) -> Program:
    """The workload in plain NumPy, without a tape: forward and backward written out."""
    parameters = [p.copy() for p in workload.parameters]
    x, y, lr = workload.x, workload.y, np.float32(workload.lr)
    layers = len(workload.weights)

    def forward():
        a, cache = x, []
        for k in range(layers):
            z = np.dot(a, parameters[2 * k].T) + parameters[2 * k + 1]
            cache.append((a, z))
            a = np.where(z > 0, z, np.float32(0)) if k < layers - 1 else z
        return a, cache

    if workload.loss is None:
        return Program(lambda: forward()[0], lambda: [forward()[0]])

    def gradients():
        out, cache = forward()
        if workload.loss == "mse":
            loss = np.mean((out - y) ** 2)
            d = 2 * (out - y) / np.float32(out.size)
        else:
            one_hot = np.eye(out.shape[1], dtype=out.dtype)[y]
            p = np.exp(out - out.max(axis=1, keepdims=True))
            p = p / p.sum(axis=1, keepdims=True)
            loss = -np.mean(np.log(np.sum(p * one_hot, axis=1)))
            d = (p - one_hot) / np.float32(len(y))
        found = []
        for k in reversed(range(layers)):
            a, z = cache[k]
            if k < layers - 1:
                d = np.where(z > 0, d, np.float32(0))
            found = [np.dot(d.T, a), np.sum(d, axis=0), *found]
            d = np.dot(d, parameters[2 * k])
        return loss, found

    def step():
        _, found = gradients()
        for i, g in enumerate(found):
            parameters[i] = parameters[i] - lr * g

    def first():
        loss, found = gradients()
        return [np.asarray(loss), *found]

    return Program(step, first)
