"""The embedding layer: a table with a row for each word, letter or symbol."""

from __future__ import annotations

import numpy as np

from nnlib.numpy import functional as F
from nnlib.numpy import init
from nnlib.numpy.autograd import Parameter, Tensor
from nnlib.numpy.nn.module import Module


class Embedding(Module):
    """Turn whole numbers into vectors that are learned.

    Shape: whole numbers of any shape -> (*, embedding_dim).

    Args:
        num_embeddings: how many rows the table has.
        embedding_dim: how long each is.
        padding_idx: a row that stands for "nothing here": it begins as zeros and is not learned.
        rng: the source of the initial values; by default the one that `manual_seed` sets.

    Attributes:
        weight: (num_embeddings, embedding_dim), at first standard normal.

    Example:
        >>> Embedding(10, 3)(np.array([[1, 2], [5, 1]])).shape
        (2, 2, 3)
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        if num_embeddings < 1 or embedding_dim < 1:
            raise ValueError(f"Embedding needs at least one row and column, got {num_embeddings} and {embedding_dim}")
        if padding_idx is not None and not -num_embeddings <= padding_idx < num_embeddings:
            raise ValueError(f"Embedding: padding_idx is one of {num_embeddings} rows, got {padding_idx}")
        self.num_embeddings, self.embedding_dim = num_embeddings, embedding_dim
        self.padding_idx = padding_idx if padding_idx is None else padding_idx % num_embeddings
        self.weight = Parameter(np.empty((num_embeddings, embedding_dim), np.float32))
        init.normal_(self.weight, rng=rng)
        if padding_idx is not None:
            self.weight.data[padding_idx] = 0

    def forward(self, ids: Tensor) -> Tensor:
        return F.embedding(ids, self.weight, self.padding_idx)

    def extra_repr(self) -> str:
        padding = "" if self.padding_idx is None else f", padding_idx={self.padding_idx}"
        return f"{self.num_embeddings}, {self.embedding_dim}{padding}"
