"""Run a notebook's cells for grade.py, which starts this: `python -P -m nnlib.exercises.run FOLDER`.

It reads cells.json in that folder, and adds to told.jsonl a line for each verdict and for each cell that stopped.
"""

import json
import linecache
import re
import sys
import types
from pathlib import Path

from .diagnosis import named
from .display import Verdict
from .exercise import Exercise
from .judge import listeners

RUN_INSIDE = ("%%time", "%%timeit", "%%capture")  # cell magics below which stands the reader's own Python


def main(folder: Path) -> None:
    """Run every cell; one that stops does not keep the next from running."""
    cells = json.loads((folder / "cells.json").read_text(encoding="utf-8"))
    told = (folder / "told.jsonl").open("a", encoding="utf-8")

    def tell(**what: object) -> None:
        print(json.dumps(what), file=told, flush=True)

    def listen(exercise: Exercise, verdict: Verdict) -> None:
        tell(exercise=exercise.key, verdict=verdict.status, message=verdict.message)

    listeners.append(listen)
    module = types.ModuleType("__main__")
    module.display = lambda *args, **options: None
    sys.modules["__main__"] = module
    sys.path.insert(0, "")  # the notebook's folder, after nnlib and NumPy were imported
    for number, cell in enumerate(cells):
        try:
            run(cell, f"<cell {number + 1}>", module)
        except BaseException as error:
            tell(cell=number, error=named(error))


def run(cell: str, name: str, module: types.ModuleType) -> None:
    """Run a cell; what only IPython understands (`%magic`, `!command`, `name?`) is left out."""
    try:
        code = compile(cell, name, "exec")
    except SyntaxError:
        cell = without_magic(cell)
        code = compile(cell, name, "exec")
    linecache.cache[name] = (len(cell), None, cell.splitlines(True), name)  # so that a diagnosis can quote a line
    exec(code, module.__dict__)


def without_magic(cell: str) -> str:
    """The cell with `pass` in place of lines that are no Python."""
    first = cell.lstrip().split("\n", 1)[0]
    if first.startswith("%%") and not first.startswith(RUN_INSIDE):
        return ""
    return re.sub(r"^([ \t]*)(?:[%!?].*|[\w.]+\?{1,2}[ \t]*)$", r"\1pass", cell, flags=re.MULTILINE)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
