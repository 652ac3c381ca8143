"""Recurrent layers, stacked and in both directions, and single steps; `functional/recurrent.py` has the mathematics."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nnlib.numpy import functional as F
from nnlib.numpy import init, ops
from nnlib.numpy.autograd import Parameter, Tensor
from nnlib.numpy.nn.module import Module


class _Gates(Module):
    """What the layers and the single steps share: the parameters of one layer in one direction."""

    rule: Callable  # from `functional`
    blocks: int  # how many rows of the weights belong to each unit: one for each gate
    states = 1  # what goes from step to step: h; for the LSTM h and c

    def _add_parameters(
        self, input_size: int, hidden_size: int, bias: bool, rng: np.random.Generator | None, suffix: str = ""
    ) -> None:
        if input_size < 1 or hidden_size < 1:
            raise ValueError(
                f"{type(self).__name__} needs at least one input and one unit, got {input_size} and {hidden_size}"
            )
        rows, bound = self.blocks * hidden_size, 1 / math.sqrt(hidden_size)
        shapes = {"weight_ih": (rows, input_size), "weight_hh": (rows, hidden_size)}
        if bias:
            shapes |= {"bias_ih": (rows,), "bias_hh": (rows,)}
        for name, shape in shapes.items():
            parameter = Parameter(np.empty(shape, np.float32))
            setattr(self, name + suffix, init.uniform_(parameter, -bound, bound, rng=rng))

    def _apply(self, x: Tensor, states: list, suffix: str = "", **options: Any) -> tuple[Tensor, tuple[Tensor, ...]]:
        names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        parameters = [getattr(self, name + suffix, None) for name in names]
        y, last = type(self).rule(x, *states, *parameters, **options)
        return y, last if isinstance(last, tuple) else (last,)

    def _as_states(self, hx: Any, shape: tuple[int, ...], dtype: np.dtype) -> list:
        """hx as a list of states of this shape; zeros when there is none."""
        name, wanted = type(self).__name__, "h" if self.states == 1 else "(h, c)"
        if hx is None:
            return [np.zeros(shape, dtype)] * self.states
        states = [hx] if self.states == 1 else list(hx) if isinstance(hx, tuple | list) else []
        if len(states) != self.states or any(np.shape(s) != shape for s in states):
            got = [np.shape(s) for s in states] if states else type(hx).__name__
            raise ValueError(f"{name}: the first state is {wanted} of shape {shape}, got {got}")
        return states


class _Recurrent(_Gates):
    """One or more layers, in one or both directions."""

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        name = type(self).__name__
        if num_layers < 1:
            raise ValueError(f"{name} needs at least one layer, got {num_layers}")
        if not 0 <= dropout <= 1:
            raise ValueError(f"{name}: dropout is a probability between 0 and 1, got {dropout}")
        self.input_size, self.hidden_size, self.num_layers, self.bias = input_size, hidden_size, num_layers, bias
        self.batch_first, self.dropout, self.bidirectional, self.rng = batch_first, dropout, bidirectional, rng
        self._suffixes = [
            [f"_l{layer}", f"_l{layer}_reverse"][: 1 + bidirectional] for layer in range(num_layers)
        ]  # of the parameters' names
        for layer, suffixes in enumerate(self._suffixes):
            inputs = input_size if layer == 0 else hidden_size * len(suffixes)
            for suffix in suffixes:
                self._add_parameters(inputs, hidden_size, bias, rng, suffix)

    def forward(self, x: Tensor, hx: Any = None, lengths: np.ndarray | None = None) -> tuple[Tensor, Any]:
        x = x if isinstance(x, Tensor) else Tensor(x)
        if x.ndim != 3 or x.shape[2] != self.input_size:
            N, T = ("N, T" if self.batch_first else "T, N").split(", ")
            one = (
                f": one sequence is a batch of one, x[{'None' if self.batch_first else ':, None'}]"
                if x.ndim == 2
                else ""
            )
            raise ValueError(
                f"{type(self).__name__} expected x of shape ({N}, {T}, {self.input_size}), got {x.shape}{one}"
            )
        x = ops.swapaxes(x, 0, 1) if self.batch_first else x
        directions = 1 + self.bidirectional
        states = self._as_states(hx, (self.num_layers * directions, x.shape[1], self.hidden_size), x.dtype)
        ends = []
        for layer, suffixes in enumerate(self._suffixes):
            x = F.dropout(x, self.dropout, self.training, rng=self.rng) if layer else x
            outputs = []
            for direction, suffix in enumerate(suffixes):
                first = [state[layer * directions + direction] for state in states]
                y, end = self._apply(x, first, suffix, lengths=lengths, reverse=direction == 1)
                outputs.append(y)
                ends.append(end)
            x = ops.cat(outputs, -1) if self.bidirectional else y
        last = tuple(ops.stack(kind) for kind in zip(*ends, strict=True))
        return ops.swapaxes(x, 0, 1) if self.batch_first else x, last if self.states > 1 else last[0]

    def extra_repr(self) -> str:
        shown = f"{self.input_size}, {self.hidden_size}"
        usual = {"num_layers": 1, "bias": True, "batch_first": False, "dropout": 0.0, "bidirectional": False}
        return shown + "".join(f", {n}={getattr(self, n)}" for n, v in usual.items() if getattr(self, n) != v)


class RNN(_Recurrent):
    """The plain recurrent network: hₜ = tanh(Wᵢₕ xₜ + bᵢₕ + Wₕₕ hₜ₋₁ + bₕₕ), in one or more layers.

    Called with x, with first states (default: zeros), and perhaps with `lengths`, where each sequence ends; it returns
    the last layer's states at all steps, and the last states of all layers.

    Shape: x (T, N, input_size), hx (layers·directions, N, hidden_size)
        -> (T, N, directions·hidden_size), (layers·directions, N, hidden_size).

    Args:
        num_layers: layers on top of each other; each takes the states of the one below.
        nonlinearity: "tanh" or "relu".
        batch_first: whether x and the output are (N, T, …); the states never are.
        dropout: of the states that go from layer to layer, while training.
        bidirectional: whether each layer also walks from the end to the beginning; the two outputs stand side by side.
        rng: the source of initial values and dropout; by default the one that `manual_seed` sets.

    Attributes:
        weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0: and so on for each layer, with _reverse for the way back; at
            first uniform in ±1/√hidden_size.

    Example:
        >>> y, h = RNN(3, 4, num_layers=2)(np.zeros((7, 5, 3), np.float32))
        >>> y.shape, h.shape
        ((7, 5, 4), (2, 5, 4))
    """

    rule, blocks = staticmethod(F.rnn), 1

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__(input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, rng=rng)
        self.nonlinearity = _known(nonlinearity)

    def _apply(self, *args: Any, **options: Any) -> tuple[Tensor, tuple[Tensor, ...]]:
        return super()._apply(*args, nonlinearity=self.nonlinearity, **options)


class LSTM(_Recurrent):
    """Long short-term memory, in one or more layers: gates decide what its cells keep, take in and show.

    The first and last states are a pair (h, c), each (layers·directions, N, hidden_size). All else as in `RNN`; the
    weights have four blocks of rows, for the gates i, f, g, o.

    Example:
        >>> y, (h, c) = LSTM(3, 4, bidirectional=True)(np.zeros((7, 5, 3), np.float32))
        >>> y.shape, h.shape, c.shape
        ((7, 5, 8), (2, 5, 4), (2, 5, 4))
    """

    rule, blocks, states = staticmethod(F.lstm), 4, 2


class GRU(_Recurrent):
    """Gated recurrent units, in one or more layers: a state that is partly kept and partly renewed.

    All as in `RNN`; the weights have three blocks of rows, for the gates r, z, n.

    Example:
        >>> y, h = GRU(3, 4, batch_first=True)(np.zeros((5, 7, 3), np.float32), lengths=[7, 2, 3, 1, 7])
        >>> y.shape, h.shape
        ((5, 7, 4), (1, 5, 4))
    """

    rule, blocks = staticmethod(F.gru), 3


class _Cell(_Gates):
    """One step of one layer."""

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, *, rng: np.random.Generator | None = None
    ) -> None:
        self.input_size, self.hidden_size, self.bias = input_size, hidden_size, bias
        self._add_parameters(input_size, hidden_size, bias, rng)

    def forward(self, x: Tensor, hx: Any = None) -> Any:
        x = x if isinstance(x, Tensor) else Tensor(x)
        if x.ndim != 2 or x.shape[1] != self.input_size:
            raise ValueError(f"{type(self).__name__} expected x of shape (N, {self.input_size}), got {x.shape}")
        states = self._as_states(hx, (x.shape[0], self.hidden_size), x.dtype)
        _, last = self._apply(ops.unsqueeze(x, 0), states)
        return last if self.states > 1 else last[0]

    def extra_repr(self) -> str:
        return f"{self.input_size}, {self.hidden_size}" + ("" if self.bias else ", bias=False")


class RNNCell(_Cell):
    """One step of the plain recurrent network: h' = tanh(Wᵢₕ x + bᵢₕ + Wₕₕ h + bₕₕ).

    Shape: x (N, input_size), h (N, hidden_size), by default zeros -> (N, hidden_size).

    Attributes:
        weight_ih, weight_hh, bias_ih, bias_hh: as in `RNN`.

    Example:
        >>> RNNCell(3, 4)(np.zeros((5, 3), np.float32)).shape
        (5, 4)
    """

    rule, blocks = staticmethod(F.rnn), 1

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        nonlinearity: str = "tanh",
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__(input_size, hidden_size, bias, rng=rng)
        self.nonlinearity = _known(nonlinearity)

    def _apply(self, *args: Any, **options: Any) -> tuple[Tensor, tuple[Tensor, ...]]:
        return super()._apply(*args, nonlinearity=self.nonlinearity, **options)

    def extra_repr(self) -> str:
        return super().extra_repr() + ("" if self.nonlinearity == "tanh" else f", nonlinearity={self.nonlinearity}")


class LSTMCell(_Cell):
    """One step of the LSTM. The state is a pair (h, c), and so is what it returns.

    Shape: x (N, input_size), h and c (N, hidden_size), by default zeros -> (N, hidden_size) each.

    Attributes:
        weight_ih, weight_hh, bias_ih, bias_hh: as in `LSTM`.

    Example:
        >>> h, c = LSTMCell(3, 4)(np.zeros((5, 3), np.float32))
        >>> h.shape, c.shape
        ((5, 4), (5, 4))
    """

    rule, blocks, states = staticmethod(F.lstm), 4, 2


class GRUCell(_Cell):
    """One step of the gated recurrent unit.

    Shape: x (N, input_size), h (N, hidden_size), by default zeros -> (N, hidden_size).

    Attributes:
        weight_ih, weight_hh, bias_ih, bias_hh: as in `GRU`.

    Example:
        >>> GRUCell(3, 4)(np.zeros((5, 3), np.float32)).shape
        (5, 4)
    """

    rule, blocks = staticmethod(F.gru), 3


def _known(nonlinearity: str) -> str:
    if nonlinearity not in ("tanh", "relu"):
        raise ValueError(f"nonlinearity is 'tanh' or 'relu', got {nonlinearity!r}")
    return nonlinearity
