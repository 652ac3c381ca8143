"""Fetch a file from the web once, and keep it: whole and verified, or not at all.

`pooch` downloads and shows the progress. Around it stands what it leaves out: mirrors, going on where a download broke
off, one process at a time, and a message that says what to do. In the cache folder lie

    fashion-mnist/images                the file, decompressed; only ever whole
    fashion-mnist/images.1a2b3c4d.part  what has arrived of it from one mirror, until it is whole
    fashion-mnist/images.lock           empty; who holds it may write the others
"""

from __future__ import annotations

import errno
import glob
import gzip
import hashlib
import importlib
import os
import re
import shutil
import sys
import zlib
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

PROJECT = "neural-networks-by-hand"  # names the cache folder
TIMEOUT = 30  # seconds without a byte until a mirror is given up
CHUNK = 1 << 14  # bytes written at a time; what breaks off within one is lost
TRIES = 5  # how often one mirror may break off
FULL = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}  # the disk, a file's allowed size, a user's share of the disk


class FetchError(OSError):
    """A file could not be had; the message says which, what each source answered, and what to do."""


def cache_folder() -> Path:
    """Where fetched files are kept: NNLIB_DATA, or the system's usual place for caches."""
    return Path(os.environ.get("NNLIB_DATA") or _package("pooch").os_cache(PROJECT))


def cached(name: str, sha256: str) -> bool:
    """Whether the cache has the file, with this hash."""
    return _hash(cache_folder() / name) == sha256


def fetch(name: str, urls: Sequence[str | Path], sha256: str, *, progress: bool = True) -> Path:
    """The file, fetched unless the cache has it; gzip is unpacked.

    A file in the cache is used after its hash was verified. A download that breaks off is kept aside, and the next one
    goes on from there.

    Args:
        name: the file's place in the cache folder, such as "fashion-mnist/train-images".
        urls: where it is, in the order to try; a Path is a file of this machine, and need not exist.
        sha256: the hash of the decompressed bytes, since mirrors compress the same data differently.
        progress: show a progress bar, where tqdm is installed.

    Raises:
        ValueError: the name leads out of the cache folder, there is no url, or the hash is no SHA-256.
        FetchError: no source has the file with this hash, there is no room for it, or the cache cannot be written.

    Example:
        >>> import tempfile
        >>> from unittest.mock import patch
        >>> folder = Path(tempfile.mkdtemp())
        >>> _ = (folder / "here").write_bytes(gzip.compress(b"some data"))
        >>> expected = hashlib.sha256(b"some data").hexdigest()
        >>> with patch.dict(os.environ, NNLIB_DATA=str(folder / "cache")):
        ...     fetch("set/file", [folder / "nowhere", folder / "here"], expected).read_text()
        'some data'
    """
    _check(name, urls, sha256)
    path = cache_folder() / name
    if cached(name, sha256):
        return path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _alone(path):
            if not cached(name, sha256):  # another process may have fetched it while this one waited
                _fetch(path, urls, sha256, progress)
    except FetchError:
        raise
    except OSError as error:
        raise FetchError(_no_room(path, error)) from None
    return path


def _check(name: str, urls: Sequence[str | Path], sha256: str) -> None:
    place = Path(name)
    if not name or place.is_absolute() or ".." in place.parts:
        raise ValueError(f"fetch: the name is a path inside the cache folder, such as 'set/file'; got {name!r}")
    if isinstance(urls, str | Path) or not urls:
        raise ValueError(f"fetch: urls is a list of at least one address, got {urls!r}")
    if not re.fullmatch("[0-9a-f]{64}", sha256):
        raise ValueError(f"fetch: a SHA-256 has 64 digits, 0-9 and a-f; for {name} got {sha256!r}")


def _fetch(path: Path, urls: Sequence[str | Path], sha256: str, progress: bool) -> None:
    """Put the file in its place, from the first source that has it."""
    new = path.with_name(f"{path.name}.new")
    answers = []
    try:
        for url in urls:
            part = path.with_name(f"{path.name}.{hashlib.sha256(str(url).encode()).hexdigest()[:8]}.part")
            answer = _ask(url, part, new, sha256, progress)
            if not answer:
                os.replace(new, path)
                _remove_parts(path)
                return
            answers.append(f"  {url}: {answer}")
    except OSError as error:
        if error.errno in FULL:
            _remove_parts(path)
        raise
    finally:
        new.unlink(missing_ok=True)
    raise FetchError(
        "\n".join([f"{path.name} could not be fetched: no source has the right bytes.", *answers])
        + "\nIs this machine online? Then try again later. Or get the file in another way, decompress it, and put it "
        f"there: {path}"
    )


def _ask(url: str | Path, part: Path, new: Path, sha256: str, progress: bool) -> str:
    """Write the file as `new` from one source; returns what is wrong with the source, nothing if all is well."""
    if isinstance(url, Path):
        return _unpack(url, new, sha256) if url.is_file() else "there is no such file"
    continued = part.exists()
    answer = _download(url, part, progress)
    if answer:
        return answer
    answer = _unpack(part, new, sha256)
    if answer:
        part.unlink()
        if continued:  # what was kept may be of another version of the file: once more from the start
            return _ask(url, part, new, sha256, progress)
    return answer


def _download(url: str, part: Path, progress: bool) -> str:
    """Append to `part` what it lacks; returns why that failed, nothing if all is there."""
    requests, pooch = _package("requests"), _package("pooch")
    for _ in range(TRIES):
        had = part.stat().st_size if part.exists() else 0
        with part.open("ab") as file:

            def begin(response, file=file, **_):
                if response.status_code == 200:  # the whole file; 206 would be the part asked for
                    file.truncate(0)

            download = pooch.HTTPDownloader(
                progressbar=progress and find_spec("tqdm") is not None,
                chunk_size=CHUNK,
                timeout=TIMEOUT,
                headers={"Accept-Encoding": "identity"} | ({"Range": f"bytes={had}-"} if had else {}),
                hooks={"response": begin},
            )
            try:
                download(url, file, None)
                return ""
            except requests.HTTPError as error:
                answer = f"it answers {error.response.status_code} {error.response.reason}"
                if error.response.status_code != 416:
                    break
                file.truncate(0)  # nothing comes after what was kept, so that was no beginning of this file
                continue
            except requests.ConnectionError as error:
                answer = f"no connection ({_cause(error)})"
            except requests.Timeout:
                answer = f"no answer within {TIMEOUT} seconds"
            except requests.RequestException as error:
                answer = _cause(error)
        now = part.stat().st_size
        if now:
            answer = f"the connection broke off after {now} bytes, which are kept; the next try goes on from there"
        if now <= had:
            break
    if part.stat().st_size == 0:
        part.unlink()
    return answer


def _unpack(source: Path, new: Path, sha256: str) -> str:
    """Write the decompressed file; returns what is wrong with it, nothing if all is well."""
    digest = hashlib.sha256()
    try:
        with source.open("rb") as raw, new.open("wb") as out:
            compressed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            data = gzip.GzipFile(fileobj=raw) if compressed else raw
            while block := data.read(1 << 20):
                digest.update(block)
                out.write(block)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        return f"damaged ({error})"
    if digest.hexdigest() == sha256:
        return ""
    return f"other data: sha256 {digest.hexdigest()[:12]}..., expected {sha256[:12]}..., {new.stat().st_size} bytes"


def _hash(path: Path) -> str:
    """The SHA-256 of a file; nothing if there is no such file."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _alone(path: Path):
    """A lock on the file's place, held by one process at a time; the system frees it when its process ends."""
    filelock = _package("filelock")
    lock = filelock.FileLock(path.with_name(f"{path.name}.lock"))
    try:
        return lock.acquire(timeout=0)
    except filelock.Timeout:
        print(f"Another process is fetching {path.name}: waiting for it.", file=sys.stderr)
        return lock.acquire()


def _remove_parts(path: Path) -> None:
    for part in path.parent.glob(f"{glob.escape(path.name)}.*.part"):
        part.unlink()


def _no_room(path: Path, error: OSError) -> str:
    folder = cache_folder()
    told = f"{path} could not be written: {error.strerror or error}. "
    if error.errno in FULL:
        told += f"On that disk {shutil.disk_usage(folder).free / 1e6:.1f} MB are free: make room there. "
    return told + "Or name another folder: set the environment variable NNLIB_DATA."


def _cause(error: BaseException) -> str:
    """What lies at the bottom of an error, without the wrappings."""
    while inner := getattr(error, "reason", None) or error.__cause__ or error.__context__:
        if not isinstance(inner, BaseException):
            break
        error = inner
    return str(error) or type(error).__name__


def _package(name: str) -> ModuleType:
    """A package that is needed only here, so that importing nnlib.data takes NumPy alone."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        raise FetchError(f"fetching data needs {name}, which is not installed here: run  pip install {name}") from None
