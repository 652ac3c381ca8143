"""Multi-head attention as a layer; `functional/attention.py` has its mathematics."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nnlib.numpy import functional as F
from nnlib.numpy import init, ops
from nnlib.numpy.autograd import Parameter, Tensor
from nnlib.numpy.functional.attention import cut_heads, join_heads
from nnlib.numpy.nn.linear import Linear
from nnlib.numpy.nn.module import Module


class MultiheadAttention(Module):
    """Several attentions side by side, each on its own projections: headᵢ = attention(Q Wᵢq, K Wᵢk, V Wᵢv).

    Called with query, key, value; all three are the same in self-attention. It returns the output, and the weights, as
    the mean over the heads, unless `need_weights=False`, which is faster and takes less memory.

    Shape: query (L, N, embed_dim), key (S, N, kdim), value (S, N, vdim) -> (L, N, embed_dim), (N, L, S).

    Args:
        num_heads: so many; embed_dim must be a multiple.
        dropout: of the weights, while training.
        bias: of the projections.
        kdim, vdim: the sizes of keys and values; by default embed_dim.
        batch_first: whether inputs and output are (N, L, …).
        rng: the source of initial values and dropout; by default the one that `manual_seed` sets.

    Masks, as in PyTorch's layer (and the other way round than in `scaled_dot_product_attention`):
        key_padding_mask: (N, S), True where a key is padding and nobody may look.
        attn_mask: (L, S) or (N·heads, L, S), True where a query must not look; or numbers that are added.
        is_causal: a hint that attn_mask is the causal one, so that the faster way may be taken.

    Attributes:
        in_proj_weight: (3·embed_dim, embed_dim), for queries, keys and values; with kdim or vdim instead q_proj_weight,
            k_proj_weight and v_proj_weight. At first xavier uniform.
        in_proj_bias: (3·embed_dim,), at first 0; or None.
        out_proj: the Linear that mixes the heads.

    Example:
        >>> x = np.zeros((7, 5, 8), np.float32)
        >>> y, weights = MultiheadAttention(8, num_heads=2)(x, x, x)
        >>> y.shape, weights.shape
        ((7, 5, 8), (5, 7, 7))

    Source: Vaswani et al. (2017).
    """

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        dropout: float = 0.0,
        bias: bool = True,
        *,
        kdim: int | None = None,
        vdim: int | None = None,
        batch_first: bool = False,
        rng: np.random.Generator | None = None,
    ) -> None:
        if num_heads < 1 or embed_dim < 1 or embed_dim % num_heads:
            raise ValueError(f"MultiheadAttention: {embed_dim} does not fall into {num_heads} heads of equal size")
        self.embed_dim, self.num_heads, self.dropout = embed_dim, num_heads, dropout
        self.kdim, self.vdim = kdim or embed_dim, vdim or embed_dim
        self.batch_first, self.rng = batch_first, rng
        if self.kdim == self.vdim == embed_dim:
            self.in_proj_weight = Parameter(np.empty((3 * embed_dim, embed_dim), np.float32))
            init.xavier_uniform_(self.in_proj_weight, rng=rng)
        else:
            for name, width in (("q", embed_dim), ("k", self.kdim), ("v", self.vdim)):
                weight = Parameter(np.empty((embed_dim, width), np.float32))
                setattr(self, f"{name}_proj_weight", init.xavier_uniform_(weight, rng=rng))
        self.in_proj_bias = Parameter(np.zeros(3 * embed_dim, np.float32)) if bias else None
        self.out_proj = Linear(embed_dim, embed_dim, bias, rng=rng)
        if bias:
            init.zeros_(self.out_proj.bias)

    def forward(
        self,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        key_padding_mask: np.ndarray | None = None,
        need_weights: bool = True,
        attn_mask: np.ndarray | None = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[Tensor, Tensor | None]:
        if is_causal and attn_mask is None:
            raise ValueError("MultiheadAttention: is_causal is a hint about attn_mask, so give the mask too")
        q, k, v = self._project(query, key, value)  # (N, heads, L or S, embed_dim/heads)
        N, _, L, E = q.shape
        if not N == len(k) == len(v) or k.shape[2] != v.shape[2]:
            raise ValueError(
                "MultiheadAttention needs queries, keys and values of one batch, and a value for each key, got "
                f"query {np.shape(query)}, key {np.shape(key)}, value {np.shape(value)}"
            )
        causal = is_causal and not need_weights and key_padding_mask is None
        mask = None if causal else self._mask(attn_mask, key_padding_mask, (N, L, k.shape[2]), q.dtype)
        p = self.dropout if self.training else 0.0
        if need_weights:
            scores = q * (1 / math.sqrt(E)) @ ops.swapaxes(k, -1, -2)
            weights = F.dropout(F.softmax(scores if mask is None else scores + mask, -1), p, rng=self.rng)
            heads = weights @ v
            weights = ops.mean(weights, 1) if average_attn_weights else weights
        else:
            weights, heads = None, F.scaled_dot_product_attention(q, k, v, mask, p, causal, rng=self.rng)
        joined = join_heads(heads)
        return self.out_proj(joined if self.batch_first else ops.swapaxes(joined, 0, 1)), weights

    def _project(self, *inputs: Any) -> list[Tensor]:
        """Query, key and value, each through its own weights and cut into heads: (N, heads, L, embed_dim/heads)."""
        d, projected = self.embed_dim, []
        sizes = {"query": d, "key": self.kdim, "value": self.vdim}
        for i, (x, (name, size)) in enumerate(zip(inputs, sizes.items(), strict=True)):
            x = x if isinstance(x, Tensor) else Tensor(x)
            if x.ndim != 3 or x.shape[2] != size:
                order = "N, L" if self.batch_first else "L, N"
                raise ValueError(f"MultiheadAttention expected {name} of shape ({order}, {size}), got {x.shape}")
            rows = slice(i * d, (i + 1) * d)
            own = getattr(self, f"{name[0]}_proj_weight", None)
            weight = self.in_proj_weight[rows] if own is None else own
            y = F.linear(x, weight, None if self.in_proj_bias is None else self.in_proj_bias[rows])
            y = y if self.batch_first else ops.swapaxes(y, 0, 1)
            projected.append(cut_heads(y, self.num_heads))
        return projected

    def _mask(self, attn_mask: Any, padding: Any, shape: tuple[int, int, int], dtype: np.dtype) -> Any:
        """Both masks as one that is added to the scores (N, heads, L, S); None where there is none."""
        (N, L, S), h, masks = shape, self.num_heads, []
        if attn_mask is not None:
            if np.shape(attn_mask) not in ((L, S), (N * h, L, S)):
                wanted = f"({L}, {S}) or ({N * h}, {L}, {S})"
                raise ValueError(f"MultiheadAttention: attn_mask has shape {wanted}, got {np.shape(attn_mask)}")
            attn_mask = _added(attn_mask, dtype)
            masks.append(attn_mask if attn_mask.ndim == 2 else attn_mask.reshape(N, h, L, S))
        if padding is not None:
            if np.shape(padding) != (N, S):
                raise ValueError(f"MultiheadAttention: key_padding_mask has shape ({N}, {S}), got {np.shape(padding)}")
            masks.append(_added(padding, dtype).reshape(N, 1, 1, S))
        return masks[0] + masks[1] if len(masks) == 2 else masks[0] if masks else None


def _added(mask: Any, dtype: np.dtype) -> Any:
    """A mask as what is added to the scores: minus infinity where a boolean one is True, else its own numbers."""
    array = mask.data if isinstance(mask, Tensor) else np.asarray(mask)
    if array.dtype == bool:
        return np.where(array, dtype.type(-np.inf), dtype.type(0))
    if array.dtype.kind != "f":
        raise TypeError(
            f"MultiheadAttention: a mask is boolean, True where nobody may look, or floats that are added, got "
            f"{array.dtype}: for a mask of 0 and 1, in which 1 is padding, use mask.astype(bool)"
        )
    return mask if isinstance(mask, Tensor) else array.astype(dtype)
