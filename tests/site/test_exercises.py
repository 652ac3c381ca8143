"""Exercise cards on the page, and a site for a class: no hint and no solution anywhere in it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup
from playwright.sync_api import expect

from nnlib.exercises import catalogue
from website.exercises import WITHHELD

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def cards(site_folder):
    """The exercise cards of the site by their page, parsed."""
    pages = sorted(site_folder.glob("chapters/*/*.html"))
    parsed = {page: BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser") for page in pages}
    return {page.relative_to(site_folder).as_posix(): html.select("section.exercise") for page, html in parsed.items()}


def test_each_exercise_has_its_hints_and_its_solution(cards):
    shown = []
    for page, members in cards.items():
        for card in members:
            key = card.select_one(".help")["data-exercise"]
            exercise = catalogue.find(key)
            summaries = [summary.get_text() for summary in card.select(".help > details > summary")]
            hints = [f"Hint {n}" for n in range(1, len(exercise.hints) + 1)]
            assert summaries == [*hints, "Solution"], f"{page}: {key}"
            solution = card.select(".help > details")[-1]
            if exercise.functions:
                assert solution.select_one(".highlight .k, .highlight .kn"), f"{key}: the code has no colours"
            shown.append(key)
    assert shown and len(shown) == len(set(shown))


def test_every_exercise_of_the_library_is_on_the_site(cards):
    shown = {help["data-exercise"] for members in cards.values() for card in members for help in card.select(".help")}
    assert shown == {exercise.key for exercises in catalogue.by_chapter().values() for exercise in exercises}


def test_help_unfolds_with_the_keyboard_and_without_scripts(chromium, site, cards):
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    page, members = next((page, members) for page, members in cards.items() if members)
    tab.goto(site + page + "#" + members[0]["id"])
    details = tab.locator("section.exercise").first.locator(".help details")
    for n in range(details.count()):
        inside = details.nth(n).locator("summary ~ *").first
        expect(inside).to_be_hidden()
        details.nth(n).locator("summary").focus()
        tab.keyboard.press("Enter")
        expect(inside).to_be_visible()
    context.close()


def test_a_notebook_gives_nothing_away():
    """What the notebooks print is what every site copies, withheld or not."""
    squeeze = " ".join
    for path in sorted((ROOT / "chapters").glob("*/*.ipynb")):
        exercises = catalogue.by_chapter().get(path.stem, ())
        text = squeeze(strings(json.loads(path.read_text(encoding="utf-8"))["cells"])).split()
        for exercise in exercises:
            for secret in [*exercise.hints, exercise.explanation]:
                assert not secret.strip() or squeeze(secret.split()) not in squeeze(text), f"{exercise.key}: {secret}"


def strings(value):
    """All texts in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings(part)


# A word that stands in every hint and in every solution, and nowhere else in the book
MARK = "zugzwang"
MARKER = f"""
import dataclasses
from nnlib.exercises import catalogue

find = catalogue.find

def {MARK}():
    return 0

def marked(key):
    print("marked:", key)
    found = find(key)
    hints = [hint + " {MARK}" for hint in found.hints]
    return dataclasses.replace(found, hints=hints, explanation=found.explanation + " {MARK}",
                               helpers=(*found.helpers, {MARK}))

def setup(app):
    catalogue.find = marked
"""


def test_a_site_for_a_class_holds_no_hint_and_no_solution(tmp_path, cards):
    (tmp_path / "marker").mkdir()
    (tmp_path / "marker" / "marker.py").write_text(MARKER, encoding="utf-8")
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    config["sphinx"]["local_extensions"]["marker"] = str(tmp_path / "marker")
    config["sphinx"]["config"]["extensions"].append("marker")
    (tmp_path / "_config.yml").write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    options = ["-W", "-n", "--keep-going", "--all", "--config", tmp_path / "_config.yml", "--path-output", tmp_path]
    built = subprocess.run(
        [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", *options, ROOT],
        env={**os.environ, "NNLIB_WITHHOLD": "1"}, cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert built.returncode == 0, built.stdout[-2000:] + built.stderr[-2000:]
    keys = [help["data-exercise"] for members in cards.values() for card in members for help in card.select(".help")]
    assert [key for key in keys if f"marked: {key}\n" not in built.stdout] == []

    site = tmp_path / "_build" / "html"
    files = [path for path in site.rglob("*") if path.is_file()]
    assert {site / "searchindex.js", *(site / page for page in cards)} <= set(files)
    assert [path for path in files if MARK.encode() in path.read_bytes().lower()] == []
    for page, members in cards.items():
        html = (site / page).read_text(encoding="utf-8")
        assert html.count(WITHHELD) == len(members), page
        assert "Hint 1" not in html and "<summary>Solution" not in html
