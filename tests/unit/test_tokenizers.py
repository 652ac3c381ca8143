"""Tokenizers: what is encoded is decoded to the same text, on any str, and files are whole or refused."""

import json
import os
from collections import Counter
from itertools import pairwise

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import example, given, settings

from nnlib.data import BPETokenizer, CharTokenizer, WordTokenizer, load_hamlet, load_short_pronunciations
from nnlib.data.bpe import PIECES

ANY = st.text(st.characters(exclude_categories=()))  # every code point, the halves of surrogate pairs, too
SPECIAL = ("<pad>", "<end>")
TRAINED = BPETokenizer.train(load_hamlet().text[:20_000], 400, SPECIAL)


def trained(kind):
    return {
        "CharTokenizer": lambda: CharTokenizer.train("abc\ud800", SPECIAL),
        "WordTokenizer": lambda: WordTokenizer.train(["K AE1 T"], SPECIAL),
        "BPETokenizer": lambda: TRAINED,
    }[kind]()


KINDS = {kind.__name__: kind for kind in (CharTokenizer, WordTokenizer, BPETokenizer)}


# -- there and back


@given(ANY, ANY)
@example("", "")
@example("\ud83d\ude00 is not \U0001f600", " \ud800")
@example("a  b\n\n c\t\u2003_x_ 12\u0663 e\u0301", "日本語 naïve")
def test_bpe_is_reversible_on_any_text(text, other):
    assert TRAINED.decode(TRAINED.encode(text)) == text
    learned = BPETokenizer.train(text * 3, 300)
    for each in (text, other, text + other):
        assert learned.decode(learned.encode(each)) == each


@given(ANY)
def test_pieces_are_the_text(text):
    assert "".join(PIECES.findall(text)) == text


@given(st.lists(ANY, min_size=1), st.booleans())
def test_characters_are_reversible(texts, special):
    tokenizer = CharTokenizer.train(texts, SPECIAL if special else ())
    assert len(tokenizer) == len(set("".join(texts))) + 2 * special
    for text in texts:
        numbers = tokenizer.encode(text)
        assert numbers.dtype == np.int64 and numbers.shape == (len(text),)
        assert tokenizer.decode(numbers) == text


@given(st.lists(st.lists(st.text(st.characters(exclude_characters=" "), min_size=1)), min_size=1))
def test_words_are_reversible(texts):
    texts = [" ".join(words) for words in texts]
    tokenizer = WordTokenizer.train(texts)
    for text in texts:
        assert tokenizer.decode(tokenizer.encode(text)) == text
        assert len(tokenizer.encode(text)) == (text.count(" ") + 1 if text else 0)


@pytest.mark.parametrize("kind", KINDS)
def test_special_tokens_are_no_text(kind):
    tokenizer = trained(kind)
    assert tokenizer.special == {"<pad>": 0, "<end>": 1}
    text = "K T" if kind == "WordTokenizer" else "ab"
    numbers = tokenizer.encode(text)
    assert numbers.min() >= 2 and numbers.max() < len(tokenizer)
    assert tokenizer.decode([0, *numbers, 1, 0]) == text
    if kind == "BPETokenizer":
        assert not set(tokenizer.encode("<pad><end>")) & {0, 1} and tokenizer.decode([0, 1]) == ""


# -- what byte-pair encoding learns


def merges_by_counting(text, count):
    """The definition: count all pairs anew, join the most frequent one, the smaller numbers first, and again."""
    words = [list(word.encode("utf-8", "surrogatepass")) for word in PIECES.findall(text)]
    merges = []
    while len(merges) < count:
        pairs = Counter(pair for word in words for pair in pairwise(word))
        if not pairs or max(pairs.values()) < 2:
            break
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        for word in words:
            i = 0
            while i + 1 < len(word):
                if (word[i], word[i + 1]) == best:
                    word[i : i + 2] = [256 + len(merges)]
                i += 1
        merges.append(best)
    return merges, [token for word in words for token in word]


@settings(deadline=None)
@given(st.text("aab \n.", max_size=60) | ANY)
@example("aaaaaaa")
@example(load_hamlet().text[:3000])
def test_merges_follow_the_definition(text):
    merges, tokens = merges_by_counting(text, 40)
    learned = BPETokenizer.train(text, 256 + 40)
    assert learned.merges == merges and len(learned) == 256 + len(merges)
    assert learned.encode(text).tolist() == tokens  # encoding repeats the merges in their order


def test_known_merges():
    learned = BPETokenizer.train("low lower lowest", 258)
    assert learned.merges == [(ord("l"), ord("o")), (256, ord("w"))]
    assert learned.pieces("lowly") == ["low", "l", "y"]
    assert BPETokenizer.train("ab cd", 300).merges == []  # nothing occurs twice


def test_more_tokens_make_text_shorter():
    text = load_hamlet().text
    sizes = [len(BPETokenizer.train(text, size).encode(text)) for size in (256, 512, 1024)]
    assert sizes[0] == len(text.encode()) and sizes[1] < 0.6 * sizes[0] and sizes[2] < 0.8 * sizes[1]


def test_bytes_that_are_no_text_are_shown_and_do_not_fail():
    plain = BPETokenizer([])
    assert plain.decode([0xE6, 0x97]) == "\ufffd" and plain.decode([0xFF, 0x41]) == "\ufffdA"
    assert plain.pieces("é") == ["\ufffd", "\ufffd"]


# -- files


@pytest.mark.parametrize("kind", KINDS)
def test_a_saved_tokenizer_is_the_same(kind, tmp_path):
    tokenizer, file = trained(kind), tmp_path / "tokenizer.json"
    file.write_text("an older file")
    tokenizer.save(file)
    again = KINDS[kind].load(file)
    assert type(again) is KINDS[kind] and len(again) == len(tokenizer) and again.special == tokenizer.special
    text = "K T AE1" if kind == "WordTokenizer" else "a" + "\ud800" + "b"
    np.testing.assert_array_equal(again.encode(text), tokenizer.encode(text))
    assert again.decode(range(len(again))) == tokenizer.decode(range(len(tokenizer)))
    assert [path.name for path in tmp_path.iterdir()] == ["tokenizer.json"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_failed_save_leaves_the_old_file(kind, tmp_path, monkeypatch):
    file = tmp_path / "tokenizer.json"
    file.write_text("an older file")

    def full(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="no space left"):
        trained(kind).save(file)
    assert file.read_text() == "an older file" and len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_file_is_refused(kind, tmp_path):
    file = tmp_path / "tokenizer.json"
    trained(kind).save(file)
    whole = file.read_bytes()
    content = json.loads(whole)
    other = next(name for name in KINDS if name != kind)
    key = "merges" if kind == "BPETokenizer" else "symbols"
    damaged = {
        whole[: len(whole) // 2]: "",
        b"": "",
        b"\xff\xfe": "",
        b"[" * 100_000: "",
        b"[1]": f"it holds no {kind}",
        json.dumps(content | {"nnlib": other}).encode(): f"it holds no {kind}",
        json.dumps(content | {"version": 2}).encode(): "its version is 2, and this nnlib reads 1: update nnlib",
        json.dumps(content | {key: None}).encode(): f"'{key}' is missing or damaged",
        json.dumps(content | {key: [1, "ab"]}).encode(): f"'{key}' is missing or damaged",
        json.dumps(content | {"special": ["<pad>", 1]}).encode(): "'special' is missing or damaged",
        json.dumps(content | {"special": ["<pad>", "<pad>"]}).encode(): "repeat a name",
        json.dumps(content | {key: content[key] + content[key][:1]}).encode(): "stands? .*there twice|stands twice",
    }
    for data, message in damaged.items():
        file.write_bytes(data)
        with pytest.raises(ValueError, match=f"tokenizer.json cannot be loaded as a {kind}: .*({message})"):
            KINDS[kind].load(file)
    with pytest.raises(FileNotFoundError):
        KINDS[kind].load(tmp_path / "none.json")


@pytest.mark.parametrize("merges", [[[1]], [[1, 2, 3]], [[1, "2"]], [[1, True]], [[1, 2.0]]])
def test_damaged_merges_are_refused(merges, tmp_path):
    file = tmp_path / "tokenizer.json"
    file.write_text(json.dumps({"nnlib": "BPETokenizer", "version": 1, "special": [], "merges": merges}))
    with pytest.raises(ValueError, match="'merges' is missing or damaged"):
        BPETokenizer.load(file)


# -- bad input


@pytest.mark.parametrize("kind", KINDS)
def test_bad_input_says_what_to_do(kind):
    tokenizer = trained(kind)
    with pytest.raises(TypeError, match=f"{kind}.encode takes a str, got list: encode one at a time"):
        tokenizer.encode(["a", "b"])
    for number in (-1, len(tokenizer)):
        with pytest.raises(ValueError, match=f"{kind} has the numbers 0 to {len(tokenizer) - 1}, and {number} is none"):
            tokenizer.decode([2, number])
    for numbers in ([[1, 2]], [1.0], ["a"]):
        with pytest.raises(TypeError, match=rf"{kind}.decode takes whole numbers \(T,\), got .* one text at a time"):
            tokenizer.decode(numbers)
    assert tokenizer.decode([]) == "" and len(tokenizer.encode("")) == 0


@pytest.mark.parametrize("kind", KINDS)
def test_special_tokens_are_checked(kind):
    for special, error, message in [
        ("<end>", TypeError, "special is a sequence of names"),
        ((1,), TypeError, "special is a sequence of names"),
        (("",), TypeError, "special is a sequence of names"),
        (("<a>", "<a>"), ValueError, "repeat a name: give each another"),
    ]:
        with pytest.raises(error, match=f"{kind}: .*{message}"):
            KINDS[kind].train(*(("ab", 300) if kind == "BPETokenizer" else ("ab",)), special=special)


def test_an_unknown_symbol_is_named():
    with pytest.raises(ValueError, match="CharTokenizer does not know the character 'é': .* train on all"):
        CharTokenizer.train("cafe").encode("café")
    with pytest.raises(ValueError, match="WordTokenizer does not know the word 'OW1'"):
        WordTokenizer.train("K AE1 T").encode("K OW1 T")


def test_symbols_are_checked():
    for symbols, message in [("aa", "stands twice"), (["ab"], "'ab' is not one character"), ([1], "1 is not one char")]:
        with pytest.raises(ValueError, match=message):
            CharTokenizer(symbols)
    for symbols in (["a b"], [""]):
        with pytest.raises(ValueError, match="is not one word"):
            WordTokenizer(symbols)


def test_bpe_checks_size_and_merges():
    with pytest.raises(ValueError, match="size is at least 258, for 2 special tokens and 256 bytes"):
        BPETokenizer.train("ab", 257, SPECIAL)
    for texts in (load_hamlet(), load_short_pronunciations(), None):
        with pytest.raises(TypeError, match=rf"such as the .texts of a Corpus .* got {type(texts).__name__}$"):
            CharTokenizer.train(texts)
    with pytest.raises(TypeError, match="WordTokenizer.train takes texts, but one of them is int"):
        WordTokenizer.train(["K AE1 T", 3])
    with pytest.raises(TypeError, match="size is a whole number, got 300.5"):
        BPETokenizer.train("ab", 300.5)
    with pytest.raises(TypeError, match="train takes one str, got list: join the texts first"):
        BPETokenizer.train(["ab"], 300)
    for merge in [(0, 256), (256, 0), (-1, 0)]:
        with pytest.raises(ValueError, match=rf"merge 0 joins {merge[0]} and {merge[1]}, which are no tokens yet"):
            BPETokenizer([merge])
    with pytest.raises(ValueError, match="the merge of 1 and 2 stands there twice"):
        BPETokenizer([(1, 2), (1, 2)])
    with pytest.raises(ValueError, match="joins 1 and 5"):
        BPETokenizer([(1, 5)], SPECIAL)  # 1 is a special token
