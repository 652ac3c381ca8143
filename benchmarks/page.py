"""The results written out as the book's page chapters/performance.md."""

from __future__ import annotations

from typing import Any

from benchmarks.contenders import TITLES
from benchmarks.measure import SLICE, TOLERANCE
from benchmarks.processes import MEMORY_STEPS, ROOT
from benchmarks.results import BEYOND, START, load
from benchmarks.workloads import GROWTH, MAIN, make

PAGE = ROOT / "chapters" / "performance.md"

# What nnlib is to reach: its time as a part of PyTorch's with OpenBLAS as installed, and with its kernel for AVX-512;
# its memory as a part of PyTorch's; and seconds to the first step.
TARGETS = {"W1": 0.90, "W2": 0.95, "W3": 1.9, "W4": 0.92, "W5": 0.40, "W6": 0.75, "W7": 1.0, "W7c": 0.85}
BEYOND_TARGETS = {"W1": 0.50, "W2": 0.70, "W3": 1.1, "W4": 0.55, "W5": 0.30, "W6": 0.60, "W7c": 0.40}
MEMORY_TARGET, START_TARGET = 1 / 3, 0.3

INTRO = """# Performance

How fast is the library of this book, next to PyTorch and JAX? A program writes this page from stored measurements,
misses included. The programs are in the repository's folder `benchmarks`.

A **ratio** is a contender's time divided by that of PyTorch in eager mode, its default: below 1 is faster than
PyTorch, 0.5 is twice as fast. Everything computes in float32 on one thread. Before any timing, the program checks that
all contenders compute the same outputs or loss and the same gradients from the same parameters and data, to within
{tolerance} of the largest number.

*PyTorch, eager* and nnlib are used alike, with modules and an optimizer. *By functions* does without both, which saves
PyTorch time in small networks; *compiled* is the same through `torch.compile`; *channels last* is another layout of
pictures in memory. *JAX* compiles the whole step. *Textbook NumPy* writes forward and backward pass out, without a
tape.
"""

# What grows in each series.
SERIES = {
    "batch": ("the batch", "a fully connected network, 784-256-128-10"),
    "width": ("the width", "a fully connected network, 784-width-width-10, with batches of 128"),
    "depth": ("the depth", "a GPT of so many layers of width 128, 64 symbols, batch 4"),
    "length": ("the length of a text", "a GPT of 2 layers of width 128 that attends to so many symbols, batch 1"),
    "steps": ("the steps of an LSTM", "an LSTM 32-128 over so many steps, batch 4"),
}

ENDING = """## What to make of it

These networks are small, and one processor core works on them. Each library hands its large products to a library of
linear algebra; what remains is the cost of each call. On larger networks, on many cores and on a GPU, PyTorch and JAX
are made to be fast, and NumPy is not. Another processor gives other ratios: measure yours with
`python -m benchmarks run`.
"""


def write() -> None:
    """Write the page anew from the stored results."""
    PAGE.write_text(page(load()), encoding="utf-8")


def page(results: dict[str, dict[str, Any]]) -> str:
    """The page's text."""
    parts = [INTRO.format(tolerance=f"{TOLERANCE:f}".rstrip("0")), _reached(results)]
    parts += [_workload(name, results[name]) for name in MAIN if name in results]
    parts += [_growth(kind, results[kind]) for kind in GROWTH if kind in results]
    parts += [_start(results[START])] if START in results else []
    return "\n".join([*parts, _measured(results), ENDING])


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _reached(results: dict[str, dict[str, Any]]) -> str:
    """The targets, each beside what was reached."""
    rows, beyond = [], []
    for name in (name for name in TARGETS if name in results):
        target, result, title = TARGETS[name], results[name], make(name).title
        reached, by_itself = (result[how]["nnlib"]["ratio"] for how in ("together", "alone"))
        rows.append([title, f"{target:.2f}", f"{reached:.2f}", f"{by_itself:.2f}", _met(reached, target)])
        if name in BEYOND_TARGETS and "beyond" in result:
            further, ratio = BEYOND_TARGETS[name], result["beyond"]["ratio"]
            beyond.append([title, f"{further:.2f}", f"{ratio:.2f}", _met(ratio, further)])
    if rows:
        part = max(r["memory"]["nnlib"] / r["memory"]["torch"] for name, r in results.items() if name in MAIN)
        most = "Peak memory of the process, the largest part of all above"
        rows.append([most, f"{MEMORY_TARGET:.2f}", "", f"{part:.2f}", _met(part, MEMORY_TARGET)])
    if START in results:
        start = results[START]["start"]["nnlib"]
        rows.append(["Start to first step", f"{START_TARGET:.2f} s", "", f"{start:.2f} s", _met(start, START_TARGET)])
    text = (
        "## What nnlib is to reach, and what it reaches\n\n"
        + _table(["nnlib.numpy against PyTorch, eager", "to reach", "together", "alone", "reached"], rows)
        + "\n*Together*: all contenders in one process, in turn: the target is for this. *Alone*: each in a process "
        "of its own, where nothing that another library does to the process can help or hurt.\n"
    )
    if beyond:
        text += (
            "\nOn a processor with AVX-512, OpenBLAS may still choose a kernel for older ones. With "
            f"`OPENBLAS_CORETYPE={BEYOND}` in the environment before Python starts, it takes the newer one, and "
            "there is a target further away:\n\n"
            + _table(["nnlib.numpy, AVX-512, against PyTorch, eager", "beyond", "together", "reached"], beyond)
        )
    return text


def _met(value: float, target: float) -> str:
    return "yes" if value <= target else "**not yet**"


def _workload(name: str, result: dict[str, Any]) -> str:
    rows = []
    for contender, title in TITLES.items():
        if contender in result["together"]:
            both = [result[how].get(contender) for how in ("together", "alone")]
            megabytes = result["memory"].get(contender)
            memory = "" if megabytes is None else f"{megabytes:,.0f}"
            rows.append([title, f"{both[0]['microseconds']:,.0f}", *map(_ratio, both), memory])
    head = ["contender", "µs", "ratio, together", "ratio, alone", "memory, MB"]
    return f"## {make(name).title}\n\n" + _table(head, rows)


def _ratio(numbers: dict[str, float] | None) -> str:
    """A ratio with its quartiles, where there are any."""
    if numbers is None:
        return "not measured"
    if numbers["low"] == numbers["high"]:
        return "1" if numbers["ratio"] == 1 else f"{numbers['ratio']:.2f}"
    return f"{numbers['ratio']:.2f} ({numbers['low']:.2f} to {numbers['high']:.2f})"


def _growth(kind: str, series: dict[str, Any]) -> str:
    grows, what = SERIES[kind]
    rows = [
        [
            TITLES[name],
            *(f"{t / 1000:,.2f}" for t in times),
            f"{series['exponent'][name]:.2f}",
            f"{series['last_exponent'][name]:.2f}",
        ]
        for name, times in series["microseconds"].items()
    ]
    rows += [
        [f"memory of {TITLES[name]}, MB", *(f"{peak:,.0f}" for peak in peaks), "", ""]
        for name, peaks in series["memory"].items()
    ]
    ratios = ", ".join(f"{r:.2f}" for r in series["ratio"]["nnlib"])
    return (
        f"## Growth with {grows}\n\nMilliseconds of a training step of {what}; and the peak memory of a process that "
        "does nothing else. The last columns are the exponent p of a power law, time ∝ size to the p, fitted to all "
        "sizes and to the last two: 1 means that twice the size takes twice the time.\n\n"
        + _table(["contender", *(f"{kind} {size:,}" for size in series["sizes"]), "p", "p, last two"], rows)
        + f"\nRatio of nnlib.numpy to PyTorch, eager, from left to right: {ratios}.\n"
    )


def _start(result: dict[str, Any]) -> str:
    rows = [
        [title, f"{result['import'][name]:.2f}", f"{result['start'][name]:.2f}"]
        for name, title in TITLES.items()
        if name in result["start"]
    ]
    return (
        "## Start\n\nThe time to import the library, and from starting Python to the end of the first training step of "
        f"784-256-128-10; the fastest of {result['processes']}.\n\n"
        + _table(["contender", "seconds to import", "seconds to the first step"], rows)
    )


def _measured(results: dict[str, dict[str, Any]]) -> str:
    machine = next(iter(results.values()))["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    blas = ", ".join(f"{library} (kernel {kernel})" for library, kernel in machine["blas"].items())
    rows = []
    for name, result in results.items():
        title = make(name).title if name in MAIN else f"Growth with {SERIES[name][0]}" if name in SERIES else "Start"
        then, counts = result["machine"], [str(result["rounds"]), str(result["processes"])]
        rows.append([title, name, then["date"], f"{then['load']:.1f}", *counts])
    return (
        f"## How it was measured\n\nOn one of {machine['cores']} cores of an {machine['cpu']}; Python "
        f"{machine['python']}, {versions}; linear algebra of NumPy: {blas}.\n\n"
        f"*Together* is the median of rounds. In each, every contender runs for about {1000 * SLICE:.0f} ms or for one "
        "step, and the ratio is taken within it; parentheses hold the quartiles. *Alone* is the median of fresh "
        "processes. All times but those of the start are processor time: waiting for other programs does not count. "
        f"*Memory* is the peak of a process that does {MEMORY_STEPS} steps. The machine had other work at the same "
        "time, as its load shows: the ratios are steadier than the microseconds. What is in one line was measured by "
        "`python -m benchmarks run --workloads name`, in at most so many rounds and in so many processes alone; the "
        "folder `benchmarks/results` keeps all of it.\n\n"
        + _table(["what", "name", "date", "load", "rounds", "processes"], rows)
    )
