"""The benchmarks compare before they time, and the book's page says what was measured."""

import copy
import json
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
import torch

from benchmarks import contenders, measure, page
from benchmarks.contenders import Program
from benchmarks.contenders.optimizers import Adam
from benchmarks.workloads import MAIN, make

HERE = ("nnlib", "torch", "torch_functional", "torch_channels_last", "textbook")  # JAX and a compiler need not be here


@pytest.mark.parametrize("name", MAIN)
def test_contenders_compute_the_same(name):
    programs, differences = measure.check(HERE, make(name))
    assert set(programs) == set(contenders.able(HERE, make(name))) >= {"nnlib", "torch", "textbook"}
    assert max(differences.values()) <= measure.TOLERANCE


@pytest.mark.parametrize("name", ["W1", "W2", "W3", "W5"])
def test_steps_move_the_same_way(name):
    workload = make(name)
    after = []
    for contender in contenders.able(HERE, workload):
        program = contenders.build(contender, workload)
        for _ in range(5):
            program.step()
        after.append(program.first())
    for other in after[1:]:
        measure.compare("after five steps", other, after[0])


@pytest.mark.parametrize("decay", [0.0, 0.1])
def test_the_textbooks_adam_is_pytorchs(decay):
    """On random gradients: those of W4 are partly rounding, and Adam makes steps of full length of them."""
    rng = np.random.default_rng(0)
    p, gradients = rng.standard_normal(50), rng.standard_normal((5, 50))
    expected = torch.tensor(p, requires_grad=True)
    theirs = torch.optim.AdamW([expected], lr=0.01, weight_decay=decay)
    ours, values = Adam(0.01, decay), [p]
    state = ours.start(values)
    for g in gradients:
        expected.grad = torch.tensor(g)
        theirs.step()
        values, state = ours.update(values, [g], state)
    np.testing.assert_allclose(values[0], expected.detach().numpy(), rtol=1e-12)


def test_a_wrong_gradient_stops_everything(monkeypatch):
    right = contenders.build("textbook", make("W5")).first()
    for i in range(len(right)):
        wrong = copy.deepcopy(right)
        wrong[i] = wrong[i] * 1.001
        with pytest.raises(measure.Disagreement, match=f"array {i} of 7"):
            measure.compare("wrong", wrong, right)
    with pytest.raises(measure.Disagreement, match="nan"):
        measure.compare("undefined", [a * np.nan for a in right], right)
    with pytest.raises(measure.Disagreement, match="shapes"):
        measure.compare("short", right[:-1], right)

    def never():
        raise AssertionError("timed before it was checked")

    build = contenders.build
    bad = Program(never, lambda: [a * 1.001 for a in right])
    monkeypatch.setattr(contenders, "build", lambda name, w: bad if name == "textbook" else build(name, w))
    with pytest.raises(measure.Disagreement):
        measure.together(HERE, make("W5"), rounds=1)


def test_workloads_are_the_same_each_time():
    for a, b in zip(make("W1").parameters, make("W1").parameters, strict=True):
        assert a.dtype == np.float32
        np.testing.assert_array_equal(a, b)
    assert len(make("batch-32").x) == 32
    assert make("width-64").parameters[2].shape == (64, 64)


@pytest.mark.parametrize("name", ["W9", "W1-3", "batch", "batch-", "height-3"])
def test_an_unknown_workload_is_named(name):
    with pytest.raises(ValueError, match=name):
        make(name)


def test_ratios_are_medians_of_rounds():
    # One round hit by noise (both ten times slower) changes no ratio, one slow contender changes no median.
    summary = measure.summary({"torch": [2.0, 20.0, 2.0, 2.0, 2.0], "nnlib": [1.0, 10.0, 1.0, 9.0, 1.0]})
    assert summary["nnlib"]["ratio"] == summary["nnlib"]["low"] == summary["nnlib"]["high"] == 0.5
    assert summary["nnlib"]["microseconds"] == 1e6


def test_what_was_interrupted_does_not_count():
    nan = float("nan")
    summary = measure.summary({"torch": [2.0, 2.0, nan, 2.0], "nnlib": [1.0, nan, 9.0, 1.0]})
    assert summary["nnlib"] == {"microseconds": 1e6, "ratio": 0.5, "low": 0.5, "high": 0.5, "rounds": 2}
    with pytest.raises(measure.Busy, match="in all 2 rounds nnlib or torch had to wait"):
        measure.summary({"torch": [2.0, nan], "nnlib": [nan, 1.0]})


def test_a_slice_tells_whether_the_processor_was_there():
    working = measure.slice_of(Program(lambda: sum(range(100_000)), list), 10)[1]
    waiting = measure.slice_of(Program(lambda: time.sleep(0.01), list), 10)[1]
    assert waiting < 0.2 and 2 * waiting < working < 1.2  # also where other programs work


def test_every_contender_is_whole():
    """A title, a library whose import is timed, and a file."""
    files = {path.stem for path in Path(contenders.__file__).parent.glob("*/*.py")}
    assert contenders.TITLES.keys() == contenders.LIBRARY.keys() == files
    assert 0 < measure.import_seconds("nnlib.numpy") < 10
    with pytest.raises(subprocess.CalledProcessError):
        measure.import_seconds("no_such_library")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read as Linux tells it")
def test_memory_is_read_after_the_steps_that_the_page_names(monkeypatch):
    steps = []
    monkeypatch.setattr(contenders, "build", lambda *_: Program(lambda: steps.append(1), list))
    assert measure.child("memory", "nnlib", "W1")["megabytes"] > 1
    assert len(steps) == measure.MEMORY_STEPS


def test_exponent_of_a_power():
    sizes = [10, 20, 40]
    assert measure.exponent(sizes, [3 * n**1.5 for n in sizes]) == 1.5


def test_the_page_is_what_the_results_give():
    results = json.loads(page.RESULTS.read_text(encoding="utf-8"))
    assert page.PAGE.read_text(encoding="utf-8") == page.page(results), "write it: python -m benchmarks page"


def test_a_miss_is_called_one():
    results = json.loads(page.RESULTS.read_text(encoding="utf-8"))
    for ratio, verdict in ((0.899, "yes"), (0.901, "**not yet**")):
        lines = page.page(_with_ratio(results, ratio)).splitlines()
        row = next(line for line in lines if "784-256-128-10, batch 128 |" in line)
        assert row.endswith(f"| {verdict} |")


def _with_ratio(results, ratio):
    results = copy.deepcopy(results)
    results["together"]["W1"]["nnlib"]["ratio"] = ratio
    return results


def test_results_say_what_they_depend_on():
    results = json.loads(page.RESULTS.read_text(encoding="utf-8"))
    assert {"cpu", "cores", "threads", "blas", "python", "versions", "date", "load"} <= results["machine"].keys()
    assert results["command"].startswith("python -m benchmarks run")
    for workload in results["together"]:
        for numbers in results["together"][workload].values():
            assert numbers["difference"] <= measure.TOLERANCE
            assert numbers["cores"] < 1.2, "more than one thread was at work"
