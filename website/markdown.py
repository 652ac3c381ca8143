"""Markdown that does not stand in a page's own file: parsed as if it did, so that its links and formulae work."""

from __future__ import annotations

from docutils import nodes
from docutils.utils import new_document
from myst_parser.parsers.docutils_ import Parser
from myst_parser.parsers.sphinx_ import MystParser


def parse(text: str, page: nodes.document) -> list[nodes.Node]:
    """The blocks of a Markdown text, to be put into a page."""
    part = new_document(page["source"], page.settings)
    parser = MystParser() if hasattr(page.settings, "env") else Parser()  # without Sphinx: the unit tests
    parser.parse(text, part)
    return part.children


def parse_line(text: str, page: nodes.document) -> list[nodes.Node]:
    """One line of Markdown without the paragraph round it."""
    return [child for block in parse(text, page) for child in block.children]
