"""The setup cell: the first code cell of every chapter, the same everywhere."""

import nbformat

TAGS = ["setup", "hide-input"]

TEMPLATE = '''\
# Finds nnlib, the library of this book: as installed, in a folder above this one, or in the repository.
import importlib.util
import pathlib
import subprocess
import sys

if importlib.util.find_spec("nnlib") is None:
    checkouts = [f for f in pathlib.Path.cwd().parents if (f / "nnlib" / "__init__.py").exists()]
    if checkouts:
        sys.path.insert(0, str(checkouts[0]))
    else:
        archive = "{address}/archive/HEAD.zip"
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", archive], check=True)
        importlib.invalidate_caches()

import nnlib

if getattr(nnlib, "BOOK", None) != "neural-networks-by-hand":
    raise ImportError(
        f"{{getattr(nnlib, '__path__', nnlib.__spec__.origin)}} is another nnlib, not the library of this book. "
        "Remove it (pip uninstall nnlib), restart the kernel and run this cell again."
    )'''


def source(address: str) -> str:
    """The setup cell's code for a book whose repository is at `address`."""
    return TEMPLATE.format(address=address)


def is_first(cells: list, address: str) -> bool:
    """Whether the first code cell is the setup cell, word for word."""
    first = next((cell for cell in cells if cell.cell_type == "code"), None)
    return first is not None and first.source == source(address) and first.metadata.get("tags") == TAGS


def put(cells: list, address: str) -> list:
    """The same cells with the setup cell in the place of the old one, or else below the title."""
    old = [i for i, cell in enumerate(cells) if "setup" in cell.metadata.get("tags", [])]
    at = old[0] if old else 1
    rest = [cell for i, cell in enumerate(cells) if i not in old]
    setup = nbformat.v4.new_code_cell(source(address), metadata={"tags": TAGS})
    return [*rest[:at], setup, *rest[at:]]
