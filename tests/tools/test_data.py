"""What packages carry is verified, and the rest fetched into the cache; nnlib/data/fetch.py has tests of its own."""

import gzip
import hashlib
import os
import sys
from pathlib import Path

import pytest

import nnlib.data
from nnlib.data.packages import file_in
from tools import data
from tools.data import Bundled, DataError, Debian, Fetched, Package, main

CONTENT = b"pixels" * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(autouse=True)
def cache(monkeypatch, tmp_path):
    monkeypatch.setenv("NNLIB_DATA", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def here(tmp_path):
    """A file of this machine that is a source."""
    file = tmp_path / "here.gz"
    file.write_bytes(gzip.compress(CONTENT))
    return file


def test_a_set_is_fetched_into_the_cache_once(cache, here):
    file = Fetched("set/file", SHA256, [here])
    assert file.get() == str(cache / "set" / "file")
    here.unlink()
    assert file.get() == f"{cache / 'set' / 'file'} (fetched before)"
    assert (cache / "set" / "file").read_bytes() == CONTENT


class Apt:
    """Stands for a Debian package, and counts how often it is asked for."""

    package, asked = "pixels", 0

    def __init__(self, answer):
        self.answer = answer

    def get(self):
        self.asked += 1
        if isinstance(self.answer, Path):
            return self.answer
        raise OSError(self.answer)


def test_apt_is_asked_where_the_package_is_not_installed_and_before_the_web(cache, here, tmp_path):
    apt, elsewhere = Apt(here), [tmp_path / "not installed", "http://127.0.0.1:9/pixels"]
    assert Fetched("set/file", SHA256, elsewhere, apt).get() == str(cache / "set" / "file")
    Fetched("set/file", SHA256, elsewhere, apt).get()
    Fetched("set/other", SHA256, [here, *elsewhere], apt).get()
    assert apt.asked == 1  # not for what is in the cache, nor where the package is installed


def test_what_apt_answered_is_told_where_nobody_has_the_file(tmp_path):
    with pytest.raises(DataError, match="(?s)no such file.*The Debian package pixels: this system has no apt-get$"):
        Fetched("set/file", SHA256, [tmp_path / "not installed"], Apt("this system has no apt-get")).get()


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
    assert Debian("pixels", "no/such/place").get().read_bytes() == b"pixels"
    with pytest.raises(OSError, match="apt-get download unknown"):
        Debian("unknown", "no/such/place").get()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OSError, match="no apt-get"):
        Debian("another", "no/such/place").get()


def test_a_bundled_file_is_verified_where_it_lies(cache, tmp_path, monkeypatch):
    (digits,) = data.DATA["digits"]
    assert "sklearn" in digits.get()
    assert not cache.exists()
    with pytest.raises(DataError, match="digits.csv.gz of the installed package sklearn: other data"):
        Bundled(digits.source, SHA256).get()
    with pytest.raises(DataError, match="package no_such_package is not installed"):
        Bundled(Package("no_such_package", "x"), SHA256).get()
    (tmp_path / "pixels").mkdir()
    (tmp_path / "pixels" / "__init__.py").write_text("")
    (tmp_path / "pixels" / "short.gz").write_bytes(gzip.compress(CONTENT)[:50])
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(DataError, match="short.gz of the installed package pixels: .* ended before"):
        Bundled(Package("pixels", "short.gz"), SHA256).get()


LOADERS = [name for name in nnlib.data.__all__ if name.startswith("load_") and name != "load_fashion_mnist"]


@pytest.mark.parametrize("loader", LOADERS)
def test_the_files_that_a_loader_reads_are_the_verified_ones(loader, monkeypatch):
    read = []

    def watched(package, path, name):
        read.append(Package(package, path))
        return file_in(package, path, name)

    for name, module in list(sys.modules.items()):
        if name.startswith("nnlib.data.") and name != "nnlib.data.packages" and hasattr(module, "file_in"):
            monkeypatch.setattr(module, "file_in", watched)
    getattr(nnlib.data, loader)()
    files = data.DATA[loader.removeprefix("load_").replace("_", "-")]
    assert read == [file.source for file in files]
    for file in files:
        file.get()


def test_the_command(capsys, monkeypatch, here):
    monkeypatch.setattr(data, "DATA", {name: data.DATA[name] for name in ("digits", "diabetes")})
    monkeypatch.setitem(data.DATA, "two-words", [Fetched("two/words", SHA256, [here])])
    assert main([]) == 0
    told = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in told] == ["digits", "diabetes", "diabetes", "two-words"]
    assert main(["digits"]) == 0
    assert capsys.readouterr().out.startswith("digits: ")
    assert main(["letters"]) == 2
    assert "no data set is called 'letters'. There are: digits" in capsys.readouterr().err
    monkeypatch.setitem(data.DATA, "two-words", [Fetched("x", SHA256, [here.parent / "nowhere"])])
    assert main([]) == 1
    assert "two-words: x could not be fetched: no source has the right bytes" in capsys.readouterr().err
