"""nnlib.plot: a figure shows what it was given, in colours that everyone can tell apart."""

import base64
import io
import itertools
import subprocess
import sys

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from PIL import Image

from nnlib import plot
from nnlib.numpy import Tensor
from nnlib.numpy import functional as F
from nnlib.plot.show import compact
from nnlib.plot.style import CLASSES, DARK_ORANGE, INK, SIGNED, STYLE, number, readable, spread


def parts(fig, gid):
    """The artists of a figure that carry this gid."""
    return [artist for artist in fig.findobj() if artist.get_gid() == gid]


def texts(fig, gid):
    return [artist.get_text() for artist in parts(fig, gid)]


def leaf(value):
    return Tensor(np.array(value, dtype=np.float64), requires_grad=True)


def two_two_one():
    """The network with two inputs, two hidden units and one output, with its squared error, in scalars."""
    t = {name: leaf(v) for name, v in {"x1": 0.5, "x2": -1.0, "t": 1.0, "b1": 0.1, "b2": -0.2, "c": 0.3}.items()}
    t |= {
        name: leaf(v) for name, v in {"w11": 0.15, "w12": -0.4, "w21": 0.6, "w22": 0.25, "v1": 0.7, "v2": -0.5}.items()
    }
    h1 = F.tanh(t["w11"] * t["x1"] + t["w12"] * t["x2"] + t["b1"])
    h2 = F.tanh(t["w21"] * t["x1"] + t["w22"] * t["x2"] + t["b2"])
    error = t["v1"] * h1 + t["v2"] * h2 + t["c"] - t["t"]
    return error * error, t


def test_import_of_nnlib_loads_no_matplotlib():
    code = "import sys, nnlib, nnlib.data; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
    code = "import sys, nnlib.plot; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


# -- colours


def oklab(rgb):
    """Ottosson's (2020) perceptual colour space, from linear RGB."""
    to_lms = [[0.41222, 0.53633, 0.05145], [0.21190, 0.68070, 0.10740], [0.08830, 0.28172, 0.62998]]
    to_lab = [[0.21045, 0.79362, -0.00407], [1.97800, -2.42859, 0.45059], [0.02590, 0.78277, -0.80868]]
    return np.array(to_lab) @ np.cbrt(np.array(to_lms) @ np.clip(rgb, 0, 1))


def linear(colour):
    c = np.array(to_rgb(colour))
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


EYES = {  # Machado, Oliveira and Fernandes (2009), severity 1
    "normal": np.eye(3),
    "protanopia": [[0.1523, 1.0526, -0.2049], [0.1145, 0.7863, 0.0992], [-0.0039, -0.0481, 1.0520]],
    "deuteranopia": [[0.3673, 0.8606, -0.2280], [0.2801, 0.6725, 0.0474], [-0.0118, 0.0429, 0.9689]],
}


@pytest.mark.parametrize("eyes", EYES)
def test_classes_differ_for_colour_blind_readers(eyes):
    seen = [oklab(np.array(EYES[eyes]) @ linear(c)) for c in CLASSES]
    assert len(seen) == 10
    for a, b in itertools.combinations(range(10), 2):
        assert np.linalg.norm(seen[a] - seen[b]) > 0.1, (CLASSES[a], CLASSES[b])


def contrast_with_white(colour):
    return 1.05 / (linear(colour) @ [0.2126, 0.7152, 0.0722] + 0.05)


def test_text_colours_contrast_with_white():
    for colour in (INK, DARK_ORANGE, plot.style.GREY, *map(readable, CLASSES)):
        assert contrast_with_white(colour) >= 4.5, colour
    assert readable(INK) == to_rgb(INK), "dark enough as it is"


def test_lines_contrast_with_white():
    assert {c: contrast_with_white(c) for c in CLASSES if contrast_with_white(c) < 3} == {}


def test_signed_map_is_symmetric_about_white():
    assert min(SIGNED(0.5)[:3]) > 0.97
    for d in np.linspace(0.02, 0.5, 20):
        blue, orange = SIGNED(0.5 - d), SIGNED(0.5 + d)
        assert blue[2] > blue[0] and orange[0] > orange[2]  # the sign of a value is its hue
        assert abs(oklab(linear(blue[:3]))[0] - oklab(linear(orange[:3]))[0]) < 0.15  # its size the darkness


def test_style_is_used_without_touching_the_readers_settings():
    before = dict(matplotlib.rcParams)
    fig, ax = plot.figure()
    assert dict(matplotlib.rcParams) == before
    assert fig.get_figwidth() == 6 and not ax.spines["top"].get_visible()
    with matplotlib.rc_context():
        plot.use_style()
        assert all(matplotlib.rcParams[key] == value for key, value in STYLE.items() if key.startswith("font.si"))


# -- numbers and positions


@pytest.mark.parametrize(
    "value, text", [(0.0, "0"), (-0.0, "0"), (-0.12345, "−0.123"), (12.0, "12"), (0.07441, "0.0744")]
)
def test_number(value, text):
    assert number(value) == text


def test_spread_keeps_the_gaps_and_moves_little():
    wanted, gaps = np.array([0.0, 0.1, 0.2, 5.0]), np.ones(3)
    got = spread(wanted, gaps)
    assert (np.diff(got) >= 1 - 1e-12).all() and got[3] == 5
    np.testing.assert_allclose(got[:3], [-0.9, 0.1, 1.1])  # pushed apart about their mean
    np.testing.assert_array_equal(spread(np.array([0.0, 2.0, 9.0]), np.ones(2)), [0, 2, 9])


# -- show


def test_picture_carries_alt_text_and_the_same_bytes_each_time():
    def picture():
        return plot.show(plot.losses({"train": [2.0, 1.0]}), alt="The loss falls\n  from 2 to 1.")

    data, metadata = picture()._repr_mimebundle_()
    assert data["text/plain"] == "The loss falls from 2 to 1." == repr(picture())
    assert metadata == {"image/png": {"alt": "The loss falls from 2 to 1.", "width": 576}}
    png = base64.b64decode(data["image/png"])
    assert png[:8] == b"\x89PNG\r\n\x1a\n" and int.from_bytes(png[16:20], "big") == 2 * 576
    assert png == picture().png and b"Software" not in png and b"matplotlib" not in png.lower()


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), dtype=int)


def saved(fig):
    """The figure as matplotlib writes it, in the book's style."""
    with matplotlib.rc_context(STYLE):
        fig.savefig(file := io.BytesIO(), format="png", dpi=192)
    return file.getvalue()


def test_show_packs_a_figure_and_keeps_what_is_seen():
    turn = np.linspace(0, 12, 80)
    spiral = (turn / 12 * [np.cos(turn), np.sin(turn)]).T
    fig = plot.contours(lambda x, y: x**2 + y**2, (-1, 1), (-1, 1), [spiral, -spiral])
    full = saved(fig)
    packed = compact(full)
    assert len(plot.show(fig, alt="Two walks.").png) < 0.5 * len(full) > len(packed)
    off = abs(pixels(packed) - pixels(full)).max(axis=2)
    assert off.mean() < 0.2 and (off > 16).mean() < 0.002 and off.max() <= 64


def colour_noise(fig, ax):
    ax.imshow(np.random.default_rng(0).uniform(size=(60, 60, 3)), interpolation="nearest")


def one_dot_of_its_colour(fig, ax):
    shades = np.linspace(0, 1, 400)
    ax.imshow(np.stack([shades, shades, np.outer(shades, shades).T[0] + 0.5], axis=-1).clip(0, 1)[None], aspect="auto")
    ax.plot(200, 0, ".", color="#00ff00", markersize=3)


@pytest.mark.parametrize("draw", [colour_noise, one_dot_of_its_colour])
def test_show_keeps_all_colours_where_256_are_too_few(draw):
    fig, ax = plot.figure()
    draw(fig, ax)
    full = saved(fig)
    assert compact(full) == full


def test_show_closes_a_pyplot_figure_so_that_it_is_not_shown_twice():
    plt = pytest.importorskip("matplotlib.pyplot")
    fig, ax = plt.subplots()
    plot.show(fig, alt="Empty axes.")
    assert fig.number not in plt.get_fignums()


def test_show_rejects_silence():
    with pytest.raises(ValueError, match="alt text"):
        plot.show(plot.figure()[0], alt="  ")
    with pytest.raises(TypeError, match="got Axes"):
        plot.show(plot.figure()[1], alt="axes")


# -- network


def test_network_shows_the_numbers_it_was_given():
    w, v = np.array([[0.15, -0.4], [0.6, 0.25]]), np.array([[0.7, -0.5]])
    fig = plot.network(
        (2, 2, 1),
        [np.array([0.5, -1]), np.array([0.519, -0.149]), np.array([0.738])],
        [w, v],
        [np.array([0.1, -0.2]), np.array([0.3])],
        labels=[["x1", "x2"], ["h1", "h2"], ["y"]],
    )
    assert len(parts(fig, "node")) == 5
    assert sorted(texts(fig, "inside")) == sorted(["0.5", "−1", "0.519", "−0.149", "0.738"])
    assert sorted(texts(fig, "number")) == sorted(["0.15", "−0.4", "0.6", "0.25", "0.7", "−0.5"])
    assert texts(fig, "bias") == ["bias 0.1", "bias −0.2", "bias 0.3"]
    # the line that carries −0.4 joins the second input to the first hidden unit, and is blue
    lines = {line.get_linewidth(): line for line in parts(fig, "weight")}
    assert len(parts(fig, "weight")) == 6
    line = lines[0.6 + 3.4 * 0.4 / 0.7]
    (x0, x1), (y0, y1) = line.get_data()
    assert line.get_color() == plot.BLUE and x0 < x1 and y0 < y1
    assert max(lines) == lines[4.0].get_linewidth() and lines[4.0].get_color() == plot.ORANGE


@pytest.mark.parametrize("sizes", [(2, 2, 1), (2, 3, 1), (2, 3, 2), (3, 4, 1), (4, 4, 4)])
def test_network_numbers_do_not_hide_each_other(sizes):
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=(b, a)) for a, b in itertools.pairwise(sizes)]
    fig = plot.network(sizes, [rng.normal(size=n) for n in sizes], weights)
    fig.draw_without_rendering()
    boxes, circles = ([a.get_window_extent() for a in parts(fig, gid)] for gid in ("number", "node"))
    assert sorted(texts(fig, "number")) == sorted(number(w) for layer in weights for w in layer.flat)
    assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))
    assert not any(a.overlaps(b) for a in boxes for b in circles)


def test_network_abbreviates_large_layers():
    fig = plot.network((784, 5, 10), layers=("pixels", "hidden", "digits"), title="untrained")
    title = next(t for t in fig.axes[0].texts if t.get_text() == "untrained").get_window_extent()
    assert fig.bbox.y1 >= title.y1 and title.y0 > max(c.get_window_extent().y1 for c in parts(fig, "node"))
    assert len(parts(fig, "node")) == 4 + 5 + 4
    assert len(parts(fig, "weight")) == 4 * 5 + 5 * 4
    shown = [t.get_text() for t in fig.axes[0].texts]
    assert "pixels (784)" in shown and "hidden" in shown and shown.count("⋮") == 2


def test_network_errors_name_shapes():
    with pytest.raises(ValueError, match=r"weights: these sizes need arrays of shapes \[\(3, 2\)\], got \[\(2, 3\)\]"):
        plot.network((2, 3), weights=[np.zeros((2, 3))])
    with pytest.raises(ValueError, match="two layers"):
        plot.network((3,))
    with pytest.raises(ValueError, match=r"one name per neuron, sizes \[2, 1\]; got \[1, 1\]"):
        plot.network((2, 1), labels=[["a"], ["b"]])
    with pytest.raises(ValueError, match="2 layers, got 1"):
        plot.network((2, 1), layers=["a"])


# -- computation graph


@pytest.mark.parametrize("direction", ["right", "down"])
def test_graph_has_every_tensor_and_edge_of_the_tape(direction):
    loss, names = two_two_one()
    fig = plot.computation_graph(loss, names, direction=direction)
    # 12 given; 2 products, 2 sums and tanh for each hidden unit; 2 products, 2 sums, a difference, a square
    assert len(parts(fig, "node")) == 12 + len(_rules(loss)) == 12 + 16
    assert len(parts(fig, "edge")) == sum(len(node.edges) for node in _rules(loss))
    signs = texts(fig, "sign")
    assert signs.count("×") == 7 and signs.count("+") == 6 and signs.count("tanh") == 2 and signs.count("−") == 1
    assert set(names) <= set(signs) and not parts(fig, "gradient")
    assert number(loss.item()) in texts(fig, "value")


def _rules(output):
    """The tape's nodes, found independently of the plot."""
    found, stack = {}, [output.node]
    while stack:
        node = stack.pop()
        if node.number not in found:
            found[node.number] = node
            stack += [x.node for x, _ in node.edges if x.node is not None]
    return found.values()


def test_graph_gradients_are_those_of_backward_and_leave_no_trace():
    loss, names = two_two_one()
    fig = plot.computation_graph(loss, names, gradients=True)
    assert all(t.grad is None for t in names.values())
    cards = list(zip(texts(fig, "value"), texts(fig, "gradient"), strict=True))
    loss.backward()  # the tape is still whole
    for name, t in names.items():
        assert (number(t.item()), number(t.grad.item())) in cards, name
    assert (number(loss.item()), "1") in cards
    # the gradients reach the right names: each card's lines stand one below the other
    where = {a.get_text(): a.get_position() for a in parts(fig, "sign") if a.get_text() in names}
    checked = set()
    for artist in parts(fig, "gradient"):
        x, y = artist.get_position()
        for name, (nx, ny) in where.items():
            if abs(nx - x) < 1e-9 and 0 < ny - y < 0.5:
                assert artist.get_text() == number(names[name].grad.item())
                checked.add(name)
    assert checked == set(names)


def test_graph_sums_over_the_uses_of_a_tensor():
    x = leaf(3.0)
    fig = plot.computation_graph(x * x + x, {"x": x}, gradients=True)
    assert len(parts(fig, "node")) == 3 and len(parts(fig, "edge")) == 4
    assert "7" in texts(fig, "gradient")  # 2x + 1


def test_graph_shows_shapes_of_arrays_and_names_of_results():
    x, w = leaf(np.ones((5, 3))), leaf(np.ones((2, 3)))
    y = F.linear(x, w)
    loss = (y * y).sum()
    fig = plot.computation_graph(loss, {"$X$": x, "$W$": w, "$Y$": y}, gradients=True)
    assert texts(fig, "value") == ["5×3", "2×3", "$Y$ = 5×2", "5×2", "90"]
    assert sorted(texts(fig, "gradient")) == sorted(["5×3", "2×3", "5×2", "5×2", "1"])
    assert "linear" in texts(fig, "sign") and "Σ" in texts(fig, "sign")


@pytest.mark.parametrize("direction", ["right", "down"])
def test_graph_cards_do_not_overlap_and_lie_inside(direction):
    loss, names = two_two_one()
    fig = plot.computation_graph(loss, names, gradients=True, direction=direction)
    boxes = [card.get_path().get_extents() for card in parts(fig, "node")]
    width, height = fig.get_size_inches()
    for box in boxes:
        assert 0 <= box.x0 and box.x1 <= width and 0 <= box.y0 and box.y1 <= height
    for a, b in itertools.combinations(boxes, 2):
        assert not a.overlaps(b)
    inch = fig.dpi_scale_trans.inverted()
    for gid in ("sign", "value", "gradient"):
        for artist in parts(fig, gid):
            line = artist.get_window_extent().transformed(inch)
            x, y = artist.get_position()
            card = next(box for box in boxes if box.contains(x, y))
            assert card.x0 <= line.x0 and line.x1 <= card.x1, artist.get_text()
    if direction == "down":
        assert width == 6  # a phone shows it without shrinking its letters


@pytest.mark.parametrize("direction", ["right", "down"])
def test_graph_lines_pass_beside_the_cards(direction):
    a = leaf(2.0)
    x = a / 1.0
    for _ in range(3):
        x = (x + a / x) / 2.0  # a is used again, past all that came between
    fig = plot.computation_graph(x, {"a": a}, gradients=True, direction=direction)
    boxes = [card.get_path().get_extents() for card in parts(fig, "node")]
    for edge in parts(fig, "edge"):
        for line in edge.get_path().to_polygons(closed_only=False):
            points = np.concatenate([np.linspace(p, q, 20) for p, q in itertools.pairwise(line)])
            assert not any(box.contains(*point) for box in boxes for point in points)


def test_graph_errors_say_what_to_do():
    x = leaf(2.0)
    with pytest.raises(ValueError, match="has no tape"):
        plot.computation_graph(x)
    y = x * x
    with pytest.raises(ValueError, match="'z' is not on the tape"):
        plot.computation_graph(y, {"z": leaf(1.0)})
    with pytest.raises(ValueError, match='"right" or "down", got \'up\''):
        plot.computation_graph(y, direction="up")
    y.backward()
    with pytest.raises(ValueError, match=r"freed by backward\(\): compute the output again"):
        plot.computation_graph(y)
    with pytest.raises(ValueError, match=r"shape \(2,\): add .sum\(\)"):
        plot.computation_graph(leaf([1.0, 2.0]) * x, gradients=True)


# -- charts


def test_losses_draws_the_curves_and_names_them_apart():
    curves = {"train": [2.0, 1.0, 0.50], "test": [2.0, 1.1, 0.51], "other": [2.0, 1.5, 0.52]}
    fig = plot.losses(curves)
    (ax,) = fig.axes
    for line, curve in zip(ax.lines, curves.values(), strict=True):
        assert line.get_xdata().tolist() == [1, 2, 3] and line.get_ydata().tolist() == curve
    assert [t.get_text() for t in ax.texts] == list(curves)
    assert [line.get_color() for line in ax.lines] == list(CLASSES[:3])
    assert [t.get_color() for t in ax.texts] == [readable(colour) for colour in CLASSES[:3]]
    assert ax.get_ylim()[0] == 0
    fig.draw_without_rendering()
    boxes = [t.get_window_extent() for t in ax.texts]
    assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))
    assert all(box.x1 <= fig.bbox.x1 for box in boxes)


def test_losses_survives_divergence_and_rejects_nothing_to_draw():
    fig = plot.losses({"diverged": [1.0, np.inf, np.nan], "lost": [np.nan]})
    plot.show(fig, alt="A loss that leaves the picture.")
    with pytest.raises(ValueError, match=r"'train': \[0\]"):
        plot.losses({"train": []})
    with pytest.raises(ValueError, match="at least one value"):
        plot.losses({})
    with pytest.raises(ValueError, match="at least one value"):
        plot.losses({"SGD": {}})
    with pytest.raises(ValueError, match="10 colours and 3 line styles, got 11 names"):
        plot.losses({str(i): [1.0] for i in range(11)})
    with pytest.raises(ValueError, match=r"with parts \['a', 'b', 'c', 'd'\]"):
        plot.losses({"SGD": {part: [1.0] for part in "abcd"}})


def test_losses_of_several_runs_share_a_colour_and_differ_in_style():
    runs = {
        "SGD": {"train": [2.0, 1.5], "validation": [2.1, 1.7]},
        "Adam": {"train": [1.0, 0.2], "validation": [1.1, 0.6]},
    }
    fig = plot.losses(runs)
    (ax,) = fig.axes
    seen = [(line.get_color(), line.get_linestyle(), line.get_ydata().tolist()) for line in ax.lines]
    assert seen == [
        (CLASSES[0], "--", [2.0, 1.5]),
        (CLASSES[0], "-", [2.1, 1.7]),
        (CLASSES[1], "--", [1.0, 0.2]),
        (CLASSES[1], "-", [1.1, 0.6]),
    ]
    legend = ax.get_legend()
    keys = [
        (text.get_text(), line.get_linestyle())
        for text, line in zip(legend.get_texts(), legend.get_lines(), strict=True)
    ]
    assert keys == [("train", "--"), ("validation", "-")]
    assert {line.get_color() for line in legend.get_lines()}.isdisjoint(CLASSES)
    fig.draw_without_rendering()
    top = ax.get_ylim()[1]
    for text, end in zip(ax.texts, (1.7, 0.6), strict=True):  # each name stands where its validation curve ends
        assert abs(text.xy[1] - end / top) < 0.02
    assert [text.get_text() for text in ax.texts] == ["SGD", "Adam"]
    assert plot.losses({"train": [1.0]}).axes[0].get_legend() is None


def test_losses_takes_the_heights_of_its_axis():
    fig = plot.losses({"low": [0.1, 0.2], "middle": [0.9, 0.9], "high": [0.9, 9.0]}, ylim=(0.8, 1))
    (ax,) = fig.axes
    assert ax.get_ylim() == (0.8, 1)
    assert [round(text.xy[1], 2) for text in ax.texts] == [0.0, 0.5, 1.0]  # a curve outside the axis keeps its name


def square(n=4):
    return np.array([[0.0, 0], [1, 0], [0, 1], [1, 1]], np.float32), np.arange(n) % 4


@pytest.mark.parametrize("kind", ["probability", "column", "scores", "class", "bool"])
def test_decision_boundary_understands_what_predict_returns(kind):
    x = np.array([[-1.0, 0], [1, 0]], np.float32)
    p = {
        "probability": lambda q: 1 / (1 + np.exp(-9 * q[:, 0])),
        "column": lambda q: 1 / (1 + np.exp(-9 * q[:, :1])),
        "scores": lambda q: np.stack([-q[:, 0], q[:, 0]], 1),
        "class": lambda q: (q[:, 0] > 0).astype(int),
        "bool": lambda q: q[:, 0] > 0,
    }[kind]
    fig = plot.decision_boundary(p, x, np.array([0, 1]), class_names=["left", "right"])
    (ax,) = fig.axes
    field = ax.images[0].get_array()
    assert ax.images[0].origin == "lower"  # row 0 of the field is the lowest x2
    np.testing.assert_allclose(ax.images[0].get_extent(), [-1.24, 1.24, -0.24, 0.24], rtol=1e-6)
    assert (field[:, :120] < 0.5).all() and (field[:, 120:] > 0.5).all()
    line = ax.collections[0].get_paths()[0].vertices
    np.testing.assert_allclose(line[:, 0], 0, atol=0.01)  # the boundary stands at x1 = 0
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["left", "right"]


def test_decision_boundary_of_many_classes_and_of_one():
    x, y = square()
    centres = lambda q: -((q[:, None] - x) ** 2).sum(-1)  # noqa: E731
    fig = plot.decision_boundary(centres, x, y)
    field = np.asarray(fig.axes[0].images[0].get_array())
    assert fig.axes[0].images[0].origin == "lower"
    assert [field[0, 0], field[0, -1], field[-1, 0], field[-1, -1]] == [0, 1, 2, 3]
    plot.decision_boundary(lambda q: np.zeros(len(q), int), x, y)  # no boundary at all
    plot.decision_boundary(lambda q: np.full(len(q), 0.2), x, y % 2)


def test_decision_boundary_rejects():
    x, y = square()
    with pytest.raises(ValueError, match="from -1 to -1.*apply the sigmoid"):
        plot.decision_boundary(lambda q: np.full(len(q), -1.0), x, y)
    with pytest.raises(ValueError, match="given 57600 points and returned shape"):
        plot.decision_boundary(lambda q: np.zeros(3), x, y)
    with pytest.raises(ValueError, match=r"got \(4, 3\)"):
        plot.decision_boundary(lambda q: q, np.zeros((4, 3)), y)


def test_images_shows_every_picture_on_one_scale():
    x = np.stack([np.full((4, 4), v) for v in (0.0, 0.5, 1.0)])
    fig = plot.images(x, ["a", "b", "c"], columns=2)
    assert len(fig.axes) == 4 and [ax.get_title() for ax in fig.axes] == ["a", "b", "c", ""]
    shown = [ax.images[0] for ax in fig.axes[:3]]
    assert [im.get_array().max() for im in shown] == [0, 0.5, 1]
    assert {im.get_clim() for im in shown} == {(0, 1)}
    assert shown[0].to_rgba(1.0)[:3] == (0, 0, 0)  # ink is black
    with pytest.raises(ValueError, match=r"shape \(4, 4\): one image needs x\[None\]"):
        plot.images(x[0])
    with pytest.raises(ValueError, match="3 images and 1 titles"):
        plot.images(x, ["a"])


def test_signed_images_share_one_scale_that_is_centred_on_zero():
    x = np.stack([np.full((4, 4), v) for v in (-1.0, 0.0, 3.0)])
    shown = [ax.images[0] for ax in plot.images(x, signed=True).axes]
    assert {im.get_clim() for im in shown} == {(-3, 3)}
    red, _, blue, _ = shown[0].to_rgba(-1.0)
    assert min(shown[1].to_rgba(0.0)[:3]) > 0.97 and blue > red
    assert plot.images(np.zeros((1, 2, 2)), signed=True).axes[0].images[0].get_clim() == (-1, 1)


def test_heatmap_is_centred_on_zero():
    m = np.array([[-1.0, 3.0], [0.0, 0.25]])
    fig = plot.heatmap(m, rows=["a", "b"], columns=["c", "d"])
    (picture,) = fig.axes[0].images
    assert picture.get_clim() == (-3, 3) and min(picture.to_rgba(0.0)[:3]) > 0.97
    assert texts(fig, "number") == ["−1", "3", "0", "0.25"]
    assert [t.get_text() for t in fig.axes[0].get_yticklabels()] == ["a", "b"]
    assert len(plot.heatmap(np.ones((20, 30))).axes) == 2  # too many numbers to write: a colour bar
    with pytest.raises(ValueError, match="2 rows, got 1 names"):
        plot.heatmap(m, rows=["a"])
    with pytest.raises(ValueError, match=r"shape \(3,\)"):
        plot.heatmap(np.ones(3))


def test_confusion_counts_rows_of_the_true_class():
    y, predicted = np.array([0, 0, 0, 1, 1, 2]), np.array([0, 0, 2, 1, 0, 2])
    fig = plot.confusion((y, predicted), ["cat", "dog", "owl"])
    (ax,) = fig.axes
    where = {artist.get_position(): artist.get_text() for artist in parts(fig, "number")}
    assert where == {(0, 0): "2", (2, 0): "1", (0, 1): "1", (1, 1): "1", (2, 2): "1"}  # (column, row)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted class", "true class")
    for labels in (ax.get_xticklabels(), ax.get_yticklabels()):
        assert [t.get_text() for t in labels] == ["cat", "dog", "owl"]
    assert ax.yaxis_inverted()  # class 0 is the first row
    colours = np.asarray(ax.images[0].get_array())
    assert colours[0, 0, 2] > colours[0, 0, 0]  # right answers are blue
    assert colours[0, 2, 0] > colours[0, 2, 2]  # mistakes are orange
    assert colours[2, 2].sum() < colours[0, 0].sum() < colours[1, 1].sum()  # the larger the share, the darker
    assert colours[1, 0].sum() < colours[0, 2].sum() and colours[2, 0].tolist() == [1, 1, 1]
    matrix = plot.confusion(np.array([[2, 0, 1], [1, 1, 0], [0, 0, 1]]), ["cat", "dog", "owl"])
    assert plot.show(matrix, alt="x").png == plot.show(fig, alt="x").png


@pytest.mark.parametrize("names", [list("0123456789"), ["Trouser", "Ankle boot"] * 5, ["malignant", "benign"]])
def test_confusion_has_room_for_numbers_and_names(names):
    C = len(names)
    fig = plot.confusion(np.full((C, C), 5000), names)
    fig.draw_without_rendering()
    (ax,) = fig.axes
    assert fig.get_figwidth() == 6  # a phone shows it without shrinking its letters
    for group in (parts(fig, "number"), ax.get_xticklabels(), ax.get_yticklabels()):
        boxes = [artist.get_window_extent() for artist in group]
        assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))
        assert all(0 <= box.x0 and box.x1 <= fig.bbox.x1 and 0 <= box.y0 and box.y1 <= fig.bbox.y1 for box in boxes)


def test_confusion_numbers_contrast_with_their_fields():
    fig = plot.confusion(np.array([[9, 0], [9, 0]]), ["a", "b"])  # the darkest blue, the darkest orange
    colours = np.asarray(fig.axes[0].images[0].get_array())
    ink = linear(INK) @ [0.2126, 0.7152, 0.0722]
    for field in (colours[0, 0], colours[1, 0]):
        assert (linear(field) @ [0.2126, 0.7152, 0.0722] + 0.05) / (ink + 0.05) >= 4.5


def test_confusion_rejects():
    y = np.array([0, 1, 2])
    for counts, message in [
        (np.ones((3, 2), int), r"2 class names need counts of shape \(2, 2\), .* got int64 of shape \(3, 2\)"),
        (np.ones((2, 2)), "whole numbers of 0 or more; got float64"),
        (np.array([[1, -1], [0, 1]]), "of 0 or more"),
        ((y, y), "classes run from 0 to 2, but there are 2 names"),
        ((y[:2], y), r"two arrays \(N,\) of classes, got int64 \(2,\) and int64 \(3,\)"),
        ((y, np.eye(3)), r"take scores.argmax\(axis=1\)"),
        ((y, y - 1), "classes run from -1 to 2"),
    ]:
        with pytest.raises(ValueError, match=message):
            plot.confusion(counts, ["a", "b"])


def test_confusion_of_many_classes_leaves_the_numbers_out():
    fig = plot.confusion(np.eye(20, dtype=int), [str(i) for i in range(20)])
    assert not parts(fig, "number")
    plot.confusion(np.zeros((2, 2), int), ["a", "b"])  # a class without examples


def test_charts_draw_into_given_axes():
    fig, axes = plot.figure(1, 4)
    x, y = square()
    assert plot.losses({"a": [1.0]}, ax=axes[0]) is fig
    assert plot.decision_boundary(lambda q: q[:, 0] > 0, x, y, ax=axes[1]) is fig
    assert plot.heatmap(np.ones((2, 2)), ax=axes[2]) is fig
    assert plot.confusion((y, y), "abcd", ax=axes[3]) is fig
    assert isinstance(fig, Figure) and len(fig.axes) == 4


# -- surfaces


def bowl(x, y):
    return x**2 + 4 * y**2


def test_contours_shows_the_heights_and_the_walks():
    walk = np.array([[2.0, 1.0], [1.0, -0.5], [0.5, 0.25]])
    gone = np.array([[0.0, 1.0], [9.0, 9.0], [np.inf, np.nan]])  # a walk that diverges keeps what can be drawn
    fig = plot.contours(bowl, (-3, 3), (-2, 2), {"calm": walk, "wild": gone}, levels=5)
    ax = fig.axes[0]
    filled, lines = ax.collections
    assert np.allclose(filled.levels, 25 * np.linspace(0, 1, 6) ** 2, atol=1e-2)  # 0 ... 3² + 4·2², not 2² + 4·3²
    assert np.allclose(lines.levels, filled.levels[1:])
    innermost = lines.get_paths()[0].vertices
    assert len(innermost) > 10 and np.allclose(bowl(*innermost.T), lines.levels[0], atol=0.05)
    dark = [np.mean(filled.get_cmap()(filled.norm(h))[:3]) for h in (0.1, 5.0, 20.0)]
    assert dark == sorted(dark) and dark[0] < dark[2]
    assert [np.array(a.get_xydata()).tolist() for a in parts(fig, "walk")] == [walk.tolist(), gone[:2].tolist()]
    assert [a.get_xydata()[0].tolist() for a in parts(fig, "start")] == [[2, 1], [0, 1]]
    assert [a.get_xydata()[0].tolist() for a in parts(fig, "end")] == [[0.5, 0.25], [9, 9]]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["calm", "wild"]
    assert ax.get_xlim() == (-3, 3) and ax.get_ylim() == (-2, 2) and ax.get_aspect() == 1


def test_contours_gives_colours_in_turn_and_draws_into_given_axes():
    walks = np.zeros((3, 2, 2))
    ax = plot.figure()[1]
    fig = plot.contours(bowl, (-1, 1), (-1, 1), walks, colours=[plot.BLUE, plot.ORANGE], ax=ax)
    assert fig is ax.figure and ax.get_legend() is None
    assert [line.get_color() for line in parts(fig, "walk")] == [plot.BLUE, plot.ORANGE, plot.BLUE]


def test_contours_of_a_plain_is_drawn():
    plot.show(plot.contours(lambda x, y: 0 * x, (-1, 1), (-1, 1)), alt="flat")


def test_contours_rejects():
    with pytest.raises(ValueError, match=r"walk 'a' has shape \(2,\)"):
        plot.contours(bowl, (-1, 1), (-1, 1), {"a": np.zeros(2)})
    with pytest.raises(ValueError, match=r"must return that shape.*got shape \(\)"):
        plot.contours(lambda x, y: 1.0, (-1, 1), (-1, 1))
    with pytest.raises(ValueError, match="with 121 values that are not"):
        plot.contours(lambda x, y: np.where(x == 0, np.inf, x), (-1, 1), (-1, 1))


# -- convolution


def test_convolution_shows_the_window_and_what_it_gives():
    x, kernel = np.arange(16.0).reshape(4, 4), np.array([[1.0, 0.0], [0.0, -2.0]])
    fig = plot.convolution(x, kernel, at=(1, 2))
    assert texts(fig, "title") == ["picture 4 × 4", "kernel 2 × 2", "output 3 × 3"]
    assert texts(fig, "picture number") == [number(v) for v in x.ravel()]
    assert texts(fig, "kernel number") == ["1", "0", "0", number(-2)]
    expected = x[:-1, :-1] - 2 * x[1:, 1:]
    assert texts(fig, "output number") == [number(v) for v in expected.ravel()]
    assert len(parts(fig, "picture, marked")) == 4 and len(parts(fig, "output, marked")) == 1
    (entry,) = parts(fig, "output, marked")
    others = [patch.get_xy() for patch in parts(fig, "output")]
    assert sum(x < entry.get_x() - 0.01 and abs(y - entry.get_y()) < 0.01 for x, y in others) == 2  # column 2
    assert sum(abs(x - entry.get_x()) < 0.01 and y > entry.get_y() + 0.01 for x, y in others) == 1  # row 1


def test_convolution_marks_what_stride_padding_and_dilation_say():
    """The marked numbers are those that the entry is the sum of."""
    x = np.arange(1.0, 26.0).reshape(5, 5)
    fig = plot.convolution(x, np.ones((2, 2)), at=(1, 1), stride=2, padding=1, dilation=3)
    title = "padded picture"
    assert texts(fig, "title")[0] == f"{title} 7 × 7"
    fields = [patch for patch in fig.findobj() if patch.get_gid() in (title, f"{title}, marked")]
    shown = [float(text.replace("\N{MINUS SIGN}", "-")) for text in texts(fig, f"{title} number")]
    marked = [value for patch, value in zip(fields, shown, strict=True) if patch.get_gid() != title]
    assert marked == [7, 10, 22, 25]  # rows and columns 2 and 5 of the padded picture
    assert texts(fig, "output number")[3] == "64"
    assert sum(value == 0 for value in shown) == 49 - 25


def test_convolution_says_what_it_cannot_draw():
    with pytest.raises(ValueError, match=r"shape \(3, 3\), there is no entry at \(3, 0\)"):
        plot.convolution(np.ones((4, 4)), np.ones((2, 2)), at=(3, 0))
    with pytest.raises(ValueError, match=r"got \(4,\) and \(2, 2\)"):
        plot.convolution(np.ones(4), np.ones((2, 2)))
    with pytest.raises(ValueError, match="more than the"):
        plot.convolution(np.ones((2, 2)), np.ones((3, 3)))
