"""The book's chapters: reads `chapters/chapters.yml` and says exactly what is wrong with it.

Needs PyYAML alone, so that tests and tools can use it without Sphinx.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import yaml

CATEGORIES = ("mathematics", "concept", "practice", "architecture", "application")
DIFFICULTIES = ("beginner", "intermediate", "advanced")
STATUSES = ("written", "planned")
KINDS = ("goal", "time")


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of the book: its folder's name, its title, and one sentence about it."""

    id: str
    title: str
    summary: str


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """One entry of chapters.yml; the fields are explained at the top of that file."""

    slug: str
    part: str
    title: str
    status: str
    category: str
    difficulty: str
    minutes: int
    summary: str
    needs: list[str]
    teaches: list[str]
    tags: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    related: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    books: list[dict[str, str]] = field(default_factory=list)
    links: list[dict[str, str]] = field(default_factory=list)
    updated: datetime.date | None = None

    @property
    def docname(self) -> str:
        """Where the chapter lies, without its suffix: `chapters/foundations/backpropagation`."""
        return f"chapters/{self.part}/{self.slug}"

    @property
    def written(self) -> bool:
        """Whether readers can read it today."""
        return self.status == "written"


@dataclass(frozen=True, kw_only=True)
class Way:
    """A way through the book for readers with one goal, or with so much time: it leads to the chapters named."""

    by: str
    title: str
    to: list[str]
    hours: float | None = None  # how much time there is; of ways by time only


@dataclass(frozen=True)
class Book:
    """All parts and chapters, in the order in which the book teaches, and the ways through it."""

    parts: list[Part]
    chapters: list[Chapter]
    ways: list[Way]

    @cached_property
    def by_slug(self) -> dict[str, Chapter]:
        """Chapters by their slug."""
        return {chapter.slug: chapter for chapter in self.chapters}

    @cached_property
    def by_docname(self) -> dict[str, Chapter]:
        """Chapters by their path without suffix, which is Sphinx's name for a page."""
        return {chapter.docname: chapter for chapter in self.chapters}

    @cached_property
    def teacher(self) -> dict[str, Chapter]:
        """The one chapter that teaches a term, by the term's slug."""
        return {slugify(term): chapter for chapter in self.chapters for term in chapter.teaches}

    def foundations_of(self, slug: str) -> set[str]:
        """The slugs of all chapters that a chapter rests on, through any number of steps."""
        seen: set[str] = set()
        todo = list(self.by_slug[slug].needs)
        while todo:
            need = todo.pop()
            if need not in seen:
                seen.add(need)
                todo += self.by_slug[need].needs
        return seen

    def along(self, way: Way) -> list[Chapter]:
        """The chapters of a way: those it leads to and all that they rest on, each after what it needs."""
        wanted = set(way.to).union(*(self.foundations_of(slug) for slug in way.to))
        return [chapter for chapter in self.chapters if chapter.slug in wanted]

    def known_terms(self, slug: str) -> set[str]:
        """Slugs of the terms that a chapter may use: its own, and those of all chapters it rests on."""
        chapters = {slug} | self.foundations_of(slug)
        return {slugify(term) for name in chapters for term in self.by_slug[name].teaches}


ENTRIES = {"parts": Part, "chapters": Chapter, "ways": Way}


def slugify(title: str) -> str:
    """The anchor that GitHub and MyST give to a heading: `Vector-Jacobian product` -> `vector-jacobian-product`."""
    return re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-")


def read(path: Path) -> Book:
    """The book that a chapters.yml describes.

    Raises:
        ValueError: with every mistake in the file, one a line.
    """
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        book = Book(*([kind(**entry) for entry in data[name]] for name, kind in ENTRIES.items()))
    except TypeError as error:  # a field is missing or unknown; the message names it, the entry is found below
        raise ValueError(f"{path.name}: {error}. {_culprit(data)}") from None
    mistakes = _mistakes(book)
    if mistakes:
        raise ValueError(f"{path.name} has {len(mistakes)} mistakes:\n" + "\n".join(f"- {m}" for m in mistakes))
    return book


def _culprit(data: dict) -> str:
    for name, kind in ENTRIES.items():
        for entry in data[name]:
            try:
                kind(**entry)
            except TypeError:
                return f"The entry begins {str(entry)[:60]}"
    return ""


def _mistakes(book: Book) -> list[str]:
    """What is wrong with the entries, in words."""
    found: list[str] = []
    slugs = [chapter.slug for chapter in book.chapters]
    parts = [part.id for part in book.parts]
    found += [f"{slug} is listed twice" for slug in sorted({s for s in slugs if slugs.count(s) > 1})]
    teachers: dict[str, str] = {}
    for chapter in book.chapters:
        here = chapter.slug
        for name, value, allowed in (
            ("part", chapter.part, parts),
            ("status", chapter.status, STATUSES),
            ("category", chapter.category, CATEGORIES),
            ("difficulty", chapter.difficulty, DIFFICULTIES),
        ):
            if value not in allowed:
                found.append(f"{here}: {name} is {value!r}, not one of {', '.join(allowed)}")
        for name in ("needs", "related"):
            for other in getattr(chapter, name):
                if other not in slugs or other == here:
                    found.append(f"{here}: {name} {other!r}, which is no other chapter's slug")
        for name in ("books", "links"):
            for entry in getattr(chapter, name):
                if set(entry) != {"text", "url"}:
                    found.append(f"{here}: {name} has {entry}; each needs a text and a url")
        for term in chapter.teaches:
            if slugify(term) in teachers:
                found.append(f"{here}: teaches {term!r}, which {teachers[slugify(term)]} teaches already")
            teachers[slugify(term)] = here
        if not (isinstance(chapter.minutes, int) and 5 <= chapter.minutes <= 120):
            found.append(f"{here}: minutes is {chapter.minutes!r}, not a whole number from 5 to 120")
        if not chapter.summary.endswith("."):
            found.append(f"{here}: the summary is a sentence and ends in a full stop")
        if chapter.written and not (isinstance(chapter.updated, datetime.date) and chapter.sources):
            found.append(f"{here}: a written chapter has a date (updated) and sources")
    order = [parts.index(chapter.part) for chapter in book.chapters if chapter.part in parts]
    if order != sorted(order):
        found.append("the chapters of one part do not stand together, in the order of the parts")
    for way in book.ways:
        here = f"the way {way.title!r}"
        if way.by not in KINDS:
            found.append(f"{here}: by is {way.by!r}, not one of {', '.join(KINDS)}")
        if (way.hours is not None) != (way.by == "time"):
            found.append(f"{here}: a way by time has hours, and no other has")
        found += [f"{here} leads to {slug!r}, which is no chapter's slug" for slug in way.to if slug not in slugs]
    if not found:  # following needs is safe only when all of them exist
        found += [f"{s} needs itself, through other chapters" for s in slugs if s in book.foundations_of(s)]
    if not found:
        found += [
            f"{chapter.slug} stands before {need}, which it needs"
            for chapter in book.chapters
            for need in chapter.needs
            if slugs.index(need) > slugs.index(chapter.slug)
        ]
        for way in book.ways:
            minutes = sum(chapter.minutes for chapter in book.along(way))
            if way.hours is not None and minutes > 60 * way.hours:
                found.append(f"the way {way.title!r} takes {minutes} minutes, more than its {way.hours} hours")
    return found
