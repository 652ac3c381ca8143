"""Pictures become small and stay what they are."""

import base64
import io

import nbformat
import numpy as np
from PIL import Image

from nnlib import plot
from tools import pictures


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


def figures():
    """One of many shades, one of few."""
    points = np.random.default_rng(0).normal(size=(40, 2))
    boundary = plot.decision_boundary(lambda p: 1 / (1 + np.exp(-p[:, 0])), points, (points[:, 0] > 0).astype(int))
    curves = plot.losses({name: np.exp(-np.arange(20) / n) for n, name in enumerate("abcdef", start=2)})
    return [plot.show(fig, alt="A figure.").png for fig in (boundary, curves)]


def test_a_figure_shrinks_and_looks_the_same():
    for before in figures():
        after = pictures.shrink(before)
        assert len(after) < 0.6 * len(before)
        change = abs(pixels(after) - pixels(before)).max(axis=2)
        assert change.max() <= 16 and change.mean() < 1.5
        assert (pixels(after)[0, 0] == 255).all(), "the paper stays white"
        assert pictures.shrink(before) == after, "the same figure is the same bytes"


def test_what_would_not_shrink_stays():
    small = figures()[1]
    once = pictures.shrink(small)
    assert len(pictures.shrink(once)) <= len(once)


def test_transparency_becomes_paper():
    file = io.BytesIO()
    Image.new("RGBA", (60, 60), (200, 0, 0, 0)).save(file, "PNG", compress_level=0)
    assert (pixels(pictures.shrink(file.getvalue())) == 255).all()


def test_only_pictures_of_a_notebook_change():
    png = figures()[0]
    output = nbformat.v4.new_output(
        "display_data",
        {"image/png": base64.b64encode(png).decode(), "text/plain": "A."},
        metadata={"image/png": {"alt": "A."}},
    )
    cell = nbformat.v4.new_code_cell("show()", outputs=[output, nbformat.v4.new_output("stream", text="1\n")])
    pictures.shrink_all([cell, nbformat.v4.new_markdown_cell("Text.")])
    assert base64.b64decode(cell.outputs[0].data["image/png"]) == pictures.shrink(png)
    assert cell.outputs[0].metadata["image/png"]["alt"] == "A." and cell.outputs[1].text == "1\n"
