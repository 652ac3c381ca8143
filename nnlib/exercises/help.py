"""`hint` and `solution`."""

from __future__ import annotations

import os
from typing import Any

from ..source import source
from .catalogue import find
from .display import Text, spoken
from .exercise import Exercise
from .record import READER

_shown: dict[str, int] = {}  # hints shown in this session


def withheld() -> bool:
    """Whether hints and solutions are withheld: NNLIB_WITHHOLD=1 says so. A course's own fork may return True here.

    It withholds what `hint` and `solution` say. Whoever has the library can still read its source.
    """
    return os.environ.get("NNLIB_WITHHOLD", "") not in ("", "0")


@spoken
def hint(key: Any = None) -> Text:
    """The next hint for an exercise, and how many are left."""
    exercise = find(key)
    if withheld():
        return Text("**Hint.** Your teacher has withheld the hints of this course.")
    total = len(exercise.hints)
    count = _shown[exercise.key] = min(_shown.get(exercise.key, 0) + 1, total)
    READER.record(exercise.key, hints=count)
    left = total - count
    more = f'{left} more: `hint("{exercise.key}")`' if left else f'That was the last: `solution("{exercise.key}")`'
    return Text(f"**Hint {count} of {total}.** {exercise.hints[count - 1].strip()} ({more})")


@spoken
def solution(key: Any = None) -> Text:
    """A solution of an exercise, and why it is one."""
    exercise = find(key)
    if withheld():
        return Text("**Solution.** Your teacher has withheld the solutions of this course.")
    READER.record(exercise.key, solution=True)
    return Text(f"**Solution.**\n\n{solution_markdown(exercise)}")


def solution_markdown(exercise: Exercise) -> str:
    """The solution as Markdown: its code or value, and the explanation. The site shows the same."""
    if exercise.functions:
        code = "\n\n\n".join(source(f).code for f in (*exercise.helpers, *exercise.functions))
        shown = f"```python\n{code}\n```"
    else:
        shown = f"`{exercise.solution!r}`"
    return f"{shown}\n\n{exercise.explanation.strip()}".strip()
