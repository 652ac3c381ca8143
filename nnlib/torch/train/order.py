"""Which examples come in which batch."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
from torch.utils.data import Sampler


class Order(Sampler[list[int]]):
    """The examples of every micro-batch, from step `start` on, without end.

    Epoch after epoch in a new order, one stream of examples is cut into batches; a batch may hold the end of one epoch
    and the beginning of the next. Who knows seed and step knows the batch: no position is to be kept in a
    checkpoint. Of each micro-batch, process `rank` of `size` takes one part; the parts together are what
    one process would take.

    Args:
        examples: how many there are.
        batch_size: of a step, in all processes and micro-batches.

    Raises:
        ValueError: there are fewer examples than a batch needs, or the batch does not fall into equal parts.

    Example:
        >>> order = Order(5, 2)
        >>> [order.of_step(step) for step in range(5)]  # two epochs
        [[2, 4], [3, 0], [1, 1], [4, 3], [0, 2]]
        >>> next(iter(Order(5, 2, rank=1, size=2)))
        [4]
    """

    def __init__(
        self,
        examples: int,
        batch_size: int,
        *,
        seed: int = 0,
        accumulate: int = 1,
        rank: int = 0,
        size: int = 1,
        start: int = 0,
    ) -> None:
        if batch_size > examples:
            raise ValueError(f"a batch of {batch_size} needs more than the {examples} examples: make it smaller")
        if batch_size % (accumulate * size):
            raise ValueError(
                f"a batch of {batch_size} does not fall into equal parts for {size} processes with {accumulate} "
                f"micro-batches each: make it a multiple of {accumulate * size}"
            )
        self.examples, self.batch_size, self.seed = examples, batch_size, seed
        self.accumulate, self.rank, self.size, self.start = accumulate, rank, size, start
        self._epochs: dict[int, np.ndarray] = {}

    def of_step(self, step: int) -> list[int]:
        """All examples of a step, counted from 0."""
        first, last = (place // self.examples for place in (step * self.batch_size, (step + 1) * self.batch_size - 1))
        self._epochs = {epoch: self._of_epoch(epoch) for epoch in range(first, last + 1)}
        begin = step * self.batch_size - first * self.examples
        return np.concatenate(list(self._epochs.values()))[begin : begin + self.batch_size].tolist()

    def _of_epoch(self, epoch: int) -> np.ndarray:
        if epoch in self._epochs:
            return self._epochs[epoch]
        return np.random.default_rng([self.seed, epoch]).permutation(self.examples)

    def __iter__(self) -> Iterator[list[int]]:
        for step in itertools.count(self.start):
            parts = np.reshape(self.of_step(step), (self.accumulate, self.size, -1))
            yield from parts[:, self.rank].tolist()


def each_once(examples: int, size: int, rank: int = 0, processes: int = 1) -> tuple[list[list[int]], list[int]]:
    """The batches of `size` that process `rank` evaluates, and how many examples count in each.

    All processes must call the model equally often. One that has nothing left takes the last batch again, and none of
    it counts.

    Example:
        >>> each_once(7, 3, rank=0, processes=2)
        ([[0, 1, 2], [6]], [3, 1])
        >>> each_once(7, 3, rank=1, processes=2)
        ([[3, 4, 5], [6]], [3, 0])
    """
    cut = [list(range(i, min(i + size, examples))) for i in range(0, examples, size)]
    turns = range(rank, -(-len(cut) // processes) * processes, processes)
    return [cut[min(turn, len(cut) - 1)] for turn in turns], [len(cut[t]) if t < len(cut) else 0 for t in turns]
