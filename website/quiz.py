"""Quizzes: the questions of `## Quiz` and their folded answers, marked so that quiz.js can make cards of them.

A question is a paragraph that is bold and begins with its number; more may follow it, such as a formula. An answer is
a `<details>`: what one can choose is its summary, and below it stands why it is right or wrong. What a browser without
scripts shows is just that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from website import progress
from website.markdown import parse_line

log = logging.getLogger(__name__)

OPENING = re.compile(r"<details>\s*<summary>(.*?)</summary>\s*", re.DOTALL)


@dataclass
class Answer:
    """What can be chosen, and the blocks that say why it is right or wrong."""

    text: str
    why: list[nodes.Node]

    @property
    def right(self) -> bool:
        """Whether it is the right one: its explanation says so."""
        return self.verdict == "Right."

    @property
    def verdict(self) -> str:
        """The first word of the explanation."""
        return (self.why[0].astext().split() or [""])[0] if self.why else ""


@dataclass
class Question:
    """The blocks that ask, the first of them bold and numbered, and the answers to choose from."""

    asked: list[nodes.Node]
    answers: list[Answer] = field(default_factory=list)
    loose: list[nodes.Node] = field(default_factory=list)  # between or behind the answers, where nothing belongs

    @property
    def title(self) -> str:
        """The number and the question in plain text."""
        return self.asked[0].astext()


def transform(document: nodes.document, chapter: str, address: str) -> int:
    """Mark the quiz of a chapter, in place; `address` is that of the page of progress.

    Returns how many questions the quiz has.
    """
    count = 0
    for section in document.findall(nodes.section):
        if section[0].astext() != "Quiz":
            continue
        before, questions = read(section.children[1:])
        found = mistakes(questions)
        for mistake in found:
            log.warning("the quiz of %s: %s", chapter, mistake, location=section)
        if found:
            continue
        count += len(questions)
        marked = [_raw(f'<div class="quiz" data-chapter="{chapter}" data-progress="{address}">')]
        for number, question in enumerate(questions, start=1):
            marked += _mark(question, f"{chapter}-quiz-{number}", document)
        section[1:] = [*before, *marked, _raw("</div>")]
    return count


def read(blocks: list[nodes.Node]) -> tuple[list[nodes.Node], list[Question]]:
    """What stands before the first question, and the questions."""
    before: list[nodes.Node] = []
    questions: list[Question] = []
    answer: Answer | None = None  # the one that is open
    for block in blocks:
        opening = OPENING.fullmatch(block.astext()) if isinstance(block, nodes.raw) else None
        if _asks(block):
            questions.append(Question([block]))
            answer = None
        elif not questions:
            before.append(block)
        elif opening:
            answer = Answer(opening.group(1).strip(), [])
            questions[-1].answers.append(answer)
        elif isinstance(block, nodes.raw) and block.astext().strip() == "</details>":
            answer = None
        elif answer is not None:
            answer.why.append(block)
        elif questions[-1].answers:
            questions[-1].loose.append(block)
        else:
            questions[-1].asked.append(block)
    return before, questions


def _asks(block: nodes.Node) -> bool:
    """Whether a block is a paragraph of nothing but bold words that begin with a number."""
    if not isinstance(block, nodes.paragraph):
        return False
    words = [child for child in block.children if child.astext().strip()]
    return len(words) == 1 and isinstance(words[0], nodes.strong) and bool(re.match(r"\d+\. \S", words[0].astext()))


def mistakes(questions: list[Question]) -> list[str]:
    """What keeps the questions from being cards, in words."""
    if not questions:
        return ["no question is found: each is a paragraph of its own, **1. Which …?**"]
    found = []
    for number, question in enumerate(questions, start=1):
        if not question.title.startswith(f"{number}. "):
            found.append(f"{question.title!r} is question {number}")
        if len(question.answers) < 2:
            found.append(
                f"{question.title!r} has {len(question.answers)} answers: each is a line "
                "<details><summary>answer</summary>, a blank line, why, a blank line, </details>"
            )
        right = sum(answer.right for answer in question.answers)
        if question.answers and right != 1:
            found.append(f"{question.title!r} has {right} answers whose explanation begins with 'Right.', not 1")
        for block in question.loose:
            found.append(f"{block.astext()[:60]!r} stands among the answers of {question.title!r}, outside of any")
        for answer in question.answers:
            if answer.verdict not in ("Right.", "No."):
                found.append(f"{answer.text!r} is explained by {answer.verdict!r} …: begin with 'Right.' or 'No.'")
    return found


def _mark(question: Question, name: str, document: nodes.document) -> list[nodes.Node]:
    """A question with classes and its name as id; the summaries' Markdown is read, which Markdown itself leaves."""
    question.asked[0]["classes"].append("asked")
    marked = [_raw(f'<div class="question" id="{name}">'), *question.asked]
    for answer in question.answers:
        right = " data-right" if answer.right else ""
        marked += [_raw(f'<details class="answer"{right}><summary>'), *parse_line(answer.text, document)]
        marked += [_raw("</summary>"), *answer.why, _raw("</details>")]
    return [*marked, _raw("</div>")]


def _raw(html: str) -> nodes.raw:
    return nodes.raw("", html, format="html")


def _read_page(app: Sphinx, document: nodes.document) -> None:
    chapter = app.book.by_docname.get(app.env.docname)
    if chapter:
        address = app.builder.get_relative_uri(chapter.docname, progress.PAGE)
        app.env.metadata[chapter.docname]["questions"] = transform(document, chapter.slug, address)


def setup(app: Sphinx) -> None:
    """Transform each chapter once it is read."""
    app.connect("doctree-read", _read_page)
