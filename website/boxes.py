"""Boxes: `> **Key idea.** …`, which reads well anywhere, gets a look here."""

from __future__ import annotations

from html import escape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

log = logging.getLogger(__name__)

# The label that opens the blockquote -> the box's class in book.css
BOXES = {
    "Predict first": "predict",
    "Key idea": "key",
    "Watch out": "watch",
    "Try it": "try",
    "Definition": "definition",
}


def transform(document: nodes.document) -> None:
    """Turn labelled blockquotes into boxes, in place."""
    for quote in list(document.findall(nodes.block_quote)):
        label = _label(quote)
        if label is None:
            continue  # an ordinary quotation
        if label not in BOXES:
            known = ", ".join(f"**{name}.**" for name in BOXES)
            log.warning("no box is called %r: use one of %s", label, known, location=quote)
            continue
        start = f'<div class="box box-{BOXES[label]}" role="note" aria-label="{escape(label)}">'
        quote.replace_self([_raw(start), *quote.children, _raw("</div>")])


def _label(quote: nodes.block_quote) -> str | None:
    """The text of the bold words that open a blockquote, without their full stop."""
    if not (quote.children and isinstance(quote[0], nodes.paragraph)):
        return None
    words = [child for child in quote[0].children if child.astext()]  # MyST puts an empty text before bold words
    return words[0].astext().removesuffix(".") if words and isinstance(words[0], nodes.strong) else None


def _raw(html: str) -> nodes.raw:
    return nodes.raw("", html, format="html")


def setup(app: Sphinx) -> None:
    """Transform each page once it is read."""
    app.connect("doctree-read", lambda app, document: transform(document))
