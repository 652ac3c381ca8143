"""Search: a chapter is found by its other names and its subjects, and its summary describes it to search engines."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx

from website import chapters


def descriptions(chapter: chapters.Chapter) -> list[nodes.meta]:
    """A chapter's summary, and its aliases and tags word by word, as Sphinx's index takes them."""
    words = dict.fromkeys(" ".join([*chapter.aliases, *chapter.tags]).lower().replace("-", " ").split())
    return [
        nodes.meta("", name="description", content=chapter.summary),
        nodes.meta("", name="keywords", content=", ".join(words), lang="en"),
    ]


def _describe(app: Sphinx, document: nodes.document) -> None:
    chapter = app.book.by_docname.get(app.env.docname)
    if chapter:
        document.extend(descriptions(chapter))


def _add_script(app: Sphinx, docname: str, *rest: object) -> None:
    if docname == "search":
        app.add_js_file("search.js", loading_method="defer")


def setup(app: Sphinx) -> None:
    """Describe each chapter once it is read, and give the search page its script."""
    app.connect("doctree-read", _describe)
    app.connect("html-page-context", _add_script)
