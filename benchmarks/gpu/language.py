"""GPT-2 with 124 million weights: tokens per second, and the share of what the GPU could do."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel

from benchmarks.gpu.gate import Paused
from benchmarks.gpu.plain import PlainGPT, language_step
from benchmarks.gpu.rounds import Slice, in_turn, peak
from nnlib.torch import functional as F
from nnlib.torch import models, nn, optim
from nnlib.torch.train import Settings, Windows, decay_groups


@dataclass(frozen=True)
class Size:
    """The network, and how much of it is trained at once."""

    vocabulary: int = 50304  # GPT-2's 50257, rounded up to a multiple of 64
    T: int = 1024
    d: int = 768
    layers: int = 12
    heads: int = 12
    batch: int = 480  # sequences in a step of the main comparison: nanoGPT's 12 × 40
    plain_micro: int = 12
    micro: int = 32
    without_batch: int = 32  # where one thing each is left out, a step is one micro-batch
    micros: tuple[int, ...] = (8, 16, 32, 64)
    compile: str = "inductor"

    def model(self) -> nn.Module:
        """The network, always with the same weights."""
        torch.manual_seed(0)
        return models.GPT(self.vocabulary, self.T, self.d, self.layers, self.heads)


SMALL = Size(97, 16, 16, 2, 2, batch=8, plain_micro=2, micro=4, without_batch=4, micros=(2, 4), compile="eager")


def flop_per_token(model: nn.Module, size: Size) -> int:
    """6 N + 12 layers d T: forward and backward through N weights without the positions, and attention.

    Source: Chowdhery et al. (2022), appendix B; nanoGPT counts alike.
    """
    weights = sum(p.numel() for p in model.parameters()) - model.position.weight.numel()
    return 6 * weights + 12 * size.layers * size.d * size.T


def token_loss(z: Tensor, y: Tensor) -> Tensor:
    """The mean over all positions."""
    return F.cross_entropy(z.flatten(0, 1), y.flatten())


class WrittenOut(nn.Module):
    """A network whose attention follows its definition: all T × T scores are in memory."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: Tensor) -> Tensor:
        with sdpa_kernel(SDPBackend.MATH):
            return self.model(ids)


def ours(size: Size, tokens: Tensor, device: torch.device, batch: int, micro: int, **changes: Any) -> Paused:
    """Our loop with our network, at its best settings unless some are changed."""
    model, options = size.model(), {}
    if changes.pop("attention", None) == "written out":
        model = WrittenOut(model)
    if changes.pop("optimizer", None) == "not fused":
        options["optimizer"] = lambda m: optim.AdamW(decay_groups(m, 0.1), lr=6e-4, betas=(0.9, 0.95), fused=False)
    given = {"lr": 6e-4, "precision": "bfloat16", "compile": size.compile, "log_every": 10} | changes
    settings = Settings(
        steps=10**6,
        batch_size=batch,
        accumulate=batch // micro,
        device=str(device),
        progress=False,
        warm_up=100,
        **given,
    )
    return Paused(model, token_loss, Windows(tokens, size.T), settings, **options)


def check(size: Size, tokens: Tensor, device: torch.device) -> float:
    """How far the losses of the two networks are apart, relatively, in float32 at the same weights.

    Raises:
        ArithmeticError: further than rounding explains.
    """
    model = size.model().to(device)
    plain = PlainGPT(model).to(device)
    x, y = (a.to(device) for a in Windows(tokens, size.T).__getitems__([0, 1]))
    with torch.no_grad():
        a, b = token_loss(model(x), y).item(), plain(x, y).item()
    difference = abs(a - b) / b
    if not difference < 1e-4:
        raise ArithmeticError(f"our network's loss is {a}, the plain one's {b}: they do not compute the same")
    return difference


def measure(size: Size, device: torch.device, rounds: int) -> dict[str, Any]:
    """Our loop and the plain one; then ours without one thing each, and with other micro-batches."""
    torch.set_float32_matmul_precision("high")  # as nanoGPT does, for all
    generator = torch.Generator().manual_seed(0)
    tokens = torch.randint(size.vocabulary, (max(4 * size.batch * size.T, 100_000),), generator=generator).to(
        torch.int32
    )
    model = size.model()
    results = {
        "network": f"GPT, {sum(p.numel() for p in model.parameters()):,} weights, {size.T} tokens a sequence",
        "flop_per_token": flop_per_token(model, size),
        "peak_flop_per_second": peak(),
        "difference": check(size, tokens, device),
    }
    step = language_step(
        PlainGPT(copy.deepcopy(model)), tokens, size.T, size.plain_micro, size.batch // size.plain_micro, device,
        size.compile,
    )  # fmt: skip
    main = {
        "plain loop, nanoGPT's settings": step,
        "our loop, micro-batches as there": ours(size, tokens, device, size.batch, size.plain_micro),
        "our loop": ours(size, tokens, device, size.batch, size.micro),
    }
    results["loops"] = _compare(main, "plain loop, nanoGPT's settings", dict.fromkeys(main, size.batch), size, rounds)
    best, batch = "our loop", size.without_batch
    changes = {
        best: {},
        "not compiled": {"compile": False},
        "float32 (TF32)": {"precision": "float32"},
        "attention written out": {"attention": "written out"},
        "AdamW not fused": {"optimizer": "not fused"},
    }
    without = _built({n: lambda c=c: ours(size, tokens, device, batch, batch, **c) for n, c in changes.items()})
    results["without"] = _compare(without, best, dict.fromkeys(without, batch), size, rounds)
    sizes = {f"micro-batches of {n}": n for n in size.micros}
    micros = _built({name: lambda n=n: ours(size, tokens, device, n, n) for name, n in sizes.items()})
    results["micro_batches"] = _compare(micros, next(iter(micros)), sizes, size, rounds)
    return results


def _built(makers: dict[str, Callable[[], Paused]]) -> dict[str, Paused | str]:
    """What could be made and does one step; a text for what did not fit into memory."""
    made: dict[str, Paused | str] = {}
    for name, make in makers.items():
        try:
            made[name] = make()
            made[name].step()
        except torch.OutOfMemoryError:
            made[name] = "out of memory"
            torch.cuda.empty_cache()
    return made


def _compare(contenders: dict[str, Any], base: str, batches: dict[str, int], size: Size, rounds: int) -> dict[str, Any]:
    running = {name: c for name, c in contenders.items() if not isinstance(c, str)}
    slices = {
        name: Slice(c.step if isinstance(c, Paused) else c, batches[name] * size.T) for name, c in running.items()
    }
    results: dict[str, Any] = in_turn(slices, base, rounds)
    if peak() is not None:
        flop = flop_per_token(size.model(), size)
        for name in results:
            results[name]["mfu"] = round(results[name]["per_second"] * flop / peak(), 4)
    for contender in running.values():
        if isinstance(contender, Paused):
            contender.close()
    return results | {name: {"failed": c} for name, c in contenders.items() if isinstance(c, str)}
