"""The landing page: its picture, the doors into the book, ways through it by goal and by time, and the plan."""

from __future__ import annotations

from html import escape

from docutils import nodes
from sphinx.application import Sphinx

from website import chapters, links, picture


def _fill(app: Sphinx, docname: str, template: str, context: dict, document: nodes.document | None) -> None:
    """Put the parts that are made into the page's HTML, each where its comment stands."""
    if docname != app.config.root_doc:
        return
    made = {
        "start": start(app, docname),
        "picture": picture.figure(),
        "chapters": written(app, docname),
        "ways-by-goal": ways(app, docname, "goal"),
        "ways-by-time": ways(app, docname, "time"),
        "plan": plan(app, docname),
    }
    for name, html in made.items():
        place = f"<!-- {name} -->"
        if place not in context["body"]:
            raise ValueError(f"{docname}.md has no line {place}, where that part of the page goes")
        context["body"] = context["body"].replace(place, html)
    app.add_css_file("landing.css", priority=950)
    app.add_js_file("draw.js", loading_method="defer")


def start(app: Sphinx, docname: str) -> str:
    """The doors into the book: its first chapter that is written, and the ways to read on."""
    first = next(chapter for chapter in app.book.chapters if chapter.written)
    address = app.builder.get_relative_uri(docname, first.docname)
    return (
        f'<p class="start"><a href="{address}">Begin: {escape(first.title)}</a> '
        '<a href="#where-to-start">Where to start</a></p>'
    )


def written(app: Sphinx, docname: str) -> str:
    """The written chapters as cards, with a count that says how far the book is."""
    finished = [chapter for chapter in app.book.chapters if chapter.written]
    cards = "".join(
        f'<li><a href="{app.builder.get_relative_uri(docname, chapter.docname)}">{escape(chapter.title)}</a>'
        f"<p>{escape(chapter.summary)}</p>"
        f'<p class="facts"><span>{chapter.difficulty.capitalize()}</span> '
        f"<span>{hours(chapter.minutes)}</span></p></li>"
        for chapter in finished
    )
    count = "One chapter is" if len(finished) == 1 else f"{len(finished)} chapters are"
    others = len(app.book.chapters) - len(finished)
    return f'<p>{count} finished, and {others} are planned.</p><ul class="chapter-list">{cards}</ul>'


def ways(app: Sphinx, docname: str, kind: str) -> str:
    """Ways through the book: each a fold with its chapters in order, computed from what they need."""
    return f'<div class="ways">{"".join(_way(app, docname, way) for way in app.book.ways if way.by == kind)}</div>'


def _way(app: Sphinx, docname: str, way: chapters.Way) -> str:
    along = app.book.along(way)
    ready = sum(chapter.written for chapter in along)
    facts = [f"{len(along)} chapter" + "s" * (len(along) > 1), hours(sum(chapter.minutes for chapter in along))]
    facts.append("all written" if ready == len(along) else f"{ready} written, {len(along) - ready} coming")
    items = "".join(
        f'<li>{links.chapter_link(app, docname, chapter)} <span class="minutes">{chapter.minutes} min</span></li>'
        for chapter in along
    )
    known = sum(chapter.minutes for chapter in along if chapter.part == "prerequisites")
    skip = f"<p>{hours(known)} of it are prerequisites, which you may know already.</p>" if known else ""
    return (
        f'<details class="way"><summary><strong>{escape(way.title)}</strong> <span class="facts">'
        f"{' '.join(f'<span>{fact}</span>' for fact in facts)}</span></summary><ol>{items}</ol>{skip}</details>"
    )


def hours(minutes: int) -> str:
    """A time in words: `50 minutes`, `2 h`, `3 h 20 min`."""
    whole, rest = divmod(minutes, 60)
    if not whole or minutes < 100:
        return f"{minutes} minutes"
    return f"{whole} h" + (f" {rest} min" if rest else "")


def plan(app: Sphinx, docname: str) -> str:
    """All parts with their chapters, each folded away under its part."""
    found = []
    for part in app.book.parts:
        members = [chapter for chapter in app.book.chapters if chapter.part == part.id]
        items = "".join(
            f"<li>{links.chapter_link(app, docname, chapter)}<p>{escape(chapter.summary)}</p></li>"
            for chapter in members
        )
        found.append(
            f'<details class="part"><summary><strong>{escape(part.title)}</strong> '
            f"<span>{len(members)} chapters. {escape(part.summary)}</span></summary><ul>{items}</ul></details>"
        )
    return "".join(found)


def setup(app: Sphinx) -> None:
    """Finish the page after the theme has prepared it."""
    app.connect("html-page-context", _fill, priority=800)
