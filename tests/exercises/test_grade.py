"""`python -m nnlib.exercises grade`: fair to every notebook, whatever is in it."""

import csv
import io
import json
import os
import subprocess
import sys
import time

import pytest

from nnlib.exercises.__main__ import main
from nnlib.exercises.grade import FIELDS, grade
from nnlib.exercises.run import without_magic

IMPORTS = "import numpy as np\nfrom nnlib.exercises import check, hint, progress, solution"
RIGHT = "def divide(a, b):\n    return a / b, (lambda g: g / b, lambda g: -g * a / b**2)\n\ncheck('divide', divide)"
WRONG = "check('divide', lambda a, b: (a / b, (lambda g: g / b, lambda g: g * a / b**2)))"


@pytest.fixture
def notebook(tmp_path):
    def notebook(*cells, name="a.ipynb"):
        made = [{"cell_type": "markdown", "source": "check('centre', 3)", "metadata": {}}]
        made += [{"cell_type": "code", "source": s, "metadata": {}, "outputs": []} for s in (IMPORTS, *cells)]
        path = tmp_path / name
        path.write_text(json.dumps({"cells": made, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")
        return path

    return notebook


def marks(path, seconds=60):
    """Verdict and message of each exercise."""
    report = grade(path, seconds)
    assert all(len(row) == len(FIELDS) and row[0] == str(path) for row in report.rows)
    return {row[2]: row[4:] for row in report.rows}


def test_every_exercise_of_the_chapter_has_a_row(notebook):
    found = marks(notebook(RIGHT, "check('a-unit-that-is-off', ...)"))
    assert len(found) == 7
    assert found["divide"] == ("Correct", "")
    assert found["a-unit-that-is-off"][0] == "Not yet"
    assert found["centre"] == ("not checked", "There is no cell that checks it.")


def test_the_last_verdict_counts(notebook):
    assert marks(notebook(WRONG, RIGHT))["divide"][0] == "Correct"
    verdict, message = marks(notebook(RIGHT, WRONG))["divide"]
    assert verdict == "Not quite" and "wrong sign" in message


def test_a_cell_that_stops_does_not_stop_the_others(notebook):
    found = marks(notebook("1 / 0", "check('centre', centre)", "this is no Python", "exit()", RIGHT))
    assert found["divide"][0] == "Correct"
    assert found["centre"] == ("not checked", "Its cell stopped: NameError: name 'centre' is not defined.")


@pytest.mark.parametrize(
    "cheat",
    [
        "def check(*answers):\n    print('Correct.')",
        "print('Correct.')",
        "import nnlib.exercises\nnnlib.exercises.check = lambda *a: 'Correct.'",
        "import os\nos.environ['NNLIB_PROGRESS'] = 'mine.json'",
    ],
)
def test_a_check_of_its_own_is_no_mark(notebook, cheat):
    assert marks(notebook(cheat, WRONG))["divide"][0] in ("not checked", "Not quite")


def test_stored_outputs_and_a_folder_called_nnlib_are_no_marks(notebook, tmp_path):
    (tmp_path / "nnlib").mkdir()
    (tmp_path / "nnlib" / "__init__.py").write_text("raise SystemExit('not the real one')")
    (tmp_path / "numpy.py").write_text("raise SystemExit('not the real one')")
    path = notebook(WRONG)
    content = json.loads(path.read_text("utf-8"))
    content["cells"][-1]["outputs"] = [{"output_type": "execute_result", "data": {"text/plain": "Correct."}}]
    path.write_text(json.dumps(content), encoding="utf-8")
    assert marks(path)["divide"][0] == "Not quite"


def test_a_notebook_that_hangs_keeps_what_it_had(notebook):
    start = time.perf_counter()
    report = grade(notebook(RIGHT, "import time\ntime.sleep(1e6)", "check('centre', 3)"), 4)
    assert time.perf_counter() - start < 20
    found = {row[2]: row[4:] for row in report.rows}
    assert found["divide"][0] == "Correct"
    assert found["centre"] == ("not checked", "It was stopped after 4 seconds.")
    assert not report.complete and "stopped after 4 seconds" in report.summary


def test_a_notebook_that_crashes_keeps_what_it_had(notebook):
    report = grade(notebook(RIGHT, "import os\nos._exit(7)", "check('centre', 3)"), 60)
    found = {row[2]: row[4:] for row in report.rows}
    assert found["divide"][0] == "Correct" and found["centre"][1] == "The process ended with code 7."
    assert not report.complete


@pytest.mark.skipif(os.name == "nt", reason="Windows has no process groups")
def test_what_a_notebook_started_is_ended_with_it(notebook, tmp_path):
    sleeper = "import subprocess, sys\np = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])"
    grade(notebook(RIGHT, sleeper, "open('pid', 'w').write(str(p.pid))"), 60)
    pid = int((tmp_path / "pid").read_text())
    for _ in range(50):  # it may take a moment until it is gone
        try:
            os.kill(pid, 0)
            with open(f"/proc/{pid}/stat") as stat:
                if stat.read().rsplit(")", 1)[1].split()[0] == "Z":  # dead, but nobody has asked
                    return
        except (ProcessLookupError, FileNotFoundError):
            return
        time.sleep(0.1)
    pytest.fail("it is still running")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "It is no notebook: line 1 is not JSON."),
        (b"\xff\xfe", "It is no notebook: it is not text."),
        (b"[]", "It is no notebook: it has no list of cells."),
        (b'{"cells": [{"cell_type": "code"}]}', "It is no notebook: it has no list of cells."),
        (b'{"cells": [{"cell_type": "code", "source": 3}]}', "It is no notebook: it has no list of cells."),
        (b'{"cells": []}', "It checks no exercise of the book."),
    ],
)
def test_what_is_no_notebook_has_a_row(tmp_path, content, message):
    path = tmp_path / "odd.ipynb"
    path.write_bytes(content)
    (row,) = grade(path).rows
    assert row[0] == str(path) and row[5] == message


def test_the_table_is_csv_and_one_bad_notebook_does_not_stop_the_others(notebook, tmp_path):
    good = notebook(RIGHT)
    command = [sys.executable, "-m", "nnlib.exercises", "grade", "missing.ipynb", str(good)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 1
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert list(rows[0]) == list(FIELDS) and len(rows) == 8
    assert rows[0]["message"] == "It cannot be opened: No such file or directory."
    assert [row["exercise"] for row in rows if row["verdict"] == "Correct"] == ["divide"]
    assert done.stderr.splitlines()[-1] == f"{good}: 1 of 7 correct"


def test_patterns_are_filled_in_and_each_notebook_comes_once(notebook, tmp_path, capsys, monkeypatch):
    notebook(name="b.ipynb")
    notebook(name="a.ipynb")
    monkeypatch.chdir(tmp_path)
    assert main(["grade", "*.ipynb", "a.ipynb"]) == 0
    assert [line.split(",")[0] for line in capsys.readouterr().out.splitlines()[1:]] == ["a.ipynb", "b.ipynb"]


def test_a_name_is_no_formula(notebook, monkeypatch, tmp_path):
    path = notebook(name="=1+1.ipynb")
    monkeypatch.chdir(tmp_path)
    (row,) = grade(path.relative_to(tmp_path)).rows
    assert row[0] == "./=1+1.ipynb"


@pytest.mark.parametrize("arguments", [[], ["grade"], ["grade", "a.ipynb", "--seconds", "0"]])
def test_bad_commands_are_told(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2 and "usage:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("cell", "python"),
    [
        ("%matplotlib inline\nx = 1", "pass\nx = 1"),
        ("if x:\n    !ls\ny = 2", "if x:\n    pass\ny = 2"),
        ("%%bash\nrm -r .", ""),
        ("%%time\nx = 1", "pass\nx = 1"),
        ("np.sum?\n?np", "pass\npass"),
    ],
)
def test_what_only_ipython_understands_is_left_out(cell, python):
    assert without_magic(cell) == python


def test_python_that_looks_like_magic_stays(notebook):
    assert marks(notebook("x = (7\n% 4)\nassert x == 3\n" + RIGHT))["divide"][0] == "Correct"


def test_a_magic_line_does_not_cost_the_cell(notebook):
    assert marks(notebook("%matplotlib inline\n" + RIGHT))["divide"][0] == "Correct"
