"""A fully connected network as a diagram: neurons, and the weights between them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from .style import BLUE, FONT, GREY, INK, ORANGE, SIGNED, WIDTH, canvas, number, styled

MOST = 6  # neurons drawn in a layer; a larger layer is drawn with a gap and its size written below
READABLE = 4  # up to so many neurons a layer, every weight has room for its number


@styled
def network(
    sizes: Sequence[int],
    values: Sequence[np.ndarray] | None = None,
    weights: Sequence[np.ndarray] | None = None,
    biases: Sequence[np.ndarray] | None = None,
    *,
    labels: Sequence[Sequence[str]] | None = None,
    layers: Sequence[str] | None = None,
    title: str = "",
) -> Figure:
    """Draw a fully connected network from left to right.

    Orange weights are positive, blue ones negative, and a thick line is a large weight. The weights' numbers
    are written out where no layer has more than four neurons.

    Args:
        sizes: neurons in each layer, input first, such as (2, 2, 1).
        values: what each neuron computed, one array (size,) per layer; written into the neurons.
        weights: one array (out, in) per pair of layers, as `Linear.weight` has them.
        biases: one array (out,) per pair of layers; written below the neurons.
        labels: each neuron's name, one list per layer, such as [["$x_1$", "$x_2$"], ...]
        layers: a caption for each layer, such as ("input", "hidden", "output").
        title: a line above the network.

    Raises:
        ValueError: fewer than two layers, or something that does not fit the sizes; says what was expected.

    Example:
        >>> fig = network((2, 3, 1), layers=("input", "hidden", "output"))
    """
    sizes = list(sizes)
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"network needs at least two layers of at least one neuron, got sizes {sizes}")
    pairs = list(zip(sizes[1:], sizes[:-1], strict=True))
    values = _fitting("values", values, [(n,) for n in sizes])
    weights = _fitting("weights", weights, pairs)
    biases = _fitting("biases", biases, [(n,) for n in sizes[1:]])
    if labels is not None and [len(names) for names in labels] != sizes:
        raise ValueError(f"labels: one name per neuron, sizes {sizes}; got {[len(names) for names in labels]}")
    if layers is not None and len(layers) != len(sizes):
        raise ValueError(f"layers: one caption for each of the {len(sizes)} layers, got {len(layers)}")

    shown = [_shown(n) for n in sizes]
    numbered = weights is not None and max(sizes) <= READABLE
    radius = 0.4 if values is not None else 0.3 if labels is not None else 0.2
    step = 1.5 if numbered else 2 * radius + (0.5 if labels is not None and values is not None else 0.22)
    rows = max(len(units) for units in shown)
    bottom = radius + (0.45 if biases is not None else 0.15) + (0.35 if layers or max(sizes) > MOST else 0)
    top = radius + (0.42 if labels is not None and values is not None else 0.15)
    height = bottom + step * (rows - 1) + top + (0.35 if title else 0)
    fig, ax = canvas(WIDTH, height)
    ax.text(0.12, height - 0.1, title, va="top")
    middle, x = bottom + step * (rows - 1) / 2, np.linspace(0.75, WIDTH - 0.75, len(sizes))
    place = [
        {
            unit: (x[k], middle + step * ((len(units) - 1) / 2 - row))
            for row, unit in enumerate(units)
            if unit is not None
        }
        for k, units in enumerate(shown)
    ]

    largest = max((float(np.abs(w).max()) for w in weights or []), default=0) or 1
    written: list[np.ndarray] = []  # where the weights' numbers stand
    for k in range(len(sizes) - 1):
        for i, end in place[k + 1].items():
            for j, start in place[k].items():
                w = None if weights is None else float(weights[k][i, j])
                _weight(ax, start, end, w, largest)
                if numbered:
                    written.append(_free_place(start, end, written))
                    box = {"boxstyle": "round,pad=0.12", "facecolor": "white", "edgecolor": "none"}
                    look = {"fontsize": FONT - 1, "bbox": box, "zorder": 2, "gid": "number"}
                    ax.text(*written[-1], number(w), ha="center", va="center", **look)
    strongest = max((float(np.abs(v).max()) for v in values or []), default=0) or 1
    for k, units in enumerate(place):
        for i, (cx, cy) in units.items():
            # the pale half of the map, so that the number on it stays readable
            fill = "white" if values is None else SIGNED(0.5 + 0.12 * float(values[k][i]) / strongest)
            ax.add_patch(Circle((cx, cy), radius, facecolor=fill, edgecolor=INK, linewidth=1.4, zorder=3, gid="node"))
            name = None if labels is None else labels[k][i]
            inside = name if values is None else number(float(values[k][i]))
            if inside:
                ax.text(cx, cy, inside, ha="center", va="center", zorder=4, gid="inside")
            if name and values is not None:
                ax.text(cx, cy + radius + 0.06, name, ha="center", va="bottom", fontsize=FONT + 1, zorder=4)
            if biases is not None and k > 0:
                text = f"bias {number(float(biases[k - 1][i]))}"
                ax.text(cx, cy - radius - 0.07, text, ha="center", va="top", fontsize=FONT - 1, color=GREY, gid="bias")
        if None in shown[k]:
            gap = shown[k].index(None)
            ax.text(x[k], middle + step * ((len(shown[k]) - 1) / 2 - gap), "⋮", ha="center", va="center", fontsize=18)
        caption = layers[k] if layers else ""
        if None in shown[k]:
            caption = f"{caption} ({sizes[k]})" if caption else f"{sizes[k]} neurons"
        ax.text(x[k], 0.1, caption, ha="center", va="bottom", color=GREY)
    return fig


def _fitting(name: str, arrays: Sequence | None, shapes: list[tuple[int, ...]]) -> list[np.ndarray] | None:
    """The arguments as arrays, checked against the shapes that the sizes ask for."""
    if arrays is None:
        return None
    arrays = [np.asarray(a) for a in arrays]
    if [a.shape for a in arrays] != shapes:
        raise ValueError(f"{name}: these sizes need arrays of shapes {shapes}, got {[a.shape for a in arrays]}")
    return arrays


def _shown(n: int) -> list[int | None]:
    """The neurons of a layer that are drawn, top to bottom; None is the gap in a large one."""
    return list(range(n)) if n <= MOST else [0, 1, 2, None, n - 1]


def _weight(ax: Axes, start: tuple, end: tuple, w: float | None, largest: float) -> None:
    colour = PLAIN if w is None else ORANGE if w > 0 else BLUE
    width = 1.0 if w is None else 0.6 + 3.4 * abs(w) / largest
    ax.plot(*zip(start, end, strict=True), color=colour, linewidth=width, zorder=1, gid="weight")


def _free_place(start: tuple, end: tuple, taken: Sequence[np.ndarray]) -> np.ndarray:
    """Where on a line its number stands: a third of the way if nothing is there, else where there is most room.

    A third of the way, the lines into different neurons are still apart; but lines from different neurons may cross.
    """
    start, way = np.array(start), np.subtract(end, start)
    room = np.array([0.66, 0.24])  # of a number, in inches: "−0.0123" and its margin
    best = (-1.0, start)
    for t in (0.36, 0.4, 0.32, 0.44, 0.48, 0.52, 0.56, 0.6, 0.64, 0.68):
        place = start + t * way
        nearest = min((float((abs(place - other) / room).max()) for other in taken), default=1.0)
        if nearest >= 1:
            return place
        best = max(best, (nearest, place), key=lambda candidate: candidate[0])
    return best[1]


PLAIN = "#9aa5b4"  # a weight whose value is not given
