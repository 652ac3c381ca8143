"""A recurrent network that reads a text letter by letter and guesses the next one."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from nnlib.torch import nn
from nnlib.torch.models.generation import sample


class CharRNN(nn.Module):
    """An embedding, a recurrent network, and for each position a guess at the next symbol.

    Called with ids, and perhaps with the state that the call before returned; gives logits and the state.

    Shape: ids (N, T) -> (N, T, vocabulary).

    Args:
        vocabulary: how many symbols there are.
        d: the size of the embedding and of the state.
        cell: "rnn", "lstm" or "gru".

    Example:
        >>> logits, state = CharRNN(27, 16)(torch.zeros(5, 7, dtype=torch.int64))
        >>> logits.shape
        torch.Size([5, 7, 27])

    Source: Mikolov et al. (2010); Graves (2013).
    """

    def __init__(
        self,
        vocabulary: int,
        d: int = 128,
        layers: int = 1,
        cell: str = "lstm",
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        kinds = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
        if cell not in kinds:
            raise ValueError(f"CharRNN: cell is 'rnn', 'lstm' or 'gru', got {cell!r}")
        self.embedding = nn.Embedding(vocabulary, d)
        self.recurrent = kinds[cell](d, d, layers, batch_first=True, dropout=dropout)
        self.head = nn.Linear(d, vocabulary)

    def forward(self, ids: Tensor, state: Any = None) -> tuple[Tensor, Any]:
        h, state = self.recurrent(self.embedding(ids), state)  # (N, T, d)
        return self.head(h), state

    @torch.no_grad()
    def generate(
        self,
        ids: Tensor,
        new: int,
        temperature: float = 1.0,
        top_k: int | None = None,
        top_p: float | None = None,
        *,
        generator: torch.Generator | None = None,
    ) -> Tensor:
        """The ids (N, T), continued by `new` symbols; see `sample` for the options."""
        logits, state = self(ids)
        drawn = [ids]
        for _ in range(new):
            drawn.append(sample(logits[:, -1], temperature, top_k, top_p, generator=generator)[:, None])
            logits, state = self(drawn[-1], state)
        return torch.cat(drawn, dim=1)
