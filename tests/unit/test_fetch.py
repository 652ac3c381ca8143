"""A fetched file is whole and the right one, or there is none and a message says why.

A server on this machine gives every kind of answer: whole, short, broken off, wrong, slow, none.
"""

import gzip
import hashlib
import http.server
import os
import socket
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from nnlib.data import fetch as module
from nnlib.data.fetch import CHUNK, FetchError, cache_folder, fetch

CONTENT = b"".join(hashlib.sha256(bytes([i % 256, i // 256])).digest() for i in range(10_000))  # 320 kB, as if random
SHA256 = hashlib.sha256(CONTENT).hexdigest()
ZIPPED = gzip.compress(CONTENT)


class Handler(http.server.BaseHTTPRequestHandler):
    """What a server may do; the first word of the address says which."""

    def do_GET(self):
        self.server.asked.append((self.path, self.headers["Range"]))
        getattr(self, self.path.strip("/").split("/")[0])()

    def send(self, body, status=200, length=None, **headers):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def rest(self, body, stop=None):
        """The part of the body that was asked for, up to `stop`; what is promised is all of it."""
        start = int((self.headers["Range"] or "bytes=0-")[6:-1])
        if start >= len(body):
            return self.send(b"", 416)
        span = {"Content_Range": f"bytes {start}-{len(body) - 1}/{len(body)}"} if start else {}
        self.send(body[start:stop], 206 if start else 200, len(body) - start, **span)

    def whole(self):
        self.rest(CONTENT)

    def zipped(self):
        self.rest(ZIPPED)

    def breaks_once(self):
        self.rest(CONTENT, None if self.headers["Range"] else 12 * CHUNK)

    def breaks_often(self):
        start = int((self.headers["Range"] or "bytes=0-")[6:-1])
        self.rest(CONTENT, start + CHUNK)

    def breaks_and_forgets(self):  # knows no Range: each answer begins at the start, the second is whole
        self.send(CONTENT[: 12 * CHUNK if len(self.server.asked) == 1 else None], length=len(CONTENT))

    def short(self):  # all that was promised, but not the whole file
        self.send(ZIPPED[:1000])

    def wrong(self):
        self.send(b"a picture of something else")

    def page(self):
        self.send(b"<html>Please log in to the hotel's network</html>")

    def gone(self):
        self.send(b"", 404)

    def hangs(self):
        time.sleep(3)

    def stalls(self):  # begins, and then says nothing any more
        self.send(CONTENT[: 4 * CHUNK], length=len(CONTENT))
        self.wfile.flush()
        time.sleep(3)

    def drips(self):  # slow, but never silent for long
        self.send(b"", length=len(CONTENT))
        for i in range(0, len(CONTENT), 64_000):
            time.sleep(0.1)
            self.wfile.write(CONTENT[i : i + 64_000])

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def running():
    class Server(http.server.ThreadingHTTPServer):
        daemon_threads, block_on_close = True, False

        def handle_error(self, *_):  # a client that hangs up is no trouble
            pass

    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def server(running):
    running.asked = []
    return running


@pytest.fixture
def url(server):
    return lambda answer: f"http://127.0.0.1:{server.server_port}/{answer}"


@pytest.fixture(autouse=True)
def cache(monkeypatch, tmp_path):
    monkeypatch.setenv("NNLIB_DATA", str(tmp_path / "cache"))
    return tmp_path / "cache"


def get(*urls, **options):
    return fetch("set/file", urls, SHA256, **{"progress": False} | options)


def files(cache):
    """What lies in the cache but for locks, which are empty."""
    found = [path for path in cache.rglob("*") if path.is_file()]
    assert all(path.stat().st_size == 0 for path in found if path.suffix == ".lock")
    return sorted(path.name for path in found if path.suffix != ".lock")


# -- what comes


@pytest.mark.parametrize("answer", ["whole", "zipped", "breaks_once", "breaks_and_forgets", "drips"])
def test_a_file_is_whole_once_and_for_all(answer, url, server, cache):
    path = get(url(answer))
    assert path == cache / "set" / "file" and path.read_bytes() == CONTENT
    assert files(cache) == ["file"]
    asked = len(server.asked)
    assert get(url(answer)) == path and len(server.asked) == asked  # the second time from the cache


def test_a_broken_download_goes_on_where_it_broke_off(url, server):
    get(url("breaks_once"))
    assert server.asked == [("/breaks_once", None), ("/breaks_once", f"bytes={12 * CHUNK}-")]


def test_a_download_goes_on_in_another_run(url, server, cache):
    with pytest.raises(FetchError, match=f"broke off after {5 * CHUNK} bytes, which are kept; the next try goes on"):
        get(url("breaks_often"))
    assert [name.endswith(".part") for name in files(cache)] == [True]
    server.asked.clear()
    with pytest.raises(FetchError, match=f"broke off after {10 * CHUNK} bytes"):
        get(url("breaks_often"))
    assert server.asked[0] == ("/breaks_often", f"bytes={5 * CHUNK}-")
    assert get(url("breaks_often"), url("whole")).read_bytes() == CONTENT
    assert files(cache) == ["file"]


def part(cache, url):
    return cache / "set" / f"file.{hashlib.sha256(url.encode()).hexdigest()[:8]}.part"


@pytest.mark.parametrize(
    "kept", [b"another version " * 100, CONTENT + b"too much", CONTENT], ids=["other", "more", "all"]
)
def test_what_was_kept_may_be_of_another_version(kept, url, cache):
    part(cache, url("whole")).parent.mkdir(parents=True)
    part(cache, url("whole")).write_bytes(kept)
    assert get(url("whole")).read_bytes() == CONTENT
    assert files(cache) == ["file"]


def test_mirrors_are_asked_in_order(url, server, cache, tmp_path):
    here = tmp_path / "here"
    here.write_bytes(ZIPPED)
    assert get(tmp_path / "nowhere", url("gone"), url("wrong"), url("whole"), here).read_bytes() == CONTENT
    assert [path for path, _ in server.asked] == ["/gone", "/wrong", "/whole"]
    server.asked.clear()
    (cache / "set" / "file").unlink()
    assert get(here, url("whole")).read_bytes() == CONTENT
    assert server.asked == [] and here.read_bytes() == ZIPPED


def test_a_damaged_cache_is_mended(url, cache):
    get(url("whole")).write_bytes(CONTENT[:-1])
    assert get(url("whole")).read_bytes() == CONTENT


def test_the_progress_is_shown(url, capsys):
    get(url("whole"), progress=True)
    assert "320k/320k" in capsys.readouterr().err
    assert capsys.readouterr().out == ""


# -- what does not come


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("gone", "it answers 404 Not Found"),
        ("wrong", r"other data: sha256 \w{12}\.\.\., expected " + SHA256[:12] + r"\.\.\., 27 bytes"),
        ("page", "other data: sha256 .* 49 bytes"),
        ("short", r"damaged \(Compressed file ended"),
        ("hangs", "no answer within 0.5 seconds"),
        ("stalls", f"broke off after {4 * CHUNK} bytes"),
    ],
)
def test_a_bad_answer_is_told_and_never_kept(answer, told, url, cache, monkeypatch):
    monkeypatch.setattr(module, "TIMEOUT", 0.5)
    with pytest.raises(FetchError, match=told) as failure:
        get(url(answer))
    message = str(failure.value)
    assert message.startswith("file could not be fetched: no source has the right bytes.\n")
    assert f"  {url(answer)}: " in message and str(cache / "set" / "file") in message
    assert "Is this machine online?" in message
    assert "file" not in files(cache) and (answer == "stalls" or files(cache) == [])
    assert get(url(answer), url("whole")).read_bytes() == CONTENT  # the next run, with a better mirror
    assert files(cache) == ["file"]


def test_a_damaged_file_is_not_replaced_by_a_wrong_one(url, cache):
    path = get(url("whole"))
    path.write_bytes(b"damaged")
    with pytest.raises(FetchError):
        get(url("wrong"))
    assert path.read_bytes() == b"damaged"


def test_no_network(url, cache, monkeypatch):
    def offline(*_, **__):
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}/file"
        with pytest.raises(FetchError, match=r"no connection \(.*(refused|timed out)") as failure:
            monkeypatch.setattr(module, "TIMEOUT", 0.5)
            get(nobody)
    monkeypatch.setattr(socket, "getaddrinfo", offline)
    with pytest.raises(FetchError) as failure:
        get("https://data.example/file", "https://mirror.example/file")
    assert str(failure.value).splitlines() == [
        "file could not be fetched: no source has the right bytes.",
        "  https://data.example/file: no connection ([Errno -3] Temporary failure in name resolution)",
        "  https://mirror.example/file: no connection ([Errno -3] Temporary failure in name resolution)",
        "Is this machine online? Then try again later. Or get the file in another way, decompress it, and put it "
        f"there: {cache / 'set' / 'file'}",
    ]
    assert files(cache) == []


def test_under_the_tests_own_guard_no_mirror_is_taken_for_a_bad_one():
    with pytest.raises(RuntimeError, match="make data"):
        get("https://data.example/file")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit on a file's size")
@pytest.mark.parametrize("answer", ["whole", "zipped"])
def test_a_full_disk(answer, url, cache):
    """A process that may write no file above 100 kB: what it meets is a disk that takes no more."""
    done = in_another_process(
        f"""
        import resource
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
        fetch("set/file", [{url(answer)!r}, {url("whole")!r}], {SHA256!r}, progress=False)
        """
    )
    told = done.stderr.strip().splitlines()[-1]
    assert told.startswith(
        f"nnlib.data.fetch.FetchError: {cache / 'set' / 'file'} could not be written: File too large"
    )
    assert "MB are free: make room there. Or name another folder: set the environment variable NNLIB_DATA." in told
    assert files(cache) == []
    assert get(url(answer)).read_bytes() == CONTENT


@pytest.fixture
def tiny_disk(tmp_path, monkeypatch):
    """A file system of 100 kB; only root may make one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=100k", "none", str(disk)]
    if not sys.platform.startswith("linux") or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root may mount a file system, on Linux")
    monkeypatch.setenv("NNLIB_DATA", str(disk))
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_disk_that_is_really_full(url, tiny_disk):
    with pytest.raises(FetchError, match=r"No space left on device. On that disk 0.1 MB are free: make room there"):
        get(url("whole"))
    assert files(tiny_disk) == []


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere, Windows asks differently")
def test_a_folder_that_may_not_be_written(url, tmp_path, monkeypatch):
    monkeypatch.setenv("NNLIB_DATA", str(tmp_path / "locked"))
    (tmp_path / "locked").mkdir(mode=0o500)
    with pytest.raises(FetchError, match="could not be written: Permission denied. Or name another folder"):
        get(url("whole"))


def test_a_folder_that_is_a_file(url, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("NNLIB_DATA", str(tmp_path / "file"))
    with pytest.raises(FetchError, match="could not be written: .* set the environment variable NNLIB_DATA"):
        get(url("whole"))


# -- two processes


def in_another_process(code, wait=True):
    """Run lines of Python that begin with `from nnlib.data.fetch import fetch`."""
    command = [sys.executable, "-c", "from nnlib.data.fetch import fetch\n" + textwrap.dedent(code)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if not wait:
        return process
    out, err = process.communicate(timeout=60)
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def test_two_processes_fetch_once(url, server, cache):
    code = f"print(fetch('set/file', [{url('drips')!r}], {SHA256!r}, progress=False))"
    both = [in_another_process(code, wait=False) for _ in range(2)]
    ends = [process.communicate(timeout=60) for process in both]
    assert [out.strip() for out, _ in ends] == [str(cache / "set" / "file")] * 2
    assert len(server.asked) == 1 and files(cache) == ["file"]
    assert "Another process is fetching file: waiting for it." in "".join(err for _, err in ends)


def test_a_process_that_was_killed_holds_nobody_up(url, server, cache):
    first = in_another_process(f"fetch('set/file', [{url('stalls')!r}], {SHA256!r}, progress=False)", wait=False)
    kept = part(cache, url("stalls"))
    until = time.monotonic() + 30
    while not (kept.exists() and kept.stat().st_size) and time.monotonic() < until:
        time.sleep(0.02)
    first.kill()
    first.communicate()
    assert files(cache) == [kept.name]
    assert get(url("whole")).read_bytes() == CONTENT
    assert files(cache) == ["file"]


# -- how it is called


def test_the_cache_folder(monkeypatch, tmp_path):
    assert cache_folder() == tmp_path / "cache"
    monkeypatch.delenv("NNLIB_DATA")
    assert "neural-networks-by-hand" in str(cache_folder())


@pytest.mark.parametrize("name", ["", "../file", "/file", "set/../../file"])
def test_a_name_stays_in_the_cache(name):
    with pytest.raises(ValueError, match="a path inside the cache folder"):
        fetch(name, ["http://127.0.0.1/"], SHA256)


def test_bad_arguments():
    with pytest.raises(ValueError, match="at least one address, got \\[\\]"):
        fetch("file", [], SHA256)
    for one in ("http://127.0.0.1/", Path("file")):
        with pytest.raises(ValueError, match="urls is a list"):
            fetch("file", one, SHA256)
    with pytest.raises(ValueError, match="64 digits, .* for file got 'abc'"):
        fetch("file", ["http://127.0.0.1/"], "abc")


@pytest.mark.parametrize("package", ["pooch", "filelock"])
def test_a_missing_package_is_named(package, url, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(FetchError, match=f"fetching data needs {package}, .* run  pip install {package}"):
        get(url("whole"))
