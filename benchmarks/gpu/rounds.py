"""Turns, ratios, and what the machine is."""

from __future__ import annotations

import math
import os
import platform
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch

PEAKS = {"H100": 989e12, "H200": 989e12, "A100": 312e12}  # dense bfloat16 FLOP/s, by the makers' data sheets


@dataclass
class Slice:
    """A piece of work: `run` does it, `units` (tokens, pictures, steps) say how much it is."""

    run: Callable[[], object]
    units: int


def finish() -> None:
    """Wait until the GPU has done everything that it was given."""
    if torch.cuda.is_available():
        torch.cuda.synchronize()


def seconds(run: Callable[[], object]) -> float:
    """The time of a piece of work, to its end on the GPU."""
    finish()
    start = time.perf_counter()
    run()
    finish()
    return time.perf_counter() - start


def repeated(run: Callable[[], object], least: float) -> Slice:
    """So many runs that they take `least` seconds."""
    run()
    n = max(1, math.ceil(least / seconds(run)))

    def several() -> None:
        for _ in range(n):
            run()

    return Slice(several, n)


def in_turn(slices: dict[str, Slice], base: str, rounds: int) -> dict[str, dict[str, float]]:
    """For each contender the units per second, and the median and quartiles of its speed relative to `base`.

    A speed above 1 is faster than `base`; it is taken within each round. Everything runs once before the first round:
    there it is compiled.
    """
    for piece in slices.values():
        piece.run()
    rates: dict[str, list[float]] = {name: [] for name in slices}
    order = list(slices)
    for _ in range(rounds):
        order = order[1:] + order[:1]  # nobody always runs after the same neighbour
        for name in order:
            rates[name].append(slices[name].units / seconds(slices[name].run))
    results = {}
    for name, own in rates.items():
        ratios = [a / b for a, b in zip(own, rates[base], strict=True)]
        low, middle, high = statistics.quantiles(ratios, n=4, method="inclusive") if rounds > 1 else ratios * 3
        results[name] = {
            "per_second": round(statistics.median(own), 1),
            "speed": round(middle, 4),
            "low": round(low, 4),
            "high": round(high, 4),
            "rounds": rounds,
        }
    return results


def peak() -> float | None:
    """What the GPU can do at most in bfloat16, FLOP/s, where it is known."""
    if not torch.cuda.is_available():
        return None
    name = torch.cuda.get_device_name()
    return next((rate for part, rate in PEAKS.items() if part in name), None)


def machine() -> dict[str, Any]:
    """What the numbers depend on."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    models = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    there = {"cpu": models[0] if models else platform.processor(), "cores": os.cpu_count()}
    if torch.cuda.is_available():
        there |= {
            "gpu": torch.cuda.get_device_name(),
            "gpus": torch.cuda.device_count(),
            "gpu_memory_gb": round(torch.cuda.get_device_properties(0).total_memory / 1e9, 1),
            "driver": _driver(),
            "cuda": torch.version.cuda,
            "cudnn": torch.backends.cudnn.version(),
        }
    return there | {
        "threads": torch.get_num_threads(),
        "python": platform.python_version(),
        "versions": {"numpy": np.__version__, "torch": torch.__version__},
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
    }


def _driver() -> str | None:
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return None
    command = [tool, "--query-gpu=driver_version", "--format=csv,noheader"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.split("\n")[0] or None
