"""The setup cell works where readers are: in Colab, in a checkout, with nothing, and beside another nnlib."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from types import SimpleNamespace

import pytest

from tools.kernel import OFFLINE
from tools.project import ROOT, read_address
from tools.setup_cell import source

CELL = source(read_address()) + "\nprint(nnlib.__file__)\n"


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """python(code, cwd, *path): run code in a Python that has every package of this one except nnlib."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder, symlinks=os.name != "nt")
    executable = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    find = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = subprocess.run([executable, "-c", find], capture_output=True, text=True, check=True).stdout.strip()
    # A path in a .pth file is searched, but the .pth files in it (the link to this checkout) are not read.
    (Path(packages) / "others.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")

    def python(code, cwd, *path):
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, [OFFLINE, *path]))}
        done = subprocess.run([executable, "-c", code], cwd=cwd, env=environment, capture_output=True, text=True)
        return SimpleNamespace(ok=done.returncode == 0, out=done.stdout.strip(), err=done.stderr)

    nowhere = tmp_path_factory.mktemp("nowhere")
    assert "No module named 'nnlib'" in python("import numpy, nnlib", nowhere).err
    return python


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder with nnlib installed from its wheel, as pip does in Colab."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "nnlib", folder / "nnlib", ignore=shutil.ignore_patterns("__pycache__"))
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--target", folder / "installed", folder], check=True)
    return folder / "installed"


def test_in_colab(python, installed, tmp_path):
    """Installed, no checkout; and the wheel has every file of the library."""
    run = python(CELL, tmp_path, installed)
    assert run.ok, run.err
    assert Path(run.out).is_relative_to(installed)

    def files(folder):
        found = (path for path in folder.rglob("*.*") if path.is_file() and path.suffix != ".pyc")
        return {path.relative_to(folder).as_posix() for path in found}

    assert files(installed / "nnlib") == files(ROOT / "nnlib")


def test_in_a_checkout(python):
    run = python(CELL, ROOT / "chapters")
    assert run.ok, run.err
    assert Path(run.out) == ROOT / "nnlib" / "__init__.py"


PIP = """
import pathlib, shutil, sys
here = pathlib.Path(__file__).parent
(here / "arguments").write_text(" ".join(sys.argv[1:]))
shutil.copytree({library!r}, here.parent / "nnlib")
"""


def test_with_nothing_it_is_installed_from_the_repository_alone(python, tmp_path):
    """A stand-in for pip takes the place of the network."""
    pip = tmp_path / "site" / "pip"
    pip.mkdir(parents=True)
    (pip / "__init__.py").touch()
    (pip / "__main__.py").write_text(PIP.format(library=str(ROOT / "nnlib")), encoding="utf-8")
    run = python(CELL, tmp_path, tmp_path / "site")
    assert run.ok, run.err
    assert Path(run.out) == tmp_path / "site" / "nnlib" / "__init__.py"
    assert (pip / "arguments").read_text() == f"install --quiet {read_address()}/archive/HEAD.zip"

    (pip / "__main__.py").write_text("raise SystemExit('no connection')", encoding="utf-8")
    shutil.rmtree(tmp_path / "site" / "nnlib")
    run = python(CELL, tmp_path, tmp_path / "site")
    assert not run.ok and "no connection" in run.err


@pytest.mark.parametrize("form", ["package", "module", "folder"])
def test_another_nnlib_is_told_apart(python, tmp_path, form):
    site = tmp_path / "site"
    site.mkdir()
    if form == "module":
        (site / "nnlib.py").write_text("__version__ = '0.2'", encoding="utf-8")
    else:
        (site / "nnlib").mkdir()
    if form == "package":
        (site / "nnlib" / "__init__.py").write_text("__version__ = '0.2'", encoding="utf-8")
    run = python(CELL, tmp_path, site)
    assert not run.ok
    told = run.err.splitlines()[-1]
    assert told.startswith("ImportError: ") and str(site) in told
    assert "not the library of this book" in told and "pip uninstall nnlib" in told and "restart the kernel" in told


def test_it_never_touches_torch_and_never_names_the_other_distribution():
    assert "torch" not in CELL and "install nnlib" not in CELL.replace("uninstall nnlib", "")
