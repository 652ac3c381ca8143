"""Shakespeare by character: GPT against an LSTM of as many weights, in equal time, and against counting and gzip."""

from __future__ import annotations

import gzip
import lzma
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor

from nnlib.data import CharTokenizer, consecutive_passages, load_shakespeare, random_passages, split_texts
from nnlib.runs.loop import train
from nnlib.torch import functional as F
from nnlib.torch import manual_seed, models, nn
from nnlib.torch.train import Settings

NETWORKS = ("gpt.py", "generation.py", "charrnn.py")
WINDOW, BATCH, SEED = 128, 16, 0
HELD_OUT = 100_000  # characters of the test plays that all are measured on
# Steps are chosen such that both take the same processor time on the machine of the stored result.
STEPS = {"GPT": 1500, "LSTM": 3150}
RATES = {"GPT": 3e-3, "LSTM": 4e-3}
PROMPT = "\n\nROMEO:\n"
TEMPERATURES = [round(0.1 * i, 1) for i in range(16)]
CONTEXTS = ["To be, or not to b", "To be, or not to be", "My lord, I will not ", "Q"]


def network(name: str, symbols: int) -> nn.Module:
    """Both have about 356,000 weights."""
    if name == "GPT":
        return models.GPT(symbols, WINDOW, d=96, layers=3, heads=4)
    return models.CharRNN(symbols, d=144, layers=2)


def scores(model: nn.Module, ids: Tensor, state: Any = None) -> tuple[Tensor, Any]:
    """Logits (N, T, V), and for a recurrent network its state."""
    return (model(ids), None) if isinstance(model, models.GPT) else model(ids, state)


def error(model: nn.Module, batch: tuple[np.ndarray, np.ndarray], device: str) -> Tensor:
    """The mean over all characters of a batch, in nats."""
    x, y = (torch.tensor(part, device=device) for part in batch)
    return F.cross_entropy(scores(model, x)[0].flatten(0, 1), y.flatten())


def passages(ids: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Batches from anywhere in the text, without end."""
    rng = np.random.default_rng(SEED)
    while True:
        yield random_passages(ids, WINDOW, BATCH, rng=rng)


# -- bits per character


@torch.no_grad()
def bits(model: nn.Module, ids: np.ndarray, device: str) -> float:
    """Of a text. The LSTM reads all of it in order; the GPT sees the 65 to 128 characters before the one it guesses."""
    total, count = 0.0, 0
    if isinstance(model, models.GPT):
        half = WINDOW // 2
        starts = np.arange(0, len(ids) - WINDOW - 1, half)
        for some in np.array_split(starts, max(1, len(starts) // 64)):
            places = some[:, None] + np.arange(WINDOW)
            z = model(torch.tensor(ids[places], device=device))[:, half:]
            y = torch.tensor(ids[places + 1][:, half:], device=device)
            total, count = total + _sum(z, y), count + y.numel()
    else:
        state = None
        for x, y in consecutive_passages(ids, WINDOW, 10):
            z, state = model(torch.tensor(x, device=device), state)
            total, count = total + _sum(z, torch.tensor(y, device=device)), count + y.size
    return round(total / count / math.log(2), 4)


def _sum(z: Tensor, y: Tensor) -> float:
    return F.cross_entropy(z.flatten(0, 1), y.flatten(), reduction="sum").item()


@torch.no_grad()
def by_place(model: nn.Module, ids: np.ndarray, device: str) -> list[float]:
    """Bits for the first character of a window, for the second, and so on: after 1, 2, 3, ... characters."""
    starts = np.arange(0, len(ids) - WINDOW - 1, WINDOW)
    total = np.zeros(WINDOW)
    for some in np.array_split(starts, max(1, len(starts) // 64)):
        places = some[:, None] + np.arange(WINDOW)
        z = scores(model, torch.tensor(ids[places], device=device))[0]
        y = torch.tensor(ids[places + 1], device=device)
        total += F.cross_entropy(z.swapaxes(1, 2), y, reduction="none").sum(0).double().cpu().numpy()
    return [round(b, 3) for b in (total / len(starts) / math.log(2)).tolist()]


def counted(learn: np.ndarray, ids: np.ndarray, symbols: int, before: int) -> float:
    """Bits per character if the next one is guessed from how often it followed the `before` last ones.

    Each count begins at a tenth, so that nothing is impossible.
    """
    counts = np.full((symbols,) * (before + 1), 0.1)
    np.add.at(counts, tuple(learn[i : len(learn) - before + i] for i in range(before + 1)), 1)
    p = counts / counts.sum(axis=-1, keepdims=True)
    return round(float(-np.log2(p[tuple(ids[i : len(ids) - before + i] for i in range(before + 1))]).mean()), 4)


def compressed(learn: str, text: str) -> dict[str, float]:
    """Bits per character of gzip; and of xz if it has read the other plays before."""
    pack = {"format": lzma.FORMAT_RAW, "filters": [{"id": lzma.FILTER_LZMA2, "preset": 9, "dict_size": 1 << 24}]}
    both, alone = (len(lzma.compress(part.encode(), **pack)) for part in (learn + text, learn))
    return {
        "gzip": round(8 * len(gzip.compress(text.encode(), 9)) / len(text), 4),
        "xz": round(8 * (both - alone) / len(text), 4),
    }


# -- what a trained network writes


@torch.no_grad()
def write(model: nn.Module, tokens: CharTokenizer, prompt: str, new: int, temperature: float, device: str) -> str:
    """The text that follows the prompt; each text is drawn with the same seed."""
    generator = torch.Generator(device=device).manual_seed(SEED)
    ids = torch.tensor(tokens.encode(prompt)[None], device=device)
    found = model.generate(ids, new, temperature=temperature, generator=generator)
    return tokens.decode(found[0, ids.shape[1] :].cpu().numpy())


@torch.no_grad()
def guesses(model: nn.Module, tokens: CharTokenizer, context: str, device: str) -> dict[str, float]:
    """The logit of every symbol as the next one after a context."""
    z = scores(model, torch.tensor(tokens.encode(context)[None], device=device))[0][0, -1].double().cpu().numpy()
    return {symbol: round(float(z[i]), 3) for i, symbol in enumerate(tokens.symbols)}


def one(name: str, texts: dict[str, np.ndarray], tokens: CharTokenizer, device: str, steps: int) -> dict[str, Any]:
    """Train one network; measure and let it write on the way and at the end."""
    manual_seed(SEED)
    model = network(name, len(tokens)).to(device)
    settings = Settings(
        steps=steps, batch_size=BATCH, lr=RATES[name], warm_up=min(100, steps // 5), final_lr=0.05, weight_decay=0.1
    )
    at = sorted({0, *(int(steps * share) for share in (0.03, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1))})
    record = train(
        model, lambda batch: error(model, batch, device), passages(texts["learn"]), settings,
        lambda: {
            "bits": bits(model, texts["validation"], device),
            "text": write(model, tokens, PROMPT, 120, 0.7, device),
        }, at,
    )  # fmt: skip
    model.eval()
    return {
        "weights": sum(p.numel() for p in model.parameters()),
        **record,
        "bits": bits(model, texts["test"], device),
        "by_place": by_place(model, texts["test"], device),
        "samples": {str(t): write(model, tokens, PROMPT, 120, t, device) for t in TEMPERATURES},
        "guesses": {context: guesses(model, tokens, context, device) for context in CONTEXTS},
    }


def load() -> tuple[CharTokenizer, dict[str, str]]:
    """Whole plays are held out."""
    plays = load_shakespeare()
    learn, validation, last = split_texts(plays, (0.8, 0.1, 0.1), seed=0)
    return CharTokenizer.train(plays.texts), {
        "learn": learn.text, "validation": validation.text[:20_000], "test": last.text[:HELD_OUT],
    }  # fmt: skip


def run(device: str = "cpu", scale: float = 1.0) -> dict[str, Any]:
    """All of it."""
    torch.set_num_threads(1)
    tokens, texts = load()
    ids = {part: tokens.encode(text) for part, text in texts.items()}
    baselines = {
        "uniform": round(math.log2(len(tokens)), 4),
        "letters": counted(ids["learn"], ids["test"], len(tokens), 0),
        "bigram": counted(ids["learn"], ids["test"], len(tokens), 1),
        "trigram": counted(ids["learn"], ids["test"], len(tokens), 2),
    } | compressed(texts["learn"], texts["test"])
    print(baselines, flush=True)
    found = {}
    for name, steps in STEPS.items():
        found[name] = one(name, ids, tokens, device, int(scale * steps))
        print(name, found[name]["seconds"], found[name]["bits"], flush=True)
    characters = {part: len(text) for part, text in texts.items()}
    return {"characters": characters, "window": WINDOW, "batch": BATCH, "seed": SEED, "rates": RATES} | {
        "baselines": baselines, "runs": found,
    }  # fmt: skip
