"""`check`: an answer in, a verdict out."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from .catalogue import find
from .diagnosis import Diagnosis, NotYet, describe, named
from .display import Verdict, failed, spoken
from .exercise import Exercise
from .guard import Call, TooSlow, deadline, guard, is_learners, place, quiet, unwrap
from .record import READER

SECONDS = 60 if sys.platform == "emscripten" else 10  # a browser runs Python several times slower
PRINTED_LINES = 5

# Called with each exercise and verdict: `grade` listens.
listeners: list[Callable[[Exercise, Verdict], None]] = []


@spoken
def check(key: Any = None, answer: Any = ..., *more: Any) -> Verdict:
    """Say whether an answer is right, and if not, what is wrong with it.

    Args:
        key: the exercise's key, as its cell in the chapter gives it.
        answer: a function, a number, a tuple, an array, whatever the exercise asks for.

    Example:
        >>> check("no-such-thing", 3).correct
        False
    """
    exercise = find(key)
    if more:
        together = f'check("{exercise.key}", (a, b))'
        return Verdict("Not quite", f"`check` takes one answer. Put several into a tuple: `{together}`.")
    verdict = examine(exercise, answer)
    READER.record(exercise.key, tries=verdict.status != "Not yet", solved=verdict.correct)
    for listener in listeners:
        listener(exercise, verdict)
    return verdict


def examine(exercise: Exercise, answer: Any) -> Verdict:
    """The verdict on an answer; nothing is recorded."""
    with quiet() as printed:
        verdict = _judge(exercise, answer)
    lines = printed.getvalue().strip().splitlines()
    if lines and not verdict.correct:
        shown = "\n".join(lines[:PRINTED_LINES] + ["..."] * (len(lines) > PRINTED_LINES))
        return Verdict(verdict.status, f"{verdict.message}\n\nYour code printed:\n\n```\n{shown}\n```")
    return verdict


def _judge(exercise: Exercise, answer: Any) -> Verdict:
    calls: list[Call] = []
    try:
        with deadline(SECONDS):
            guarded = guard(fit(answer, exercise.solution), exercise.solution, calls)
            return Verdict("Correct", exercise.check(guarded) or "")
    except NotYet as missing:
        return Verdict("Not yet", str(missing))
    except Diagnosis as diagnosis:
        return Verdict("Not quite", str(diagnosis))
    except TooSlow as error:
        return Verdict(
            "Not quite",
            f"The check was still running after {SECONDS:g} seconds{place(error)}. Does every loop in your answer end?",
        )
    except KeyboardInterrupt as error:
        return Verdict("Not yet", f"You stopped the check{place(error)}.")
    except BaseException as error:  # in a method of the answer's, or the check did not expect such an answer
        if wrong := next(filter(None, (call.misshapen() for call in reversed(calls))), ""):
            return Verdict("Not quite", wrong)
        if is_learners(error, exercise.check):
            return Verdict("Not quite", f"Your code stops{place(error)} with {named(error)}.")
        return failed(error)


# The kind of answer that an exercise asks for


def fit(answer: Any, solution: Any) -> Any:
    """The answer in the form that the solution has: a function, a number, a tuple of two, ...

    Raises:
        NotYet: there is no answer, or a part of it is missing.
        Diagnosis: it is another kind of thing.
    """
    if answer is None or answer is ...:
        raise NotYet("Give your answer in place of `...`, then run the cell again.")
    if callable(solution):
        if not callable(answer):
            advice = (
                "Leave out the quotes." if isinstance(answer, str) else "Give the function itself, without calling it."
            )
            raise Diagnosis(f"The answer should be a function, and this is {describe(unwrap(answer))}. {advice}")
        return answer
    if callable(answer):
        raise Diagnosis(f"The answer should be {_wanted(solution)}, and this is {describe(answer)}: call it first.")
    answer = unwrap(answer)
    if isinstance(solution, (tuple, list)):
        if not isinstance(answer, (tuple, list)) and np.ndim(answer) == 0 or isinstance(answer, str):
            raise Diagnosis(f"The answer should be {_wanted(solution)}, and this is {describe(answer)}.")
        if len(answer) != len(solution):
            raise Diagnosis(f"The answer should be {_wanted(solution)}, and this has {len(answer)}.")
        return type(solution)(fit(one, other) for one, other in zip(answer, solution, strict=True))
    if isinstance(solution, (str, dict, set, frozenset)):
        if isinstance(solution, (set, frozenset)) and isinstance(answer, (tuple, list)):
            answer = set(answer)
        kinds = (set, frozenset) if isinstance(solution, (set, frozenset)) else type(solution)
        if not isinstance(answer, kinds):
            raise Diagnosis(f"The answer should be {_wanted(solution)}, and this is {describe(answer)}.")
        return answer
    if isinstance(solution, np.ndarray) or np.ndim(solution):
        array = _numeric(answer, solution)
        if array.shape != np.shape(solution):
            raise Diagnosis(f"The answer should be {_wanted(solution)}, and this has shape {array.shape}.")
        return array
    array = _numeric(answer, solution)
    if array.size != 1:
        raise Diagnosis(f"The answer should be {_wanted(solution)}, and this is {describe(answer)}.")
    return array.reshape(-1)[0].item()


def _numeric(answer: Any, solution: Any) -> np.ndarray:
    if isinstance(answer, (tuple, list)) and any(v is None or v is ... for v in answer):
        raise NotYet("A part of the answer is still missing.")
    try:
        array = np.asarray([unwrap(v) for v in answer] if isinstance(answer, (tuple, list)) else answer)
    except ValueError:
        array = np.asarray("ragged")
    truth = np.asarray(solution).dtype.kind == "b"
    if array.dtype.kind not in ("b" if truth else "fiu"):
        quotes = " Leave out the quotes." if isinstance(answer, str) else ""
        raise Diagnosis(f"The answer should be {_wanted(solution)}, and this is {describe(answer)}.{quotes}")
    if not np.isfinite(array).all() and np.isfinite(np.asarray(solution)).all():
        raise Diagnosis(f"The answer should be {_wanted(solution)}, and this holds nan or inf.")
    return array


def _wanted(solution: Any) -> str:
    """What kind of answer is asked for, without giving it away."""
    if isinstance(solution, (tuple, list)):
        what = "function" if all(map(callable, solution)) else "value"
        return f"{len(solution)} {what}{'s' if len(solution) > 1 else ''} in a tuple"
    if isinstance(solution, np.ndarray) and solution.ndim:
        return f"an array of shape {solution.shape}"
    if isinstance(solution, (bool, np.bool_)):
        return "True or False"
    return {str: "text", dict: "a dict", set: "a set", frozenset: "a set"}.get(type(solution), "a number")
