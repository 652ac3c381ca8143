"""What holds for each exercise of the book; a new chapter's exercises get all of it by themselves."""

import functools
import inspect
import re
import subprocess
import sys
import textwrap
import time
from collections import Counter

import numpy as np
import pytest

from nnlib.exercises import catalogue
from nnlib.exercises.judge import examine

# Any answer with a certain property is right, so that one which is a little off may be right too.
OPEN = {
    "an-activation-of-your-own",
    "enough-on-most-days",
    "one-place-back",
    "backwards-with-two-numbers",
    "turn-the-clock-back",
}
CPU_SECONDS = 1  # for one check of the solution; a browser was seen to take 25 times as long


def test_every_module_loads():
    assert catalogue.broken() == {}
    assert all(catalogue.by_chapter().values()), "a module without EXERCISES"


def test_keys_are_unique():
    keys = Counter(exercise.key for members in catalogue.by_chapter().values() for exercise in members)
    assert [key for key, count in keys.items() if count > 1] == []


# What an author gives


def code(answer):
    """What tells one answer from another: the code of functions, else form and value."""
    if inspect.isfunction(answer) and answer.__name__ == "<lambda>":
        return f"lambda: {answer.__code__.co_names} {answer.__code__.co_consts} {answer.__code__.co_code.hex()}"
    if callable(answer):
        return textwrap.dedent(inspect.getsource(answer))
    if isinstance(answer, tuple) and any(map(callable, answer)):
        return "\n".join(map(code, answer))
    return f"{type(answer).__name__} {answer!r}"


def test_there_are_hints_mistakes_and_other_right_answers(exercise):
    assert 2 <= len(exercise.hints) <= 4, "two to four hints"
    assert len({wrong.says for wrong in exercise.wrong}) >= 2, "at least two planted mistakes, told apart"
    assert len({code(answer) for answer in exercise.right}) >= 3, "at least three right answers, written differently"


def test_hints_do_not_give_the_solution_away(exercise):
    hints = " ".join(exercise.hints)
    if exercise.functions:
        body = inspect.getsource(exercise.functions[-1]).split("\n", 1)[1]
        body = re.sub(r'""".*?"""|#.*', "", body, flags=re.DOTALL)
        squeezed = [re.sub(r"\s", "", line) for line in body.splitlines() if line.strip()]
        told = [line for line in squeezed if line in re.sub(r"\s", "", hints)]
        assert len(told) <= len(squeezed) / 2, f"the hints contain {told}"
    else:
        numbers = re.findall(r"\d{3,}|\d+\.\d+", repr(exercise.solution))
        assert [n for n in numbers if re.search(rf"(?<![\d.]){re.escape(n)}(?![\d.])", hints)] == []


# What check says


def test_solution_is_correct(exercise):
    start = time.process_time()
    verdict = examine(exercise, exercise.solution)
    seconds = time.process_time() - start
    assert verdict.status == "Correct", verdict
    assert seconds < CPU_SECONDS, f"{seconds:.1f} s of computing: too slow for a browser"


def test_right_answers_are_correct(exercise):
    for answer in exercise.right:
        verdict = examine(exercise, answer)
        assert verdict.correct, f"{code(answer)}\n{verdict}"


def test_each_mistake_gets_its_own_diagnosis(exercise):
    verdicts = [examine(exercise, wrong.answer) for wrong in exercise.wrong]
    for wrong, verdict in zip(exercise.wrong, verdicts, strict=True):
        assert verdict.status == "Not quite", f"{code(wrong.answer)}\n{verdict}"
        assert wrong.says in verdict.message, f"{wrong.says!r} is not in\n{verdict}"
        others = [w.says for w in exercise.wrong if w.says != wrong.says and w.says in verdict.message]
        assert not others, f"{verdict}\nhas another mistake's diagnosis: {others}"
        assert "` stops in line" not in verdict.message, f"a planted mistake runs:\n{verdict}"


def test_mistakes_are_of_the_right_kind(exercise):
    for wrong in exercise.wrong:
        assert callable(wrong.answer) == callable(exercise.solution), code(wrong.answer)


def test_verdicts_are_the_same_every_time(exercise):
    for answer in [exercise.solution, *(wrong.answer for wrong in exercise.wrong)]:
        assert repr(examine(exercise, answer)) == repr(examine(exercise, answer))


def spread(exercise, make):
    """An answer in which make(f) stands for each function f of the solution."""
    made = tuple(map(make, exercise.functions))
    return made if isinstance(exercise.solution, tuple) else made[0]


def stubs(exercise):
    """Answers that are not there yet."""
    yield None
    yield ...
    if not exercise.functions:
        if isinstance(exercise.solution, tuple):
            yield (..., *exercise.solution[1:])
        return

    yield spread(exercise, lambda f: like(f, lambda *args: None))
    yield spread(exercise, lambda f: like(f, lambda *args: ...))

    def unwritten(*args):
        raise NotImplementedError("your code")

    yield spread(exercise, lambda f: like(f, unwritten))


def like(function, other):
    """The function `other` with the name and the parameters of `function`."""
    return functools.wraps(function)(lambda *args, **options: other(*args, **options))


def test_a_stub_is_not_yet_an_answer(exercise):
    for answer in stubs(exercise):
        assert examine(exercise, answer).status == "Not yet", answer


# Answers that are bad for every exercise


def changed(result, change):
    """A result with each number in it changed; functions in it return changed results."""
    if callable(result):
        return lambda *args: changed(result(*args), change)
    if isinstance(result, (tuple, list)):
        return type(result)(changed(part, change) for part in result)
    return change(result)


def mutating(function):
    def answer(*args):
        result = function(*args)
        for argument in args:
            if isinstance(argument, np.ndarray) and argument.size:
                argument.flat[0] += 1
                return result
        return result

    return answer


def raising(*args):
    raise KeyError("no such thing")


def hanging(*args):
    while True:
        pass


BAD = {
    "raises": lambda f: raising,
    "hangs": lambda f: hanging,
    "returns text": lambda f: lambda *args: "abc",
    "returns True": lambda f: lambda *args: True,
    "returns a dict": lambda f: lambda *args: {"a": 1},
    "returns an empty list": lambda f: lambda *args: [],
    "returns a generator": lambda f: lambda *args: (a for a in args),
    "returns itself": lambda f: lambda *args: f,
    "returns another shape": lambda f: lambda *args: changed(f(*args), lambda a: np.zeros((3, 1, 2))),
    "returns nan": lambda f: lambda *args: changed(f(*args), lambda a: np.full(np.shape(a), np.nan)),
    "returns text in place": lambda f: lambda *args: changed(f(*args), lambda a: "abc"),
    "exits": lambda f: lambda *args: sys.exit(3),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_functions_get_a_helpful_message(coding, kind, request):
    if kind == "hangs":
        request.getfixturevalue("impatient")
    is_helpful(coding, spread(coding, lambda f: like(f, BAD[kind](f))))


def parts(result):
    """How many arrays, and functions that return some, there are in a result."""
    return sum(map(parts, result)) if isinstance(result, (tuple, list)) else 1


def off(result, part, seen):
    """A result with one of its parts a little off: the number `part` of those that `seen` counts."""
    if isinstance(result, (tuple, list)):
        return type(result)([off(r, part, seen) for r in result])
    seen.append(result)
    if len(seen) - 1 != part:
        return result
    return changed(result, lambda a: np.logical_not(a) if np.asarray(a).dtype == bool else a + 0.1 * np.abs(a) + 0.1)


def test_a_result_that_is_a_little_off_is_seen(coding):
    """In each of its parts: no check looks at a part and forgets another."""
    if coding.key in OPEN:
        return
    counts = []

    def counting(f):
        def answer(*args):
            result = f(*args)
            counts.append(parts(result))
            return result

        return like(f, answer)

    assert examine(coding, spread(coding, counting)).correct
    for part in range(max(counts)):
        answer = spread(coding, lambda f: like(f, lambda *args: off(f(*args), part, [])))  # noqa: B023
        verdict = examine(coding, answer)
        assert not verdict.correct, f"part {part} may be off"


def test_a_function_that_changes_its_input_is_told(coding):
    touched = []

    def noting(f):
        def answer(*args):
            touched.extend(a for a in args if isinstance(a, np.ndarray) and a.size)
            return mutating(f)(*args)

        return like(f, answer)

    verdict = examine(coding, spread(coding, noting))
    assert ("in place" in verdict.message) == bool(touched), verdict


def test_a_function_with_other_parameters_is_told(coding):
    verdict = is_helpful(coding, spread(coding, lambda f: lambda a, b, c, d, e, f, g, h, i: 1))
    assert "defined as" in verdict.message


def test_what_an_answer_prints_stays_out_of_the_way(coding, capsys):

    def printing(f):
        def answer(*args):
            print("here", file=sys.stderr)
            print("here")
            return f(*args)

        return like(f, answer)

    assert examine(coding, spread(coding, printing)).correct
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    "answer", [3.5e9, "abc", (), [1, "b", None], {"a": 1}, float("nan"), object(), np.zeros((2, 0))]
)
def test_bad_values_get_a_helpful_message(exercise, answer):
    is_helpful(exercise, answer)


def test_a_function_in_place_of_a_value_is_told(by_hand):
    assert "function" in is_helpful(by_hand, lambda: by_hand.solution).message


def is_helpful(exercise, answer):
    """Not correct, in words, and not by an accident of our own."""
    verdict = examine(exercise, answer)
    assert not verdict.correct, "this is accepted"
    assert "check itself failed" not in verdict.message, verdict
    assert len(verdict.message) > 15, verdict
    return verdict


# In a browser there are NumPy and the standard library, nothing else

ALONE = """
import sys

import numpy.fft, numpy.linalg, numpy.random

before = set(sys.modules)
from nnlib.exercises import catalogue
from nnlib.exercises.judge import examine

assert not catalogue.broken(), catalogue.broken()
for members in catalogue.by_chapter().values():
    for exercise in members:
        verdict = examine(exercise, exercise.solution)
        assert verdict.correct, (exercise.key, verdict)
roots = {name.partition(".")[0] for name in set(sys.modules) - before}
print(*sorted(roots - sys.stdlib_module_names - {"numpy"}))
"""


def test_everything_runs_with_numpy_alone():
    done = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True)
    assert done.stdout == "nnlib\n", done.stdout + done.stderr
