"""Every live cell of every chapter, in the Python that readers' browsers run: it gives what the notebook has."""

import re

import pytest
from browser_python import CHAPTERS, notebook_cells

SHARE = 0.7  # of a chapter's code cells are live
SECONDS = 10  # of processor time for a live cell. A reader waits as long; what takes longer is tagged not-live

# In the browser NumPy adds in another order than here, so numbers differ by about 1e-7 of themselves, and more after a
# training. A chapter prints the digits that do not depend on it (CONTRIBUTING.md); one that lies on the edge may still
# be rounded to the other side. So a printed number may differ by one unit of its last digit, and by no more.
UNITS = 1


def test_most_cells_are_live(slug):
    if CHAPTERS[slug].text.parent.name == "pytorch":
        pytest.skip("this part of the book is about PyTorch, which no browser runs")
    cells = [cell for cell, _ in notebook_cells(slug) if not cell.setup]
    live = sum(cell.live for cell in cells)
    reasons = {cell.source.splitlines()[0]: cell.reason for cell in cells if cell.reason}
    assert live >= SHARE * len(cells), f"{slug}: {live} of {len(cells)} cells are live; the others: {reasons}"


def test_every_live_cell_gives_what_is_stored(slug, ran):
    results, _ = ran(slug)
    cells = {place: cell for place, cell in enumerate(notebook_cells(slug)) if cell[0].live}
    assert results.keys() == cells.keys() and cells
    wrong = {f"{slug}, cell {place + 1}": differs(*cells[place], results[place]) for place in cells}
    assert {name: what for name, what in wrong.items() if what} == {}


def test_no_live_cell_takes_long(slug, ran):
    results, _ = ran(slug)
    slow = {place + 1: result.seconds for place, result in results.items() if result.seconds > SECONDS}
    assert slow == {}, f"{slug}: tag these cells not-live, or give them less to do"


def differs(cell, stored, found):
    """How a cell's run differs from what is stored; empty if it does not, or if its results are never the same."""
    if (found.error is not None) != ("raises-exception" in cell.tags):
        return f"stopped: {found.error}" if found.error else "should stop with an error"
    if "nbval-ignore-output" in cell.tags:
        return ""
    if len(stored.shown) != len(found.shown):
        return f"shows {found.shown} in place of {stored.shown}"
    pairs = [(stored.printed, found.printed), *zip(stored.shown, found.shown, strict=True)]
    return "\n".join(f"{there!r} in place of {here!r}" for here, there in pairs if not same(here, there))


def same(here, there):
    """Whether two texts agree, in all words and to UNITS of the last digit of each number."""
    number = re.compile(r"-?\d+(?:,\d{3})*(?:\.\d+)?(?:e[-+]?\d+)?")
    if number.split(here.strip()) != number.split(there.strip()):
        return False
    return all(map(near, number.findall(here), number.findall(there)))


def near(here, there):
    """Whether two printed numbers are one, but for UNITS of the last digit."""
    digits, _, power = here.partition("e")
    unit = 10.0 ** (int(power or 0) - len(digits.partition(".")[2]))
    return abs(float(here.replace(",", "")) - float(there.replace(",", ""))) < (UNITS + 0.01) * unit


@pytest.mark.parametrize(
    ("here", "there"),
    [("loss 0.24\n", "loss 0.25"), ("12,000 steps", "12,001 steps"), ("2.07e-12", "2.08e-12"), ("-0.5, 1", "-0.4, 1")],
)
def test_a_unit_of_the_last_digit_is_no_difference(here, there):
    assert same(here, there) and same(there, here)


@pytest.mark.parametrize(
    ("here", "there"),
    [("0.24", "0.26"), ("0.24", "-0.24"), ("12,000", "12,002"), ("2.07e-12", "2.25e-12"), ("2.07e-12", "2.07e-11"),
     ("loss 1", "Loss 1"), ("1", ""), ("1 2", "1"), ("nan", "0.1"), ("True", "False")],
)  # fmt: skip
def test_more_is_one(here, there):
    assert not same(here, there)
