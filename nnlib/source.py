"""Show the code that runs: a chapter prints the library's own lines, so what you read is what is shipped."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable


class Source:
    """Python code that a notebook displays in colour. Make it with `source`."""

    def __init__(self, code: str) -> None:
        self.code = code

    def __repr__(self) -> str:
        return self.code

    def _repr_markdown_(self) -> str:
        return f"```python\n{self.code}\n```"


def source(function: Callable) -> Source:
    """The code of a function, rule or class of nnlib, without its docstring.

    Raises:
        TypeError: there is no Python code to show (a built-in, or something written in C).

    Example:
        >>> from nnlib.numpy.nn import Tanh
        >>> source(Tanh.forward)
        def forward(self, x: Tensor) -> Tensor:
            return F.tanh(x)
    """
    try:
        code = textwrap.dedent(inspect.getsource(function))
    except (OSError, TypeError):
        raise TypeError(f"{function!r} has no Python code to show") from None
    definition = ast.parse(code).body[0]
    lines = code.rstrip().split("\n")
    if ast.get_docstring(definition) is not None:
        docstring = definition.body[0]
        del lines[docstring.lineno - 1 : docstring.end_lineno]
    return Source("\n".join(lines))
