"""From text to numbers and back: one number per symbol, a character or a word.

`BPETokenizer`, whose pieces of words are learned from a text, is in `bpe.py`.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .corpus import Corpus
from .dataset import Dataset


class CharTokenizer:
    """One number per character.

    Special tokens have the first numbers, in the order given, and the characters follow in the order of their code
    points. Special tokens are not text: no text is encoded as one, and decoding leaves them out.

    Args:
        symbols: the characters that are known, each once.
        special: names of tokens that stand for no character, such as "<pad>", "<start>", "<end>".

    Raises:
        ValueError: a symbol is not one character, or stands there twice.

    Example:
        >>> letters = CharTokenizer.train(["cab", "bad"], special=("<pad>", "<end>"))
        >>> letters.encode("dab"), len(letters), letters.special
        (array([5, 2, 3]), 6, {'<pad>': 0, '<end>': 1})
        >>> letters.decode([5, 2, 3, 1, 0])
        'dab'
    """

    separator = ""  # what stands between two symbols in a text
    symbol = "character"  # what one is called

    def __init__(self, symbols: Iterable[str], special: Sequence[str] = ()) -> None:
        self.symbols = tuple(symbols)
        self.special = number_special(type(self).__name__, special)
        self._numbers = {symbol: len(self.special) + i for i, symbol in enumerate(self.symbols)}
        bad = [symbol for symbol in self.symbols if not self._is_one(symbol)]
        if bad:
            raise ValueError(f"{type(self).__name__}: {bad[0]!r} is not one {self.symbol}")
        if len(self._numbers) < len(self.symbols):
            raise ValueError(f"{type(self).__name__}: a {self.symbol} stands twice among the symbols: give each once")

    @classmethod
    def train(cls, texts: Iterable[str], special: Sequence[str] = ()) -> CharTokenizer:
        """The tokenizer that knows all that occurs in these texts: one str, or several."""
        texts = [texts] if isinstance(texts, str) else texts
        if isinstance(texts, Corpus | Dataset) or not isinstance(texts, Iterable):
            raise TypeError(
                f"{cls.__name__}.train takes one str or several, such as the .texts of a Corpus or the .x of a "
                f"Dataset, got {type(texts).__name__}"
            )
        found: set[str] = set()
        for text in texts:
            if not isinstance(text, str):
                raise TypeError(f"{cls.__name__}.train takes texts, but one of them is {type(text).__name__}")
            found.update(cls._cut(text))
        return cls(sorted(found), special)

    @classmethod
    def _is_one(cls, symbol: str) -> bool:
        return isinstance(symbol, str) and len(symbol) == 1

    @classmethod
    def _cut(cls, text: str) -> Iterable[str]:
        return text

    def __len__(self) -> int:
        """How many numbers there are: those of the symbols and of the special tokens."""
        return len(self.special) + len(self.symbols)

    def encode(self, text: str) -> np.ndarray:
        """The number of each symbol, (T,) int64.

        Raises:
            ValueError: a symbol is not known.
        """
        if not isinstance(text, str):
            raise TypeError(
                f"{type(self).__name__}.encode takes a str, got {type(text).__name__}: encode one at a time"
            )
        try:
            return np.array([self._numbers[symbol] for symbol in self._cut(text)], dtype=np.int64)
        except KeyError as error:
            raise ValueError(
                f"{type(self).__name__} does not know the {self.symbol} {error.args[0]!r}: it was not in the texts "
                "that this tokenizer was trained on; train on all that is to be encoded"
            ) from None

    def decode(self, numbers: Iterable[int]) -> str:
        """The text, without its special tokens.

        Raises:
            ValueError: a number stands for nothing.
        """
        first = len(self.special)
        return self.separator.join(
            self.symbols[n - first] for n in check_numbers(type(self).__name__, numbers, len(self)) if n >= first
        )

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the tokenizer as JSON: whole, or not at all."""
        write_json(path, type(self).__name__, {"special": list(self.special), "symbols": self.symbols})

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> CharTokenizer:
        """The tokenizer that `save` wrote.

        Raises:
            ValueError: the file is not one that `save` wrote, or is damaged, or of a version unknown here.
        """
        with reading(path, cls.__name__) as content:
            return cls(list_of(content, "symbols", str), list_of(content, "special", str))


class WordTokenizer(CharTokenizer):
    """One number per word, where words are what single spaces separate; a phoneme such as AH0 is a word here.

    As `CharTokenizer` in all else.

    Example:
        >>> phonemes = WordTokenizer.train(["K AE1 T", "T AO1 K"])
        >>> phonemes.encode("K AO1 T"), phonemes.decode([3, 0])
        (array([2, 1, 3]), 'T AE1')
    """

    separator = " "
    symbol = "word"

    @classmethod
    def _is_one(cls, symbol: str) -> bool:
        return isinstance(symbol, str) and symbol != "" and " " not in symbol

    @classmethod
    def _cut(cls, text: str) -> Iterable[str]:
        return text.split(" ") if text else ()


# -- what the tokenizers share


def number_special(kind: str, special: Sequence[str]) -> dict[str, int]:
    """The special tokens with their numbers, from 0."""
    if isinstance(special, str) or not all(isinstance(name, str) and name for name in special):
        raise TypeError(f'{kind}: special is a sequence of names, such as ("<pad>", "<end>"), got {special!r}')
    if len(set(special)) < len(special):
        raise ValueError(f"{kind}: the special tokens {tuple(special)} repeat a name: give each another")
    return {name: number for number, name in enumerate(special)}


def check_numbers(kind: str, numbers: Iterable[int], size: int) -> list[int]:
    """The numbers as a list, all of which stand for something."""
    numbers = np.asarray(list(numbers))
    if numbers.ndim != 1 or (len(numbers) and numbers.dtype.kind not in "iu"):
        raise TypeError(
            f"{kind}.decode takes whole numbers (T,), got {numbers.dtype} of shape {numbers.shape}: decode one text at "
            "a time"
        )
    wrong = numbers[(numbers < 0) | (numbers >= size)]
    if len(wrong):
        raise ValueError(f"{kind} has the numbers 0 to {size - 1}, and {wrong[0]} is none of them")
    return numbers.tolist()


VERSION = 1  # of the files


def write_json(path: str | os.PathLike[str], kind: str, content: dict[str, Any]) -> None:
    """Write beside the old file, then exchange the two in one step."""
    path = Path(path)
    text = json.dumps({"nnlib": kind, "version": VERSION} | content)  # ASCII: half of a surrogate pair is kept, too
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("x", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


@contextlib.contextmanager
def reading(path: str | os.PathLike[str], kind: str) -> Any:
    """The content of a file that `write_json` wrote; what goes wrong with it is said with the file's name."""
    try:
        content = json.loads(Path(path).read_bytes())
        if not isinstance(content, dict) or content.get("nnlib") != kind:
            raise ValueError(f"it holds no {kind}")
        if content.get("version") != VERSION:
            raise ValueError(f"its version is {content.get('version')}, and this nnlib reads {VERSION}: update nnlib")
        yield content
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ValueError(f"{path} cannot be loaded as a {kind}: {error}") from None


def list_of(content: dict[str, Any], name: str, kind: type) -> list[Any]:
    """A list in the file, each item of one kind."""
    value = content.get(name)
    if not isinstance(value, list) or not all(type(item) is kind for item in value):
        raise ValueError(f"{name!r} is missing or damaged")
    return value
