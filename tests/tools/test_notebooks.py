"""The way from a text to its notebook and back."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_output

from tools import notebooks, setup_cell
from tools.notebooks import ChapterError, State, back, clean, run, state, to_cells, to_text

pytestmark = pytest.mark.notebooks


def stored(book):
    return nbformat.read(book.chapter.notebook, as_version=4)


def in_jupyter(book, edit):
    """Do what a person does in JupyterLab: change the notebook, save it."""
    notebook = stored(book)
    edit(notebook.cells)
    notebook.cells[-1].metadata["collapsed"] = True
    notebook.metadata["toc-autonumbering"] = True
    nbformat.write(notebook, book.chapter.notebook)


def test_run_makes_an_executed_notebook(book):
    run(book.chapter, book.address)
    setup, total, error = (cell for cell in stored(book).cells if cell.cell_type == "code")
    assert setup.outputs == []
    assert total.outputs == [new_output("stream", name="stdout", text="sum 3\n")]
    assert error.outputs[0].ename == "ZeroDivisionError"
    assert [cell.execution_count for cell in (setup, total, error)] == [1, 2, 3]
    assert [cell.source for cell in stored(book).cells if cell.cell_type == "markdown"] == [
        "# Small",
        "Some *words* and $x^2$.",
        "A cell of its own.",
    ]
    assert state(book.chapter) is State.FRESH


def test_two_runs_give_the_same_bytes(book):
    book.edit("", WIDGET_AND_FIGURE)
    run(book.chapter, book.address)
    first = book.chapter.notebook.read_bytes()
    book.chapter.notebook.unlink()
    run(book.chapter, book.address)
    assert book.chapter.notebook.read_bytes() == first
    text = first.decode()
    assert "image/png" in text and "IntSlider(value=3)" in text
    assert "widget-view" not in text and "ipykernel_" not in text and str(book.root) not in text
    assert "<cell>:5: UserWarning: careful" in text
    assert set(json.loads(text)["metadata"]) == {"kernelspec", "language_info", "made_from"}
    assert "version" not in json.loads(text)["metadata"]["language_info"]


def test_a_timing_stays_until_its_cell_changes(book):
    book.edit("", '\n```python tags=["nbval-ignore-output"]\nimport time; print(time.time_ns())\n```\n')
    run(book.chapter, book.address)
    first = book.chapter.notebook.read_bytes()
    run(book.chapter, book.address)
    assert book.chapter.notebook.read_bytes() == first
    book.edit("import time;", "import time ;")
    run(book.chapter, book.address)
    assert stored(book).cells[-1].outputs[0].text not in first.decode()


WIDGET_AND_FIGURE = """
```python
import warnings
import ipywidgets
import matplotlib.pyplot as plt
plt.plot([1, 2])
warnings.warn("careful")
plt.show()
ipywidgets.IntSlider(3)
```
"""


def test_the_kernel_starts_in_the_chapters_folder_and_knows_its_cell(book):
    book.edit("", "\n```python\nimport os; print(os.path.basename(os.getcwd()))\n```\n")
    run(book.chapter, book.address)
    assert stored(book).cells[-1].outputs[0].text == "part\n"


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("total = 1 / 0", "ZeroDivisionError: division by zero"),
        ("import os; os._exit(3)", "Kernel died"),
        ("import urllib.request; urllib.request.urlopen('http://example.org')", "'example.org' was refused"),
    ],
)
def test_a_failing_cell_is_shown_and_the_old_notebook_stays(book, capsys, code, told):
    run(book.chapter, book.address)
    before = book.chapter.notebook.read_bytes()
    book.edit("1 + 2", f"1 + 3)\n{code}\nprint(0")
    assert book.command("run", "small") == 1
    message = capsys.readouterr().err
    assert "part/small: cell 4 of the notebook failed" in message and told in message
    assert "\x1b" not in message
    assert book.chapter.notebook.read_bytes() == before
    assert list(book.chapter.text.parent.iterdir()) != []
    assert sorted(path.name for path in book.chapter.text.parent.iterdir()) == ["small.ipynb", "small.md"]


def test_a_cell_that_never_ends_is_stopped(book, monkeypatch):
    monkeypatch.setattr(notebooks, "CELL_TIMEOUT", 1)
    book.edit("1 + 2", "1)\nwhile True: pass\nprint(0")
    with pytest.raises(ChapterError, match="cell 4 .*failed(.|\n)*timed out(.|\n)*while True: pass"):
        run(book.chapter, book.address)


def test_back_is_exact(book):
    run(book.chapter, book.address)
    before = book.chapter.text.read_bytes()
    assert back(book.chapter) == ""
    assert book.chapter.text.read_bytes() == before


def test_back_takes_edits_and_nothing_else(book, capsys):
    run(book.chapter, book.address)
    before = book.chapter.text.read_text(encoding="utf-8")
    in_jupyter(book, lambda cells: cells[3].update(source="print('product', 2 * 3)"))
    assert book.command("back", "small") == 0
    assert book.chapter.text.read_text(encoding="utf-8") == before.replace('"sum", 1 + 2', "'product', 2 * 3")
    assert "+print('product', 2 * 3)" in capsys.readouterr().out
    assert state(book.chapter) is State.FRESH


EDITS = {
    "change": lambda cells: cells[1].update(source="changed"),
    "delete": lambda cells: cells.pop(2),
    "insert": lambda cells: cells.insert(2, new_code_cell("new = 1")),
    "move": lambda cells: cells.append(cells.pop(2)),
    "tag": lambda cells: cells[3].metadata.update(tags=["hide-input"]),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edited_notebook_is_noticed_and_not_overwritten(book, capsys, edit):
    run(book.chapter, book.address)
    in_jupyter(book, edit)
    assert state(book.chapter) is State.NOTEBOOK_EDITED
    edited = book.chapter.notebook.read_bytes()
    assert book.command("run", "small") == 1
    assert "make back NAME=small (or python -m tools.notebooks back small)" in capsys.readouterr().err
    assert book.chapter.notebook.read_bytes() == edited


def test_an_edited_text_is_noticed_and_not_overwritten(book, capsys):
    run(book.chapter, book.address)
    book.edit("words", "terms")
    assert state(book.chapter) is State.TEXT_EDITED
    assert book.command("fresh") == 1
    assert "part/small: the notebook is older than its text" in (told := capsys.readouterr().err)
    assert "make chapter NAME=small (or python -m tools.notebooks run small)" in told
    edited = book.chapter.text.read_bytes()
    assert book.command("back", "small") == 1
    assert book.chapter.text.read_bytes() == edited
    assert book.command("run", "small") == 0
    assert book.command("fresh") == 0


def test_edits_on_both_sides_are_lost_only_on_demand(book, capsys):
    run(book.chapter, book.address)
    in_jupyter(book, EDITS["delete"])
    book.edit("words", "terms")
    assert state(book.chapter) is State.BOTH_EDITED
    assert book.command("run", "small") == book.command("back", "small") == book.command("fresh") == 1
    assert "both edited" in capsys.readouterr().err
    assert book.command("back", "small", "--overwrite") == 0
    assert "terms" not in book.chapter.text.read_text(encoding="utf-8")
    book.edit("A cell", "The cell")
    in_jupyter(book, EDITS["insert"])
    assert book.command("run", "small", "--overwrite") == 0
    assert state(book.chapter) is State.FRESH


def test_freshness_is_not_a_matter_of_time(book):
    run(book.chapter, book.address)
    book.chapter.text.touch()
    assert state(book.chapter) is State.FRESH


def test_a_missing_notebook_is_noticed(book, capsys):
    assert book.command("fresh") == 1
    assert "no notebook yet. Make it: make chapter NAME=small" in capsys.readouterr().err
    assert book.command("back", "small") == 1


def test_a_notebook_with_a_merge_conflict_is_told(book, capsys):
    run(book.chapter, book.address)
    book.chapter.notebook.write_text("<<<<<<< ours\n{}", encoding="utf-8")
    assert book.command("fresh") == 1
    assert "not valid JSON" in capsys.readouterr().err


def test_the_setup_cell_is_written_where_it_is_wrong_or_missing(book, capsys):
    book.edit("import pathlib", "import os")
    assert book.command("run", "small") == 1
    assert "Write it: python -m tools.notebooks setup" in capsys.readouterr().err
    assert book.command("setup") == 0
    assert setup_cell.is_first(to_cells(book.chapter.text.read_text(encoding="utf-8")), book.address)
    book.chapter.text.write_text("# Title\n\nWords.\n\n```python\nx = 1\n```\n", encoding="utf-8")
    assert book.command("setup") == 0
    kinds = [cell.cell_type for cell in to_cells(book.chapter.text.read_text(encoding="utf-8"))]
    assert kinds == ["markdown", "code", "code"]
    assert book.command("run", "small") == 0


def test_an_unknown_chapter_lists_what_there_is(book, capsys):
    assert book.command("run", "large") == 1
    assert "no chapter is called 'large'. There are: small." in capsys.readouterr().err
    assert book.command("run") == 1
    assert book.command("new", "part/small") == 1
    assert book.command("new", "Part One/small") == 1
    (book.root / "chapters" / "other").mkdir()
    (book.root / "chapters" / "other" / "small.md").write_text("# Small\n", encoding="utf-8")
    assert book.command("fresh") == 1
    assert "two chapters are called 'small'" in capsys.readouterr().err


def test_paths_of_the_machine_are_taken_out_and_numbers_are_not():
    text = (
        "/tmp/ipykernel_12/345.py:3: RuntimeWarning\nC:\\Temp\\ipykernel_1\\2.py:3\n"
        "/home/ada/book/nnlib/numpy/ops.py:7\n\x1b[32m/opt/lib/site-packages/torch/x.py\n"
        "loss 0.123 1/2 12:30 0x1.8p+1 https://github.com/x"
    )
    cell = new_code_cell(outputs=[new_output("stream", text=text)])
    clean([cell])
    assert cell.outputs[0].text == (
        "<cell>:3: RuntimeWarning\n<cell>:3\n"
        "nnlib/numpy/ops.py:7\n\x1b[32msite-packages/torch/x.py\n"
        "loss 0.123 1/2 12:30 0x1.8p+1 https://github.com/x"
    )


def test_text_survives_as_cells():
    prose = "# A\n\n- b\n\n  c\n\n\nd\n\n```\nplain\n```\n\n<details>\n\n$$\nx\n$$\n\n</details>\n"
    text = f'{prose}\n```python tags=["t"]\nx\n```\n'
    assert to_text(to_cells(text)) == text


def test_equal_random_ids_do_no_harm(monkeypatch):
    monkeypatch.setattr("nbformat.v4.nbbase.random_cell_id", lambda: "abcdef12")
    cells = to_cells("One.\n\n```python\n1 + 1\n```\n\nTwo.\n")
    assert len({cell.id for cell in cells}) == len(cells) == 3
