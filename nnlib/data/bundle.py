"""Data sets as one small file each, for places without the packages that carry them: the reader's browser.

The book's site puts such files beside its pages. `NNLIB_BUNDLE` names the folder where they lie; a loader looks there
first, and returns what it would have read from the package, to the last bit.
"""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import TypeVar

import numpy as np

from .corpus import Corpus
from .dataset import Dataset

KINDS = {kind.__name__: kind for kind in (Dataset, Corpus)}
Data = TypeVar("Data", Dataset, Corpus)


def bundled(loader: Callable[[], Data]) -> Callable[[], Data]:
    """A loader that first looks for its set in the bundle: `load_digits` for `digits.npz`."""
    name = loader.__name__.removeprefix("load_")

    @functools.wraps(loader)
    def load() -> Data:
        file = in_bundle(name)
        return loader() if file is None else unpack(file)

    return load


def in_bundle(name: str) -> Path | None:
    """The bundle's file with this set; None without a bundle, or where it does not have the set."""
    folder = os.environ.get("NNLIB_BUNDLE")
    file = Path(folder) / f"{name}.npz" if folder else None
    return file if file is not None and file.exists() else None


def pack(dataset: Dataset | Corpus, file: Path) -> None:
    """Write a data set with everything that it knows of itself."""
    known = {field.name: getattr(dataset, field.name) for field in fields(dataset)}
    arrays = {name: value for name, value in known.items() if isinstance(value, np.ndarray)}
    words = {name: value for name, value in known.items() if name not in arrays} | {"kind": type(dataset).__name__}
    with file.open("wb") as out:
        np.savez_compressed(out, words=np.frombuffer(json.dumps(words).encode(), np.uint8), **arrays)


def unpack(file: Path) -> Dataset | Corpus:
    """The data set that `pack` wrote.

    Raises:
        ValueError: the file is not one that `pack` wrote, or is damaged.

    Example:
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp()) / "tiny.npz"
        >>> pack(Dataset(np.zeros((3, 2)), np.array([0, 1, 1]), ("no", "yes"), "tiny", "made up"), file)
        >>> unpack(file)
        tiny: 3 examples of shape (2,), 2 classes (made up)
    """
    try:
        with file.open("rb") as data, np.load(data, allow_pickle=False) as content:
            arrays = dict(content)
            words = json.loads(arrays.pop("words").tobytes())
            kind = KINDS[words.pop("kind")]
    except Exception as error:  # zipfile, zlib, json and NumPy each have their own for a damaged file
        raise ValueError(f"{file} is no data set of this book, or is damaged ({error}): load the page again") from None
    words = {name: tuple(value) if isinstance(value, list) else value for name, value in words.items()}
    return kind(**arrays, **words)
