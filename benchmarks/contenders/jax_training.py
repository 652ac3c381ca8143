"""A training step in JAX as its users write it: the whole step in one jit."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.contenders import Program


def training(loss_of: Callable[[list], Any], parameters: list[np.ndarray], optimizer: Any) -> Program:
    """The program of a loss as a function of the parameters, and an optimizer of `optimizers.py`.

    Donated parameters are updated in place. Each step waits for its result, because JAX answers before it has computed.
    """
    parameters = [jnp.array(p) for p in parameters]
    state = optimizer.start(parameters)
    value_and_grad = jax.jit(jax.value_and_grad(loss_of))

    @functools.partial(jax.jit, donate_argnums=(0, 1))
    def train(parameters, state):
        loss, gradients = value_and_grad(parameters)
        return loss, *optimizer.update(parameters, gradients, state)

    def step():
        nonlocal parameters, state
        _, parameters, state = train(parameters, state)
        jax.block_until_ready(parameters)

    def first():
        loss, gradients = value_and_grad(parameters)
        return [np.asarray(a) for a in (loss, *gradients)]

    return Program(step, first)


def cross_entropy(logits: Any, labels: Any) -> Any:
    """The mean of −log p(label), with the logits (N, classes)."""
    return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], axis=1))
