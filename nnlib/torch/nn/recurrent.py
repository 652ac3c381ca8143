"""PyTorch's recurrent layers, which also take the lengths of padded sequences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class RNN(nn.RNN):
    """`torch.nn.RNN` with `lengths`, (N,): behind a sequence's end outputs are 0, its last state is that at the end.

    Example:
        >>> y, h = RNN(3, 4, batch_first=True)(torch.zeros(2, 7, 3), lengths=torch.tensor([7, 2]))
        >>> y.shape, h.shape
        (torch.Size([2, 7, 4]), torch.Size([1, 2, 4]))
    """

    def forward(self, x: Tensor, hx: Tensor | None = None, lengths: Tensor | None = None) -> tuple[Tensor, Tensor]:
        return _with_lengths(super().forward, x, hx, lengths, self.batch_first)


class LSTM(nn.LSTM):
    """`torch.nn.LSTM` with `lengths`, as in `RNN`.

    Example:
        >>> y, (h, c) = LSTM(3, 4)(torch.zeros(7, 2, 3), lengths=[7, 2])
        >>> y.shape, h.shape, c.shape
        (torch.Size([7, 2, 4]), torch.Size([1, 2, 4]), torch.Size([1, 2, 4]))
    """

    def forward(
        self, x: Tensor, hx: tuple[Tensor, Tensor] | None = None, lengths: Tensor | None = None
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        return _with_lengths(super().forward, x, hx, lengths, self.batch_first)


class GRU(nn.GRU):
    """`torch.nn.GRU` with `lengths`, as in `RNN`.

    Example:
        >>> y, h = GRU(3, 4)(torch.zeros(7, 2, 3))
        >>> y.shape, h.shape
        (torch.Size([7, 2, 4]), torch.Size([1, 2, 4]))
    """

    def forward(self, x: Tensor, hx: Tensor | None = None, lengths: Tensor | None = None) -> tuple[Tensor, Tensor]:
        return _with_lengths(super().forward, x, hx, lengths, self.batch_first)


def _with_lengths(run: Callable, x: Tensor, hx: Any, lengths: Any, batch_first: bool) -> tuple[Tensor, Any]:
    if lengths is None:
        return run(x, hx)
    packed = pack_padded_sequence(x, torch.as_tensor(lengths).cpu(), batch_first, enforce_sorted=False)
    y, last = run(packed, hx)
    return pad_packed_sequence(y, batch_first, total_length=x.shape[1 if batch_first else 0])[0], last
