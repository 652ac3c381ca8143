"""From a term of the glossary back to where it is defined and used, from a work back to the chapters that cite it.

Found in the pages themselves: the bold words that define a term, and the links to the two pages. The glossary gets its
letters, and a pointer from each other name of a term to the term.
"""

from __future__ import annotations

import re
from html import escape

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from website import chapters
from website.links import GLOSSARY, REFERENCES, chapter_link


def _note(app: Sphinx, document: nodes.document) -> None:
    """Remember what a page defines, uses and cites; the environment keeps a page's metadata for us."""
    links = [link for link in document.findall(addnodes.pending_xref) if link.get("reftargetid")]
    known = app.env.metadata[app.env.docname]
    for name, page in (("terms", GLOSSARY), ("works", REFERENCES)):
        known[name] = sorted({link["reftargetid"] for link in links if link.get("reftarget") == page})
    chapter = app.book.by_docname.get(app.env.docname)
    known["defined"] = mark_definitions(document, chapter, app.book_terms) if chapter else []


def mark_definitions(document: nodes.document, chapter: chapters.Chapter, terms: dict) -> list[str]:
    """Give the bold words that define a chapter's terms an anchor, `define-<term>`; returns the terms found."""
    names = {}
    for slug in map(chapters.slugify, chapter.teaches):
        if slug in terms:
            names |= {name.lower(): slug for name in (terms[slug].title, *terms[slug].aliases)}
    found: list[str] = []
    for words in document.findall(nodes.strong):
        slug = names.get(" ".join(words.astext().split()).lower())
        if slug and slug not in found:
            words["ids"].append(f"define-{slug}")
            found.append(slug)
    return found


def _add(app: Sphinx, document: nodes.document, docname: str) -> None:
    """Lead back from each term and each work, on their pages."""
    if docname == GLOSSARY:
        _add_to_glossary(app, document)
    elif docname == REFERENCES:
        for item in document.findall(nodes.list_item):
            key = re.search(r'id="(\w+)"', item[0].astext() + "".join(raw.astext() for raw in item.findall(nodes.raw)))
            users = _pages(app, REFERENCES, "works", key.group(1)) if key else []
            if users:
                item.append(_raw(f'<p class="where">Cited in {", ".join(users)}</p>'))


def _add_to_glossary(app: Sphinx, document: nodes.document) -> None:
    letters = [section for section in document.findall(nodes.section) if len(section[0].astext()) == 1]
    for section in document.findall(nodes.section):
        if section["ids"][0] in app.book_terms:
            section.append(_raw(f'<p class="where">{_where(app, section["ids"][0])}</p>'))
    others: dict[str, list[str]] = {}
    for slug, term in app.book_terms.items():
        for name in term.aliases:
            pointer = f'{escape(name)} → <a href="#{slug}">{escape(term.title)}</a>'
            others.setdefault(name[0].upper(), []).append(pointer)
    page = letters[0].parent
    for initial in sorted(set(others) - {letter[0].astext() for letter in letters}):  # where only other names begin
        letter = nodes.section("", nodes.title("", initial), ids=[initial.lower()], names=[initial.lower()])
        after = next((found for found in letters if found[0].astext() > initial), None)
        page.insert(page.index(after) if after else len(page), letter)
        letters.insert(letters.index(after) if after else len(letters), letter)
    for letter in letters:
        letter["classes"].append("letter")
        pointers = sorted(others.get(letter[0].astext(), []), key=str.lower)
        if pointers:
            letter.append(_raw(f'<p class="see">{"<br>".join(pointers)}</p>'))
    links = " ".join(f'<a href="#{letter["ids"][0]}">{letter[0].astext()}</a>' for letter in letters)
    find = (
        '<p class="find" hidden><label>Find a term <input type="search" id="find-term" autocomplete="off"></label> '
        '<span role="status"></span></p>'
    )
    page.insert(page.index(letters[0]), _raw(f'<nav class="letters" aria-label="Letters">{links}</nav>{find}'))


def _where(app: Sphinx, slug: str) -> str:
    """The chapter that defines a term, at the place where it does, and the other pages that use it."""
    teacher = app.book.teacher[slug]
    defined = chapter_link(app, GLOSSARY, teacher)
    if slug in app.env.metadata.get(teacher.docname, {}).get("defined", []):
        defined = defined.replace('.html"', f'.html#define-{slug}"', 1)
    users = _pages(app, GLOSSARY, "terms", slug, apart_from=teacher.docname)
    return f"Defined in {defined}" + (f" · used in {', '.join(users)}" if users else "")


def _pages(app: Sphinx, docname: str, kind: str, anchor: str, apart_from: str = "") -> list[str]:
    """Links to the pages that use a term or cite a work, chapters first, in the order of the book."""
    users = [page for page, known in app.env.metadata.items() if anchor in known.get(kind, [])]
    order = list(app.book.by_docname)
    users.sort(key=lambda page: (order.index(page) if page in order else len(order), page))
    return [
        f'<a href="{app.builder.get_relative_uri(docname, page)}">{escape(app.env.titles[page].astext())}</a>'
        for page in users
        if page not in (apart_from, GLOSSARY, REFERENCES)
    ]


def _add_script(app: Sphinx, docname: str, *rest: object) -> None:
    if docname == GLOSSARY:
        app.add_js_file("glossary.js", loading_method="defer")


def _raw(html: str) -> nodes.raw:
    return nodes.raw("", html, format="html")


def setup(app: Sphinx) -> None:
    """Note what each page uses once it is read, and lead back when the two pages are written."""
    app.connect("doctree-read", _note)
    app.connect("doctree-resolved", _add)
    app.connect("html-page-context", _add_script)
