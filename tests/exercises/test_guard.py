"""Whatever an answer does, the check goes on or ends with a sentence that helps."""

import subprocess
import sys
import threading
import time

import numpy as np
import pytest
import torch

from nnlib.exercises.exercise import Exercise, Wrong, agree, require
from nnlib.exercises.guard import TooSlow, deadline
from nnlib.exercises.judge import examine
from nnlib.numpy import Tensor

X = np.array([[1.0, -2.0, 3.0], [0.5, 0.0, -1.0]])


def double(x):
    return 2 * x


def exercise(solution=double, check=None):
    check = check or (lambda answer: agree(answer, solution, X))
    return Exercise(
        key="test", title="Test", check=check, hints=["a", "b"], solution=solution, explanation="why",
        wrong=[Wrong(0, "a"), Wrong(1, "b")], right=[],
    )  # fmt: skip


def says(answer, **options):
    verdict = examine(exercise(**options), answer)
    assert not verdict.correct
    return verdict.message


# What goes in


def test_an_answer_gets_copies():
    def greedy(x):
        result = 2 * x
        x[:] = 0
        return result

    before = X.copy()
    assert "`greedy` changes its argument `x` in place" in says(greedy)
    assert np.array_equal(X, before)


@pytest.mark.parametrize("change", [lambda x: x.resize((3, 2), refcheck=False), lambda x: x.fill(np.nan)])
def test_a_changed_shape_and_nan_are_seen(change):
    def answer(x):
        result = 2 * x
        change(x)
        return result

    assert "in place" in says(answer)


def test_changes_inside_lists_and_dicts_are_seen():
    def solution(weights, options):
        return weights[0] * options["k"]

    def answer(weights, options):
        result = weights[0] * options["k"]
        options["k"] = 5
        return result

    def check(f):
        f([np.ones(2)], {"k": 2})

    assert "argument `options` in place" in says(answer, solution=solution, check=check)


def test_nan_in_an_input_is_no_change():
    nan = np.array([1.0, np.nan])
    assert examine(exercise(check=lambda f: agree(f, double, nan)), double).correct


# What comes out


@pytest.mark.parametrize(
    "convert",
    [
        lambda y: y.tolist(),
        lambda y: [list(row) for row in y],
        lambda y: torch.tensor(y, requires_grad=True),
        lambda y: Tensor(y, requires_grad=True),
        lambda y: np.asmatrix(y) if hasattr(np, "asmatrix") else y,
        lambda y: y.astype(object),
        lambda y: np.ma.masked_array(y),
    ],
    ids=["list", "list of NumPy's numbers", "torch", "Tensor", "matrix", "object array", "masked array"],
)
def test_what_converts_is_an_array(convert):
    def check(answer):
        y = answer(X)
        assert type(y) is np.ndarray and y.dtype == np.float64 and y.shape == X.shape
        agree(answer, double, X)

    assert examine(exercise(check=check), lambda x: convert(2 * x)).correct


def test_numbers_become_numpys():
    def check(answer):
        assert answer(X).shape == () and answer(X).dtype == np.int64

    assert examine(exercise(check=check), lambda x: 3).correct


def test_a_tuple_stays_one_and_a_ragged_list_stays_a_list():
    def check(answer):
        loss, gradients = answer(X)
        assert isinstance(gradients, list) and [g.shape for g in gradients] == [(2,), (3,)]

    assert examine(exercise(check=check), lambda x: (1.5, [np.ones(2), torch.ones(3)])).correct


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda x: (v for v in x), "`generator`, which has computed nothing yet"),
        (lambda x: map(abs, x), "a `map`"),
        (lambda x: "text", 'is the text "text", and should be an array of shape (2, 3)'),
        (lambda x: {"a": 1}, "is a dict"),
        (lambda x: double, "is the function `double`"),
        (lambda x: [1, "a"], "is a list of 2"),
    ],
)
def test_another_kind_of_result_is_named(answer, message):
    assert message in says(answer)
    assert message in says(answer, check=lambda f: require(f(X).sum(axis=1).shape == (2,), "never reached"))


def test_the_form_of_what_a_closure_returns_is_named_too():
    def solution(x):
        return x, (lambda g: g * x,)

    def check(answer):
        _, (d_x,) = answer(X)
        require(d_x(X).sum(axis=1) > -1e9, "never reached")

    def answer(x):
        def d_x(g):
            return "text"

        return x, (d_x,)

    assert 'What `d_x` returns is the text "text", and should be an array of shape (2, 3)' in says(
        answer, solution=solution, check=check
    )


# Exceptions


def test_an_exception_is_named_with_its_line_and_its_input():
    def answer(x):
        y = x + 1
        return y @ x

    message = says(answer)
    assert message.startswith("`answer` stops in line ") and " with ValueError: matmul: " in message
    assert "`return y @ x`" in message and message.endswith("called with `x` = an array of shape (2, 3).")


def test_the_line_is_the_learners_even_when_numpy_raises():
    def answer(x):
        return np.linalg.inv(x)

    assert "`return np.linalg.inv(x)`" in says(answer)


def test_an_exception_in_a_closure_is_named():
    def answer(x):
        def d_x(g):
            return g[10]

        return x, (d_x,)

    def check(f):
        f(X)[1][0](X)

    assert "(`return g[10]`) with IndexError: index 10" in says(answer, check=check)


def test_addresses_are_left_out():
    def answer(x):
        raise ValueError(f"what is {object()}?")

    assert "what is <object object>?" in says(answer)


@pytest.mark.parametrize("error", [SystemExit(1), GeneratorExit(), MemoryError(), BaseException("odd")])
def test_whatever_is_raised_is_caught(error):
    def answer(x):
        raise error

    assert type(error).__name__ in says(answer)


def test_endless_recursion_is_named():
    def answer(x):
        return answer(x)

    assert "calls itself without end" in says(answer)


def test_an_interrupt_stops_the_check_in_words():
    def answer(x):
        raise KeyboardInterrupt

    verdict = examine(exercise(), answer)
    assert verdict.status == "Not yet" and "You stopped the check in line" in verdict.message


@pytest.mark.parametrize(
    ("answer", "signature"),
    [(lambda: 1, "lambda()"), (lambda x, y: 1, "lambda(x, y)"), (lambda *, x: 1, "lambda(*, x)")],
)
def test_other_parameters_are_named(answer, signature):
    assert f"calls `lambda` as `double(x)`, but yours is defined as `{signature}`" in says(answer)


def test_builtins_and_callable_objects_are_functions_too():
    class Doubler:
        def __call__(self, x):
            return 2 * x

    assert examine(exercise(), Doubler()).correct
    assert examine(exercise(solution=np.abs), np.abs).correct
    assert "TypeError" in says(len, check=lambda f: f(3))


CELL = """
class Model:
    def __init__(self, x):
        self.x = x

    def predict(self):
        return self.x[5]
"""


def test_an_exception_in_a_method_is_the_learners_too():
    names = {}
    exec(compile(CELL, "<cell 1>", "exec"), names)

    def check(answer):
        model = answer(X)
        require(np.array_equal(model.x, X), "another x")
        model.predict()

    message = says(names["Model"], solution=names["Model"], check=check)
    assert message.startswith("Your code stops in line 7 with IndexError: index 5 is out of bounds")


# The deadline


def loop(x):
    while True:
        x = x + 1


ON_ONE_LINE = {}
exec("def spin(x):\n    while True: pass", ON_ONE_LINE)  # Python 3.11 reports no lines in it
spin = ON_ONE_LINE["spin"]


def one_line(x):
    return [0 for _ in iter(int, 1)]


def generate(x):
    return sum(0 for _ in iter(int, 1))


def stubborn(x):
    while True:
        try:
            for _ in range(1000):
                x = x + 1
        except Exception:
            pass


def nested(x):
    def inner():
        while True:
            x.sum()

    return inner()


def by_the_library(x):
    for _ in iter(int, 1):
        np.linalg.norm(x)


@pytest.mark.parametrize("answer", [loop, spin, one_line, generate, stubborn, nested, by_the_library])
def test_what_never_ends_is_stopped(answer, impatient):
    start = time.perf_counter()
    assert "The check was still running after 0.2 seconds in line " in says(answer)
    assert time.perf_counter() - start < 3


def test_a_closure_that_never_ends_is_stopped(impatient):
    assert "still running" in says(lambda x: (x, (spin,)), check=lambda f: f(X)[1][0](X))


def test_the_deadline_works_in_any_thread(impatient):
    found = []
    thread = threading.Thread(target=lambda: found.append(says(loop)))
    thread.start()
    thread.join(5)
    assert found and "still running" in found[0]


def test_another_trace_is_put_back():
    seen = []

    def trace(frame, event, argument):
        seen.append(event)
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        with pytest.raises(TooSlow), deadline(0.05):
            spin(0)
        assert sys.gettrace() is trace
        with deadline(5):
            double(1)
        assert sys.gettrace() is trace
    finally:
        sys.settrace(before)
    assert "call" in seen or seen == []


def test_a_deadline_leaves_no_trace(impatient):
    before = sys.gettrace()
    examine(exercise(), double)
    examine(exercise(), loop)
    assert sys.gettrace() is before


def test_in_a_browser_a_check_may_take_longer():
    code = "import sys; sys.platform = 'emscripten'; import nnlib.exercises.judge as j; print(j.SECONDS)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "60\n", done.stderr


# What it prints


def test_what_it_prints_is_shown_with_a_diagnosis_and_not_else(capsys):
    def wrong(x):
        print("x is", x.shape)
        return x

    def right(x):
        print("x is", x.shape)
        return 2 * x

    assert says(wrong).endswith("Your code printed:\n\n```\nx is (2, 3)\n```")
    assert repr(examine(exercise(), right)) == "Correct."
    assert capsys.readouterr() == ("", "")


def test_little_of_what_it_prints_is_shown():
    def wrong(x):
        print("\n".join("abcdefghij"))
        return x

    assert says(wrong).endswith("```\na\nb\nc\nd\ne\n...\n```")


def test_numpys_warnings_are_kept_back():
    def answer(x):
        return np.log(-np.abs(x)) * 0

    assert "holds nan" in says(answer)
