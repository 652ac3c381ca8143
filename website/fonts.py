"""The site's own faces: files of the fontsource packages, put where `fonts.css` looks for them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from sphinx.application import Sphinx

from website import vendor

STYLE = "fonts.css"
FIRST = ("source-serif-4-latin-wght-normal", "source-sans-3-latin-wght-normal")  # what the top of each page is set in


def copy() -> None:
    """Copy each file that fonts.css names, of the package that its name begins with."""
    style = Path(__file__).with_name("assets").joinpath(STYLE).read_text(encoding="utf-8")
    target = vendor.SITE / "fonts"
    target.mkdir(parents=True, exist_ok=True)
    for name in re.findall(r"url\(fonts/([\w-]+\.woff2)\)", style):
        family = re.split(r"-(?:latin|greek)-", name)[0]
        shutil.copy(vendor.package(f"@fontsource-variable/{family}") / "files" / name, target)


def _preload(app: Sphinx, docname: str, template: str, context: dict, document: object) -> None:
    """Let the browser fetch the first faces at once, not when it has read the styles."""
    hints = ""
    for name in FIRST:
        address = context["pathto"](f"_static/fonts/{name}.woff2", 1)
        hints += f'<link rel="preload" href="{address}" as="font" type="font/woff2" crossorigin>\n'
    context["metatags"] = context.get("metatags", "") + hints  # the search page has none


def setup(app: Sphinx) -> None:
    """Copy the files before Sphinx copies all static files, and name them in each page."""
    app.connect("builder-inited", lambda app: copy())
    app.connect("html-page-context", _preload)
