"""Figures with one look: every function returns a matplotlib `Figure`, and `show` displays it with its alt text.

`style.py`: colours, fonts, sizes. `show.py`: figure -> picture with alt text. `charts.py`: curves, boundaries,
images. `matrices.py`: heat maps, confusion. `surface.py`: contour maps with walks. `convolution.py`: a window, its
kernel and their output. `network.py`: a network's neurons and weights. `graph.py`: a computation graph from the tape.
"""

from .charts import decision_boundary, images, losses
from .convolution import convolution
from .graph import computation_graph
from .matrices import confusion, heatmap
from .network import network
from .show import Picture, show
from .style import BLUE, CLASSES, INK, ORANGE, SIGNED, figure, use_style
from .surface import contours

__all__ = [
    "BLUE",
    "CLASSES",
    "INK",
    "ORANGE",
    "SIGNED",
    "Picture",
    "computation_graph",
    "confusion",
    "contours",
    "convolution",
    "decision_boundary",
    "figure",
    "heatmap",
    "images",
    "losses",
    "network",
    "show",
    "use_style",
]
