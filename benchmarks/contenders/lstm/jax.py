"""JAX with the whole step in one jit, and the recurrence as a scan."""

from __future__ import annotations

import jax
import jax.numpy as jnp

from benchmarks.contenders import Program
from benchmarks.contenders.jax_training import cross_entropy, training
from benchmarks.contenders.optimizers import Adam
from benchmarks.workloads.lstm import LSTM


def build(workload: LSTM) -> Program:
    """The workload in JAX."""
    x, y = jnp.array(workload.x), jnp.array(workload.y.reshape(-1))
    start = jnp.zeros((x.shape[1], workload.parameters[1].shape[1]))

    def loss_of(parameters):
        w_ih, w_hh, b_ih, b_hh, w_out, b_out = parameters

        def step(state, z):
            h, c = state
            i, f, g, o = jnp.split(z + h @ w_hh.T, 4, axis=1)
            c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
            h = jax.nn.sigmoid(o) * jnp.tanh(c)
            return (h, c), h

        _, h = jax.lax.scan(step, (start, start), x @ w_ih.T + b_ih + b_hh)
        return cross_entropy(h.reshape(len(y), -1) @ w_out.T + b_out, y)

    return training(loss_of, workload.parameters, Adam(workload.lr))
