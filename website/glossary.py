"""The glossary: reads the terms of `chapters/glossary.md`. Needs no Sphinx."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from website.chapters import slugify


@dataclass(frozen=True)
class Term:
    """A term as the glossary writes it; `slug` is its anchor."""

    title: str
    aliases: list[str]
    definition: str

    @property
    def slug(self) -> str:
        """The term's anchor on the glossary page."""
        return slugify(self.title)


def read(path: Path) -> dict[str, Term]:
    """The glossary's terms by slug: each a `### term`, an optional `*Also: …*` line, and the definition."""
    terms: dict[str, Term] = {}
    for block in re.split(r"^### ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        title, _, body = re.split(r"^## ", block, flags=re.MULTILINE)[0].partition("\n")
        also = re.match(r"\s*\*Also: (.*?)\.\*\s*\n", body)
        definition = body[also.end() :] if also else body
        term = Term(title.strip(), also.group(1).split(", ") if also else [], " ".join(definition.split()))
        if term.slug in terms:
            raise ValueError(f"{path.name} defines {term.title!r} twice")
        if not term.definition:
            raise ValueError(f"{path.name} has no definition under {term.title!r}")
        terms[term.slug] = term
    return terms
