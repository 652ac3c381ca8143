"""What is measured in fresh processes: a contender alone, its memory, its start, another kernel of OpenBLAS."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import contenders
from benchmarks.contenders import LIBRARY
from benchmarks.measure import calibrate, seconds, slice_of, summary
from benchmarks.workloads import make

ROOT = Path(__file__).parent.parent
MEMORY_STEPS = 10  # after so many steps a process's peak memory is read
ALONE = 2.0  # seconds of slices in a process of its own

# One thread each, set before any library is loaded: libraries read these once.
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NPROC": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false",
}


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
    repeats, until = calibrate(program), time.monotonic() + ALONE
    slices = [slice_of(program, repeats)[0]]
    while time.monotonic() < until:
        slices.append(slice_of(program, repeats)[0])
    return {"seconds": statistics.median(slices)}


def in_a_process(kind: str, contender: str, workload: str) -> dict[str, float]:
    """Run `child` in a fresh process."""
    start = time.monotonic()
    result = _benchmarks("child", kind, contender, workload)
    return result | ({"seconds": result["done"] - start} if kind == "start" else {})


def alone(names: Sequence[str], workload: str, rounds: int) -> dict[str, dict[str, float]]:
    """Each in a fresh process, in turn: sharing one hides what a library costs the memory system."""
    names = contenders.able(names, make(workload))
    times: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(rounds):
        for name in names:
            times[name].append(in_a_process("alone", name, workload)["seconds"])
    return summary(times)


def memory(names: Sequence[str], workload: str) -> dict[str, float]:
    """Peak memory of a process that does MEMORY_STEPS steps, in megabytes."""
    names = contenders.able(names, make(workload))
    return {name: round(in_a_process("memory", name, workload)["megabytes"], 1) for name in names}


def start(names: Sequence[str], rounds: int) -> dict[str, float]:
    """Seconds from starting Python to the end of the first training step of W1; the fastest of several."""
    names = contenders.able(names, make("W1"))
    return {name: round(min(in_a_process("start", name, "W1")["seconds"] for _ in range(rounds)), 3) for name in names}


def imports(names: Sequence[str], rounds: int) -> dict[str, float]:
    """Seconds that Python takes to import each contender's library, in a fresh process; the fastest of several."""
    names = contenders.able(names, make("W1"))
    return {name: round(min(import_seconds(LIBRARY[name]) for _ in range(rounds)), 3) for name in names}


def import_seconds(library: str) -> float:
    """The time of one import in a fresh process, without the start of Python itself."""
    program = f"import time; start = time.perf_counter(); import {library}; print(time.perf_counter() - start)"
    return float(subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True).stdout)


def with_kernel(kernel: str, names: Sequence[str], workload: str, rounds: int) -> dict[str, dict[str, float]]:
    """`together`, with OpenBLAS told which kernel to use; it reads that once, when it is loaded."""
    options = ["--workloads", workload, "--rounds", str(rounds), "--contenders", *names]
    return _benchmarks("together", *options, OPENBLAS_CORETYPE=kernel)[workload]


def _benchmarks(*arguments: str, **environment: str) -> Any:
    """What this command prints in a process of its own."""
    command = [sys.executable, "-m", "benchmarks", *arguments]
    settings = os.environ | ONE_THREAD | environment
    answer = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True, env=settings).stdout
    return json.loads(answer[answer.index("{") :])
