"""`progress`, and taking it along."""

from __future__ import annotations

import json
from pathlib import Path

from .catalogue import by_chapter
from .display import Text, spoken
from .record import NEW, READER, write


@spoken
def progress() -> Text:
    """A table of every exercise, by chapter: solved, tried, or not tried."""
    known = READER.load()["exercises"]
    everything = [exercise for exercises in by_chapter().values() for exercise in exercises]
    widths = (max(len(x.title) for x in everything), max(len(x.key) for x in everything) + 2, len("tried 99 times"))
    parts, total = [], 0
    for slug, exercises in by_chapter().items():
        entries = [known.get(exercise.key, NEW) for exercise in exercises]
        solved = sum(entry["solved"] for entry in entries)
        rows = [(x.title, f"`{x.key}`", _state(entry)) for x, entry in zip(exercises, entries, strict=True)]
        chapter = slug.replace("-", " ").capitalize()
        parts.append(f"**{chapter}**: {solved} of {len(entries)} solved\n\n{_table(rows, widths)}")
        total += solved
    head = f"{total} of {len(everything)} exercises solved."
    return Text("\n\n".join([head, *filter(None, [READER.note]), *parts]))


def _table(rows: list[tuple[str, str, str]], widths: tuple[int, int, int]) -> str:
    rows = [("exercise", "key", ""), tuple("-" * width for width in widths), *rows]
    return "\n".join(f"| {' | '.join(map(str.ljust, row, widths))} |" for row in rows)


def _state(entry: dict) -> str:
    if entry["solved"]:
        return "solved"
    return f"tried {entry['tries']} time{'s' if entry['tries'] != 1 else ''}" if entry["tries"] else ""


@spoken
def export_progress(path: str | Path = "progress.json") -> Text:
    """Write what you have tried and solved into a file, for another machine or the site."""
    try:
        write(Path(path), READER.load())
        return Text(f'Written to `{path}`. Elsewhere: `import_progress("{path}")`.')
    except OSError as error:
        return Text(f"`{path}` cannot be written: {error.strerror or error}.")


@spoken
def import_progress(path: str | Path = "progress.json") -> Text:
    """Add what such a file holds to what is known here; nothing is lost on either side."""
    try:
        READER.add(json.loads(Path(path).read_text(encoding="utf-8")))
    except OSError as error:
        return Text(f"`{path}` cannot be read: {error.strerror or error}.")
    except ValueError:
        return Text(f"`{path}` is no record of progress: make one with `export_progress()`.")
    return Text(f"Added what `{path}` holds. `progress()` shows it all.")
