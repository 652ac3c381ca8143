"""JAX with the whole step in one jit, as its users write it; donated parameters are updated in place."""

from __future__ import annotations

import functools

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.contenders import Program
from benchmarks.workloads import Workload


def build(workload: Workload) -> Program:
    """The workload in JAX. Each step waits for its result, because JAX answers before it has computed."""
    parameters = [jnp.array(p) for p in workload.parameters]
    x, lr = jnp.array(workload.x), workload.lr
    y = None if workload.y is None else jnp.array(workload.y)

    def model(parameters, x):
        for i in range(0, len(parameters), 2):
            x = x @ parameters[i].T + parameters[i + 1]
            if i + 2 < len(parameters):
                x = jax.nn.relu(x)
        return x

    if workload.loss is None:
        run = jax.jit(model)
        return Program(lambda: run(parameters, x).block_until_ready(), lambda: [np.asarray(run(parameters, x))])

    def loss_of(parameters):
        out = model(parameters, x)
        if workload.loss == "mse":
            return jnp.mean((out - y) ** 2)
        return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(out), y[:, None], axis=1))

    value_and_grad = jax.jit(jax.value_and_grad(loss_of))

    @functools.partial(jax.jit, donate_argnums=0)
    def train(parameters):
        loss, gradients = value_and_grad(parameters)
        return loss, [p - lr * g for p, g in zip(parameters, gradients, strict=True)]

    def step():
        nonlocal parameters
        _, parameters = train(parameters)
        jax.block_until_ready(parameters)

    def first():
        loss, gradients = value_and_grad(parameters)
        return [np.asarray(loss), *map(np.asarray, gradients)]

    return Program(step, first)
