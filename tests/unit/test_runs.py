"""The stored results of long runs: where they come from, and that the same code still begins as they began."""

import importlib
import itertools
import json
import re

import numpy as np
import pytest

from nnlib.runs import RESULTS, loop, stored

NAMES = ("phonemes", "shakespeare")
FIRST = {"phonemes": ("Transformer", "recurrent"), "shakespeare": ("GPT", "LSTM")}


def test_every_result_has_its_run():
    assert sorted(file.stem for file in RESULTS.glob("*.json")) == sorted(NAMES)


def test_what_is_not_stored_is_said():
    with pytest.raises(FileNotFoundError, match="there are: phonemes, shakespeare"):
        stored("sonnets")


@pytest.mark.parametrize("name", NAMES)
def test_it_says_where_it_comes_from(name):
    result = stored(name)
    assert result["command"].startswith(f"python -m nnlib.runs {name}")
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", result["date"]) and result["machine"]
    assert set(result["versions"]) == {"python", "numpy", "torch"}
    assert (RESULTS / f"{name}.json").stat().st_size < 200_000


@pytest.mark.parametrize("name", NAMES)
def test_its_code_has_not_changed(name):
    assert stored(name)["code"] == loop.fingerprint(name), f"stale: run {stored(name)['command']} again"


class Begun(Exception):
    """A run has come to the place where it trains."""


def first_losses(run, begin, monkeypatch):
    """The losses of the first steps; `begin` starts the run, up to where it would call `train`."""
    arguments = []

    def instead(*given):
        arguments.extend(given)
        raise Begun

    monkeypatch.setattr(run, "train", instead)
    with pytest.raises(Begun):
        begin()
    model, loss, batches, settings, look, _ = arguments
    seen = []

    def noting(batch):
        error = loss(batch)
        seen.append(error.item())
        return error

    with pytest.raises(StopIteration):  # there are no more batches
        loop.train(model, noting, itertools.islice(batches, loop.SHOWN), settings, look, ())
    return seen


@pytest.mark.parametrize("name", FIRST["phonemes"])
def test_phonemes_begin_as_they_did(name, monkeypatch):
    run, then = importlib.import_module("nnlib.runs.phonemes"), stored("phonemes")["runs"][name][0]
    now = first_losses(run, lambda: run.one(name, then["seed"], run.load(), "cpu", then["steps"]), monkeypatch)
    np.testing.assert_allclose(now, then["first"], rtol=1e-3)


@pytest.mark.parametrize("name", FIRST["shakespeare"])
def test_shakespeare_begins_as_it_did(name, monkeypatch):
    run, then = importlib.import_module("nnlib.runs.shakespeare"), stored("shakespeare")["runs"][name]
    tokens, texts = run.load()
    ids = {part: tokens.encode(text) for part, text in texts.items()}
    now = first_losses(run, lambda: run.one(name, ids, tokens, "cpu", then["steps"]), monkeypatch)
    np.testing.assert_allclose(now, then["first"], rtol=1e-3)


def test_a_run_is_kept_with_all_that_it_depends_on(tmp_path, monkeypatch):
    monkeypatch.setattr(loop, "RESULTS", tmp_path)
    loop.store("phonemes", {"found": 1}, device="cpu", scale=0.5)
    kept = json.loads((tmp_path / "phonemes.json").read_text(encoding="utf-8"))
    assert kept["command"] == "python -m nnlib.runs phonemes --scale 0.5"
    assert kept["found"] == 1 and kept["code"] == loop.fingerprint("phonemes")


def test_counting_and_packing_by_hand():
    from nnlib.runs.shakespeare import compressed, counted

    ids = np.array([0, 1] * 50)
    # After 0 always 1: (50 + 0.1)/(50 + 0.2) each; and after 1 always 0, 49 times.
    pairs = [50.1 / 50.2] * 50 + [49.1 / 49.2] * 49
    assert counted(ids, ids, 2, 1) == pytest.approx(-np.log2(pairs).mean(), abs=1e-4)
    assert counted(ids, ids, 2, 0) == pytest.approx(1)
    text = "".join(np.random.default_rng(0).choice(list("abcdefgh"), 3000))
    packed = compressed(text, text)
    assert packed["gzip"] > 3 and packed["xz"] < 0.2  # eight letters at random take 3 bits, unless read before
