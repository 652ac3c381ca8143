"""Attention: each query takes a mean of the values, weighted by how well their keys fit it."""

from __future__ import annotations

import math

import numpy as np

from nnlib.numpy.autograd import differentiable
from nnlib.numpy.functional.common import once, row_sums
from nnlib.numpy.ops.common import unbroadcast
from nnlib.numpy.random import generator

BLOCK = 1 << 22  # bytes of weights that exist at a time


@differentiable
def scaled_dot_product_attention(
    query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, *, scale=None, enable_gqa=False, rng=None
):
    """Means of the values, weighted by the softmax of the products of queries and keys: Y = softmax(Q Kᵀ/√E + M) V.

    With P = softmax(…), ∂L/∂P = G Vᵀ and ∂L/∂S = P ∘ (∂L/∂P − rowsum(G ∘ Y)), the gradient of the scores:

        ∂L/∂V = Pᵀ G,   ∂L/∂Q = ∂L/∂S K / √E,   ∂L/∂K = ∂L/∂Sᵀ Q / √E.

    P has L·S entries for each head, and would fill the memory for long sequences. It is made for a few queries at a
    time, and made again for the gradients from the logarithm of each row's sum, which is all that is kept. A causal
    block leaves out the keys that come after it, which are half of them all. Where P is small, it is kept.

    Shape: query (*, L, E), key (*, S, E), value (*, S, D) -> (*, L, D); `*` is batch and heads.

    Args:
        attn_mask: added to the scores, or booleans, False where a query must not look; broadcast to (*, L, S).
        dropout_p: the probability with which each weight is set to 0; for training.
        is_causal: whether query i looks at the keys 0 … i only; instead of a mask.
        scale: instead of 1/√E.
        enable_gqa: whether several heads of queries may share one head of keys and values (grouped queries).
        rng: the source of the dropout's mask; by default the one that `manual_seed` sets.

    Raises:
        ValueError: the shapes do not fit, or both a mask and is_causal are given.
        TypeError: the dtypes differ.

    A query that may look nowhere gets zeros, and gives none of its gradient on.

    Example:
        >>> q, k = np.array([[0.0, 0.0]]), np.array([[1.0, 0.0], [0.0, 1.0]])
        >>> scaled_dot_product_attention(q, k, np.array([[2.0], [4.0]])).data
        array([[3.]])

    Source: Vaswani et al. (2017); blocks: Dao et al. (2022); grouped queries: Ainslie et al. (2023).
    """
    _check(query, key, value, attn_mask, is_causal, dropout_p)
    q, k, v, L, S, D = query, key, value, query.shape[-2], *value.shape[-2:]
    mask = None if attn_mask is None else np.broadcast_to(attn_mask, (*attn_mask.shape[:-2], L, S))
    if enable_gqa:
        q, k, v = (_grouped(a, key.shape[-3]) for a in (q, k, v))
        mask = _grouped(mask, key.shape[-3]) if mask is not None and mask.ndim > 2 else mask
    heads = q.shape[:-2]
    if not heads == k.shape[:-2] == v.shape[:-2]:
        heads = np.broadcast_shapes(heads, k.shape[:-2], v.shape[:-2])
    scale = 1 / math.sqrt(q.shape[-1]) if scale is None else float(scale)
    seed = generator(rng).integers(2**63) if dropout_p else 0
    y = np.empty((*heads, L, D), q.dtype)
    log_total = np.empty((*heads, L, 1), q.dtype)  # of the exponentials in each row of the scores

    def blocks():
        size = max(32, BLOCK // max(math.prod(heads) * S * q.itemsize, 1))
        for first in range(0, L, size):
            rows = slice(first, min(first + size, L))
            yield rows, slice(0, min(rows.stop, S) if is_causal else S)

    def scores(rows, keys):
        s = _products(q[..., rows, :] * scale, k[..., keys, :])
        if is_causal:  # only the keys from rows.start on can come after one of these queries
            first = rows.start
            later = np.arange(first, keys.stop)[:, None] > np.arange(first, rows.stop)  # (S, L), as s is in memory
            np.copyto(s[..., first:], -np.inf, where=later.T)
        if mask is not None and mask.dtype == bool:
            np.copyto(s, -np.inf, where=~mask[..., rows, keys])
        elif mask is not None:
            s = s + mask[..., rows, keys]
        return s

    def kept(p, rows):  # 0, or 1 over the probability of being kept; drawn anew it is the same
        if not dropout_p:
            return 1
        drawn = np.random.default_rng((seed, rows.start)).random(p.shape, dtype=np.float32)
        return (drawn >= dropout_p) * p.dtype.type(1 / (1 - dropout_p) if dropout_p < 1 else 0)

    whole = None  # all weights, where one block holds them: making them again takes 2.5 % of a small GPT's step
    for rows, keys in blocks():
        p = scores(rows, keys)
        top = p.max(axis=-1, keepdims=True)
        if mask is not None:
            top[top == -np.inf] = 0  # looks nowhere
        p -= top
        np.exp(p, out=p)
        total = row_sums(p)
        if mask is not None:
            total[total == 0] = np.inf  # so that its weights are 0
        p /= total
        np.matmul(p * kept(p, rows) if dropout_p else p, v[..., keys, :], out=y[..., rows, :])
        if rows == slice(0, L):
            whole = p
        else:
            log_total[..., rows, :] = top + np.log(total)

    def d_scores(g, rows, keys):  # the weights, those that dropout left, and the gradient of the scores
        p = np.exp(scores(rows, keys) - log_total[..., rows, :]) if whole is None else whole
        m = kept(p, rows)
        d_p = _products(g, v[..., keys, :])
        if dropout_p:
            d_p *= m
        d_p -= np.vecdot(g, y[..., rows, :])[..., None]
        d_p *= p
        return m * p if dropout_p else p, d_p

    @once
    def gradients(g):
        g = g.reshape(y.shape)
        d_q, d_k, d_v = (np.zeros((*heads, *a.shape[-2:]), q.dtype) for a in (q, k, v))
        for rows, keys in blocks():
            p, d_s = d_scores(g[..., rows, :], rows, keys)
            d_v[..., keys, :] += p.swapaxes(-1, -2) @ g[..., rows, :]
            d_s *= scale
            np.matmul(d_s, k[..., keys, :], out=d_q[..., rows, :])
            d_k[..., keys, :] += d_s.swapaxes(-1, -2) @ q[..., rows, :]
        pairs = ((d_q, q, query), (d_k, k, key), (d_v, v, value))
        return [unbroadcast(d, inside.shape).reshape(given.shape) for d, inside, given in pairs]

    def d_mask(g):
        g, d = g.reshape(y.shape), np.zeros(mask.shape, mask.dtype)
        for rows, keys in blocks():
            part = d[..., rows, keys]
            part += unbroadcast(d_scores(g[..., rows, :], rows, keys)[1], part.shape)
        return unbroadcast(d.reshape(*attn_mask.shape[:-2], L, S), attn_mask.shape)

    shape = (*query.shape[:-1], D) if enable_gqa else y.shape
    vjps = (lambda g: gradients(g)[0], lambda g: gradients(g)[1], lambda g: gradients(g)[2])
    return y.reshape(shape), vjps if attn_mask is None else (*vjps, d_mask)


def _products(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """a bᵀ, column after column in memory: there the maxima of 4096 rows of 64 take 137 µs, row after row 297."""
    return (b @ a.swapaxes(-1, -2)).swapaxes(-1, -2)


@differentiable
def cut_heads(x, heads):
    """(N, T, d) -> (N, heads, T, d/heads): a piece of each vector for each head. No copy."""
    N, T, d = x.shape
    return x.reshape(N, T, heads, d // heads).swapaxes(1, 2), (lambda g: g.swapaxes(1, 2).reshape(x.shape),)


@differentiable
def join_heads(x):
    """(N, heads, T, E) -> (N, T, heads · E): the other way."""
    N, heads, T, E = x.shape
    return x.swapaxes(1, 2).reshape(N, T, heads * E), (lambda g: g.reshape(N, T, heads, E).swapaxes(1, 2),)


def _check(
    query: np.ndarray,
    key: np.ndarray,
    value: np.ndarray,
    mask: np.ndarray | None,
    is_causal: bool,
    dropout_p: float,
) -> None:
    name = "scaled_dot_product_attention"

    def shapes():  # written for errors only: 1.5 µs of the 17 that one query takes
        return f"query {query.shape}, key {key.shape}, value {value.shape}"

    if min(query.ndim, key.ndim, value.ndim) < 2:
        raise ValueError(f"{name} expected query (*, L, E), key (*, S, E), value (*, S, D), got {shapes()}")
    if query.dtype.kind != "f" or not query.dtype == key.dtype == value.dtype:
        raise TypeError(f"{name} needs one floating-point dtype, got {query.dtype}, {key.dtype} and {value.dtype}")
    if query.shape[-1] != key.shape[-1]:
        raise ValueError(f"{name}: queries and keys are compared entry by entry, so E must be equal, got {shapes()}")
    if key.shape[-2] != value.shape[-2] or key.shape[-2] == 0:
        raise ValueError(f"{name} needs one value for each key, and at least one, got {shapes()}")
    if mask is not None and is_causal:
        raise ValueError(f"{name} takes attn_mask or is_causal, not both: put the causal part into the mask")
    if mask is not None and mask.dtype != bool and mask.dtype != query.dtype:
        raise TypeError(
            f"{name}: attn_mask is boolean or {query.dtype} like the queries, got {mask.dtype}: "
            "for a mask of 0 and 1 use attn_mask.astype(bool), True where a query may look"
        )
    if not 0 <= dropout_p <= 1:
        raise ValueError(f"{name}: dropout_p is a probability between 0 and 1, got {dropout_p}")


def _grouped(a: np.ndarray, heads: int) -> np.ndarray:
    """(*, h, …, …) -> (*, heads, h/heads, …, …): so many heads for each head of keys. One head stays one for all."""
    if a.ndim < 3 or a.shape[-3] % heads and a.shape[-3] != 1:
        raise ValueError(f"enable_gqa: the heads of shape {a.shape} must be a multiple of the {heads} heads of keys")
    heads = min(heads, a.shape[-3])
    return a.reshape(*a.shape[:-3], heads, a.shape[-3] // heads, *a.shape[-2:])
