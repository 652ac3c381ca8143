"""A chapter's text and its notebook.

    python -m tools.notebooks new foundations/neurons    begin a chapter
    python -m tools.notebooks run backpropagation        text -> executed notebook (or: run --all)
    python -m tools.notebooks back backpropagation       notebook edited in Jupyter -> text
    python -m tools.notebooks fresh                      is every notebook made from its present text?
    python -m tools.notebooks setup                      write the present setup cell into every text

The text is the source, and `run` makes the notebook from it, one way: convert, execute, store. Cells are compared by
content, never by file times. A notebook carries a fingerprint of the text it was made from, so that neither `run` nor
`back` throws away an edit that was made on the other side.
"""

import argparse
import difflib
import hashlib
import json
import re
import sys
import time
import warnings
from collections import Counter
from enum import Enum
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, DeadKernelError
from nbformat import NotebookNode
from nbformat.warnings import DuplicateCellId

from tools import setup_cell
from tools.kernel import kernel_environment
from tools.project import ROOT, Chapter, find_chapters, read_address, write

SANITIZERS = Path(__file__).with_name("sanitize.cfg")
CELL_TIMEOUT = 120  # seconds
WIDGET = "application/vnd.jupyter.widget-view+json"  # its ids are random; the reader's own run brings it back

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "pygments_lexer": "ipython3",
    },
}
ONLY_TAGS = {"notebook_metadata_filter": "-all", "cell_metadata_filter": "tags,-all"}


class ChapterError(Exception):
    """Something the author has to mend; the message says what and how."""


# Text and cells


def to_cells(text: str) -> list[NotebookNode]:
    """The cells of a chapter's text, without outputs."""
    with warnings.catch_warnings():
        # Jupytext gives random ids first; two of them may be equal, and none is kept.
        warnings.simplefilter("ignore", DuplicateCellId)
        cells = jupytext.reads(text, fmt="md").cells
    seen: Counter[str] = Counter()
    for cell in cells:
        fingerprint = hashlib.sha256(cell.source.encode()).hexdigest()[:12]
        seen[fingerprint] += 1
        cell.id = fingerprint if seen[fingerprint] == 1 else f"{fingerprint}-{seen[fingerprint]}"
    return cells


def to_text(cells: list[NotebookNode]) -> str:
    """The text of these cells: sources and tags, nothing else."""
    return jupytext.writes(_notebook(cells, jupytext=ONLY_TAGS), fmt="md")


def _notebook(cells: list[NotebookNode], **metadata: object) -> NotebookNode:
    return nbformat.v4.new_notebook(cells=cells, metadata={**METADATA, **metadata})


def _json(cells: list[NotebookNode]) -> str:
    """A notebook as it is stored: the same cells give the same bytes."""
    return nbformat.writes(_notebook(cells, made_from=fingerprint(cells))) + "\n"


def contents(cells: list[NotebookNode]) -> list[tuple[str, str, list[str]]]:
    """What must agree between a text and its notebook: type, source and tags of each cell."""
    return [(cell.cell_type, cell.source, cell.metadata.get("tags", [])) for cell in cells]


def fingerprint(cells: list[NotebookNode]) -> str:
    """A hash of the cells' contents."""
    return hashlib.sha256(json.dumps(contents(cells)).encode()).hexdigest()


def read_text(chapter: Chapter) -> str:
    """The chapter's text."""
    return chapter.text.read_text(encoding="utf-8")


def read_notebook(chapter: Chapter) -> NotebookNode:
    """The chapter's stored notebook."""
    try:
        return nbformat.read(chapter.notebook, as_version=4)
    except nbformat.reader.NotJSONError as error:
        raise ChapterError(
            f"{chapter.name}: the notebook is not valid JSON (an unresolved merge?). "
            f"Delete it and make it again: make chapter NAME={chapter.text.stem}"
        ) from error


class State(Enum):
    """How a notebook stands to its text; the value says it to the author."""

    FRESH = "the notebook is made from the text"
    MISSING = "no notebook yet. Make it: make chapter NAME={slug} (or {tool} run {slug})"
    TEXT_EDITED = "the notebook is older than its text. Make it again: make chapter NAME={slug} (or {tool} run {slug})"
    NOTEBOOK_EDITED = "the notebook was edited. Take it back to the text: make back NAME={slug} (or {tool} back {slug})"
    BOTH_EDITED = (
        "text and notebook were both edited. Keep the text ({tool} run {slug} --overwrite) "
        "or the notebook ({tool} back {slug} --overwrite)."
    )

    def tell(self, chapter: Chapter) -> str:
        """The state of this chapter, with the command that mends it."""
        return f"{chapter.name}: {self.value.format(slug=chapter.text.stem, tool='python -m tools.notebooks')}"


def state(chapter: Chapter) -> State:
    """Compare the notebook's cells with the text's, and both with what the notebook was made from."""
    if not chapter.notebook.exists():
        return State.MISSING
    text, notebook = to_cells(read_text(chapter)), read_notebook(chapter)
    if contents(text) == contents(notebook.cells):
        return State.FRESH
    made_from = notebook.metadata.get("made_from")
    if made_from == fingerprint(notebook.cells):
        return State.TEXT_EDITED
    return State.NOTEBOOK_EDITED if made_from == fingerprint(text) else State.BOTH_EDITED


# Run: text -> executed notebook


def run(chapter: Chapter, address: str, overwrite: bool = False) -> None:
    """Convert the text, execute it in the notebook's folder and store the notebook.

    Raises:
        ChapterError: the notebook holds edits of its own, the setup cell is wrong, or a cell failed. The notebook
            that was there stays.
    """
    now = state(chapter)
    if now in (State.NOTEBOOK_EDITED, State.BOTH_EDITED) and not overwrite:
        raise ChapterError(now.tell(chapter))
    cells = to_cells(read_text(chapter))
    if not setup_cell.is_first(cells, address):
        raise ChapterError(
            f"{chapter.name}: the first code cell is not the setup cell. Write it: python -m tools.notebooks setup"
        )
    executed = _notebook(cells)
    execute(executed, chapter)
    clean(executed.cells)
    if now is not State.MISSING:
        keep_timings(executed.cells, read_notebook(chapter).cells)
    write(chapter.notebook, _json(executed.cells))


def execute(notebook: NotebookNode, chapter: Chapter) -> None:
    """Execute every cell, from the top, in the chapter's folder; outputs go into the notebook.

    Raises:
        ChapterError: a cell failed, took too long, or ended the kernel.
    """
    running = []
    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        kernel_name="python3",
        resources={"metadata": {"path": str(chapter.text.parent)}},
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=["--log-level=ERROR"],
        on_cell_execute=lambda cell, cell_index: running.append(cell_index),
    )
    try:
        client.execute(env=kernel_environment())
    except (CellControlSignal, DeadKernelError) as error:  # an exception, too slow, or the kernel is gone
        report = re.sub(r"\x1b\[[0-9;]*m", "", str(error)).strip()
        raise ChapterError(f"{chapter.name}: cell {running[-1] + 1} of the notebook failed.\n\n{report}") from error


def clean(cells: list[NotebookNode]) -> None:
    """Take out of the outputs what differs from run to run or from machine to machine."""
    rules = re.findall(r"^regex: (.*)\nreplace: ?(.*)$", SANITIZERS.read_text(encoding="utf-8"), re.MULTILINE)

    def sanitized(value: object) -> object:
        if isinstance(value, str):
            for pattern, replacement in rules:
                value = re.sub(pattern, replacement, value)
        elif isinstance(value, list):
            value = [sanitized(line) for line in value]
        return value

    for cell in cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            data.pop(WIDGET, None)
            for values, keys in ((output, ("text", "evalue", "traceback")), (data, list(data))):
                for key in keys:
                    if key in values and not key.startswith("image/"):
                        values[key] = sanitized(values[key])


def keep_timings(cells: list[NotebookNode], before: list[NotebookNode]) -> None:
    """Let a cell that prints timings keep its stored output while its code stays, so that two runs agree.

    Delete the notebook to time again.
    """
    outputs = {cell.id: cell.outputs for cell in before if cell.cell_type == "code"}
    for cell in cells:
        if "nbval-ignore-output" in cell.metadata.get("tags", []):
            cell.outputs = outputs.get(cell.id, cell.outputs)


def restamp(chapter: Chapter) -> None:
    """Bring the ids and the fingerprint up to date in a notebook whose cells were changed along with its text."""
    cells = read_notebook(chapter).cells
    for cell, new in zip(cells, to_cells(read_text(chapter)), strict=True):
        cell.id = new.id
    write(chapter.notebook, _json(cells))


# Back: notebook -> text


def back(chapter: Chapter, overwrite: bool = False) -> str:
    """Take the notebook's cells back to the text; return the difference it made.

    Raises:
        ChapterError: the text holds edits that the notebook was not made from.
    """
    now = state(chapter)
    if now is State.MISSING or (now in (State.TEXT_EDITED, State.BOTH_EDITED) and not overwrite):
        raise ChapterError(now.tell(chapter))
    before = read_text(chapter)
    after = to_text(read_notebook(chapter).cells)
    write(chapter.text, after)
    name = f"{chapter.name}.md"
    return "".join(difflib.unified_diff(before.splitlines(True), after.splitlines(True), name, name))


# The command line


def new(name: str, root: Path = ROOT) -> Path:
    """Begin the chapter <part>/<slug>: a text with a title and the setup cell.

    Raises:
        ChapterError: the name is not <part>/<slug>, or there is such a chapter.
    """
    if not re.fullmatch(r"[a-z0-9-]+/[a-z0-9-]+", name):
        raise ChapterError(f"{name!r} is not a chapter's name. Write <part>/<slug>, such as foundations/neurons.")
    slug = name.split("/")[1]
    if slug in find_chapters(root):
        raise ChapterError(f"there is a chapter {slug!r} already: {find_chapters(root)[slug].text.relative_to(root)}")
    title = nbformat.v4.new_markdown_cell(f"# {slug.replace('-', ' ').capitalize()}")
    path = root / "chapters" / f"{name}.md"
    write(path, to_text(setup_cell.put([title], read_address(root))))
    return path


def choose(slugs: list[str], everything: bool, root: Path = ROOT) -> list[Chapter]:
    """The chapters that these slugs name, or all of them.

    Raises:
        ChapterError: there is no such chapter; the message lists those that exist.
    """
    chapters = find_chapters(root)
    if everything:
        return list(chapters.values())
    unknown = [slug for slug in slugs if slug.split("/")[-1] not in chapters]
    if unknown or not slugs:
        what = f"no chapter is called {unknown[0]!r}." if unknown else "which chapter?"
        raise ChapterError(f"{what} There are: {', '.join(chapters) or 'none yet'}.")
    return [chapters[slug.split("/")[-1]] for slug in slugs]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.notebooks", description=__doc__.splitlines()[0])
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb, what in (("run", "text -> executed notebook"), ("back", "notebook edited in Jupyter -> text")):
        sub = verbs.add_parser(verb, help=what)
        sub.add_argument("slug", nargs="*", help="a chapter, such as backpropagation")
        sub.add_argument("--all", action="store_true", help="every chapter")
        sub.add_argument("--overwrite", action="store_true", help="throw away edits made on the other side")
    verbs.add_parser("fresh", help="fail if a notebook is not made from its present text")
    verbs.add_parser("setup", help="write the present setup cell into every text")
    verbs.add_parser("new", help="begin a chapter").add_argument("name", help="<part>/<slug>")
    return parser


def _do(options: argparse.Namespace, chapter: Chapter, address: str) -> str:
    """Do what the command line asks for to one chapter; return what there is to tell."""
    match options.verb:
        case "run":
            start = time.perf_counter()
            run(chapter, address, options.overwrite)
            return f"{chapter.name}: executed in {time.perf_counter() - start:.1f} s\n"
        case "back":
            return back(chapter, options.overwrite)
        case "setup":
            before = read_text(chapter)
            after = to_text(setup_cell.put(to_cells(before), address))
            write(chapter.text, after)
            return "" if after == before else f"{chapter.name}: setup cell written\n"
        case "fresh":
            if (now := state(chapter)) is not State.FRESH:
                raise ChapterError(now.tell(chapter))
            return ""


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """The command line; returns the exit status."""
    options = _parser().parse_args(arguments)
    status = 0
    try:
        if options.verb == "new":
            print(new(options.name, root).relative_to(root))
            return 0
        for chapter in choose(getattr(options, "slug", []), getattr(options, "all", True), root):
            try:
                print(_do(options, chapter, read_address(root)), end="", flush=True)
            except ChapterError as error:  # go on, so that all of them are told at once
                print(error, file=sys.stderr)
                status = 1
    except (ChapterError, ValueError) as error:
        print(error, file=sys.stderr)
        status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
