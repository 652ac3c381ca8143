"""From a figure to the picture that a notebook stores: always the same bytes, and never without alt text."""

from __future__ import annotations

import base64
import io
import sys
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from .style import DPI, styled


class Picture:
    """A finished picture and the words for those who do not see it. Make it with `show`.

    As the last line of a cell it displays itself: a PNG, with the alt text as plain text and in the output's
    metadata, at `metadata["image/png"]["alt"]`, where nbconvert looks for it too.

    Attributes:
        png: the picture's bytes.
        alt: what is to be seen.
        width: how wide to show it, in CSS pixels; the file has twice as many.
    """

    def __init__(self, png: bytes, alt: str, width: int) -> None:
        self.png, self.alt, self.width = png, alt, width

    def __repr__(self) -> str:
        return self.alt

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, str], dict[str, dict]]:
        data = {"image/png": base64.b64encode(self.png).decode("ascii"), "text/plain": self.alt}
        return data, {"image/png": {"alt": self.alt, "width": self.width}}


@styled
def show(fig: Figure, alt: str) -> Picture:
    """Display a figure, saying in words what is to be seen.

    Args:
        fig: any matplotlib figure, from `nnlib.plot` or your own.
        alt: one or two sentences with what a reader should take from it; numbers in them are compared when the
            notebook is tested, as printed numbers are.

    Raises:
        TypeError: fig is not a Figure.
        ValueError: alt is empty.

    Example:
        >>> from nnlib.plot import losses, show
        >>> show(losses({"train": [2.3, 0.9, 0.4]}), alt="The training loss falls from 2.3 to 0.4.")
        The training loss falls from 2.3 to 0.4.
    """
    if not isinstance(fig, Figure):
        raise TypeError(
            f"show expects a matplotlib Figure, got {type(fig).__name__}: pass the figure, such as ax.figure"
        )
    if not alt.strip():
        raise ValueError("show needs an alt text: say in a sentence what the figure lets you see")
    file = io.BytesIO()
    # Without matplotlib's version in the file, the same figure is the same bytes.
    fig.savefig(file, format="png", dpi=DPI, metadata={"Software": None})
    if "matplotlib.pyplot" in sys.modules:  # a figure made by pyplot would be displayed once more
        sys.modules["matplotlib.pyplot"].close(fig)
    return Picture(compact(file.getvalue()), " ".join(alt.split()), round(fig.get_figwidth() * DPI / 2))


def compact(png: bytes) -> bytes:
    """The picture in 256 colours, a third of the bytes; in all its colours where the difference could be seen."""
    full = Image.open(io.BytesIO(png)).convert("RGB")
    few = full.quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    off = abs(np.subtract(few.convert("RGB"), full, dtype=int)).max(axis=2)  # 0 ... 255, of each pixel
    if off.max() > 64 or (off > 16).mean() > 0.002:  # a small dot has lost its colour, or a field of many colours
        return png
    packed = io.BytesIO()
    few.save(packed, "png", optimize=True, dpi=(DPI, DPI))
    return packed.getvalue()
