"""The page "Your progress": what there is to do in each chapter. progress.js adds what the reader has done of it."""

from __future__ import annotations

from html import escape

from docutils import nodes
from sphinx.application import Sphinx

PAGE = "chapters/progress"
PLACE = "<!-- progress -->"

# Hidden until progress.js has something for the buttons to do
CONTROLS = """
<div class="progress-controls" hidden>
<p class="kept-nowhere" hidden>Your browser keeps nothing for this site, so your progress ends with this page.
Save it to a file, or allow the site to store data.</p>
<p><button type="button" id="progress-save">Save to a file</button>
<button type="button" id="progress-load">Load a file</button>
<button type="button" id="progress-clear">Clear everything</button></p>
<input type="file" id="progress-file" accept=".json,application/json" aria-label="A file of progress" hidden>
<p id="progress-said" role="status"></p>
<dialog id="progress-sure" aria-labelledby="progress-sure-title"><form method="dialog">
<p id="progress-sure-title"><strong>Clear your progress in every chapter?</strong></p>
<p>Quiz answers and solved exercises will be forgotten in this browser. This cannot be undone.</p>
<p><button value="keep" autofocus>Keep it</button> <button value="clear">Clear everything</button></p>
</form></dialog>
</div>
"""
NO_SCRIPTS = """
<noscript><p class="box box-watch">This page reads your progress from your browser's storage, which takes JavaScript,
and your browser runs none here. So it can only show what there is to do. Everything else in the book works without:
the answers of a quiz unfold where they stand.</p></noscript>
"""


def _fill(app: Sphinx, docname: str, template: str, context: dict, document: nodes.document | None) -> None:
    """Put the table into the page's HTML."""
    if docname != PAGE:
        return
    if PLACE not in context["body"]:
        raise ValueError(f"{PAGE}.md has no line {PLACE}, where the table goes")
    context["body"] = context["body"].replace(PLACE, NO_SCRIPTS + table(app) + CONTROLS)
    app.add_js_file("progress.js", loading_method="defer")


def table(app: Sphinx) -> str:
    """A row for each written chapter, with its number of questions and the keys of its exercises."""
    rows = []
    for chapter in app.book.chapters:
        if chapter.written:
            known = app.env.metadata[chapter.docname]
            questions, keys = known["questions"], known["exercises"]
            rows.append(
                f'<tr data-chapter="{chapter.slug}" data-questions="{questions}" data-exercises="{" ".join(keys)}">'
                f'<th scope="row"><a href="{app.builder.get_relative_uri(PAGE, chapter.docname)}">'
                f"{escape(chapter.title)}</a></th>"
                f'<td class="quiz-done">{_count(questions, "question")}</td>'
                f'<td class="exercises-done">{_count(len(keys), "exercise")}</td></tr>'
            )
    return (
        '<div class="pst-scrollable-table-container"><table class="table" id="progress-table"><thead><tr>'
        '<th scope="col">Chapter</th><th scope="col">Quiz</th><th scope="col">Exercises</th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}" if number else "none"


def setup(app: Sphinx) -> None:
    """Finish the page after the theme has prepared it."""
    app.connect("html-page-context", _fill, priority=800)
