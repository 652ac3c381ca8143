"""What the reader has tried and solved: a small file of their own, sent nowhere.

It lies in the user's data folder; the environment variable NNLIB_PROGRESS names another file, or says `off`: nothing is
read or written then, and progress lasts as long as the process. Where the folder cannot be written, that is so too. A
damaged file is set aside, never overwritten.

    {"version": 1, "exercises": {"softmax": {"tries": 3, "solved": true, "hints": 1, "solution": false}}}

The site keeps the same in the browser's storage. Keys that this module does not know are kept.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

VERSION = 1
NEW = {"tries": 0, "solved": False, "hints": 0, "solution": False}


def default_path() -> Path | None:
    """Where progress is kept; None if it is kept nowhere."""
    chosen = os.environ.get("NNLIB_PROGRESS", "").strip()
    if chosen.lower() == "off":
        return None
    if chosen:
        return Path(chosen).expanduser()
    if sys.platform == "win32":
        folder = os.environ.get("APPDATA") or "~/AppData/Roaming"
    elif sys.platform == "darwin":
        folder = "~/Library/Application Support"
    else:
        folder = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(folder).expanduser() / "nnlib" / "progress.json"


class Progress:
    """The record of one reader.

    Attributes:
        note: what there is to tell about the file, such as that it could not be written; else empty.
    """

    def __init__(self) -> None:
        self._memory: dict[str, Any] = {"version": VERSION, "exercises": {}}
        self.note = ""

    def load(self) -> dict[str, Any]:
        """Everything that is known: the file's content together with what this process remembers."""
        path = default_path()
        if path is not None:
            try:
                merge(self._memory, _valid(json.loads(path.read_text(encoding="utf-8"))))
            except FileNotFoundError:
                pass
            except OSError as error:
                self._only_memory(path, error)
            except ValueError:
                self._set_aside(path)
        return self._memory

    def record(self, key: str, *, tries: int = 0, solved: bool = False, hints: int = 0, solution: bool = False) -> None:
        """Add a try; note that it was solved, how many hints were shown, that the solution was."""
        entry = self.load()["exercises"].setdefault(key, dict(NEW))
        entry["tries"] += tries
        entry["solved"] |= solved
        entry["solution"] |= solution
        entry["hints"] = max(entry["hints"], hints)
        self._save()

    def add(self, other: dict[str, Any]) -> None:
        """Join another record with this one: solved in either is solved.

        Raises:
            ValueError: it is not such a record.
        """
        merge(self.load(), _valid(other))
        self._save()

    def _save(self) -> None:
        path = default_path()
        if path is None:
            return
        try:
            write(path, self._memory)
        except OSError as error:
            self._only_memory(path, error)

    def _only_memory(self, path: Path, error: OSError) -> None:
        self.note = f"Kept until you close this session only: {path} cannot be used ({error.strerror or error})."

    def _set_aside(self, path: Path) -> None:
        aside = path.with_name(path.name + ".damaged")
        count = 1
        while aside.exists():
            count += 1
            aside = path.with_name(f"{path.name}.damaged-{count}")
        try:
            path.rename(aside)
            self.note = f"The old record could not be read. It was set aside as {aside}, and a new one begun."
        except OSError as error:
            self._only_memory(path, error)


def write(path: Path, content: dict[str, Any]) -> None:
    """Write a record whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=1, sort_keys=True)
            file.write("\n")
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def merge(into: dict[str, Any], other: dict[str, Any]) -> None:
    """Join records: what was solved or seen in either is so in the result; keys from elsewhere are taken over."""
    for key, entry in other["exercises"].items():
        mine = into["exercises"].setdefault(key, dict(NEW))
        for name, value in entry.items():
            mine[name] = max(mine.get(name, value), value)
    into.update({name: value for name, value in other.items() if name not in ("version", "exercises")})


def _valid(content: Any) -> dict[str, Any]:
    """The content of a file, if it is a record of progress.

    Raises:
        ValueError: it is something else, or from a later version.
    """
    exercises = content.get("exercises") if isinstance(content, dict) else None
    if not isinstance(exercises, dict) or content.get("version") != VERSION:
        raise ValueError(f'not a record of progress: expected {{"version": {VERSION}, "exercises": {{...}}}}')
    for key, entry in exercises.items():
        known = isinstance(entry, dict) and all(type(entry.get(n, d)) is type(d) for n, d in NEW.items())
        if not known:
            raise ValueError(f"not a record of progress: {key!r} is {entry!r}")
    return content


READER = Progress()  # the one of this process
