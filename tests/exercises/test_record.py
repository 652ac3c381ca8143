"""Progress is kept in a small file of the reader's own, survives, and never gets in the way."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from nnlib.exercises import check, export_progress, hint, import_progress, progress, solution
from nnlib.exercises.record import NEW, Progress, default_path
from tools.kernel import kernel_environment

HERE = {"a-unit-that-is-off": (-8, 0, 0, 24)}
KEY, ANSWER = next(iter(HERE.items()))


@pytest.fixture
def file(monkeypatch, tmp_path):
    """The reader's file, not there yet."""
    path = tmp_path / "data" / "progress.json"
    monkeypatch.setenv("NNLIB_PROGRESS", str(path))
    return path


def entry(path, key=KEY):
    return json.loads(path.read_text("utf-8"))["exercises"][key]


def test_what_happens_is_written_at_once(file):
    check(KEY, ...)
    assert entry(file) == NEW
    check(KEY, (0, 0, 0, 0))
    assert entry(file) == {**NEW, "tries": 1}
    hint(KEY)
    hint(KEY)
    check(KEY, ANSWER)
    assert entry(file) == {"tries": 2, "solved": True, "hints": 2, "solution": False}
    solution(KEY)
    check(KEY, (0, 0, 0, 0))
    assert entry(file) == {"tries": 3, "solved": True, "hints": 2, "solution": True}
    check("no-such-key", 3)
    assert list(json.loads(file.read_text("utf-8"))["exercises"]) == [KEY]


def test_another_session_knows(file):
    check(KEY, ANSWER)
    other = Progress()
    assert other.load()["exercises"][KEY]["solved"] is True


def test_two_sessions_do_not_forget_each_other(file):
    one, two = Progress(), Progress()
    one.record("a", tries=1, solved=True)
    two.record("b", tries=1)
    one.record("c", tries=1)
    assert set(json.loads(file.read_text("utf-8"))["exercises"]) == {"a", "b", "c"}


def test_a_file_is_replaced_whole(file, monkeypatch):
    check(KEY, ANSWER)
    before = file.read_text("utf-8")
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    check(KEY, ANSWER)
    assert file.read_text("utf-8") == before
    assert [path.name for path in file.parent.iterdir()] == ["progress.json"]
    assert "No space left on device" in repr(progress())


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"exercises": {}}', '{"version": 2, "exercises": {}}', '{"version": 1, "exercises": 3}',
                '{"version": 1, "exercises": {"a": {"tries": "many"}}}', "\x00\x01"],
)  # fmt: skip
def test_a_damaged_file_is_set_aside(file, content):
    file.parent.mkdir()
    file.write_text(content, encoding="utf-8")
    assert check(KEY, ANSWER).correct
    aside = file.with_name("progress.json.damaged")
    assert aside.read_text("utf-8") == content
    assert entry(file)["solved"]
    assert str(aside) in repr(progress())
    file.write_text(content, encoding="utf-8")
    check(KEY, ANSWER)
    assert file.with_name("progress.json.damaged-2").exists() and aside.read_text("utf-8") == content


def test_a_folder_that_cannot_be_written_is_no_error(monkeypatch, tmp_path):
    (tmp_path / "blocked").write_text("a file where a folder should be")
    monkeypatch.setenv("NNLIB_PROGRESS", str(tmp_path / "blocked" / "progress.json"))
    assert check(KEY, ANSWER).correct
    shown = repr(progress())
    assert "Kept until you close this session only" in shown and "solved" in shown


def test_off_writes_nothing(monkeypatch, tmp_path):
    monkeypatch.setenv("NNLIB_PROGRESS", "off")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    check(KEY, ANSWER)
    assert list(tmp_path.iterdir()) == []
    assert " 1 of 7 solved" in repr(progress())


def test_notebooks_and_tests_never_write_to_a_readers_file():
    assert kernel_environment()["NNLIB_PROGRESS"] == "off"
    assert os.environ["NNLIB_PROGRESS"] == "off" and default_path() is None


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {}, "~/.local/share/nnlib/progress.json"),
        ("linux", {"XDG_DATA_HOME": "/data"}, "/data/nnlib/progress.json"),
        ("darwin", {}, "~/Library/Application Support/nnlib/progress.json"),
        ("win32", {}, "~/AppData/Roaming/nnlib/progress.json"),
        ("linux", {"NNLIB_PROGRESS": "~/mine.json"}, "~/mine.json"),
        ("linux", {"NNLIB_PROGRESS": " OFF "}, None),
    ],
)
def test_where_the_file_lies(monkeypatch, platform, environment, expected):
    monkeypatch.setattr(sys, "platform", platform)
    for name in ("NNLIB_PROGRESS", "XDG_DATA_HOME", "APPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert default_path() == (None if expected is None else Path(expected).expanduser())


# Taking it along


def test_export_and_import(tmp_path, monkeypatch, fresh):
    path = tmp_path / "taken.json"
    check(KEY, ANSWER)
    assert str(path) in repr(export_progress(path))
    other = Progress()
    other.record("divide", tries=4)
    for module in ("judge", "help", "overview"):
        monkeypatch.setattr(f"nnlib.exercises.{module}.READER", other)
    assert "Added" in repr(import_progress(path))
    known = other.load()["exercises"]
    assert known[KEY]["solved"] and known["divide"]["tries"] == 4


def test_what_the_site_keeps_is_kept(tmp_path, fresh):
    path = tmp_path / "from-the-site.json"
    content = {"version": 1, "exercises": {KEY: {"solved": True}}, "quizzes": {"neurons": [1, 2]}}
    path.write_text(json.dumps(content), encoding="utf-8")
    import_progress(path)
    export_progress(path)
    taken = json.loads(path.read_text("utf-8"))
    assert taken["quizzes"] == {"neurons": [1, 2]} and taken["exercises"][KEY] == {**NEW, "solved": True}


def test_bad_files_are_told(tmp_path):
    def told(message):
        return " ".join(repr(message).split())  # a long path changes where the lines break

    assert "No such file" in told(import_progress(tmp_path / "missing.json"))
    bad = tmp_path / "bad.json"
    bad.write_text("{}", encoding="utf-8")
    assert "no record of progress" in told(import_progress(bad))
    bad.write_bytes(b"\xff\xfe\x00")
    assert "no record of progress" in told(import_progress(bad))
    assert "cannot be written" in told(export_progress(tmp_path / "bad.json" / "x.json"))


# The table


def test_the_table_shows_every_exercise():
    check(KEY, ANSWER)
    check("divide", 3)
    text = repr(progress())
    assert text.startswith("1 of ") and "Backpropagation: 1 of 7 solved" in text
    assert re.search(r"\| A unit that is off +\| `a-unit-that-is-off` +\| solved +\|", text)
    assert re.search(r"\| tried 1 time +\|", text)
    check("divide", 4)
    assert re.search(r"\| tried 2 times +\|", repr(progress()))
    widths = {len(line) for line in text.splitlines() if line.startswith("|")}
    assert len(widths) == 1, "the table is aligned"


def test_importing_writes_nothing(tmp_path):
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path), "HOME": str(tmp_path), "NNLIB_PROGRESS": ""}
    code = "from nnlib.exercises import progress; print(progress())"
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True)
    assert list(tmp_path.rglob("*.json")) == []
