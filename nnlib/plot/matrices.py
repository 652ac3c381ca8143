"""Matrices as fields of colour: signed values, and the counts of right and wrong answers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .style import BLUE, FONT, INK, ORANGE, PALE, SIGNED, figure, number, styled, tint


@styled
def heatmap(
    matrix: np.ndarray,
    *,
    rows: Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
    xlabel: str = "",
    ylabel: str = "",
    ax: Axes | None = None,
) -> Figure:
    """A matrix of signed values: blue below zero, white at zero, orange above.

    Up to eight columns, each entry's number is written in its field.

    Args:
        matrix: values (rows, columns).
        rows: a name for each row.
        columns: a name for each column.
        xlabel: what the columns are.
        ylabel: what the rows are.
        ax: axes to draw into; without it, a new figure.

    Raises:
        ValueError: matrix is not two-dimensional, or the names do not fit it.

    Example:
        >>> fig = heatmap(np.array([[1.0, -0.5], [0.0, 2.0]]), rows=["a", "b"])
    """
    matrix = np.asarray(matrix)
    if matrix.ndim != 2 or matrix.size == 0:
        raise ValueError(f"heatmap draws a matrix (rows, columns), got shape {matrix.shape}")
    for what, names, size in (("rows", rows, matrix.shape[0]), ("columns", columns, matrix.shape[1])):
        if names is not None and len(names) != size:
            raise ValueError(f"heatmap: the matrix has {size} {what}, got {len(names)} names for them")
    numbered = matrix.shape[1] <= 8 and matrix.shape[0] <= 16
    if ax is None:
        _, ax = figure(height=float(np.clip(0.8 + 4.2 * matrix.shape[0] / matrix.shape[1], 1.8, 6)))
    limit = float(np.abs(matrix).max()) or 1.0
    picture = ax.imshow(matrix, cmap=SIGNED, vmin=-limit, vmax=limit, interpolation="nearest")
    ax.grid(False)
    ax.spines[:].set_visible(False)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.tick_params(length=0)
    for names, size, set_ticks in ((columns, matrix.shape[1], ax.set_xticks), (rows, matrix.shape[0], ax.set_yticks)):
        if names is not None:
            set_ticks(range(size), names)
        elif size <= 10:
            set_ticks(range(size))
    if numbered:
        for (i, j), value in np.ndenumerate(matrix):
            dark = np.dot(picture.to_rgba(value)[:3], (0.3, 0.6, 0.1)) < 0.5
            colour = "white" if dark else INK
            ax.text(j, i, number(value), ha="center", va="center", color=colour, gid="number")
    else:
        ax.figure.colorbar(picture, ax=ax, shrink=0.9).outline.set_visible(False)
    return ax.figure


@styled
def confusion(
    counts: np.ndarray | tuple[np.ndarray, np.ndarray],
    class_names: Sequence[str],
    *,
    ax: Axes | None = None,
) -> Figure:
    """A confusion matrix: how many examples of each class (rows) were given which class (columns).

    Right answers lie on the diagonal, in blue; mistakes are orange. The shade is the share of the row, the mistakes'
    strengthened so that a few in a hundred are seen. Where no example was given, the field is empty.

    Args:
        counts: an array (C, C) of counts; or a tuple (y, predicted) of the true and the given classes, each (N,).
        class_names: the C names.
        ax: axes to draw into; without it, a new figure.

    Raises:
        ValueError: the counts are not (C, C) whole numbers of 0 or more, or the classes not among the C.

    Example:
        >>> fig = confusion((np.array([0, 0, 1]), np.array([0, 1, 1])), ["cat", "dog"])
    """
    C = len(class_names)
    counts = _counted(*counts, C) if isinstance(counts, tuple) else np.asarray(counts)
    if counts.shape != (C, C) or counts.dtype.kind not in "iu" or counts.min() < 0:
        raise ValueError(
            f"confusion: {C} class names need counts of shape {(C, C)}, whole numbers of 0 or more; got "
            f"{counts.dtype} of shape {counts.shape}"
        )
    letters = max(map(len, class_names))
    upright = C * (letters + 1) > 44  # the names would run into each other below the columns
    if ax is None:
        _, ax = figure(height=float(np.clip(0.42 * C + (0.1 * letters if upright else 0) + 0.9, 2.2, 6.5)))
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    colours = np.empty((C, C, 3))
    for i, j in np.ndindex(C, C):
        colours[i, j] = tint(BLUE, 0.6 * share[i, j]) if i == j else tint(ORANGE, 0.8 * share[i, j] ** 0.5)
    ax.imshow(colours, aspect="auto", interpolation="nearest")
    ax.set_xticks(range(C), class_names, rotation=90 if upright else 0)
    ax.set_yticks(range(C), class_names)
    ax.set(xlabel="predicted class", ylabel="true class")
    ax.grid(False)
    ax.tick_params(length=0)
    for line in np.arange(1, C) - 0.5:  # a mistake stands in a field of its own, however pale
        ax.axhline(line, color=PALE, linewidth=0.6)
        ax.axvline(line, color=PALE, linewidth=0.6)
    ax.spines[:].set(visible=True, color=PALE)
    for (i, j), count in np.ndenumerate(counts):
        if C <= 12 and count:
            ax.text(j, i, str(count), ha="center", va="center", fontsize=FONT - 1, gid="number")
    return ax.figure


def _counted(y: np.ndarray, predicted: np.ndarray, classes: int) -> np.ndarray:
    """How often each class (row) was given each class (column)."""
    y, predicted = np.asarray(y), np.asarray(predicted)
    both = np.concatenate([y.ravel(), predicted.ravel()])
    if y.shape != predicted.shape or y.ndim != 1 or both.dtype.kind not in "iu":
        raise ValueError(
            f"confusion compares two arrays (N,) of classes, got {y.dtype} {y.shape} and {predicted.dtype} "
            f"{predicted.shape}: from scores (N, C) take scores.argmax(axis=1)"
        )
    if len(both) and not 0 <= both.min() <= both.max() < classes:
        raise ValueError(f"confusion: classes run from {both.min()} to {both.max()}, but there are {classes} names")
    counts = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(counts, (y, predicted), 1)
    return counts
