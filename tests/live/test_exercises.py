"""Every exercise of every chapter, in the Python that readers' browsers run: the same words as in Jupyter."""

import pytest
from browser_python import exercise_cells, natively

from nnlib.exercises import help

SECONDS = 2  # of processor time for a check, in the browser's Python: so long may a reader wait


@pytest.fixture(autouse=True)
def no_hints_yet(monkeypatch):
    """A reader who has seen none."""
    monkeypatch.setattr(help, "_shown", {})


def test_every_verdict_hint_and_solution_is_the_same(slug, ran):
    """No tolerance: what a check says does not depend on the machine."""
    cells = exercise_cells(slug)
    _, there = ran(slug)
    assert sorted(there) == list(range(len(cells)))
    for place, here in enumerate(natively(cells)):
        told = there[place]
        assert here.error is None and told.error is None, f"{cells[place]}: {here.error or told.error}"
        assert (told.shown, told.judged) == (here.shown, here.judged), cells[place]


def test_no_check_takes_long(slug, ran):
    cells = exercise_cells(slug)
    _, there = ran(slug)
    slow = {cells[place]: result.seconds for place, result in there.items() if result.seconds > SECONDS}
    assert slow == {}, "a check of less work proves the same: fewer steps, fewer samples"


def test_an_exercise_gets_all_its_verdicts():
    """The comparison above has something to compare."""
    cells = exercise_cells("neurons")
    verdicts = [ran.shown[0][2:].partition(".")[0] for ran in natively(cells) if ran.shown]
    assert {"Not yet", "Correct", "Not quite"} < set(verdicts)
    assert len(verdicts) == len(cells) - 1 and not any(ran.error for ran in natively(cells))
