"""The look of all figures: what each colour means, and sizes that stay readable on a phone."""

from __future__ import annotations

from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure

# A phone shows a figure about 360 pixels wide. At 6 inches, 12 points are then still 10 pixels tall.
WIDTH = 6.0  # inches
DPI = 192  # twice the pixels that a screen shows, so that it is sharp on a phone
FONT = 12  # points

# Colours keep their meaning through the whole book. Blue: class 0, negative. Orange: class 1, positive; gradients.
BLUE = "#2b6cb0"
ORANGE = "#dd6b20"
DARK_ORANGE = "#b04a0c"  # orange for text: 5.7 : 1 against white
INK = "#1a202c"  # text and outlines
GREY = "#5d6778"  # what is less important
PALE = "#cbd2dc"  # frames round fields and pictures

# Ten classes, apart from each other under red-green blindness too, each at least 3 : 1 against white (both tested).
CLASSES = (
    BLUE,
    ORANGE,
    "#0f9b82",
    "#670431",
    "#8c88ef",
    "#95521b",
    "#8347ff",
    "#2625c3",
    "#7e4466",
    "#661978",
)
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "*")  # a second sign for the class, besides colour

# Signed values: blue below zero, white at zero, orange above; equally dark at equal distance.
SIGNED = LinearSegmentedColormap.from_list("signed", ["#173f70", BLUE, "#fbfbfa", ORANGE, "#8a3205"])

STYLE: dict[str, Any] = {
    "figure.figsize": (WIDTH, 3.6),
    "figure.dpi": 96,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "font.family": "DejaVu Sans",  # comes with matplotlib: the same letters on every machine
    "font.size": FONT,
    "mathtext.fontset": "dejavusans",
    "text.color": INK,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.labelsize": FONT,
    "axes.titlesize": FONT,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.prop_cycle": matplotlib.cycler(color=CLASSES),
    "grid.color": "#e2e6ec",
    "grid.linewidth": 0.8,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": FONT - 1,
    "ytick.labelsize": FONT - 1,
    "legend.frameon": False,
    "legend.fontsize": FONT,
    "lines.linewidth": 2.2,
    "lines.markersize": 6,
}

styled = matplotlib.rc_context(STYLE)  # a decorator: draw in the book's style, whatever the reader has set


def use_style() -> None:
    """Give the reader's own matplotlib figures the book's look, for the rest of the session."""
    matplotlib.rcParams.update(STYLE)


@styled
def figure(rows: int = 1, columns: int = 1, *, height: float = 3.6, **options: Any) -> tuple[Figure, Any]:
    """A figure of the book's width with a grid of axes: `fig, ax = figure()`, as `plt.subplots` gives them.

    It does not belong to pyplot: nothing shows it twice or keeps it in memory. Display it with `show`.

    Args:
        rows: rows of axes.
        columns: columns of axes; with more than one of either, the second result is an array of axes.
        height: in inches; the width is always 6.
        options: passed on to `Figure.subplots`, such as `sharey=True`.
    """
    fig = Figure(figsize=(WIDTH, height), layout="constrained")
    return fig, fig.subplots(rows, columns, **options)


def canvas(width: float, height: float) -> tuple[Figure, Axes]:
    """A figure for a diagram: one invisible pair of axes whose unit is the inch, origin at the lower left."""
    fig = Figure(figsize=(width, height))
    ax = fig.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(0, height))
    ax.set_axis_off()
    return fig, ax


def number(value: float) -> str:
    """A number with three significant digits and a true minus sign, as it stands in a diagram."""
    return f"{value + 0.0:.3g}".replace("-", "\N{MINUS SIGN}")  # + 0.0 turns -0.0 into 0.0


def tint(colour: str, strength: float = 0.28) -> tuple[float, ...]:
    """The colour thinned with white: a background for points or numbers."""
    return tuple(1 - strength * (1 - channel) for channel in to_rgb(colour))


def readable(colour: str) -> tuple[float, ...]:
    """The colour, darkened until words in it stand out 4.5 : 1 against white."""
    rgb = np.array(to_rgb(colour))
    while 1.05 / (luminance(rgb) + 0.05) < 4.5:
        rgb = 0.97 * rgb
    return tuple(float(channel) for channel in rgb)


def luminance(colour: str | np.ndarray) -> float:
    """How bright a colour is, from 0 to 1, as the rules for accessible pages (WCAG 2) measure it."""
    c = np.array(to_rgb(colour))
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def spread(wanted: np.ndarray, gaps: np.ndarray) -> np.ndarray:
    """The positions nearest to the wanted ones, in the same order, with at least `gaps[i]` between i and i + 1.

    Least squares: subtracting the gaps leaves an isotonic regression, solved by pooling neighbours that
    violate the order into their mean (Ayer et al. 1955).
    """
    offsets = np.concatenate([[0.0], np.cumsum(gaps)])
    pools: list[tuple[float, int]] = []  # (mean, how many)
    for value in wanted - offsets:
        mean, size = float(value), 1
        while pools and pools[-1][0] > mean:
            before, count = pools.pop()
            mean, size = (before * count + mean * size) / (count + size), count + size
        pools.append((mean, size))
    return np.repeat([mean for mean, _ in pools], [size for _, size in pools]) + offsets
