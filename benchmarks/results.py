"""The whole measurement of a workload, a growing series or the start, and where it is kept: results/<name>.json."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.measure import BASE, exponent, together
from benchmarks.processes import ROOT, alone, imports, memory, start, with_kernel
from benchmarks.workloads import GROWTH, MAIN, make

FOLDER = ROOT / "benchmarks" / "results"
START = "start"
NAMES = (*MAIN, *GROWTH, START)
GROWING = ("nnlib", "torch", "torch_functional", "jax")  # whose growth is measured: compiling every size takes long
BEYOND = "SkylakeX"  # OpenBLAS's kernel for AVX-512, which it does not choose on every processor that could run it


def measure(name: str, names: Sequence[str], rounds: int, processes: int) -> dict[str, Any]:
    """Everything about one workload, one growing series, or the start."""
    if name == START:
        found: dict[str, Any] = {"import": imports(names, processes), "start": start(names, processes)}
    elif name in GROWTH:
        found = growth(name, [n for n in names if n in GROWING], rounds)
    else:
        found = {
            "together": together(names, make(name), rounds),
            "alone": alone(names, name, processes),
            "memory": memory(names, name),
        }
        if _has_avx512() and "nnlib" in names:
            found["beyond"] = with_kernel(BEYOND, ["nnlib", BASE], name, rounds)["nnlib"]
    return {"machine": machine(), "rounds": rounds, "processes": processes} | found


def growth(kind: str, names: Sequence[str], rounds: int) -> dict[str, Any]:
    """Time and peak memory of a step as one size grows, and the exponent p of time ∝ sizeᵖ."""
    sizes = GROWTH[kind]
    steps = [together(names, make(f"{kind}-{size}"), rounds) for size in sizes]
    peaks = [memory(["nnlib", BASE], f"{kind}-{size}") for size in sizes]
    microseconds = {name: [step[name]["microseconds"] for step in steps] for name in steps[0]}
    return {
        "sizes": list(sizes),
        "microseconds": microseconds,
        "ratio": {name: [step[name]["ratio"] for step in steps] for name in steps[0]},
        "exponent": {name: exponent(sizes, times) for name, times in microseconds.items()},
        "last_exponent": {name: exponent(sizes[-2:], times[-2:]) for name, times in microseconds.items()},
        "memory": {name: [peak[name] for peak in peaks] for name in peaks[0]},
    }


def machine() -> dict[str, Any]:
    """What the numbers depend on."""
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


def store(name: str, result: dict[str, Any]) -> None:
    """Keep a result: a number that cannot be traced to its machine and command is worth nothing."""
    (FOLDER / f"{name}.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def load() -> dict[str, dict[str, Any]]:
    """All results that are there, by name."""
    files = {name: FOLDER / f"{name}.json" for name in NAMES}
    return {name: json.loads(file.read_text(encoding="utf-8")) for name, file in files.items() if file.exists()}


def _has_avx512() -> bool:
    info = Path("/proc/cpuinfo")
    return info.exists() and "avx512f" in info.read_text()
