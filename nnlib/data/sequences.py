"""Sequences of different lengths, and long texts, as batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np


def pad(sequences: Sequence[np.ndarray | Sequence[int]], value: float = 0) -> tuple[np.ndarray, np.ndarray]:
    """Put sequences of different lengths into one array, with `value` where a sequence has ended.

    Args:
        sequences: N arrays (T_n, ...), or lists of numbers, of one dtype and one shape but for T_n.
        value: what fills the rest.

    Returns:
        The array (N, T, ...), T the longest length, and the lengths (N,) of int64.

    Raises:
        ValueError: there are no sequences, one is empty, or their shapes or dtypes differ in more than the length.

    Example:
        >>> pad([[3, 1, 2], [4]])
        (array([[3, 1, 2],
               [4, 0, 0]]), array([3, 1]))
    """
    arrays = [np.asarray(sequence) for sequence in sequences]
    if not arrays:
        raise ValueError("pad got no sequences: give at least one")
    kinds = {(array.dtype, array.shape[1:]) for array in arrays}
    empty = [n for n, array in enumerate(arrays) if array.ndim == 0 or len(array) == 0]
    if empty:
        raise ValueError(f"pad: sequence {empty[0]} has no steps: leave it out, a network cannot read it")
    if len(kinds) > 1:
        first, other = sorted(map(str, kinds))[:2]
        raise ValueError(f"pad: sequences may differ in length alone, but some are {first} and some are {other}")
    lengths = np.array([len(array) for array in arrays])
    padded = np.full((len(arrays), lengths.max(), *arrays[0].shape[1:]), value, arrays[0].dtype)
    for row, array in zip(padded, arrays, strict=True):
        row[: len(array)] = array
    return padded, lengths


def length_batches(
    lengths: np.ndarray, batch_size: int, *, rng: np.random.Generator | int, pool: int = 20
) -> Iterator[np.ndarray]:
    """One epoch of batches, each of sequences that are about equally long: every example once, in random order.

    What is padding in a batch is computed for nothing. So the examples are shuffled, `pool` batches at a time are
    sorted by length and cut, and the batches are handed out in random order. With more in a pool the lengths agree
    better, and the batches differ less from epoch to epoch.

    Args:
        lengths: the length of each example, (N,) integers.
        batch_size: examples per batch; one batch has what is left.
        rng: a NumPy generator, made once before the epochs so that each epoch has another order; or a seed, which
            gives the same order each time.
        pool: how many batches are sorted together.

    Returns:
        The positions of each batch's examples, arrays (batch_size,) of int64.

    Raises:
        TypeError: lengths are no integers, or batch_size or pool is no whole number.
        ValueError: lengths is not (N,), batch_size is not between 1 and N, or pool is below 1.

    Example:
        How much of the batches of 32 spoken digits is padding, by length and in any order:

        >>> from nnlib.data import load_spoken_digits
        >>> digits = load_spoken_digits()
        >>> def padding(batches):
        ...     steps = [(digits.lengths[i].sum(), digits.lengths[i].max() * len(i)) for i in batches]
        ...     real, computed = np.sum(steps, axis=0)
        ...     return f"{1 - real / computed:.0%}"
        >>> [padding(length_batches(digits.lengths, 32, rng=0, pool=pool)) for pool in (20, 1)]
        ['11%', '48%']
        >>> i = next(length_batches(digits.lengths, 32, rng=0))  # what nn.LSTM and nn.GRU take
        >>> x, lengths, y = digits.x[i, : digits.lengths[i].max()], digits.lengths[i], digits.y[i]
    """
    lengths = np.asarray(lengths)
    if lengths.ndim != 1:
        raise ValueError(f"length_batches: lengths has shape {lengths.shape}: give one length per example, (N,)")
    if lengths.dtype.kind not in "iu":
        raise TypeError(f"length_batches: lengths are whole numbers, got {lengths.dtype}")
    _check_at_least_one("length_batches", batch_size=batch_size, pool=pool)
    if batch_size > len(lengths):
        raise ValueError(f"batch_size must be between 1 and the {len(lengths)} examples, got {batch_size}")
    rng = np.random.default_rng(rng)
    order = rng.permutation(len(lengths))
    batches = []
    for start in range(0, len(order), pool * batch_size):
        together = order[start : start + pool * batch_size]
        together = together[np.argsort(lengths[together], kind="stable")]
        batches += [together[i : i + batch_size] for i in range(0, len(together), batch_size)]
    return (batches[i] for i in rng.permutation(len(batches)))


def random_passages(
    tokens: np.ndarray, length: int, batch_size: int, *, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """A batch for a language model: passages from anywhere in a text, and the same passages one token further on.

    With tokens t₀, t₁, ..., t_{L-1} and a random start s: inputs tₛ, ..., tₛ₊ₗ₋₁, targets tₛ₊₁, ..., tₛ₊ₗ.

    Args:
        tokens: the text as numbers, (L,) integers.
        length: tokens per passage, l in the equation.
        batch_size: passages.
        rng: a NumPy generator, made once before training.

    Shape: inputs (batch_size, length), targets (batch_size, length), of tokens' dtype.

    Raises:
        TypeError: tokens are no integers, rng is no generator, or length or batch_size is no whole number.
        ValueError: tokens is not (L,), or the text is not longer than a passage.

    Example:
        >>> inputs, targets = random_passages(np.arange(100), 4, 2, rng=np.random.default_rng(0))
        >>> inputs.tolist(), targets.tolist()
        ([[81, 82, 83, 84], [61, 62, 63, 64]], [[82, 83, 84, 85], [62, 63, 64, 65]])
    """
    tokens = _check_tokens("random_passages", tokens, length=length, batch_size=batch_size)
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"random_passages: rng is a generator, np.random.default_rng(seed), made once before training; got {rng!r}"
        )
    if len(tokens) <= length:
        raise ValueError(
            f"random_passages: a passage of {length} and its targets need {length + 1} tokens, the text has "
            f"{len(tokens)}: use shorter passages or a longer text"
        )
    places = rng.integers(0, len(tokens) - length, (batch_size, 1)) + np.arange(length)
    return tokens[places], tokens[places + 1]


def consecutive_passages(tokens: np.ndarray, length: int, batch_size: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """A text read once from beginning to end by `batch_size` readers, each in its own stretch of the text.

    Row n of a batch goes on where row n of the batch before stopped, so that a recurrent network's state can be carried
    over; and each token is a target once, so that the mean loss is that of the text. Only the first token, and fewer
    than batch_size at the end, are no targets; the last batch may be shorter than the others.

    Args:
        tokens: the text as numbers, (L,) integers.
        length: tokens per passage.
        batch_size: passages side by side.

    Shape: inputs (batch_size, length), targets (batch_size, length), of tokens' dtype.

    Raises:
        TypeError: tokens are no integers, or length or batch_size is no whole number.
        ValueError: tokens is not (L,), or there are not enough for a target in each row.

    Example:
        >>> for inputs, targets in consecutive_passages(np.arange(12), 3, 2):
        ...     print(inputs.tolist(), targets.tolist())
        [[0, 1, 2], [5, 6, 7]] [[1, 2, 3], [6, 7, 8]]
        [[3, 4], [8, 9]] [[4, 5], [9, 10]]
    """
    tokens = _check_tokens("consecutive_passages", tokens, length=length, batch_size=batch_size)
    stretch = (len(tokens) - 1) // batch_size  # targets in each row
    if stretch == 0:
        raise ValueError(
            f"consecutive_passages: {batch_size} rows need at least {batch_size + 1} tokens, the text has "
            f"{len(tokens)}: use fewer rows or a longer text"
        )
    inputs, targets = (tokens[shift : shift + batch_size * stretch].reshape(batch_size, stretch) for shift in (0, 1))
    return ((inputs[:, i : i + length], targets[:, i : i + length]) for i in range(0, stretch, length))


def _check_tokens(name: str, tokens: np.ndarray, **whole: int) -> np.ndarray:
    tokens = np.asarray(tokens)
    if tokens.ndim != 1:
        raise ValueError(f"{name}: tokens has shape {tokens.shape}: give one text, (L,)")
    if tokens.dtype.kind not in "iu":
        raise TypeError(f"{name}: tokens are whole numbers, got {tokens.dtype}: encode the text first")
    _check_at_least_one(name, **whole)
    return tokens


def _check_at_least_one(name: str, **values: int) -> None:
    for argument, value in values.items():
        if not isinstance(value, int | np.integer):
            raise TypeError(f"{name}: {argument} is a whole number, got {value!r}")
        if value < 1:
            raise ValueError(f"{name}: {argument} is at least 1, got {value}")
