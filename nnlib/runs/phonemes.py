"""From spelling to phonemes: the Transformer against recurrent networks with attention, equal weights, equal time."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor

from nnlib.data import CharTokenizer, Dataset, WordTokenizer, length_batches, load_pronunciations, pad, split
from nnlib.runs.loop import train
from nnlib.torch import functional as F
from nnlib.torch import manual_seed, models, nn
from nnlib.torch.train import Settings

NETWORKS = ("transformer.py", "seq2seq.py")
PAD, BEGIN, END = 0, 1, 2
BATCH, MOST = 64, 20  # examples in a batch; phonemes at most
SEEDS = (0, 1, 2)
# Steps are chosen such that both take the same processor time on the machine of the stored result.
STEPS = {"Transformer": 2200, "recurrent": 2850}
LR = 6e-3  # for both: 3e-3 and 6e-3 were tried


def network(name: str) -> nn.Module:
    """Both have about 245,000 weights."""
    if name == "recurrent":
        return models.Seq2Seq(27, 72, d=128)
    model = models.Transformer(27, 72, d=64, layers=2, heads=4)
    if name == "no positions":
        model.position = nn.Identity()
    return model


class Words:
    """Words and their phonemes as numbers, and which pronunciations of a word are right."""

    def __init__(self, data: Dataset, letters: CharTokenizer, phonemes: WordTokenizer) -> None:
        self.letters = [letters.encode(word) for word in data.x.tolist()]
        self.phonemes = [np.concatenate([[BEGIN], phonemes.encode(said), [END]]) for said in data.y.tolist()]
        self.lengths = np.array([len(word) for word in self.letters])
        self.spelled = dict(zip(data.x.tolist(), self.letters, strict=True))
        self.right: dict[str, set[str]] = {word: set() for word in data.x.tolist()}
        for word, said in zip(data.x.tolist(), data.y.tolist(), strict=True):
            self.right[word].add(said)
        self.decode = phonemes.decode

    def batch(self, places: Any, device: str) -> tuple[Tensor, ...]:
        """Letters (N, S), lengths (N,), phonemes (N, T + 1), from "begin" to "end"."""
        source, lengths = pad([self.letters[i] for i in places], PAD)
        target, _ = pad([self.phonemes[i] for i in places], PAD)
        return torch.tensor(source, device=device), torch.tensor(lengths), torch.tensor(target, device=device)

    def batches(self, seed: int, device: str) -> Iterator[tuple[Tensor, ...]]:
        """Without end, epoch after epoch; words of a batch are about equally long."""
        rng = np.random.default_rng(seed)
        while True:
            for places in length_batches(self.lengths, BATCH, rng=rng):
                yield self.batch(places, device)


def load() -> tuple[Words, Words, Words]:
    """To learn from, to look at while learning, and to test: no word is in two of them."""
    data = load_pronunciations()
    letters = CharTokenizer("abcdefghijklmnopqrstuvwxyz", ("<pad>",))
    phonemes = WordTokenizer.train(data.y.tolist(), ("<pad>", "<begin>", "<end>"))
    return tuple(Words(part, letters, phonemes) for part in split(data, (0.9, 0.05, 0.05), seed=0))


def error(model: nn.Module, batch: tuple[Tensor, ...]) -> Tensor:
    """The mean over all phonemes of a batch, each "end" among them."""
    source, lengths, target = batch
    scores = model(source, target[:, :-1], lengths)
    return F.cross_entropy(scores.flatten(0, 1), target[:, 1:].flatten(), ignore_index=PAD)


@torch.no_grad()
def validate(model: nn.Module, words: Words, device: str) -> float:
    """The mean error of the first thousand words."""
    return float(np.mean([error(model, words.batch(range(i, i + 100), device)).item() for i in range(0, 1000, 100)]))


@torch.no_grad()
def test(model: nn.Module, words: Words, device: str, count: int = 3000) -> dict[str, Any]:
    """Write words, always with the likeliest next phoneme; a word is right if the dictionary has it so."""
    chosen, written = list(words.right)[:count], []
    for i in range(0, count, 100):
        source, lengths = pad([words.spelled[word] for word in chosen[i : i + 100]], PAD)
        ids = model.generate(torch.tensor(source, device=device), BEGIN, END, MOST, torch.tensor(lengths))
        written += [words.decode(itertools.takewhile(lambda n: n != END, row)) for row in ids.tolist()]
    right = np.array([said in words.right[word] for word, said in zip(chosen, written, strict=True)])
    size = np.array([len(word) for word in chosen])
    return {
        "right": round(float(right.mean()), 4),
        "by_length": {str(n): round(float(right[size == n].mean()), 3) for n in range(3, 13)},
        "examples": dict(zip(chosen[:12], written[:12], strict=True)),
    }


def one(name: str, seed: int, parts: tuple[Words, ...], device: str, steps: int) -> dict[str, Any]:
    """Train one network, look at it on the way, and test it at the end."""
    learn, held_out, last = parts
    manual_seed(seed)
    model = network(name).to(device)
    settings = Settings(
        steps=steps, batch_size=BATCH, lr=LR, warm_up=min(100, steps // 5), final_lr=0.05, weight_decay=0.01
    )
    record = train(
        model, lambda batch: error(model, batch), learn.batches(seed, device), settings,
        lambda: {"validation": round(validate(model, held_out, device), 4)}, range(0, steps + 1, max(1, steps // 10)),
    )  # fmt: skip
    model.eval()
    weights = sum(p.numel() for p in model.parameters())
    return {"weights": weights, "seed": seed} | record | test(model, last, device)


def run(device: str = "cpu", scale: float = 1.0) -> dict[str, Any]:
    """All of it."""
    torch.set_num_threads(1)
    parts, found = load(), {}
    for seed, (name, steps) in itertools.product(SEEDS, STEPS.items()):
        found.setdefault(name, []).append(one(name, seed, parts, device, int(scale * steps)))
        print(name, seed, found[name][-1]["seconds"], found[name][-1]["right"], flush=True)
    found["no positions"] = [one("no positions", 0, parts, device, int(scale * STEPS["Transformer"]))]
    return {"words": len(parts[0].letters), "batch": BATCH, "lr": LR, "runs": found}
