"""benchmarks.gpu: it runs small without a GPU, compares before it times, and times the loop that readers use."""

import doctest
import json
import math

import pytest
import torch

from benchmarks.gpu import crossover, language, plain, rounds, writing
from benchmarks.gpu.__main__ import PARTS, main
from benchmarks.gpu.gate import Paused
from benchmarks.gpu.rounds import Slice
from nnlib.torch import functional as F
from nnlib.torch import models
from nnlib.torch.train import Settings, Windows

CPU = torch.device("cpu")


def test_it_runs_small(tmp_path, capsys):
    out = tmp_path / "gpu.json"
    assert main(["--small", "--rounds", "1", "--out", str(out)]) == 0
    results = json.loads(out.read_text())
    assert results == json.loads(capsys.readouterr().out) and tuple(results) == PARTS
    for part in results.values():
        assert {"cpu", "cores", "python", "versions", "date"} <= part["machine"].keys() and part["small"]
        assert part["command"] == f"python -m benchmarks.gpu --small --rounds 1 --out {out}"
    assert {"plain loop, nanoGPT's settings", "our loop"} <= results["language"]["loops"].keys()
    assert {"our loop", "not compiled", "float32 (TF32)", "attention written out", "AdamW not fused"} == results[
        "language"
    ]["without"].keys()
    assert {"1 at once", "2 at once"} <= results["writing"].keys()
    assert results["pictures"]["loops"].keys() == {"plain loop", "our loop"}
    for network in crossover.BATCHES:
        assert results["crossover"][network]["faster_than_numpy_from"].keys() == {"PyTorch, CPU"}
    assert _speeds(results) and all(speed > 0 for speed in _speeds(results))


def _speeds(results):
    if not isinstance(results, dict):
        return []
    return [results["speed"]] if "speed" in results else [s for part in results.values() for s in _speeds(part)]


def test_nothing_is_measured_without_a_gpu(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert main(["--out", str(tmp_path / "gpu.json")]) == 2
    assert "no CUDA GPU here: --small" in capsys.readouterr().err and not list(tmp_path.iterdir())


def test_another_network_stops_everything(monkeypatch):
    copy = plain.PlainGPT.__init__

    def wrong(self, gpt):
        copy(self, gpt)
        with torch.no_grad():
            self.blocks[0].contract.weight.neg_()
            self.blocks[0].contract.weight.mul_(3)

    monkeypatch.setattr(plain.PlainGPT, "__init__", wrong)
    with pytest.raises(ArithmeticError, match="they do not compute the same"):
        language.measure(language.SMALL, CPU, 1)
    extend = writing.KVCache.extend
    monkeypatch.setattr(writing.KVCache, "extend", lambda self, layer, k, v: extend(self, layer, k, 1.01 * v))
    with pytest.raises(ArithmeticError, match="with a cache the logits differ"):
        writing.measure(language.SMALL, CPU, 1)


def test_engines_that_differ_stop_everything():
    made = crossover.steps("MLP", 2, CPU)
    assert crossover.check(made) < crossover.TOLERANCE
    right = made["PyTorch, CPU"]
    made["PyTorch, CPU"] = lambda: right() * 1.01
    with pytest.raises(ArithmeticError, match="engines do not compute the same"):
        crossover.check(made)


def test_speeds_are_medians_of_rounds(monkeypatch):
    # The second round is ten times slower for both: no ratio changes.
    times = {"a": iter([1.0, 10.0, 1.0]), "b": iter([0.5, 5.0, 0.25])}
    monkeypatch.setattr(rounds, "seconds", lambda run: next(times[run()]))
    slices = {name: Slice(lambda name=name: name, 10) for name in times}
    results = rounds.in_turn(slices, "a", 3)
    assert results["a"] == {"per_second": 10.0, "speed": 1.0, "low": 1.0, "high": 1.0, "rounds": 3}
    assert results["b"] == {"per_second": 20.0, "speed": 2.0, "low": 2.0, "high": 3.0, "rounds": 3}


def test_the_operations_of_gpt2_are_the_published_ones():
    """855 million a token, as nanoGPT counts them."""
    with torch.device("meta"):
        model = language.Size().model()
    assert language.flop_per_token(model, language.Size()) == pytest.approx(855e6, rel=0.002)


def test_crossing():
    assert doctest.testmod(crossover).failed == 0
    assert crossover.crossing([1, 4], [0.2, 0.4]) is None and crossover.crossing([2, 4], [1.5, 3]) == 2.0
    assert crossover.crossing([10, 100], [0.5, 2.0]) == pytest.approx(math.sqrt(1000), abs=0.1)


def test_a_paused_run_takes_one_step_at_a_time():
    torch.manual_seed(0)
    model, calls = models.GPT(21, 5, 8, 1, 2), []
    model.register_forward_hook(lambda *_: calls.append(1))
    settings = Settings(steps=100, batch_size=4, accumulate=2, device="cpu", progress=False, log_every=1)
    weights = [model.embedding.weight.detach().clone()]

    def loss(z, y):
        if len(calls) > 8:
            raise ValueError("the fifth step")
        return F.cross_entropy(z.flatten(0, 1), y.flatten())

    run = Paused(model, loss, Windows(torch.arange(21).repeat(20), 5), settings)
    for step in range(1, 5):
        run.step()
        assert len(calls) == 2 * step
        weights.append(model.embedding.weight.detach().clone())
        assert not torch.equal(*weights[-2:])
    with pytest.raises(ValueError, match="the fifth step"):
        run.step()
    other = Paused(models.GPT(21, 5, 8, 1, 2), F.cross_entropy, Windows(torch.arange(30), 5), settings)
    other.close()
    assert not other.thread.is_alive()
