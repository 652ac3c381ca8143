"""Where the real data lie: inside packages that pip installs, so that no chapter has to download anything."""

from __future__ import annotations

import importlib.util
from pathlib import Path

PIP_NAMES = {"sklearn": "scikit-learn", "skimage": "scikit-image"}  # where pip knows a package by another name


def file_in(package: str, path: str, loader: str) -> Path:
    """The file `path` inside an installed package, found without importing the package.

    Importing would be dear: scikit-learn and plotnine take a second and 100 MB before they hand over a table that
    NumPy reads in a twentieth of that.

    Args:
        package: the package's import name.
        path: where the file lies inside it.
        loader: the function that asks, for the message.

    Raises:
        ModuleNotFoundError: the package is not installed.
        FileNotFoundError: this version of it does not have the file.
    """
    spec = importlib.util.find_spec(package)
    name = PIP_NAMES.get(package, package)
    if spec is None or spec.origin is None:  # a folder of that name without code is what some uninstalling leaves
        raise ModuleNotFoundError(
            f"{loader}() reads the data that come with {name}, which is not installed here: run  pip install {name}"
        )
    file = Path(spec.origin).parent / path
    if not file.exists():
        raise FileNotFoundError(
            f"{loader}() reads {path} in {name}, and the version installed here keeps no such file: install the "
            "version that the book's requirements.txt names"
        )
    return file
