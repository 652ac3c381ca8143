"""The benchmarks compare before they time, and the book's page says what was measured."""

import copy
import json

import numpy as np
import pytest

from benchmarks import contenders, measure, page
from benchmarks.contenders import Program
from benchmarks.workloads import MAIN, make

HERE = ("nnlib", "torch", "torch_fused", "textbook")  # JAX and a compiler need not be here


@pytest.mark.parametrize("name", MAIN)
def test_contenders_compute_the_same(name):
    programs, differences = measure.check(HERE, make(name))
    assert set(programs) == set(HERE)
    assert max(differences.values()) <= measure.TOLERANCE


@pytest.mark.parametrize("name", ["W1", "W5"])
def test_steps_move_the_same_way(name):
    workload = make(name)
    after = []
    for contender in HERE:
        program = contenders.build(contender, workload)
        for _ in range(5):
            program.step()
        after.append(program.first())
    for other in after[1:]:
        measure.compare("after five steps", other, after[0])


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
    assert make("width-64").weights[1].shape == (64, 64)


@pytest.mark.parametrize("name", ["W2", "batch-", "depth-3"])
def test_an_unknown_workload_is_named(name):
    with pytest.raises(ValueError, match=name):
        make(name)


def test_ratios_are_medians_of_rounds():
    # One round hit by noise (both ten times slower) changes no ratio, one slow contender changes no median.
    summary = measure.summary({"torch": [2.0, 20.0, 2.0, 2.0, 2.0], "nnlib": [1.0, 10.0, 1.0, 9.0, 1.0]})
    assert summary["nnlib"]["ratio"] == summary["nnlib"]["low"] == summary["nnlib"]["high"] == 0.5
    assert summary["nnlib"]["microseconds"] == 1e6


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
    for workload in MAIN:
        for numbers in results["together"][workload].values():
            assert numbers["difference"] <= measure.TOLERANCE
            assert numbers["cores"] < 1.2, "more than one thread was at work"
