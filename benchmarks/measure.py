"""How contenders are compared and timed."""

from __future__ import annotations

import json
import math
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import contenders
from benchmarks.contenders import LIBRARY, Program
from benchmarks.workloads import GROWTH, MAIN, Workload, make

ROOT = Path(__file__).parent.parent
BASE = "torch"  # every ratio is to PyTorch, eager
TOLERANCE = 1e-5  # of float32 numbers, relative to the largest of their array
UNDISTURBED = 0.95  # the part of a slice in which the process must have had its processor
MEMORY_STEPS = 50  # after so many training steps a process's peak memory is read
GROWING = ("nnlib", "torch", "torch_functional", "jax")  # whose growth is measured: the compiled one takes long
SLICE = 0.002  # seconds that one contender runs before the next one's turn: short, so that noise hits all alike

# One thread each, set before any library is loaded: libraries read these once.
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NPROC": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false",
}


class Busy(Exception):
    """The machine had so much other work that nothing could be timed."""


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
    """The mean time of one step over so many of them in a row."""
    start = time.perf_counter()
    for _ in range(repeats):
        program.step()
    return (time.perf_counter() - start) / repeats


def calibrate(program: Program) -> int:
    """How many steps fill one slice, after enough of them to be warm."""
    seconds(program, 20)
    return max(1, round(SLICE / min(seconds(program, 5) for _ in range(5))))


def slice_of(program: Program, repeats: int) -> tuple[float, float]:
    """The mean time of a step in one slice, and how many cores were at work: below 1, others had the processor.

    A part of the slice comes first and is not timed: it fills the caches that the one before has emptied.
    """
    seconds(program, max(1, repeats // 4))
    cpu, wall = time.process_time(), time.perf_counter()
    mean = seconds(program, repeats)
    return mean, (time.process_time() - cpu) / (time.perf_counter() - wall)


def together(names: Sequence[str], workload: Workload, rounds: int) -> dict[str, dict[str, float]]:
    """All in one process, a slice each in turn; noise that lasts longer than a round hits all of them alike.

    A slice in which the process had to wait for the processor does not count.
    """
    programs, differences = check(names, workload)
    names = list(programs)
    repeats = {name: calibrate(program) for name, program in programs.items()}
    times: dict[str, list[float]] = {name: [] for name in names}
    cores: dict[str, list[float]] = {name: [] for name in names}
    order = list(names)
    for _ in range(rounds):
        order = order[1:] + order[:1]  # nobody always runs after the same neighbour
        for name in order:
            mean, working = slice_of(programs[name], repeats[name])
            times[name].append(mean if working >= UNDISTURBED else math.nan)
            if working >= UNDISTURBED:
                cores[name].append(working)
    results = summary(times)
    for name in names:
        results[name] |= {"difference": differences[name], "cores": round(statistics.median(cores[name]), 2)}
    return results


def summary(times: dict[str, list[float]]) -> dict[str, dict[str, float]]:
    """For each contender the median time, and the median and quartiles of its ratios to PyTorch, round by round.

    Raises:
        Busy: no round is left in which both had the processor to themselves.
    """
    results = {}
    for name, own in times.items():
        ratios = [a / b for a, b in zip(own, times[BASE], strict=True) if math.isfinite(a / b)]
        if not ratios:
            raise Busy(f"in all {len(own)} rounds {name} or {BASE} had to wait for the processor: measure again later")
        low, middle, high = statistics.quantiles(ratios, n=4, method="inclusive") if len(ratios) > 1 else ratios * 3
        results[name] = {
            "microseconds": round(statistics.median(filter(math.isfinite, own)) * 1e6, 2),
            "ratio": round(middle, 3),
            "low": round(low, 3),
            "high": round(high, 3),
            "rounds": len(ratios),
        }
    return results


# --- in processes of their own ------------------------------------------------------------------------


def child(kind: str, contender: str, workload: str) -> dict[str, float]:
    """What one process reports about one contender; `in_a_process` starts it."""
    program = contenders.build(contender, make(workload))
    program.step()
    done = time.monotonic()  # the same clock in every process (Linux, macOS)
    if kind == "start":
        return {"done": done}
    if kind == "memory":
        seconds(program, MEMORY_STEPS - 1)
        # Not getrusage's ru_maxrss: a child inherits there the peak of the process that started it.
        status = Path("/proc/self/status").read_text()  # Linux
        return {"megabytes": int(status.split("VmHWM:")[1].split()[0]) * 1024 / 1e6}
    repeats = calibrate(program)
    slices = [slice_of(program, repeats) for _ in range(100)]
    undisturbed = [mean for mean, working in slices if working >= UNDISTURBED]
    if not undisturbed:
        raise Busy(f"{contender} had to wait for the processor in all {len(slices)} slices: measure again later")
    return {"seconds": statistics.median(undisturbed)}


def in_a_process(kind: str, contender: str, workload: str) -> dict[str, float]:
    """Run `child` in a fresh process."""
    command = [sys.executable, "-m", "benchmarks", "child", kind, contender, workload]
    start = time.monotonic()
    answer = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    result = json.loads(answer.splitlines()[-1])
    return result | ({"seconds": result["done"] - start} if kind == "start" else {})


def alone(names: Sequence[str], workload: str, rounds: int) -> dict[str, dict[str, float]]:
    """Each in a fresh process, in turn: sharing one hides what a library costs the memory system."""
    names = contenders.able(names, make(workload))
    times: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(rounds):
        for name in names:
            times[name].append(in_a_process("alone", name, workload)["seconds"])
    return summary(times)


def start(names: Sequence[str], rounds: int) -> dict[str, float]:
    """Seconds from starting Python to the end of the first training step of W1; the fastest of several."""
    return {name: round(min(in_a_process("start", name, "W1")["seconds"] for _ in range(rounds)), 3) for name in names}


def imports(names: Sequence[str], rounds: int) -> dict[str, float]:
    """Seconds that Python takes to import each contender's library, in a fresh process; the fastest of several."""
    return {name: round(min(import_seconds(LIBRARY[name]) for _ in range(rounds)), 3) for name in names}


def import_seconds(library: str) -> float:
    """The time of one import in a fresh process, without the start of Python itself."""
    program = f"import time; start = time.perf_counter(); import {library}; print(time.perf_counter() - start)"
    return float(subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True).stdout)


def memory(names: Sequence[str]) -> dict[str, float]:
    """Peak memory of a process that does MEMORY_STEPS training steps of W1, in megabytes."""
    return {name: round(in_a_process("memory", name, "W1")["megabytes"], 1) for name in names}


def growth(names: Sequence[str], rounds: int) -> dict[str, Any]:
    """The time of a training step as the batch or the width grows, and the exponent p of time ∝ sizeᵖ."""
    series = {}
    for kind, sizes in GROWTH.items():
        steps = [together(names, make(f"{kind}-{size}"), rounds) for size in sizes]
        series[kind] = {
            "sizes": list(sizes),
            "microseconds": {name: [step[name]["microseconds"] for step in steps] for name in names},
            "ratio": {name: [step[name]["ratio"] for step in steps] for name in names},
        }
        series[kind]["exponent"] = {
            name: exponent(sizes, times) for name, times in series[kind]["microseconds"].items()
        }
    return series


def exponent(sizes: Sequence[float], times: Sequence[float]) -> float:
    """p of time ∝ sizeᵖ: the slope of a line through the logarithms, by least squares."""
    return round(float(np.polyfit(np.log(sizes), np.log(times), 1)[0]), 2)


# --- the whole run --------------------------------------------------------------------------------------


def machine() -> dict[str, Any]:
    """What the numbers depend on."""
    from importlib.metadata import version

    from threadpoolctl import threadpool_info

    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        models = [line.split(":")[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
        cpu = models[0] if models else cpu
    pools = [pool for pool in threadpool_info() if "architecture" in pool]
    kernels = {f"{pool['internal_api']} {pool['version']}": pool["architecture"] for pool in pools}
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "threads": 1,
        "blas": kernels,
        "python": platform.python_version(),
        "versions": {name: version(name) for name in ("numpy", "torch", "jax")},
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "load": round(os.getloadavg()[0], 1),
    }


def everything(names: Sequence[str], rounds: int, processes: int) -> dict[str, Any]:
    """All measurements, in the form of results/*.json."""
    results: dict[str, Any] = {"machine": machine(), "rounds": rounds, "processes": processes}
    results["together"] = {name: together(names, make(name), rounds) for name in MAIN}
    results["alone"] = {name: alone(names, name, processes) for name in MAIN}
    results["memory"] = memory(names)
    results["import"] = imports(names, processes)
    results["start"] = start(names, processes)
    results["growth"] = growth([name for name in names if name in GROWING], max(2, rounds // 4))
    return results
