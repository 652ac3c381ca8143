"""Quizzes, exercise cards and reading lists without a browser: what becomes of a chapter's plain Markdown."""

import datetime
import re
from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from myst_parser.docutils_ import Parser

from nnlib.exercises import catalogue
from website import chapters, exercises, further, quiz

SETTINGS = {"report_level": 5, "doctitle_xform": False, "myst_enable_extensions": ["dollarmath", "amsmath"]}


def read(markdown):
    return publish_doctree(markdown, parser=Parser(), settings_overrides=SETTINGS)


def raw(tree, between=""):
    """The tree as one text: raw HTML as it stands, of all else the words."""
    leaves = tree.findall(lambda node: isinstance(node, nodes.Text))
    return between.join(leaf.astext() for leaf in leaves)


def words(tree):
    """What a reader sees: the words without the tags."""
    return re.sub(r"<[^>]*>", " ", raw(tree, " ")).split()


@pytest.fixture
def warnings(monkeypatch):
    """What the extension complained about."""
    said = []
    for module in (quiz, exercises):
        monkeypatch.setattr(module.log, "warning", lambda text, *values, **_: said.append(text % values))
    return said


# Quizzes


def answer(text, why):
    return f"<details><summary>{text}</summary>\n\n{why}\n\n</details>\n\n"


def question(number, *answers):
    return f"**{number}. Is it so?**\n\n" + "".join(answer(text, why) for text, why in answers)


YES, NO = ("Yes", "Right. It is."), ("No", "No. It is not.")
QUIZ = "# T\n\n## Quiz\n\n"


def test_a_quiz_is_marked_and_keeps_its_words(warnings):
    text = QUIZ + "Five questions.\n\n" + question(1, YES, NO) + question(2, NO, YES) + "## Key ideas\n\nOne.\n"
    before, tree = read(text), read(text)
    assert quiz.transform(tree, "neurons", "../progress.html") == 2
    assert words(tree) == words(before)
    html = raw(tree)
    assert html.count('<div class="quiz" data-chapter="neurons" data-progress="../progress.html">') == 1
    assert re.findall(r'class="question" id="([^"]+)"', html) == ["neurons-quiz-1", "neurons-quiz-2"]
    assert re.findall(r"<details class=\"answer\"( data-right)?>", html) == [" data-right", "", "", " data-right"]
    assert html.count("<div") == html.count("</div>") and html.count("<details") == html.count("</details>") == 4
    assert html.index("Five questions.") < html.index('<div class="quiz"') < html.index("Key ideas")
    assert not warnings


def test_the_markdown_of_an_answer_is_read():
    text = QUIZ + question(1, ("$a^2$, <code>b</code> or *c*", "Right. Since $d$.\n\n- one\n- two"), NO)
    tree = read(text)
    quiz.transform(tree, "neurons", "")
    assert [node.astext() for node in tree.findall(nodes.math)] == ["a^2", "d"]
    assert [node.astext() for node in tree.findall(nodes.emphasis)] == ["c"]
    assert "<summary>a^2, <code>b</code> or c</summary>" in raw(tree)
    assert len(list(tree.findall(nodes.list_item))) == 2


def test_a_question_may_be_longer_than_its_first_line():
    asked = "**1. Which?**\n\n$$\nx\n$$\n\n```python\ny\n```\n\n"
    tree = read(QUIZ + asked + answer(*YES) + answer(*NO))
    quiz.transform(tree, "neurons", "")
    html = raw(tree)
    assert html.index("Which?") < html.index("x") < html.index("y") < html.index("<details")


def test_bold_words_in_an_explanation_ask_nothing():
    tree = read(QUIZ + question(1, ("Yes", "Right. It is.\n\n**2. Steps** lead there.\n\n**Both.**"), NO))
    assert quiz.transform(tree, "neurons", "") == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Nothing here.\n", "no question is found"),
        (question(2, YES, NO), "'2. Is it so?' is question 1"),
        (question(1, YES), "has 1 answers"),
        (question(1, NO, NO), "has 0 answers whose explanation begins with 'Right.', not 1"),
        (question(1, YES, YES), "has 2 answers whose explanation begins with 'Right.', not 1"),
        (question(1, YES, ("Maybe", "Wrong. It is not.")), "'Maybe' is explained by 'Wrong.' …"),
        (question(1, YES, ("Maybe", "")), "'Maybe' is explained by '' …"),
        (question(1, YES, NO) + "And then?\n", "'And then?' stands among the answers of '1. Is it so?', outside"),
    ],
)
def test_a_mistake_in_a_quiz_is_named_and_the_quiz_left_as_it_is(text, message, warnings):
    before, tree = read(QUIZ + text), read(QUIZ + text)
    assert quiz.transform(tree, "neurons", "") == 0
    assert any(message in said for said in warnings), warnings
    assert str(tree) == str(before)


# Exercises

EXERCISE = "# T\n\n## Exercises\n\n### Exercise 1: A softmax\n\nDo it.\n\n```python\n{}\n```\n\n## Key ideas\n\nOne.\n"


def softmax(x):
    """Doc."""
    return x


@pytest.fixture
def known(monkeypatch):
    """A catalogue with two exercises."""
    made = SimpleNamespace(key="softmax", hints=["Look at $e^{1000}$.", "Take `x.max()`."], solution=softmax,
                           functions=(softmax,), helpers=(), explanation="It *cancels*.")  # fmt: skip
    by_hand = SimpleNamespace(key="by-hand", hints=["Two."], solution=24.0, functions=(), helpers=(),
                              explanation="$4!$ is 24.")  # fmt: skip
    monkeypatch.setattr(catalogue, "by_chapter", lambda: {"neurons": (made, by_hand)})
    monkeypatch.delenv("NNLIB_WITHHOLD", raising=False)


def cards(tree):
    return [section for section in tree.findall(nodes.section) if "exercise" in section["classes"]]


def test_only_numbered_exercises_become_cards(warnings):
    tree = read("# T\n\n## Exercises\n\n### Exercise 1: by hand\n\nDo it.\n\n### Exercises in general\n\nText.\n")
    assert exercises.transform(tree) == []
    assert [card[0].astext() for card in cards(tree)] == ["Exercise 1: by hand"]
    assert not warnings


def test_hints_and_solution_are_folded_under_their_exercise(known, warnings):
    tree = read(EXERCISE.format('def softmax(x):\n    ...\n\ncheck("softmax", softmax)  # stuck? hint("softmax")'))
    assert exercises.transform(tree) == ["softmax"]
    card = cards(tree)[0]
    html = raw(card)
    assert re.findall("<summary>(.*?)</summary>", html) == ["Hint 1", "Hint 2", "Solution"]
    assert html.count("<details>") == html.count("</details>") == 3
    assert '<div class="help" data-exercise="softmax">' in html and html.endswith("</div>")
    assert [node.astext() for node in card.findall(nodes.math)] == ["e^{1000}"]
    code = list(card.findall(nodes.literal_block))[-1]
    assert code.astext() == "def softmax(x):\n    return x" and "python" in code["classes"]
    assert [node.astext() for node in card.findall(nodes.emphasis)] == ["cancels"]
    assert not warnings


def test_a_value_is_shown_with_its_explanation(known, warnings):
    tree = read(EXERCISE.format("answer = ...\n\ncheck('by-hand', answer)"))
    assert exercises.transform(tree) == ["by-hand"]
    assert [node.astext() for node in cards(tree)[0].findall(nodes.math)] == ["4!"]
    assert "24.0" in raw(cards(tree)[0]) and not warnings


@pytest.mark.parametrize("code", ["check_gradients(divide)", "x = 1  # check('softmax', x)", "hint('softmax')"])
def test_other_calls_are_no_check(code, known, warnings):
    assert exercises.transform(read(EXERCISE.format(code))) == []
    assert not warnings


def test_an_unknown_exercise_is_reported(known, warnings):
    exercises.transform(read(EXERCISE.format('check("sofmax", f)')))
    assert warnings == ["No exercise is called `'sofmax'`. Did you mean `\"softmax\"`?"]


def test_two_checks_in_one_exercise_are_reported(known, warnings):
    exercises.transform(read(EXERCISE.format('check("softmax", f)\ncheck("by-hand", 1)')))
    assert warnings == ["an exercise has one check, this one has by-hand, softmax"]


def test_withheld_help_is_left_out_and_said_to_be(known, monkeypatch):
    monkeypatch.setenv("NNLIB_WITHHOLD", "1")
    tree = read(EXERCISE.format('check("softmax", f)'))
    assert exercises.transform(tree) == ["softmax"]
    html = raw(tree)
    assert exercises.WITHHELD in html
    assert "<details" not in html and "1000" not in html and "return x" not in html and "cancels" not in html


# Further reading

NEURONS = dict(part="foundations", category="concept", difficulty="beginner", minutes=10, needs=[], teaches=[])


def app_with(**fields):
    """What further.py asks of the application: a book of two chapters, the first with these fields."""
    last = dict(updated=datetime.date(2026, 1, 1), sources=["x"], status="written", title="Neurons", summary="One.")
    first = chapters.Chapter(slug="neurons", **NEURONS, **{**last, **fields})
    other = chapters.Chapter(slug="layers", **NEURONS, status="planned", title="Layers", summary="Many & more.")
    return SimpleNamespace(book=SimpleNamespace(by_slug={"neurons": first, "layers": other}))


def test_a_chapter_ends_with_what_chapters_yml_recommends():
    entry = {"text": "A film <1>", "url": "https://example.org/?a=1&b=2"}
    app = app_with(related=["layers"], links=[entry])
    found = further.section(app, app.book.by_slug["neurons"])
    html = raw(found)
    assert found["ids"] == ["further-reading"] and found[0].astext() == "Further reading"
    assert re.findall("<h3>(.*?)</h3>", html) == ["In this book", "On the web"]
    assert '<span class="coming">Layers <small>coming</small></span><p>Many &amp; more.</p>' in html
    assert 'href="https://example.org/?a=1&amp;b=2">A film &lt;1&gt;</a>' in html


def test_a_chapter_without_recommendations_ends_without_a_list():
    app = app_with()
    assert further.section(app, app.book.by_slug["neurons"]) is None
