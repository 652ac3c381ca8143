"""Train a network for a number of steps, look at it now and then, and keep what was found."""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import platform
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from nnlib.runs import RESULTS
from nnlib.torch import nn
from nnlib.torch.train import Settings, adamw, learning_rate
from nnlib.torch.train.optimizer import set_learning_rate

SHOWN = 20  # losses of the first steps that are kept, and that the tests compute again


def train(
    model: nn.Module,
    loss: Callable[[Any], Tensor],
    batches: Iterable[Any],
    settings: Settings,
    look: Callable[[], dict[str, Any]],
    at: Iterable[int],
) -> dict[str, Any]:
    """Train with AdamW; `look` is called after the steps `at`. Seconds are of training alone, not of looking.

    Returns:
        first: the losses of the first steps; steps; seconds; looks: what `look` saw, with step and seconds.
    """
    optimizer, at = adamw(model, settings), set(at)
    first, looks, spent, step = [], [], 0.0, 0
    feed = iter(batches)
    while True:
        if step in at:
            model.eval()
            looks.append({"step": step, "seconds": round(spent, 1), **look()})
            model.train()
        if step == settings.steps:
            break
        batch, begin = next(feed), _clock(model)
        set_learning_rate(optimizer, learning_rate(step, settings))
        error = loss(batch)
        optimizer.zero_grad()
        error.backward()
        nn.utils.clip_grad_norm_(model.parameters(), settings.clip)
        optimizer.step()
        spent, step = spent + _clock(model) - begin, step + 1
        if step <= SHOWN:
            first.append(round(error.item(), 5))
    return {"first": first, "steps": step, "seconds": round(spent), "looks": looks}


def _clock(model: nn.Module) -> float:
    """Seconds that this process computed; on a GPU, seconds that passed."""
    device = next(model.parameters()).device
    if device.type == "cpu":
        return time.process_time()
    getattr(torch, device.type).synchronize()
    return time.perf_counter()


def fingerprint(name: str) -> str:
    """Of the code of a run: its module, this one, and the networks that it trains."""
    run = importlib.import_module(f"nnlib.runs.{name}")
    folder = Path(__file__).parent
    files = [folder / "loop.py", folder / f"{name}.py"]
    files += [folder.parent / "torch" / "models" / file for file in run.NETWORKS]
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:16]


def store(name: str, found: dict[str, Any], *, device: str, scale: float, keep: bool = True) -> None:
    """Keep a result with all that it depends on."""
    result = {
        "command": f"python -m nnlib.runs {name}"
        + (f" --device {device}" if device != "cpu" else "")
        + (f" --scale {scale:g}" if scale != 1 else ""),
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "machine": _machine(device),
        "versions": {"python": platform.python_version()} | {p: version(p) for p in ("numpy", "torch")},
        "code": fingerprint(name),
    } | found
    text = json.dumps(result, indent=1, ensure_ascii=False) + "\n"
    if keep:
        (RESULTS / f"{name}.json").write_text(text, encoding="utf-8")
    else:
        print(text)


def _machine(device: str) -> str:
    if device != "cpu":
        return torch.cuda.get_device_name() if device.startswith("cuda") else device
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    models = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return f"{(models or [platform.machine()])[0]}, {torch.get_num_threads()} of {os.cpu_count()} cores"
