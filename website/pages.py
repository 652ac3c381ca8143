"""What is added to whole pages: a chapter's header card, a link to report an error, a 404 page."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from docutils import nodes
from sphinx.application import Sphinx

from website import chapters, links


def _finish(app: Sphinx, docname: str, template: str, context: dict, document: nodes.document | None) -> None:
    """Put the additions into a page's HTML just before it is written."""
    # MyST-NB's style of cells: ours (code.css) stands in its place.
    context["css_files"] = [style for style in context["css_files"] if "/mystnb." not in str(style.filename)]
    if document is None:
        return  # the search page, and others that no file stands for
    body = context["body"]
    if docname in app.book.by_docname:
        body = body.replace("</h1>", "</h1>" + header_card(app, app.book.by_docname[docname]), 1)
    body = body.replace('<summary aria-label="Toggle hidden content">', "<summary>")  # MyST-NB: its text is its name
    body += _report(app, docname)
    context["body"] = body + links.cards(app, docname, body)


def header_card(app: Sphinx, chapter: chapters.Chapter) -> str:
    """What a chapter is about, how hard and long it is, what it needs and teaches, and where to run it."""
    here = chapter.docname
    needs = links.chapter_list(app, here, [app.book.by_slug[slug] for slug in chapter.needs])
    teaches = ", ".join(links.term_link(app, here, term) for term in chapter.teaches)
    source = f"{_repository(app)}/blob/{_branch(app)}/{quote(here)}.md"
    rows = [("Needs", needs), ("Teaches", teaches)]
    updated = f'<time datetime="{chapter.updated}">{chapter.updated.day} {chapter.updated:%B %Y}</time>'
    listed = "".join(f"<dt>{name}</dt><dd>{items}</dd>" for name, items in rows if items)
    return f"""
<aside class="chapter-card" aria-label="About this chapter">
<p class="facts"><span>{chapter.category.capitalize()}</span> <span>{chapter.difficulty.capitalize()}</span>
<span>{chapter.minutes} minutes</span> <span>Updated {updated}</span></p>
<p class="summary">{escape(chapter.summary)}</p>
<dl>{listed}</dl>
<p class="doors"><a href="{colab(app, here)}">Open in Colab</a>
<a href="{source}">Source</a></p>
</aside>
"""


def colab(app: Sphinx, docname: str) -> str:
    """The address that opens a chapter's notebook in Colab."""
    repository = _repository(app).replace("https://github.com", "https://colab.research.google.com/github", 1)
    return f"{repository}/blob/{_branch(app)}/{quote(docname)}.ipynb"


def _report(app: Sphinx, docname: str) -> str:
    title = quote(f"Error on {docname}: ")
    return (
        f'<p class="report"><a href="{_repository(app)}/issues/new?title={title}">Report an error on this page</a></p>'
    )


def _missing(app: Sphinx) -> list[tuple[str, dict, str]]:
    """The page for addresses that do not exist."""
    return [("404", {"home": app.config.html_baseurl}, "404.html")]


def _repository(app: Sphinx) -> str:
    return app.config.html_theme_options["repository_url"].rstrip("/")


def _branch(app: Sphinx) -> str:
    return app.config.html_theme_options["repository_branch"]


def setup(app: Sphinx) -> None:
    """Finish each page after the theme has prepared it."""
    app.connect("html-collect-pages", _missing)
    app.connect("html-page-context", _finish, priority=900)
