"""Proofs that a gradient is right: against finite differences, and against PyTorch.

The tests of this library use these functions, and so do the chapters. Both use a *random* cotangent
g = ∂L/∂y. A gradient of ones lets wrong derivatives through: a softmax backward that returns nothing
but zeros passes it, since the softmax's outputs always sum to 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np


def check_gradients(
    rule: Callable,
    *args: Any,
    options: Mapping[str, Any] | None = None,
    step: float = 1e-3,
    tolerance: float = 1e-7,
    rng: np.random.Generator | None = None,
) -> float:
    """Compare every vjp of a rule with finite differences, along random directions, in float64.

    For a random cotangent c and a random direction v, the number c · (∂y/∂x) v is computed twice:
    as vjp(c) · v, and by the fourth-order central difference

        [8 (L(x + hv) − L(x − hv)) − (L(x + 2hv) − L(x − 2hv))] / 12h,   L(x) = c · y(x).

    Args:
        rule: a rule on arrays that returns (y, vjps), or one lifted by `differentiable`.
        args: its arguments; every float64 array is checked, everything else is held fixed.
        options: its keyword options.
        step: h. Keep the inputs further than 2h from any kink.
        tolerance: the largest relative difference that is accepted.
        rng: the source of cotangents and directions; seeded with 0 by default.

    Returns:
        The largest relative difference found.

    Raises:
        AssertionError: a gradient is wrong; the message names the argument and both numbers.
        TypeError: nothing to check (no argument is a float64 array).

    Example:
        >>> from nnlib.numpy.functional import sigmoid
        >>> check_gradients(sigmoid, np.array([-1.0, 0.5, 2.0])) < 1e-7
        True

    Source: the fourth-order central difference, Abramowitz and Stegun (1964), 25.3.6.
    """
    rule = getattr(rule, "rule", rule)
    options = dict(options or {})
    rng = np.random.default_rng(0) if rng is None else rng
    checked = [i for i, a in enumerate(args) if isinstance(a, np.ndarray) and a.dtype == np.float64]
    if not checked:
        raise TypeError("check_gradients found no float64 array among the arguments: convert with .astype(np.float64)")
    y, vjps = rule(*args, **options)
    c = rng.standard_normal(np.shape(y))
    worst = 0.0
    for i in checked:
        if i >= len(vjps) or vjps[i] is None:
            raise AssertionError(f"{_name(rule)}: argument {i} has no vjp")
        gradient = vjps[i](c)
        if np.shape(gradient) != args[i].shape:
            raise AssertionError(
                f"{_name(rule)}: the gradient of argument {i} has shape {np.shape(gradient)}, "
                f"the argument {args[i].shape}"
            )
        v = rng.standard_normal(args[i].shape)

        def along(t: float, i: int = i, v: np.ndarray = v) -> float:
            moved = [*args[:i], args[i] + t * v, *args[i + 1 :]]
            return float(np.sum(c * rule(*moved, **options)[0]))

        numeric = (8 * (along(step) - along(-step)) - (along(2 * step) - along(-2 * step))) / (12 * step)
        analytic = float(np.sum(gradient * v))
        difference = abs(analytic - numeric) / max(1e-3, abs(analytic), abs(numeric))
        if not difference <= tolerance:
            raise AssertionError(
                f"{_name(rule)}: the gradient of argument {i} is wrong: along a random direction it gives "
                f"{analytic:.10g}, finite differences {numeric:.10g}"
            )
        worst = max(worst, difference)
    return worst


def assert_parity(
    ours: Callable,
    theirs: Callable,
    *args: Any,
    options: Mapping[str, Any] | None = None,
    their_options: Mapping[str, Any] | None = None,
    tolerance: float | None = None,
    rng: np.random.Generator | None = None,
) -> None:
    """Hold `nnlib.numpy` equal to PyTorch: the value, the gradient of every input and parameter, and every buffer.

    Args:
        ours, theirs: a function of each engine, or a Module of each with the same parameter names;
            ours then gets a copy of their weights and buffers.
        args: arrays, and tuples of them. Floating-point ones get a gradient; whole numbers (labels, indices) do not.
        options: keyword options of ours; `their_options` of theirs where they differ.
        tolerance: largest difference relative to the largest entry; by default 1e-10 in float64 and
            1e-4 in float32.
        rng: the source of the cotangent; seeded with 0 by default.

    Raises:
        AssertionError: a value or gradient differs; the message names it and the difference.

    Example:
        >>> import torch
        >>> from nnlib.numpy.functional import tanh
        >>> assert_parity(tanh, torch.tanh, np.array([0.5, -2.0]))
    """
    import torch

    from nnlib.numpy import Tensor
    from nnlib.numpy.nn import Module

    options = dict(options or {})
    their_options = options if their_options is None else dict(their_options)
    rng = np.random.default_rng(0) if rng is None else rng
    our_inputs = _each(args, lambda a: Tensor(a, requires_grad=a.dtype.kind == "f"))
    their_inputs = _each(args, lambda a: torch.tensor(a, requires_grad=a.dtype.kind == "f"))
    if isinstance(ours, Module):
        ours.load_state_dict(theirs.state_dict())
        ours.zero_grad()
        theirs.zero_grad()
    results = _leaves(ours(*our_inputs, **options))
    references = _leaves(theirs(*their_inputs, **their_options))
    if len(results) != len(references):
        raise AssertionError(f"nnlib.numpy returns {len(results)} tensors, PyTorch {len(references)}")
    if tolerance is None:
        tolerance = 1e-10 if results[0].dtype == np.float64 else 1e-4
    our_loss, their_loss = 0, 0  # the sum of all results, each entry times a random number
    for i, (y, reference) in enumerate(zip(results, references, strict=True)):
        which = "the value" if len(results) == 1 else f"value {i}"
        _assert_close(which, y.data, reference.detach().numpy(), tolerance)
        c = rng.standard_normal(y.shape).astype(y.dtype)
        our_loss, their_loss = our_loss + (y * c).sum(), their_loss + (reference * torch.tensor(c)).sum()
    our_loss.backward()
    their_loss.backward()
    for i, (a, b) in enumerate(zip(_leaves(our_inputs), _leaves(their_inputs), strict=True)):
        if isinstance(b, torch.Tensor) and b.requires_grad:
            _assert_close(f"the gradient of input {i}", a.grad, b.grad.numpy(), tolerance)
    if isinstance(ours, Module):
        gradients = {name: p.grad.numpy() for name, p in theirs.named_parameters()}
        for name, parameter in ours.named_parameters():
            _assert_close(f"the gradient of {name}", parameter.grad, gradients[name], tolerance)
        buffers = {name: b.numpy() for name, b in theirs.named_buffers()}
        for name, buffer in ours.named_buffers():
            _assert_close(f"the buffer {name}", buffer.data, buffers[name], tolerance)


def _each(value: Any, make: Callable[[np.ndarray], Any]) -> Any:
    """The same nested tuples, with `make` of every array."""
    if isinstance(value, tuple | list):
        return tuple(_each(v, make) for v in value)
    return make(value) if isinstance(value, np.ndarray) else value


def _leaves(value: Any) -> list:
    """What nested tuples hold, one after another, without None."""
    if isinstance(value, tuple | list):
        return [leaf for v in value for leaf in _leaves(v)]
    return [] if value is None else [value]


def _assert_close(what: str, ours: np.ndarray | None, theirs: np.ndarray, tolerance: float) -> None:
    if ours is None:
        raise AssertionError(f"{what}: nnlib.numpy has none, PyTorch has one of shape {theirs.shape}")
    if ours.shape != theirs.shape or ours.dtype != theirs.dtype:
        raise AssertionError(
            f"{what}: nnlib.numpy gives {ours.dtype} of shape {ours.shape}, "
            f"PyTorch {theirs.dtype} of shape {theirs.shape}"
        )
    if not np.array_equal(np.isfinite(ours), np.isfinite(theirs)):
        raise AssertionError(f"{what}: NaN or infinity in different places")
    finite = np.isfinite(theirs)
    if not np.array_equal(ours[~finite], theirs[~finite], equal_nan=True):
        raise AssertionError(f"{what}: NaN and infinities differ")
    difference = np.abs(ours[finite] - theirs[finite]).max(initial=0)
    scale = max(1.0, np.abs(theirs[finite]).max(initial=0))
    if difference > tolerance * scale:
        raise AssertionError(f"{what} differs from PyTorch's by {difference:.3g} (allowed {tolerance * scale:.3g})")


def mutants(vjps: Sequence[Callable | None], args: Sequence[Any]) -> list[tuple[str, list[Callable | None]]]:
    """Wrong copies of a rule's vjps, each with one mistake: what a proof of gradients must reject.

    The vjp of every float argument in turn returns zeros, its negative, itself times 1.001, and, for
    an argument with two dimensions or more, itself with the last two exchanged.

    Example:
        >>> [name for name, _ in mutants([lambda g: 2 * g], [np.ones(3)])]
        ['argument 0 zeroed', 'argument 0 negated', 'argument 0 scaled by 1.001']
    """
    wrong = []
    for i, (vjp, argument) in enumerate(zip(vjps, args, strict=False)):
        if vjp is None or not isinstance(argument, np.ndarray) or argument.dtype.kind != "f":
            continue
        for name, mistake in _MISTAKES.items():
            if argument.ndim >= 2 or mistake is not _exchange_axes:
                broken = list(vjps)
                broken[i] = lambda g, vjp=vjp, mistake=mistake: mistake(vjp(g))
                wrong.append((f"argument {i} {name}", broken))
    return wrong


def _exchange_axes(d: np.ndarray) -> np.ndarray:
    return d.swapaxes(-1, -2)


_MISTAKES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "zeroed": np.zeros_like,
    "negated": np.negative,
    "scaled by 1.001": lambda d: 1.001 * d,
    "with axes exchanged": _exchange_axes,
}


def _name(rule: Callable) -> str:
    return getattr(rule, "__name__", repr(rule))
