"""The page "Your progress": what it shows, and the file that goes to Jupyter and back."""

import json
import os
import subprocess
import sys

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import expect

from website import vendor

KEY = "neural-networks-by-hand"
PAGE = "chapters/progress.html"
REFUSE = """Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("refused", "SecurityError") }
})"""


@pytest.fixture(scope="session")
def chapter(site_folder):
    """The first chapter of the table that has a quiz and exercises: slug, page, keys."""
    html = BeautifulSoup((site_folder / PAGE).read_text(encoding="utf-8"), "html.parser")
    for row in html.select("#progress-table tbody tr"):
        keys = row["data-exercises"].split()
        if row["data-questions"] == "5" and keys:
            return row["data-chapter"], "chapters/" + row.find("a")["href"], keys
    pytest.fail("no chapter has a quiz and exercises")


@pytest.fixture
def record(chapter):
    """A record in which two questions are answered, one of them well, and one exercise is solved."""
    slug, _, keys = chapter
    return {
        "version": 1,
        "exercises": {keys[0]: {"tries": 3, "solved": True, "hints": 1, "solution": False}},
        "quiz": {slug: {"1": {"answer": 1, "right": True}, "3": {"answer": 2, "right": False}}},
    }


@pytest.fixture
def context(chromium):
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    yield context
    context.close()


@pytest.fixture
def tab(context, site):
    """The page, open, with nothing in the storage."""
    tab = context.new_page()
    tab.goto(site + PAGE)
    return tab


def kept(tab):
    return json.loads(tab.evaluate(f"localStorage.getItem('{KEY}')") or "null")


def keep(tab, record):
    tab.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, json.dumps(record)])
    tab.reload()


def load(tab, text, name="progress.json"):
    """Choose a file with this text; returns what the page says."""
    with tab.expect_file_chooser() as chooser:
        tab.get_by_role("button", name="Load a file").click()
    chooser.value.set_files({"name": name, "mimeType": "application/json", "buffer": text.encode()})
    said = tab.locator("#progress-said")
    expect(said).to_contain_text(name)
    return said.inner_text()


def save(tab, path):
    with tab.expect_download() as download:
        tab.get_by_role("button", name="Save to a file").click()
    download.value.save_as(path)
    return json.loads(path.read_text(encoding="utf-8"))


def row(tab, chapter):
    return tab.locator(f'tr[data-chapter="{chapter[0]}"]')


def library(path, code):
    """What nnlib.exercises prints, with its file at this path."""
    environment = {**os.environ, "NNLIB_PROGRESS": str(path)}
    command = [sys.executable, "-c", "from nnlib.exercises import *\n" + code]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def test_shows_what_was_done_chapter_by_chapter(tab, chapter, record):
    count = len(chapter[2])
    expect(row(tab, chapter).locator(".quiz-done")).to_have_text("5 questions")
    expect(row(tab, chapter).locator(".exercises-done")).to_have_text(f"0 of {count} solved")
    keep(tab, record)
    expect(row(tab, chapter).locator(".quiz-done")).to_have_text("1 of 5 right, 3 to go")
    expect(row(tab, chapter).locator(".exercises-done")).to_have_text(f"1 of {count} solved")
    assert row(tab, chapter).locator("progress").first.evaluate("e => e.position") == pytest.approx(0.2)


def test_lists_every_chapter_with_what_it_has(site_folder, tab):
    pages = sorted(path.stem for path in site_folder.glob("chapters/*/*.html"))
    assert sorted(r.get_attribute("data-chapter") for r in tab.locator("#progress-table tbody tr").all()) == pages
    for r in tab.locator("#progress-table tbody tr").all():
        page = "chapters/" + r.locator("a").get_attribute("href")
        html = BeautifulSoup((site_folder / page).read_text(encoding="utf-8"), "html.parser")
        assert len(html.select(".question")) == int(r.get_attribute("data-questions"))
        keys = [help["data-exercise"] for help in html.select(".help")]
        assert keys == r.get_attribute("data-exercises").split()


def test_a_quiz_answered_in_a_chapter_is_shown_here(tab, site, chapter):
    tab.goto(site + chapter[1])
    question = tab.locator("form.question").first
    question.locator("input").first.check()
    question.locator("button").click()
    tab.get_by_role("link", name="Your progress").last.click()
    tab.wait_for_url("**/" + PAGE)
    expect(row(tab, chapter).locator(".quiz-done")).to_contain_text("of 5 right, 4 to go")


def test_a_solved_exercise_is_marked_in_its_chapter(tab, site, chapter, record):
    keep(tab, record)
    tab.goto(site + chapter[1])
    card = tab.locator("section.exercise:has(h3 .solved)")
    expect(card).to_have_count(1)
    assert card.locator(".help").get_attribute("data-exercise") == chapter[2][0]


def test_saved_cleared_and_loaded_again(tab, chapter, record, tmp_path):
    keep(tab, record)
    assert save(tab, tmp_path / "saved.json") == record
    clear(tab, "Clear everything")
    assert kept(tab) is None
    expect(row(tab, chapter).locator(".quiz-done")).to_have_text("5 questions")
    load(tab, (tmp_path / "saved.json").read_text())
    assert kept(tab) == record
    expect(row(tab, chapter).locator(".quiz-done")).to_have_text("1 of 5 right, 3 to go")


def test_what_the_page_saves_jupyter_loads(tab, chapter, record, tmp_path):
    keep(tab, record)
    save(tab, tmp_path / "saved.json")
    title_line = library(tmp_path / "own.json", f"import_progress(r'{tmp_path / 'saved.json'}'); print(progress())")
    assert "1 of" in title_line and "solved" in title_line
    own = json.loads((tmp_path / "own.json").read_text())
    assert own["exercises"] == record["exercises"]
    assert own["quiz"] == record["quiz"], "the library has lost the quiz"


def test_what_jupyter_saves_the_page_loads(tab, chapter, record, tmp_path):
    keep(tab, record)
    tried, file = chapter[2][-1], tmp_path / "out.json"
    library(tmp_path / "own.json", f"check('{tried}', ...); hint('{tried}'); export_progress(r'{file}')")
    before = json.loads(file.read_text())
    assert before["exercises"][tried]["hints"] == 1
    said = load(tab, file.read_text(), "out.json")
    assert "out.json was loaded" in said
    assert kept(tab)["exercises"] == {**record["exercises"], **before["exercises"]}
    assert kept(tab)["quiz"] == record["quiz"]


def test_loading_loses_nothing_on_either_side(tab, chapter, record):
    slug, _, keys = chapter
    keep(tab, record)
    entry = {"tries": 1, "solved": False, "hints": 2, "solution": True}
    other = {
        "version": 1,
        "exercises": {keys[0]: entry, "constructor": entry},
        "quiz": {slug: {"1": {"answer": 2, "right": False}, "2": {"answer": 4, "right": False},
                        "3": {"answer": 1, "right": True}}},
        "elsewhere": ["kept"],
    }  # fmt: skip
    load(tab, json.dumps(other))
    assert kept(tab) == {
        "version": 1,
        "exercises": {keys[0]: {"tries": 3, "solved": True, "hints": 2, "solution": True}, "constructor": entry},
        "quiz": {slug: {"1": {"answer": 1, "right": True}, "2": {"answer": 4, "right": False},
                        "3": {"answer": 1, "right": True}}},
        "elsewhere": ["kept"],
    }  # fmt: skip


GOOD = {"version": 1, "exercises": {}}


REFUSED = [
    ("", "it is no JSON"),
    ('{"version": 1, "exercises": {', "it is no JSON"),
    ("null", "holds no progress in this book"),
    ("[1, 2]", "holds no progress in this book"),
    ('{"cells": []}', "holds no progress in this book"),
    (json.dumps({**GOOD, "version": 2}), "has version 2, and this page reads version 1"),
    (json.dumps({"version": 1}), "list of exercises is missing"),
    (json.dumps({**GOOD, "exercises": []}), "list of exercises is missing"),
    (json.dumps({**GOOD, "exercises": {"softmax": True}}), "entry for the exercise “softmax” is damaged"),
    (json.dumps({**GOOD, "exercises": {"softmax": {"solved": "yes"}}}), "exercise “softmax” is damaged"),
    (json.dumps({**GOOD, "exercises": {"softmax": {"tries": None}}}), "exercise “softmax” is damaged"),
    (json.dumps({**GOOD, "quiz": [1]}), "list of quizzes is damaged"),
    (json.dumps({**GOOD, "quiz": {"neurons": 3}}), "quiz of “neurons” is damaged"),
    (json.dumps({**GOOD, "quiz": {"neurons": {"x": {"answer": 1, "right": True}}}}), "“neurons” is damaged"),
    (json.dumps({**GOOD, "quiz": {"neurons": {"1": {"answer": "1", "right": True}}}}), "“neurons” is damaged"),
    (json.dumps({**GOOD, "quiz": {"neurons": {"1": {"answer": 1}}}}), "“neurons” is damaged"),
]


def test_a_foreign_or_damaged_file_is_refused_and_changes_nothing(tab, record):
    keep(tab, record)
    for text, message in REFUSED:
        said = load(tab, text, "other.json")
        assert said.startswith("other.json was not loaded") and said.endswith("Nothing was changed."), text
        assert message in said
        assert kept(tab) == record
        tab.evaluate("document.getElementById('progress-said').textContent = ''")


def clear(tab, button):
    tab.locator(".progress-controls > p").get_by_role("button", name="Clear everything").click()
    expect(tab.get_by_role("dialog", name="Clear your progress in every chapter?")).to_be_visible()
    tab.get_by_role("dialog").get_by_role("button", name=button).click()
    expect(tab.get_by_role("dialog")).to_be_hidden()


def test_clearing_asks_first(tab, record):
    keep(tab, record)
    clear(tab, "Keep it")
    assert kept(tab) == record
    tab.get_by_role("button", name="Clear everything").focus()
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("button", name="Keep it")).to_be_focused()
    tab.keyboard.press("Escape")
    assert kept(tab) == record
    expect(tab.get_by_role("button", name="Clear everything")).to_be_focused()
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    expect(tab.locator("#progress-said")).to_have_text("Your progress was cleared.")
    assert kept(tab) is None


def test_nothing_is_sent(tab, record, tmp_path):
    asked = []
    tab.on("request", lambda request: asked.append(request.url))
    load(tab, json.dumps(record))
    save(tab, tmp_path / "saved.json")
    clear(tab, "Clear everything")
    assert [url for url in asked if not url.startswith("blob:") and "favicon" not in url] == []
    expect(tab.locator(".bd-article")).to_contain_text("Nothing is sent to anybody")


def test_says_where_storage_is_refused(context, site, record, chapter, tmp_path):
    context.add_init_script(REFUSE)
    tab = context.new_page()
    tab.goto(site + PAGE)
    expect(tab.locator(".kept-nowhere")).to_be_visible()
    load(tab, json.dumps(record))
    expect(row(tab, chapter).locator(".quiz-done")).to_have_text("1 of 5 right, 3 to go")
    assert save(tab, tmp_path / "saved.json") == record


def test_says_nothing_of_refusal_where_storage_works(tab):
    expect(tab.locator(".progress-controls")).to_be_visible()
    expect(tab.locator(".kept-nowhere")).to_be_hidden()


def test_without_scripts_the_page_says_what_it_needs(chromium, site, chapter):
    context = chromium.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(site + PAGE)
    expect(tab.locator("noscript p")).to_be_visible()
    expect(tab.locator("noscript p")).to_contain_text("JavaScript")
    expect(row(tab, chapter)).to_contain_text("5 questions")
    expect(tab.get_by_role("button", name="Clear everything")).to_be_hidden()
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_with_progress_and_with_the_question_open(chromium, site, record, width, theme):
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    tab = context.new_page()
    tab.goto(site + PAGE)
    keep(tab, record)
    tab.evaluate((vendor.package("axe-core") / "axe.min.js").read_text(encoding="utf-8"))

    def findings():
        found = tab.evaluate("axe.run('.bd-article', {resultTypes: ['violations']})")["violations"]
        return [f"{v['impact']} {v['id']}: {v['nodes'][0]['html'][:160]}" for v in found]

    assert findings() == []
    tab.get_by_role("button", name="Clear everything").click()
    expect(tab.get_by_role("dialog")).to_be_visible()
    assert findings() == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
