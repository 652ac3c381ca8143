"""Sequence to sequence: one recurrent network reads, another writes, and attention lets it look back."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from nnlib.torch import functional as F
from nnlib.torch import nn


class Seq2Seq(nn.Module):
    """An encoder that reads both ways, and a decoder that writes, with or without attention to what was read.

    Called with source, target and perhaps the source's lengths. The target begins with the symbol that means
    "begin"; position t of the result is the guess at the target's symbol t + 1.

    Shape: source (N, S), target (N, T), lengths (N,) -> (N, T, target_vocabulary).

    Args:
        source_vocabulary, target_vocabulary: how many symbols each side has.
        d: the size of embeddings and of the decoder's state; even.
        attention: whether the decoder looks at every state of the encoder; if not, all goes through the last one.

    Example:
        >>> model = Seq2Seq(27, 40, d=16)
        >>> model(torch.zeros(5, 7, dtype=torch.int64), torch.zeros(5, 9, dtype=torch.int64)).shape
        torch.Size([5, 9, 40])

    Source: Sutskever, Vinyals and Le (2014); attention: Bahdanau, Cho and Bengio (2015), Luong et al. (2015).
    """

    def __init__(
        self,
        source_vocabulary: int,
        target_vocabulary: int,
        d: int = 128,
        attention: bool = True,
    ) -> None:
        super().__init__()
        if d % 2:
            raise ValueError(f"Seq2Seq: d is even, a half for each direction of the encoder, got {d}")
        self.attention = attention
        self.source_embedding = nn.Embedding(source_vocabulary, d)
        self.target_embedding = nn.Embedding(target_vocabulary, d)
        self.encoder = nn.GRU(d, d // 2, batch_first=True, bidirectional=True)
        self.decoder = nn.GRU(d, d, batch_first=True)
        self.query = nn.Linear(d, d, bias=False) if attention else nn.Identity()
        self.mix = nn.Linear(2 * d, d) if attention else nn.Identity()
        self.head = nn.Linear(d, target_vocabulary)

    def encode(self, source: Tensor, lengths: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """The encoder's states (N, S, d), and the decoder's first state (1, N, d)."""
        states, last = self.encoder(self.source_embedding(source), lengths=lengths)
        return states, torch.unsqueeze(torch.cat([last[0], last[1]], -1), 0)

    def decode(
        self, target: Tensor, states: Tensor, state: Tensor, lengths: Tensor | None = None
    ) -> tuple[Tensor, Tensor, Tensor | None]:
        """Logits (N, T, target_vocabulary), the decoder's state, and where it looked (N, T, S)."""
        h, state = self.decoder(self.target_embedding(target), state)  # (N, T, d)
        if not self.attention:
            return self.head(h), state, None
        scores = self.query(h) @ torch.swapaxes(states, 1, 2) * (1 / math.sqrt(h.shape[-1]))  # (N, T, S)
        if lengths is not None:
            places = torch.arange(states.shape[1], device=h.device)
            beyond = places >= torch.as_tensor(lengths, device=h.device)[:, None, None]
            scores = scores.masked_fill(beyond, -torch.inf)
        weights = F.softmax(scores, -1)
        h = F.tanh(self.mix(torch.cat([weights @ states, h], -1)))
        return self.head(h), state, weights

    def forward(self, source: Tensor, target: Tensor, lengths: Tensor | None = None) -> Tensor:
        states, state = self.encode(source, lengths)
        return self.decode(target, states, state, lengths)[0]

    @torch.no_grad()
    def generate(self, source: Tensor, begin: int, end: int, most: int, lengths: Tensor | None = None) -> Tensor:
        """The likeliest next symbol, again and again: (N, S) -> (N, up to `most`), with `end` behind each end."""
        states, state = self.encode(source, lengths)
        ids = torch.full((len(source), 1), begin, device=source.device)
        done = torch.zeros(len(source), dtype=torch.bool, device=source.device)
        for _ in range(most):
            logits, state, _ = self.decode(ids[:, -1:], states, state, lengths)
            following = torch.where(done, end, logits[:, -1].argmax(dim=1))
            ids, done = torch.cat([ids, following[:, None]], dim=1), done | (following == end)
            if done.all():
                break
        return ids[:, 1:]
