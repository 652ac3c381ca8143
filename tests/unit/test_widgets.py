"""nnlib.widgets: a slider redraws its picture, and the notebook keeps a still one."""

import base64
import subprocess
import sys

import numpy as np
import pytest

from nnlib import plot
from nnlib.widgets import Explorer, Slider, explore

VIEW = "application/vnd.jupyter.widget-view+json"


def line(slope, n=3):
    fig, ax = plot.figure(height=2)
    ax.plot(np.arange(n), slope * np.arange(n))
    return fig


@pytest.fixture
def lines():
    pytest.importorskip("ipywidgets")
    return explore(
        line,
        alt="A line of slope {slope} through {n} points.",
        slope=Slider(-1.0, 1.0, start=0.5, step=0.25, label="slope a"),
        n=Slider(2, 9, start=3, step=1),
    )


def test_the_output_is_a_live_widget_and_a_still_picture(lines):
    data, metadata = lines._repr_mimebundle_()
    assert set(data) == {VIEW, "image/png", "text/plain"}
    assert data[VIEW]["model_id"] == lines.widget.model_id
    assert data["text/plain"] == "A line of slope 0.5 through 3 points." == repr(lines)
    assert metadata["image/png"]["alt"] == data["text/plain"]
    start = plot.show(line(0.5, 3), alt="x").png
    assert base64.b64decode(data["image/png"]) == start == lines._image.value


def test_moving_a_slider_draws_again(lines):
    before = lines._image.value
    lines.sliders["slope"].value = -1.0
    assert lines._image.value == plot.show(line(-1.0, 3), alt="x").png != before
    assert lines._image.tooltip == "A line of slope -1.0 through 3 points."
    lines.sliders["n"].value = 7
    assert lines._image.value == plot.show(line(-1.0, 7), alt="x").png
    assert lines.still.png == before  # what a notebook stores stays the picture of the start


def test_a_site_can_ask_for_any_position_of_the_sliders(lines):
    assert lines.settings["slope"].label == "slope a" and not lines.settings["slope"].whole
    drawn = lines.at(slope=-1, n=7.0)  # as JavaScript gives numbers
    assert drawn.alt == "A line of slope -1.0 through 7 points."
    assert drawn.png == plot.show(line(-1.0, 7), alt="x").png
    assert lines.draw(slope=-1, n=7.0).axes[0].lines[0].get_ydata().tolist() == [-0.0, -1, -2, -3, -4, -5, -6]
    assert lines.at(slope="steep", n=3) == "ValueError: could not convert string to float: 'steep'"


def test_every_control_is_labelled(lines):
    slope, n = lines.sliders["slope"], lines.sliders["n"]
    assert (slope.description, n.description) == ("slope a", "n")
    assert (slope.tooltip, n.tooltip) == ("slope a", "n")
    assert lines._image.tooltip == "A line of slope 0.5 through 3 points."
    assert (slope.min, slope.max, slope.step, slope.value) == (-1, 1, 0.25, 0.5)
    assert isinstance(n.value, int) and isinstance(slope.value, float)
    assert lines.widget.children == (slope, n, lines._image, lines._text)


def test_an_error_while_drawing_is_shown_and_then_forgotten():
    pytest.importorskip("ipywidgets")

    def draw(k):
        if k == 2:
            raise ValueError("k must not be <2>")
        return line(k)

    explorer = explore(draw, alt="k is {k}", k=Slider(0, 3, start=1, step=1))
    explorer.sliders["k"].value = 2
    assert "ValueError: k must not be &lt;2&gt;" in explorer._text.value
    assert explorer._image.layout.display == "none"
    explorer.sliders["k"].value = 3
    assert explorer._text.value == "" and explorer._image.layout.display is None
    assert explorer._image.value == plot.show(line(3), alt="x").png
    with pytest.raises(ValueError, match="not be <2>"):  # the author's own mistake is raised at once
        explore(draw, alt="k", k=Slider(0, 3, start=2, step=1))


def test_draw_may_return_text_or_a_picture():
    pytest.importorskip("ipywidgets")
    text = explore(lambda k: f"{k} < {k + 1}", alt="a comparison", k=Slider(0, 3, start=1, step=1))
    data, _ = text._repr_mimebundle_()
    assert set(data) == {VIEW, "text/plain"} and data["text/plain"] == "1 < 2"
    text.sliders["k"].value = 2
    assert "2 &lt; 3" in text._text.value
    own = explore(lambda k: plot.show(line(k), alt=f"own {k}"), alt="not used", k=Slider(0, 3, start=1, step=1))
    assert repr(own) == "own 1"


def test_without_ipywidgets_the_still_picture_remains(monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    explorer = explore(line, alt="slope {slope}", slope=Slider(0, 2, start=1, step=1))
    data, metadata = explorer._repr_mimebundle_()
    assert set(data) == {"image/png", "text/plain"} and metadata["image/png"]["alt"] == "slope 1"
    assert isinstance(explorer, Explorer) and explorer.widget is None


def test_bad_sliders_are_refused():
    with pytest.raises(ValueError, match="got 0, 5, 3"):
        Slider(0, 3, start=5, step=1)
    with pytest.raises(ValueError, match="got 1, 1, 1"):
        Slider(1, 1, start=1, step=1)
    with pytest.raises(ValueError, match="step must be positive, got 0"):
        Slider(0, 3, start=1, step=0)
    with pytest.raises(TypeError, match=r"slope must be a Slider.*got \(0, 1\)"):
        explore(line, alt="a line", slope=(0, 1))
    with pytest.raises(TypeError, match="at least one slider"):
        explore(line, alt="a line")


CELLS = """\
from nnlib import plot
from nnlib.widgets import Slider, explore

def draw(eta):
    return plot.losses({"loss": [1.0, 1 - eta]})

explore(draw, alt="The loss falls from 1 to {eta}.", eta=Slider(0.1, 0.9, start=0.5, step=0.1))
---
plot.show(draw(0.25), alt="The loss falls from 1 to 0.75.")
"""


def run_notebook(path, cells):
    """Execute the cells as the book's tool does: outputs stored, live views left out."""
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c.strip()) for c in cells.split("---")])
    nbclient.NotebookClient(notebook, kernel_name="python3", store_widget_state=False).execute()
    for cell in notebook.cells:
        for output in cell.outputs:
            output.get("data", {}).pop(VIEW, None)
    nbformat.write(notebook, path)
    return notebook


def nbval(path):
    options = [
        "--nbval",
        "--nbval-current-env",
        "-p",
        "no:cacheprovider",
        "-q",
        "-c",
        "/dev/null",
        "--rootdir",
        path.parent,
    ]
    command = [sys.executable, "-m", "pytest", *map(str, options), str(path)]
    return subprocess.run(command, capture_output=True, text=True)


def test_a_notebook_with_figures_and_sliders_passes_strict_nbval(tmp_path):
    pytest.importorskip("nbval")
    path = tmp_path / "scratch.ipynb"
    first, second = run_notebook(path, CELLS).cells
    for cell, alt in ((first, "The loss falls from 1 to 0.5."), (second, "The loss falls from 1 to 0.75.")):
        (output,) = cell.outputs  # one picture, not also pyplot's
        assert set(output.data) == {"image/png", "text/plain"} and output.data["text/plain"] == alt
        assert output.metadata["image/png"]["alt"] == alt
    result = nbval(path)
    assert result.returncode == 0 and "2 passed" in result.stdout, result.stdout
    path.write_text(path.read_text().replace("The loss falls from 1 to 0.5.", "The loss falls from 1 to 0.4."))
    result = nbval(path)
    assert result.returncode == 1 and "1 failed, 1 passed" in result.stdout, result.stdout
