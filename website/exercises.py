"""Exercises: under each stand its hints and its solution, folded away, from the module that also checks it.

An exercise is a section `### Exercise 3: …` whose code calls `check("key", …)`; nnlib.exercises knows the rest. With
NNLIB_WITHHOLD=1 the site is built for a class: hints and solutions are left out, and each exercise says so.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from nnlib.exercises import catalogue
from nnlib.exercises.help import solution_markdown, withheld
from website.markdown import parse

log = logging.getLogger(__name__)

TITLE = re.compile(r"Exercise \d+: \S")
CHECK = re.compile(r"""^check\(\s*["']([^"']+)["']""", re.MULTILINE)
WITHHELD = '<p class="withheld">Your teacher has withheld the hints and the solution.</p>'


def transform(document: nodes.document) -> list[str]:
    """Make cards of the sections that are exercises, in place, each with its help.

    Returns the keys of the exercises.
    """
    keys = []
    for section in list(document.findall(nodes.section)):
        if not TITLE.match(section[0].astext()):
            continue
        section["classes"].append("exercise")
        code = "\n".join(block.astext() for block in section.findall(nodes.literal_block))
        found = sorted(set(CHECK.findall(code)))
        if len(found) > 1:
            log.warning("an exercise has one check, this one has %s", ", ".join(found), location=section)
        elif found:
            section += help_nodes(found[0], document)
            keys += found
    return keys


def help_nodes(key: str, document: nodes.document) -> list[nodes.Node]:
    """The folded hints and solution of an exercise; quiz answers and hints unfold in the same way."""
    try:
        exercise = catalogue.find(key)
    except catalogue.Unknown as error:
        log.warning("%s", error, location=document)
        return []
    if withheld():
        folded = [_raw(WITHHELD)]
    else:
        parts = [(f"Hint {number}", hint) for number, hint in enumerate(exercise.hints, start=1)]
        parts.append(("Solution", solution_markdown(exercise)))
        folded = [node for title, text in parts for node in _fold(title, text, document)]
    return [_raw(f'<div class="help" data-exercise="{key}">'), *folded, _raw("</div>")]


def _fold(title: str, markdown: str, document: nodes.document) -> list[nodes.Node]:
    return [_raw(f"<details><summary>{title}</summary>"), *parse(markdown, document), _raw("</details>")]


def _raw(html: str) -> nodes.raw:
    return nodes.raw("", html, format="html")


def _read_page(app: Sphinx, document: nodes.document) -> None:
    app.env.metadata[app.env.docname]["exercises"] = transform(document)


def setup(app: Sphinx) -> None:
    """Transform each page once it is read."""
    app.connect("doctree-read", _read_page)
