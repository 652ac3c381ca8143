"""What the design promises: lines one can read, cards that begin where the text does, paper, phones, calm."""

import re

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
    tab.evaluate("document.fonts.ready")
    yield tab
    context.close()


# Letters a line of the long paragraphs, without the last line of each
MEASURE = """() => {
  const letters = [];
  for (const p of document.querySelectorAll(".bd-article > section > section > p, .bd-article > section > p")) {
    const lines = Math.round(p.getBoundingClientRect().height / parseFloat(getComputedStyle(p).lineHeight));
    if (lines > 4 && !p.querySelector(".katex, code")) letters.push(p.textContent.length / (lines - 0.5));
  }
  return letters;
}"""


@pytest.mark.parametrize("width", [1280, 1600])
def test_a_line_has_65_to_75_letters(tab, width):
    tab.set_viewport_size({"width": width, "height": 900})
    letters = tab.evaluate(MEASURE)
    assert len(letters) >= 3
    assert 65 <= sum(letters) / len(letters) <= 75


@pytest.mark.parametrize("width", [390, 768, 1280, 1600])
def test_cards_begin_where_the_text_does(chromium, site, chapter, width):
    context = chromium.new_context(viewport={"width": width, "height": 900})
    tab = context.new_page()
    tab.goto(site + chapter)
    left = "e => e.getBoundingClientRect().left + parseFloat(getComputedStyle(e).paddingLeft)"
    text = tab.locator(".bd-article > section > p").first.evaluate(left)
    for card in (".chapter-card", ".cell_input pre", ".box", ".cell_output .output", "section.exercise", ".question"):
        assert tab.locator(".bd-article " + card).first.evaluate(left) == pytest.approx(text, abs=2.5), card
    assert text >= 12, "text touches the edge of the screen"
    context.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_listings_among_outputs_begin_where_outputs_do(chromium, site, page_names, width):
    context = chromium.new_context(viewport={"width": width, "height": 900})
    tab = context.new_page()
    tab.goto(site + next(name for name in page_names if name.endswith("/neurons.html")))
    left = "e => e.getBoundingClientRect().left + parseFloat(getComputedStyle(e).paddingLeft)"
    listing = tab.locator('.cell_output > div[class^="highlight-"]:not(.output) pre').first.evaluate(left)
    assert listing == pytest.approx(tab.locator(".cell_output .output pre").first.evaluate(left), abs=1)
    context.close()


def test_a_program_and_its_output_look_different_in_one_frame(tab):
    cell = tab.locator("div.cell:has(> .cell_input):has(.cell_output pre)").first
    ground = """e => { for (; ; e = e.parentElement) {
      const colour = getComputedStyle(e).backgroundColor;
      if (colour !== "rgba(0, 0, 0, 0)") return colour;
    } }"""
    assert cell.locator(".cell_input pre").evaluate(ground) != cell.locator(".cell_output pre").first.evaluate(ground)
    assert cell.evaluate("e => getComputedStyle(e).borderTopWidth") == "1px"
    assert cell.locator(".cell_input button.copybtn").count() == 1
    assert cell.locator(".cell_output button.copybtn").count() == 0, "who copies an output?"


def test_setup_and_imports_are_one_line_each(tab):
    folds = tab.locator(".bd-article > section > .cell > details.hide")
    expect(folds.first.locator("summary")).to_contain_text("Set-up")
    for n in range(folds.count()):
        assert folds.nth(n).bounding_box()["height"] < 40
    fold = folds.first
    fold.locator("summary").focus()
    tab.keyboard.press("Enter")
    expect(fold.locator("pre")).to_be_visible()
    expect(fold.locator("pre")).to_contain_text("importlib")


def test_code_that_goes_on_fades_until_it_is_scrolled_to_its_end(chromium, site, chapter):
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    tab = context.new_page()
    tab.goto(site + chapter)
    code = tab.locator(".cell_input pre.goes-on:visible").first
    expect(code).to_be_visible()
    handle = code.element_handle()
    assert "gradient" in handle.evaluate("e => getComputedStyle(e).maskImage")
    handle.evaluate("e => { e.scrollLeft = e.scrollWidth; }")
    tab.wait_for_function("e => !e.classList.contains('goes-on')", arg=handle)
    context.close()


def test_no_line_begins_with_the_full_stop_of_a_formula(tab, chromium, site, page_names):
    closed = 0
    for page in page_names:
        if page.count("/") == 2:
            tab.goto(site + page)
            after = tab.evaluate(
                "[...document.querySelectorAll('.bd-article span.math')].map(e => e.nextSibling?.textContent ?? '')"
            )
            assert not [text for text in after if re.match(r"[.,;:!?)]", text)]
            closed += len(after)
    assert closed > 20


def test_focus_is_seen_wherever_it_goes(tab):
    orange = tab.evaluate(
        "(e => { e.style.color = 'var(--orange)'; document.body.append(e); return getComputedStyle(e).color; })"
        "(document.createElement('i'))"
    )
    for n in range(40):
        tab.keyboard.press("Tab")
        ring = tab.evaluate(
            "(s => [s.outlineStyle, s.outlineWidth, s.outlineColor])(getComputedStyle(document.activeElement))"
        )
        assert ring == ["solid", "3px", orange] or n == 0, tab.evaluate("document.activeElement.outerHTML.slice(0, 99)")


def test_nothing_moves_for_those_who_ask_for_calm(chromium, site, chapter):
    for motion, moves in (("no-preference", 1), ("reduce", 0)):
        context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion=motion)
        tab = context.new_page()
        tab.goto(site + chapter)
        tab.locator(".bd-article p a.term").first.focus()
        tab.keyboard.press("Shift+Tab")
        tab.keyboard.press("Tab")
        expect(tab.locator("#hover-card")).to_be_visible()
        name = tab.evaluate("getComputedStyle(document.getElementById('hover-card')).animationName")
        assert (name != "none") == bool(moves)
        context.close()


def test_menu_opens_and_closes_on_a_phone(chromium, site, chapter):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    tab = context.new_page()
    tab.goto(site + chapter)
    expect(tab.locator(".header-title")).to_be_visible()
    link = tab.locator(".bd-sidebar-primary nav a").filter(has_text="Activations")
    expect(link).not_to_be_in_viewport()
    tab.locator("button.primary-toggle").first.tap()
    expect(link).to_be_in_viewport()
    tab.keyboard.press("Escape")
    expect(link).not_to_be_in_viewport()
    tab.locator("button.primary-toggle").first.tap()
    tab.locator(".bd-sidebar-primary nav a").filter(has_text="Glossary").tap()  # below the fold: the menu scrolls
    tab.wait_for_url("**/glossary.html")
    context.close()


def test_the_way_on_names_the_next_chapter(tab, page_names, chapter):
    after = page_names[page_names.index(chapter) + 1].split("/")[-1]
    link = tab.locator(".prev-next-area a.right-next")
    assert link.get_attribute("href").endswith(after)
    assert len(link.locator(".prev-next-title").inner_text()) > 3


def test_on_paper_there_is_the_text_and_nothing_else(chromium, site, chapter):
    context = chromium.new_context(viewport={"width": 680, "height": 960}, color_scheme="dark")
    tab = context.new_page()
    tab.goto(site + chapter)
    tab.emulate_media(media="print", color_scheme="dark")
    for hidden in (".bd-sidebar-primary", ".bd-header-article", ".prev-next-footer", ".doors", "p.report", ".copybtn",
                   "#jb-print-docs-body", "details.hide pre"):  # fmt: skip
        for element in tab.locator(hidden).all():
            expect(element).to_be_hidden()
    for shown in (".bd-article h1", ".chapter-card .summary", ".cell_output img", ".katex-display"):
        expect(tab.locator(shown).first).to_be_visible()
    assert tab.evaluate("getComputedStyle(document.querySelector('.bd-article section > p')).color") == "rgb(0, 0, 0)"
    cut = """[...document.querySelectorAll('.bd-article pre')].filter(e => e.scrollWidth > e.clientWidth + 1).length"""
    assert tab.evaluate(cut) == 0, "code runs out of the paper"
    width = tab.evaluate("document.querySelector('.bd-article').getBoundingClientRect().width")
    assert width > 600, "the text does not use the paper"
    pages = len(re.findall(rb"/Type /Page\b", tab.pdf(format="A4")))
    assert 5 <= pages <= 40
    context.close()
