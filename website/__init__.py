"""What only the site needs: a Sphinx extension that turns the chapters' plain Markdown into the book's pages.

A chapter uses nothing that GitHub, Jupyter and Colab cannot show. Its ordinary forms become more here:

    chapters.py     reads chapters.yml
    glossary.py     reads glossary.md
    references.py   writes references.md from references.bib
    links.py        links to terms and references -> cards on hover and focus
    backlinks.py    from a term or a work back to the chapters that define, use or cite it
    boxes.py        `> **Key idea.** …` -> a box
    exercises.py    `### Exercise 1: …` -> an exercise card with hints and solution folded away
    quiz.py         the questions of `## Quiz` -> cards
    progress.py     the page of the reader's progress
    further.py      the end of a chapter: what to read next
    markdown.py     Markdown from elsewhere, parsed into a page
    cells.py        setup and imports -> one line that unfolds
    figures.py      every picture in a notebook has its alt text, or the build fails
    search.py       other names of a chapter are found; what the search page shows of a page
    pages.py        header card of a chapter, link to report an error, page for wrong addresses
    landing.py      the landing page: ways through the book, and what is planned
    picture.py      the landing page's picture, computed and drawn
    katex.py        formulae -> HTML while the site is built, so that no page needs a script for them
    fonts.py        the site's own faces
    live/           cells that run in the reader's browser
    runtime.py      Python for the browser, put together from where it is published
    bytecode/       its modules, compiled while the site is built
    vendor.py       fetches npm packages, each of one version and checked by its hash
    templates/      parts of the theme that differ here, and the page for wrong addresses
    assets/         styles (tokens.css names what they share), scripts, logo and icon
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

HERE = Path(__file__).parent
STYLES = (
    "fonts.css",
    "tokens.css",
    "text.css",
    "code.css",
    "cards.css",
    "practice.css",
    "reference.css",
    "frame.css",
    "icons.css",
    "print.css",
)
SCRIPTS = ("book.js", "store.js", "quiz.js", "exercises.js")
JOBS = (
    "katex fonts boxes cells exercises quiz further figures links backlinks search landing pages progress live".split()
)


def setup(app: Sphinx) -> dict[str, object]:
    """Register everything; Sphinx calls this."""
    app.connect("config-inited", _add_folders)
    for style in STYLES:
        app.add_css_file(style, priority=900)  # after the theme's
    for script in SCRIPTS:
        app.add_js_file(script, loading_method="defer")
    for job in JOBS:
        import_module(f"website.{job}").setup(app)  # here, so that `python -m website.vendor` imports it once
    # One Node process renders the formulae of all pages, so pages are written one after another.
    return {"version": "0.1", "parallel_read_safe": True, "parallel_write_safe": False}


def _add_folders(app: Sphinx, config: Config) -> None:
    """Add our folders here, not in _static/: Jupyter Book loads everything that lies there on every page."""
    from website import vendor

    config.templates_path.append(str(HERE / "templates"))
    vendor.SITE.mkdir(parents=True, exist_ok=True)
    config.html_static_path += [str(HERE / "assets"), str(vendor.SITE)]
