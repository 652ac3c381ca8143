"""The Transformer: an encoder that looks everywhere, a decoder that looks back, and at the encoder."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nnlib.numpy import init, nn
from nnlib.numpy.autograd import Tensor, no_grad


class Transformer(nn.Module):
    """Encoder and decoder, with sinusoidal positions and normalization before each part.

    Called with source, target and perhaps the source's lengths. The target begins with the symbol that means
    "begin"; position t of the result is the guess at the target's symbol t + 1.

    Shape: source (N, S), target (N, T), lengths (N,) -> (N, T, target_vocabulary).

    Args:
        source_vocabulary, target_vocabulary: how many symbols each side has.
        d: the width of the model; even.
        layers, heads: so many in the encoder, and in the decoder.
        hidden: units in each feed-forward network; by default 4 d.
        dropout: everywhere, while training.
        rng: the source of initial values and dropout; by default the one that `manual_seed` sets.

    Example:
        >>> model = Transformer(27, 40, d=16, layers=1, heads=2)
        >>> model(np.zeros((5, 7), np.int64), np.zeros((5, 9), np.int64)).shape
        (5, 9, 40)

    Source: Vaswani et al. (2017); normalizing first: Xiong et al. (2020).
    """

    def __init__(
        self,
        source_vocabulary: int,
        target_vocabulary: int,
        d: int = 128,
        layers: int = 2,
        heads: int = 4,
        hidden: int | None = None,
        dropout: float = 0.0,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        options = (d, heads, hidden or 4 * d, dropout)
        more = {"batch_first": True, "norm_first": True, "rng": rng}
        self.d = d
        self.source_embedding = nn.Embedding(source_vocabulary, d, rng=rng)
        self.target_embedding = nn.Embedding(target_vocabulary, d, rng=rng)
        self.position = nn.SinusoidalPositions(d)
        self.dropout = nn.Dropout(dropout, rng=rng)
        self.encoder = nn.ModuleList(nn.TransformerEncoderLayer(*options, **more) for _ in range(layers))
        self.encoder_norm = nn.LayerNorm(d)
        self.decoder = nn.ModuleList(nn.TransformerDecoderLayer(*options, **more) for _ in range(layers))
        self.decoder_norm = nn.LayerNorm(d)
        self.head = nn.Linear(d, target_vocabulary, rng=rng)
        for embedding in (self.source_embedding, self.target_embedding):
            init.normal_(embedding.weight, 0.0, d**-0.5, rng=rng)

    def _embed(self, embedding: nn.Embedding, ids: Any) -> Tensor:
        """Symbols scaled up to the size of what their positions add: entries of about 1 in both."""
        return self.dropout(self.position(embedding(ids) * math.sqrt(self.d)))

    def encode(self, source: Any, lengths: np.ndarray | None = None) -> Tensor:
        """What the encoder makes of the source: (N, S, d)."""
        x, padding = self._embed(self.source_embedding, source), _beyond(source, lengths)
        for layer in self.encoder:
            x = layer(x, src_key_padding_mask=padding)
        return self.encoder_norm(x)

    def decode(self, target: Any, memory: Tensor, padding: np.ndarray | None = None) -> Tensor:
        """Logits (N, T, target_vocabulary) from the target so far and the encoder's output."""
        x = self._embed(self.target_embedding, target)
        later = np.triu(np.ones((x.shape[1], x.shape[1]), bool), 1)
        for layer in self.decoder:
            x = layer(x, memory, later, memory_key_padding_mask=padding, tgt_is_causal=True)
        return self.head(self.decoder_norm(x))

    def forward(self, source: Any, target: Any, lengths: np.ndarray | None = None) -> Tensor:
        return self.decode(target, self.encode(source, lengths), _beyond(source, lengths))

    @no_grad()
    def generate(
        self, source: np.ndarray, begin: int, end: int, most: int, lengths: np.ndarray | None = None
    ) -> np.ndarray:
        """The likeliest next symbol, again and again: (N, S) -> (N, up to `most`), with `end` behind each end."""
        memory, padding = self.encode(source, lengths), _beyond(source, lengths)
        ids, done = np.full((len(source), 1), begin), np.zeros(len(source), bool)
        for _ in range(most):
            logits = self.decode(ids, memory, padding)
            following = np.where(done, end, logits.data[:, -1].argmax(axis=1))
            ids, done = np.concatenate([ids, following[:, None]], axis=1), done | (following == end)
            if done.all():
                break
        return ids[:, 1:]


def _beyond(ids: Any, lengths: np.ndarray | None) -> np.ndarray | None:
    """True behind the end of each sequence, (N, S)."""
    if lengths is None:
        return None
    (N, S), lengths = np.shape(ids), np.asarray(lengths)
    if lengths.shape != (N,) or lengths.dtype.kind not in "iu" or not ((lengths >= 1) & (lengths <= S)).all():
        raise ValueError(f"Transformer: lengths are {N} whole numbers between 1 and {S}, got {lengths}")
    return np.arange(S) >= lengths[:, None]
