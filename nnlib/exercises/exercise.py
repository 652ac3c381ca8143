"""What an exercise is, and the two words its check is written in: `require` and `agree`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from .compare import agree
from .diagnosis import require

__all__ = ["Exercise", "Wrong", "agree", "require"]


@dataclass(frozen=True, eq=False)
class Wrong:
    """A mistake that learners really make: an answer that runs and has the right type, but is wrong.

    Attributes:
        answer: what a learner would hand to `check`.
        says: a phrase of the diagnosis that this mistake, and no other of the exercise, must get.
    """

    answer: Any
    says: str


@dataclass(frozen=True, eq=False, kw_only=True)
class Exercise:
    """One exercise of a chapter. CONTRIBUTING.md shows how to write one.

    Attributes:
        key: what the reader types, in kebab-case, unique in the whole book.
        title: as in the chapter's heading `### Exercise 3: <title>`.
        check: takes the answer, guarded, and returns if it is right; `require` and `agree` say what is wrong. A
            sentence that it returns stands behind "Correct.".
        hints: Markdown, from a nudge to nearly everything.
        solution: a right answer. If it is a function, or several in a tuple, `solution(key)` shows the source.
        explanation: Markdown, why; needed where the solution is a value.
        wrong: at least two planted mistakes, each with its own diagnosis.
        right: at least three right answers, written differently.
        helpers: functions that the solution uses and that are shown with it.
    """

    key: str
    title: str
    check: Callable[[Any], str | None]
    hints: Sequence[str]
    solution: Any
    explanation: str = ""
    wrong: Sequence[Wrong]
    right: Sequence[Any]
    helpers: Sequence[Callable] = ()

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", self.key):
            raise ValueError(f"the key {self.key!r} is not in kebab-case: write it like 'a-unit-that-is-off'")
        if not (self.explanation or self.functions):
            raise ValueError(f"exercise {self.key!r}: a solution that is a value needs an explanation")

    @property
    def functions(self) -> tuple[Callable, ...]:
        """The solution's functions, if it consists of functions."""
        parts = self.solution if isinstance(self.solution, tuple) else (self.solution,)
        return parts if parts and all(map(callable, parts)) else ()
