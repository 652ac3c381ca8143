"""GPT: a Transformer that only looks back, and guesses the next symbol at every position."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlib.numpy import functional as F
from nnlib.numpy import init, nn
from nnlib.numpy.autograd import Tensor
from nnlib.numpy.functional.attention import cut_heads, join_heads
from nnlib.numpy.models.generation import KVCache, generate


class CausalSelfAttention(nn.Module):
    """Every position looks at itself and at those before it.

    Shape: (N, T, d) -> the same.
    """

    def __init__(self, d: int, heads: int, dropout: float, *, rng: np.random.Generator | None = None) -> None:
        if heads < 1 or d % heads:
            raise ValueError(f"CausalSelfAttention: {d} does not fall into {heads} heads of equal size")
        self.heads, self.dropout, self.rng = heads, dropout, rng
        self.query, self.key = nn.Linear(d, d, rng=rng), nn.Linear(d, d, rng=rng)
        self.value, self.out = nn.Linear(d, d, rng=rng), nn.Linear(d, d, rng=rng)

    def forward(self, x: Tensor, cache: KVCache | None = None) -> Tensor:
        q, k, v = (cut_heads(part(x), self.heads) for part in (self.query, self.key, self.value))
        if cache is not None:
            k, v = cache.extend(self, k, v)
        y = attend_back(q, k, v, self.dropout if self.training else 0.0, rng=self.rng)
        return self.out(join_heads(y))


def attend_back(q: Tensor, k: Any, v: Any, dropout: float = 0.0, **options: Any) -> Tensor:
    """Attention of the last T of S positions to all that are not behind them."""
    T, S = q.shape[2], k.shape[2]
    mask = None if T in (1, S) else np.tril(np.ones((T, S), bool), S - T)
    return F.scaled_dot_product_attention(q, k, v, mask, dropout, T == S > 1, **options)


class Block(nn.Module):
    """Attention, then a small network for each position, each with a way around it.

    Shape: (N, T, d) -> the same.
    """

    def __init__(self, d: int, heads: int, dropout: float, *, rng: np.random.Generator | None = None) -> None:
        self.norm1 = nn.LayerNorm(d)
        self.attention = CausalSelfAttention(d, heads, dropout, rng=rng)
        self.norm2 = nn.LayerNorm(d)
        self.expand, self.contract = nn.Linear(d, 4 * d, rng=rng), nn.Linear(4 * d, d, rng=rng)
        self.dropout = nn.Dropout(dropout, rng=rng)

    def forward(self, x: Tensor, cache: KVCache | None = None) -> Tensor:
        x = x + self.dropout(self.attention(self.norm1(x), cache))
        return x + self.dropout(self.contract(F.gelu(self.expand(self.norm2(x)), approximate="tanh")))


class GPT(nn.Module):
    """A decoder-only Transformer with learned positions, as GPT-2; the head shares the embedding's weight.

    Called with ids, and perhaps with a KVCache that holds what came before.

    Shape: ids (N, T) with T ≤ window -> (N, T, vocabulary).

    Args:
        vocabulary: how many symbols there are.
        window: how many positions it can look at.
        d: the width of the model.
        layers, heads: how many blocks there are, and how many heads each has.
        dropout: of embeddings, attention and what each block adds, while training.
        rng: the source of initial values and dropout; by default the one that `manual_seed` sets.

    Example:
        >>> GPT(vocabulary=65, window=16, d=32, layers=2, heads=2)(np.zeros((5, 7), np.int64)).shape
        (5, 7, 65)

    Source: Radford et al. (2019).
    """

    def __init__(
        self,
        vocabulary: int,
        window: int,
        d: int = 128,
        layers: int = 4,
        heads: int = 4,
        dropout: float = 0.0,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        self.window = window
        self.embedding = nn.Embedding(vocabulary, d, rng=rng)
        self.position = nn.LearnedPositions(window, d, rng=rng)
        self.dropout = nn.Dropout(dropout, rng=rng)
        self.blocks = nn.ModuleList(Block(d, heads, dropout, rng=rng) for _ in range(layers))
        self.norm = nn.LayerNorm(d)
        self._initialize(layers, rng)

    def _initialize(self, layers: int, rng: np.random.Generator | None) -> None:
        """Normal with 0.02, and less where 2·layers branches add up, as GPT-2."""
        for name, parameter in self.named_parameters():
            if parameter.ndim == 2:
                shrink = (2 * layers) ** -0.5 if name.endswith(("out.weight", "contract.weight")) else 1.0
                init.normal_(parameter, 0.0, 0.02 * shrink, rng=rng)
            elif name.endswith(".bias"):
                init.zeros_(parameter)

    def forward(self, ids: Any, cache: KVCache | None = None) -> Tensor:
        if np.ndim(ids) != 2:
            raise ValueError(f"GPT expected ids of shape (N, T), got {np.shape(ids)}: one text is a batch of one")
        T, start = np.shape(ids)[1], 0 if cache is None else cache.used
        if start + T > self.window:
            raise ValueError(f"GPT looks at {self.window} positions, got {start + T}: give the last {self.window} ids")
        x = self.dropout(self.position(self.embedding(ids), start))
        for block in self.blocks:
            x = block(x, cache)
        if cache is not None:
            cache.used += T
        return F.linear(self.norm(x), self.embedding.weight)

    def generate(self, ids: np.ndarray, new: int, *, use_cache: bool = True, **options: Any) -> np.ndarray:
        """The ids (N, T), continued by `new` symbols; options: temperature, top_k, top_p, rng of `sample`."""
        return generate(self, ids, new, self.window, use_cache, **options)
