"""How a check says what is wrong: exceptions that never reach the learner, and words for values."""

from __future__ import annotations

import re
from typing import Any

import numpy as np


class Diagnosis(Exception):
    """What is wrong with an answer, in a sentence or two of Markdown."""


class NotYet(Diagnosis):
    """There is no answer so far."""


def require(condition: Any, message: str) -> None:
    """Go on if the condition holds (for an array: everywhere), else end the check with this message."""
    if not np.all(condition):
        raise Diagnosis(message)


def describe(value: Any) -> str:
    """A value in a few words, the same on every machine: `an array of shape (2, 3)`, `the number 4`.

    Example:
        >>> describe(np.zeros((2, 3))), describe((1.0, "a"))
        ('an array of shape (2, 3)', 'a tuple of 2 (the number 1, the text "a")')
    """
    if value is None or value is ...:
        return "nothing"
    if isinstance(value, str):
        return f'the text "{value if len(value) <= 40 else value[:37] + "..."}"'
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (int, float, complex, np.number)):
        return f"the number {number(value)}"
    if isinstance(value, np.ndarray):
        kind = "" if value.dtype.kind in "fiub" else f"{value.dtype}, "
        return f"an array of {kind}shape {value.shape}"
    if isinstance(value, (tuple, list)):
        what = "a tuple" if isinstance(value, tuple) else "a list"
        if not value:
            return f"an empty {what[2:]}"
        inside = ", ".join(map(describe, value[:4])) + (", ..." if len(value) > 4 else "")
        return f"{what} of {len(value)} ({inside})"
    if isinstance(value, dict):
        return f"a dict with the keys {', '.join(map(repr, value))}" if value else "an empty dict"
    if isinstance(value, type):
        return f"the class `{value.__name__}`"
    if callable(value):
        return f"the function `{getattr(value, '__name__', '?')}`"
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} `{name}`"


def number(value: Any) -> str:
    """A number with six digits at most."""
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    return f"{value:.6g}"


def named(error: BaseException) -> str:
    """An exception as Python names it, `KeyError: 'x'`, without the addresses that differ from run to run."""
    return re.sub(r" at 0x[0-9A-Fa-f]+", "", f"{type(error).__name__}: {error}".strip().rstrip(":."))
