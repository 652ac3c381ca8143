"""Every chapter in Chromium, in one visit each: its cells run, can be edited, fail, are stopped, and fit a phone."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from nnlib.exercises import catalogue
from website import chapters

BOOK = chapters.read(Path(__file__).parents[3] / "chapters" / "chapters.yml")
CHAPTERS = [chapter.slug for chapter in BOOK.chapters if chapter.written]
LIVE = ".live-tools, .live-tools *, .live-output, .live-output *, .editor"
TOO_WIDE = f"""() => [...document.querySelectorAll('{LIVE}')].filter(e => !e.closest('pre, .cm-scroller'))
  .filter(e => e.getBoundingClientRect().right > 391).map(e => e.outerHTML.slice(0, 200))"""
SLIDERS = "explore("


@pytest.mark.parametrize("slug", CHAPTERS)
def test_a_chapter_lives(open_page, server, slug):
    page = open_page(slug)
    every_cell_has_buttons_or_says_why_not(page)
    assert not [path for path in server.asked if "/pyodide/" in path or "/_static/live/" in path], "before a click"
    first, last = page.cells.first, page.cells.last
    runs(page, first, name_of(first))
    can_be_edited_and_reset(page, first)
    an_error_is_marked(page, first)
    if exercises := catalogue.by_chapter().get(slug):
        an_exercise_becomes_correct(page, exercises[0].key)
    runs(page, last, name_of(last))
    if (sliders := page.cells.filter(has_text=SLIDERS)).count():
        a_slider_draws(page, sliders.first)
    a_phone_shows_it(page)
    an_endless_loop_is_stopped(page, first)
    assert not page.complaints and not page.outside


def every_cell_has_buttons_or_says_why_not(page):
    for cell in page.tab.locator(".bd-article div.cell:not(.tag_setup)").all():
        names = set(cell.locator(".live-tools button:not([hidden])").all_text_contents())
        why = cell.locator(".not-live")
        if why.count():
            assert not names and "colab.research.google.com" in why.locator("a").get_attribute("href")
        else:
            assert names - {"Run all above"} in ({"Run", "Edit"}, {"Check", "Edit"})
    assert page.tab.locator(".tag_setup .live-tools").count() == 0


def name_of(cell):
    """An exercise's button says Check."""
    return "Check" if cell.get_by_role("button", name="Check", exact=True).count() else "Run"


def runs(page, cell, name):
    page.run(cell, name)
    expect(cell.locator(".live-error")).to_have_count(0)
    expect(page.said(cell)).to_have_text("")
    assert page.axe(cell) == []


def can_be_edited_and_reset(page, cell):
    code = cell.locator(".cell_input pre").first.text_content()
    page.write(cell, "print('mine')")
    assert page.axe(cell) == []
    page.tab.keyboard.press("Shift+Enter")
    expect(cell.locator(".live-output")).to_have_text("mine\n")
    page.wait(cell)
    page.press(cell, "Reset")
    expect(cell.locator(".editor, .live-output")).to_have_count(0)
    assert cell.locator(".cell_input pre").first.text_content() == code


def an_error_is_marked(page, cell):
    page.write(cell, "ok = 1\nok / 0")
    page.run(cell, name_of(cell))
    expect(cell.locator(".live-error > p").first).to_have_text("ZeroDivisionError in line 2: division by zero")
    expect(cell.locator(".live-wrong-line")).to_have_text("ok / 0")
    assert page.axe(cell) == []
    page.press(cell, "Reset")


def an_exercise_becomes_correct(page, key):
    section = page.tab.locator("section.exercise", has=page.tab.locator(f'[data-exercise="{key}"]'))
    cell = section.locator("div.cell", has_text=f'check("{key}"').first
    right = f'next(e for es in catalogue.by_chapter().values() for e in es if e.key == "{key}").right[0]'
    page.write(cell, f'from nnlib.exercises import catalogue, check\n\ncheck("{key}", {right})')
    expect(page.run(cell, "Check").locator(".verdict.correct")).to_contain_text("Correct.")
    expect(section.locator("h3 .solved")).to_have_count(1)
    assert page.axe(section) == []


def a_slider_draws(page, cell):
    runs(page, cell, "Run")
    picture = cell.locator(".live-picture")
    before = picture.inner_html()
    cell.get_by_role("slider").first.focus()
    page.tab.keyboard.press("ArrowRight")
    page.tab.keyboard.press("ArrowRight")
    page.tab.wait_for_function("([e, old]) => !e.querySelector('canvas') && e.innerHTML !== old",
                               arg=[picture.element_handle(), before])  # fmt: skip
    expect(picture).not_to_contain_text("Error")
    assert page.axe(cell) == []


def a_phone_shows_it(page):
    page.tab.set_viewport_size({"width": 390, "height": 800})
    assert page.tab.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.tab.evaluate(TOO_WIDE) == []


def an_endless_loop_is_stopped(page, cell):
    page.write(cell, "print('before')\nwhile True:\n    pass")
    page.press(cell, name_of(cell))
    expect(cell.locator(".live-output")).to_have_text("before\n")
    expect(cell).to_have_attribute("aria-busy", "true")
    assert page.axe(cell) == []
    page.press(cell, "Stop")
    expect(cell).not_to_have_attribute("aria-busy", "true", timeout=2000)
    expect(page.said(cell)).to_contain_text("names are gone")
    assert page.axe(cell) == []
