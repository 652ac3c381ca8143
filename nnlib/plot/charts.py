"""Curves, decision boundaries and images."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from .style import (
    BLUE,
    CLASSES,
    FONT,
    GREY,
    INK,
    MARKERS,
    ORANGE,
    PALE,
    SIGNED,
    WIDTH,
    figure,
    readable,
    spread,
    styled,
    tint,
)


@styled
def losses(
    curves: Mapping[str, Sequence[float] | Mapping[str, Sequence[float]]],
    *,
    xlabel: str = "epoch",
    ylabel: str = "loss",
    ylim: tuple[float, float] | None = None,
    log: bool = False,
    ax: Axes | None = None,
) -> Figure:
    """Learning curves, each named at its right end.

    Several runs are compared by giving the curves of each, such as {"SGD": history.losses, "Adam": ...}: a run has
    one colour, its last part ("validation") is drawn solid, the one before it ("train") dashed.

    Args:
        curves: name -> one value per epoch, the first after epoch 1; or name of a run -> that run's curves. Values
            that are not finite leave a gap.
        xlabel: what the values are counted by.
        ylabel: what they measure.
        ylim: the heights at which the vertical axis begins and ends; without it, losses begin at 0.
        log: logarithmic vertical axis.
        ax: axes to draw into; without it, a new figure.

    Raises:
        ValueError: there is no curve, one without values, or more than there are colours or line styles.

    Example:
        >>> fig = losses({"train": [2.3, 0.9, 0.4], "test": [2.3, 1.1, 0.7]})
    """
    runs = {name: curve if isinstance(curve, Mapping) else {"": curve} for name, curve in curves.items()}
    lengths = {name: [len(curve) for curve in run.values()] for name, run in runs.items()}
    if not runs or min(min(sizes, default=0) for sizes in lengths.values()) == 0:
        raise ValueError(f"losses needs at least one value for each curve, got curves of lengths {lengths}")
    parts = list(dict.fromkeys(part for run in runs.values() for part in run))
    if len(runs) > len(CLASSES) or len(parts) > len(DASHES):
        raise ValueError(
            f"losses has {len(CLASSES)} colours and {len(DASHES)} line styles, got {len(runs)} names with parts "
            f"{parts}: draw fewer in one figure"
        )
    styles = dict(zip(reversed(parts), DASHES, strict=False))
    ax = ax or figure()[1]
    ends = []
    for colour, run in zip(CLASSES, runs.values(), strict=False):
        for part, curve in run.items():
            curve = np.asarray(curve, dtype=float)
            look = {"linestyle": styles[part], "marker": "o" if len(curve) == 1 else None}
            ax.plot(np.arange(1, len(curve) + 1), curve, color=colour, **look)
        finite = np.flatnonzero(np.isfinite(curve))  # the name stands at the end of the last part
        ends.append((finite[-1] + 1, curve[finite[-1]]) if len(finite) else (1, np.nan))
    ax.set(xlabel=xlabel, ylabel=ylabel, yscale="log" if log else "linear")
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.margins(x=0.02)
    if ylim is not None:
        ax.set_ylim(ylim)
    elif not log:
        lowest = min(np.nanmin(line.get_ydata(), initial=0) for line in ax.lines)
        ax.set_ylim(bottom=0 if lowest >= 0 else None)
    if len(parts) > 1:
        keys = [Line2D([], [], color=GREY, linestyle=styles[part], label=part) for part in parts]
        place = {"loc": "lower right", "bbox_to_anchor": (1, 1), "borderaxespad": 0, "ncols": len(parts)}
        ax.legend(handles=keys, handlelength=2.4, **place)

    # Names at the ends, moved apart where they would overlap; heights are fractions of the axes.
    heights = ax.transAxes.inverted().transform(ax.transData.transform(ends))[:, 1]
    heights = np.clip(np.nan_to_num(heights, nan=1.0), 0, 1)
    order = np.argsort(heights, kind="stable")
    line = 1.35 * FONT / 72 / (ax.get_position().height * ax.figure.get_figheight())
    heights[order] = spread(heights[order], np.full(len(order) - 1, line))
    for name, colour, height in zip(runs, CLASSES, heights, strict=False):
        look = {"color": readable(colour), "va": "center", "fontweight": "bold"}
        ax.annotate(name, (1.02, height), xycoords="axes fraction", **look)
    return ax.figure


DASHES = ("-", "--", ":")  # of a run's curves, from the last part back to the first


@styled
def decision_boundary(
    predict: Callable[[np.ndarray], np.ndarray],
    x: np.ndarray,
    y: np.ndarray,
    *,
    class_names: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Points in the plane, over the class that a classifier gives to every place.

    Args:
        predict: takes points (M, 2) of x's dtype and returns either the probability of class 1, (M,) or (M, 1)
            between 0 and 1, shown as shades with the boundary at 1/2; or one score per class, (M, C), of which the
            largest wins; or the class itself, (M,) integers.
        x: points (N, 2).
        y: their classes (N,), counting from 0.
        class_names: shown in a legend.
        ax: axes to draw into; without it, a new figure.

    Raises:
        ValueError: x is not (N, 2), predict returns another shape, or a "probability" outside 0 ... 1.

    Example:
        >>> x, y = np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([0, 1])
        >>> fig = decision_boundary(lambda points: points[:, 0] > 0.5, x, y)
    """
    x, y = np.asarray(x), np.asarray(y).ravel()
    if x.ndim != 2 or x.shape[1] != 2 or len(x) != len(y):
        raise ValueError(f"decision_boundary draws points x (N, 2) with classes y (N,), got {x.shape} and {y.shape}")
    ax = ax or figure(height=4.6)[1]
    low, high = x.min(axis=0), x.max(axis=0)
    margin = 0.12 * max(high - low)
    (left, bottom), (right, top) = low - margin, high + margin
    grid = np.meshgrid(np.linspace(left, right, 240), np.linspace(bottom, top, 240))
    points = np.stack([axis.ravel() for axis in grid], axis=1).astype(x.dtype)
    z = _class_or_probability(np.asarray(predict(points)), len(points)).reshape(240, 240)

    extent = (left, right, bottom, top)
    if z.dtype.kind == "f":
        ax.imshow(z, extent=extent, origin="lower", cmap=TWO_CLASSES, vmin=0, vmax=1, aspect="auto", zorder=0)
        cuts = [0.5]
    else:
        tints = ListedColormap([tint(colour) for colour in CLASSES])
        shade = {"vmin": -0.5, "vmax": len(CLASSES) - 0.5, "interpolation": "nearest", "zorder": 0}
        ax.imshow(z, extent=extent, origin="lower", cmap=tints, aspect="auto", **shade)
        cuts = np.arange(z.max()) + 0.5
    if z.min() < max(cuts, default=z.min()) and z.max() > min(cuts, default=z.max()):
        ax.contour(*grid, z, levels=cuts, colors=INK, linewidths=1.2)
    for c in np.unique(y):
        name = class_names[c] if class_names is not None else f"class {c}"
        look = {"color": CLASSES[c], "marker": MARKERS[c], "edgecolor": "white", "linewidth": 0.7}
        ax.scatter(*x[y == c].T, s=34, label=name, zorder=3, **look)
    ax.set(xlim=(left, right), ylim=(bottom, top), xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
    ax.grid(False)
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=4, borderaxespad=0, handletextpad=0.1, columnspacing=1)
    return ax.figure


def _class_or_probability(z: np.ndarray, points: int) -> np.ndarray:
    """What predict returned, as integers (the class) or floats (the probability of class 1), one per point."""
    if z.ndim == 2 and z.shape[1] > 1:
        z = z.argmax(axis=1)
    if z.size != points:
        raise ValueError(
            f"predict was given {points} points and returned shape {z.shape}: return ({points},) classes or "
            f"probabilities, or ({points}, C) scores"
        )
    if z.dtype.kind != "f":
        return z.astype(int)
    if not (z.min() >= 0 and z.max() <= 1):
        raise ValueError(
            f"predict returned numbers from {z.min():.3g} to {z.max():.3g}: as probabilities they lie between 0 and "
            "1 (apply the sigmoid), and classes are integers"
        )
    return z


TWO_CLASSES = LinearSegmentedColormap.from_list("two classes", [tint(BLUE, 0.5), "white", tint(ORANGE, 0.5)])


@styled
def images(x: np.ndarray, titles: Sequence[str] | None = None, *, columns: int = 8, signed: bool = False) -> Figure:
    """Images in a grid, all on one scale: dark ink on white paper, or signed values such as weights in colours.

    Args:
        x: images (N, H, W); the smallest value is white, the largest black.
        titles: a line above each image.
        columns: images in a row.
        signed: blue below zero, white at zero, orange above, as in `heatmap`.

    Raises:
        ValueError: x is not (N, H, W) with N >= 1, or titles and images differ in number.

    Example:
        >>> fig = images(np.eye(8)[None], ["a diagonal"])
    """
    x = np.asarray(x)
    if x.ndim != 3 or len(x) == 0:
        raise ValueError(f"images draws an array (N, H, W), got shape {x.shape}: one image needs x[None]")
    if titles is not None and len(titles) != len(x):
        raise ValueError(f"images got {len(x)} images and {len(titles)} titles: give one title for each")
    columns = min(columns, len(x))
    rows = -(-len(x) // columns)
    side = min(WIDTH / columns, 1.6)
    height = rows * (side * x.shape[1] / x.shape[2] + (0.28 if titles is not None else 0))
    fig, axes = figure(rows, columns, height=height + 0.1, squeeze=False)
    for ax in axes.flat[len(x) :]:
        ax.set_axis_off()
    look = {"cmap": "gray_r", "vmin": x.min(), "vmax": x.max()}
    if signed:
        limit = float(np.abs(x).max()) or 1.0
        look = {"cmap": SIGNED, "vmin": -limit, "vmax": limit}
    for i, (ax, picture) in enumerate(zip(axes.flat, x, strict=False)):
        ax.imshow(picture, interpolation="nearest", **look)
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set(visible=True, color=PALE)
        if titles is not None:
            ax.set_title(titles[i], loc="center", pad=3, fontweight="normal")
    return fig
