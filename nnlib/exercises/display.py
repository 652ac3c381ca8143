"""What a notebook shows as Markdown and a terminal as it stands; also instead of an exception."""

from __future__ import annotations

import functools
import re
import textwrap
from collections.abc import Callable

from .catalogue import Unknown
from .diagnosis import named


class Text:
    """Markdown that displays itself as the last line of a cell."""

    def __init__(self, markdown: str) -> None:
        self.markdown = markdown

    def __repr__(self) -> str:
        parts = self.markdown.split("```")  # every other one is code
        parts[::2] = [re.sub(r"\*\*([^*\n]+)\*\*", r"\1", part) for part in parts[::2]]
        text = "```".join(parts)
        return text if "\n" in text else textwrap.fill(text, 100, break_long_words=False, break_on_hyphens=False)

    def _repr_markdown_(self) -> str:
        return self.markdown


class Verdict(Text):
    """What `check` says.

    Attributes:
        correct: whether the answer is right; the verdict itself is true or false like it.
        status: "Correct", "Not yet" (there is no answer so far, or it could not be judged) or "Not quite".
        message: what follows: what is wrong, or what else there is to say.
    """

    def __init__(self, status: str, message: str = "") -> None:
        self.correct = status == "Correct"
        self.status, self.message = status, message
        super().__init__(f"**{status}.** {message}".strip())

    def __bool__(self) -> bool:
        return self.correct


def failed(error: BaseException) -> Verdict:
    """The verdict where our own code failed: honest, and no traceback."""
    if isinstance(error, (ImportError, FileNotFoundError)):
        return Verdict("Not yet", f"This cannot run here ({named(error)}).")
    return Verdict(
        "Not yet",
        f"The check itself failed ({named(error)}). This may be the book's mistake and not yours: please report it.",
    )


def spoken(function: Callable[..., Text]) -> Callable[..., Text]:
    """Let a function of ours that a reader calls answer in words even if it fails."""

    @functools.wraps(function)
    def speaking(*args: object, **options: object) -> Text:
        try:
            return function(*args, **options)
        except Unknown as error:
            return Verdict("Not yet", str(error))
        except Exception as error:
            return failed(error)

    return speaking
