"""The reader's Python: one namespace for the cells of a page, and in words and pictures what each of them gives."""

from __future__ import annotations

import ast
import base64
import io
import linecache
import re
import sys
import traceback
import types
from collections.abc import Callable, Sequence
from typing import Any

from .names import Code, needed, parts, read

SKETCH_DPI = 96  # the pixels of a plain screen
PICTURES = {"matplotlib", "nnlib.plot", "nnlib.widgets"}  # importing one of these takes matplotlib


class Session:
    """Runs cells of one page.

    Args:
        tell: called with each output as soon as it is there: a dict with MIME types, as Jupyter has them.
        judged: called with an exercise's key, whether there was an answer, and whether it is right.
    """

    def __init__(
        self,
        tell: Callable[[dict[str, str]], None] = lambda output: None,
        judged: Callable[[str, bool, bool], None] = lambda key, tried, solved: None,
    ) -> None:
        self.tell, self.judged = tell, judged
        self.module = types.ModuleType("__main__")
        self.module.display = self.display
        sys.modules["__main__"] = self.module
        self._ran: set[tuple[int, int]] = set()  # the pieces that ran: cell, part of it
        self._known: dict[str, Code] = {}
        self._explorers: dict[int, Any] = {}
        self._layouts: dict[int, list[Any]] = {}  # where each explorer's axes stand
        self._listening = False

    # What to run

    def plan(self, cells: Sequence[str | None], target: int) -> list[dict[str, Any]]:
        """The pieces that have to run for this cell and did not yet, the cell itself last.

        Args:
            cells: the page's cells, from the first; None for one that does not run here.
            target: the cell's place among them.
        """
        pieces = [
            (cell, part, code)
            for cell, source in enumerate(cells[:target])
            if source is not None
            for part, code in enumerate(parts(source))
        ]
        whole = {cell for cell, part, _ in pieces if part}  # cells of several parts
        order = [*pieces, (target, -1, cells[target] or "")]
        found = needed([self._read(code) for _, _, code in order], len(order) - 1)
        steps = [
            {"cell": cell, "code": code, "part": part, "quiet": cell in whole}
            for cell, part, code in (order[place] for place in found)
            if (cell, part) not in self._ran and (cell, -1) not in self._ran
        ]
        return [*steps, {"cell": target, "code": cells[target] or "", "part": -1, "quiet": False}]

    def pictures(self, code: str) -> bool:
        """Whether this code takes matplotlib, which is fetched for the first that does."""
        imports = self._read(code).imports
        return any(name in PICTURES or name.startswith("matplotlib.") for name in imports)

    def _read(self, code: str) -> Code:
        if code not in self._known:
            self._known[code] = read(code)
        return self._known[code]

    # Running

    def run(self, cell: int, part: int, code: str) -> dict[str, Any] | None:
        """Run a piece of a cell.

        Returns what went wrong: `kind` and `message` as Python names them, `line` (or 0), `trace`; None if nothing.
        """
        self._listen(code)
        name = f"<cell {cell + 1}>"
        linecache.cache[name] = (len(code), None, code.splitlines(True), name)
        try:
            value = self._execute(code, name)
            self._figures()
            if value is not None:
                self.module._ = value
                self.display(value)
        except BaseException as error:
            self._figures()
            return _told(error, name)
        self._ran.add((cell, part))
        return None

    def _execute(self, code: str, name: str) -> Any:
        tree = ast.parse(code, name)
        last = None
        if tree.body and isinstance(tree.body[-1], ast.Expr) and not _silenced(code, tree.body[-1]):
            last = ast.Expression(tree.body.pop().value)
        exec(compile(tree, name, "exec"), self.module.__dict__)
        return None if last is None else eval(compile(last, name, "eval"), self.module.__dict__)

    def _listen(self, code: str) -> None:
        """Hear of verdicts, once something imports the exercises."""
        judges = any(name.startswith("nnlib.exercises") for name in self._read(code).imports)
        if judges and not self._listening:
            from nnlib.exercises import judge

            self._listening = True
            judge.listeners.append(lambda exercise, v: self.judged(exercise.key, v.status != "Not yet", v.correct))

    # Showing

    def display(self, *values: Any, **options: Any) -> None:
        """Show values as the last line of a cell shows one."""
        for value in values:
            self.tell(self._bundle(value))

    def _bundle(self, value: Any) -> dict[str, Any]:
        widgets = sys.modules.get("nnlib.widgets")
        if widgets is not None and isinstance(value, widgets.Explorer):
            number = len(self._explorers)
            self._explorers[number] = value
            controls = [{"name": name, **vars(slider)} for name, slider in value.settings.items()]
            return {"explorer": number, "controls": controls, **self._seen(value.still)}
        figure = getattr(sys.modules.get("matplotlib.figure"), "Figure", None)
        if figure is not None and isinstance(value, figure):
            return _picture(value)
        if hasattr(value, "_repr_mimebundle_"):
            data, metadata = value._repr_mimebundle_()
            return {**data, **metadata.get("image/png", {})}
        if hasattr(value, "_repr_markdown_"):
            return {"text/markdown": value._repr_markdown_()}
        return {"text/plain": repr(value)}

    def move(self, explorer: int, values: dict[str, float], rest: bool = True) -> dict[str, Any]:
        """What an explorer shows when its sliders stand so; while one is still moving, quickly and a little coarser."""
        seen = self._explorers[explorer]
        if not rest:
            try:
                drawn = seen.draw(**values)
                if isinstance(drawn, sys.modules["matplotlib.figure"].Figure):
                    return self._sketch(drawn, explorer)
            except Exception:
                pass  # asked properly, it says what is wrong
        return self._seen(seen.at(**values))

    def _sketch(self, figure: Any, explorer: int) -> dict[str, Any]:
        """A figure's pixels. Laid out only once for each explorer: it takes longer than drawing, and would tremble."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        from nnlib.plot.style import styled

        places = self._layouts.get(explorer, ())
        if len(places) == len(figure.axes):
            figure.set_layout_engine("none")
            for axes, (place, labels) in zip(figure.axes, places, strict=True):
                axes.set_position(place)
                axes.set_title(axes.get_title("center"), loc="center", y=1.0)  # leaves the others where they are, too
                for axis, label in zip((axes.xaxis, axes.yaxis), labels, strict=True):
                    axis.set_label_coords(*label)  # not asking all numbers at the ticks for their size: a quarter less
        figure.set_dpi(SKETCH_DPI)
        canvas = FigureCanvasAgg(figure)
        styled(canvas.draw)()
        self._layouts[explorer] = [(axes.get_position(original=True), _labels(axes)) for axes in figure.axes]
        width, height = canvas.get_width_height()
        return {"pixels": bytes(canvas.buffer_rgba()), "width": width, "height": height}

    def _seen(self, drawn: Any) -> dict[str, Any]:
        return {"text/plain": drawn} if isinstance(drawn, str) else self._bundle(drawn)

    def _figures(self) -> None:
        """Show what pyplot has drawn, as Jupyter does at the end of a cell."""
        pyplot = sys.modules.get("matplotlib.pyplot")
        if pyplot is not None:
            for number in pyplot.get_fignums():
                self.tell(_picture(pyplot.figure(number)))
            pyplot.close("all")


def _labels(axes: Any) -> list[Any]:
    """Where the labels of both axes stand, in the axes' own coordinates."""
    own = axes.transAxes.inverted()
    texts = (axes.xaxis.label, axes.yaxis.label)
    return [own.transform(text.get_transform().transform(text.get_position())) for text in texts]


def _picture(figure: Any) -> dict[str, Any]:
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=192, bbox_inches="tight")
    png = base64.b64encode(file.getvalue()).decode("ascii")
    return {"image/png": png, "alt": "A figure that this cell drew", "width": round(figure.get_figwidth() * 96)}


def _silenced(code: str, last: ast.Expr) -> bool:
    """Whether a `;` behind the last line keeps its value from being shown."""
    return code.splitlines()[last.end_lineno - 1].encode()[last.end_col_offset :].lstrip().startswith(b";")


def _told(error: BaseException, name: str) -> dict[str, Any]:
    """What went wrong, in the reader's code: our own lines and Pyodide's are left out of the trace."""
    tale = traceback.TracebackException.from_exception(error)
    link: traceback.TracebackException | None = tale
    while link is not None:
        link.stack = traceback.StackSummary.from_list(
            [frame for frame in link.stack if frame.filename.startswith("<cell") or "/nnlib/" in frame.filename]
        )
        link = link.__cause__ or link.__context__
    if isinstance(error, SyntaxError):
        line = error.lineno if error.filename == name else 0
    else:
        lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == name]
        line = lines[-1] if lines else 0
    message = error.msg if isinstance(error, SyntaxError) else str(error)
    trace = re.sub(r'File "<(cell \d+)>"', r"\1", "".join(tale.format()))
    told = {"kind": type(error).__name__, "message": message, "line": line or 0}
    return {**told, "trace": trace, "advice": _advice(error)}


def _advice(error: BaseException) -> str:
    """What to do about it, where that is known."""
    if isinstance(error, ModuleNotFoundError) and (error.name or "").partition(".")[0] not in ("nnlib",):
        return f"`{error.name}` is not there in the browser. Open the notebook in Colab or Jupyter to use it."
    if isinstance(error, MemoryError):
        return "The browser gives Python no more memory. Use smaller arrays."
    if isinstance(error, RecursionError):
        return "A function calls itself again and again, without end."
    if isinstance(error, NameError) and not isinstance(error, UnboundLocalError):
        return "Names come from cells above: did one of them change, or stop with an error?"
    return ""
