"""JAX with the whole step in one jit."""

from __future__ import annotations

import jax
import jax.numpy as jnp

from benchmarks.contenders import Program
from benchmarks.contenders.jax_training import cross_entropy, training
from benchmarks.contenders.optimizers import Adam
from benchmarks.workloads.cnn import CNN


def build(workload: CNN) -> Program:
    """The workload in JAX."""
    x, y = jnp.array(workload.x), jnp.array(workload.y)

    def block(x, weight, bias):
        x = jax.lax.conv_general_dilated(x, weight, (1, 1), "SAME", dimension_numbers=("NCHW", "OIHW", "NCHW"))
        x = jax.nn.relu(x + bias[:, None, None])
        return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, (1, 1, 2, 2), (1, 1, 2, 2), "VALID")

    def loss_of(parameters):
        weight1, bias1, weight2, bias2, weight3, bias3 = parameters
        a = block(block(x, weight1, bias1), weight2, bias2)
        return cross_entropy(a.reshape(len(a), -1) @ weight3.T + bias3, y)

    return training(loss_of, workload.parameters, Adam(workload.lr))
