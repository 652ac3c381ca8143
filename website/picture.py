"""The picture of the landing page and the README: a network that learned to read digits, at work on one of them.

    python -m website.picture    write the README's copy, website/assets/picture.svg

The network is trained with the book's own library while the site is built; nothing in the picture is typed in. On the
page, draw.js lets readers draw a digit of their own into it: the numbers of the network go along for that.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nnlib.data import batches, load_digits, split
from nnlib.numpy import functional as F
from nnlib.numpy import manual_seed, nn, optim

FILE = Path(__file__).with_name("assets") / "picture.svg"
HIDDEN = 12
EPOCHS, RATE, MOMENTUM, DECAY, SEED = 30, 0.2, 0.9, 1e-3, 0

# What landing.css does on the page, for a file that stands alone on a white card
STYLE = """
svg{--for:#dd6b20;--against:#2b6cb0;--ink:#1d2530;--quiet:#566173;--line:#dedacd;--card:#fff}
.ground{fill:#fff;stroke:#dedacd}
text{font:600 17px sans-serif;text-anchor:middle;dominant-baseline:central}
"""
# The part of the style that the page shares, in the names of its colours
SHARED = """
.pixels rect{fill:var(--ink)}
.frame,.unit{fill:var(--card);stroke:var(--line)}
.for{fill:var(--for)}.against{fill:var(--against)}
.weak{fill-opacity:.3}.fair{fill-opacity:.62}
.seen path{fill:none;stroke:var(--quiet);stroke-opacity:.55}
.said path{fill:none;stroke:var(--for);stroke-opacity:.28}
.said path.best{stroke-opacity:.9}.said path.no{stroke:var(--against)}
.answers circle{fill:var(--card);stroke:var(--line);stroke-width:1.5}
.answers rect{fill:var(--for);fill-opacity:.8}.answers text{fill:var(--quiet)}
.answers .best circle{fill:var(--for);stroke:var(--for)}.answers .best text{fill:var(--card)}
"""

# Places are (along, across): along the way through the network, and across it. The wide picture has the way from left
# to right, the tall one, for phones, from top to bottom.
ALONG, ACROSS = 830, 480
PIXEL = 26  # of the digit; 8 by 8 of them
DIGIT = (112, 240)  # its middle
TINY = 7.5  # a pixel of what a hidden unit looks for
UNITS = [(338 if n % 2 == 0 else 446, 240 + 36.5 * (n - (HIDDEN - 1) / 2)) for n in range(HIDDEN)]
ANSWERS = [(672, 240 + 47 * (n - 4.5)) for n in range(10)]
BAR = 108  # the length of the bar of an answer that is certain


@dataclass(frozen=True)
class Network:
    """The trained network, its numbers rounded to what the page gets, and how well it reads with them."""

    W1: np.ndarray
    b1: np.ndarray
    W2: np.ndarray
    b2: np.ndarray
    trained_on: int
    tested_on: int
    right: int
    examples: np.ndarray  # (11, 64) of the test set: one of each class that is read right, and one that is not
    truth: tuple[int, ...]

    def units(self, x: np.ndarray) -> np.ndarray:
        """How much of its pattern each hidden unit finds in a digit, from 0 to 1. (64,) -> (HIDDEN,)."""
        return 1 / (1 + np.exp(-(self.W1 @ x + self.b1)))

    def probabilities(self, x: np.ndarray) -> np.ndarray:
        """How sure the network is of each class. (64,) -> (10,)."""
        z = self.W2 @ self.units(x) + self.b2
        e = np.exp(z - z.max())
        return e / e.sum()

    @property
    def size(self) -> int:
        """How many numbers it has learned."""
        return self.W1.size + self.b1.size + self.W2.size + self.b2.size


@functools.cache
def train() -> Network:
    """Train the network: two seconds, always with the same result."""
    manual_seed(SEED)
    known, new = split(load_digits(), (0.8, 0.2), seed=0)
    x, test = (part.x.reshape(-1, 64).astype(np.float64) for part in (known, new))
    model = nn.Sequential(nn.Linear(64, HIDDEN), nn.Sigmoid(), nn.Linear(HIDDEN, 10)).double()
    sgd = optim.SGD(model.parameters(), lr=RATE, momentum=MOMENTUM, weight_decay=DECAY)
    rng = np.random.default_rng(SEED)
    for _ in range(EPOCHS):
        for some, labels in batches(x, known.y, 32, rng=rng):
            sgd.zero_grad()
            F.cross_entropy(model(some), labels).backward()
            sgd.step()
    W1, b1, W2, b2 = (parameter.data.round(2) for parameter in model.parameters())
    said = F.sigmoid(test @ W1.T + b1).data @ W2.T + b2
    right = said.argmax(axis=1) == new.y
    chosen = [int(np.flatnonzero(right & (new.y == digit))[0]) for digit in range(10)]
    chosen.append(int(np.flatnonzero(~right)[0]))
    truth = tuple(int(digit) for digit in new.y[chosen])
    return Network(W1, b1, W2, b2, len(x), len(test), int(right.sum()), test[chosen], truth)


SHOWN = 3  # the digit in the picture


def svg(wide: bool, style: str = "") -> str:
    """The picture alone, of one digit from the test set."""
    network = train()
    x = network.examples[SHOWN]
    h, p = network.units(x), network.probabilities(x)
    size = (ALONG, ACROSS) if wide else (ACROSS, ALONG)

    def at(place: tuple[float, float]) -> tuple[float, float]:
        return place if wide else place[::-1]

    def line(start: tuple[float, float], end: tuple[float, float], width: float, kind: str = "") -> str:
        middle = (start[0] + end[0]) / 2
        numbers = [at(point) for point in (start, (middle, start[1]), (middle, end[1]), end)]
        (a, b), *rest = [tuple(f"{n:.4g}" for n in point) for point in numbers]
        way = f"M{a} {b}C" + " ".join(" ".join(point) for point in rest)
        return f'<path d="{way}" stroke-width="{width:.2g}"' + (f' class="{kind}"' if kind else "") + "/>"

    def kind(value: float, best: bool) -> str:
        return " ".join(name for name, true in (("no", value < 0), ("best", best)) if true)

    half = 4 * PIXEL
    left, top = (n - half for n in at(DIGIT))
    pixels = "".join(
        f'<rect x="{left + PIXEL * (n % 8):g}" y="{top + PIXEL * (n // 8):g}" width="{PIXEL - 1}" '
        f'height="{PIXEL - 1}" fill-opacity="{value:.2g}"/>'
        for n, value in enumerate(x)
    )
    seen = "".join(
        line((DIGIT[0] + half, DIGIT[1] + (across - 240) * 0.4), (along - 4 * TINY, across), 5 * value)
        for (along, across), value in zip(UNITS, h, strict=True)
    )
    best = int(p.argmax())
    said = "".join(
        line(UNITS[n], ANSWERS[c], 1.7 * abs(value), kind(value, c == best))
        for (c, n), value in np.ndenumerate(network.W2 * h)
    )
    frames = ""
    for place in UNITS:
        a, b = (n - 4 * TINY - 2 for n in at(place))
        frames += f'<rect class="unit" x="{a:g}" y="{b:g}" width="{8 * TINY + 4:g}" height="{8 * TINY + 4:g}" rx="3"/>'
    answers = ""
    for digit, (place, value) in enumerate(zip(ANSWERS, p, strict=True)):
        (a, b), mark = at(place), ' class="best"' if digit == best else ""
        c, d = at((place[0] + 22, place[1] - 7))
        length, thick = (BAR * value, 14) if wide else (14, BAR * value)
        answers += (
            f'<g{mark}><rect x="{c:g}" y="{d:g}" width="{length:.3g}" height="{thick:.3g}" rx="2"/>'
            f'<circle cx="{a:g}" cy="{b:g}" r="17"/><text x="{a:g}" y="{b:g}">{digit}</text></g>'
        )
    words = (
        f"A network at work. First a handwritten {network.truth[SHOWN]} of 8 by 8 pixels. Then {HIDDEN} hidden units, "
        "each drawn as the ink that it looks for, in orange, and the ink that speaks against it, in blue. Units that "
        "find theirs send thick lines to the answers 0 to 9, orange for and blue against. "
        f"The answer {best} wins, with {100 * p.max():.0f} percent."
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[0]} {size[1]}" role="img" '
        f'class="{"wide" if wide else "tall"}" aria-label="{words}">{style}'
        f'<g class="seen">{seen}</g><g class="said">{said}</g>'
        f'<rect class="frame" x="{left - 2:g}" y="{top - 2:g}" width="{2 * half + 3}" height="{2 * half + 3}" rx="4"/>'
        f'<g class="pixels">{pixels}</g>{frames}{_patterns(network.W1, at)}<g class="answers">{answers}</g></svg>'
    )


def _patterns(W1: np.ndarray, at: object) -> str:
    """What the hidden units look for: all pixels of one sign and strength are one path."""
    kinds: dict[str, str] = {}
    for place, weights in zip(UNITS, W1, strict=True):
        a, b = (n - 4 * TINY for n in at(place))
        for n, weight in enumerate(weights / abs(weights).max()):
            strength = ("", " weak", " fair", " ")[int(np.digitize(abs(weight), (0.15, 0.4, 0.7)))]
            if strength:
                kind = ("for" if weight > 0 else "against") + strength.rstrip()
                square = f"M{a + TINY * (n % 8):g} {b + TINY * (n // 8):g}h{TINY}v{TINY}h-{TINY}z"
                kinds[kind] = kinds.get(kind, "") + square
    return "".join(f'<path class="{kind}" d="{way}"/>' for kind, way in sorted(kinds.items()))


def figure() -> str:
    """Both pictures with their caption and, for draw.js, the numbers of the network and some digits."""
    network = train()
    numbers = {
        "W1": network.W1.tolist(),
        "b1": network.b1.tolist(),
        "W2": network.W2.tolist(),
        "b2": network.b2.tolist(),
        "examples": (network.examples * 16).astype(int).tolist(),
        "truth": network.truth,
        "shown": SHOWN,
        "bar": BAR,
    }
    return (
        f'<figure class="book-picture">{svg(True, f"<style>{SHARED}</style>")}{svg(False)}'
        '<div class="draw" hidden><p role="status"></p><button type="button" class="another">Another digit</button> '
        '<button type="button" class="clear">Clear</button></div>'
        f"<figcaption>These {network.size} numbers were learned from {network.trained_on:,} handwritten digits, by the "
        "library that this book builds, when this page was made. Each square in the middle is what one hidden unit "
        'looks for: <span class="for">ink here</span>, <span class="against">no ink there</span>. Of '
        f"{network.tested_on} digits that it had never seen, the network reads {network.right}. The first chapter "
        "takes another one of this size apart.</figcaption>"
        f'<script type="application/json" id="network">{json.dumps(numbers, separators=(",", ":"))}</script></figure>'
    )


def standalone() -> str:
    """The wide picture as a file of its own, on white, so that it is legible on any page."""
    paper = f'<style>{STYLE}{SHARED}</style><rect class="ground" x="-14" y="-14" width="858" height="508" rx="10"/>'
    return svg(True, paper).replace(f'viewBox="0 0 {ALONG} {ACROSS}"', 'viewBox="-14 -14 858 508"') + "\n"


if __name__ == "__main__":
    FILE.write_text(standalone(), encoding="utf-8")
