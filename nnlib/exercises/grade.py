"""Grade notebooks: run each in a process of its own, and take what the real `check` said last about each exercise.

What counts is the verdict that nnlib reaches while the notebook runs. So a notebook cannot raise its marks by stored
outputs, by printing "Correct.", by a `check` of its own, or by a folder called nnlib beside it. But its code runs in
the same process as the checks, and code that sets out to deceive them can. Look into a notebook that surprises you.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .catalogue import by_chapter

FIELDS = ("notebook", "chapter", "exercise", "title", "verdict", "message")
SECONDS = 600
ENVIRONMENT = {"NNLIB_PROGRESS": "off", "MPLBACKEND": "Agg", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


@dataclass
class Report:
    """What became of one notebook.

    Attributes:
        rows: one for each exercise of its chapters, in the order of FIELDS; or one that says why there are none.
        summary: the same in one line.
        complete: whether the notebook could be read and ran to its end.
    """

    rows: list[tuple[str, ...]]
    summary: str
    complete: bool


def grade(path: Path, seconds: float = SECONDS) -> Report:
    """Run a notebook for so many seconds at most and report on its exercises. Nothing that is wrong with it raises."""
    name = f"./{path}" if str(path)[0] in "=+-@" else str(path)  # else a spreadsheet might take it for a formula
    try:
        cells = read_cells(path)
    except OSError as error:
        return _nothing(name, "unreadable", f"It cannot be opened: {error.strerror or error}.")
    except ValueError as error:
        return _nothing(name, "unreadable", f"It is no notebook: {error}.")
    where = {key: i for i, cell in enumerate(cells) for key in re.findall(r"\bcheck\(\s*[\"']([^\"']+)[\"']", cell)}
    chapters = {slug: xs for slug, xs in by_chapter().items() if any(x.key in where for x in xs)}
    if not chapters:
        return _nothing(name, "no exercises", "It checks no exercise of the book.", complete=True)
    run = run_cells(cells, path.parent, seconds)
    rows, correct = [], 0
    for slug, exercises in chapters.items():
        for exercise in exercises:
            verdict, message = run.verdicts.get(exercise.key) or run.why_not(where.get(exercise.key))
            correct += verdict == "Correct"
            rows.append((name, slug, exercise.key, exercise.title, verdict, " ".join(message.split())))
    end = f" ({run.end})" if run.end else ""
    return Report(rows, f"{name}: {correct} of {len(rows)} correct{end}", complete=not run.end)


def _nothing(name: str, verdict: str, message: str, complete: bool = False) -> Report:
    return Report([(name, "", "", "", verdict, message)], f"{name}: {verdict}. {message}", complete)


def read_cells(path: Path) -> list[str]:
    """The code cells of a notebook.

    Raises:
        OSError, ValueError: it cannot be read, or is no notebook.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        cells = [cell["source"] for cell in content["cells"] if cell["cell_type"] == "code"]
        return ["".join(source) for source in cells]
    except UnicodeDecodeError:
        raise ValueError("it is not text") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"line {error.lineno} is not JSON") from None
    except (TypeError, KeyError):
        raise ValueError("it has no list of cells") from None


@dataclass
class Run:
    """What came out of running the cells.

    Attributes:
        verdicts: the last status and message of each exercise that was checked.
        errors: what stopped a cell, by its number from 0.
        end: why the process ended early; empty if it did not.
    """

    verdicts: dict[str, tuple[str, str]]
    errors: dict[int, str]
    end: str

    def why_not(self, cell: int | None) -> tuple[str, str]:
        """The verdict and message of an exercise that was not checked; `cell` is where it should have been."""
        if cell is None:
            return "not checked", "There is no cell that checks it."
        if cell in self.errors:
            return "not checked", f"Its cell stopped: {self.errors[cell]}."
        return "not checked", self.end.capitalize() + "." if self.end else "The book's check was not called."


def run_cells(cells: list[str], folder: Path, seconds: float) -> Run:
    """Run the cells in a fresh Python, in this folder, and kill what is left of it after so many seconds."""
    library = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, [library, os.environ.get("PYTHONPATH")]))
    with tempfile.TemporaryDirectory() as job:
        Path(job, "cells.json").write_text(json.dumps(cells), encoding="utf-8")
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "nnlib.exercises.run", job],
            cwd=folder,
            env={**os.environ, **ENVIRONMENT, "PYTHONPATH": path},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            code = process.wait(seconds)
            end = f"the process ended with code {code}" if code else ""
        except subprocess.TimeoutExpired:
            end = f"it was stopped after {seconds:g} seconds"
        finally:
            _kill(process)
        return _read(Path(job, "told.jsonl"), end)


def _kill(process: subprocess.Popen) -> None:
    """End the process and, where there are process groups, all that it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except AttributeError:  # Windows
        process.kill()
    except (ProcessLookupError, PermissionError):  # all of them have ended
        pass
    process.wait()


def _read(path: Path, end: str) -> Run:
    """What run.py told, line by line; a process that was killed may have left half a line."""
    run = Run({}, {}, end)
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        try:
            told = json.loads(line)
        except ValueError:
            continue
        if "exercise" in told:
            run.verdicts[told["exercise"]] = (told["verdict"], told["message"])
        else:
            run.errors[told["cell"]] = told["error"]
    return run
