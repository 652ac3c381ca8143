"""Sequence to sequence: one recurrent network reads, another writes, and attention lets it look back."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nnlib.numpy import functional as F
from nnlib.numpy import nn, ops
from nnlib.numpy.autograd import Tensor, no_grad


class Seq2Seq(nn.Module):
    """An encoder that reads both ways, and a decoder that writes, with or without attention to what was read.

    Called with source, target and perhaps the source's lengths. The target begins with the symbol that means
    "begin"; position t of the result is the guess at the target's symbol t + 1.

    Shape: source (N, S), target (N, T), lengths (N,) -> (N, T, target_vocabulary).

    Args:
        source_vocabulary, target_vocabulary: how many symbols each side has.
        d: the size of embeddings and of the decoder's state; even.
        attention: whether the decoder looks at every state of the encoder; if not, all goes through the last one.
        rng: the source of the initial values; by default the one that `manual_seed` sets.

    Example:
        >>> model = Seq2Seq(27, 40, d=16)
        >>> model(np.zeros((5, 7), np.int64), np.zeros((5, 9), np.int64)).shape
        (5, 9, 40)

    Source: Sutskever, Vinyals and Le (2014); attention: Bahdanau, Cho and Bengio (2015), Luong et al. (2015).
    """

    def __init__(
        self,
        source_vocabulary: int,
        target_vocabulary: int,
        d: int = 128,
        attention: bool = True,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        if d % 2:
            raise ValueError(f"Seq2Seq: d is even, a half for each direction of the encoder, got {d}")
        self.attention = attention
        self.source_embedding = nn.Embedding(source_vocabulary, d, rng=rng)
        self.target_embedding = nn.Embedding(target_vocabulary, d, rng=rng)
        self.encoder = nn.GRU(d, d // 2, batch_first=True, bidirectional=True, rng=rng)
        self.decoder = nn.GRU(d, d, batch_first=True, rng=rng)
        self.query = nn.Linear(d, d, bias=False, rng=rng) if attention else nn.Identity()
        self.mix = nn.Linear(2 * d, d, rng=rng) if attention else nn.Identity()
        self.head = nn.Linear(d, target_vocabulary, rng=rng)

    def encode(self, source: Any, lengths: np.ndarray | None = None) -> tuple[Tensor, Tensor]:
        """The encoder's states (N, S, d), and the decoder's first state (1, N, d)."""
        states, last = self.encoder(self.source_embedding(source), lengths=lengths)
        return states, ops.unsqueeze(ops.cat([last[0], last[1]], -1), 0)

    def decode(
        self, target: Any, states: Tensor, state: Tensor, lengths: np.ndarray | None = None
    ) -> tuple[Tensor, Tensor, Tensor | None]:
        """Logits (N, T, target_vocabulary), the decoder's state, and where it looked (N, T, S)."""
        h, state = self.decoder(self.target_embedding(target), state)  # (N, T, d)
        if not self.attention:
            return self.head(h), state, None
        scores = self.query(h) @ ops.swapaxes(states, 1, 2) * (1 / math.sqrt(h.shape[-1]))  # (N, T, S)
        if lengths is not None:
            beyond = np.arange(states.shape[1]) >= np.asarray(lengths)[:, None, None]
            scores = scores + np.where(beyond, -np.inf, 0).astype(h.dtype)
        weights = F.softmax(scores, -1)
        h = F.tanh(self.mix(ops.cat([weights @ states, h], -1)))
        return self.head(h), state, weights

    def forward(self, source: Any, target: Any, lengths: np.ndarray | None = None) -> Tensor:
        states, state = self.encode(source, lengths)
        return self.decode(target, states, state, lengths)[0]

    @no_grad()
    def generate(
        self, source: np.ndarray, begin: int, end: int, most: int, lengths: np.ndarray | None = None
    ) -> np.ndarray:
        """The likeliest next symbol, again and again: (N, S) -> (N, up to `most`), with `end` behind each end."""
        states, state = self.encode(source, lengths)
        ids, done = np.full((len(source), 1), begin), np.zeros(len(source), bool)
        for _ in range(most):
            logits, state, _ = self.decode(ids[:, -1:], states, state, lengths)
            following = np.where(done, end, logits.data[:, -1].argmax(axis=1))
            ids, done = np.concatenate([ids, following[:, None]], axis=1), done | (following == end)
            if done.all():
                break
        return ids[:, 1:]
