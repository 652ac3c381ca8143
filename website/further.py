"""The end of a chapter: where to read on, from `related`, `books` and `links` of chapters.yml."""

from __future__ import annotations

from html import escape

from docutils import nodes
from sphinx.application import Sphinx

from website import chapters, links


def section(app: Sphinx, chapter: chapters.Chapter) -> nodes.section | None:
    """A section with one list for each kind of reading that the chapter has; None if it has none."""
    related = [app.book.by_slug[slug] for slug in chapter.related]
    lists = {
        "In this book": [
            f"{links.chapter_link(app, chapter.docname, other)}<p>{escape(other.summary)}</p>" for other in related
        ],
        "In other books": [_outside(entry) for entry in chapter.books],
        "On the web": [_outside(entry) for entry in chapter.links],
    }
    html = "".join(
        f"<h3>{title}</h3><ul>{''.join(f'<li>{entry}</li>' for entry in entries)}</ul>"
        for title, entries in lists.items()
        if entries
    )
    if not html:
        return None
    title = nodes.title("", "Further reading")
    card = nodes.raw("", f'<div class="further">{html}</div>', format="html")
    return nodes.section("", title, card, ids=["further-reading"], names=["further reading"])


def _outside(entry: dict[str, str]) -> str:
    return f'<a class="reference external" href="{escape(entry["url"])}">{escape(entry["text"])}</a>'


def _append(app: Sphinx, document: nodes.document) -> None:
    chapter = app.book.by_docname.get(app.env.docname)
    found = section(app, chapter) if chapter else None
    if found:
        next(document.findall(nodes.section)).append(found)  # the chapter; a notebook's metadata may stand before it


def setup(app: Sphinx) -> None:
    """Append the section to each chapter once it is read."""
    app.connect("doctree-read", _append, priority=400)  # before Sphinx lists the sections of a page
