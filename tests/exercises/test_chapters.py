"""The exercises in a chapter's text and those in its module are the same, in the same order."""

import ast
import inspect
import re

import pytest

from nnlib.exercises import catalogue
from tools.notebooks import read_notebook
from tools.project import ROOT, find_chapters
from website import chapters

CHAPTERS = find_chapters()
HEADING = re.compile(r"Exercise (\d+): (.+)")
CALL = re.compile(r"""\b(check|hint|solution)\(\s*["']([^"']*)["']""")


@pytest.fixture(params=sorted(CHAPTERS.keys() | catalogue.by_chapter().keys()))
def slug(request):
    return request.param


def sections(slug):
    """The cells below each `### Exercise`, by its heading."""
    found, cells = {}, None
    for cell in read_notebook(CHAPTERS[slug]).cells:
        if cell.cell_type == "markdown":
            for heading in re.findall(r"^#{2,3} (.*)", cell.source, re.MULTILINE):
                cells = found.setdefault(heading, []) if HEADING.fullmatch(heading) else None
        if cells is not None:
            cells.append(cell)
    return found


def is_check(cell):
    return cell.cell_type == "code" and re.search(r"^check\(", cell.source, re.MULTILINE)


def test_text_and_module_have_the_same_exercises(slug):
    assert slug in CHAPTERS, f"nnlib/exercises/chapters/{slug.replace('-', '_')}.py belongs to no chapter"
    headings = list(sections(slug))
    exercises = catalogue.by_chapter().get(slug, ())
    assert headings == [f"Exercise {i}: {x.title}" for i, x in enumerate(exercises, 1)]
    assert len(re.findall(r"^### Exercise", CHAPTERS[slug].text.read_text("utf-8"), re.MULTILINE)) == len(headings)


def test_the_table_of_progress_is_in_the_books_order():
    written = [c.docname for c in chapters.read(ROOT / "chapters" / "chapters.yml").chapters if c.written]
    order = [slug for slug in (name.rpartition("/")[2] for name in written) if slug in catalogue.by_chapter()]
    assert list(catalogue.by_chapter()) == order, (
        "write the new module into ORDER, nnlib/exercises/chapters/__init__.py"
    )


def test_each_exercise_has_one_cell_that_checks_it(slug):
    for exercise, (heading, cells) in zip(catalogue.by_chapter()[slug], sections(slug).items(), strict=True):
        checks = [cell for cell in cells if is_check(cell)]
        assert len(checks) == 1, heading
        keys = {key for cell in cells for _, key in CALL.findall(cell.source)}
        assert keys == {exercise.key}, heading
        assert cells[0].cell_type == "markdown" and len(cells[0].source.splitlines()) > 1, "a statement comes first"


def test_an_unsolved_exercise_is_not_yet_answered(slug):
    """A reader who runs the chapter from top to bottom sees no exception and no false praise."""
    for heading, cells in sections(slug).items():
        (cell,) = filter(is_check, cells)
        (said,) = [output.data["text/plain"] for output in cell.outputs if "data" in output]
        # An exercise that asks for a bug comes with an answer that is wrong.
        expected = "Not yet." if "..." in cell.source else "Not quite."
        assert said.startswith(expected), f"{heading}: {said}"
        assert "failed" not in said and "cannot run" not in said, said


def test_stubs_have_the_parameters_that_the_check_gives(slug):
    for exercise, cells in zip(catalogue.by_chapter()[slug], sections(slug).values(), strict=True):
        (cell,) = filter(is_check, cells)
        body = ast.parse(cell.source).body
        defined = {f.name: [a.arg for a in f.args.args] for f in body if isinstance(f, ast.FunctionDef)}
        answer = body[-1].value.args[1]
        names = [ast.unparse(part) for part in (answer.elts if isinstance(answer, ast.Tuple) else [answer])]
        for name, function in zip(names, exercise.functions, strict=False):
            assert defined.get(name) == list(inspect.signature(function).parameters), f"{exercise.key}: {name}"


def test_no_answer_is_folded_into_the_text(slug):
    """Hints and solutions come from the module; the site folds them under each exercise."""
    for heading, cells in sections(slug).items():
        assert not any("<details" in cell.source for cell in cells), heading
