"""Every picture says in words what is to be seen: `nnlib.plot.show` stores the words, the site shows them."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

log = logging.getLogger(__name__)


def alt_texts(notebook: dict) -> dict[str, str]:
    """Alt texts of a notebook's pictures by the sha256 of the picture, which is the name MyST-NB gives to its file."""
    found: dict[str, str] = {}
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            for mime, content in output.get("data", {}).items():
                if mime in ("image/png", "image/jpeg"):
                    alt = output.get("metadata", {}).get(mime, {}).get("alt", "")
                    found[hashlib.sha256(base64.b64decode("".join(content))).hexdigest()] = alt
    return found


def _add(app: Sphinx, document: nodes.document) -> None:
    source = Path(document["source"])
    alts = alt_texts(json.loads(source.read_text(encoding="utf-8"))) if source.suffix == ".ipynb" else {}
    for image in document.findall(nodes.image):
        alt = image.get("alt") or alts.get(Path(image["uri"]).stem, "")
        if not alt.strip():
            log.warning("a picture has no alt text: show figures with nnlib.plot.show(fig, alt=…)", location=image)
        image["alt"] = alt


def setup(app: Sphinx) -> None:
    """Add alt texts to each page once it is read."""
    app.connect("doctree-read", _add)
