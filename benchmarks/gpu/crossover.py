"""The book's own networks in NumPy and PyTorch on the CPU, and on the GPU: from which batch on is which faster?"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

import numpy as np
import torch

import nnlib.numpy
import nnlib.torch
from benchmarks.gpu.rounds import in_turn, repeated

BATCHES = {
    "MLP 784-256-128-10": (1, 4, 16, 64, 256, 1024, 4096),
    "LeNet, 28 × 28": (1, 4, 16, 64, 256, 1024),
    "GPT, 4 layers, d 128, 64 symbols": (1, 4, 16, 64, 256),
}
TOLERANCE = 1e-3


def build(name: str, engine: ModuleType) -> tuple[Any, Callable[[Any, Any], Any]]:
    """A network, and its loss."""
    engine.manual_seed(0)
    F, models = engine.functional, engine.models
    if name.startswith("MLP"):
        return models.MLP(784, 256, 128, 10), F.cross_entropy
    if name.startswith("LeNet"):
        return models.LeNet(), F.cross_entropy
    gpt = models.GPT(65, 64, 128, 4, 4)
    return gpt, lambda z, y: F.cross_entropy(z.reshape(-1, 65), y.reshape(-1))


def data(name: str, batch: int) -> tuple[np.ndarray, np.ndarray]:
    """Random examples."""
    rng = np.random.default_rng(0)
    if name.startswith("GPT"):
        return rng.integers(65, size=(batch, 64)), rng.integers(65, size=(batch, 64))
    shape = (784,) if name.startswith("MLP") else (1, 28, 28)
    return rng.standard_normal((batch, *shape), dtype=np.float32), rng.integers(10, size=batch)


def steps(name: str, batch: int, device: torch.device) -> dict[str, Callable[[], float]]:
    """A training step of each contender, all from the same weights."""
    x, y = data(name, batch)
    by_hand, loss = build(name, nnlib.numpy)
    made = {"NumPy": step(nnlib.numpy, by_hand, loss, nnlib.numpy.tensor(x), nnlib.numpy.tensor(y))}
    places = {"PyTorch, CPU": torch.device("cpu")} | ({"PyTorch, GPU": device} if device.type == "cuda" else {})
    for title, place in places.items():
        model, loss = build(name, nnlib.torch)
        model.load_state_dict(nnlib.torch.tensors(by_hand.state_dict()))
        a, b = (torch.tensor(array, device=place) for array in (x, y))
        made[title] = step(nnlib.torch, model.to(place), loss, a, b)
    return made


def step(engine: ModuleType, model: Any, loss: Callable, x: Any, y: Any) -> Callable[[], Any]:
    """The same program for both engines."""
    optimizer = engine.optim.AdamW(model.parameters(), lr=1e-4)

    def run() -> Any:
        error = loss(model(x), y)
        optimizer.zero_grad()
        error.backward()
        optimizer.step()
        return error

    return run


def check(made: dict[str, Callable[[], Any]]) -> float:
    """The largest relative difference between the losses of the first two steps.

    Raises:
        ArithmeticError: it is more than rounding explains.
    """
    losses = {name: [run().item() for _ in range(2)] for name, run in made.items()}
    difference = max(abs(a - b) / abs(b) for own in losses.values() for a, b in zip(own, losses["NumPy"], strict=True))
    if not difference < TOLERANCE:
        raise ArithmeticError(f"the engines do not compute the same losses: {losses}")
    return difference


def crossing(sizes: Sequence[int], speeds: Sequence[float]) -> float | None:
    """The size at which a speed grows past 1, between two measured ones on a logarithmic scale; None if it never does.

    Example:
        >>> crossing([1, 4, 16], [0.5, 0.5, 2.0])
        8.0
    """
    above = [speed > 1 for speed in speeds]
    if above[0]:
        return float(sizes[0])
    if True not in above:
        return None
    i = above.index(True)
    share = -math.log(speeds[i - 1]) / math.log(speeds[i] / speeds[i - 1])
    return round(sizes[i - 1] * (sizes[i] / sizes[i - 1]) ** share, 1)


def measure(small: bool, device: torch.device, rounds: int) -> dict[str, Any]:
    """Steps per second over the batch, and where each contender overtakes NumPy."""
    torch.set_float32_matmul_precision("highest")  # NumPy has no TF32 either
    least = 0.0 if small else 0.02
    results = {}
    for name, batches in BATCHES.items():
        rows: dict[str, Any] = {}
        for batch in batches[:2] if small else batches:
            made = steps(name, batch, device)
            difference = check(made)
            rows[str(batch)] = in_turn({n: repeated(run, least) for n, run in made.items()}, "NumPy", rounds)
            rows[str(batch)]["difference"] = difference
        sizes = [int(batch) for batch in rows]
        others = [n for n in made if n != "NumPy"]
        found = {n: crossing(sizes, [row[n]["speed"] for row in rows.values()]) for n in others}
        results[name] = {"batches": rows, "faster_than_numpy_from": found}
    return results
