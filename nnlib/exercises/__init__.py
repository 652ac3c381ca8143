"""Exercises that say what is wrong: `check("softmax", softmax)`, `hint("softmax")`, `solution("softmax")`.

NumPy only, so that they run in a browser too. Nothing here raises: what happens, good or bad, is said in words.

    check(key, answer)          a Verdict: Correct, Not yet, or Not quite and why
    hint(key)                   the next hint, and how many are left
    solution(key)               a solution and why it is one
    progress()                  what you have tried and solved
    export_progress(path)       take that to another machine
    import_progress(path)

`exercise.py`: what an exercise is. `chapters/`: all of them. `catalogue.py`: finds one by its key. `judge.py`: judges
an answer. `guard.py`: runs it safely. `compare.py`: finds how two results differ. `diagnosis.py`: says so. `help.py`:
hints and solutions. `record.py`: what the reader has done. `overview.py`: shows it. `display.py`: a text in a notebook.
"""

from .display import Verdict
from .help import hint, solution
from .judge import check
from .overview import export_progress, import_progress, progress

__all__ = ["Verdict", "check", "export_progress", "hint", "import_progress", "progress", "solution"]
