"""Live cells without a browser: which cells are live, what each needs, and what a run gives."""

import sys

import pytest

from website.live import Cell, judge, keys, names
from website.live.session import Session


def cells(*sources, tags=()):
    found = [Cell(source, frozenset(tags)) for source in sources]
    judge(found)
    return found


def plan(*sources):
    """The cells that run before the last one."""
    steps = Session().plan(list(sources), len(sources) - 1)
    assert steps[-1]["cell"] == len(sources) - 1
    return [step["cell"] for step in steps[:-1]]


# Which are live


def test_a_cell_with_pytorch_is_not_live_nor_what_needs_it():
    found = cells("import numpy as np", "import torch\nt = torch.ones(3)", "print(t.sum())", "print(np.ones(2))")
    assert [cell.live for cell in found] == [True, False, False, True]
    assert found[1].reason == "This cell needs PyTorch, which no browser runs."
    assert found[2].reason == "This cell needs <code>t</code> from a cell that does not run here."


def test_a_cell_that_writes_safetensors_is_not_live():
    found = cells("import numpy as np", "from nnlib import checkpoint\ncheckpoint.save('a', {})", "print(np.ones(2))")
    assert [cell.live for cell in found] == [True, False, True]
    assert found[1].reason == "This cell needs safetensors, which no browser has."


@pytest.mark.parametrize("code", ["import nnlib.torch", "from nnlib import torch", "import torch.nn as nn",
                                  "def f():\n    import torch", "from nnlib.torch import nn"])  # fmt: skip
def test_every_way_to_import_pytorch_is_seen(code):
    assert not cells(code)[0].live


def test_nnlibs_numpy_half_is_no_pytorch():
    assert cells("from nnlib.numpy import nn\nimport nnlib.testing")[0].live


def test_a_name_given_again_by_a_live_cell_is_there():
    assert [c.live for c in cells("import torch\nx = torch.ones(3)", "x = 1", "print(x)")] == [False, True, True]


def test_a_function_that_calls_pytorch_when_called_is_not_live():
    assert [c.live for c in cells("import torch", "def f():\n    return torch.ones(3)", "f()")] == [False] * 3


def test_the_setup_cell_is_neither():
    (setup,) = cells("import importlib.util", tags=["setup", "hide-input"])
    assert not setup.live and not setup.reason


def test_an_author_can_take_a_cell_out():
    (slow,) = cells("x = 1", tags=["not-live"])
    assert slow.reason == "This cell computes too long for a browser."


def test_a_cells_key_stays_while_its_code_does():
    one, two, again = keys(cells("x = 1", "x = 2", "x = 1"))
    assert one != two and again == one + "-2"
    assert keys(cells("y = 0", "x = 1"))[1] == one


# What runs first


@pytest.mark.parametrize(
    ("sources", "before"),
    [
        (("x = 1", "y = 2", "print(x)"), [0]),
        (("x = 1", "x = 2", "print(x)"), [1]),
        (("x = 1", "y = x", "z = 3", "print(y)"), [0, 1]),
        (("x = 1", "def f():\n    return x", "z = 3", "f()"), [0, 1]),
        (("x = 1", "def f():\n    return x", "x = 2", "f()"), [1, 2]),
        (("def g():\n    return 1", "def f():\n    return g()\nprint(f())"), [0]),
        (("def g():\n    return 1", "def f():\n    return g()\nprint(map(f, []))"), [0]),
        (("def g():\n    return 1", "def f():\n    return g()"), []),
        (("w = [1]", "w[0] = 2", "print(w)"), [0, 1]),
        (("w = 1", "w += 1", "print(w)"), [0, 1]),
        (("m = f", "m.step()", "print(m)"), [0, 1]),
        (("m = f", "n = m.mean()", "print(m)"), [0]),
        (("m = f", "loss = fit(m)", "print(m)"), [0, 1]),
        (("def d(w):\n    w -= 1", "x = [1]", "d(x)", "print(x)"), [0, 1, 2]),
        (("def d(w):\n    w = w - 1", "x = [1]", "d(x)", "print(x)"), [1]),
        (("w = 0\ndef d():\n    global w\n    w += 1", "d()", "print(w)"), [0, 1]),
        (("r = np.random.default_rng(0)", "a = r.normal()", "b = 3", "c = r.normal()"), [0, 1]),
        (("r = np.random.default_rng(0)", "a = draw(r)", "c = r.normal()"), [0, 1]),
        (("x = [1]", "print([x for x in range(3)])"), []),
        (("x = [1]", "print(sum(y for y in x))"), [0]),
        (("x = 1", "def f(x):\n    return x\nf(2)"), []),
        (("x = 1", "f = lambda y: x + y"), [0]),
        (("x = 1", "class A:\n    def m(self):\n        return x\nA().m()"), [0]),
        (("x = 1", "for x in range(3):\n    print(x)"), []),
        (("x = 1", "try:\n    pass\nexcept ValueError as x:\n    print(x)"), []),
        (("x = 1", "x = x + 1"), [0]),
        (("a, (b, *c) = 1, (2, 3)", "print(c)"), [0]),
        (("x = 1", "np.add(1, 2, out=x)", "print(x)"), [0, 1]),
        (("x = 1", "init.ones_(x)", "print(x)"), [0, 1]),
        (("this is no Python", "print(x)"), []),
    ],
)
def test_a_cell_runs_after_what_it_needs_and_nothing_else(sources, before):
    assert plan(*sources) == before


def test_of_a_cell_of_imports_only_the_needed_lines_run():
    imports = "import math\nfrom nnlib import plot\nfrom nnlib.data import moons, split\n\nplot.use_style()"
    steps = Session().plan([imports, "print(math.pi)"], 1)
    assert [step["code"] for step in steps] == ["import math", "print(math.pi)"]
    steps = Session().plan([imports, "plot.losses([])"], 1)
    assert [step["code"] for step in steps[:-1]] == ["from nnlib import plot", "plot.use_style()"]
    assert all(step["quiet"] for step in steps[:-1])


def test_what_ran_does_not_run_again():
    session, sources = Session(), ["import math", "x = math.pi", "print(x)"]
    for step in session.plan(sources, 1):
        assert session.run(step["cell"], step["part"], step["code"]) is None
    assert [step["cell"] for step in session.plan(sources, 2)] == [2]
    assert [step["cell"] for step in session.plan(sources, 1)] == [1]  # the cell itself always does


def test_what_stopped_with_an_error_runs_again():
    session, sources = Session(), ["x = 1 / 0", "print(x)"]
    assert session.run(0, -1, sources[0])["kind"] == "ZeroDivisionError"
    assert [step["cell"] for step in session.plan(sources, 1)] == [0, 1]


def test_cells_that_are_not_live_are_left_out():
    assert [step["cell"] for step in Session().plan(["x = 1", None, "print(x)"], 2)] == [0, 2]


def test_matplotlib_is_asked_for_where_it_is_imported():
    session = Session()
    assert session.pictures("from nnlib import plot") and session.pictures("import matplotlib.pyplot as plt")
    assert session.pictures("from nnlib.widgets import explore")
    assert not session.pictures("from nnlib.data import moons")


# What a run gives


@pytest.fixture
def told():
    return []


@pytest.fixture
def session(told, monkeypatch):
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    return Session(told.append)


def test_the_last_line_is_shown_as_in_a_notebook(session, told, capsys):
    assert session.run(0, -1, "print('a')\nx = 2\nx + 1") is None
    assert told == [{"text/plain": "3"}] and capsys.readouterr().out == "a\n"
    session.run(1, -1, "x;")
    session.run(2, -1, "None")
    assert len(told) == 1
    session.run(3, -1, "display(_)")
    assert told[1:] == [{"text/plain": "3"}]


def test_an_error_names_its_line_and_leaves_our_own_out(session):
    error = session.run(2, -1, "def f():\n    return 1 / 0\n\nf()")
    assert (error["kind"], error["message"], error["line"]) == ("ZeroDivisionError", "division by zero", 2)
    assert "session.py" not in error["trace"] and "cell 3, line 4" in error["trace"]
    error = session.run(3, -1, "x = (1,\ny = 2")
    assert error["kind"] == "SyntaxError" and error["line"] >= 1
    assert session.run(4, -1, "import no_such_thing")["advice"].startswith("`no_such_thing` is not there")


def test_a_name_lost_by_an_error_is_an_error_in_the_cell_that_needs_it(session):
    session.run(0, -1, "def f():\n    return nothing")
    assert session.run(1, -1, "f()\n")["line"] == 1


def test_pictures_and_sliders(session, told):
    session.run(0, -1, "from nnlib import plot\nfig, ax = plot.figure()\nplot.show(fig, alt='Nothing.')")
    assert told[-1]["alt"] == "Nothing." and told[-1]["image/png"].startswith("iVBOR")
    code = "from nnlib.widgets import Slider, explore\n"
    session.run(1, -1, code + "explore(lambda n: '#' * n, alt='', n=Slider(1, 9, start=3, step=1, label='marks'))")
    assert told[-1]["explorer"] == 0 and told[-1]["text/plain"] == "###"
    assert told[-1]["controls"] == [{"name": "n", "min": 1, "max": 9, "start": 3, "step": 1, "label": "marks"}]
    assert session.move(0, {"n": 5.0}) == {"text/plain": "#####"}


def test_a_moving_slider_is_followed_by_sketches_of_one_layout(session, told):
    code = """
from nnlib import plot
from nnlib.widgets import Slider, explore
def line(top):
    fig, ax = plot.figure()
    ax.plot([0, top])
    ax.set(xlabel="time", ylabel="height", title="left")
    ax.set_title("middle", loc="center")
    return fig
explore(line, alt="Up to {top}.", top=Slider(1, 10**6, 5, 1))"""
    assert session.run(0, -1, code) is None
    laid_out, again = (session.move(0, {"top": 3}, rest=False) for _ in range(2))
    assert laid_out == again  # the second without asking for any text's size
    sketches = [session.move(0, {"top": top}, rest=False) for top in (1, 2, 10**6)]
    assert all(len(s["pixels"]) == 4 * s["width"] * s["height"] for s in sketches)
    assert sketches[0]["width"] == told[-1]["width"] and sketches[0]["pixels"] != sketches[1]["pixels"]
    assert session.move(0, {"top": 7})["alt"] == "Up to 7."
    session.module.line = None
    assert session.move(0, {"top": "high"}, rest=False)["text/plain"].startswith("ValueError")


def test_verdicts_are_heard(monkeypatch, told):
    from nnlib.exercises import catalogue, judge

    monkeypatch.setenv("NNLIB_PROGRESS", "off")
    monkeypatch.setattr(judge, "listeners", [])
    heard = []
    session = Session(told.append, lambda *verdict: heard.append(verdict))
    exercise = next(e for exercises in catalogue.by_chapter().values() for e in exercises)
    session.run(0, -1, "from nnlib.exercises import check")
    session.module.right = exercise.right[0]
    session.run(1, -1, f"check({exercise.key!r}, ...)")
    session.run(2, -1, f"check({exercise.key!r}, right)")
    assert heard == [(exercise.key, False, False), (exercise.key, True, True)]
    assert told[0]["text/markdown"].startswith("**Not yet.**") and told[1]["text/markdown"].startswith("**Correct.**")


def test_names_reads_what_a_cell_gives():
    code = names.read("import numpy as np\nfrom a import b as c\nx, y = np.e\nfor i in y: pass\nwith f() as g: pass")
    assert code.gives == {"np", "c", "x", "y", "i", "g"} and code.needs == {"f"}
    assert code.imports >= {"numpy", "a", "a.b"}
