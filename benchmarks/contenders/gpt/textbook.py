"""NumPy as many courses write it: each layer a function forward and one backward, attention with all its weights."""

from __future__ import annotations

import numpy as np

from benchmarks.contenders import Program, by_hand
from benchmarks.contenders.mlp.textbook import cross_entropy
from benchmarks.contenders.optimizers import Adam
from benchmarks.workloads.gpt import GPT, HEADS, PER_BLOCK


def build(workload: GPT) -> Program:
    """The workload in plain NumPy, without a tape: forward and backward written out."""
    x, y = workload.x, workload.y
    if y is None:
        write = write_with_cache if workload.cache else write_without_cache

        def first():
            ids = write(workload.parameters, x, workload.window)
            return [ids, model(workload.parameters, ids)[0]]

        return Program(lambda: write(workload.parameters, x, workload.window), first)

    def gradients(parameters):
        logits, kept, end = model(parameters, x)
        loss, d = cross_entropy(logits.reshape(-1, logits.shape[2]), y.reshape(-1))
        d = d.reshape(logits.shape)
        embedding, position = parameters[:2]
        d_embedding = np.einsum("ntv,ntd->vd", d, end[0], optimize=True)
        d, *found = norm_backward(d @ embedding, parameters[-2], end[1])
        for b, cache in reversed(list(zip(range(2, len(parameters) - 2, PER_BLOCK), kept, strict=True))):
            d, of_block = block_backward(d, parameters[b : b + PER_BLOCK], cache)
            found = of_block + found
        np.add.at(d_embedding, x, d)
        d_position = np.zeros_like(position)
        d_position[: x.shape[1]] = d.sum(axis=0)
        return loss, [d_embedding, d_position, *found]

    program = by_hand(gradients, workload.parameters, Adam(workload.lr, workload.weight_decay))

    def first():
        loss, *found = program.first()
        return [loss, *(found[i] for i in workload.compared)]

    return Program(program.step, first)


def write_without_cache(parameters, ids, window):
    """Read everything again for each symbol."""
    while ids.shape[1] < window:
        ids = np.concatenate([ids, model(parameters, ids)[0][:, -1:].argmax(axis=2)], axis=1)
    return ids


def write_with_cache(parameters, ids, window):
    """Read the last symbol only, beside the keys and values of those before it."""
    past = [None] * ((len(parameters) - 4) // PER_BLOCK)
    while (T := ids.shape[1]) < window:
        logits, kept, _ = model(parameters, ids[:, -1:], T - 1, past)
        past = [cache["k, v"] for cache in kept]
        ids = np.concatenate([ids, logits.argmax(axis=2)], axis=1)
    return ids


def model(parameters, ids, start=0, past=None):
    """Logits (N, T, V); what the blocks keep for the way back; and what the end keeps."""
    embedding, position = parameters[:2]
    x, kept = embedding[ids] + position[start : start + ids.shape[1]], []
    for i, b in enumerate(range(2, len(parameters) - 2, PER_BLOCK)):
        x, cache = block(x, parameters[b : b + PER_BLOCK], past and past[i])
        kept.append(cache)
    h, cache = norm(x, *parameters[-2:])
    return h @ embedding.T, kept, (h, cache)


def block(x, parameters, past=None):
    """A block's output, and what it keeps."""
    w1, b1, wq, bq, wk, bk, wv, bv, wo, bo, w2, b2, we, be, wc, bc = parameters
    h1, norm1 = norm(x, w1, b1)
    q, k, v = heads(h1 @ wq.T + bq), heads(h1 @ wk.T + bk), heads(h1 @ wv.T + bv)
    if past is not None:
        k, v = np.concatenate([past[0], k], axis=2), np.concatenate([past[1], v], axis=2)
    s = q @ k.swapaxes(2, 3) / np.float32(np.sqrt(q.shape[3]))
    s = np.where(np.tri(*s.shape[2:], s.shape[3] - s.shape[2], dtype=bool), s, np.float32(-np.inf))
    p = np.exp(s - s.max(axis=3, keepdims=True))
    p = p / p.sum(axis=3, keepdims=True)
    a = joined(p @ v)
    x = x + a @ wo.T + bo
    h2, norm2 = norm(x, w2, b2)
    u = h2 @ we.T + be
    y = x + gelu(u)[0] @ wc.T + bc
    return y, {"h1": h1, "norm1": norm1, "q": q, "k, v": (k, v), "p": p, "a": a, "h2": h2, "norm2": norm2, "u": u}


def block_backward(d, parameters, kept):
    """The gradient of the block's input, and those of its parameters in their order."""
    w1, b1, wq, bq, wk, bk, wv, bv, wo, bo, w2, b2, we, be, wc, bc = parameters
    value, slope = gelu(kept["u"])
    d_h, d_wc, d_bc = linear_backward(d, wc, value)
    d_h, d_we, d_be = linear_backward(d_h * slope, we, kept["h2"])
    d_h, d_w2, d_b2 = norm_backward(d_h, w2, kept["norm2"])
    d = d + d_h
    d_a, d_wo, d_bo = linear_backward(d, wo, kept["a"])
    g, q, (k, v), p = heads(d_a), kept["q"], kept["k, v"], kept["p"]
    d_p = g @ v.swapaxes(2, 3)
    d_s = p * (d_p - (d_p * p).sum(axis=3, keepdims=True)) / np.float32(np.sqrt(q.shape[3]))
    d_q, d_k, d_v = joined(d_s @ k), joined(d_s.swapaxes(2, 3) @ q), joined(p.swapaxes(2, 3) @ g)
    d_h, found = 0, []
    for d_part, w in ((d_q, wq), (d_k, wk), (d_v, wv)):
        d_input, d_w, d_b = linear_backward(d_part, w, kept["h1"])
        d_h, found = d_h + d_input, [*found, d_w, d_b]
    d_h, d_w1, d_b1 = norm_backward(d_h, w1, kept["norm1"])
    return d + d_h, [d_w1, d_b1, *found, d_wo, d_bo, d_w2, d_b2, d_we, d_be, d_wc, d_bc]


def heads(x):
    """(N, T, d) -> (N, heads, T, d/heads)."""
    return x.reshape(*x.shape[:2], HEADS, -1).swapaxes(1, 2)


def joined(x):
    """(N, heads, T, d/heads) -> (N, T, d)."""
    x = x.swapaxes(1, 2)
    return x.reshape(*x.shape[:2], -1)


def linear_backward(d, weight, x):
    """The gradients of the input, the weight and the bias of x @ weight.T + bias."""
    d_rows, rows = d.reshape(-1, d.shape[2]), x.reshape(-1, x.shape[2])
    return d @ weight, d_rows.T @ rows, d_rows.sum(axis=0)


def norm(x, weight, bias):
    """Layer normalization, and what it keeps."""
    centred = x - x.mean(axis=2, keepdims=True)
    deviation = np.sqrt((centred * centred).mean(axis=2, keepdims=True) + np.float32(1e-5))
    x_hat = centred / deviation
    return x_hat * weight + bias, (x_hat, deviation)


def norm_backward(d, weight, kept):
    """The gradients of the input, the weight and the bias."""
    x_hat, deviation = kept
    h = d * weight
    d_x = (h - h.mean(axis=2, keepdims=True) - x_hat * (h * x_hat).mean(axis=2, keepdims=True)) / deviation
    return d_x, (d * x_hat).sum(axis=(0, 1)), d.sum(axis=(0, 1))


def gelu(x):
    """Its value and its slope."""
    a, c = np.float32(np.sqrt(2 / np.pi)), np.float32(0.044715)
    t = np.tanh(a * (x + c * x * x * x))
    return 0.5 * x * (1 + t), 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * a * (1 + 3 * c * x * x)
