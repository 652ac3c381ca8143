"""Which exercises there are, chapter by chapter."""

from __future__ import annotations

import difflib
import functools
import importlib
import pkgutil
from typing import Any

from . import chapters
from .exercise import Exercise


class Unknown(Exception):
    """No exercise has this key; the message says which might be meant."""


@functools.cache
def _load() -> tuple[dict[str, tuple[Exercise, ...]], dict[str, Exception]]:
    """The exercises of each chapter's module, and what went wrong with those that cannot be imported."""
    found, broken = {}, {}
    names = [name for _, name, _ in pkgutil.iter_modules(chapters.__path__)]
    for name in sorted(names, key=lambda name: chapters.ORDER.index(name) if name in chapters.ORDER else len(names)):
        slug = name.replace("_", "-")
        try:
            found[slug] = tuple(importlib.import_module(f"{chapters.__name__}.{name}").EXERCISES)
        except Exception as error:  # one chapter's mistake leaves the others usable
            broken[slug] = error
    return found, broken


def by_chapter() -> dict[str, tuple[Exercise, ...]]:
    """The exercises of each chapter, by the chapter's slug."""
    return _load()[0]


def broken() -> dict[str, Exception]:
    """The chapters whose modules cannot be imported, and why: none, as the tests see to it."""
    return _load()[1]


def find(key: Any) -> Exercise:
    """The exercise with this key.

    Raises:
        Unknown: there is none.
    """
    exercises = {exercise.key: exercise for members in by_chapter().values() for exercise in members}
    if not isinstance(key, str):
        raise Unknown('The first argument is the exercise\'s key, in quotes: `check("some-key", answer)`.')
    if key.strip() in exercises:
        return exercises[key.strip()]
    near = difflib.get_close_matches(key.strip().lower().replace("_", "-").replace(" ", "-"), exercises, cutoff=0.5)
    meant = " or ".join(f'`"{k}"`' for k in near)
    there_are = f"Did you mean {meant}?" if near else "`progress()` lists them all."
    missing = "".join(f" (The exercises of {slug} cannot be loaded: {error}.)" for slug, error in broken().items())
    raise Unknown(f"No exercise is called `{key!r}`. {there_are}{missing}")
