"""The picture of the landing page and the README: a small network, computed forwards and backwards.

    python -m website.picture    write the README's copy, website/assets/picture.svg

It is the first network of the chapter on backpropagation. Nothing in it is typed in but the inputs, the weights and
the target: the values and the derivatives are computed here while the site is built.
"""

from __future__ import annotations

from pathlib import Path

FILE = Path(__file__).with_name("assets") / "picture.svg"

# What book.css does on the page, for a file that stands alone on a white card
STYLE = (
    "text{font:600 17px sans-serif;dominant-baseline:central;fill:#1a202c}.inside{text-anchor:middle}"
    ".lines{stroke:#8a94a3;stroke-width:1.6}circle{fill:#fff;stroke:#1a202c;stroke-width:2}rect{fill:#fff}"
    "text.value{fill:#1e5aa0}text.derivative{fill:#b04a08}"
)

X, TARGET = (1.0, 2.0), -1.0
W1, B1 = ((1.0, 1.0), (-1.0, 1.0)), (-1.0, 0.0)
W2 = (1.5, -1.0)

# Where the five neurons stand, and how large they are
PLACES = {"x1": (40, 60), "x2": (40, 200), "h1": (240, 60), "h2": (240, 200), "y": (425, 130)}
RADIUS = 29


def compute() -> tuple[dict[str, float], dict[tuple[str, str], float], dict[tuple[str, str], float], float]:
    """The values of the neurons, the weights on the lines, their derivatives, and the loss."""
    z = [sum(w * x for w, x in zip(row, X, strict=True)) + b for row, b in zip(W1, B1, strict=True)]
    h = [max(value, 0.0) for value in z]
    y = sum(v * value for v, value in zip(W2, h, strict=True))
    d_y = 2 * (y - TARGET)
    d_z = [d_y * v * (value > 0) for v, value in zip(W2, z, strict=True)]
    values = {"x1": X[0], "x2": X[1], "h1": h[0], "h2": h[1], "y": y}
    weights, derivatives = {}, {}
    for i in range(2):
        for j in range(2):
            weights[f"x{j + 1}", f"h{i + 1}"] = W1[i][j]
            derivatives[f"x{j + 1}", f"h{i + 1}"] = d_z[i] * X[j]
        weights[f"h{i + 1}", "y"] = W2[i]
        derivatives[f"h{i + 1}", "y"] = d_y * h[i]
    return values, weights, derivatives, (y - TARGET) ** 2


def figure() -> str:
    """The picture with its caption, with colours from book.css so that it fits both themes."""
    return (
        f'<figure class="book-picture">{svg()}'
        '<figcaption>Six <span class="value">weights</span>, and beside each the '
        '<span class="derivative">derivative of the loss</span> by it. Forwards the values, backwards the blame: '
        "the chapter on backpropagation works out every number in this picture.</figcaption></figure>"
    )


def svg(inside: str = "") -> str:
    """The picture alone; `inside` comes first in it."""
    values, weights, derivatives, loss = compute()
    lines, labels = [], []
    for (start, end), weight in weights.items():
        (x1, y1), (x2, y2) = PLACES[start], PLACES[end]
        lines.append(f'<path d="M{x1} {y1} L{x2} {y2}"/>')
        along = 0.5 if y1 == y2 or end == "y" else 0.27  # away from where the lines cross
        x, y = x1 + along * (x2 - x1), y1 + along * (y2 - y1)
        left, right = _number(weight), _number(derivatives[start, end])
        start_x, width = -9 - 11 * len(left), 18 + 11 * len(left + right)
        labels.append(
            f'<g transform="translate({x:.0f} {y:.0f})"><rect x="{start_x}" y="-12" width="{width}" height="24"/>'
            f'<text x="-5" class="value" text-anchor="end">{left}</text>'
            f'<text x="5" class="derivative">{right}</text></g>'
        )
    neurons = "".join(
        f'<circle cx="{x}" cy="{y}" r="{RADIUS}"/><text x="{x}" y="{y}" class="inside">{_number(values[name])}</text>'
        for name, (x, y) in PLACES.items()
    )
    below = {"h1": f"bias {_number(B1[0])}", "h2": f"bias {_number(B1[1])}", "y": f"loss {_number(loss)}"}
    notes = "".join(
        f'<text x="{PLACES[name][0]}" y="{PLACES[name][1] + RADIUS + 17}" class="inside">{words}</text>'
        for name, words in below.items()
    )
    title = (
        f"A network with two inputs, two hidden units and one output. The inputs {_number(X[0])} and {_number(X[1])} "
        f"give the output {_number(values['y'])} where {_number(TARGET)} was wanted. "
        "On each line stand a weight, in blue, and the derivative of the loss by it, in orange."
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 20 465 240" role="img" aria-label="{title}">{inside}'
        f'<g class="lines">{"".join(lines)}</g><g class="neurons">{neurons}</g>{notes}'
        f'<g class="labels">{"".join(labels)}</g></svg>'
    )


def standalone() -> str:
    """The picture as a file of its own, on white, so that it is legible on any page."""
    return svg(f'<style>{STYLE}</style><rect y="20" width="465" height="240" rx="8"/>') + "\n"


def _number(value: float) -> str:
    return f"{value:g}".replace("-", "\N{MINUS SIGN}")


if __name__ == "__main__":
    FILE.write_text(standalone(), encoding="utf-8")
