"""A chapter's two files agree, were executed, stay within the limits, and show everywhere."""

import re

import nbformat
import pytest

from tools import setup_cell
from tools.notebooks import WIDGET, State, read_notebook, read_text, state, to_cells, to_text
from tools.project import ROOT, read_address
from website import chapters

MOST_WORDS = 4000  # up to the exercises, as the cells
MOST_CELLS = 40
MOST_LINES = 12
MOST_IGNORED = 2


def tags(cell):
    return cell.metadata.get("tags", [])


def code_cells(chapter):
    return [cell for cell in read_notebook(chapter).cells if cell.cell_type == "code"]


def prose(chapter):
    return [cell.source for cell in to_cells(read_text(chapter)) if cell.cell_type == "markdown"]


# The two files


def test_notebook_is_made_from_the_text(chapter):
    now = state(chapter)
    assert now is State.FRESH, now.tell(chapter)


def test_text_is_what_comes_back_from_the_notebook(chapter):
    text = read_text(chapter)
    hint = f"{chapter.name}.md is not as the tool writes it: python -m tools.notebooks back {chapter.text.stem}"
    assert to_text(to_cells(text)) == text, hint


def test_begins_with_the_setup_cell(chapter):
    assert setup_cell.is_first(read_notebook(chapter).cells, read_address())


def test_every_code_cell_was_executed_in_order(chapter):
    cells = code_cells(chapter)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))


def test_outputs_are_as_the_tool_stores_them(chapter):
    notebook = read_notebook(chapter)
    nbformat.validate(notebook)
    assert "widgets" not in notebook.metadata
    for cell in code_cells(chapter):
        kinds = [output.output_type for output in cell.outputs]
        assert ("error" in kinds) == ("raises-exception" in tags(cell)), cell.source
        for output in cell.outputs:
            assert WIDGET not in output.get("data", {}), cell.source
            assert output.get("name") != "stderr", f"a warning is stored with:\n{cell.source}"


# The limits of a chapter


def test_length(chapter):
    told, _, _ = "\n".join(prose(chapter)).partition("\n## Exercises\n")
    text = re.sub(r"\$\$.*?\$\$|```.*?```", "", told, flags=re.DOTALL)
    words = len(re.findall(r"\S*[A-Za-z]\S*", text))
    assert words <= MOST_WORDS, f"{words} words"


def test_cells_are_few_and_short(chapter):
    cells = read_notebook(chapter).cells
    exercises = next(i for i, cell in enumerate(cells) if re.search(r"^## Exercises$", cell.source, re.MULTILINE))
    shown = [cell for cell in cells if cell.cell_type == "code" and "hide-input" not in tags(cell)]
    before = [cell for cell in shown if cell in cells[:exercises]]
    assert len(before) <= MOST_CELLS, f"{len(before)} code cells"
    for cell in shown:
        lines = len([line for line in cell.source.splitlines() if line.strip()])
        assert lines <= MOST_LINES, f"{lines} lines:\n{cell.source}"


def test_few_cells_are_ignored(chapter):
    cells = code_cells(chapter)
    ignored = [c for c in cells if "nbval-ignore-output" in tags(c) or "NBVAL_IGNORE_OUTPUT" in c.source]
    assert len(ignored) <= MOST_IGNORED, "\n\n".join(cell.source for cell in ignored)
    skipped = [c for c in cells if "nbval-skip" in tags(c) or "NBVAL_SKIP" in c.source]
    assert not skipped, skipped[0].source


# The end of a chapter

END = ["Exercises", "Quiz", "Key ideas", "Where to go next"]
FEWEST_EXERCISES, IN_A_SHORT_CHAPTER, SHORT = 6, 5, 20  # minutes
OPTION = re.compile(r"<details><summary>([^\n]+)</summary>\n\n(Right|No)\. (.+?)\n\n</details>", re.DOTALL)


def parts(chapter):
    """The prose under each `##`, by its heading."""
    pieces = re.split(r"^## (.+)\n", "\n\n".join(prose(chapter)), flags=re.MULTILINE)[1:]
    return dict(zip(pieces[::2], pieces[1::2], strict=True))


def test_ends_in_order(chapter):
    assert list(parts(chapter))[-4:] == END


def test_exercises_are_enough_and_numbered(chapter):
    minutes = chapters.read(ROOT / "chapters" / "chapters.yml").by_slug[chapter.text.stem].minutes
    fewest = IN_A_SHORT_CHAPTER if minutes <= SHORT else FEWEST_EXERCISES
    numbers = re.findall(r"^### Exercise (\d+): \S", parts(chapter)["Exercises"], re.MULTILINE)
    assert list(map(int, numbers)) == list(range(1, len(numbers) + 1))
    assert len(numbers) >= fewest, f"{len(numbers)} exercises"


def quiz_errors(quiz):
    """How the text under `## Quiz` departs from its form: what the page makes cards of."""
    pieces = re.split(r"^\*\*(\d+)\. (.+)\*\*$", quiz.strip(), flags=re.MULTILINE)
    before, numbers, bodies = pieces[0], pieces[1::3], pieces[3::3]
    errors = [f"text before the first question: {before!r}"] * bool(before)
    if numbers != list("12345"):
        errors.append(f"five questions, numbered 1 to 5, and these are {numbers}")
    for number, body in zip(numbers, bodies, strict=True):
        options = OPTION.findall(body)
        if left := OPTION.sub("", body).strip():
            errors.append(f"question {number}: neither an answer nor part of one: {left!r}")
        if not 3 <= len(options) <= 4:
            errors.append(f"question {number}: three or four answers, not {len(options)}")
        if [judged for _, judged, _ in options].count("Right") != 1:
            errors.append(f"question {number}: exactly one answer begins with 'Right.', the others with 'No.'")
        if len({summary for summary, _, _ in options}) < len(options):
            errors.append(f"question {number}: two answers are the same")
        for summary, _, explanation in options:
            if not 5 <= len(explanation.split()) <= 80:
                errors.append(f"question {number}: {summary!r} is explained in {len(explanation.split())} words")
    return errors


def test_quiz_has_its_form(chapter):
    assert quiz_errors(parts(chapter)["Quiz"]) == []


def question(number, *answers):
    options = "".join(f"<details><summary>{a}</summary>\n\n{b}\n\n</details>\n\n" for a, b in answers)
    return f"**{number}. What is it?**\n\n{options}"


WHY = "It explains itself in enough words."
GOOD = [("a", f"Right. {WHY}"), ("b", f"No. {WHY}"), ("c", f"No. {WHY}")]
QUIZ = "".join(question(i, *GOOD) for i in range(1, 6))


@pytest.mark.parametrize(
    ("quiz", "error"),
    [
        (QUIZ.replace("**3.", "**4."), "numbered 1 to 5"),
        (QUIZ + question(6, *GOOD), "five questions"),
        (QUIZ.replace("**5. What is it?**", "5. What is it?"), "five questions"),
        ("Try it.\n\n" + QUIZ, "text before"),
        (QUIZ.replace("No.", "Right.", 1), "exactly one"),
        (QUIZ.replace("Right.", "No.", 1), "exactly one"),
        (QUIZ.replace("Right.", "Yes.", 1), "neither an answer"),
        (QUIZ.replace("<summary>b", "<summary>a", 1), "the same"),
        (QUIZ.replace(WHY, "It is so.", 1), "explained in 3 words"),
        (QUIZ.replace("</details>\n\n**2", "</details>\n\nAnd more.\n\n**2"), "neither an answer"),
        (question(1, *GOOD[:2]) + QUIZ.split("</details>\n\n", 3)[3], "three or four answers, not 2"),
    ],
)
def test_what_is_no_quiz_is_found(quiz, error):
    assert any(error in found for found in quiz_errors(quiz)), quiz_errors(quiz)
    assert quiz_errors(QUIZ) == []


# What plain Jupyter, Colab and GitHub show

NOT_PLAIN = {
    "a MyST directive": r"^ {0,3}(?:```+|~~~+|:::+) *\{",
    "a colon fence": r"^ {0,3}:::+",
    "a MyST role": r"\{[A-Za-z][\w:.+-]*\}`",
    "a MyST target": r"^\([\w .-]+\)=\s*$",
    "a MyST substitution": r"\{\{.*?\}\}",
    "a MyST comment": r"^%( |$)",
    "a MyST block break": r"^\+\+\+",
    "a link without text": r"(?<!!)\[\]\(",
    "a footnote": r"\[\^[^\]]+\]",
    "LaTeX without dollars": r"\\\(|\\\[|^\s*\\begin\{",
    "an equation label": r"\$\$ *\([\w:-]+\)",
    "HTML that GitHub takes out": r"<(?:script|style|iframe|object|form|input)\b",
    "an attachment": r"\(attachment:",
    "a path of one machine": r"\]\((?:/|file:|[A-Za-z]:\\)",
}


def not_plain(source):
    """What only the site would show of this Markdown, by the names above; code is exempt, and so are formulae."""
    text = re.sub(r"^```\w*\n.*?^```$", "", source, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"(?<!\})`[^`\n]+`", "", text)  # a role's backtick stands behind a brace
    found = ["an equation label"] if re.search(r"\\(?:label|ref|eqref)\{", text) else []
    text = re.sub(r"\$\$.*?\$\$", "$$$$", text, flags=re.DOTALL)
    text = re.sub(r"(?<!\$)\$[^$\n]+\$(?!\$)", "", text)
    return found + [name for name, pattern in NOT_PLAIN.items() if re.search(pattern, text, re.MULTILINE)]


def test_shows_in_plain_jupyter(chapter):
    for source in prose(chapter):
        assert not not_plain(source), source


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("```{note}\nx\n```", "a MyST directive"),
        ("````{tab-set}\n````", "a MyST directive"),
        (":::{tip}\n:::", "a MyST directive"),
        (":::\n:::", "a colon fence"),
        ("see {ref}`here`", "a MyST role"),
        ("see `x` and {eq}`a:b` and {doc}`c <d>`", "a MyST role"),
        ("(my-target)=\n# Title", "a MyST target"),
        ("{{ version }}", "a MyST substitution"),
        ("% hidden", "a MyST comment"),
        ("+++", "a MyST block break"),
        ("[](#title)", "a link without text"),
        ("text[^1]", "a footnote"),
        (r"\begin{align}x\end{align}", "LaTeX without dollars"),
        (r"so \(x\)", "LaTeX without dollars"),
        ("$$\nx\n$$ (eq-1)", "an equation label"),
        ("$$\nx \\label{e}\n$$", "an equation label"),
        ("<script>x</script>", "HTML that GitHub takes out"),
        ("![a](attachment:b.png)", "an attachment"),
        ("[a](/home/ada/x.md)", "a path of one machine"),
    ],
)
def test_what_is_not_plain_is_found(source, name):
    assert name in not_plain(source)


@pytest.mark.parametrize(
    "source",
    [
        "# Title\n\n> **Key idea.** $a^{b}$ and [gradient](../glossary.md#gradient) (see `a{b}`)",
        "$$\n\\begin{aligned} f(x) &= \\{1\\} \\\\[2pt] g \\end{aligned}\n$$",
        "<details><summary>Hint</summary>\n\n50 % of $\\hat{y}$\n\n</details>",
        "```\n{{ plain fence }} % x\n```\n\n![A picture](../images/x.png) `f'{x}'`",
        "| a | b |\n|---|---|\n| 1 | 2 |",
    ],
)
def test_what_is_plain_passes(source):
    assert not_plain(source) == []
