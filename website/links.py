"""Links to the glossary and the references: checked, numbered, and shown as a card where they stand.

`[gradient](../glossary.md#gradient)` stays a link. Its definition goes along at the end of the page, hidden;
book.js shows it on hover and focus. `[Rumelhart 1986](../references.md#rumelhart1986)` gets the work's number too.
backlinks.py leads back: from a term or a work to the pages that use it.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

from website import chapters, glossary, katex, references

GLOSSARY, REFERENCES = "chapters/glossary", "chapters/references"


class _Links(SphinxPostTransform):
    """Resolve links to terms and works. Runs just before MyST resolves all other links."""

    default_priority = 8

    def run(self, **kwargs: object) -> None:
        for link in list(self.document.findall(addnodes.pending_xref)):
            page, anchor = link.get("reftarget"), link.get("reftargetid")
            known = {GLOSSARY: self.app.book_terms, REFERENCES: self.app.book_works}.get(page)
            if known is None or anchor not in known:
                continue  # no such link, or a broken one: MyST resolves it, or says so
            text = list(link[0].children)
            if page == REFERENCES:
                number = self.app.book_works.index(anchor) + 1
                text.append(nodes.inline("", f"\N{NO-BREAK SPACE}[{number}]", classes=["number"]))
            uri = self.app.builder.get_relative_uri(self.env.docname, page) + "#" + anchor
            kind = "term" if page == GLOSSARY else "cite"
            link.replace_self(nodes.reference("", "", *text, refuri=uri, internal=True, classes=[kind]))


def _read(app: Sphinx) -> None:
    folder = Path(app.srcdir) / "chapters"
    app.book = chapters.read(folder / "chapters.yml")
    app.book_terms = glossary.read(folder / "glossary.md")
    app.book_works = references.keys(folder / "references.bib")
    app.book_cards = {}


def chapter_link(app: Sphinx, docname: str, chapter: chapters.Chapter) -> str:
    """A chapter's title as HTML: a link when it is written, marked as coming when it is not."""
    if chapter.written:
        return f'<a href="{app.builder.get_relative_uri(docname, chapter.docname)}">{escape(chapter.title)}</a>'
    return f'<span class="coming">{escape(chapter.title)} <small>coming</small></span>'


def chapter_list(app: Sphinx, docname: str, many: list[chapters.Chapter]) -> str:
    """Titles of chapters as HTML: links to the written ones, then those that are coming, said once."""
    written = ", ".join(chapter_link(app, docname, chapter) for chapter in many if chapter.written)
    coming = ", ".join(escape(chapter.title) for chapter in many if not chapter.written)
    return "; ".join(filter(None, (written, coming and f'<span class="coming">coming: {coming}</span>')))


def term_link(app: Sphinx, docname: str, term: str) -> str:
    """A term as HTML: a link to its definition where the glossary has one."""
    slug = chapters.slugify(term)
    if slug not in app.book_terms:
        return escape(term)
    return f'<a class="term" href="{app.builder.get_relative_uri(docname, GLOSSARY)}#{slug}">{escape(term)}</a>'


def cards(app: Sphinx, docname: str, body: str) -> str:
    """The hidden cards for all terms and works that a page's HTML links to."""
    if docname in (GLOSSARY, REFERENCES):
        return ""
    anchors = sorted(set(re.findall(r'<a class="(?:[\w-]+ )*(?:term|cite)(?: [\w-]+)*" href="[^"]*#([^"]+)"', body)))
    if not anchors:
        return ""
    if not app.book_cards:
        app.book_cards = {**_definitions(app), **_works(app)}
    found = (f'<div id="card-{anchor}">{app.book_cards[anchor]}</div>' for anchor in anchors)
    return '<div class="cards" hidden>' + "".join(found) + "</div>"


def _definitions(app: Sphinx) -> dict[str, str]:
    found = {}
    for section in _doctree(app.env, GLOSSARY).findall(nodes.section):
        if section["ids"][0] in app.book_terms:
            title = f"<p><strong>{escape(section[0].astext())}</strong></p>"
            found[section["ids"][0]] = title + "".join(_render(app, child) for child in section.children[1:])
    return found


def _works(app: Sphinx) -> dict[str, str]:
    found = {}
    for item in _doctree(app.env, REFERENCES).findall(nodes.list_item):
        paragraph = item[0].deepcopy()
        raw = list(paragraph.findall(nodes.raw))  # <a id="rumelhart1986"> and </a>
        for node in raw:
            paragraph.remove(node)
        found[re.search(r'id="(\w+)"', raw[0].astext()).group(1)] = _render(app, paragraph)
    return found


def _doctree(env: BuildEnvironment, docname: str) -> nodes.document:
    """A page's tree in which links to other pages are plain text: a card has no links of its own into the book."""
    tree = env.get_doctree(docname)
    for link in list(tree.findall(addnodes.pending_xref)):
        link.replace_self(link[0].children)
    katex.keep_closing(tree)
    return tree


def _render(app: Sphinx, node: nodes.Node) -> str:
    return app.builder.render_partial(node)["fragment"]


def setup(app: Sphinx) -> None:
    """Read the book's data once, then resolve and explain the links."""
    app.connect("builder-inited", _read)
    app.add_post_transform(_Links)
