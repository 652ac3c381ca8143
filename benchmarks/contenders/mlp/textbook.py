"""NumPy as many textbooks write it: one-hot labels, masks for ReLU, every gradient whether needed or not."""

from __future__ import annotations

import numpy as np

from benchmarks.contenders import Program, by_hand, evaluation
from benchmarks.contenders.optimizers import SGD
from benchmarks.workloads.mlp import MLP


def build(workload: MLP) -> Program:
    """The workload in plain NumPy, without a tape: forward and backward written out."""
    x, y = workload.x, workload.y
    layers = len(workload.parameters) // 2

    def forward(parameters):
        a, cache = x, []
        for k in range(layers):
            z = np.dot(a, parameters[2 * k].T) + parameters[2 * k + 1]
            cache.append((a, z))
            a = np.where(z > 0, z, np.float32(0)) if k < layers - 1 else z
        return a, cache

    if workload.loss is None:
        return evaluation(lambda: forward(workload.parameters)[0])

    def gradients(parameters):
        out, cache = forward(parameters)
        if workload.loss == "mse":
            loss = np.mean((out - y) ** 2)
            d = 2 * (out - y) / np.float32(out.size)
        else:
            loss, d = cross_entropy(out, y)
        found = []
        for k in reversed(range(layers)):
            a, z = cache[k]
            if k < layers - 1:
                d = np.where(z > 0, d, np.float32(0))
            found = [np.dot(d.T, a), np.sum(d, axis=0), *found]
            d = np.dot(d, parameters[2 * k])
        return loss, found

    return by_hand(gradients, workload.parameters, SGD(workload.lr))


def cross_entropy(logits: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The mean of −log p(label), and its gradient in the logits (N, classes)."""
    one_hot = np.eye(logits.shape[1], dtype=logits.dtype)[labels]
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    return -np.mean(np.log(np.sum(p * one_hot, axis=1))), (p - one_hot) / np.float32(len(labels))
