"""What only the site needs: a Sphinx extension that turns the chapters' plain Markdown into the book's pages.

A chapter uses nothing that GitHub, Jupyter and Colab cannot show. Its ordinary forms become more here:

    chapters.py     reads chapters.yml
    glossary.py     reads glossary.md
    references.py   writes references.md from references.bib
    links.py        links to terms and references -> cards on hover and focus; where each term is taught and used
    boxes.py        `> **Key idea.** …` -> a box
    exercises.py    `### Exercise 1: …` -> an exercise card with hints and solution folded away
    quiz.py         the questions of `## Quiz` -> cards
    progress.py     the page of the reader's progress
    further.py      the end of a chapter: what to read next
    markdown.py     Markdown from elsewhere, parsed into a page
    figures.py      every picture in a notebook has its alt text, or the build fails
    pages.py        header card of a chapter, lists of the landing page, link to report an error
    picture.py      the landing page's picture, computed and drawn
    katex.py        formulae -> HTML while the site is built, so that no page needs a script for them
    vendor.py       fetches npm packages, each of one version and checked by its hash
    templates/      the theme's list of scripts without the one that is not needed
    assets/         styles, scripts, logo and icon
"""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

HERE = Path(__file__).parent
STYLES = ("tokens.css", "book.css", "practice.css")
SCRIPTS = ("book.js", "store.js", "quiz.js", "exercises.js")


def setup(app: Sphinx) -> dict[str, object]:
    """Register everything; Sphinx calls this."""
    # here, so that `python -m website.vendor` imports it once
    from website import boxes, exercises, figures, further, katex, links, pages, progress, quiz

    app.connect("config-inited", _add_folders)
    for style in STYLES:
        app.add_css_file(style, priority=900)  # after the theme's
    for script in SCRIPTS:
        app.add_js_file(script, loading_method="defer")
    for job in (katex, boxes, exercises, quiz, further, figures, links, pages, progress):
        job.setup(app)
    # One Node process renders the formulae of all pages, so pages are written one after another.
    return {"version": "0.1", "parallel_read_safe": True, "parallel_write_safe": False}


def _add_folders(app: Sphinx, config: Config) -> None:
    """Add our folders here, not in _static/: Jupyter Book loads everything that lies there on every page."""
    config.templates_path.append(str(HERE / "templates"))
    config.html_static_path.append(str(HERE / "assets"))
