"""Live cells: those that need only NumPy run in the reader's own browser, with Python in WebAssembly (Pyodide).

A cell is live unless it imports PyTorch, is tagged `not-live` (too slow for a browser), or uses a name that only such
a cell gives. Those say so in a line and lead to Colab. The setup cell is neither: the browser has the library.

    here          which cells are live, and what each page must know of them
    names.py      which cells a cell needs; here at build time, and in the browser
    session.py    runs cells, in the browser
    files.py      what the browser fetches at the first Run or Edit
    withhold.py   what of it a class does not get
    page.mjs      the page's side, with output.mjs and editor.mjs; assets/live.js begins it
    worker.mjs    Python's side, with fetched.mjs (files), printer.mjs (what it prints) and python.mjs

`live_runtime` in _config.yml says where browsers find Pyodide: `public`, its own server, or `own`, a copy on the site.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

from nnlib.exercises.help import withheld
from website import pages, runtime, vendor
from website.exercises import CHECK
from website.live import files, names

FOLDER = "_static/live"
OWN = f"_static/pyodide-{vendor.PACKAGES['pyodide'][0]}"


@dataclass
class Cell:
    """A code cell of a chapter.

    Attributes:
        source: its code.
        tags: its tags.
        reason: why it is not live, as a sentence; empty if it is.
    """

    source: str
    tags: frozenset[str]
    reason: str = ""

    @property
    def setup(self) -> bool:
        """Whether this is the setup cell."""
        return "setup" in self.tags

    @property
    def live(self) -> bool:
        """Whether the page offers to run it."""
        return not self.setup and not self.reason


def judge(cells: list[Cell]) -> None:
    """Find out which cells are live, in place."""
    lost: dict[str, str] = {}  # name -> why it is not there
    for cell in cells:
        if cell.setup:
            continue
        code = names.read(cell.source)
        missing = sorted(name for name in code.needs.union(*code.later.values()) if name in lost)
        if "not-live" in cell.tags:
            cell.reason = "This cell computes too long for a browser."
        elif any(module.split(".")[:2] in (["torch"], ["nnlib", "torch"]) or module.startswith("torch.")
                 for module in code.imports):  # fmt: skip
            cell.reason = "This cell needs PyTorch, which no browser runs."
        elif "nnlib.checkpoint" in code.imports:
            cell.reason = "This cell needs safetensors, which no browser has."
        elif missing:
            cell.reason = f"This cell needs {_listed(missing)} from {lost[missing[0]]}."
        for name in code.gives:
            if cell.reason:
                lost[name] = "a cell that does not run here"
            else:
                lost.pop(name, None)


def _listed(found: list[str]) -> str:
    quoted = [f"<code>{name}</code>" for name in found[:3]]
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + " and " + quoted[-1]


def keys(cells: list[Cell]) -> list[str]:
    """A name for each cell under which a browser keeps the reader's version: it stays while the code does."""
    found: list[str] = []
    for cell in cells:
        digest = hashlib.sha256(cell.source.encode()).hexdigest()[:12]
        same = sum(key.startswith(digest) for key in found)
        found.append(f"{digest}-{same + 1}" if same else digest)
    return found


# Pages


def _read_page(app: Sphinx, document: nodes.document) -> None:
    """Judge the cells of a chapter, and tell in those that are not live."""
    docname = app.env.docname
    containers = [c for c in document.findall(nodes.container) if c.get("nb_element") == "cell_code"]
    if docname not in app.book.by_docname or not containers:
        return
    cells = []
    for container in containers:
        block = next(container.findall(nodes.literal_block), None)
        tags = frozenset(name.removeprefix("tag_") for name in container["classes"] if name.startswith("tag_"))
        cells.append(Cell(block.astext() if block is not None else "", tags))
    judge(cells)
    colab = pages.colab(app, docname)
    for container, cell in zip(containers, cells, strict=True):
        if cell.reason:
            note = f'<p class="not-live">{cell.reason} <a href="{colab}">Run the chapter in Colab</a></p>'
            container += nodes.raw("", note, format="html")
    app.env.metadata[docname]["live"] = [
        _facts(cell, key, docname) for cell, key in zip(cells, keys(cells), strict=True)
    ]


def _facts(cell: Cell, key: str, docname: str) -> dict[str, object]:
    """What the page's script must know of a cell: nothing, if it is not live."""
    if not cell.live:
        return {}
    facts: dict[str, object] = {"key": key}
    if CHECK.search(cell.source):
        facts |= {"check": True, "data": _data_of_exercises(docname)}
    return facts


def _data_of_exercises(docname: str) -> list[str]:
    """The data sets that a chapter's exercises read by themselves."""
    module = files.LIBRARY / "exercises" / "chapters" / f"{Path(docname).name.replace('-', '_')}.py"
    code = module.read_text(encoding="utf-8") if module.exists() else ""
    sets = [name for name in files.DATA if f"load_{name}(" in code]
    return sets + [name for name in files.PHOTOGRAPHS if f'photograph("{name}")' in code]


def _finish_page(app: Sphinx, docname: str, template: str, context: dict, document: nodes.document | None) -> None:
    """Add script, facts and policy to a page with live cells."""
    facts = app.env.metadata.get(docname, {}).get("live", [])
    if document is None or not any(facts):
        return
    up = "../" * docname.count("/")
    config = {"folder": f"{up}{FOLDER}/{app.live_folder}/", "chapter": Path(docname).name, "cells": facts}
    text = json.dumps(config).replace("</", "<\\/")
    context["body"] += f'<script type="application/json" id="live-config">{text}</script>'
    context["metatags"] = f'<meta http-equiv="Content-Security-Policy" content="{policy(app)}">' + context["metatags"]
    app.add_js_file("live.js", loading_method="defer")
    app.add_css_file("live.css", priority=900)


def policy(app: Sphinx) -> str:
    """What a page with live cells may load: the book, and Pyodide. Code in a cell can reach nothing else.

    The theme's own scripts stand in the page, so inline scripts are allowed; a worker has no page to put one into.
    """
    address = urlsplit(_pyodide(app))
    host = f" {address.scheme}://{address.netloc}" if address.netloc else ""
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob:{host}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            f"connect-src 'self'{host}",
            "worker-src blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
        )
    )


def _pyodide(app: Sphinx) -> str:
    """Pyodide's address, as files.py wants it."""
    return files.PUBLIC if app.config.live_runtime == "public" else f"../../../{OWN}/"


# The site


def _check(app: Sphinx, config: Config) -> None:
    if config.live_runtime not in ("public", "own"):
        raise ConfigError(f"live_runtime in _config.yml must be public or own, not {config.live_runtime!r}")


def _collect(app: Sphinx) -> None:
    app.live_files = files.collect(_pyodide(app), withheld())
    app.live_folder = files.folder_name(app.live_files)


def _write(app: Sphinx, error: Exception | None) -> None:
    """Write the folder that browsers fetch from, and Pyodide if the site is to have its own."""
    if error is not None or app.builder.format != "html":
        return
    target = Path(app.outdir) / FOLDER
    shutil.rmtree(target, ignore_errors=True)
    for name, content in app.live_files.items():
        file = target / app.live_folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    if app.config.live_runtime == "own":
        shutil.copytree(runtime.assemble(), Path(app.outdir) / OWN, dirs_exist_ok=True)


def setup(app: Sphinx) -> None:
    """Mark each page's cells once it is read; finish the page after the theme has prepared it."""
    app.add_config_value("live_runtime", "public", "html", str)
    app.connect("config-inited", _check)
    app.connect("builder-inited", _collect)
    app.connect("doctree-read", _read_page)
    app.connect("html-page-context", _finish_page, priority=850)
    app.connect("build-finished", _write)
