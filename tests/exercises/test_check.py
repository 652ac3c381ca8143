"""`check`, `hint`, `solution`: what a reader calls never raises, and says the same thing everywhere."""

import re
import runpy

import numpy as np
import pytest

from nnlib import exercises
from nnlib.exercises import Verdict, catalogue, check, hint, solution
from nnlib.exercises.diagnosis import Diagnosis, NotYet
from nnlib.exercises.exercise import Exercise, Wrong, agree, require
from nnlib.exercises.help import solution_markdown
from nnlib.exercises.judge import examine, fit
from tools.project import ROOT


def triple(x):
    """Three times x."""
    return 3 * x


def check_triple(answer):
    require(answer(1.0) != 1, "That is x itself.")
    agree(answer, triple, 2.0, np.ones(3))
    return "Three times everything."


MADE = {
    "chapter-one": (
        Exercise(
            key="triple", title="Three times", check=check_triple, hints=["Multiply.", "By 3."], solution=triple,
            wrong=[Wrong(abs, "x itself"), Wrong(lambda x: x, "x itself")], right=[],
        ),
    ),
    "chapter-two": (
        Exercise(
            key="by-hand", title="By hand", check=lambda answer: agree(answer, 42), hints=["$6$", "$6 \\cdot 7$"],
            solution=42, explanation="Six times seven.", wrong=[Wrong(41, "a"), Wrong(43, "b")], right=[],
        ),
        Exercise(
            key="broken", title="Broken", check=lambda answer: {}["no such"], hints=["a", "b"],
            solution=1, explanation="-", wrong=[Wrong(2, "a"), Wrong(3, "b")], right=[],
        ),
    ),
}  # fmt: skip


@pytest.fixture(autouse=True)
def made(monkeypatch):
    monkeypatch.setattr(catalogue, "_load", lambda: (MADE, {}))


# check


def test_a_verdict_is_a_text_a_truth_value_and_markdown():
    right, wrong, nothing = check("triple", lambda x: 3 * x), check("triple", lambda x: x), check("triple", ...)
    assert [bool(v) for v in (right, wrong, nothing)] == [True, False, False]
    assert [v.correct for v in (right, wrong, nothing)] == [True, False, False]
    assert repr(right) == "Correct. Three times everything."
    assert repr(wrong) == "Not quite. That is x itself."
    assert wrong._repr_markdown_() == "**Not quite.** That is x itself."
    assert repr(nothing).startswith("Not yet. Give your answer in place of `...`")


def test_an_unknown_key_brings_those_that_are_near():
    assert 'Did you mean `"triple"`?' in repr(check("tripel", 3))
    assert 'Did you mean `"by-hand"`?' in repr(check("By Hand", 3))
    assert "`progress()` lists them all" in repr(check("zzzzz", 3))
    assert check(" triple ", triple).correct
    for call in (hint, solution):
        assert 'Did you mean `"triple"`?' in repr(call("tripel"))


def test_a_chapter_that_cannot_be_loaded_is_named(monkeypatch):
    monkeypatch.setattr(catalogue, "_load", lambda: (MADE, {"chapter-three": SyntaxError("here")}))
    assert "The exercises of chapter-three cannot be loaded: here" in check("unheard-of", 3).message
    assert check("triple", triple).correct


@pytest.mark.parametrize("arguments", [(), (triple,), (triple, "triple"), (3, 4), (None, None), (["triple"], 3)])
def test_other_arguments_get_the_right_form(arguments):
    assert '`check("some-key", answer)`' in repr(check(*arguments))


def test_two_answers_belong_into_a_tuple():
    assert '`check("triple", (a, b))`' in repr(check("triple", 1, 2))


def test_a_mistake_of_ours_is_admitted(monkeypatch):
    said = check("broken", 1).message
    assert "The check itself failed (KeyError: 'no such')" in said and "please report it" in said
    monkeypatch.setattr("nnlib.exercises.judge.examine", lambda *_: 1 / 0)
    assert "ZeroDivisionError" in repr(check("triple", triple))


def test_what_is_missing_here_is_no_mistake_of_the_books(monkeypatch):
    def missing(*_):
        raise ModuleNotFoundError("scikit-learn is not installed: run pip install scikit-learn")

    monkeypatch.setattr("nnlib.exercises.judge.examine", missing)
    said = repr(check("triple", triple)).replace("\n", " ")
    assert "cannot run here" in said and "pip install scikit-learn" in said and "report" not in said


def test_the_form_of_verdicts_does_not_depend_on_the_width():
    wrapped = repr(Verdict("Not quite", "word " * 60))
    assert max(map(len, wrapped.splitlines())) <= 100 and " ".join(wrapped.split()).endswith("word word")


def test_bold_stays_in_code():
    text = repr(Verdict("Not quite", "Your code printed:\n\n```\n2 ** 3 ** 4\n```"))
    assert text == "Not quite. Your code printed:\n\n```\n2 ** 3 ** 4\n```"


# The kind of answer


@pytest.mark.parametrize(
    ("answer", "like", "fitted"),
    [
        (3, 1.5, 3),
        ([3.0], 1.5, 3.0),
        (np.array(3), 1, 3),
        (np.float32(0.5), 1.0, 0.5),
        (np.True_, False, True),
        ([1, 2], (0, 0), (1, 2)),
        (np.array([1, 2.5]), (0, 0), (1, 2.5)),
        ((1, (2, 3)), (0, (0, 0)), (1, (2, 3))),
        (["a", True], ("b", False), ("a", True)),
        ("x", "y", "x"),
        (["a", "b", "a"], {"c"}, {"a", "b"}),
        (np.inf, np.inf, np.inf),
    ],
)
def test_answers_take_the_form_of_the_solution(answer, like, fitted):
    found = fit(answer, like)
    assert found == fitted and type(found) is type(fitted)


def test_arrays_are_answers():
    assert np.array_equal(fit([[1, 2], [3, 4]], np.zeros((2, 2))), [[1, 2], [3, 4]])
    assert np.array_equal(fit(((1, 2), (3, 4)), np.zeros((2, 2))), [[1, 2], [3, 4]])


@pytest.mark.parametrize(
    ("answer", "like", "message"),
    [
        ("24", 24, "should be a number, and this is the text \"24\". Leave out the quotes."),
        ([1, 2], 24, "should be a number, and this is a list of 2"),
        (True, 24, "should be a number, and this is True"),
        (1, True, "should be True or False, and this is the number 1"),
        (np.nan, 1.0, "holds nan or inf"),
        (1j, 1.0, "should be a number"),
        (triple, 24, "this is the function `triple`: call it first"),
        (24, triple, "should be a function, and this is the number 24. Give the function itself, without calling it."),
        ("triple", triple, "Leave out the quotes."),
        ((1, 2, 3), (1, 2), "should be 2 values in a tuple, and this has 3"),
        ((1, 2), (3,), "should be 1 value in a tuple"),
        (5, (1, 2), "should be 2 values in a tuple, and this is the number 5"),
        ("ab", (1, 2), "should be 2 values in a tuple, and this is the text"),
        (triple, (triple, triple), "should be 2 functions in a tuple"),
        ([1, 2, 3], np.zeros(2), "should be an array of shape (2,), and this has shape (3,)"),
        ([[1, 2], [3]], np.zeros((2, 2)), "should be an array of shape (2, 2)"),
        (3, "word", "should be text, and this is the number 3"),
        ("word", {"word"}, "should be a set, and this is the text"),
        ([1], {"a": 1}, "should be a dict"),
    ],
)  # fmt: skip
def test_another_kind_of_answer_is_named(answer, like, message):
    with pytest.raises(Diagnosis) as caught:
        fit(answer, like)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "like"),
    [(None, 1), (..., triple), ((1, ...), (1, 2)), ([1, None], np.zeros(2)), ((..., 1), (triple, 1))],
)
def test_a_part_that_is_missing_is_no_answer_yet(answer, like):
    with pytest.raises(NotYet):
        fit(answer, like)


def test_nothing_is_given_away_by_hand():
    for wrong in (41, -41, 7, 1e9, "x", (1, 2)):
        assert "42" not in repr(examine(MADE["chapter-two"][0], wrong))


# Authors


@pytest.mark.parametrize("key", ["Triple", "a_b", "a--b", "-a", "", "a b"])
def test_keys_are_in_kebab_case(key):
    with pytest.raises(ValueError, match="kebab-case"):
        Exercise(key=key, title="", check=triple, hints=[], solution=triple, wrong=[], right=[])


def test_a_value_needs_an_explanation():
    with pytest.raises(ValueError, match="'a-key': a solution that is a value needs an explanation"):
        Exercise(key="a-key", title="", check=triple, hints=[], solution=3, wrong=[], right=[])


def test_the_guides_example_does_what_it_says(tmp_path, monkeypatch):
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("## Add an exercise")[2]
    module = tmp_path / "losses.py"
    module.write_text(re.search(r"^```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)[1], encoding="utf-8")
    (exercise,) = runpy.run_path(str(module))["EXERCISES"]
    assert f"### Exercise 3: {exercise.title}\n" in text and f'check("{exercise.key}", absolute_error)' in text
    assert all(examine(exercise, answer).correct for answer in [exercise.solution, *exercise.right])
    for wrong in exercise.wrong:
        assert wrong.says in examine(exercise, wrong.answer).message
    with pytest.raises(Diagnosis, match="one number"):
        exercise.check(lambda guess, truth: np.abs(guess - truth))


# hint and solution


def test_hints_come_one_by_one():
    assert repr(hint("triple")) == 'Hint 1 of 2. Multiply. (1 more: `hint("triple")`)'
    assert repr(hint("triple")) == 'Hint 2 of 2. By 3. (That was the last: `solution("triple")`)'
    assert repr(hint("triple")) == 'Hint 2 of 2. By 3. (That was the last: `solution("triple")`)'
    assert repr(hint("by-hand")).startswith("Hint 1 of 2. $6$")


def test_a_solution_is_source_or_value_and_explanation():
    assert repr(solution("triple")) == "Solution.\n\n```python\ndef triple(x):\n    return 3 * x\n```"
    assert repr(solution("by-hand")) == "Solution.\n\n`42`\n\nSix times seven."
    assert solution_markdown(MADE["chapter-two"][0]) == "`42`\n\nSix times seven."


def test_helpers_are_shown_with_the_solution():
    exercise = Exercise(
        key="both", title="", check=triple, hints=[], solution=(triple, check_triple), helpers=[fit], wrong=[], right=[]
    )
    code = solution_markdown(exercise)
    assert code.index("def fit(") < code.index("def triple(") < code.index("def check_triple(")


@pytest.mark.parametrize("value", ["1", "yes"])
def test_a_teacher_can_withhold_both(monkeypatch, value):
    monkeypatch.setenv("NNLIB_WITHHOLD", value)
    for call in (hint, solution):
        said = repr(call("triple"))
        assert "teacher has withheld" in said and "3" not in said
    assert check("triple", triple).correct
    monkeypatch.setenv("NNLIB_WITHHOLD", "0")
    assert "Multiply" in repr(hint("triple"))


def test_what_the_package_offers():
    assert set(exercises.__all__) == {
        *("Verdict", "check", "export_progress", "hint", "import_progress", "progress", "solution"),
    }
