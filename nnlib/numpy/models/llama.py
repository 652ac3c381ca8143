"""A decoder as Llama has it: rotary positions, root-mean-square norms, a gated network, and grouped queries."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlib.numpy import functional as F
from nnlib.numpy import init, nn
from nnlib.numpy.autograd import Tensor
from nnlib.numpy.functional.attention import cut_heads, join_heads
from nnlib.numpy.models.generation import KVCache, generate
from nnlib.numpy.models.gpt import attend_back


class GroupedAttention(nn.Module):
    """Causal attention with rotary positions, where several heads of queries share one of keys and values.

    Shape: (N, T, d) -> the same.

    Source: rotary: Su et al. (2021); grouped queries: Ainslie et al. (2023).
    """

    def __init__(self, d: int, heads: int, kv_heads: int, *, rng: np.random.Generator | None = None) -> None:
        if min(heads, kv_heads) < 1 or d % (2 * heads) or heads % kv_heads:
            raise ValueError(
                f"GroupedAttention: {d} must fall into {heads} heads of even size, and these into {kv_heads} groups"
            )
        self.heads, self.kv_heads, self.size = heads, kv_heads, d // heads
        self.query = nn.Linear(d, d, bias=False, rng=rng)
        self.key = nn.Linear(d, kv_heads * self.size, bias=False, rng=rng)
        self.value = nn.Linear(d, kv_heads * self.size, bias=False, rng=rng)
        self.out = nn.Linear(d, d, bias=False, rng=rng)

    def forward(self, x: Tensor, positions: np.ndarray, cache: KVCache | None = None) -> Tensor:
        q, k, v = (
            cut_heads(part(x), heads)
            for part, heads in ((self.query, self.heads), (self.key, self.kv_heads), (self.value, self.kv_heads))
        )
        q, k = F.rotary(q, positions), F.rotary(k, positions)
        if cache is not None:
            k, v = cache.extend(self, k, v)
        y = attend_back(q, k, v, enable_gqa=True)
        return self.out(join_heads(y))


class LlamaBlock(nn.Module):
    """Attention, then a gated network for each position, each with a way around it.

    Shape: (N, T, d) -> the same.
    """

    def __init__(
        self, d: int, heads: int, kv_heads: int, hidden: int, *, rng: np.random.Generator | None = None
    ) -> None:
        self.norm1 = nn.RMSNorm(d)
        self.attention = GroupedAttention(d, heads, kv_heads, rng=rng)
        self.norm2 = nn.RMSNorm(d)
        self.network = nn.SwiGLU(d, hidden, rng=rng)

    def forward(self, x: Tensor, positions: np.ndarray, cache: KVCache | None = None) -> Tensor:
        x = x + self.attention(self.norm1(x), positions, cache)
        return x + self.network(self.norm2(x))


class Llama(nn.Module):
    """A decoder-only Transformer in the manner of Llama.

    Called with ids, and perhaps with a KVCache that holds what came before.

    Shape: ids (N, T) -> (N, T, vocabulary).

    Args:
        vocabulary: how many symbols there are.
        d: the width of the model.
        layers, heads, kv_heads: how many blocks, heads of queries, and heads of keys and values there are.
        hidden: units of each gated network; by default about 8/3 d, as many weights as an ungated one of 4 d.
        rng: the source of the initial values; by default the one that `manual_seed` sets.

    Example:
        >>> Llama(vocabulary=65, d=32, layers=2, heads=4, kv_heads=2)(np.zeros((5, 7), np.int64)).shape
        (5, 7, 65)

    Source: Touvron et al. (2023).
    """

    def __init__(
        self,
        vocabulary: int,
        d: int = 128,
        layers: int = 4,
        heads: int = 4,
        kv_heads: int = 2,
        hidden: int | None = None,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        hidden = 8 * -(-d // 3) if hidden is None else hidden
        self.embedding = nn.Embedding(vocabulary, d, rng=rng)
        self.blocks = nn.ModuleList(LlamaBlock(d, heads, kv_heads, hidden, rng=rng) for _ in range(layers))
        self.norm = nn.RMSNorm(d)
        self.head = nn.Linear(d, vocabulary, bias=False, rng=rng)
        for parameter in self.parameters():
            if parameter.ndim == 2:
                init.normal_(parameter, 0.0, 0.02, rng=rng)

    def forward(self, ids: Any, cache: KVCache | None = None) -> Tensor:
        if np.ndim(ids) != 2:
            raise ValueError(f"Llama expected ids of shape (N, T), got {np.shape(ids)}: one text is a batch of one")
        T, start = np.shape(ids)[1], 0 if cache is None else cache.used
        positions, x = np.arange(start, start + T), self.embedding(ids)
        for block in self.blocks:
            x = block(x, positions, cache)
        if cache is not None:
            cache.used += T
        return self.head(self.norm(x))

    def generate(self, ids: np.ndarray, new: int, *, use_cache: bool = True, **options: Any) -> np.ndarray:
        """The ids (N, T), continued by `new` symbols; options: temperature, top_k, top_p, rng of `sample`."""
        return generate(self, ids, new, ids.shape[1] + new, use_cache, **options)
