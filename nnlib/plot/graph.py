"""The computation graph of a number, read from the tape that the computation itself left behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path

from .style import DARK_ORANGE, FONT, GREY, INK, WIDTH, canvas, number, spread, styled

# Rules that have a sign of their own; all others are written by name.
SIGNS = {"add": "+", "sub": "−", "mul": "×", "div": "÷", "neg": "−", "matmul": "@", "sum": "Σ", "sigmoid": "σ"}
LINE = 0.2  # inches from one line of text to the next
GAP = 0.13  # inches between neighbours


@styled
def computation_graph(
    output: Any,
    names: Mapping[str, Any] | None = None,
    *,
    gradients: bool = False,
    direction: Literal["right", "down"] = "right",
) -> Figure:
    """Draw how a Tensor was computed, from its tape: a tinted card for each given Tensor, a white one for each rule.

    Each carries its value, and below that, in orange, the gradient of the output with respect to it.
    Numbers have three digits; of arrays the shape is shown. The gradients are computed here, by the same walk
    as `backward`, without touching the tape or any `.grad`.

    Args:
        output: a Tensor with a tape: computed from Tensors that require a gradient, before `backward`, which
            frees it. Tensors that need no gradient are not on the tape and so not in the picture.
        names: name -> Tensor, for given Tensors and for computed ones: {"$x$": x, "$h$": h, "$L$": loss}.
        gradients: show them; the output must then be one number.
        direction: "right" reads like a line of text; "down" keeps a deep graph readable on a phone.

    Raises:
        ValueError: output has no tape, or one that backward() has freed; a named Tensor is not on it; gradients
            of something that is not one number.

    Example:
        >>> from nnlib.numpy import Tensor
        >>> x, w = Tensor(2.0, requires_grad=True), Tensor(3.0, requires_grad=True)
        >>> fig = computation_graph(x * w, {"$x$": x, "$w$": w}, gradients=True)
    """
    if direction not in ("right", "down"):
        raise ValueError(f'direction is "right" or "down", got {direction!r}')
    vertices = _read_tape(output)
    for name, tensor in (names or {}).items():
        if id(tensor) not in vertices:
            raise ValueError(
                f"{name!r} is not on the tape of this output: it was not used, or it does not require a gradient "
                "(make it with requires_grad=True)"
            )
        vertices[id(tensor)].name = name
    if gradients:
        _gradients(output, vertices)
    _layers(vertices)
    for v in vertices.values():
        v.measure()
    down = direction == "down"
    chains = _positions(vertices, down)
    return _draw(vertices, chains, gradients, down)


@dataclass(eq=False)
class Vertex:
    """One Tensor of the graph: what is drawn for it, and where."""

    tensor: Any = None  # None: a bend in a line that passes through this layer
    rule: str | None = None  # None: a Tensor that was given, not computed
    inputs: list[Vertex] = field(default_factory=list)
    name: str = ""
    gradient: np.ndarray | None = None
    layer: int = 0  # along the direction of reading
    across: float = 0.0  # inches, at right angles to it
    half: tuple[float, float] = (0.05, 0.05)  # half its width and height, in inches

    @property
    def sign(self) -> str:
        """The first line: a given Tensor's name, or the rule."""
        return self.name if self.rule is None else SIGNS.get(self.rule, self.rule.replace("_", " "))

    @property
    def text(self) -> str:
        """The second line: the value, and for a computed Tensor its name."""
        return f"{self.name} = {_brief(self.tensor.data)}" if self.rule and self.name else _brief(self.tensor.data)

    def measure(self) -> None:
        """How large the card with its two or three lines must be."""
        texts = [self.sign, self.text, "" if self.gradient is None else _brief(self.gradient)]
        letters = max(sum(c not in "${}_^\\" for c in text) for text in texts)  # mathtext's signs take no room
        self.half = max(0.24, 0.09 + 0.05 * letters), (len(list(filter(None, texts))) * LINE + 0.14) / 2


def _brief(array: np.ndarray) -> str:
    """A single number with three digits, or an array's shape."""
    return number(float(array.item())) if array.size == 1 else "×".join(map(str, array.shape))


def _read_tape(output: Any) -> dict[int, Vertex]:
    """A Vertex for the output and every Tensor on its tape, by the Tensor's identity, inputs first."""
    if getattr(output, "node", None) is None:
        raise ValueError(
            "computation_graph needs the result of a computation on Tensors with requires_grad=True, got "
            f"{output!r}, which has no tape"
        )
    found, stack = {id(output): output}, [output]
    while stack:
        tensor = stack.pop()
        if tensor.node is None:
            continue
        if tensor.node.edges is None:
            raise ValueError(
                f"the tape at {tensor.node.name!r} was freed by backward(): compute the output again and draw it first"
            )
        for x, _ in tensor.node.edges:
            if id(x) not in found:
                found[id(x)] = x
                stack.append(x)
    # Nothing is used before it exists, so the tape's numbers sort the graph; what was given comes first.
    tensors = sorted(found.values(), key=lambda t: -1 if t.node is None else t.node.number)
    vertices = {id(t): Vertex(t, None if t.node is None else t.node.name) for t in tensors}
    for t in tensors:
        if t.node is not None:
            vertices[id(t)].inputs = [vertices[id(x)] for x, _ in t.node.edges]
    return vertices


def _gradients(output: Any, vertices: dict[int, Vertex]) -> None:
    """Fill in ∂output/∂(each Tensor): what `backward` does, but kept for every Tensor and nothing freed."""
    if output.data.size != 1:
        raise ValueError(f"gradients are those of one number, this output has shape {output.data.shape}: add .sum()")
    vertices[id(output)].gradient = np.ones_like(output.data)
    for v in reversed(vertices.values()):
        for x, vjp in v.tensor.node.edges if v.rule else ():
            sent, into = vjp(v.gradient), vertices[id(x)]
            into.gradient = sent if into.gradient is None else into.gradient + sent


def _layers(vertices: dict[int, Vertex]) -> None:
    """Layer = the longest path from a given Tensor; but what is given stands right before its first use."""
    for v in vertices.values():  # inputs first
        v.layer = 1 + max((x.layer for x in v.inputs), default=-1)
    for v in vertices.values():
        if v.rule is None:
            v.layer = min((user.layer for user in vertices.values() if v in user.inputs), default=1) - 1


def _positions(vertices: dict[int, Vertex], down: bool) -> list[list[Vertex]]:
    """Place all vertices across their layers, and return each edge as the chain of vertices that it passes."""
    side = 0 if down else 1  # which half-size counts across the layers
    rows: list[list[Vertex]] = [[] for _ in range(1 + max(v.layer for v in vertices.values()))]
    chains = []
    for v in _reading_order(list(vertices.values())[-1]):
        rows[v.layer].append(v)
        for x in v.inputs:
            bends = [Vertex(layer=k) for k in range(x.layer + 1, v.layer)]
            for bend in bends:
                rows[bend.layer].append(bend)
            chains.append([x, *bends, v])
    above: dict[Vertex, list[Vertex]] = {}
    below: dict[Vertex, list[Vertex]] = {}
    for chain in chains:
        for a, b in zip(chain, chain[1:], strict=False):
            below.setdefault(a, []).append(b)
            above.setdefault(b, []).append(a)

    def settle(row: list[Vertex], wanted: list[float]) -> None:
        gaps = [a.half[side] + b.half[side] + GAP for a, b in zip(row, row[1:], strict=False)]
        for v, place in zip(row, spread(np.array(wanted), np.array(gaps)), strict=True):
            v.across = float(place)

    def crossings() -> int:
        pairs = [(a, b) for chain in chains for a, b in zip(chain, chain[1:], strict=False)]
        return sum(
            a.layer == c.layer and (a.across - c.across) * (b.across - d.across) < 0
            for i, (a, b) in enumerate(pairs)
            for c, d in pairs[:i]
        )

    # Barycentre ordering (Sugiyama 1981): sort each layer by where its neighbours stand, forth and back,
    # and keep the best order that was met.
    for row in rows:
        settle(row, [0.0] * len(row))
    best, order = crossings(), [list(row) for row in rows]
    for sweep in range(12):
        neighbours = above if sweep % 2 == 0 else below
        for row in rows if sweep % 2 == 0 else reversed(rows):
            row.sort(key=lambda v: np.mean([n.across for n in neighbours.get(v, [v])]))
            settle(row, [float(np.mean([n.across for n in neighbours.get(v, [v])])) for v in row])
        if crossings() < best:
            best, order = crossings(), [list(row) for row in rows]
    # With the order fixed, let everything move towards the middle of its neighbours.
    for row in order:
        settle(row, [0.0] * len(row))
    for sweep in range(40):
        for row in order if sweep % 2 else reversed(order):
            near = [[*above.get(v, []), *below.get(v, [])] for v in row]
            settle(
                row,
                [float(np.mean([n.across for n in ns])) if ns else v.across for v, ns in zip(row, near, strict=True)],
            )
    return chains


def _reading_order(output: Vertex) -> list[Vertex]:
    """All vertices, each input before the next one's own inputs: as the formula would be read."""
    order, stack = [], [output]
    while stack:
        v = stack.pop()
        if v not in order:
            order.append(v)
            stack.extend(reversed(v.inputs))
    return order


def _draw(vertices: dict[int, Vertex], chains: list[list[Vertex]], gradients: bool, down: bool) -> Figure:
    along, side = (1, 0) if down else (0, 1)
    depth = max(v.layer for v in vertices.values())
    thick = [max(v.half[along] for v in vertices.values() if v.layer == k) for k in range(depth + 1)]
    arrow = 0.34 if down else 0.45
    length = 2 * sum(thick) + arrow * depth
    if not down and depth:  # use the page's width, within reason
        arrow += float(np.clip((WIDTH - 0.24 - length) / depth, 0, 0.6))
        length = 2 * sum(thick) + arrow * depth
    low = min(v.across - v.half[side] for v in vertices.values())
    high = max(v.across + v.half[side] for v in vertices.values())
    key = 0.32 if gradients else 0.0
    breadth = high - low
    width = max(WIDTH, (breadth if down else length) + 0.24)
    height = (length if down else breadth) + 0.24 + key
    fig, ax = canvas(width, height)

    def place(v: Vertex) -> np.ndarray:
        forward = 2 * sum(thick[: v.layer]) + thick[v.layer] + arrow * v.layer
        if down:
            return np.array([(width - breadth) / 2 + v.across - low, height - key - 0.12 - forward])
        return np.array([(width - length) / 2 + forward, height - key - 0.12 - (v.across - low)])

    def passage(v: Vertex) -> list[np.ndarray]:
        """Where a line bends: before a layer through which it only passes, and behind it."""
        if v.tensor is not None:
            return [place(v)]
        way = np.zeros(2)
        way[along] = (-1 if down else 1) * (thick[v.layer] + 0.25 * arrow)
        return [place(v) - way, place(v) + way]

    for chain in chains:
        points = [point for v in chain for point in passage(v)]
        points[0] = _border(chain[0], points[0], points[1], along)
        points[-1] = _border(chain[-1], points[-1], points[-2], along)
        look = {"arrowstyle": "-|>", "mutation_scale": 11, "color": GREY, "linewidth": 1.2, "joinstyle": "miter"}
        ax.add_patch(FancyArrowPatch(path=_rounded(points), **look, zorder=1, gid="edge"))
    for v in vertices.values():
        x, y = place(v)
        (w, h), face = v.half, "white" if v.rule else "#e4eaf3"
        style = f"round,pad=0,rounding_size={0.16 if v.rule else 0.04}"
        card = FancyBboxPatch((x - w, y - h), 2 * w, 2 * h, style, facecolor=face, edgecolor=INK, linewidth=1.2)
        ax.add_patch(card).set(zorder=3, gid="node")
        lines = [("sign", v.sign, INK), ("value", v.text, INK)]
        if gradients:
            lines.append(("gradient", _brief(v.gradient), DARK_ORANGE))
        y += h - 0.07 - LINE / 2
        for gid, text, colour in lines:
            if text:
                size = FONT + 3 if gid == "sign" and v.rule and len(text) == 1 else FONT
                ax.text(x, y, text, color=colour, size=size, ha="center", va="center_baseline", zorder=4, gid=gid)
                y -= LINE
    if gradients:
        ax.text(0.12, height - 0.08, "value", va="top")
        ax.text(0.72, height - 0.08, "derivative of the end result by it", va="top", color=DARK_ORANGE)
    return fig


def _border(v: Vertex, centre: np.ndarray, towards: np.ndarray, along: int) -> np.ndarray:
    """Where the line from the centre of v towards another point leaves its card: always on the facing side."""
    way = towards - centre
    way = way * (v.half[along] + 0.02) / abs(way[along])
    side, reach = 1 - along, 0.7 * v.half[1 - along]
    way[side] = np.clip(way[side], -reach, reach)
    return centre + way


def _rounded(points: list[np.ndarray]) -> Path:
    """A line through the points whose bends are curves."""
    path, codes = [points[0]], [Path.MOVETO]
    for a, b in zip(points[1:-1], points[2:], strict=True):
        end = b if b is points[-1] else (a + b) / 2
        path += [a, end]
        codes += [Path.CURVE3, Path.CURVE3]
    if len(points) == 2:
        path, codes = points, [Path.MOVETO, Path.LINETO]
    return Path(path, codes)
