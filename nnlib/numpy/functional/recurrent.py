"""Recurrent layers: one rule for a whole sequence, step after step, each from the state that the last one left.

Their derivatives are backpropagation through time: one sweep from the last step to the first, which carries ∂L/∂h (and
∂L/∂c) backwards and writes down δ, the gradient of what went into the activations. The rest are products of all steps
at once:

    ∂L/∂x = Wᵢₕᵀ δ,   ∂L/∂Wᵢₕ = Σ δ xᵀ,   ∂L/∂Wₕₕ = Σ δ hₜ₋₁ᵀ,   ∂L/∂b = Σ δ.

Inside, step t is (H, N), the batch last: a gate is then one block of memory, and all of a step is one product.
Outside, shapes are PyTorch's, (T, N, H).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nnlib.numpy.autograd import differentiable
from nnlib.numpy.functional.common import column_sums, once


def rnn(x, h0, w_ih, w_hh, b_ih=None, b_hh=None, *, nonlinearity="tanh", lengths=None, reverse=False):
    """The plain recurrent layer, one direction: hₜ = tanh(Wᵢₕ xₜ + bᵢₕ + Wₕₕ hₜ₋₁ + bₕₕ).

    Backwards, δₜ = (gₜ + Wₕₕᵀ δₜ₊₁) ∘ (1 − hₜ²): every step multiplies by Wₕₕᵀ and by a slope once more, and this is
    why gradients vanish or explode.

    Shape: x (T, N, I), h0 (N, H), w_ih (H, I), w_hh (H, H), biases (H,) -> all states (T, N, H), the last one (N, H).

    Args:
        nonlinearity: "tanh" or "relu".
        lengths: (N,), where each sequence ends. Behind it, outputs are 0 and the state stays.
        reverse: whether to walk from the end to the beginning.

    Raises:
        ValueError: the shapes do not fit, or a length is not between 1 and T.
        TypeError: the dtypes differ.

    Example:
        >>> x, one = np.array([[[1.0]], [[0.0]]]), np.array([[1.0]])
        >>> y, h = rnn(x, np.zeros((1, 1)), one, one, nonlinearity="relu")
        >>> y.tolist(), h.item()
        ([[[1.0]], [[1.0]]], 1.0)

    Source: Elman (1990); backpropagation through time: Werbos (1990).
    """
    if nonlinearity not in ("tanh", "relu"):
        raise ValueError(f"rnn: nonlinearity is 'tanh' or 'relu', got {nonlinearity!r}")
    time = _check("rnn", 1, x, (h0,), w_ih, w_hh, b_ih, b_hh, lengths, reverse)
    y = _rnn(x, h0, w_ih, w_hh, b_ih, b_hh, nonlinearity=nonlinearity, time=time)
    return y[:-1], y[-1]


def lstm(x, h0, c0, w_ih, w_hh, b_ih=None, b_hh=None, *, lengths=None, reverse=False):
    """Long short-term memory, one layer and direction: a cell that is added to, and gates that open and close.

    (i, f, g, o) = Wᵢₕ xₜ + bᵢₕ + Wₕₕ hₜ₋₁ + bₕₕ, four blocks of H;
    cₜ = σ(f) ∘ cₜ₋₁ + σ(i) ∘ tanh(g),   hₜ = σ(o) ∘ tanh(cₜ).

    Backwards, ∂L/∂cₜ₋₁ = σ(f) ∘ ∂L/∂cₜ + …: where the forget gate f is open, the gradient comes through unchanged.

    Shape: x (T, N, I), h0 and c0 (N, H), w_ih (4H, I), w_hh (4H, H), biases (4H,)
        -> all states h (T, N, H), and the last h and c, (N, H) each.

    Args:
        lengths, reverse: as in `rnn`.

    Raises:
        ValueError: the shapes do not fit, or a length is not between 1 and T.
        TypeError: the dtypes differ.

    Example:
        >>> zeros = np.zeros((1, 2))
        >>> y, (h, c) = lstm(np.ones((5, 1, 3)), zeros, zeros, np.ones((8, 3)), np.ones((8, 2)))
        >>> y.shape, h.shape, c.shape
        ((5, 1, 2), (1, 2), (1, 2))

    Source: Hochreiter and Schmidhuber (1997); the forget gate: Gers, Schmidhuber and Cummins (2000).
    """
    time = _check("lstm", 4, x, (h0, c0), w_ih, w_hh, b_ih, b_hh, lengths, reverse)
    y = _lstm(x, h0, c0, w_ih, w_hh, b_ih, b_hh, time=time)
    return y[:-2], (y[-2], y[-1])


def gru(x, h0, w_ih, w_hh, b_ih=None, b_hh=None, *, lengths=None, reverse=False):
    """The gated recurrent unit, one layer and direction: a state that is partly kept and partly renewed.

    (r, z, n) = Wᵢₕ xₜ + bᵢₕ and (r', z', n') = Wₕₕ hₜ₋₁ + bₕₕ, three blocks of H each; r ← σ(r + r'), z ← σ(z + z');
    n ← tanh(n + r ∘ n'),   hₜ = (1 − z) ∘ n + z ∘ hₜ₋₁.

    Shape: x (T, N, I), h0 (N, H), w_ih (3H, I), w_hh (3H, H), biases (3H,)
        -> all states (T, N, H), and the last one (N, H).

    Args:
        lengths, reverse: as in `rnn`.

    Raises:
        ValueError: the shapes do not fit, or a length is not between 1 and T.
        TypeError: the dtypes differ.

    Example:
        >>> y, h = gru(np.ones((5, 1, 3)), np.zeros((1, 2)), np.ones((6, 3)), np.ones((6, 2)))
        >>> y.shape, h.shape
        ((5, 1, 2), (1, 2))

    Source: Cho et al. (2014); with the reset gate behind the product, as in PyTorch and cuDNN.
    """
    time = _check("gru", 3, x, (h0,), w_ih, w_hh, b_ih, b_hh, lengths, reverse)
    y = _gru(x, h0, w_ih, w_hh, b_ih, b_hh, time=time)
    return y[:-1], y[-1]


# The rules. Each returns one array: the outputs of all steps, and behind them the last states.


@differentiable
def _rnn(x, h0, w_ih, w_hh, b_ih=None, b_hh=None, *, nonlinearity, time):
    tanh = nonlinearity == "tanh"
    x = time.inputs(x)
    z, h = _inputs(x, w_ih, b_ih, b_hh), _states(h0, len(x))
    for t in range(len(x)):
        a = z[t] + w_hh @ h[t]
        h[t + 1] = time.choose(t, np.tanh(a) if tanh else np.maximum(a, 0), h[t])
    slope = 1 - h[1:] * h[1:] if tanh else (h[1:] > 0).astype(h.dtype)

    def sweep(g):
        g_y, d_h = time.arriving(g)
        delta = np.empty_like(z)
        for t in reversed(range(len(x))):
            d_h = d_h + g_y[t]
            delta[t] = time.choose(t, d_h * slope[t], 0)
            d_h = time.choose(t, w_hh.T @ delta[t], d_h)
        return delta, delta, d_h.T

    return time.outputs(h), _vjps(sweep, 1, x, h, w_ih, time)


@differentiable
def _lstm(x, h0, c0, w_ih, w_hh, b_ih=None, b_hh=None, *, time):
    H = w_hh.shape[1]
    # σ(a) = tanh(a/2)/2 + 1/2, so with halved weights one tanh serves all four gates. Halving is exact.
    half = np.full((4 * H, 1), 0.5, x.dtype)
    half[2 * H : 3 * H] = 1  # not g
    x = time.inputs(x)
    gates, recurrent = _inputs(x, w_ih, b_ih, b_hh), half * w_hh
    gates *= half
    h, c = _states(h0, len(x)), _states(c0, len(x))
    tanh_c = np.empty_like(h[1:])
    i, f, g, o = (gates[:, k * H : (k + 1) * H] for k in range(4))  # views: filled step by step, in place
    for t in range(len(x)):
        gates[t] += recurrent @ h[t]
        np.tanh(gates[t], out=gates[t])
        for sigmoids in (gates[t, : 2 * H], o[t]):
            sigmoids *= 0.5
            sigmoids += 0.5
        c[t + 1] = time.choose(t, f[t] * c[t] + i[t] * g[t], c[t])
        np.tanh(c[t + 1], out=tanh_c[t])
        h[t + 1] = time.choose(t, o[t] * tanh_c[t], h[t])

    def sweep(g_out):
        g_y, d_h, d_c = time.arriving(g_out)
        d_tanh, w_back = o * (1 - tanh_c * tanh_c), np.ascontiguousarray(w_hh.T)
        # What each gate's gradient is multiplied by, for all steps at once: only ∂L/∂h and ∂L/∂c need the walk.
        delta = np.concatenate([i * (1 - i) * g, f * (1 - f) * c[:-1], i * (1 - g * g), o * (1 - o) * tanh_c], axis=1)
        for t in reversed(range(len(x))):
            d_h = d_h + g_y[t]
            d_new = d_c + d_h * d_tanh[t]
            of_c = delta[t, : 3 * H].reshape(3, H, -1)
            of_c *= d_new
            delta[t, 3 * H :] *= d_h
            time.clear(t, delta[t])
            d_h = time.choose(t, w_back @ delta[t], d_h)
            d_c = time.choose(t, d_new * f[t], d_c)
        return delta, delta, d_h.T, d_c.T

    return time.outputs(h, c), _vjps(sweep, 2, x, h, w_ih, time)


@differentiable
def _gru(x, h0, w_ih, w_hh, b_ih=None, b_hh=None, *, time):
    x = time.inputs(x)
    a, h = _inputs(x, w_ih, b_ih), _states(h0, len(x))
    b, H = np.empty_like(a), len(h[0])
    r, z, n = (a[:, k * H : (k + 1) * H] for k in range(3))  # views: a becomes the gates, in place
    for t in range(len(x)):
        b[t] = w_hh @ h[t]
        if b_hh is not None:
            b[t] += b_hh[:, None]
        a[t, : 2 * H] += b[t, : 2 * H]
        _sigmoid(a[t, : 2 * H])
        n[t] = np.tanh(n[t] + r[t] * b[t, 2 * H :])
        h[t + 1] = time.choose(t, n[t] + z[t] * (h[t] - n[t]), h[t])
    hidden = b[:, 2 * H :]  # n', what the reset gate lets through

    def sweep(g):
        g_y, d_h = time.arriving(g)
        delta, delta_h = np.empty_like(a), np.empty_like(a)
        for t in reversed(range(len(x))):
            d_h = d_h + g_y[t]
            d_n = d_h * (1 - z[t]) * (1 - n[t] * n[t])
            delta[t] = time.choose(t, np.concatenate([
                d_n * hidden[t] * r[t] * (1 - r[t]), d_h * (h[t] - n[t]) * z[t] * (1 - z[t]), d_n,
            ]), 0)  # fmt: skip
            delta_h[t] = delta[t]
            delta_h[t, 2 * H :] *= r[t]
            d_h = time.choose(t, w_hh.T @ delta_h[t] + d_h * z[t], d_h)
        return delta, delta_h, d_h.T

    return time.outputs(h), _vjps(sweep, 1, x, h, w_ih, time)


class _Time:
    """The order in which a layer takes its steps, and which of them belong to each sequence."""

    def __init__(self, steps: int, lengths: np.ndarray | None, reverse: bool) -> None:
        self.steps, self.reverse = steps, reverse
        self.live = None  # (T, 1, N), in the order of the steps
        if lengths is not None:
            self.live = self.order(np.arange(steps)[:, None, None] < lengths)

    def order(self, a: np.ndarray) -> np.ndarray:
        """The steps in the order in which they are taken, or back in that of time."""
        return a[::-1] if self.reverse else a

    def choose(self, t: int, new: np.ndarray, old: np.ndarray | float) -> np.ndarray:
        """New where step t belongs to the sequence, else old."""
        return new if self.live is None else np.where(self.live[t], new, old)

    def clear(self, t: int, a: np.ndarray) -> None:
        """Set a to 0, in place, where step t does not belong to the sequence."""
        if self.live is not None:
            np.copyto(a, 0, where=~self.live[t])

    def inputs(self, x: np.ndarray) -> np.ndarray:
        """The inputs (T, N, I) in this order, 0 behind the ends: what lies there may be NaN, and 0 times NaN is NaN."""
        x = self.order(x)
        return x if self.live is None else np.where(self.live[:, 0, :, None], x, 0)

    def outputs(self, h: np.ndarray, *others: np.ndarray) -> np.ndarray:
        """All states h, 0 behind the ends, and the last state of each kind: (T + kinds, N, H)."""
        y = h[1:] if self.live is None else h[1:] * self.live
        return np.concatenate([self.order(y), h[-1:], *(c[-1:] for c in others)]).swapaxes(1, 2)

    def arriving(self, g: np.ndarray) -> list[np.ndarray]:
        """The transpose of `outputs`: the gradient of all states, and of the last state of each kind."""
        g, steps = g.swapaxes(1, 2), self.steps
        g_y = self.order(g[:steps])
        return [g_y if self.live is None else g_y * self.live, *g[steps:]]


def _states(first: np.ndarray, steps: int) -> np.ndarray:
    """Room for all states, (T + 1, H, N), beginning with the given one."""
    N, H = first.shape
    h = np.empty((steps + 1, H, N), first.dtype)
    h[0] = first.T
    return h


def _inputs(x: np.ndarray, w_ih: np.ndarray, *biases: np.ndarray | None) -> np.ndarray:
    """What the inputs contribute at every step: (T, N, I) -> (T, rows of w_ih, N), in one product."""
    z = w_ih @ x.swapaxes(1, 2)
    for bias in biases:
        if bias is not None:
            z += bias[:, None]
    return z


def _sigmoid(a: np.ndarray) -> None:
    """σ(a) = (tanh(a/2) + 1)/2, in place: never overflows."""
    a *= 0.5
    np.tanh(a, out=a)
    a += 1
    a *= 0.5


def _vjps(sweep: Callable, states: int, x: np.ndarray, h: np.ndarray, w_ih: np.ndarray, time: _Time) -> tuple:
    """The vjps of x, the first states, w_ih, w_hh, b_ih and b_hh, from the δ that a sweep writes down."""
    sweep = once(sweep)  # g -> δ of what w_ih made, δ of what w_hh made, both (T, K, N), and ∂L/∂(first states)
    before = h[:-1]

    @once
    def columns(g):  # both δ with a column for each step of each sequence, so that sums over all of them are products
        delta, delta_h = sweep(g)[:2]
        first = _columns(delta)
        return first, first if delta_h is delta else _columns(delta_h)

    return (
        lambda g: time.order((columns(g)[0].T @ w_ih).reshape(x.shape)),
        *(lambda g, i=i: sweep(g)[2 + i] for i in range(states)),
        lambda g: columns(g)[0] @ x.reshape(-1, x.shape[2]),
        lambda g: columns(g)[1] @ _columns(before).T,
        lambda g: column_sums(columns(g)[0].T),
        lambda g: column_sums(columns(g)[1].T),
    )


def _columns(a: np.ndarray) -> np.ndarray:
    """(T, n, N) -> (n, T·N)."""
    return a.swapaxes(0, 1).reshape(a.shape[1], -1)


def _check(
    name: str,
    blocks: int,
    x: Any,
    states: Sequence[Any],
    w_ih: Any,
    w_hh: Any,
    b_ih: Any,
    b_hh: Any,
    lengths: Any,
    reverse: bool,
) -> _Time:
    shape = np.shape(w_hh)
    if len(shape) != 2 or shape[0] != blocks * shape[1]:
        rows = "H" if blocks == 1 else f"{blocks}H"
        raise ValueError(f"{name}: w_hh has shape ({rows}, H), got {shape}")
    H = shape[1]
    if np.ndim(x) != 3 or np.shape(w_ih) != (blocks * H, np.shape(x)[2]):
        raise ValueError(
            f"{name} expected x (T, N, I) and w_ih ({blocks * H}, I), got {np.shape(x)} and {np.shape(w_ih)}"
        )
    T, N, _ = np.shape(x)
    if T == 0:
        raise ValueError(f"{name} needs a sequence of at least one step, got x of shape {np.shape(x)}")
    for state in states:
        if np.shape(state) != (N, H):
            raise ValueError(f"{name}: the first state of {N} sequences has shape ({N}, {H}), got {np.shape(state)}")
    for bias in (b_ih, b_hh):
        if bias is not None and np.shape(bias) != (blocks * H,):
            raise ValueError(f"{name}: biases have shape ({blocks * H},), got {np.shape(bias)}")
    for other, array in (("the first state", states[0]), ("w_ih", w_ih), ("w_hh", w_hh)):
        if x.dtype.kind != "f" or array.dtype != x.dtype:
            raise TypeError(
                f"{name} got x of {x.dtype} and {other} of {array.dtype}: convert x with .astype(np.{w_ih.dtype})"
            )
    if lengths is not None:
        lengths = np.asarray(lengths)
        if lengths.shape != (N,) or lengths.dtype.kind not in "iu" or not ((lengths >= 1) & (lengths <= T)).all():
            raise ValueError(f"{name}: lengths are {N} whole numbers between 1 and {T}, got {lengths}")
    return _Time(T, lengths, reverse)
