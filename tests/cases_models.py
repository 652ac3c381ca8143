"""Rows of the table of cases: whole networks. Each loads its twin's weights, and all gradients agree."""

from collections.abc import Callable

import numpy as np
from table import Layer, both, normal

LENGTHS = np.array([7, 4])


def symbols(*shapes: tuple[int, ...]) -> Callable[[np.random.Generator], tuple]:
    """Whole numbers from 0 to 8."""
    return lambda rng: tuple(rng.integers(0, 9, shape) for shape in shapes)


def with_lengths(*shapes: tuple[int, ...]) -> Callable[[np.random.Generator], tuple]:
    return lambda rng: (*symbols(*shapes)(rng), LENGTHS)


LAYERS = [
    Layer("models.MLP", *both("models.MLP", 6, 5, 4, 3), normal((2, 3, 2))),
    Layer("models.LeNet", *both("models.LeNet", 7), normal((2, 1, 28, 28))),
    Layer("models.ResNet", *both("models.ResNet", (2, 1), 4, used=(5, 1, 8, 8)), normal((3, 1, 9, 8))),
    Layer("models.ResNet evaluating", *both("models.ResNet", (1, 1), 4, in_channels=3, used=(5, 3, 8, 8)),
          normal((3, 3, 9, 8)), training=False),
    Layer("models.CharRNN", *both("models.CharRNN", 9, 6, 2), symbols((2, 5))),
    Layer("models.CharRNN gru", *both("models.CharRNN", 9, 6, cell="gru"), symbols((2, 5))),
    Layer("models.Seq2Seq", *both("models.Seq2Seq", 9, 10, 6), symbols((2, 7), (2, 5))),
    Layer("models.Seq2Seq lengths", *both("models.Seq2Seq", 9, 10, 6), with_lengths((2, 7), (2, 5))),
    Layer("models.Seq2Seq without attention", *both("models.Seq2Seq", 9, 10, 6, attention=False),
          with_lengths((2, 7), (2, 5))),
    Layer("models.Transformer", *both("models.Transformer", 9, 10, 8, 2, 2), symbols((2, 7), (2, 5))),
    Layer("models.Transformer lengths", *both("models.Transformer", 9, 10, 8, 1, 2), with_lengths((2, 7), (2, 5))),
    Layer("models.GPT", *both("models.GPT", 9, 12, 8, 2, 2), symbols((2, 11))),
    Layer("models.Llama", *both("models.Llama", 9, 16, 2, 4, 2), symbols((2, 11))),
]  # fmt: skip
