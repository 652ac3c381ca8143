"""Chapters, and strict nbval on one notebook."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tools.notebooks import CELL_TIMEOUT, SANITIZERS
from tools.project import ROOT, find_chapters


def pytest_generate_tests(metafunc):
    """A test that asks for `chapter` runs for each of them."""
    if "chapter" in metafunc.fixturenames:
        chapters = find_chapters()
        metafunc.parametrize("chapter", chapters.values(), ids=chapters)


@pytest.fixture
def nbval():
    """nbval(notebook, **environment): execute it again and compare every printed result."""
    options = [
        *("-o", "addopts=", "-o", "filterwarnings=", "-p", "no:cacheprovider", "-q", "--color=no"),
        *("--nbval", "--nbval-current-env", "--nbval-cell-timeout", str(CELL_TIMEOUT)),
        *("--nbval-sanitize-with", str(SANITIZERS)),
    ]

    def nbval(notebook, **environment):
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *options, str(notebook)],
            cwd=ROOT,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
        )
        return SimpleNamespace(ok=done.returncode == 0, output=done.stdout + done.stderr)

    return nbval
