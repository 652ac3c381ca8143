"""Which names a cell gives, needs and changes, and so which cells above it have to run before it.

Read from the code alone, nothing is run. A cell above is needed if it is the last to give a needed name, or if it may
change what the name stands for: by `w -= g`, `w[0] = 1`, `w.b = 2`, a method called for its effect (`model.step()`),
drawing from a random generator, or a function that does so with its parameter.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

BUILTINS = frozenset(dir(builtins)) | {"__name__", "display", "_"}
MUTATORS = {"fit": (0,), "clip_grad_norm_": (0,), "next": (0,), "setattr": (0,)}  # functions -> what they change
GENERATORS = ("default_rng", "RandomState", "iter")


@dataclass
class Code:
    """What is known of a piece of code.

    Attributes:
        gives: names that it binds.
        needs: names that must be there before it runs.
        later: function or class that it gives -> names that must be there when that is called.
        changes: names whose objects it may change in place.
        inside: function that it gives -> names from outside that calling it may change.
        parameters: function that it gives -> positions of the parameters that it may change.
        random: names that it binds to a random generator.
        imports: modules that it imports, with their full names.
    """

    gives: set[str] = field(default_factory=set)
    needs: set[str] = field(default_factory=set)
    later: dict[str, set[str]] = field(default_factory=dict)
    changes: set[str] = field(default_factory=set)
    inside: dict[str, set[str]] = field(default_factory=dict)
    parameters: dict[str, set[int]] = field(default_factory=dict)
    random: set[str] = field(default_factory=set)
    imports: set[str] = field(default_factory=set)
    calls: dict[str, list[list[str]]] = field(default_factory=dict)  # function -> the names given to it, call by call


def read(source: str) -> Code:
    """What a cell gives, needs and changes. Code that does not parse gives and needs nothing: running it tells why."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return Code()
    reader = _Reader()
    for statement in tree.body:
        reader.visit(statement)
    code = reader.code
    used = list(reader.own)  # functions that the cell gives and uses by itself
    while used:
        needed_then = code.later.get(used.pop(), set())
        used += [name for name in needed_then & code.gives if name not in reader.own]
        reader.own |= needed_then & code.gives
        code.needs |= needed_then - code.gives
    for names in code.later.values():
        names -= BUILTINS
    code.needs -= BUILTINS
    return code


class _Reader(ast.NodeVisitor):
    """Walks through code in the order in which it runs."""

    def __init__(self) -> None:
        self.code = Code()
        self.own: set[str] = set()  # names that the code gives and uses
        self.scopes: list[set[str]] = []  # names that comprehensions, functions and classes around have of their own

    def _local(self, name: str) -> bool:
        return any(name in scope for scope in self.scopes)

    def _bind(self, name: str) -> None:
        if self.scopes:
            self.scopes[-1].add(name)
        else:
            self.code.gives.add(name)

    def _change(self, node: ast.expr | None) -> None:
        name = root(node)
        if name and not self._local(name):
            self.code.changes.add(name)

    def visit_Name(self, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Load):
            self._bind(node.id)
        elif not self._local(node.id):
            (self.own if node.id in self.code.gives else self.code.needs).add(node.id)

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        for target in node.targets:
            self.visit(target)
            if isinstance(target, ast.Name) and _makes_generator(node.value):
                self.code.random.add(target.id)
            elif isinstance(target, (ast.Tuple, ast.List)) and isinstance(node.value, ast.Tuple):
                for one, value in zip(target.elts, node.value.elts, strict=False):
                    if isinstance(one, ast.Name) and _makes_generator(value):
                        self.code.random.add(one.id)
            for part in ast.walk(target):
                if isinstance(part, (ast.Subscript, ast.Attribute)) and not isinstance(part.ctx, ast.Load):
                    self._change(part)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value:
            self.visit(node.value)
            self.visit(node.target)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.visit(node.value)
        self._change(node.target)
        if isinstance(node.target, ast.Name):
            self.visit_Name(ast.Name(node.target.id, ast.Load()))
            self._bind(node.target.id)
        else:
            self.visit(node.target)

    def visit_Delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            self._change(target)
            if not isinstance(target, ast.Name):
                self.visit(target)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        self.visit(node.target)

    def visit_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Attribute):
            self._change(node.value.func)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        names = [arg.id if isinstance(arg, ast.Name) else "" for arg in node.args]
        if isinstance(node.func, ast.Name):
            self.code.calls.setdefault(node.func.id, []).append(names)
        elif isinstance(node.func, ast.Attribute) and node.func.attr.endswith("_") and names:
            self._change(node.args[0])
        for keyword in node.keywords:
            if keyword.arg == "out":
                self._change(keyword.value)
        self.generic_visit(node)

    def visit_For(self, node: ast.For) -> None:
        for part in (node.iter, node.target, *node.body, *node.orelse):
            self.visit(part)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self._bind(node.name)
        self.generic_visit(node)

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        if node.name:
            self._bind(node.name)
        self.generic_visit(node)

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        if node.name:
            self._bind(node.name)

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._bind(alias.asname or alias.name.partition(".")[0])
            self.code.imports.add(alias.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            self._bind(alias.asname or alias.name)
            self.code.imports |= {node.module or "", f"{node.module}.{alias.name}"}

    # Scopes

    def _comprehension(self, node: ast.AST) -> None:
        self.scopes.append(set())
        for part in node.generators:
            for child in (part.iter, part.target, *part.ifs):
                self.visit(child)
        for child in (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,):
            self.visit(child)
        self.scopes.pop()

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._function(node, [node.body], "")

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        for decorator in node.decorator_list:
            self.visit(decorator)
        self._function(node, node.body, node.name)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for part in (*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)):
            self.visit(part)
        self._function(node, node.body, node.name)

    def _function(self, node: ast.AST, body: list[ast.AST], name: str) -> None:
        """A function's body runs later: what it needs then is kept apart."""
        own: list[str] = []  # its parameters, by position
        scope: set[str] = set()
        if not isinstance(node, ast.ClassDef):
            arguments = node.args
            for default in (*arguments.defaults, *filter(None, arguments.kw_defaults)):
                self.visit(default)
            own = [a.arg for a in (*arguments.posonlyargs, *arguments.args)]
            scope = {a.arg for a in ast.walk(arguments) if isinstance(a, ast.arg)}
        if name:
            self._bind(name)
        shared = {n for part in body for sub in ast.walk(part) if isinstance(sub, ast.Global) for n in sub.names}
        inner = _Reader()
        scope |= {n for part in body for n in _bound(part)} - shared
        inner.scopes = [*self.scopes, scope]
        for part in body:
            inner.visit(part)
        code = inner.code
        needs = code.needs.union(*code.later.values())
        outside = code.changes | shared
        changed = _changed(body, own)
        if self.scopes or not name:  # belongs to what is around it; a lambda may be called at once
            self.code.needs |= {n for n in needs if n not in self.code.gives}
            self.code.changes |= outside
        else:
            self.code.later[name], self.code.inside[name] = needs, outside
            if changed:
                self.code.parameters[name] = changed
        self.code.imports |= code.imports
        for function, calls in code.calls.items():
            kept = [[n if n not in scope else "" for n in names] for names in calls]
            self.code.calls.setdefault(function, []).extend(kept)


def root(node: ast.AST | None) -> str:
    """The name at the beginning of `model.layer[0].weight`; empty if there is none."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Starred)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _bound(node: ast.AST) -> set[str]:
    """The names that a function's body makes its own by binding them; functions within it have their own."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {node.name}
    if isinstance(node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
        return set()
    found = set()
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        found.add(node.id)
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        found |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
    if isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
        found.add(node.name)
    return found.union(*map(_bound, ast.iter_child_nodes(node)))


def _changed(body: list[ast.AST], parameters: list[str]) -> set[int]:
    """The positions of those parameters that a function may change in place."""
    plain = _Reader()
    for part in body:
        plain.visit(part)
    # A parameter that is bound anew may still be changed before: `w -= g` counts, `w = w - g` does not.
    return {i for i, name in enumerate(parameters) if name in plain.code.changes}


def _makes_generator(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and (
        (isinstance(node.func, ast.Attribute) and node.func.attr in GENERATORS)
        or (isinstance(node.func, ast.Name) and node.func.id in GENERATORS)
    )


# Cells


def parts(source: str) -> list[str]:
    """The pieces of a cell that can run one without another: each line of a cell that imports, else the whole cell.

    So that a cell which needs NumPy does not wait for matplotlib, imported two lines below.
    """
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return [source]
    if not any(isinstance(line, (ast.Import, ast.ImportFrom)) for line in body):
        return [source]
    if not all(isinstance(line, (ast.Import, ast.ImportFrom, ast.Expr)) for line in body):
        return [source]
    return [ast.unparse(line) for line in body]


def needed(pieces: Sequence[Code], target: int) -> list[int]:
    """The places of the pieces before `target` that have to run before it, in their order."""
    before = pieces[:target]
    random = set().union(*(piece.random for piece in pieces))
    wanted = _expand(pieces[target].needs, before)
    run = []
    for place in range(target - 1, -1, -1):
        piece = before[place]
        if piece.gives & wanted or _changes(piece, before[:place], random) & wanted:
            run.append(place)
            wanted = (wanted - piece.gives) | _expand(piece.needs, before[:place])
    return run[::-1]


def _expand(names: Iterable[str], before: Sequence[Code]) -> set[str]:
    """The names, with those that the functions among them need when they are called."""
    found, waiting = set(), list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            giver = next((piece for piece in reversed(before) if name in piece.gives), None)
            if giver is not None:
                waiting += giver.later.get(name, ())
    return found


def _changes(piece: Code, before: Sequence[Code], random: set[str]) -> set[str]:
    """What running a piece may change, with what the functions that it calls change."""
    changed = piece.changes | (piece.needs & random)
    for function, calls in piece.calls.items():
        giver = next((p for p in (piece, *reversed(before)) if function in p.gives), None)
        places: Iterable[int] = MUTATORS.get(function, ())
        if giver is not None and function in giver.later:
            places = giver.parameters.get(function, set())
            changed |= giver.inside[function]
        changed |= {names[i] for names in calls for i in places if i < len(names)}
    return changed - {""}
