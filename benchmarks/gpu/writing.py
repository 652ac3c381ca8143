"""A GPT writes: symbols per second, with and without a cache of keys and values."""

from __future__ import annotations

from typing import Any

import torch

from benchmarks.gpu.language import Size
from benchmarks.gpu.rounds import Slice, in_turn
from nnlib.torch.models.generation import KVCache


def measure(size: Size, device: torch.device, rounds: int) -> dict[str, Any]:
    """For one text, and for many at once.

    Raises:
        ArithmeticError: the cache changes what the network computes.
    """
    prompt, new, many = (16, 128, 32) if size.T > 200 else (4, 8, 2)
    model = size.model().to(device).eval()
    results: dict[str, Any] = {"prompt": prompt, "new": new, "difference": check(size, device)}
    if device.type == "cuda":
        model = model.bfloat16()
    for texts in (1, many):
        ids = torch.zeros(texts, prompt, dtype=torch.int64, device=device)
        slices = {
            name: Slice(lambda c=cache, i=ids: model.generate(i, new, use_cache=c, temperature=0), texts * new)
            for name, cache in (("without a cache", False), ("with a cache", True))
        }
        results[f"{texts} at once"] = in_turn(slices, "without a cache", rounds)
    return results


def check(size: Size, device: torch.device) -> float:
    """How far the logits with a cache are from those without, relative to the largest, in float32."""
    model = size.model().to(device).eval()
    ids = torch.randint(size.vocabulary, (2, 12), generator=torch.Generator().manual_seed(0)).to(device)
    with torch.no_grad():
        whole, cache = model(ids), KVCache(12)
        parts = torch.cat([model(ids[:, :7], cache), model(ids[:, 7:8], cache), model(ids[:, 8:], cache)], dim=1)
    difference = ((whole - parts).abs().max() / whole.abs().max()).item()
    if not difference < 1e-4:
        raise ArithmeticError(f"with a cache the logits differ by {difference:.1e} of the largest")
    return difference
