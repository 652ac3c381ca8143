"""JAX with the whole step in one jit; or the whole text, written in a loop inside of one."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.contenders import Program
from benchmarks.contenders.jax_training import cross_entropy, training
from benchmarks.contenders.optimizers import Adam
from benchmarks.workloads.gpt import GPT, HEADS, PER_BLOCK


def build(workload: GPT) -> Program:
    """The workload in JAX."""
    if workload.y is None:
        return writing(workload)
    x, y = jnp.array(workload.x), jnp.array(workload.y.reshape(-1))

    def loss_of(parameters):
        logits, _ = model(parameters, x, jnp.arange(x.shape[1]))
        return cross_entropy(logits.reshape(len(y), -1), y)

    program = training(loss_of, workload.parameters, Adam(workload.lr, workload.weight_decay))

    def first():
        loss, *gradients = program.first()
        return [loss, *(gradients[i] for i in workload.compared)]

    return Program(program.step, first)


def writing(workload: GPT) -> Program:
    """The loop that writes. Arrays cannot grow in a jit: the window is full from the start, with zeros."""
    parameters, T = [jnp.array(p) for p in workload.parameters], workload.window
    everything, empty = jnp.arange(T), jnp.zeros((1, HEADS, T, workload.parameters[0].shape[1] // HEADS))

    def put(ids, t, logits):
        return ids.at[:, t + 1].set(logits.argmax(axis=1))

    @jax.jit
    def without_cache(ids):
        return jax.lax.fori_loop(0, T - 1, lambda t, ids: put(ids, t, model(parameters, ids, everything)[0][:, t]), ids)

    @jax.jit
    def with_cache(ids):
        def extend(t, state):
            ids, cache = state
            logits, cache = model(parameters, jax.lax.dynamic_slice(ids, (0, t), (1, 1)), t[None], cache)
            return put(ids, t, logits[:, 0]), cache

        return jax.lax.fori_loop(0, T - 1, extend, (ids, [(empty, empty)] * workload.layers))[0]

    start = jnp.zeros((1, T), int).at[:, :1].set(workload.x)
    write = with_cache if workload.cache else without_cache

    def first():
        ids = write(start)
        return [np.asarray(ids), np.asarray(model(parameters, ids, everything)[0])]

    return Program(lambda: write(start).block_until_ready(), first)


def model(parameters, ids, positions, cache=None):
    """Logits (N, T, V) of symbols (N, T) at these positions, and the cache of each block's keys and values."""
    embedding, position, *blocks = parameters
    x, kept = embedding[ids] + position[positions], []
    for b in range(0, len(blocks) - 2, PER_BLOCK):
        x, new = block(blocks[b : b + PER_BLOCK], x, positions, cache and cache[b // PER_BLOCK])
        kept.append(new)
    return norm(x, *blocks[-2:]) @ embedding.T, kept


def block(parameters, x, positions, cache):
    """A block's output, and all keys and values."""
    w1, b1, wq, bq, wk, bk, wv, bv, wo, bo, w2, b2, we, be, wc, bc = parameters
    N, T, d = x.shape
    h = norm(x, w1, b1)
    q, k, v = ((h @ w.T + b).reshape(N, T, HEADS, d // HEADS).swapaxes(1, 2) for w, b in ((wq, bq), (wk, bk), (wv, bv)))
    if cache:
        place = (0, 0, positions[0], 0)
        k, v = (jax.lax.dynamic_update_slice(old, new, place) for old, new in zip(cache, (k, v), strict=True))
    scores = q @ k.swapaxes(2, 3) * (d // HEADS) ** -0.5
    scores = jnp.where(jnp.arange(k.shape[2]) > positions[:, None], -jnp.inf, scores)
    y = (jax.nn.softmax(scores) @ v).swapaxes(1, 2).reshape(N, T, d)
    x = x + y @ wo.T + bo
    return x + jax.nn.gelu(norm(x, w2, b2) @ we.T + be, approximate=True) @ wc.T + bc, (k, v)


def norm(x, weight, bias):
    """Layer normalization."""
    centred = x - x.mean(axis=-1, keepdims=True)
    return centred / jnp.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-5) * weight + bias
