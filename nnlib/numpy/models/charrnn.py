"""A recurrent network that reads a text letter by letter and guesses the next one."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlib.numpy import nn
from nnlib.numpy.autograd import Tensor, no_grad
from nnlib.numpy.models.generation import sample


class CharRNN(nn.Module):
    """An embedding, a recurrent network, and for each position a guess at the next symbol.

    Called with ids, and perhaps with the state that the call before returned; gives logits and the state.

    Shape: ids (N, T) -> (N, T, vocabulary).

    Args:
        vocabulary: how many symbols there are.
        d: the size of the embedding and of the state.
        cell: "rnn", "lstm" or "gru".

    Example:
        >>> logits, state = CharRNN(27, 16)(np.zeros((5, 7), np.int64))
        >>> logits.shape
        (5, 7, 27)

    Source: Mikolov et al. (2010); Graves (2013).
    """

    def __init__(
        self,
        vocabulary: int,
        d: int = 128,
        layers: int = 1,
        cell: str = "lstm",
        dropout: float = 0.0,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        kinds = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
        if cell not in kinds:
            raise ValueError(f"CharRNN: cell is 'rnn', 'lstm' or 'gru', got {cell!r}")
        self.embedding = nn.Embedding(vocabulary, d, rng=rng)
        self.recurrent = kinds[cell](d, d, layers, batch_first=True, dropout=dropout, rng=rng)
        self.head = nn.Linear(d, vocabulary, rng=rng)

    def forward(self, ids: Any, state: Any = None) -> tuple[Tensor, Any]:
        h, state = self.recurrent(self.embedding(ids), state)  # (N, T, d)
        return self.head(h), state

    @no_grad()
    def generate(
        self,
        ids: np.ndarray,
        new: int,
        temperature: float = 1.0,
        top_k: int | None = None,
        top_p: float | None = None,
        *,
        rng: np.random.Generator | None = None,
    ) -> np.ndarray:
        """The ids (N, T), continued by `new` symbols; see `sample` for the options."""
        logits, state = self(ids)
        drawn = [ids]
        for _ in range(new):
            drawn.append(sample(logits.data[:, -1], temperature, top_k, top_p, rng=rng)[:, None])
            logits, state = self(drawn[-1], state)
        return np.concatenate(drawn, axis=1)
