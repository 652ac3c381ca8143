"""What runs in Pyodide: finds out which modules are imported, and writes their bytecode."""

import importlib
import importlib.util
import io
import sys
import zipfile
from importlib._bootstrap_external import _code_to_hash_pyc
from pathlib import Path, PurePosixPath

# What the book's cells import: by themselves, through nnlib, and through what runs them.
IMPORTED = """
ast base64 collections.abc colorsys copy csv dataclasses difflib functools gzip html inspect itertools json linecache
math random statistics string textwrap time traceback types typing numpy.lib.stride_tricks numpy.testing
matplotlib.animation matplotlib.collections matplotlib.colors matplotlib.patches matplotlib.pyplot matplotlib.ticker
"""
for name in IMPORTED.split():
    importlib.import_module(name)
pyplot = sys.modules["matplotlib.pyplot"]

fig, ax = pyplot.subplots(1, 2, layout="constrained")
ax[0].plot([1, 2, 3], label="$x^2$")
ax[0].legend()
ax[0].set(title="Title", xlabel="x", yscale="log")
fig.colorbar(ax[1].imshow([[1, 2], [3, 4]]))
fig.savefig(io.BytesIO(), format="png", dpi=192, bbox_inches="tight")

STDLIB = next(entry for entry in sys.path if entry.endswith(".zip"))
USED = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
OLD = (1980, 1, 1, 0, 0, 0)


def bytecode(source: bytes, path: str) -> bytes:
    """A module's bytecode as Python stores it, not to be compared with the source when it is read."""
    code = compile(source, path, "exec", dont_inherit=True)
    return _code_to_hash_pyc(code, importlib.util.source_hash(source), False)


def write(target: str, content: dict[str, bytes]) -> None:
    """A zip of these files: the same bytes for the same files."""
    with zipfile.ZipFile(f"/out/{target}", "w") as archive:
        for name, data in sorted(content.items()):
            archive.writestr(zipfile.ZipInfo(name, OLD), data, zipfile.ZIP_DEFLATED, 9)


# The standard library stays the zip that Python reads: bytecode stands in the place of what is used.
with zipfile.ZipFile("/in/python_stdlib.zip") as archive:
    content = {}
    for name in archive.namelist():
        data, path = archive.read(name), f"{STDLIB}/{name}"
        used = path in USED
        content[name + "c" if used else name] = bytecode(data, path) if used else data
write("python_stdlib.zip", content)

# Of packages, bytecode lies beside the source.
site = Path(importlib.util.find_spec("numpy").origin).parent.parent
compiled = {"numpy.zip": {}, "matplotlib.zip": {}}
for file in filter(None, USED):
    path = PurePosixPath(file)
    if path.suffix == ".py" and path.is_relative_to(site):
        inside = path.relative_to(site)
        target = compiled["numpy.zip" if inside.parts[0] == "numpy" else "matplotlib.zip"]
        name = inside.parent / "__pycache__" / f"{path.stem}.{sys.implementation.cache_tag}.pyc"
        target[str(name)] = bytecode(Path(file).read_bytes(), file)
for target, content in compiled.items():
    write(target, content)
