"""The quiz as a reader meets it: by keyboard, after a reload, without scripts, without storage, in both themes."""

import json

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import expect

from website import vendor

KEY = "neural-networks-by-hand"
REFUSE = """Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("refused", "SecurityError") }
})"""


def solutions(site_folder, page):
    """The number of the right answer of each question, as the page's file has it."""
    html = BeautifulSoup((site_folder / page).read_text(encoding="utf-8"), "html.parser")
    questions = [question.select("details.answer") for question in html.select(".quiz .question")]
    return [next(n for n, a in enumerate(answers, start=1) if a.has_attr("data-right")) for answers in questions]


@pytest.fixture(scope="session")
def quiz_pages(site_folder):
    """The pages that have a quiz."""
    pages = [path.relative_to(site_folder).as_posix() for path in sorted(site_folder.glob("chapters/*/*.html"))]
    return [page for page in pages if solutions(site_folder, page)]


@pytest.fixture(scope="session")
def page(quiz_pages):
    """One page that has a quiz."""
    assert quiz_pages, "no chapter has a quiz"
    return quiz_pages[0]


@pytest.fixture(scope="session")
def right(site_folder, page):
    """The numbers of its right answers."""
    return solutions(site_folder, page)


@pytest.fixture
def context(chromium):
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture
def tab(context, site, page):
    """The page, open."""
    tab = context.new_page()
    tab.goto(site + page)
    return tab


def answer(tab, question, number):
    card = tab.locator("form.question").nth(question)
    card.locator("input").nth(number - 1).check()
    card.locator("button").click()
    return card


def kept(tab):
    """What the browser's storage holds of this book."""
    return json.loads(tab.evaluate(f"localStorage.getItem('{KEY}')") or "{}")


def other(number):
    return 1 if number > 1 else 2


def tab_to(tab, target, most=15):
    for _ in range(most):
        tab.keyboard.press("Tab")
        if target.evaluate("e => e === document.activeElement"):
            return
    pytest.fail("the keyboard does not get there")


def test_five_questions_are_answered_with_the_keyboard_alone(tab, right):
    cards = tab.locator("form.question")
    expect(cards).to_have_count(5)
    tab.goto(tab.url + "#quiz")  # from here the Tab key goes on
    for n, number in enumerate(right):
        card = cards.nth(n)
        first = card.locator("input").first
        tab_to(tab, first)
        assert card.locator(".answer").first.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
        tab.keyboard.press("Space")
        for _ in range(1, number):
            tab.keyboard.press("ArrowDown")
        expect(card.locator(".why:visible")).to_have_count(0)  # a choice on the way is not yet an answer
        if n % 2:
            tab.keyboard.press("Enter")
        else:
            tab_to(tab, card.locator("button"))
            tab.keyboard.press("Space")
        why = card.locator(".why:visible")
        expect(why).to_have_count(1)
        expect(why).to_contain_text("Right.")
    score = tab.locator(".score [role=status]")
    expect(score).to_have_text("5 of 5 right")
    tab_to(tab, tab.get_by_role("button", name="Try again"))
    tab.keyboard.press("Enter")
    expect(score).to_have_text("5 questions")
    expect(cards.first.locator("input").first).to_be_focused()


def test_wrong_and_right_are_told_apart_without_colour(tab, right):
    mark = "e => getComputedStyle(e.querySelector('label'), '::after').content"
    card = answer(tab, 0, other(right[0]))
    expect(card.locator(".why:visible")).to_contain_text("No.")
    expect(card.locator(".answer.right")).to_have_count(0)
    assert "✗" in card.locator(".answer.wrong").evaluate(mark)
    expect(tab.locator(".score [role=status]")).to_have_text("0 of 5 right, 4 to go")
    answer(tab, 0, right[0])
    expect(card.locator(".why:visible")).to_have_count(1)
    assert "✓" in card.locator(".answer.right").evaluate(mark)
    expect(tab.locator(".score [role=status]")).to_have_text("1 of 5 right, 4 to go")


def test_explanations_are_read_aloud_and_belong_to_their_answer(tab, right):
    card = answer(tab, 0, right[0])
    why = card.locator(".why:visible")
    assert why.evaluate("e => e.parentElement.getAttribute('aria-live')") == "polite"
    chosen = card.locator("input:checked")
    assert chosen.get_attribute("aria-describedby") == why.get_attribute("id")
    assert card.locator("fieldset > legend").inner_text().startswith("1. ")


def test_check_without_a_choice_waits_for_one(tab):
    card = tab.locator("form.question").first
    card.locator("button").click()
    expect(card.locator("input").first).to_be_focused()
    expect(tab.locator(".why:visible")).to_have_count(0)
    assert kept(tab) == {}


def test_a_new_choice_folds_the_old_explanation_away(tab, right):
    card = answer(tab, 0, right[0])
    card.locator("input").nth(other(right[0]) - 1).check()
    expect(card.locator(".why:visible")).to_have_count(0)
    expect(card.locator("button")).to_have_text("Check")


def test_after_the_right_answer_the_others_explain_themselves(tab, right):
    card = answer(tab, 0, right[0])
    button = card.locator("button")
    expect(button).to_have_text("Why not the others?")
    button.click()
    expect(card.locator(".why:visible")).to_have_count(card.locator("input").count())
    expect(card.locator(".wrong .why").first).to_contain_text("No.")
    button.click()
    expect(card.locator(".why:visible")).to_have_count(1)


def test_answers_survive_a_reload_and_can_be_discarded(tab, right):
    answer(tab, 0, right[0])
    wrong = answer(tab, 2, other(right[2])).locator("input:checked").get_attribute("value")
    tab.locator("form.question").nth(1).locator("input").first.check()  # chosen, never checked: not kept
    tab.reload()
    expect(tab.locator(".why:visible")).to_have_count(2)
    expect(tab.locator("input:checked")).to_have_count(2)
    expect(tab.locator("form.question").nth(2).locator("input:checked")).to_have_value(wrong)
    expect(tab.locator(".score [role=status]")).to_have_text("1 of 5 right, 3 to go")
    tab.get_by_role("button", name="Try again").click()
    expect(tab.locator(".why:visible")).to_have_count(0)
    tab.reload()
    expect(tab.locator("input:checked")).to_have_count(0)
    expect(tab.get_by_role("button", name="Try again")).to_be_hidden()
    assert kept(tab)["quiz"] == {}


def test_answers_reach_another_tab(tab, context, site, page, right):
    second = context.new_page()
    second.goto(site + page)
    answer(tab, 0, right[0])
    expect(second.locator(".score [role=status]")).to_have_text("1 of 5 right, 4 to go")
    answer(second, 1, right[1])
    assert set(kept(tab)["quiz"].popitem()[1]) == {"1", "2"}, "one tab has forgotten what the other knew"


def test_works_where_storage_is_refused(context, site, page, right):
    context.add_init_script(REFUSE)
    tab = context.new_page()
    complaints = []
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.goto(site + page)
    for n, number in enumerate(right):
        answer(tab, n, number)
    expect(tab.locator(".score [role=status]")).to_have_text("5 of 5 right")
    tab.get_by_role("button", name="Try again").click()
    expect(tab.locator(".score [role=status]")).to_have_text("5 questions")
    assert not [c for c in complaints if "store" in c or "quiz" in c]


def test_works_with_a_damaged_storage(tab, right):
    for stored in ("no JSON", "[]", '{"version": 9}', '{"version": 1, "exercises": {}, "quiz": 3}'):
        tab.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, stored])
        tab.reload()
        expect(tab.locator(".score [role=status]")).to_have_text("5 questions")
    answer(tab, 0, right[0])
    tab.reload()
    expect(tab.locator(".score [role=status]")).to_have_text("1 of 5 right, 4 to go")


@pytest.fixture
def without_scripts(chromium, site, page):
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    tab.goto(site + page)
    yield tab
    context.close()


def test_without_scripts_the_answers_unfold(without_scripts, right):
    question = without_scripts.locator(".question").first
    expect(without_scripts.locator(".question")).to_have_count(5)
    details = question.locator("details.answer").nth(right[0] - 1)
    expect(details.locator("p").first).to_be_hidden()
    details.locator("summary").click()
    expect(details.locator("p").first).to_be_visible()
    expect(details.locator("p").first).to_contain_text("Right.")
    assert without_scripts.locator(".quiz input, .quiz button").count() == 0


def test_cards_have_the_words_of_the_notebook(tab, without_scripts):
    words = "e => e.textContent.split(/\\s+/).join(' ').replaceAll(' ', '')"
    plain = [question.evaluate(words) for question in without_scripts.locator(".question").all()]
    tab.evaluate("document.querySelectorAll('form.question > button').forEach(b => b.remove())")
    assert [question.evaluate(words) for question in tab.locator("form.question").all()] == plain
    assert all(len(text) > 40 for text in plain)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_and_the_screens_edge_before_and_after_answering(chromium, site, page, right, width, theme):
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    tab = context.new_page()
    tab.goto(site + page)
    tab.evaluate((vendor.package("axe-core") / "axe.min.js").read_text(encoding="utf-8"))

    def findings():
        found = tab.evaluate("axe.run('.quiz', {resultTypes: ['violations']})")["violations"]
        return [f"{v['impact']} {v['id']}: {v['nodes'][0]['html'][:160]}" for v in found]

    assert findings() == []
    answer(tab, 0, right[0]).locator("button").click()  # all explanations of the first, right and wrong
    answer(tab, 1, other(right[1]))
    answer(tab, 2, right[2])
    assert tab.locator(".answer.right").count() == 2 and tab.locator(".answer.wrong").count() >= 3
    assert findings() == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_every_chapters_quiz_can_be_solved(context, site, site_folder, quiz_pages):
    tab = context.new_page()
    for page in quiz_pages:
        tab.goto(site + page)
        slug = page.split("/")[-1].removesuffix(".html")
        assert [form.get_attribute("id") for form in tab.locator("form.question").all()] == [
            f"{slug}-quiz-{n}" for n in range(1, 6)
        ]
        for n, number in enumerate(solutions(site_folder, page)):
            answer(tab, n, number)
        expect(tab.locator(".score [role=status]")).to_have_text("5 of 5 right")
    assert set(kept(tab)["quiz"]) == {page.split("/")[-1].removesuffix(".html") for page in quiz_pages}
