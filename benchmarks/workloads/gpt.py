"""Training a GPT, and letting it write."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.workloads import Workload, normal

VOCABULARY, WIDTH, HEADS = 65, 128, 4


@dataclass
class GPT(Workload):
    """A GPT whose head shares the embedding's weight, trained with AdamW; or a text that it writes.

    The parameters are those of `nnlib.numpy.models.GPT`, in its order; x holds symbols (N, T), or for writing the first
    one (1, 1); y the symbols that follow (N, T), or None for writing.

    Attributes:
        window: how many positions it looks at; it writes until they are full.
        layers: how many blocks it has.
        cache: whether it keeps keys and values while it writes.
        weight_decay: of AdamW.
    """

    network = "gpt"
    window: int = 64
    layers: int = 4
    cache: bool = False
    weight_decay: float = 0.1

    @property
    def sizes(self) -> dict[str, int]:
        """The arguments of `models.GPT`."""
        return {"vocabulary": VOCABULARY, "window": self.window, "d": WIDTH, "layers": self.layers, "heads": HEADS}

    @property
    def compared(self) -> list[int]:
        """Which gradients are compared: all but those of the keys' biases.

        Such a bias adds the same to all scores of a query, which changes none of its weights. Its gradient is 0, and
        what is computed for it is rounding.
        """
        keys = {2 + PER_BLOCK * block + KEY_BIAS for block in range(self.layers)}
        return [i for i in range(len(self.parameters)) if i not in keys]


# A block's parameters: norm1; query, key, value, out; norm2; expand, contract; weight and bias of each.
PER_BLOCK, KEY_BIAS = 16, 5


def make(name: str, size: int) -> GPT:
    """The workload of this name."""
    if name == "W4":
        return gpt("Training step, GPT of 4 layers, width 128, 64 symbols, batch 16", N=16)
    if name == "W7":
        return gpt("The same GPT writes 63 symbols, without a cache")
    if name == "W7c":
        return gpt("The same GPT writes 63 symbols, with a cache of keys and values", cache=True)
    if name == "length":
        return gpt(f"Training step, GPT of 2 layers, width 128, {size} symbols, batch 1", N=1, window=size, layers=2)
    return gpt(f"Training step, GPT of {size} layers, width 128, 64 symbols, batch 4", N=4, layers=size)


def gpt(title: str, N: int = 0, window: int = 64, layers: int = 4, cache: bool = False, seed: int = 0) -> GPT:
    """A network of this size, learning from N texts of noise; or, without any, writing."""
    rng, d = np.random.default_rng(seed), WIDTH

    def norm():
        return [1 + normal(rng, d, scale=0.1), normal(rng, d, scale=0.1)]

    def linear(n_in: int, n_out: int) -> list[np.ndarray]:
        return [normal(rng, n_out, n_in, scale=n_in**-0.5), normal(rng, n_out, scale=0.1)]

    parameters = [normal(rng, VOCABULARY, d, scale=0.1), normal(rng, window, d)]
    for _ in range(layers):
        attention = [array for _ in range(4) for array in linear(d, d)]
        parameters += [*norm(), *attention, *norm(), *linear(d, 4 * d), *linear(4 * d, d)]
    parameters += norm()
    x, y = rng.integers(0, VOCABULARY, (2, N, window)) if N else (np.zeros((1, 1), np.int64), None)
    return GPT(title, parameters, x, y, lr=1e-3, window=window, layers=layers, cache=cache)
