"""What a reader does on a page: cards by pointer, keyboard and finger; scripts switched off; a theme chosen."""

import pytest
from playwright.sync_api import expect


@pytest.fixture
def chapter(page_names):
    """The first chapter's page."""
    return next(name for name in page_names if name.count("/") == 2)


@pytest.fixture
def tab(chromium, site, chapter):
    """A chapter open in a desktop browser."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    tab.goto(site + chapter)
    yield tab
    context.close()


def test_card_opens_and_closes_by_keyboard(tab):
    link = tab.locator(".bd-article a.term").first
    for _ in range(80):
        tab.keyboard.press("Tab")
        if link.evaluate("e => e === document.activeElement"):
            break
    expect(link).to_be_focused()
    card = tab.locator("#hover-card")
    expect(card).to_be_visible()
    expect(card).to_contain_text(link.inner_text())
    assert link.get_attribute("aria-describedby") == "hover-card"
    tab.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(link).to_be_focused()
    assert link.get_attribute("aria-describedby") is None


def test_card_opens_on_hover_and_stays_while_it_is_read(tab):
    link = tab.locator(".bd-article p a.term").first
    link.hover()
    card = tab.locator("#hover-card")
    expect(card).to_be_visible()
    box = card.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 1280
    card.hover()
    tab.wait_for_timeout(500)
    expect(card).to_be_visible()
    tab.mouse.move(5, 5)
    expect(card).to_be_hidden()


def test_citation_has_its_number_and_shows_its_entry(tab, site):
    link = tab.locator(".bd-article a.cite").first
    key = link.get_attribute("href").split("#")[1]
    link.hover()
    shown = tab.locator("#hover-card")
    expect(shown).to_contain_text(key[-4:])  # the year
    number = link.locator(".number").inner_text().strip("[]\N{NO-BREAK SPACE}")
    link.click()
    place = f"""[...document.querySelectorAll("ol li")].findIndex(li => li.querySelector('[id="{key}"]')) + 1"""
    tab.wait_for_url("**/references.html#*")
    assert tab.evaluate(place) == int(number)


def test_finger_opens_the_card_first_and_follows_the_link_second(chromium, site, chapter):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    tab = context.new_page()
    tab.goto(site + chapter)
    link = tab.locator(".bd-article p a.term").first
    link.tap()
    card = tab.locator("#hover-card")
    expect(card).to_be_visible()
    assert tab.url == site + chapter
    box = card.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    card.locator("a").last.tap()
    tab.wait_for_url("**/glossary.html#*")
    context.close()


def test_page_reads_with_scripts_off(chromium, site, page_names):
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    tab, displayed = context.new_page(), []
    for page in page_names:
        if page == "search.html":
            continue
        tab.goto(site + page)
        expect(tab.locator("h1").last).to_be_visible()
        expect(tab.locator(".cards, #hover-card").first).to_be_hidden() if tab.locator(".cards").count() else None
        ink, paper = tab.evaluate("[getComputedStyle(document.querySelector('.bd-article p')).color,"
                                  " getComputedStyle(document.body).backgroundColor]")  # fmt: skip
        assert ink != paper and paper == "rgb(255, 254, 251)"
        if page.count("/") == 2:
            expect(tab.locator(".chapter-card")).to_be_visible()
            expect(tab.locator(".bd-article .katex").first).to_be_visible()
            if tab.locator(".katex-display").count():
                displayed.append(page)
                expect(tab.locator(".katex-display").first).to_be_visible()
            assert tab.locator(".bd-article a.term").first.get_attribute("href").startswith("../glossary.html#")
    assert displayed  # not every chapter sets a formula on a line of its own, but some do
    context.close()


def test_chosen_theme_is_kept_and_figures_stay_on_a_light_card(tab, site, chapter):
    image = tab.locator(".cell_output img").first
    background = "e => getComputedStyle(e).backgroundColor"
    for _ in range(3):
        if tab.evaluate("document.documentElement.dataset.theme") == "dark":
            break
        tab.locator("button.theme-switch-button:visible").first.click()
    assert tab.evaluate("document.documentElement.dataset.theme") == "dark"
    assert image.evaluate(background) == "rgb(255, 255, 255)"
    tab.goto(site + "chapters/glossary.html")
    assert tab.evaluate("document.documentElement.dataset.theme") == "dark"


def test_header_card_names_what_is_coming(tab):
    card = tab.locator(".chapter-card")
    expect(card).to_contain_text("minutes")
    expect(card.locator("dd").first.locator(".coming, a").first).to_be_visible()
    for door in ("Open in Colab", "Source"):
        assert card.get_by_role("link", name=door).get_attribute("href").startswith("https://")


def test_search_finds_the_chapter(tab, site):
    tab.goto(site + "search.html?q=backpropagation")
    expect(tab.locator("#search-results li a").filter(has_text="Backpropagation").first).to_be_visible()


def test_exercises_are_cards_and_boxes_are_boxes(tab):
    cards = tab.locator("section.exercise")
    assert cards.count() >= 6
    for n in range(cards.count()):
        expect(cards.nth(n).locator("h3")).to_contain_text(f"Exercise {n + 1}:")
        assert cards.nth(n).locator(".cell_input, .hide").count() >= 1 or cards.nth(n).locator("p").count() >= 1
    expect(tab.locator(".box-predict").first).to_be_visible()


def test_every_page_can_report_an_error(tab, site, page_names):
    for page in page_names:
        if page != "search.html":
            tab.goto(site + page)
            address = tab.get_by_role("link", name="Report an error on this page").get_attribute("href")
            assert "/issues/new?title=" in address and page.removesuffix(".html") in address
