"""Data is fetched once, from the first source that answers with the right bytes, and never half."""

import gzip
import hashlib
import http.server
import os
import threading
from dataclasses import dataclass

import pytest

import nnlib.data
from nnlib.data.packages import file_in
from tools import data
from tools.data import Bundled, DataError, Debian, Fetched, Package, Url, main

CONTENT = b"pixels" * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@dataclass
class Source:
    """A source that counts how often it is asked."""

    content: bytes | Exception
    asked: int = 0

    def __str__(self):
        return "the test's source"

    def read(self):
        self.asked += 1
        if isinstance(self.content, Exception):
            raise self.content
        return self.content


def fetched(*sources):
    return Fetched("set/file", SHA256, sources)


def test_the_first_source_that_answers_is_taken_and_the_cache_from_then_on(tmp_path):
    silent, good, spare = Source(OSError("nobody home")), Source(CONTENT), Source(CONTENT)
    file = fetched(silent, good, spare)
    assert "from the test's source" in file.get(tmp_path)
    assert "fetched before" in file.get(tmp_path)
    assert (silent.asked, good.asked, spare.asked) == (1, 1, 0)
    assert (tmp_path / "set" / "file").read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (b"other pixels", "other data (sha256 "),
        (gzip.compress(CONTENT)[:50], "ended before"),
        (b"\x1f\x8bnonsense", "Unknown compression"),
        (OSError("no such host"), "no such host"),
    ],
    ids=["other", "truncated", "nonsense", "silent"],
)
def test_a_wrong_answer_is_told_and_never_kept(tmp_path, bad, told):
    with pytest.raises(DataError) as failure:
        fetched(Source(bad)).get(tmp_path)
    assert told in str(failure.value) and "the test's source: " in str(failure.value)
    assert list(tmp_path.rglob("*")) == []
    fetched(Source(bad), Source(gzip.compress(CONTENT))).get(tmp_path)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["file"]


def test_compression_is_the_sources_own_business(tmp_path):
    for level in (1, 9):
        fetched(Source(gzip.compress(CONTENT, level))).get(tmp_path / str(level))
        assert (tmp_path / str(level) / "set" / "file").read_bytes() == CONTENT


def test_a_damaged_cache_is_mended(tmp_path):
    file = fetched(Source(CONTENT))
    file.get(tmp_path)
    (tmp_path / "set" / "file").write_bytes(CONTENT[:10])
    file.get(tmp_path)
    assert (tmp_path / "set" / "file").read_bytes() == CONTENT


def test_no_half_file_is_left_when_writing_fails(tmp_path, monkeypatch):
    def full(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr("tools.project.os.replace", full)
    with pytest.raises(OSError, match="no space left"):
        fetched(Source(CONTENT)).get(tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_url_is_fetched(tmp_path):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path == "/good.gz" else 404)
            self.end_headers()
            if self.path == "/good.gz":
                self.wfile.write(gzip.compress(CONTENT))

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}"
        told = fetched(Url(f"{base}/gone.gz"), Url(f"{base}/good.gz")).get(tmp_path)
        with pytest.raises(DataError, match="404"):
            fetched(Url(f"{base}/gone.gz")).get(tmp_path / "other")
        server.shutdown()
    assert "good.gz" in told
    assert (tmp_path / "set" / "file").read_bytes() == CONTENT


@pytest.mark.skipif(os.name == "nt", reason="Debian's package tools, and these stand-ins for them, need a Unix shell")
def test_a_debian_package_is_unpacked_without_root(tmp_path, monkeypatch):
    """With stand-ins for apt-get and dpkg-deb, which a system may not have; they take the same arguments."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "apt-get").write_text('#!/bin/sh\n[ "$1 $2" = "download pixels" ] && echo x > pixels_1_all.deb\n')
    (programs / "dpkg-deb").write_text(
        '#!/bin/sh\n[ "$1 $2 $3" = "--extract pixels_1_all.deb ." ] || exit 1\n'
        "mkdir -p no/such && printf pixels > no/such/place\n"
    )
    for program in programs.iterdir():
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=":")
    assert Debian("pixels", "no/such/place").read() == b"pixels"
    with pytest.raises(OSError, match="apt-get download unknown"):
        Debian("unknown", "no/such/place").read()
    installed = tmp_path / "installed"
    installed.write_bytes(b"here")
    assert Debian("unknown", str(installed).lstrip("/")).read() == b"here"
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OSError, match="no apt-get"):
        Debian("another", "no/such/place").read()


def test_a_bundled_file_is_verified_where_it_lies(tmp_path):
    (digits,) = data.DATA["digits"]
    assert "sklearn" in digits.get(tmp_path)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(DataError, match="other data"):
        Bundled(digits.source, SHA256).get(tmp_path)
    with pytest.raises(DataError, match="package no_such_package is not installed"):
        Bundled(Package("no_such_package", "x"), SHA256).get(tmp_path)


LOADERS = [name for name in nnlib.data.__all__ if name.startswith("load_")]


@pytest.mark.parametrize("loader", LOADERS)
def test_the_files_that_a_loader_reads_are_the_verified_ones(loader, monkeypatch, tmp_path):
    read = []

    def watched(package, path, name):
        read.append(Package(package, path))
        return file_in(package, path, name)

    for module in (nnlib.data.images, nnlib.data.series, nnlib.data.tables):
        monkeypatch.setattr(module, "file_in", watched)
    getattr(nnlib.data, loader)()
    files = data.DATA[loader.removeprefix("load_").replace("_", "-")]
    assert read == [file.source for file in files]
    for file in files:
        file.get(tmp_path)


def test_the_command_gets_what_chapters_call_for(book, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("NNLIB_DATA", str(tmp_path / "cache"))
    monkeypatch.setattr(data, "DATA", {name: data.DATA[name] for name in ("digits", "diabetes")})
    monkeypatch.setitem(data.DATA, "two-words", [fetched(Source(CONTENT))])
    assert main([], book.root) == 0
    assert [line.split(":")[0] for line in capsys.readouterr().out.splitlines()] == ["digits", "diabetes", "diabetes"]
    book.edit("1 + 2", "load_two_words()")
    assert main([], book.root) == 0
    assert "\ntwo-words: " in capsys.readouterr().out
    assert main(["digits"], book.root) == 0
    assert capsys.readouterr().out.startswith("digits: ")
    assert main(["letters"], book.root) == 2
    assert "no data set is called 'letters'. There are: digits" in capsys.readouterr().err
    monkeypatch.setitem(data.DATA, "two-words", [Fetched("x", SHA256, [Source(b"")])])
    assert main([], book.root) == 1
    assert "two-words: no source has the right bytes" in capsys.readouterr().err
