"""Byte-pair encoding: pieces of words, learned from a text, as GPT reads them."""

from __future__ import annotations

import heapq
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np

from .tokenizers import check_numbers, list_of, number_special, reading, write_json

# A text is first cut into words with the space before them, numbers, signs and white space, and no token reaches across
# a cut: "dog" and "dog." share a token. Every character belongs to exactly one piece. No piece is longer than 65, so
# that the time grows with the length of a text even where it is one word.
PIECES = re.compile(r" ?[^\W\d_]{1,64}| ?\d{1,64}| ?(?:[^\w\s]|_){1,64}|\s{1,64}(?!\S)|\s{1,64}")
BYTES = 256

Pair = tuple[int, int]


class BPETokenizer:
    """One number per piece of text, where frequent pieces are long: byte-pair encoding on bytes.

    A text is read as its UTF-8 bytes, the first 256 tokens. Training joins the two neighbours that occur together most
    often into a new token, then again, until there are as many tokens as wanted; of pairs that are equally frequent the
    one with the smaller numbers is joined. Encoding repeats these merges in the same order. Since every byte is a
    token, every str can be encoded, whatever the training text was, and `decode(encode(text)) == text` exactly, even
    for the halves of surrogate pairs that are no valid Unicode.

    Special tokens have the first numbers. They are not text: no text is encoded as one, and decoding leaves them out.

    Args:
        merges: the pairs of tokens that were joined, in order; `train` finds them.
        special: names of tokens that stand for no text, such as "<end>".

    Raises:
        ValueError: a merge joins tokens that do not exist before it, or stands there twice.

    Example:
        >>> tokenizer = BPETokenizer.train("low lower lowest", 259, special=("<end>",))
        >>> len(tokenizer), tokenizer.special
        (259, {'<end>': 0})
        >>> tokenizer.encode("low ebb").tolist(), tokenizer.pieces("low ebb")
        ([258, 33, 102, 99, 99], ['low', ' ', 'e', 'b', 'b'])
        >>> tokenizer.decode([258, 33, 102, 99, 99, 0])
        'low ebb'

    Source: R. Sennrich, B. Haddow and A. Birch (2016), Neural Machine Translation of Rare Words with Subword Units,
    https://aclanthology.org/P16-1162; on bytes, A. Radford and others (2019), Language Models are Unsupervised
    Multitask Learners.
    """

    def __init__(self, merges: Iterable[Pair], special: Sequence[str] = ()) -> None:
        self.special = number_special("BPETokenizer", special)
        first = len(self.special)
        self._bytes = [b""] * first + [bytes([byte]) for byte in range(BYTES)]  # what each token stands for
        self._ranks: dict[Pair, int] = {}  # the token that a pair becomes; a smaller one was joined earlier
        for a, b in merges:
            new = len(self._bytes)
            if not (first <= a < new and first <= b < new):
                raise ValueError(
                    f"BPETokenizer: merge {new - first - BYTES} joins {a} and {b}, which are no tokens yet"
                )
            if (a, b) in self._ranks:
                raise ValueError(f"BPETokenizer: the merge of {a} and {b} stands there twice")
            self._ranks[a, b] = new
            self._bytes.append(self._bytes[a] + self._bytes[b])

    @property
    def merges(self) -> list[Pair]:
        """The pairs that were joined, in order."""
        return list(self._ranks)

    @classmethod
    def train(cls, text: str, size: int, special: Sequence[str] = ()) -> BPETokenizer:
        """Learn from a text.

        Args:
            text: what to learn from.
            size: how many tokens there shall be: special ones, 256 bytes, and the rest are merges. There are fewer
                where the text has no two neighbours left that occur twice.
            special: names of tokens that stand for no text.

        Raises:
            ValueError: size is below 256 and the special tokens.
        """
        if not isinstance(text, str):
            raise TypeError(f"BPETokenizer.train takes one str, got {type(text).__name__}: join the texts first")
        first = len(number_special("BPETokenizer", special))
        if not isinstance(size, int | np.integer):
            raise TypeError(f"BPETokenizer: size is a whole number, got {size!r}")
        if size < first + BYTES:
            raise ValueError(
                f"BPETokenizer: size is at least {first + BYTES}, for {first} special tokens and 256 bytes"
            )
        words = [([first + byte for byte in _bytes(word)], n) for word, n in Counter(PIECES.findall(text)).items()]
        return cls(_find_merges(words, first + BYTES, int(size)), special)

    def __len__(self) -> int:
        """How many numbers there are."""
        return len(self._bytes)

    def encode(self, text: str) -> np.ndarray:
        """The number of each piece, (T,) int64."""
        if not isinstance(text, str):
            raise TypeError(f"BPETokenizer.encode takes a str, got {type(text).__name__}: encode one at a time")
        known: dict[str, list[int]] = {}  # a text repeats its words: each is encoded once
        numbers: list[int] = []
        for word in PIECES.findall(text):
            if word not in known:
                known[word] = self._encode_word(word)
            numbers += known[word]
        return np.array(numbers, dtype=np.int64)

    def _encode_word(self, word: str) -> list[int]:
        tokens = [len(self.special) + byte for byte in _bytes(word)]
        while len(tokens) > 1:
            pair = min(pairwise(tokens), key=lambda pair: self._ranks.get(pair, len(self._bytes)))
            if pair not in self._ranks:
                break
            tokens = _join(tokens, pair, self._ranks[pair])
        return tokens

    def decode(self, numbers: Iterable[int]) -> str:
        """The text, without its special tokens.

        A model may write bytes that are no UTF-8: what cannot be read becomes the replacement character U+FFFD.

        Raises:
            ValueError: a number stands for nothing.
        """
        text = b"".join(self._bytes[n] for n in check_numbers("BPETokenizer", numbers, len(self)))
        try:
            return text.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            return text.decode("utf-8", "replace")

    def pieces(self, text: str) -> list[str]:
        """The text as it is cut into tokens, to look at; a token that ends within a character shows as U+FFFD."""
        return [self.decode([number]) for number in self.encode(text)]

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the tokenizer as JSON: whole, or not at all."""
        write_json(path, "BPETokenizer", {"special": list(self.special), "merges": self.merges})

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> BPETokenizer:
        """The tokenizer that `save` wrote.

        Raises:
            ValueError: the file is not one that `save` wrote, or is damaged, or of a version unknown here.
        """
        with reading(path, "BPETokenizer") as content:
            merges = list_of(content, "merges", list)
            if not all(len(merge) == 2 and all(type(token) is int for token in merge) for merge in merges):
                raise ValueError("'merges' is missing or damaged")
            return cls([(a, b) for a, b in merges], list_of(content, "special", str))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _find_merges(words: list[tuple[list[int], int]], first: int, size: int) -> list[Pair]:
    """The merges that training makes: `words` are tokens with how often they occur, new tokens count from `first`.

    The counts are kept up to date where a word changes, and a heap gives the most frequent pair: 1000 merges on a
    megabyte take 0.7 s, and 33 s where all is counted again for each merge.
    """
    counts: Counter[Pair] = Counter()
    where: dict[Pair, set[int]] = defaultdict(set)  # the words in which a pair occurs, or once did
    for i, (tokens, n) in enumerate(words):
        for pair in pairwise(tokens):
            counts[pair] += n
            where[pair].add(i)
    heap = [(-count, pair) for pair, count in counts.items()]
    heapq.heapify(heap)
    merges: list[Pair] = []
    while heap and first + len(merges) < size:
        count, pair = heapq.heappop(heap)
        if -count != counts[pair]:  # an old count; the new one is in the heap, too
            continue
        if counts[pair] < 2:
            break
        changed = set()
        for i in where.pop(pair):
            tokens, n = words[i]
            joined = _join(tokens, pair, first + len(merges))
            for old in pairwise(tokens):
                counts[old] -= n
                changed.add(old)
            for new in pairwise(joined):
                counts[new] += n
                where[new].add(i)
                changed.add(new)
            words[i] = joined, n
        for other in changed:
            if counts[other] > 0:
                heapq.heappush(heap, (-counts[other], other))
        merges.append(pair)
    return merges


def _join(tokens: list[int], pair: Pair, new: int) -> list[int]:
    """The tokens with every occurrence of the pair replaced by the new token, from left to right."""
    a, b = pair
    joined, i = [], 0
    while i < len(tokens):
        if tokens[i] == a and i + 1 < len(tokens) and tokens[i + 1] == b:
            joined.append(new)
            i += 2
        else:
            joined.append(tokens[i])
            i += 1
    return joined
