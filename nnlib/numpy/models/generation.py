"""Continue a text: draw the next symbol from a network's guess, append it, and guess again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnlib.numpy.autograd import Tensor, no_grad, quiet
from nnlib.numpy.random import generator


def sample(
    logits: np.ndarray,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    *,
    rng: np.random.Generator | None = None,
) -> np.ndarray:
    """One symbol for each row, drawn from softmax(logits / temperature).

    Shape: (N, V) -> (N,) whole numbers.

    Args:
        temperature: below 1 the likely become likelier, above 1 all become more alike; 0 always takes the likeliest.
        top_k: only the k likeliest may be drawn.
        top_p: only the fewest that together have probability p or more.
        rng: the source of the random numbers; by default the one that `manual_seed` sets.

    Raises:
        ValueError: an option is out of its range, or the logits are not (N, V) or hold NaN.

    Example:
        >>> sample(np.array([[0.0, 5.0, 1.0]]), temperature=0)
        array([1])

    Source: top-k: Fan, Lewis and Dauphin (2018); top-p: Holtzman et al. (2020).
    """
    if logits.ndim != 2:
        raise ValueError(f"sample draws from logits of shape (N, V), got {logits.shape}")
    if np.isnan(logits).any():
        raise ValueError("sample: logits are NaN, as they are when a network's weights have become NaN in training")
    if not temperature >= 0:
        raise ValueError(f"sample: the temperature must not be negative, got {temperature}")
    if top_k is not None and not (isinstance(top_k, int | np.integer) and top_k >= 1):
        raise ValueError(f"sample: top_k is a whole number of at least 1, got {top_k}")
    if top_p is not None and not 0 < top_p <= 1:
        raise ValueError(f"sample: top_p is a probability above 0, got {top_p}")
    if temperature == 0:
        return logits.argmax(axis=1)
    order = np.argsort(-logits, axis=1, kind="stable")  # likeliest first
    z = np.take_along_axis(logits, order, axis=1).astype(np.float64) / temperature
    p = np.exp(z - z[:, :1])
    if top_k is not None:
        p[:, top_k:] = 0
    p /= p.sum(axis=1, keepdims=True)
    if top_p is not None:  # those before which less than top_p has been collected
        p[np.cumsum(p, axis=1) - p >= top_p] = 0
    total = np.cumsum(p, axis=1)
    drawn = generator(rng).random((len(p), 1)) * total[:, -1:]
    place = (total <= drawn).sum(axis=1, keepdims=True)
    return np.take_along_axis(order, place, axis=1)[:, 0]


class KVCache:
    """The keys and values of all positions seen so far, so that a new position computes only its own.

    Args:
        length: for how many positions there is room.

    Attributes:
        used: how many positions it holds.

    Source: Shazeer (2019) names and measures what it saves.
    """

    def __init__(self, length: int) -> None:
        self.length, self.used = length, 0
        self._kept: dict[int, tuple[np.ndarray, np.ndarray]] = {}

    def extend(self, layer: Any, k: Tensor, v: Tensor) -> tuple[np.ndarray, np.ndarray]:
        """Append a layer's new keys and values, (N, heads, T, E); returns all of them, (N, heads, used + T, E)."""
        end = self.used + k.shape[2]
        if end > self.length:
            raise ValueError(f"KVCache has room for {self.length} positions, {end} are asked for: make it longer")
        if id(layer) not in self._kept:
            self._kept[id(layer)] = tuple(np.empty((*a.shape[:2], self.length, a.shape[3]), a.dtype) for a in (k, v))
        keys, values = self._kept[id(layer)]
        keys[:, :, self.used : end], values[:, :, self.used : end] = k.data, v.data
        return keys[:, :, :end], values[:, :, :end]


@quiet
@no_grad()
def generate(
    model: Callable,
    ids: np.ndarray,
    new: int,
    window: int,
    use_cache: bool = True,
    **options: Any,
) -> np.ndarray:
    """The ids (N, T), continued by `new` symbols.

    Args:
        model: called with ids and a KVCache or None, gives logits (N, T, V).
        window: how many positions the model can look at; beyond it, it looks at the last ones.
        use_cache: whether to keep keys and values, which is faster and gives the same.
        options: of `sample`.
    """
    if ids.ndim != 2 or ids.shape[1] == 0:
        raise ValueError(f"generate continues ids of shape (N, T) with T at least 1, got {ids.shape}")
    cache = KVCache(window) if use_cache and ids.shape[1] + new <= window + 1 else None
    for _ in range(new):
        seen = ids[:, -window:] if cache is None else ids[:, cache.used :]
        logits = model(seen, cache).data[:, -1]
        ids = np.concatenate([ids, sample(logits, **options)[:, None]], axis=1)
    return ids
