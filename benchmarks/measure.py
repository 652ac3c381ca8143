"""How contenders are compared, and timed in one process."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence

import numpy as np

from benchmarks import contenders
from benchmarks.contenders import Program
from benchmarks.workloads import Workload

BASE = "torch"  # every ratio is to PyTorch, eager
TOLERANCE = 1e-5  # of float32 numbers, relative to the largest of their array
SLICE = 0.002  # seconds that one contender runs before the next one's turn: short, so that noise hits all alike
LONGEST = 15.0  # seconds after which no new round begins
WARM = 0.5  # seconds of steps before any timing


class Disagreement(Exception):
    """Two contenders computed different numbers, so that comparing their times would mean nothing."""


def compare(name: str, got: Sequence[np.ndarray], expected: Sequence[np.ndarray]) -> float:
    """The largest difference, relative to the largest number of its array.

    Raises:
        Disagreement: the numbers are not the same computation's.
    """
    if [np.shape(a) for a in got] != [np.shape(b) for b in expected]:
        raise Disagreement(f"{name} gave shapes {[np.shape(a) for a in got]}, {BASE} {[np.shape(b) for b in expected]}")
    worst = 0.0
    for i, (a, b) in enumerate(zip(got, expected, strict=True)):
        difference = float(np.max(np.abs(np.float64(a) - b)) / np.max(np.abs(b)))
        if not difference <= TOLERANCE:  # NaN fails too
            raise Disagreement(
                f"{name}: array {i} of {len(got)} differs from {BASE}'s by {difference:.1e} of its largest"
            )
        worst = max(worst, difference)
    return worst


def check(names: Sequence[str], workload: Workload) -> tuple[dict[str, Program], dict[str, float]]:
    """Every contender's program, after its outputs or loss and all its gradients were found equal to PyTorch's."""
    programs = {name: contenders.build(name, workload) for name in contenders.able(names, workload)}
    expected = [np.array(a) for a in programs[BASE].first()]
    return programs, {name: compare(name, program.first(), expected) for name, program in programs.items()}


def seconds(program: Program, repeats: int) -> float:
    """The mean processor time of one step over so many of them in a row: waiting for other programs does not count."""
    start = time.process_time()
    for _ in range(repeats):
        program.step()
    return (time.process_time() - start) / repeats


def calibrate(program: Program) -> int:
    """How many steps fill one slice, after enough of them to be warm."""
    program.step()  # compilers compile now
    until = time.monotonic() + WARM
    fastest = seconds(program, 1)
    while time.monotonic() < until:
        fastest = min(fastest, seconds(program, 1))
    return max(1, round(SLICE / max(fastest, 1e-9)))


def slice_of(program: Program, repeats: int) -> tuple[float, float]:
    """The mean time of a step in one slice, and how many cores were at work; below 1, others had the processor.

    A part of the slice comes first and is not timed: it fills the caches that the one before has emptied.
    """
    seconds(program, max(1, repeats // 4))
    start = time.perf_counter()
    mean = seconds(program, repeats)
    return mean, mean * repeats / (time.perf_counter() - start)


def together(names: Sequence[str], workload: Workload, rounds: int) -> dict[str, dict[str, float]]:
    """All in one process, a slice each in turn; noise that lasts longer than a round hits all of them alike."""
    programs, differences = check(names, workload)
    names = list(programs)
    repeats = {name: calibrate(program) for name, program in programs.items()}
    times: dict[str, list[float]] = {name: [] for name in names}
    cores: dict[str, list[float]] = {name: [] for name in names}
    order, until = list(names), time.monotonic() + LONGEST
    for _ in range(rounds):
        order = order[1:] + order[:1]  # nobody always runs after the same neighbour
        for name in order:
            mean, working = slice_of(programs[name], repeats[name])
            times[name].append(mean)
            cores[name].append(working)
        if time.monotonic() > until:
            break
    results = summary(times)
    for name in names:
        results[name] |= {"difference": differences[name], "cores": round(max(cores[name]), 2)}
    return results


def summary(times: dict[str, list[float]]) -> dict[str, dict[str, float]]:
    """For each contender the median time, and the median and quartiles of its ratios to PyTorch, round by round."""
    results = {}
    for name, own in times.items():
        ratios = [a / b for a, b in zip(own, times[BASE], strict=True)]
        low, middle, high = statistics.quantiles(ratios, n=4, method="inclusive") if len(ratios) > 1 else ratios * 3
        results[name] = {
            "microseconds": round(statistics.median(own) * 1e6, 2),
            "ratio": round(middle, 3),
            "low": round(low, 3),
            "high": round(high, 3),
            "rounds": len(ratios),
        }
    return results


def exponent(sizes: Sequence[float], amounts: Sequence[float]) -> float:
    """p of amount ∝ sizeᵖ: the slope of a line through the logarithms, by least squares."""
    return round(float(np.polyfit(np.log(sizes), np.log(amounts), 1)[0]), 2)
