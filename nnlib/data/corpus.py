"""Texts, such as a poet's plays, and how to cut them into parts that share nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from .preparation import check_fractions


@dataclass(frozen=True, repr=False)
class Corpus:
    """Texts with their titles, and where they come from.

    Attributes:
        titles: the title of each text.
        texts: the texts.
        name: which set this is.
        source: who made it and where it was read.

    Raises:
        ValueError: titles and texts differ in number.

    Example:
        >>> plays = Corpus(("One", "Two"), ("To be, ", "or not."), "tiny", "made up")
        >>> plays, plays.text
        (tiny: 2 texts, 14 characters (made up), 'To be, or not.')
    """

    titles: tuple[str, ...]
    texts: tuple[str, ...]
    name: str
    source: str

    def __post_init__(self) -> None:
        if len(self.titles) != len(self.texts):
            raise ValueError(f"{self.name}: {len(self.titles)} titles but {len(self.texts)} texts: give one for each")

    @cached_property
    def text(self) -> str:
        """All texts, one after the other."""
        return "".join(self.texts)

    def __repr__(self) -> str:
        characters = sum(map(len, self.texts))
        return f"{self.name}: {len(self.texts)} texts, {characters:,} characters ({self.source})"


def split_texts(corpus: Corpus, fractions: Sequence[float] = (0.8, 0.1, 0.1), seed: int = 0) -> tuple[Corpus, ...]:
    """Deal out whole texts: a model is then tested on plays of which it has read nothing.

    Each text, in random order, goes to the part that lacks most of its share of the characters, so that the parts come
    as near to the fractions as whole texts allow.

    Args:
        corpus: what to split; it stays as it is.
        fractions: the share of each part, in characters; their sum is 1.
        seed: the same seed gives the same parts.

    Raises:
        ValueError: the fractions are not positive or do not sum to 1, or there are fewer texts than parts.

    Example:
        >>> from nnlib.data import load_shakespeare
        >>> train, validation, test = split_texts(load_shakespeare())
        >>> len(train.texts), len(validation.texts), len(test.texts)
        (30, 4, 4)
    """
    _check("split_texts", corpus, fractions)
    if len(corpus.texts) < len(fractions):
        raise ValueError(
            f"split_texts: {corpus.name} has {len(corpus.texts)} texts for {len(fractions)} parts: use fewer parts, or "
            "split_positions, which cuts each text"
        )
    lengths = np.array([len(text) for text in corpus.texts])
    lacking = np.array(fractions) * lengths.sum()
    parts: list[list[int]] = [[] for _ in fractions]
    order = np.random.default_rng(seed).permutation(len(lengths))
    for left, text in zip(range(len(order), 0, -1), order, strict=True):
        empty = [part for part, held in enumerate(parts) if not held]
        part = int(np.argmax(lacking)) if left > len(empty) else empty[0]  # no part goes without
        parts[part].append(int(text))
        lacking[part] -= lengths[text]
    return tuple(
        replace(
            corpus,
            titles=tuple(corpus.titles[i] for i in sorted(part)),
            texts=tuple(corpus.texts[i] for i in sorted(part)),
        )
        for part in parts
    )


def split_positions(corpus: Corpus, fractions: Sequence[float] = (0.8, 0.1, 0.1)) -> tuple[Corpus, ...]:
    """Cut every text at the same fractions of its length: each part has a piece of each, and no two overlap.

    A model is tested on the ends of plays whose beginnings it has read, which is easier than plays that it has not:
    its characters' names, for one, are known. A cut is made at the next end of a line.

    Args:
        corpus: what to split; it stays as it is.
        fractions: the share of each part, from the beginning of each text on; their sum is 1.

    Raises:
        ValueError: the fractions are not positive or do not sum to 1, or a text is too short.

    Example:
        >>> from nnlib.data import load_hamlet
        >>> train, test = split_positions(load_hamlet(), (0.9, 0.1))
        >>> train.text + test.text == load_hamlet().text
        True
    """
    _check("split_positions", corpus, fractions)
    pieces = []
    for title, text in zip(corpus.titles, corpus.texts, strict=True):
        wanted = np.round(np.cumsum(fractions)[:-1] * len(text)).astype(int)
        cuts = [text.find("\n", cut) + 1 or len(text) for cut in wanted]
        row = [text[start:stop] for start, stop in zip([0, *cuts], [*cuts, len(text)], strict=True)]
        if not all(row):
            raise ValueError(
                f"split_positions: {title!r} is too short to be cut by {tuple(fractions)}: use fewer parts"
            )
        pieces.append(row)
    return tuple(replace(corpus, texts=tuple(part)) for part in zip(*pieces, strict=True))


def _check(name: str, corpus: Corpus, fractions: Sequence[float]) -> None:
    if not isinstance(corpus, Corpus):
        raise TypeError(f"{name} takes a Corpus, such as load_shakespeare(), got {type(corpus).__name__}")
    check_fractions(fractions)
