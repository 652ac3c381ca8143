"""The repository's address: the same everywhere, and changed everywhere by one command."""

import re
import shutil
import subprocess

import pytest

from tools import address, notebooks
from tools.address import main, move, pages, rename, split
from tools.project import ROOT, find_chapters, read_address

OTHER = "https://github.com/ada-l/engine.notes"


def tracked():
    """The files of the project, without what was built or installed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True
    )
    if listed.returncode:
        pytest.skip("this is not a git checkout, so the project's files cannot be told from what was built")
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


@pytest.fixture
def copy(tmp_path):
    """A copy of the whole project."""
    for name in tracked():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    for chapter in find_chapters(tmp_path).values():  # another test tells of a stale notebook
        if chapter.notebook.exists() and notebooks.state(chapter) is not notebooks.State.FRESH:
            chapter.notebook.unlink()
    return tmp_path


def contents(root):
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_one_address_everywhere():
    """The named places all have it. (That no other place has another: the next test.)"""
    here = read_address()
    where = pages(*split(here))
    for name in ("pyproject.toml", "CITATION.cff", "README.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert here in text and f"https://{where}" in text, name
    for chapter in find_chapters().values():
        for path in (chapter.text, chapter.notebook):
            if path.exists():
                assert f"{here}/archive/HEAD.zip" in path.read_text(encoding="utf-8"), path


def test_moving_changes_every_place_and_moving_back_restores_every_byte(copy):
    before = contents(copy)
    old = read_address(copy)
    owner, name = split(old)
    move(OTHER, copy)
    assert read_address(copy) == OTHER
    for path, data in contents(copy).items():
        found = re.search(rf"{owner}/{name}(?![\w-])|{re.escape(pages(owner, name))}".encode(), data, re.IGNORECASE)
        assert not found, f"{path.relative_to(copy)} still says {found[0].decode()}"
    for chapter in find_chapters(copy).values():
        if chapter.notebook.exists():
            assert notebooks.state(chapter) is notebooks.State.FRESH
    move(old, copy)
    after = contents(copy)
    assert [path for path in before if before[path] != after[path]] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("git+https://github.com/a/b.git", "git+https://github.com/c/d.git"),
        ("https://colab.research.google.com/github/a/b/blob/main/x.ipynb", None),
        ("See https://github.com/a/b.", "See https://github.com/c/d."),
        ("https://a.github.io/b/", "https://c.github.io/d/"),
        ("github.com/a/bc github.com/a/b-c github.com/aa/b", "github.com/a/bc github.com/a/b-c github.com/aa/b"),
        ("a/b", "a/b"),
    ],
)
def test_rename_knows_the_address_in_its_forms(old, new):
    new = new or old.replace("/a/b/", "/c/d/")
    assert rename(old, "https://github.com/a/b", "https://github.com/c/d") == new


def test_a_site_at_the_root_of_its_host():
    assert pages("Ada", "ada.github.io") == "ada.github.io"
    assert rename("https://a.github.io/b/", "https://github.com/a/b", "https://github.com/c/c.github.io") == (
        "https://c.github.io/"
    )


def test_a_moved_notebook_is_the_one_that_a_run_would_make(book):
    notebooks.run(book.chapter, book.address)
    move(OTHER, book.root)
    moved = book.chapter.notebook.read_bytes()
    assert OTHER.encode() in moved and book.address.encode() not in moved
    notebooks.run(book.chapter, OTHER)
    assert book.chapter.notebook.read_bytes() == moved


@pytest.mark.parametrize(
    "url", ["engine", "https://gitlab.com/a/b", "https://github.com/a", "https://github.com/a/b/c", "https://github.com/a/.."]
)
def test_a_bad_address_changes_nothing(book, capsys, url):
    before = contents(book.root)
    assert main([url], book.root) == 2
    assert f"{url!r} is not the address of a GitHub repository" in capsys.readouterr().err
    assert contents(book.root) == before


def test_a_stale_notebook_stops_the_move(book, capsys):
    notebooks.run(book.chapter, book.address)
    book.edit("words", "terms")
    before = contents(book.root)
    assert main([OTHER], book.root) == 2
    assert "older than its text" in capsys.readouterr().err
    assert contents(book.root) == before


def test_an_interrupted_move_is_finished_by_the_same_command(book, monkeypatch):
    (book.root / "README.md").write_text(f"{book.address}\n", encoding="utf-8")
    written = []

    def write_once(path, text):
        if written:
            raise KeyboardInterrupt
        written.append(path)
        path.write_text(text, encoding="utf-8")

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(address, "write", write_once)
        move(OTHER, book.root)
    assert written
    assert main([f"{OTHER}.git"], book.root) == 0
    for path, data in contents(book.root).items():
        assert book.address.encode() not in data, path
