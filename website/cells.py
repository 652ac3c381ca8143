"""Cells that a reader need not read: the setup cell and long lists of imports become one line that unfolds."""

from __future__ import annotations

import ast

from docutils import nodes
from sphinx.application import Sphinx

SETUP = "Set-up: finds the book\N{RIGHT SINGLE QUOTATION MARK}s library, or installs it"
MANY = 3  # lines of imports from which on they are folded


def transform(document: nodes.document) -> None:
    """Fold setup and imports, in place. MyST-NB makes the fold, and asks each cell for the words on it."""
    for cell in document.findall(nodes.container):
        if cell.get("nb_element") != "cell_code":
            continue
        code = next((block.astext() for block in cell.findall(nodes.literal_block)), "")
        words = SETUP if "tag_setup" in cell["classes"] else imports(code)
        if words:
            cell["hide_mode"] = "input"
            cell["prompt_show"] = cell["prompt_hide"] = words


def imports(code: str) -> str:
    """What a cell of nothing but imports brings in, such as `Imports: numpy, nnlib`; for all other code, nothing."""
    try:
        lines = ast.parse(code).body
    except SyntaxError:  # a magic command of Jupyter's
        return ""
    if len(lines) < MANY or not all(isinstance(line, (ast.Import, ast.ImportFrom)) for line in lines):
        return ""
    names = [line.module if isinstance(line, ast.ImportFrom) else line.names[0].name for line in lines]
    return "Imports: " + ", ".join(dict.fromkeys(name.partition(".")[0] for name in names))


def setup(app: Sphinx) -> None:
    """Transform each page once it is read."""
    app.connect("doctree-read", lambda app, document: transform(document))
