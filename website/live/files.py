"""What the browser fetches at the first Run or Edit, as one folder whose name is a hash of all that is in it.

A new version of the book has another folder: it never meets what a browser kept of the old one.

    page.mjs output.mjs                            the page's side
    worker.mjs fetched.mjs printer.mjs python.mjs  Python's
    editor.mjs, codemirror-*.js, ...               the editor
    bytecode/*.zip                                 Python, NumPy and matplotlib, compiled
    library.zip                                    nnlib's NumPy half, stored results, names.py and session.py
    data/*.npz                                     small data sets and photographs, as nnlib.data reads them
    manifest.json                                  hashes of these, and of Pyodide's files, and where those are
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import zipfile
from pathlib import Path

import numpy as np

import nnlib.data
from nnlib.data.bundle import pack
from nnlib.data.dataset import Dataset
from website import bytecode, runtime, vendor
from website.live.withhold import withheld

HERE = Path(__file__).parent
LIBRARY = Path(nnlib.data.__file__).parent.parent
DATA = (
    "digits", "mnist5k", "breast_cancer", "diabetes", "diamonds",
    "sunspots", "co2", "spoken_digits", "names", "short_pronunciations", "hamlet",
)  # fmt: skip
PHOTOGRAPHS = ("chelsea", "coffee")
DATA_FOLDER = vendor.FOLDER.parent / "data"
PUBLIC = f"https://cdn.jsdelivr.net/pyodide/v{vendor.PACKAGES['pyodide'][0]}/full/"

# npm's packages that make up the editor, and the module of each
EDITOR = {
    **{f"@codemirror/{n}": "dist/index.js" for n in "autocomplete commands lang-python language state".split()},
    **{f"@codemirror/{n}": "dist/index.js" for n in ("streamparser", "view")},
    **{f"@lezer/{n}": "dist/index.js" for n in ("common", "highlight", "lr", "python")},
    "@marijn/find-cluster-break": "src/index.js",
    "crelt": "index.js",
    "style-mod": "src/style-mod.js",
    "w3c-keyname": "index.js",
}


def collect(pyodide: str, withhold: bool = False) -> dict[str, bytes]:
    """All files of the folder, by name.

    Args:
        pyodide: the address of Pyodide's files, absolute or from this folder.
        withhold: of the exercises, ship what checks them, but no hints and no solutions to read.
    """
    ours = {"library.zip": library(withhold)} | {f"data/{name}.npz": data_set(name) for name in (*DATA, *PHOTOGRAPHS)}
    ours |= {f"bytecode/{name}": content for name, content in bytecode.archives().items()}
    core = runtime.description()
    stdlib = f"bytecode/{bytecode.STDLIB}"
    core["files"][bytecode.STDLIB] = {"from": stdlib, "bytes": len(ours[stdlib]), "integrity": integrity(ours[stdlib])}
    manifest = {
        "runtime": {"url": pyodide, **core},
        "files": {name: integrity(content) for name, content in ours.items()},
        "data": {name: f"data/{name}.npz" for name in (*DATA, *PHOTOGRAPHS)},
    }
    modules = {file.name: file.read_bytes() for file in sorted(HERE.glob("*.mjs"))}
    return {**modules, **editor(), **ours, "manifest.json": json.dumps(manifest).encode()}


def folder_name(files: dict[str, bytes]) -> str:
    """A name that changes with any byte of any file."""
    everything = hashlib.sha256()
    for name, content in sorted(files.items()):
        everything.update(f"{name} {len(content)} ".encode() + content)
    return everything.hexdigest()[:12]


def integrity(content: bytes) -> str:
    """A hash as browsers verify it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content).digest()).decode()


def editor() -> dict[str, bytes]:
    """The editor's modules, each importing the others as files beside it.

    Raises:
        ValueError: a module imports a package that EDITOR does not name.
    """
    files = {}
    for name, path in EDITOR.items():
        code = (vendor.package(name) / path).read_text(encoding="utf-8")

        def beside(match: re.Match, name: str = name) -> str:
            if match[2] not in EDITOR:
                raise ValueError(f"{name} imports {match[2]}: add it to website/live/files.py and website/vendor.py")
            return f"{match[1]}'./{_file(match[2])}'"

        code = re.sub(r"^((?:import|export) [^;]*?from )['\"]([^'\"]+)['\"]", beside, code, flags=re.MULTILINE)
        files[_file(name)] = code.encode()
    return files


def _file(package: str) -> str:
    return package.removeprefix("@").replace("/", "-") + ".js"


def library(withhold: bool) -> bytes:
    """The Python files and stored results that the browser needs, as a zip: the same bytes for the same files."""
    sources = {file.relative_to(LIBRARY.parent).as_posix(): file for file in sorted(LIBRARY.rglob("*.py"))}
    sources = {name: file for name, file in sources.items() if not name.startswith(("nnlib/torch/", "nnlib/runs/"))}
    sources["nnlib/runs/__init__.py"] = LIBRARY / "runs" / "__init__.py"  # reads the results; the runs need PyTorch
    sources |= {f"nnlib/runs/results/{file.name}": file for file in sorted(LIBRARY.glob("runs/results/*.json"))}
    content = {name: file.read_bytes() for name, file in sources.items()}
    content |= {"live/__init__.py": b""} | {f"live/{n}": (HERE / n).read_bytes() for n in ("names.py", "session.py")}
    if withhold:
        content = withheld(content)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in content.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return buffer.getvalue()


def data_set(name: str) -> bytes:
    """A small data set, or a photograph, as a file; made once for each version of the code that reads it."""
    readers = b"".join(file.read_bytes() for file in sorted((LIBRARY / "data").glob("*.py")))
    file = DATA_FOLDER / f"{name}-{hashlib.sha256(readers).hexdigest()[:12]}.npz"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        pack(_photograph(name) if name in PHOTOGRAPHS else getattr(nnlib.data, f"load_{name}")(), file)
    return file.read_bytes()


def _photograph(name: str) -> Dataset:
    """A whole picture as a data set of one example: what `pack` can write, and `photograph` reads again."""
    return Dataset(nnlib.data.photograph(name)[None], np.zeros(1, np.int64), (name,), name, "scikit-image")
