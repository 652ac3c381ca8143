"""The layers of the Transformer: attention, then a small network for each position, each with a way around it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnlib.numpy import functional as F
from nnlib.numpy.autograd import Tensor
from nnlib.numpy.nn.attention import MultiheadAttention
from nnlib.numpy.nn.dropout import Dropout
from nnlib.numpy.nn.linear import Linear
from nnlib.numpy.nn.module import Module
from nnlib.numpy.nn.norm import LayerNorm

Activation = str | Callable[[Tensor], Tensor]


class TransformerEncoderLayer(Module):
    """Self-attention and a feed-forward network; x + f(norm(x)) for each with `norm_first`, else norm(x + f(x)).

    Called with src, and perhaps with src_mask, src_key_padding_mask and is_causal: as attn_mask, key_padding_mask and
    is_causal in `MultiheadAttention`.

    Shape: (T, N, d_model) -> the same; (N, T, d_model) with batch_first.

    Args:
        nhead: heads of the attention.
        dim_feedforward: units in the hidden layer of the feed-forward network.
        dropout: of the attention's weights, inside the feed-forward network, and of what both add; while training.
        activation: "relu", "gelu" or a function.
        norm_first: whether to normalize before each part, which trains more easily in deep networks.
        rng: the source of initial values and dropout; by default the one that `manual_seed` sets.

    Example:
        >>> TransformerEncoderLayer(8, nhead=2, dim_feedforward=16)(np.zeros((7, 5, 8), np.float32)).shape
        (7, 5, 8)

    Source: Vaswani et al. (2017); normalizing first: Xiong et al. (2020).
    """

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: Activation = "relu",
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        self.self_attn = MultiheadAttention(d_model, nhead, dropout, bias, batch_first=batch_first, rng=rng)
        self.linear1 = Linear(d_model, dim_feedforward, bias, rng=rng)
        self.dropout = Dropout(dropout, rng=rng)
        self.linear2 = Linear(dim_feedforward, d_model, bias, rng=rng)
        self.norm1 = LayerNorm(d_model, layer_norm_eps, bias=bias)
        self.norm2 = LayerNorm(d_model, layer_norm_eps, bias=bias)
        self.dropout1 = Dropout(dropout, rng=rng)
        self.dropout2 = Dropout(dropout, rng=rng)
        self.norm_first, self.activation = norm_first, _activation(activation)

    def forward(
        self,
        src: Tensor,
        src_mask: Any = None,
        src_key_padding_mask: np.ndarray | None = None,
        is_causal: bool = False,
    ) -> Tensor:
        def attend(x: Tensor) -> Tensor:
            y, _ = self.self_attn(x, x, x, src_key_padding_mask, False, src_mask, is_causal=is_causal)
            return self.dropout1(y)

        def think(x: Tensor) -> Tensor:
            return self.dropout2(self.linear2(self.dropout(self.activation(self.linear1(x)))))

        x = src if isinstance(src, Tensor) else Tensor(src)
        for part, norm in ((attend, self.norm1), (think, self.norm2)):
            x = x + part(norm(x)) if self.norm_first else norm(x + part(x))
        return x


class TransformerDecoderLayer(Module):
    """As the encoder's layer, with a second attention in the middle, which looks at the encoder's output, `memory`.

    Called with tgt and memory, and perhaps with tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask,
    tgt_is_causal and memory_is_causal: as attn_mask, key_padding_mask and is_causal of the two attentions.

    Shape: tgt (T, N, d_model), memory (S, N, d_model) -> as tgt; (N, T, d_model) with batch_first.

    Args:
        as in `TransformerEncoderLayer`.

    Example:
        >>> layer = TransformerDecoderLayer(8, nhead=2, dim_feedforward=16)
        >>> layer(np.zeros((7, 5, 8), np.float32), np.zeros((9, 5, 8), np.float32)).shape
        (7, 5, 8)

    Source: Vaswani et al. (2017).
    """

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: Activation = "relu",
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        self.self_attn = MultiheadAttention(d_model, nhead, dropout, bias, batch_first=batch_first, rng=rng)
        self.multihead_attn = MultiheadAttention(d_model, nhead, dropout, bias, batch_first=batch_first, rng=rng)
        self.linear1 = Linear(d_model, dim_feedforward, bias, rng=rng)
        self.dropout = Dropout(dropout, rng=rng)
        self.linear2 = Linear(dim_feedforward, d_model, bias, rng=rng)
        self.norm1 = LayerNorm(d_model, layer_norm_eps, bias=bias)
        self.norm2 = LayerNorm(d_model, layer_norm_eps, bias=bias)
        self.norm3 = LayerNorm(d_model, layer_norm_eps, bias=bias)
        self.dropout1 = Dropout(dropout, rng=rng)
        self.dropout2 = Dropout(dropout, rng=rng)
        self.dropout3 = Dropout(dropout, rng=rng)
        self.norm_first, self.activation = norm_first, _activation(activation)

    def forward(
        self,
        tgt: Tensor,
        memory: Tensor,
        tgt_mask: Any = None,
        memory_mask: Any = None,
        tgt_key_padding_mask: np.ndarray | None = None,
        memory_key_padding_mask: np.ndarray | None = None,
        tgt_is_causal: bool = False,
        memory_is_causal: bool = False,
    ) -> Tensor:
        def attend(x: Tensor) -> Tensor:
            y, _ = self.self_attn(x, x, x, tgt_key_padding_mask, False, tgt_mask, is_causal=tgt_is_causal)
            return self.dropout1(y)

        def look_up(x: Tensor) -> Tensor:
            y, _ = self.multihead_attn(
                x, memory, memory, memory_key_padding_mask, False, memory_mask, is_causal=memory_is_causal
            )
            return self.dropout2(y)

        def think(x: Tensor) -> Tensor:
            return self.dropout3(self.linear2(self.dropout(self.activation(self.linear1(x)))))

        x = tgt if isinstance(tgt, Tensor) else Tensor(tgt)
        for part, norm in ((attend, self.norm1), (look_up, self.norm2), (think, self.norm3)):
            x = x + part(norm(x)) if self.norm_first else norm(x + part(x))
        return x


def _activation(activation: Activation) -> Callable[[Tensor], Tensor]:
    if callable(activation):
        return activation
    known = {"relu": F.relu, "gelu": F.gelu}
    if activation not in known:
        raise ValueError(f"activation is 'relu', 'gelu' or a function, got {activation!r}")
    return known[activation]
