"""Rows of the table of cases: embedding, recurrence and attention."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from table import Layer, Rule, both, normal

import nnlib.torch.functional
from nnlib.numpy import functional, ops

T, N, D, H = 5, 4, 3, 2  # unequal, so that no two can be exchanged
LENGTHS = np.array([5, 1, 3, 2])
PLACES = np.array([0, 1, 2, 7, 30])


def ids_and_table(rng: np.random.Generator) -> tuple:
    return rng.integers(0, 5, (3, 4)), rng.standard_normal((5, 2))


def sequence(blocks: int, states: int, biases: bool = True) -> Callable[[np.random.Generator], tuple]:
    """Inputs, first states and parameters of a recurrent layer with so many blocks of gates."""
    rows = blocks * H
    return normal((T, N, D), *[(N, H)] * states, (rows, D), (rows, H), *[(rows,), (rows,)] * biases)


def recurrent(name: str) -> tuple[Callable, Callable]:
    """The layer from each engine, with all outputs and last states joined to one tensor."""

    def join(cat: Callable, layer: Callable) -> Callable:
        def joined(*args: Any, **options: Any) -> Any:
            y, last = layer(*args, **options)
            return cat([y, *(state[None] for state in (last if isinstance(last, tuple) else (last,)))])

        return joined

    return join(ops.cat, getattr(functional, name)), join(torch.cat, getattr(nnlib.torch.functional, name))


def qkv(*more: tuple[int, ...], heads: int = 3) -> Callable[[np.random.Generator], tuple]:
    """Five queries, seven keys and values for each head, and perhaps a mask that is added."""
    return normal((2, heads, 5, 4), (2, 3, 7, 4), (2, 3, 7, 6), *more)


def picking(rng: np.random.Generator) -> tuple:
    """A boolean mask: the third query may look nowhere."""
    mask = rng.random((2, 1, 5, 7)) < 0.6
    mask[:, :, 2] = False
    return *qkv()(rng), mask


def dropping(q: Any, k: Any, v: Any) -> Any:
    return functional.scaled_dot_product_attention(q, k, v, dropout_p=0.4, rng=np.random.default_rng(3))


def dropped(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """What `dropping` does, as PyTorch sees it: the weights times a fixed mask, read off equal weights of 1/7."""
    same, each = np.zeros((2, 3, 5, 4)), np.broadcast_to(np.eye(7), (2, 3, 7, 7))
    mask = dropping(same, np.zeros((2, 3, 7, 4)), each).data * 7
    return torch.softmax(q @ k.mT / 2, dim=-1) * torch.tensor(mask, dtype=q.dtype) @ v


ATTENTION = "functional.scaled_dot_product_attention"
attention = functional.scaled_dot_product_attention, F.scaled_dot_product_attention

RULES = [
    Rule("functional.rotary", lambda x: functional.rotary(x, PLACES),
         lambda x: nnlib.torch.functional.rotary(x, torch.tensor(PLACES)), normal((2, 3, 5, 4))),
    Rule("functional.embedding", functional.embedding, F.embedding, ids_and_table),
    Rule("functional.rnn", *recurrent("rnn"), sequence(1, 1)),
    Rule("functional.rnn relu", *recurrent("rnn"), sequence(1, 1), {"nonlinearity": "relu"}),
    Rule("functional.rnn reverse no bias", *recurrent("rnn"), sequence(1, 1, biases=False), {"reverse": True}),
    Rule("functional.rnn lengths", *recurrent("rnn"), sequence(1, 1), {"lengths": LENGTHS}),
    Rule("functional.rnn lengths reverse", *recurrent("rnn"), sequence(1, 1), {"lengths": LENGTHS, "reverse": True}),
    Rule("functional.lstm", *recurrent("lstm"), sequence(4, 2)),
    Rule("functional.lstm reverse no bias", *recurrent("lstm"), sequence(4, 2, biases=False), {"reverse": True}),
    Rule("functional.lstm lengths", *recurrent("lstm"), sequence(4, 2), {"lengths": LENGTHS}),
    Rule("functional.lstm lengths reverse", *recurrent("lstm"), sequence(4, 2), {"lengths": LENGTHS, "reverse": True}),
    Rule("functional.gru", *recurrent("gru"), sequence(3, 1)),
    Rule("functional.gru reverse no bias", *recurrent("gru"), sequence(3, 1, biases=False), {"reverse": True}),
    Rule("functional.gru lengths", *recurrent("gru"), sequence(3, 1), {"lengths": LENGTHS}),
    Rule("functional.gru lengths reverse", *recurrent("gru"), sequence(3, 1), {"lengths": LENGTHS, "reverse": True}),
    Rule(ATTENTION, *attention, qkv()),
    Rule(f"{ATTENTION} one head", *attention, normal((5, 4), (7, 4), (7, 6))),
    Rule(f"{ATTENTION} causal", *attention, qkv(), {"is_causal": True}),
    Rule(f"{ATTENTION} causal, more queries than keys", *attention, normal((2, 9, 4), (2, 7, 4), (2, 7, 6)),
         {"is_causal": True}),
    Rule(f"{ATTENTION} causal in blocks", *attention, normal((2, 70, 4), (2, 70, 4), (2, 70, 6)),
         {"is_causal": True}),
    Rule(f"{ATTENTION} scale", *attention, qkv(), {"scale": 0.3}),
    Rule(f"{ATTENTION} mask for all", *attention, qkv((5, 7))),
    Rule(f"{ATTENTION} mask for keys", *attention, qkv((2, 1, 1, 7))),
    Rule(f"{ATTENTION} boolean mask", *attention, picking),
    Rule(f"{ATTENTION} grouped queries", *attention, qkv(heads=6), {"enable_gqa": True}),
    Rule(f"{ATTENTION} grouped queries, mask for each head", *attention, qkv((2, 6, 5, 7), heads=6),
         {"enable_gqa": True}),
    Rule(f"{ATTENTION} dropout", dropping, dropped, qkv()),
]  # fmt: skip


def with_lengths(shape: tuple[int, ...]) -> Callable[[np.random.Generator], tuple]:
    """A batch of padded sequences, no first states, and where each sequence ends."""
    return lambda rng: (*normal(shape)(rng), None, LENGTHS)


def with_state(x: tuple[int, ...], *states: tuple[int, ...]) -> Callable[[np.random.Generator], tuple]:
    """A batch of sequences, and the first states of the LSTM, a pair."""
    return lambda rng: (*normal(x)(rng), normal(*states)(rng))


def masked(rng: np.random.Generator) -> tuple:
    """Queries, keys, values, which keys are padding, and where a query must not look; all may look somewhere."""
    padding = np.array([[False] * 7, [False] * 4 + [True] * 3])
    mask = rng.random((5, 7)) < 0.3
    mask[:, 0] = False
    return *normal((5, 2, 6), (7, 2, 6), (7, 2, 6))(rng), padding, True, mask


def unweighted(rng: np.random.Generator) -> tuple:
    """The same, with weights that are not returned."""
    return *masked(rng)[:4], False, masked(rng)[5]


def causal(L: int) -> np.ndarray:
    """True where a query must not look: at what comes after it."""
    return np.triu(np.ones((L, L), bool), 1)


def self_attention(weights: bool, hint: bool) -> Callable[[np.random.Generator], tuple]:
    def inputs(rng: np.random.Generator) -> tuple:
        (x,) = normal((5, 2, 6))(rng)
        return x, x, x, None, weights, causal(5), True, hint

    return inputs


def block(*masks: Any) -> Callable[[np.random.Generator], tuple]:
    return lambda rng: (*normal((5, 2, 6))(rng), *masks)


def decoder(*masks: Any) -> Callable[[np.random.Generator], tuple]:
    return lambda rng: (*normal((5, 2, 6), (7, 2, 6))(rng), *masks)


PADDED = np.array([[False] * 5, [False] * 3 + [True] * 2])

LAYERS = [
    Layer("nn.Embedding", *both("Embedding", 5, 2), lambda rng: (rng.integers(0, 5, (3, 4)),)),
    Layer("nn.SinusoidalPositions", *both("SinusoidalPositions", 6), normal((2, 5, 6))),
    Layer("nn.SinusoidalPositions later, faster", *both("SinusoidalPositions", 6, base=50.0),
          lambda rng: (*normal((5, 6))(rng), 3)),
    Layer("nn.LearnedPositions", *both("LearnedPositions", 5, 6), normal((2, 5, 6))),
    Layer("nn.LearnedPositions later", *both("LearnedPositions", 9, 6), lambda rng: (*normal((2, 5, 6))(rng), 3)),
    Layer("nn.SwiGLU", *both("SwiGLU", 6, 8), normal((2, 5, 6))),
    Layer("nn.Embedding padding", *both("Embedding", 5, 2, padding_idx=-2), lambda rng: (rng.integers(0, 5, (3, 4)),)),
    *(
        Layer(f"nn.{name}{variant}", *both(name, D, H, **options), inputs)
        for name, pairs in (("RNN", False), ("LSTM", True), ("GRU", False))
        for variant, options, inputs in (
            ("", {}, normal((T, N, D))),
            (" state", {}, with_state((T, N, D), (1, N, H), (1, N, H)) if pairs else normal((T, N, D), (1, N, H))),
            (" stacked both ways", {"num_layers": 2, "bidirectional": True, "bias": False}, with_lengths((T, N, D))),
            (" batch first", {"batch_first": True, "num_layers": 2}, with_lengths((N, T, D))),
        )
    ),
    Layer("nn.RNN relu", *both("RNN", D, H, nonlinearity="relu"), normal((T, N, D), (1, N, H))),
    Layer("nn.RNNCell", *both("RNNCell", D, H), normal((N, D), (N, H))),
    Layer("nn.RNNCell relu", *both("RNNCell", D, H, bias=False, nonlinearity="relu"), normal((N, D))),
    Layer("nn.LSTMCell", *both("LSTMCell", D, H), with_state((N, D), (N, H), (N, H))),
    Layer("nn.GRUCell", *both("GRUCell", D, H), normal((N, D), (N, H))),
    Layer("nn.MultiheadAttention", *both("MultiheadAttention", 6, 2), normal((5, 2, 6), (7, 2, 6), (7, 2, 6))),
    Layer("nn.MultiheadAttention sizes",
          *both("MultiheadAttention", 6, 3, kdim=4, vdim=5, bias=False, batch_first=True),
          normal((2, 5, 6), (2, 7, 4), (2, 7, 5))),
    Layer("nn.MultiheadAttention masks", *both("MultiheadAttention", 6, 2), masked),
    Layer("nn.MultiheadAttention masks without weights", *both("MultiheadAttention", 6, 2), unweighted),
    Layer("nn.MultiheadAttention added mask for each head", *both("MultiheadAttention", 6, 2),
          lambda rng: (*masked(rng)[:3], None, True, *normal((4, 5, 7))(rng), False)),
    Layer("nn.MultiheadAttention causal", *both("MultiheadAttention", 6, 2), self_attention(True, True)),
    Layer("nn.MultiheadAttention causal without weights", *both("MultiheadAttention", 6, 2),
          self_attention(False, True)),
    *(
        Layer(f"nn.TransformerEncoderLayer{variant}", *both("TransformerEncoderLayer", 6, 2, 8, 0.0, **options), inputs)
        for variant, options, inputs in (
            ("", {}, block()),
            (" norm first, gelu", {"norm_first": True, "activation": "gelu"}, block()),
            (" no bias, batch first", {"bias": False, "batch_first": True}, block()),
            (" masks", {}, block(causal(5), PADDED)),
            (" causal", {"norm_first": True}, block(causal(5), None, True)),
        )
    ),
    *(
        Layer(f"nn.TransformerDecoderLayer{variant}", *both("TransformerDecoderLayer", 6, 2, 8, 0.0, **options), inputs)
        for variant, options, inputs in (
            ("", {}, decoder()),
            (" norm first, gelu", {"norm_first": True, "activation": "gelu"}, decoder()),
            (" masks", {}, decoder(causal(5), None, PADDED, np.array([[False] * 7, [False] * 4 + [True] * 3]))),
        )
    ),
]  # fmt: skip
