"""A chapter's two files agree, were executed, stay within the limits, and show everywhere."""

import re

import nbformat
import pytest

from tools import setup_cell
from tools.notebooks import WIDGET, State, read_notebook, read_text, state, to_cells, to_text
from tools.project import read_address

MOST_WORDS = 4000
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
    text = re.sub(r"\$\$.*?\$\$|```.*?```", "", "\n".join(prose(chapter)), flags=re.DOTALL)
    words = len(re.findall(r"\S*[A-Za-z]\S*", text))
    assert words <= MOST_WORDS, f"{words} words"


def test_cells_are_few_and_short(chapter):
    cells = [cell for cell in code_cells(chapter) if "hide-input" not in tags(cell)]
    assert len(cells) <= MOST_CELLS, f"{len(cells)} code cells"
    for cell in cells:
        lines = len([line for line in cell.source.splitlines() if line.strip()])
        assert lines <= MOST_LINES, f"{lines} lines:\n{cell.source}"


def test_few_cells_are_ignored(chapter):
    cells = code_cells(chapter)
    ignored = [c for c in cells if "nbval-ignore-output" in tags(c) or "NBVAL_IGNORE_OUTPUT" in c.source]
    assert len(ignored) <= MOST_IGNORED, "\n\n".join(cell.source for cell in ignored)
    skipped = [c for c in cells if "nbval-skip" in tags(c) or "NBVAL_SKIP" in c.source]
    assert not skipped, skipped[0].source


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
