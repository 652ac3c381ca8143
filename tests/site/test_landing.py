"""The landing page: its network reads what one draws, its ways through the book are those of chapters.yml."""

import math

import numpy as np
import pytest
from playwright.sync_api import expect

from website import chapters, picture

BOOK = chapters.read(picture.FILE.parent.parent.parent / "chapters" / "chapters.yml")


def arc(x, y, rx, ry, start, end):
    """Points of an arc: centre and radii as parts of the square, angles in degrees."""
    angles = np.radians(np.linspace(start, end, 17))
    return [(x + rx * math.cos(a), y + ry * math.sin(a)) for a in angles]


# Strokes as a person makes them, one list for each time the pen is down
DRAWN = {
    0: [arc(0.5, 0.5, 0.22, 0.35, -90, 270)],
    1: [[(0.42, 0.28), (0.52, 0.15), (0.52, 0.85)]],
    2: [[*arc(0.5, 0.32, 0.2, 0.18, 180, 380), (0.3, 0.85), (0.72, 0.85)]],
    3: [arc(0.47, 0.32, 0.18, 0.17, 200, 450) + arc(0.47, 0.67, 0.22, 0.18, -90, 160)],
    4: [[(0.55, 0.15), (0.25, 0.6), (0.75, 0.6)], [(0.6, 0.4), (0.6, 0.88)]],
    5: [[(0.7, 0.15), (0.38, 0.15), (0.35, 0.45), *arc(0.47, 0.63, 0.22, 0.22, -110, 150)]],
    7: [[(0.28, 0.17), (0.72, 0.17), (0.45, 0.87)]],
    9: [[*arc(0.5, 0.35, 0.19, 0.19, 0, -360), (0.69, 0.35), (0.62, 0.88)]],
}


@pytest.fixture(params=[1280, 390])
def tab(chromium, site, request):
    """The landing page with its picture in view, wide or tall."""
    size = {"width": request.param, "height": 1000}
    context = chromium.new_context(viewport=size, reduced_motion="reduce")  # a page that glides moves the square away
    tab = context.new_page()
    tab.goto(site + "chapters/index.html")
    tab.locator(".book-picture").scroll_into_view_if_needed()
    yield tab
    context.close()


def draw(tab, strokes):
    pad = tab.locator(".book-picture svg:visible .pad")
    pad.evaluate("e => e.scrollIntoView({ block: 'center' })")
    box = pad.bounding_box()
    for stroke in strokes:
        places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        tab.mouse.move(*places[0])
        tab.mouse.down()
        for place in places[1:]:
            tab.mouse.move(*place)
        tab.mouse.up()


def test_the_network_reads_what_one_draws(tab):
    read = {}
    for digit, strokes in DRAWN.items():
        tab.locator("button.clear").click()
        draw(tab, strokes)
        read[digit] = tab.locator(".draw [role=status]").inner_text()
    right = [digit for digit, words in read.items() if f"reads a {digit}," in words]
    assert len(right) >= 7, read


def test_the_page_computes_what_the_library_does(tab):
    network = picture.train()
    for n in range(len(network.truth)):  # around once
        tab.locator("button.another").click()
        which = (picture.SHOWN + 1 + n) % len(network.truth)
        p = network.probabilities(network.examples[which])
        words = tab.locator(".draw [role=status]").inner_text()
        assert f"reads a {p.argmax()}, {100 * p.max():.0f} % sure" in words
        right = p.argmax() == network.truth[which]
        assert ("Right." in words) == right and ("Wrong" in words) != right
        side = "width" if tab.viewport_size["width"] > 600 else "height"
        bars = tab.locator(".book-picture svg:visible .answers rect").all()
        assert [float(bar.get_attribute(side)) for bar in bars] == pytest.approx((picture.BAR * p).tolist(), abs=1e-6)


def test_the_picture_can_be_used_with_the_keyboard(tab):
    status = tab.locator(".draw [role=status]")
    before = status.inner_text()
    tab.locator("button.another").focus()
    tab.keyboard.press("Enter")
    assert status.inner_text() != before
    assert tab.locator(".book-picture svg:visible").get_attribute("aria-label").startswith("A network at work")


def test_without_scripts_the_picture_shows_its_digit(chromium, site):
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 1000})
    tab = context.new_page()
    tab.goto(site + "chapters/index.html")
    expect(tab.locator(".book-picture svg.wide")).to_be_visible()
    expect(tab.locator(".draw")).to_be_hidden()
    assert tab.locator(".book-picture svg.wide .answers .best text").text_content() == str(picture.SHOWN)
    context.close()


def test_ways_list_their_chapters_in_order_with_time_and_state(tab):
    folds = tab.locator("details.way")
    assert folds.count() == len(BOOK.ways)
    for n, way in enumerate(sorted(BOOK.ways, key=lambda way: way.by)):  # goals come first on the page
        fold, along = folds.nth(n), BOOK.along(way)
        expect(fold.locator("summary strong")).to_have_text(way.title)
        fold.locator("summary").click()
        items = fold.locator("li").all_inner_texts()
        assert len(items) == len(along)
        for item, chapter in zip(items, along, strict=True):
            assert item.startswith(chapter.title) and f"{chapter.minutes} min" in item
            assert ("coming" in item) == (not chapter.written)
        minutes = sum(chapter.minutes for chapter in along)
        facts = fold.locator("summary .facts").inner_text()
        told = [int(number) for number in facts.replace("minutes", "min").split() if number.isdigit()]
        assert told[0] == len(along)
        hours = 60 * told[1] + (told[2] if " min" in facts and " h " in facts else 0) if " h" in facts else told[1]
        assert hours == minutes, f"{way.title}: {facts}"
