"""JAX with the whole step in one jit."""

from __future__ import annotations

import jax
import jax.numpy as jnp

from benchmarks.contenders import Program, evaluation
from benchmarks.contenders.jax_training import cross_entropy, training
from benchmarks.contenders.optimizers import SGD
from benchmarks.workloads.mlp import MLP


def build(workload: MLP) -> Program:
    """The workload in JAX."""
    x = jnp.array(workload.x)
    y = None if workload.y is None else jnp.array(workload.y)

    def model(parameters, x):
        for i in range(0, len(parameters), 2):
            x = x @ parameters[i].T + parameters[i + 1]
            if i + 2 < len(parameters):
                x = jax.nn.relu(x)
        return x

    if workload.loss is None:
        run, parameters = jax.jit(model), [jnp.array(p) for p in workload.parameters]
        return evaluation(lambda: run(parameters, x).block_until_ready())

    def loss_of(parameters):
        out = model(parameters, x)
        return jnp.mean((out - y) ** 2) if workload.loss == "mse" else cross_entropy(out, y)

    return training(loss_of, workload.parameters, SGD(workload.lr))
