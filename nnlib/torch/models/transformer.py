"""The Transformer: an encoder that looks everywhere, a decoder that looks back, and at the encoder."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from nnlib.torch import init, nn


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

    Example:
        >>> model = Transformer(27, 40, d=16, layers=1, heads=2)
        >>> model(torch.zeros(5, 7, dtype=torch.int64), torch.zeros(5, 9, dtype=torch.int64)).shape
        torch.Size([5, 9, 40])

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
    ) -> None:
        super().__init__()
        options = (d, heads, hidden or 4 * d, dropout)
        more = {"batch_first": True, "norm_first": True}
        self.d = d
        self.source_embedding = nn.Embedding(source_vocabulary, d)
        self.target_embedding = nn.Embedding(target_vocabulary, d)
        self.position = nn.SinusoidalPositions(d)
        self.dropout = nn.Dropout(dropout)
        self.encoder = nn.ModuleList(nn.TransformerEncoderLayer(*options, **more) for _ in range(layers))
        self.encoder_norm = nn.LayerNorm(d)
        self.decoder = nn.ModuleList(nn.TransformerDecoderLayer(*options, **more) for _ in range(layers))
        self.decoder_norm = nn.LayerNorm(d)
        self.head = nn.Linear(d, target_vocabulary)
        for embedding in (self.source_embedding, self.target_embedding):
            init.normal_(embedding.weight, 0.0, d**-0.5)

    def _embed(self, embedding: nn.Embedding, ids: Tensor) -> Tensor:
        """Symbols scaled up to the size of what their positions add: entries of about 1 in both."""
        return self.dropout(self.position(embedding(ids) * math.sqrt(self.d)))

    def encode(self, source: Tensor, lengths: Tensor | None = None) -> Tensor:
        """What the encoder makes of the source: (N, S, d)."""
        x, padding = self._embed(self.source_embedding, source), _beyond(source, lengths)
        for layer in self.encoder:
            x = layer(x, src_key_padding_mask=padding)
        return self.encoder_norm(x)

    def decode(self, target: Tensor, memory: Tensor, padding: Tensor | None = None) -> Tensor:
        """Logits (N, T, target_vocabulary) from the target so far and the encoder's output."""
        x = self._embed(self.target_embedding, target)
        later = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool, device=x.device).triu(1)
        for layer in self.decoder:
            x = layer(x, memory, later, memory_key_padding_mask=padding, tgt_is_causal=True)
        return self.head(self.decoder_norm(x))

    def forward(self, source: Tensor, target: Tensor, lengths: Tensor | None = None) -> Tensor:
        return self.decode(target, self.encode(source, lengths), _beyond(source, lengths))

    @torch.no_grad()
    def generate(self, source: Tensor, begin: int, end: int, most: int, lengths: Tensor | None = None) -> Tensor:
        """The likeliest next symbol, again and again: (N, S) -> (N, up to `most`), with `end` behind each end."""
        memory, padding = self.encode(source, lengths), _beyond(source, lengths)
        ids = torch.full((len(source), 1), begin, device=source.device)
        done = torch.zeros(len(source), dtype=torch.bool, device=source.device)
        for _ in range(most):
            logits = self.decode(ids, memory, padding)
            following = torch.where(done, end, logits[:, -1].argmax(dim=1))
            ids, done = torch.cat([ids, following[:, None]], dim=1), done | (following == end)
            if done.all():
                break
        return ids[:, 1:]


def _beyond(ids: Tensor, lengths: Tensor | None) -> Tensor | None:
    """True behind the end of each sequence, (N, S)."""
    if lengths is None:
        return None
    return torch.arange(ids.shape[1], device=ids.device) >= torch.as_tensor(lengths, device=ids.device)[:, None]
