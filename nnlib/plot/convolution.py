"""What a convolution does at one place: the window, the kernel, and the entry of the output that they give."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from nnlib.numpy.functional import conv2d

from .style import CLASSES, FONT, GREY, INK, PALE, SIGNED, WIDTH, canvas, number, styled, tint

TEAL = CLASSES[2]  # the window and its entry: a colour that says nothing about signs
MARGIN, TITLE, MOST = 0.15, 0.32, 0.46  # inches: round the parts, above each, the side of a field


@styled
def convolution(
    x: np.ndarray,
    kernel: np.ndarray,
    *,
    at: tuple[int, int] = (0, 0),
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
) -> Figure:
    """Draw a picture with its padding, the kernel and the output; the window of one output entry is marked.

    Args:
        x: the picture (H, W), small whole numbers.
        kernel: (kh, kw).
        at: the row and column of the output entry whose window is marked.
        stride: how far the window moves from one entry to the next.
        padding: how many rows and columns of zeros stand round the picture, drawn grey.
        dilation: the step between a window's entries.

    Raises:
        ValueError: x or kernel is no matrix, the kernel does not fit, or there is no output entry at this place.

    Example:
        >>> fig = convolution(np.eye(4), np.ones((2, 2)), at=(1, 2))
    """
    x, kernel = np.asarray(x, dtype=float), np.asarray(kernel, dtype=float)
    if x.ndim != 2 or kernel.ndim != 2:
        raise ValueError(f"convolution draws a picture (H, W) and a kernel (kh, kw), got {x.shape} and {kernel.shape}")
    y = conv2d(x[None, None], kernel[None, None], None, stride, padding, dilation).data[0, 0]
    row, column = at
    if not (0 <= row < y.shape[0] and 0 <= column < y.shape[1]):
        raise ValueError(f"convolution: the output has shape {y.shape}, there is no entry at {at}")
    padded = np.pad(x, padding)

    # The picture on the left; on the right the kernel above the output, all fields of one size.
    wide = padded.shape[1] + max(kernel.shape[1], y.shape[1])
    side = min(MOST, (WIDTH - 4 * MARGIN) / wide)
    high = [padded.shape[0] * side + TITLE, (kernel.shape[0] + y.shape[0]) * side + 2 * TITLE + MARGIN]
    fig, ax = canvas(WIDTH, max(high) + 2 * MARGIN)
    top = max(high) + MARGIN
    right = WIDTH - MARGIN - max(kernel.shape[1], y.shape[1]) * side
    left = max(MARGIN, (right - padded.shape[1] * side) / 2)

    real = np.pad(np.ones_like(x, dtype=bool), padding)
    window = np.zeros_like(real)
    window[
        row * stride : row * stride + dilation * (kernel.shape[0] - 1) + 1 : dilation,
        column * stride : column * stride + dilation * (kernel.shape[1] - 1) + 1 : dilation,
    ] = True
    marked = np.zeros(y.shape, dtype=bool)
    marked[row, column] = True
    limit = np.abs(kernel).max() or 1.0
    shades = SIGNED(0.5 + 0.14 * kernel / limit)  # pale enough for dark numbers
    _fields(ax, "padded picture" if padding else "picture", padded, left, top, side, marked=window, dim=~real)
    _fields(ax, "kernel", kernel, right, top, side, shades=shades)
    _fields(ax, "output", y, right, top - kernel.shape[0] * side - TITLE - MARGIN, side, marked=marked)
    return fig


def _fields(
    ax: Axes,
    title: str,
    matrix: np.ndarray,
    left: float,
    top: float,
    side: float,
    *,
    marked: np.ndarray | None = None,
    dim: np.ndarray | None = None,
    shades: np.ndarray | None = None,
) -> None:
    """A matrix as fields with numbers under its title and shape; marked ones are teal, dim ones grey."""
    height, width = matrix.shape
    ax.text(left, top - 0.08, f"{title} {height} × {width}", va="top", fontweight="bold", gid="title")
    size = min(FONT - 1, 72 * side / 2.3)
    for (i, j), value in np.ndenumerate(matrix):
        corner = left + j * side, top - TITLE - (i + 1) * side
        on, out = marked is not None and marked[i, j], dim is not None and dim[i, j]
        colour = tint(TEAL, 0.35) if on else tint(GREY, 0.14) if out else "white" if shades is None else shades[i, j]
        gid = f"{title}, marked" if on else title
        field = {"facecolor": colour, "edgecolor": PALE, "linewidth": 1, "gid": gid}
        ax.add_patch(Rectangle(corner, side, side, **field))
        if on:
            ax.add_patch(Rectangle(corner, side, side, fill=False, edgecolor=TEAL, linewidth=2, zorder=3))
        look = {"ha": "center", "va": "center", "fontsize": size, "color": GREY if out and not on else INK}
        ax.text(corner[0] + side / 2, corner[1] + side / 2 - 0.01, number(value), gid=f"{title} number", **look)
