"""The benchmarks compare before they time, and the book's page says what was measured."""

import copy
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
import torch

from benchmarks import contenders, measure, page, processes, results
from benchmarks.contenders import Program
from benchmarks.contenders.optimizers import Adam
from benchmarks.workloads import GROWTH, MAIN, make

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


def test_waiting_for_other_programs_does_not_count():
    mean, working = measure.slice_of(Program(lambda: time.sleep(0.01), list), 10)
    assert mean < 0.005 and working < 0.5
    assert measure.slice_of(Program(lambda: sum(range(100_000)), list), 10)[0] > 1e-4


def test_every_contender_is_whole():
    """A title, a library whose import is timed, and a file."""
    files = {path.stem for path in Path(contenders.__file__).parent.glob("*/*.py")}
    assert contenders.TITLES.keys() == contenders.LIBRARY.keys() == files
    assert 0 < processes.import_seconds("nnlib.numpy") < 10
    with pytest.raises(subprocess.CalledProcessError):
        processes.import_seconds("no_such_library")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read as Linux tells it")
def test_memory_is_read_after_the_steps_that_the_page_names(monkeypatch):
    steps = []
    monkeypatch.setattr(contenders, "build", lambda *_: Program(lambda: steps.append(1), list))
    assert processes.child("memory", "nnlib", "W1")["megabytes"] > 1
    assert len(steps) == processes.MEMORY_STEPS


def test_another_kernel_is_set_before_numpy_is_loaded(monkeypatch):
    def run(command, env, **_):
        assert command[2:5] == ["benchmarks", "together", "--workloads"]
        assert env["OPENBLAS_CORETYPE"] == "SkylakeX" and env["OPENBLAS_NUM_THREADS"] == "1"
        return subprocess.CompletedProcess(command, 0, 'a compiler says something\n{"W6": {"nnlib": {"ratio": 0.5}}}')

    monkeypatch.setattr(subprocess, "run", run)
    assert processes.with_kernel("SkylakeX", ["nnlib", "torch"], "W6", 1) == {"nnlib": {"ratio": 0.5}}


def test_exponent_of_a_power():
    sizes = [10, 20, 40]
    assert measure.exponent(sizes, [3 * n**1.5 for n in sizes]) == 1.5


@pytest.mark.parametrize("kind", GROWTH)
def test_contenders_compute_the_same_as_a_size_grows(kind):
    _, differences = measure.check(("nnlib", "torch"), make(f"{kind}-{GROWTH[kind][1]}"))
    assert differences["nnlib"] <= measure.TOLERANCE


def test_growth_puts_a_series_together(monkeypatch):
    sizes = GROWTH["width"]
    times = {make(f"width-{size}").title: size**2.0 for size in sizes}
    monkeypatch.setattr(results, "together", lambda _, w, __: {"nnlib": {"microseconds": times[w.title], "ratio": 0.5}})
    monkeypatch.setattr(results, "memory", lambda _, name: {"nnlib": float(name.partition("-")[2])})
    series = results.growth("width", ["nnlib"], rounds=1)
    assert series["sizes"] == list(sizes) and series["memory"] == {"nnlib": [float(size) for size in sizes]}
    assert series["exponent"] == series["last_exponent"] == {"nnlib": 2.0}
    assert series["ratio"] == {"nnlib": [0.5] * len(sizes)}


def test_steps_warm_up_and_fill_a_slice(monkeypatch):
    count = []
    monkeypatch.setattr(measure, "seconds", lambda program, repeats: (program.step(), measure.SLICE / 4)[1])
    monkeypatch.setattr(measure, "WARM", 0.02)
    assert measure.calibrate(Program(lambda: count.append(1), list)) == 4
    assert len(count) > 10  # many steps came first


def test_rounds_end_when_they_take_too_long(monkeypatch):
    monkeypatch.setattr(measure, "LONGEST", 0.0)
    assert measure.together(("nnlib", "torch"), make("W6"), rounds=10**9)["torch"]["rounds"] == 1


def test_the_page_is_what_the_results_give():
    assert page.PAGE.read_text(encoding="utf-8") == page.page(results.load()), "write it: python -m benchmarks page"


def test_everything_was_measured():
    assert results.load().keys() == set(results.NAMES)


def test_a_miss_is_called_one():
    for how, targets in (("together", page.TARGETS), ("beyond", page.BEYOND_TARGETS)):
        for ratio, verdict in ((targets["W1"] - 0.001, "yes"), (targets["W1"] + 0.001, "**not yet**")):
            found = copy.deepcopy(results.load())
            numbers = found["W1"][how]
            (numbers["nnlib"] if how == "together" else numbers)["ratio"] = ratio
            start = f"| {make('W1').title} | {targets['W1']:.2f} |"
            row = next(line for line in page.page(found).splitlines() if line.startswith(start))
            assert row.endswith(f"| {verdict} |")


def test_the_worst_memory_is_the_one_shown():
    found = copy.deepcopy(results.load())
    found["W5"]["memory"] |= {"nnlib": 340.0, "torch": 1000.0}
    row = next(line for line in page.page(found).splitlines() if line.startswith("| Peak memory"))
    assert row.endswith("| 0.33 |  | 0.34 | **not yet** |")


def test_results_say_what_they_depend_on():
    for name, result in results.load().items():
        assert {"cpu", "cores", "threads", "blas", "python", "versions", "date", "load"} <= result["machine"].keys()
        assert result["command"].startswith("python -m benchmarks run")
        for numbers in result["together"].values() if name in MAIN else ():
            assert numbers["difference"] <= measure.TOLERANCE
            assert numbers["cores"] < 1.2, "more than one thread was at work"
