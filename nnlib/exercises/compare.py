"""`agree`: is it equal to the reference, and if not, how do the two differ?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .diagnosis import Diagnosis, describe, number, require

TOLERANCE = 1e-6
ORDINALS = "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"


def agree(
    answer: Any, reference: Any, *cases: Any, what: str = "", tolerance: float = TOLERANCE, show: bool | None = None
) -> None:
    """Go on if the answer equals the reference; else end the check with the way in which it differs.

    With cases, `answer` and `reference` are functions, and each case is an input of both: one argument, or a tuple of
    several. Without, they are values. Looked for are, in this order: another form or shape, NaN, right for small
    inputs only, negated, transposed, decimals cut off, a constant factor (named where it is a number of rows or
    entries: a sum instead of a mean), a constant added, parts exchanged; else the largest difference is reported with
    its place and both values.

    Args:
        what: what is compared, to begin the message with, such as "The derivative by `b`"; by default the function.
        tolerance: the largest difference allowed, relative to the largest entry of the reference.
        show: whether a message may show the reference's value; by default only where functions are compared, so that
            the answer of an exercise by hand is not given away.

    Example:
        >>> agree(np.abs, np.abs, np.array([1.0, -2.0]))
        >>> agree(lambda x: -x, lambda x: x, np.array([1.0, 2.0]), what="It")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
            ...
        nnlib.exercises.diagnosis.Diagnosis: It has the wrong sign everywhere: ...
    """
    if not cases:
        _values(answer, reference, what or "Your answer", tolerance, bool(show))
        return
    what = what or f"What `{getattr(answer, '__name__', 'your function')}` returns"
    inputs = [case if isinstance(case, tuple) else (case,) for case in cases]
    results = [(answer(*case), reference(*case)) for case in inputs]
    for got, want in results:
        require(not (message := form(got, want, what)), f"{message}.")
    if all(_equal(got, want, tolerance) for got, want in results):
        return
    _small_only(results, inputs, what, tolerance)
    parts: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {}
    for got, want in results:
        for name, one, other in _leaves(got, want, what):
            parts.setdefault(name, []).append((one, other))
    for name, pairs in parts.items():
        _report(pairs, name, tolerance, show is not False, results)


def _values(got: Any, want: Any, what: str, tolerance: float, show: bool) -> None:
    require(not (message := form(got, want, what)), f"{message}.")
    if _equal(got, want, tolerance):
        return
    if isinstance(want, (str, bool, dict, set, frozenset)):
        raise Diagnosis(f"{what} should not be {_short(got)}.")
    for name, one, other in _leaves(got, want, what):
        _report([(one, other)], name, tolerance, show, [(got, want)])


def _short(value: Any) -> str:
    return describe(value).removeprefix("the number ").removeprefix("the text ")


# Form


def form(got: Any, want: Any, what: str) -> str:
    """How the form of `got` differs from that of `want`: kinds, lengths, shapes; empty if it does not."""
    if isinstance(want, (str, dict, set, frozenset)) or callable(want):
        kind = next((k for k in (str, dict, (set, frozenset)) if isinstance(want, k)), None)
        fits = callable(got) if kind is None else isinstance(got, kind)
        return "" if fits else f"{what} is {describe(got)}, and should be {_kind(want)}"
    if isinstance(want, (tuple, list)):
        parts = list(got) if isinstance(got, (tuple, list)) or (isinstance(got, np.ndarray) and got.ndim) else None
        if parts is None or len(parts) != len(want):
            return f"{what} is {describe(got)}, and should be a tuple of {len(want)}"
        messages = (form(one, other, _part(i, what)) for i, (one, other) in enumerate(zip(parts, want, strict=True)))
        return next(filter(None, messages), "")
    target = _array(want)
    if target is None:  # an object of some class: nothing to compare
        return ""
    array = _array(got)
    if array is None or isinstance(got, (tuple, list)) and array.shape != target.shape:
        return f"{what} is {describe(got)}, and should be {_kind(target)}"
    return "" if array.shape == target.shape else _shape(array, target, what)


def _shape(array: np.ndarray, target: np.ndarray, what: str) -> str:
    """The usual reasons for another shape, or the two shapes."""
    shapes = f"shape {array.shape} instead of {target.shape}"
    if array.size == target.size and np.allclose(array.ravel(), target.ravel()):
        return f"{what} has the right numbers in the wrong shape: {shapes}"
    if array.T.shape == target.shape and np.allclose(array.T, target):
        return f"{what} is transposed: {shapes}"
    for axis in range(array.ndim):
        for name, reduced in (("summed", array.sum(axis=axis)), ("averaged", array.mean(axis=axis))):
            if reduced.shape == target.shape and np.allclose(reduced, target):
                return f"{what} is not yet {name} over axis {axis}: {shapes}"
    return f"{what} has shape {array.shape}, and should have shape {target.shape}"


def _part(i: int, what: str) -> str:
    """The name of a part of something: `The second part of what f returns`."""
    count = ORDINALS[i] if i < len(ORDINALS) else f"{i + 1}th"
    return f"The {count} part of {what[0].lower()}{what[1:]}"


def _kind(value: Any) -> str:
    if isinstance(value, np.ndarray) and value.ndim:
        return f"an array of shape {value.shape}"
    kinds = {str: "text", dict: "a dict", (set, frozenset): "a set"}
    found = next((word for kind, word in kinds.items() if isinstance(value, kind)), None)
    return found or ("a function" if callable(value) else "a number")


def _array(value: Any) -> np.ndarray | None:
    """The value as an array of numbers or truth values, if it is one."""
    try:
        array = np.asarray(value)
    except (ValueError, TypeError):
        return None
    return array if array.dtype.kind in "fiubc" else None


# Values


def _leaves(got: Any, want: Any, what: str) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """The pairs of arrays in two results of the same form, each with its name; functions in them are left out."""
    if callable(want) or isinstance(want, (str, dict, set, frozenset)):
        return []
    if isinstance(want, (tuple, list)):
        pairs = enumerate(zip(got, want, strict=True))
        return [leaf for i, (one, other) in pairs for leaf in _leaves(one, other, _part(i, what))]
    return [(what, np.asarray(got), np.asarray(want))]


def _equal(got: Any, want: Any, tolerance: float) -> bool:
    if isinstance(want, (str, dict, set, frozenset)):
        return bool(got == want)
    if isinstance(want, (tuple, list)):
        return all(_equal(one, other, tolerance) for one, other in zip(got, want, strict=True))
    return callable(want) or _close(np.asarray(got), np.asarray(want), tolerance)


def _close(got: np.ndarray, want: np.ndarray, tolerance: float) -> bool:
    if want.size == 0:
        return True
    if want.dtype.kind == "b" or got.dtype.kind == "b":
        return bool((got == want).all())
    return np.allclose(got, want, rtol=0, atol=tolerance * _size(want), equal_nan=True)


def _size(want: np.ndarray) -> float:
    finite = np.abs(want[np.isfinite(want)])
    largest = float(finite.max(initial=0))
    return largest if largest > 0 else 1.0


def _small_only(results: list, inputs: list[tuple], what: str, tolerance: float) -> None:
    """Right for small inputs and not for large ones: numbers that grow too large on the way."""
    right = [_equal(got, want, tolerance) for got, want in results]
    arrays = [[a for a in map(_array, case) if a is not None] for case in inputs]
    largest = [max((float(np.abs(a).max(initial=0)) for a in case), default=0.0) for case in arrays]
    if not any(right):
        return
    usual = max(size for size, ok in zip(largest, right, strict=True) if ok)
    worst = min((size, i) for i, (size, ok) in enumerate(zip(largest, right, strict=True)) if not ok)
    if worst[0] <= 10 * max(usual, 1e-300):
        return
    got, want = results[worst[1]]
    bad = [one for _, one, other in _leaves(got, want, what) if not _close(one, other, tolerance)]
    spoilt = bad and not np.isfinite(bad[0]).all()
    raise Diagnosis(
        f"{what} is right for small inputs, but for inputs as large as {number(worst[0])} "
        f"{'it holds nan or inf' if spoilt else 'it is wrong'}. Does a number on the way grow too large?"
    )


def _report(pairs: list[tuple[np.ndarray, np.ndarray]], what: str, tolerance: float, show: bool, results: list) -> None:
    """Say how these arrays, one pair for each case, differ; return if they do not."""

    def holds(change: Callable[[np.ndarray], np.ndarray | None]) -> bool:
        """Whether every answer equals the changed reference."""
        changed = [(got, change(want)) for got, want in pairs]
        return all(c is not None and c.shape == got.shape and _close(got, c, tolerance) for got, c in changed)

    if all(_close(got, want, tolerance) for got, want in pairs):
        return
    bad = next((got for got, want in pairs if not np.isfinite(got).all() and np.isfinite(want).all()), None)
    if bad is not None:
        index = _index(np.argmin(np.isfinite(bad)), bad)
        raise Diagnosis(f"{what} holds {number(bad[index])}{_at(index)}.")
    if all(want.dtype.kind == "b" for _, want in pairs) or all(got.dtype.kind == "b" for got, _ in pairs):
        if holds(np.logical_not):
            raise Diagnosis(f"{what} is the opposite of what it should be: True and False are exchanged.")
    else:
        if holds(np.negative):
            raise Diagnosis(f"{what} has the wrong sign{_everywhere(pairs)}: it is the negative of what it should be.")
        if any(want.ndim > 1 for _, want in pairs) and holds(np.transpose):
            raise Diagnosis(f"{what} is transposed: rows and columns are exchanged.")
        whole = all(got.dtype.kind in "iu" for got, _ in pairs)
        if whole and holds(np.round) or holds(np.trunc) and (whole or sum(want.size for _, want in pairs) > 1):
            raise Diagnosis(f"{what} has lost its decimals: it holds whole numbers only. Compute with floats.")
        _factor(pairs, what, tolerance)
        _shift(pairs, what, tolerance)
    _exchanged(results, tolerance)
    got, want = next((got, want) for got, want in pairs if not _close(got, want, tolerance))
    if got.ndim == 0:
        should = f"and should be {number(want[()])}" if show else "which is not right"
        raise Diagnosis(f"{what} is {number(got[()])}, {should}.")
    difference = np.where(np.isfinite(want), np.abs(np.subtract(got, want, dtype=float)), 0.0)
    index = _index(np.nanargmax(difference), got)
    count = int(np.sum(~np.isclose(got, want, rtol=0, atol=tolerance * _size(want), equal_nan=True)))
    should = f", and should be {number(want[index])}" if show else ""
    largest = f"largest difference is {number(difference[index])}, " if show else "largest difference is found "
    raise Diagnosis(
        f"{what} is wrong in {'all' if count == got.size else f'{count} of its'} {got.size} numbers. "
        f"The {largest}{_at(index).strip()}, where it is {number(got[index])}{should}."
    )


def _index(flat: Any, array: np.ndarray) -> tuple[int, ...]:
    return tuple(int(i) for i in np.unravel_index(int(flat), array.shape))


def _at(index: tuple[int, ...]) -> str:
    return f" at index {index if len(index) != 1 else index[0]}" if index else ""


def _everywhere(pairs: list) -> str:
    return " everywhere" if sum(want.size for _, want in pairs) > 1 else ""


def _factor(pairs: list[tuple[np.ndarray, np.ndarray]], what: str, tolerance: float) -> None:
    """One factor between all numbers of a case; the same in every case, or that case's number of rows or entries."""
    factors = []
    for got, want in pairs:
        largest = np.abs(want).argmax() if want.size else 0
        if not want.size or want.flat[largest] == 0:
            return
        factor = float(got.flat[largest] / want.flat[largest])
        if abs(factor) <= tolerance or not _close(got, factor * want, tolerance):
            return
        factors.append(factor)
    numbers = sum(want.size for _, want in pairs)
    same = np.allclose(factors, factors[0], rtol=1e-6)
    if same and (numbers > 1 or any(np.isclose(abs(factors[0]), f) for f in (2, 0.5))):
        times = {2.0: "twice", 0.5: "half"}.get(round(factors[0], 9), f"{number(factors[0])} times")
        raise Diagnosis(
            f"{what} is {times} what it should be{', everywhere' if numbers > 1 else ''}. A constant factor is wrong"
            f"{': was a sum taken for a mean, or a mean for a sum?' if _count(factors[0]) else '.'}"
        )
    if not same and all(map(_count, factors)):
        raise Diagnosis(
            f"{what} is wrong by a factor that depends on how many numbers go in "
            f"({', '.join(map(number, factors))}). Was a sum taken for a mean, or a mean for a sum?"
        )


def _count(factor: float) -> bool:
    """Whether a factor looks like a number of things, or one over it."""
    return any(f > 1.5 and abs(f - round(f)) < 1e-6 for f in (factor, 1 / factor))


def _shift(pairs: list[tuple[np.ndarray, np.ndarray]], what: str, tolerance: float) -> None:
    """The same number added everywhere."""
    if sum(want.size for _, want in pairs) < 2:
        return
    shift = float(np.subtract(*pairs[0], dtype=float).flat[0]) if pairs[0][0].size else 0.0
    if all(_close(got, want + shift, tolerance) for got, want in pairs):
        more = "more" if shift > 0 else "less"
        raise Diagnosis(f"{what} is {number(abs(shift))} {more} than it should be, everywhere. Is a constant wrong?")


def _exchanged(results: list, tolerance: float) -> None:
    """Two parts of a tuple in each other's place."""

    def same(got: Any, want: Any) -> bool:
        return not callable(want) and not form(got, want, "it") and _equal(got, want, tolerance)

    want = results[0][1]
    if not isinstance(want, (tuple, list)):
        return
    for i in range(min(len(want), len(ORDINALS))):
        for j in range(i):
            crossed = all(same(got[i], want[j]) and same(got[j], want[i]) for got, want in results)
            if crossed and not _equal(results[0][0][i], results[0][1][i], tolerance):
                raise Diagnosis(
                    f"The {ORDINALS[j]} and the {ORDINALS[i]} part of the result stand in each other's place."
                )
