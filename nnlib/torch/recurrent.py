"""One recurrent layer in one direction, as `nnlib.numpy.functional` has it, on PyTorch's own kernels."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


def rnn(
    x: Tensor,
    h0: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
    *,
    nonlinearity: str = "tanh",
    lengths: Tensor | None = None,
    reverse: bool = False,
) -> tuple[Tensor, Tensor]:
    """The plain recurrent layer: hₜ = tanh(Wᵢₕ xₜ + bᵢₕ + Wₕₕ hₜ₋₁ + bₕₕ).

    Shape: x (T, N, I), h0 (N, H), w_ih (H, I), w_hh (H, H), biases (H,) -> all states (T, N, H), the last one (N, H).

    Example:
        >>> y, h = rnn(torch.ones(5, 1, 3), torch.zeros(1, 2), torch.ones(2, 3), torch.ones(2, 2))
        >>> y.shape, h.shape
        (torch.Size([5, 1, 2]), torch.Size([1, 2]))
    """
    if nonlinearity not in ("tanh", "relu"):
        raise ValueError(f"rnn: nonlinearity is 'tanh' or 'relu', got {nonlinearity!r}")
    kernel = torch.rnn_tanh if nonlinearity == "tanh" else torch.rnn_relu
    y, h = _run(kernel, x, h0[None], (w_ih, w_hh, b_ih, b_hh), lengths, reverse)
    return y, h[0]


def lstm(
    x: Tensor,
    h0: Tensor,
    c0: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
    *,
    lengths: Tensor | None = None,
    reverse: bool = False,
) -> tuple[Tensor, tuple[Tensor, Tensor]]:
    """Long short-term memory, with the gates in the order i, f, g, o.

    Shape: x (T, N, I), h0 and c0 (N, H), w_ih (4H, I), w_hh (4H, H), biases (4H,)
        -> all states h (T, N, H), and the last h and c, (N, H) each.

    Example:
        >>> zeros = torch.zeros(1, 2)
        >>> y, (h, c) = lstm(torch.ones(5, 1, 3), zeros, zeros, torch.ones(8, 3), torch.ones(8, 2))
        >>> y.shape, h.shape, c.shape
        (torch.Size([5, 1, 2]), torch.Size([1, 2]), torch.Size([1, 2]))
    """
    y, h, c = _run(torch.lstm, x, (h0[None], c0[None]), (w_ih, w_hh, b_ih, b_hh), lengths, reverse)
    return y, (h[0], c[0])


def gru(
    x: Tensor,
    h0: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
    *,
    lengths: Tensor | None = None,
    reverse: bool = False,
) -> tuple[Tensor, Tensor]:
    """The gated recurrent unit, with the gates in the order r, z, n.

    Shape: x (T, N, I), h0 (N, H), w_ih (3H, I), w_hh (3H, H), biases (3H,)
        -> all states (T, N, H), and the last one (N, H).

    Example:
        >>> y, h = gru(torch.ones(5, 1, 3), torch.zeros(1, 2), torch.ones(6, 3), torch.ones(6, 2))
        >>> y.shape, h.shape
        (torch.Size([5, 1, 2]), torch.Size([1, 2]))
    """
    y, h = _run(torch.gru, x, h0[None], (w_ih, w_hh, b_ih, b_hh), lengths, reverse)
    return y, h[0]


def _run(
    kernel: Callable,
    x: Tensor,
    states: Tensor | tuple[Tensor, ...],
    parameters: tuple[Tensor | None, ...],
    lengths: Tensor | None,
    reverse: bool,
) -> tuple[Tensor, ...]:
    """PyTorch's kernel for one layer; sequences of unequal length go through it packed."""
    given = [p for p in parameters if p is not None]
    options = given, len(given) == 4, 1, 0.0, False, False  # one layer, no dropout, one direction
    if lengths is None:
        x = x.flip(0) if reverse else x
        y, *last = kernel(x, states, *options, False)
        return y.flip(0) if reverse else y, *last
    lengths = torch.as_tensor(lengths)
    if reverse:
        x = _reversed(x, lengths)
    packed = pack_padded_sequence(x, lengths.cpu(), enforce_sorted=False)

    def sort(state: Tensor) -> Tensor:
        return state.index_select(1, packed.sorted_indices)

    states = tuple(map(sort, states)) if isinstance(states, tuple) else sort(states)
    data, *last = kernel(packed.data, packed.batch_sizes, states, *options)
    y, _ = pad_packed_sequence(packed._replace(data=data), total_length=len(x))
    y = _reversed(y, lengths) if reverse else y
    return y, *(state.index_select(1, packed.unsorted_indices) for state in last)


def _reversed(x: Tensor, lengths: Tensor) -> Tensor:
    """Each sequence from its own end to its beginning; what lies behind the end stays."""
    t = torch.arange(len(x), device=x.device)[:, None]
    lengths = lengths.to(x.device)
    index = torch.where(t < lengths, lengths - 1 - t, t)
    return x.gather(0, index[:, :, None].expand_as(x))
