"""The site's extension without a browser: what becomes of a chapter's plain Markdown."""

import base64
import hashlib
import math
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from docutils.core import publish_doctree
from docutils.nodes import block_quote
from myst_parser.docutils_ import Parser

from nnlib.data import load_digits, split
from website import boxes, cells, figures, glossary, picture, references, vendor
from website.chapters import slugify


def transformed(markdown):
    tree = publish_doctree(markdown, parser=Parser(), settings_overrides={"report_level": 5})
    boxes.transform(tree)
    return tree


@pytest.mark.parametrize("label", boxes.BOXES)
def test_a_labelled_quotation_becomes_a_box(label):
    tree = transformed(f"# Title\n\n> **{label}.** Two and two.\n>\n> And more.\n")
    assert not list(tree.findall(block_quote))
    html = str(tree)
    assert f'class="box box-{boxes.BOXES[label]}"' in html and f'aria-label="{label}"' in html
    assert "Two and two." in html and "And more." in html


def test_an_ordinary_quotation_stays_one():
    assert len(list(transformed("# Title\n\n> He said **so**.\n").findall(block_quote))) == 1


def test_an_unknown_box_is_reported(monkeypatch):
    said = []
    monkeypatch.setattr(boxes.log, "warning", lambda text, *values, **_: said.append(text % values))
    transformed("# Title\n\n> **Key thought.** Two.\n")
    assert "no box is called 'Key thought': use one of **Predict first.**" in said[0]


def test_a_pictures_alt_text_comes_from_the_notebook():
    picture = base64.b64encode(b"a picture").decode()
    output = {"data": {"image/png": picture}, "metadata": {"image/png": {"alt": "A line that falls."}}}
    found = figures.alt_texts({"cells": [{"outputs": [output]}, {"cell_type": "markdown"}]})
    assert found == {hashlib.sha256(b"a picture").hexdigest(): "A line that falls."}


def test_glossary_reads_terms_aliases_and_definitions(tmp_path):
    page = tmp_path / "glossary.md"
    page.write_text(
        "# G\n\n## A\n\n### axis\n\n*Also: one, two.*\n\nA line\nof text.\n\n## B\n\n### bias\n\nA number.\n"
    )
    terms = glossary.read(page)
    assert list(terms) == ["axis", "bias"]
    assert terms["axis"].aliases == ["one", "two"] and terms["axis"].definition == "A line of text."
    page.write_text("### axis\n\nA.\n\n### Axis\n\nB.\n")
    with pytest.raises(ValueError, match="defines 'Axis' twice"):
        glossary.read(page)
    page.write_text("### axis\n\n## B\n")
    with pytest.raises(ValueError, match="no definition under 'axis'"):
        glossary.read(page)


def test_references_are_written_in_full(tmp_path):
    bib = tmp_path / "r.bib"
    bib.write_text(
        "@article{zed1999, author={Z{\\'e}d, Ann Bea and Yu, C.}, title={On {X}}, journal={J}, volume={3},"
        " pages={1--9}, year={1999}, doi={10.1/a(b)}}\n"
        "@book{abe2001, author={Abe, D. and others}, title={B}, publisher={P}, year={2001}}"
    )
    assert references.keys(bib) == ["abe2001", "zed1999"]
    assert '"abe2001"></a>Abe, D. and others (2001)' in references.page(bib)
    assert references.page(bib).splitlines()[-1] == (
        '2. <a id="zed1999"></a>Zéd, A. B. and Yu, C. (1999). **On X**. *J*, 3, 1–9. '
        "[doi:10.1/a(b)](https://doi.org/10.1/a%28b%29)"
    )


def test_slugs_are_githubs():
    assert slugify("Vector-Jacobian product") == "vector-jacobian-product"
    assert slugify("What is a neural network?") == "what-is-a-neural-network"


def test_the_readmes_picture_is_the_landing_pages():
    assert picture.FILE.read_text(encoding="utf-8") == picture.standalone(), "run: python -m website.picture"


@pytest.fixture(scope="module")
def drawn():
    """The wide picture of the landing page as a tree, and the digit that it shows, from the data set itself."""
    new = split(load_digits(), (0.8, 0.2), seed=0)[1]
    shown = np.flatnonzero(new.y == picture.SHOWN)
    return ElementTree.fromstring(picture.svg(wide=True)), new.x.reshape(-1, 64)[shown]


def group(tree, name):
    (found,) = [element for element in tree.iter() if element.get("class") == name]
    return list(found)


def widths(lines):
    return [float(line.get("stroke-width")) for line in lines]


def test_the_landing_pages_picture_shows_a_digit_of_the_data_set(drawn):
    tree, candidates = drawn
    inked = [float(pixel.get("fill-opacity")) for pixel in group(tree, "pixels")]
    assert len(inked) == 64
    assert min(abs(candidates - np.array(inked)).max(axis=1)) < 0.01


def test_the_landing_pages_picture_is_true(drawn):
    tree, candidates = drawn
    network = picture.train()
    x = candidates[abs(candidates - network.examples[picture.SHOWN]).sum(axis=1).argmin()].astype(float)
    h = 1 / (1 + np.exp(-(network.W1 @ x + network.b1)))  # written out once more, not by the picture's own methods
    z = network.W2 @ h + network.b2
    p = np.exp(z) / np.exp(z).sum()
    assert widths(group(tree, "seen")) == pytest.approx((5 * h).tolist(), rel=0.06)
    said = group(tree, "said")
    assert widths(said) == pytest.approx((1.7 * abs(network.W2 * h)).ravel().tolist(), rel=0.06)
    assert [("no" in line.get("class", "")) for line in said] == list((network.W2 < 0).ravel())
    assert [("best" in line.get("class", "")) for line in said] == list(np.repeat(np.arange(10) == p.argmax(), len(h)))
    bars = [float(answer[0].get("width")) for answer in group(tree, "answers")]
    assert bars == pytest.approx((picture.BAR * p).tolist(), abs=0.5)
    assert [answer.get("class") == "best" for answer in group(tree, "answers")] == list(np.arange(10) == p.argmax())
    assert f"The answer {picture.SHOWN} wins, with {100 * p.max():.0f} percent" in tree.get("aria-label")


def test_the_landing_pages_picture_draws_the_weights(drawn):
    tree, _ = drawn
    squares = {}
    for element in tree.iter():
        words = (element.get("class") or "").split()
        if words and words[0] in ("for", "against"):
            for x, y in re.findall(r"M([\d.]+) ([\d.]+)h", element.get("d")):
                squares[float(x), float(y)] = (1 if words[0] == "for" else -1) * STRENGTHS[tuple(words[1:])]
    network, checked = picture.train(), 0
    for (along, across), weights in zip(picture.UNITS, network.W1, strict=True):
        for n, weight in enumerate(weights / abs(weights).max()):
            corner = along + picture.TINY * (n % 8 - 4), across + picture.TINY * (n // 8 - 4)
            seen = [value for place, value in squares.items() if math.dist(place, corner) < 0.1]
            assert abs((seen[0] if seen else 0) - weight) < 0.3
            checked += len(seen)
    assert checked == len(squares) > 300


STRENGTHS = {(): 0.85, ("fair",): 0.55, ("weak",): 0.28}


def test_the_caption_counts_right():
    network = picture.train()
    known, new = split(load_digits(), (0.8, 0.2), seed=0)
    x = new.x.reshape(-1, 64)
    said = (1 / (1 + np.exp(-(x @ network.W1.T + network.b1))) @ network.W2.T + network.b2).argmax(axis=1)
    right = int((said == new.y).sum())
    assert right / len(new) > 0.95
    html = picture.figure()
    for words in (f"These {64 * 12 + 12 + 120 + 10} numbers", f"from {len(known):,} handwritten", f"{len(new)} digits"):
        assert words in html
    assert f"the network reads {right}." in html
    wrong = network.examples[-1]
    assert network.probabilities(wrong).argmax() != network.truth[-1], "the last example shows a mistake"


def test_imports_and_setup_are_folded_and_nothing_else_is():
    assert cells.imports("import time\nimport numpy as np\nfrom nnlib.numpy import nn") == "Imports: time, numpy, nnlib"
    assert cells.imports("from nnlib.exercises import check, hint") == "", "one line can stay"
    assert cells.imports("import a\nimport b\nimport c\nx = 1") == ""
    assert cells.imports("%timeit f()\nimport a\nimport b\nimport c") == ""


def test_a_package_with_another_hash_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(vendor, "FOLDER", tmp_path)
    monkeypatch.setitem(vendor.PACKAGES, "katex", ("9.9.9", "0" * 64))
    (tmp_path / "katex-9.9.9.tgz").write_bytes(b"something else")
    with pytest.raises(RuntimeError, match="expected 0000.*delete it and build again"):
        vendor.package("katex")
    assert not (tmp_path / "katex-9.9.9").exists(), "unpacked before it was checked"
