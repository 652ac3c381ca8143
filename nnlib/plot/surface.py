"""A function of two numbers as a map with contour lines, and walks over it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from .style import CLASSES, GREY, PALE, figure, styled, tint


@styled
def contours(
    f: Callable[[np.ndarray, np.ndarray], np.ndarray],
    xlim: tuple[float, float],
    ylim: tuple[float, float],
    walks: Mapping[str, np.ndarray] | Sequence[np.ndarray] = (),
    *,
    colours: Sequence[str] = CLASSES,
    levels: int = 12,
    xlabel: str = "$w_1$",
    ylabel: str = "$w_2$",
    ax: Axes | None = None,
) -> Figure:
    """A landscape seen from above, darker where it is low, with the steps of walkers.

    The heights of the lines grow quadratically from the lowest point shown, so that the lines round the bottom of a
    bowl are equally far apart. Both axes have one scale, so that straight downhill is at right angles to the lines. A
    walk begins at a ring and ends at a large dot; every step is a small one. What lies outside the map is cut off.

    Args:
        f: takes arrays x and y of one shape and returns the height at each place, in that shape.
        xlim: where the map begins and ends.
        ylim: the same for the vertical axis.
        walks: places (steps + 1, 2), in order; from a mapping, the names stand above the map. Places that are not
            finite are left out.
        colours: one for each walk, used again from the first when there are more walks.
        levels: how many lines.
        xlabel: what the horizontal axis is.
        ylabel: what the vertical axis is.
        ax: axes to draw into; without it, a new figure.

    Raises:
        ValueError: a walk is not (steps + 1, 2), or f returns another shape or a value that is not finite.

    Example:
        >>> fig = contours(lambda x, y: x**2 + y**2, (-2, 2), (-1, 1), [np.array([[1.0, 1.0], [0.5, 0.5]])])
    """
    named = isinstance(walks, Mapping)
    walks = dict(walks) if named else dict(enumerate(walks))
    walks = {name: np.asarray(walk, dtype=float) for name, walk in walks.items()}
    for name, walk in walks.items():
        if walk.ndim != 2 or walk.shape[1] != 2:
            raise ValueError(
                f"contours: walk {name!r} has shape {walk.shape}: a walk is places (steps + 1, 2), in order"
            )
    x, y = np.meshgrid(np.linspace(*xlim, 161), np.linspace(*ylim, 121))
    z = np.asarray(f(x, y), dtype=float)
    if z.shape != x.shape or not np.isfinite(z).all():
        raise ValueError(
            f"contours: f was given arrays of shape {x.shape} and must return that shape, all finite; "
            f"got shape {z.shape} with {np.count_nonzero(~np.isfinite(z))} values that are not"
        )
    if ax is None:
        _, ax = figure(height=float(np.clip(1.0 + 5.0 * np.ptp(ylim) / np.ptp(xlim), 1.8, 6)))
    heights = z.min() + (np.ptp(z) or 1.0) * np.linspace(0, 1, levels + 1) ** 2
    ax.contourf(x, y, z, levels=heights, cmap=GROUND, extend="max")
    ax.contour(x, y, z, levels=heights[1:], colors=PALE, linewidths=0.8, linestyles="solid")
    for i, (name, walk) in enumerate(walks.items()):
        colour = colours[i % len(colours)]
        walk = walk[np.isfinite(walk).all(axis=1)]
        ax.plot(*walk.T, "-", color=colour, linewidth=1.3, marker="o", markersize=3.2, gid="walk", label=name)
        ax.plot(*walk[:1].T, "o", color=colour, markerfacecolor="white", markersize=7, gid="start")
        ax.plot(*walk[-1:].T, "o", color=colour, markersize=7, gid="end")
    ax.set(xlim=xlim, ylim=ylim, xlabel=xlabel, ylabel=ylabel, aspect="equal")
    ax.grid(False)
    if named:
        handles = [line for line in ax.lines if line.get_gid() == "walk"]
        place = {"loc": "lower left", "bbox_to_anchor": (0, 1), "borderaxespad": 0.2}
        ax.legend(handles=handles, ncols=4, handlelength=1.2, columnspacing=1.2, **place)
    return ax.figure


GROUND = LinearSegmentedColormap.from_list("ground", [tint(GREY, 0.24), tint(GREY, 0.10), "white"])
