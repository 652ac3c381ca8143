"""The edition for a class: its exercises are checked as always, and nothing that a browser fetches tells a solution."""

import inspect
import io
import zipfile

import pytest
from browser_python import CHAPTERS, Browser, exercise_cells, natively

from nnlib.exercises import catalogue
from website.live import _data_of_exercises, files
from website.live.withhold import stripped

SLUGS = [slug for slug in CHAPTERS if slug in catalogue.by_chapter()]


def module(slug):
    return files.LIBRARY / "exercises" / "chapters" / f"{slug.replace('-', '_')}.py"


@pytest.fixture(scope="module")
def withheld(tmp_path_factory):
    """A Browser with the edition for a class."""
    return Browser(tmp_path_factory.mktemp("withheld"), withhold=True)


def test_answers_get_the_same_verdicts(withheld):
    """The reader's answers, right and wrong, stand in the page: here they are those of the module."""
    asked = {slug: [code for code in exercise_cells(slug)[1:] if code.startswith("check")] for slug in SLUGS}
    answers = (
        "import nnlib.exercises\nfrom nnlib.exercises import check, hint, solution\nfrom nnlib.source import source\n"
    )
    find = "\ndef find(key):\n    return next(exercise for exercise in EXERCISES if exercise.key == key)\n"
    last = ["hint(EXERCISES[0].key)", "solution(EXERCISES[0].key)", "source(find)"]
    pages = [
        {"cells": [answers + module(slug).read_text("utf-8") + find, *asked[slug], *last],
         "data": _data_of_exercises(slug)} for slug in SLUGS
    ]  # fmt: skip
    for slug, ran in zip(SLUGS, withheld.run(pages), strict=True):
        assert ran[0].error is None
        here = natively([exercise_cells(slug)[0], *asked[slug]])[1:]
        for place, (code, expected) in enumerate(zip(asked[slug], here, strict=True), 1):
            assert (ran[place].error, ran[place].shown) == (None, expected.shown), code
        *_, hint, solution, source = (ran[place] for place in sorted(ran))
        assert "withheld the hints" in hint.shown[0] and "withheld the solutions" in solution.shown[0]
        assert source.shown == [f"```python{find.rstrip()}\n```"], "the code of a reader's own function"


def test_no_file_tells_hints_answers_or_the_code_of_solutions(withheld):
    shipped = zipfile.ZipFile(io.BytesIO((withheld.folder / "library.zip").read_bytes()))
    whole = zipfile.ZipFile(io.BytesIO(files.library(withhold=False)))
    everything = b"".join(shipped.read(name) for name in shipped.namelist())
    all_of_it = b"".join(whole.read(name) for name in whole.namelist())
    for exercise in (exercise for slug in SLUGS for exercise in catalogue.by_chapter()[slug]):
        told = [part for text in [*exercise.hints, exercise.explanation] for part in [text.encode()[:60]] if part]
        for function in exercise.functions:
            told.append(inspect.getsource(function).encode())
        assert not [part for part in told if part in everything], exercise.key
        assert not exercise.functions or told[-1] in all_of_it, "the edition for everybody has it"
    assert {name for name in shipped.namelist() if "exercises/chapters/" in name} == {
        "nnlib/exercises/chapters/__init__.py",
        *(f"nnlib/exercises/chapters/{module(slug).name}c" for slug in SLUGS),
    }


def test_what_the_check_does_not_use_is_left_out():
    code = stripped(module("what-is-a-neural-network").read_text("utf-8"))
    assert "def check_rule" in code and "def rule(" in code
    assert "def always_eight" not in code and "closed_on_the_left" not in code


@pytest.mark.parametrize("source", ["Exercise('a-key', solution=3)", "x = 3", "Exercise(**given)"])
def test_an_exercise_in_another_form_is_refused(source):
    with pytest.raises(ValueError, match="Exercise"):
        stripped(source)
