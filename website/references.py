"""The references: `chapters/references.bib` written out as `chapters/references.md`.

The page is committed, so that a citation leads to its entry on GitHub too:

    python -m website.references            write the page anew
    python -m website.references --check    fail when the page is not what references.bib gives
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from latexcodec.codec import find_latex
from pybtex.database import Entry, Person, parse_file
from pybtex.markup import LaTeXParser

CHAPTERS = Path(__file__).parent.parent / "chapters"

INTRO = """# References

What the book cites and recommends, by first author. Each entry leads to the paper itself, or to its publisher.
The list is made from [references.bib](references.bib), which you can use in your own work.
"""


def keys(bib: Path) -> list[str]:
    """The keys of a bib file in the order of the page; a work's number is its place here, from one."""
    entries = parse_file(str(bib)).entries
    return sorted(entries, key=lambda key: (_plain(_author_names(entries[key])).lower(), entries[key].fields["year"]))


def page(bib: Path) -> str:
    """The text of references.md: a numbered list, each entry with its key as the anchor."""
    entries = parse_file(str(bib)).entries
    lines = [f'{n}. <a id="{key}"></a>{_entry(entries[key])}' for n, key in enumerate(keys(bib), start=1)]
    return INTRO + "\n" + "\n".join(lines) + "\n"


def _entry(entry: Entry) -> str:
    """One work in Markdown: authors (year). title. where. link."""
    field = {name: _plain(value) for name, value in entry.fields.items()}
    where = [field.get(name) for name in ("journal", "booktitle", "publisher", "school", "howpublished")]
    where = [f"*{place}*" if n < 2 else place for n, place in enumerate(where) if place]
    if "volume" in field:
        where.append(field["volume"] + (f"({field['number']})" if "number" in field else ""))
    if "pages" in field:
        where.append(field["pages"].replace("--", "–"))
    if entry.type == "phdthesis":
        where.insert(0, "PhD thesis")
    edition = f" ({field['edition']} edition)" if "edition" in field else ""
    return f"{_author_names(entry)} ({field['year']}). **{field['title']}**{edition}. {', '.join(where)}.{_link(field)}"


def _author_names(entry: Entry) -> str:
    names = [_name(person) for person in entry.persons["author"]]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def _name(person: Person) -> str:
    """`LeCun, Y.` from any way of writing it; BibTeX's `and others` stays as it is."""
    last = _plain(" ".join(person.prelast_names + person.last_names))
    initials = " ".join(_plain(name)[0] + "." for name in person.first_names + person.middle_names)
    return f"{last}, {initials}" if initials else last


def _link(field: dict[str, str]) -> str:
    if "doi" in field:
        address = f"https://doi.org/{field['doi']}".replace("(", "%28").replace(")", "%29")
        return f" [doi:{field['doi']}]({address})"
    if "url" in field:
        return f" [{re.sub('^https?://(www[.])?', '', field['url']).rstrip('/')}]({field['url']})"
    return ""


def _plain(latex: str) -> str:
    """LaTeX's accents and braces as plain text.

    As pybtex's `Text.from_latex`, which looks its decoder up by name, though: future-typing, which the package with
    Shakespeare's plays brings along, answers to every name.
    """
    text, _ = find_latex("ulatex").decode(latex)
    return LaTeXParser(text).parse().render_as("text")


def main() -> int:
    """Write the page, or check it."""
    target, text = CHAPTERS / "references.md", page(CHAPTERS / "references.bib")
    if "--check" not in sys.argv:
        target.write_text(text, encoding="utf-8")
    elif target.read_text(encoding="utf-8") != text:
        print("chapters/references.md is not what references.bib gives. Run: python -m website.references")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
