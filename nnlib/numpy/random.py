"""The one source of random numbers for layers that are not given their own `rng`."""

from __future__ import annotations

import numpy as np

_generator = np.random.default_rng()


def manual_seed(seed: int) -> np.random.Generator:
    """Begin the random numbers anew from `seed`: the same seed gives the same weights.

    Example:
        >>> first = manual_seed(0).random()
        >>> manual_seed(0).random() == first
        True
    """
    global _generator
    if not isinstance(seed, int | np.integer):
        raise TypeError(f"a seed is a whole number, got {seed!r}")
    _generator = np.random.default_rng(int(seed))
    return _generator


def generator(rng: np.random.Generator | None = None) -> np.random.Generator:
    """`rng` itself, or the shared generator when it is None."""
    if not isinstance(rng, np.random.Generator | None):
        raise TypeError(f"rng is a generator, such as np.random.default_rng(0), got {rng!r}")
    return _generator if rng is None else rng
