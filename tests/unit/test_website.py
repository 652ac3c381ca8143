"""The site's extension without a browser: what becomes of a chapter's plain Markdown."""

import base64
import hashlib

import pytest
from docutils.core import publish_doctree
from docutils.nodes import block_quote
from myst_parser.docutils_ import Parser

from website import boxes, figures, glossary, picture, references, vendor
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


def test_the_landing_pages_picture_has_true_derivatives():
    values, weights, derivatives, loss = picture.compute()
    assert (values["y"], loss) == (2.0, 9.0)

    def loss_with(line, change):
        w = {**weights, line: weights[line] + change}
        h = [max(w["x1", f"h{i}"] * 1 + w["x2", f"h{i}"] * 2 + b, 0) for i, b in ((1, -1), (2, 0))]
        return (w["h1", "y"] * h[0] + w["h2", "y"] * h[1] + 1) ** 2

    for line, derivative in derivatives.items():
        assert (loss_with(line, 1e-6) - loss_with(line, -1e-6)) / 2e-6 == pytest.approx(derivative, abs=1e-6)


def test_a_package_with_another_hash_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(vendor, "FOLDER", tmp_path)
    monkeypatch.setitem(vendor.PACKAGES, "katex", ("9.9.9", "0" * 64))
    (tmp_path / "katex-9.9.9.tgz").write_bytes(b"something else")
    with pytest.raises(RuntimeError, match="expected 0000.*delete it and build again"):
        vendor.package("katex")
    assert not (tmp_path / "katex-9.9.9").exists(), "unpacked before it was checked"
