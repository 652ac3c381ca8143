"""Every exercise of every chapter; and checks whose deadline passes at once."""

import pytest

from nnlib.exercises import catalogue, help, judge
from nnlib.exercises.record import Progress

EXERCISES = [exercise for members in catalogue.by_chapter().values() for exercise in members]
BY_ARGUMENT = {
    "exercise": EXERCISES,
    "coding": [exercise for exercise in EXERCISES if exercise.functions],
    "by_hand": [exercise for exercise in EXERCISES if not exercise.functions],
}


def pytest_generate_tests(metafunc):
    """A test that asks for `exercise`, `coding` (the answer is a function) or `by_hand` runs for each of them."""
    for name in BY_ARGUMENT.keys() & set(metafunc.fixturenames):
        metafunc.parametrize(name, [pytest.param(exercise, id=exercise.key) for exercise in BY_ARGUMENT[name]])


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """A reader who has done nothing yet; nobody's own file is touched."""
    reader = Progress()
    for module in (judge, help, "nnlib.exercises.overview"):
        target = f"{module}.READER" if isinstance(module, str) else f"{module.__name__}.READER"
        monkeypatch.setattr(target, reader)
    monkeypatch.setattr(help, "_shown", {})
    return reader


@pytest.fixture
def impatient(monkeypatch):
    """A check takes a fifth of a second at most."""
    monkeypatch.setattr(judge, "SECONDS", 0.2)
