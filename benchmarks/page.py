"""The results written out as the book's page chapters/performance.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.contenders import TITLES
from benchmarks.workloads import MAIN, make

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "benchmarks" / "results" / "mlp.json"
PAGE = ROOT / "chapters" / "performance.md"

# What nnlib is to reach: its time as a part of PyTorch's, its memory likewise, and seconds to the first step.
TARGETS = {"W1": 0.90, "W5": 0.40, "W6": 0.75}
MEMORY_TARGET, START_TARGET = 1 / 3, 0.3

INTRO = """# Performance

How fast is the library of this book, next to PyTorch and JAX? A program writes this page from stored measurements,
misses included. The programs are in the repository's folder `benchmarks`.

A **ratio** is a contender's time divided by that of PyTorch in eager mode, its default: below 1 is faster than
PyTorch, 0.5 is twice as fast. Everything computes in float32 on one thread. Before any timing, the program checks that
all contenders compute the same outputs or loss and the same gradients from the same parameters and data, to within
{tolerance} of the largest number.

*PyTorch, eager* and nnlib are used alike, with modules and an optimizer. *By functions* does without both, which saves
PyTorch time in small networks; *compiled* is the same through `torch.compile`. *JAX* compiles the whole step. *Textbook
NumPy* writes forward and backward pass out, without a tape.
"""

ENDING = """## What to make of it

These networks are small, and one processor core works on them. Each library hands its large products to a library of
linear algebra; what remains is the cost of each call. On larger networks, on many cores and on a GPU, PyTorch and JAX
are made to be fast, and NumPy is not. Another processor gives other ratios: measure yours with
`python -m benchmarks run`.
"""


def store(results: dict[str, Any]) -> None:
    """Keep the results: a number that cannot be traced to its machine and command is worth nothing."""
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


def write() -> None:
    """Write the page anew from the stored results."""
    PAGE.write_text(page(json.loads(RESULTS.read_text(encoding="utf-8"))), encoding="utf-8")


def page(results: dict[str, Any]) -> str:
    """The page's text."""
    from benchmarks.measure import TOLERANCE

    tolerance = f"{TOLERANCE:f}".rstrip("0")
    parts = [INTRO.format(tolerance=tolerance), _reached(results)]
    parts += [_workload(name, results) for name in MAIN if name in results["together"]]
    parts += [_growth(kind, series) for kind, series in results["growth"].items()]
    return "\n".join([*parts, _measured(results), ENDING])


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _reached(results: dict[str, Any]) -> str:
    """The targets, each beside what was reached."""
    rows = []
    for name, target in TARGETS.items():
        reached = results["together"][name]["nnlib"]["ratio"]
        by_itself = results["alone"][name]["nnlib"]["ratio"]
        rows.append([make(name).title, f"{target:.2f}", f"{reached:.2f}", f"{by_itself:.2f}", _met(reached, target)])
    memory, start = results["memory"], results["start"]
    part = memory["nnlib"] / memory["torch"]
    rows.append(["Peak memory of the process", f"{MEMORY_TARGET:.2f}", "", f"{part:.2f}", _met(part, MEMORY_TARGET)])
    seconds = start["nnlib"]
    rows.append(["Start to first step", f"{START_TARGET:.2f} s", "", f"{seconds:.2f} s", _met(seconds, START_TARGET)])
    return (
        "## What nnlib is to reach, and what it reaches\n\n"
        + _table(["nnlib.numpy against PyTorch, eager", "to reach", "together", "alone", "reached"], rows)
        + "\n*Together*: all contenders in one process, in turn: the target is for this. *Alone*: each in a process "
        "of its own, where nothing that another library does to the process can help or hurt.\n"
    )


def _met(value: float, target: float) -> str:
    return "yes" if value <= target else "**not yet**"


def _workload(name: str, results: dict[str, Any]) -> str:
    rows = []
    for contender, title in TITLES.items():
        both = [results[how][name].get(contender) for how in ("together", "alone")]
        if both[0]:
            rows.append([title, f"{both[0]['microseconds']:,.0f}", *[_ratio(numbers) for numbers in both]])
    return f"## {make(name).title}\n\n" + _table(["contender", "µs", "ratio, together", "ratio, alone"], rows)


def _ratio(numbers: dict[str, float] | None) -> str:
    """A ratio with its quartiles."""
    if numbers is None:
        return "not measured"
    if numbers["low"] == numbers["high"] == 1:
        return "1"
    return f"{numbers['ratio']:.2f} ({numbers['low']:.2f} to {numbers['high']:.2f})"


def _growth(kind: str, series: dict[str, Any]) -> str:
    what = {"batch": "784-256-128-10 with growing batches", "width": "784-width-width-10 with batches of 128"}[kind]
    rows = [
        [TITLES[name], *(f"{t:,.0f}" for t in times), f"{series['exponent'][name]:.2f}"]
        for name, times in series["microseconds"].items()
    ]
    ratios = ", ".join(f"{r:.2f}" for r in series["ratio"]["nnlib"])
    return (
        f"## Growth with the {kind}\n\nMicroseconds of a training step, {what}. The last column is the exponent p of a "
        f"fitted power law, time ∝ size to the p: 1 means that twice the {kind} takes twice the time.\n\n"
        + _table(["contender", *(f"{kind} {size:,}" for size in series["sizes"]), "p"], rows)
        + f"\nRatio of nnlib.numpy to PyTorch, eager, from left to right: {ratios}.\n"
    )


def _measured(results: dict[str, Any]) -> str:
    from benchmarks.measure import MEMORY_STEPS, SLICE

    machine = results["machine"]
    names = [name for name in TITLES if name in results["memory"]]
    rows = [
        [TITLES[n], f"{results['memory'][n]:.0f}", f"{results['import'][n]:.2f}", f"{results['start'][n]:.2f}"]
        for n in names
    ]
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    blas = ", ".join(f"{library} (kernel {kernel})" for library, kernel in machine["blas"].items())
    return (
        f"## Memory and start\n\nPeak memory of a process that trains {MEMORY_STEPS} steps of the first workload; the "
        "time to import the library; and the time from starting Python to the end of the first step. Both "
        f"times are the fastest of {results['processes']}.\n\n"
        + _table(["contender", "MB", "seconds to import", "seconds to the first step"], rows)
        + "\n## How it was measured\n\n"
        f"On {machine['date']}, on one of {machine['cores']} cores of an {machine['cpu']}; Python {machine['python']}, "
        f"{versions}; linear algebra of NumPy: {blas}. The command was `{results['command']}`.\n\n"
        f"*Together* is the median of {results['rounds']} rounds. In each, every contender "
        f"runs for about {1000 * SLICE:.0f} ms, and the ratio is taken within it; parentheses hold the quartiles. What "
        "was interrupted by other programs does not count. *Alone* is the median of "
        f"{results['processes']} rounds of fresh processes. The machine had other work at the same time (load "
        f"{machine['load']}): the ratios are steadier than the microseconds.\n"
    )
