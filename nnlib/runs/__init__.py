"""Trainings that take longer than a chapter may: each is a program, and what it found is kept in `results/`.

    python -m nnlib.runs phonemes                   (some minutes on one core)
    python -m nnlib.runs shakespeare --scale 12     (an hour)

A result says on what machine, when and with which versions it was made, and holds a fingerprint of the code that made
it. The tests repeat the first steps, and say so when the code has changed since.

`loop.py` trains; `phonemes.py` and `shakespeare.py` are the runs. They need PyTorch; reading their results does not.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def stored(name: str) -> dict[str, Any]:
    """What a long run found.

    Raises:
        FileNotFoundError: there is no such result.

    Example:
        >>> stored("shakespeare")["command"]
        'python -m nnlib.runs shakespeare --scale 12'
    """
    file = RESULTS / f"{name}.json"
    if not file.exists():
        there = ", ".join(sorted(f.stem for f in RESULTS.glob("*.json")))
        raise FileNotFoundError(f"no run is stored as {name!r}; there are: {there}")
    return json.loads(file.read_text(encoding="utf-8"))
