"""The learner's answer, guarded: whatever it does, the check goes on or ends with a sentence that helps.

What goes into an answer are copies, and what comes out is made plain: lists of numbers, nnlib's Tensors and PyTorch's
become arrays. An exception becomes a diagnosis with the line it came from. An answer that changes its input is told so.

An answer that never ends is stopped by `deadline`, which looks at the clock at every line of Python
(`sys.settrace`, so it works in any thread and in a browser). It cannot look while one call of compiled code runs, such
as `time.sleep(1e9)` or a huge matrix product, nor after an `except:` without a type has swallowed it.
"""

from __future__ import annotations

import copy
import dis
import functools
import inspect
import os
import sys
import textwrap
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from types import CodeType
from typing import Any

import numpy as np

from .compare import form
from .diagnosis import Diagnosis, NotYet, describe, named

# Files whose lines are not the learner's. The chapters' modules are not among them: the tests hand their planted
# answers to the checks.
_HERE = os.path.dirname(os.path.abspath(__file__))
_LIBRARIES = tuple(os.path.join(folder, "") for folder in map(os.path.dirname, (os.__file__, np.__file__, _HERE)))
_CHAPTERS = os.path.join(_HERE, "chapters", "")


class TooSlow(BaseException):
    """The deadline has passed. Not an Exception, so that no `except Exception` in an answer stops it."""


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raise TooSlow in the block's Python code after so many seconds; a debugger's own trace is put back afterwards."""
    end = time.perf_counter() + seconds

    def look(frame: Any, event: str, argument: Any) -> Any:
        if time.perf_counter() > end:
            raise TooSlow
        if not _is_learners(frame.f_code.co_filename):
            return None
        if event == "call" and _spins(frame.f_code):
            frame.f_trace_opcodes = True
        return look

    before = sys.gettrace()
    sys.settrace(look)
    try:
        yield
    finally:
        sys.settrace(before)


@contextmanager
def quiet() -> Iterator[StringIO]:
    """Keep back what the block prints, and NumPy's warnings: a result with nan is diagnosed as a result."""
    printed = StringIO()
    with warnings.catch_warnings(), np.errstate(all="ignore"), redirect_stdout(printed), redirect_stderr(printed):
        warnings.simplefilter("ignore")
        yield printed


@functools.cache
def _spins(code: CodeType) -> bool:
    """Whether there is a `while True: pass`, a jump to itself, in which Python 3.11 reports no lines."""
    return any("JUMP" in step.opname and step.argval == step.offset for step in dis.get_instructions(code))


def _is_learners(filename: str) -> bool:
    return filename.startswith(_CHAPTERS) or not (filename.startswith(_LIBRARIES) or filename.startswith("<frozen"))


# Functions


class Guarded:
    """A function of the learner's, called like the function itself.

    Args:
        function: the learner's.
        twin: the reference solution's function in the same place; it knows the parameters and the form of a result.
        calls: every call is added to this list, and so are those of the functions that it returns.
    """

    def __init__(self, function: Callable, twin: Any, calls: list[Call]) -> None:
        self._function = function
        self._twin = twin if callable(twin) else None
        self._calls = calls
        self._parameters = _parameters(function)
        self._fitting: set[tuple[int, frozenset[str]]] = set()  # what it takes: so many arguments, and these options
        self.__name__ = _name(function)

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Call it on copies.

        Raises:
            Diagnosis: it failed, changed its input, or returned nothing.
        """
        self._accepts(args, options)
        given = copy.deepcopy(args)
        try:
            result = self._function(*given, **options)
        except (TooSlow, KeyboardInterrupt, Diagnosis):
            raise
        except NotImplementedError:
            raise NotYet(f"`{self.__name__}` is still to be written.") from None
        except BaseException as error:
            raise Diagnosis(self._tell(error, args)) from None
        for index, (before, after) in enumerate(zip(args, given, strict=True)):
            if not _same(before, after):
                raise Diagnosis(
                    f"`{self.__name__}` changes its argument {self._argument(index)} in place. Whoever calls it still "
                    f"needs the old values: work on a new array (`y = x - 1` makes one, `x -= 1` and `x[0] = 1` do "
                    f"not)."
                )
        call = Call(self.__name__, self._twin, args, options, plain(result, self.__name__))
        self._calls.append(call)
        return guard(call.result, call.expected() if _has_functions(call.result) else None, self._calls)

    def __repr__(self) -> str:
        return f"<the answer {self.__name__}>"

    def _accepts(self, args: tuple, options: dict) -> None:
        """Compare its parameters with what the exercise calls it with, the first time it does so.

        A check may call it thousands of times, and what is asked of `inspect` takes long under `deadline`'s trace.
        """
        form = len(args), frozenset(options)
        if self._parameters is None or form in self._fitting:
            return
        try:
            self._parameters.bind(*args, **options)
        except TypeError:
            wanted = _signature(self._twin) or f"with {len(args) + len(options)} arguments"
            raise Diagnosis(
                f"The exercise calls `{self.__name__}` {'as' if _signature(self._twin) else ''} {wanted}, "
                f"but yours is defined as `{self.__name__}{self._parameters}`.".replace("  ", " ")
            ) from None
        self._fitting.add(form)

    def _argument(self, index: int) -> str:
        """A name for one of the arguments that it is called with."""
        names = [] if self._parameters is None else list(self._parameters.parameters)
        return f"`{names[index]}`" if index < len(names) else f"number {index + 1}"

    def _tell(self, error: BaseException, args: tuple) -> str:
        message = f"`{self.__name__}` stops{place(error)} with {named(error)}."
        if isinstance(error, RecursionError):
            return f"`{self.__name__}` calls itself without end{place(error)}: in which case does it stop?"
        if isinstance(error, (NameError, ImportError, SystemExit)):
            return message  # whatever it is called with
        given = [f"{self._argument(index)} = {describe(value)}" for index, value in enumerate(args)]
        return f"{message} It was called with {', '.join(given)}." if given else message


@dataclass
class Call:
    """A call of the learner's function that returned."""

    name: str
    twin: Callable | None
    args: tuple
    options: dict[str, Any]
    result: Any

    def expected(self) -> Any:
        """What the reference returns in its place; None if it does not take these arguments."""
        try:
            return self.twin(*copy.deepcopy(self.args), **self.options)
        except Exception:  # no reference, or arguments that are not for it
            return None

    def misshapen(self) -> str:
        """How the form of the result differs from the reference's, or that it holds nan; empty if neither."""
        what, expected = f"What `{self.name}` returns", self.expected()
        if expected is not None and (message := form(self.result, expected, what)):
            return f"{message}."
        numbers = isinstance(self.result, (np.ndarray, np.number))
        return f"{what} holds nan or inf." if numbers and not np.isfinite(self.result).all() else ""


def guard(value: Any, twin: Any, calls: list[Call]) -> Any:
    """Every function in an answer or a result, guarded; `twin` is the reference's counterpart of the whole."""
    if callable(value):
        return Guarded(value, twin, calls)
    if not _has_functions(value):
        return value
    twins = twin if isinstance(twin, (tuple, list)) and len(twin) == len(value) else [None] * len(value)
    return type(value)(guard(v, t, calls) for v, t in zip(value, twins, strict=True))


def _has_functions(value: Any) -> bool:
    return callable(value) or isinstance(value, (tuple, list)) and any(map(_has_functions, value))


# Values


def plain(value: Any, name: str) -> Any:
    """A result in plain form: numbers as NumPy's, lists of numbers and Tensors as arrays.

    Raises:
        NotYet: it is None or `...`, or one of its parts is.
        Diagnosis: it is a generator.
    """
    if value is None or value is ...:
        raise NotYet(f"`{name}` returns nothing so far. If you have filled it in, is a `return` missing?")
    if isinstance(value, (tuple, list)):
        if any(v is None or v is ... for v in value):
            gap = "..." if any(v is ... for v in value) else "None"
            raise NotYet(f"`{name}` is not finished: what it returns still has `{gap}` in it.")
        if isinstance(value, list) and (array := _numbers(value)) is not None:
            return array
        return (list if isinstance(value, list) else tuple)(plain(v, name) for v in value)
    if isinstance(value, Iterator):
        raise Diagnosis(
            f"`{name}` returns {describe(value)}, which has computed nothing yet: return an array or a list."
        )
    return unwrap(value)


def unwrap(value: Any) -> Any:
    """A Tensor of nnlib's or PyTorch's, or anything else that says it is an array, as an array; a number as NumPy's."""
    if isinstance(value, (bool, float, complex)) or isinstance(value, int) and abs(value) < 2**63:
        return np.asarray(value)[()]
    if isinstance(value, np.ndarray):
        if value.dtype == object:
            array = _numbers(value.tolist())
            return value if array is None else array
        return np.asarray(value)
    if isinstance(value, type):
        return value
    if hasattr(value, "detach") and hasattr(value, "cpu"):  # a tensor of PyTorch's
        value = value.detach().cpu()
        return np.asarray(value.resolve_conj().numpy() if hasattr(value, "resolve_conj") else value)
    if isinstance(getattr(value, "data", None), np.ndarray) and type(value).__module__.startswith("nnlib."):
        return value.data
    if hasattr(value, "__array__") and not isinstance(value, np.generic):
        return np.asarray(value)
    return value


def _numbers(values: list) -> np.ndarray | None:
    """A list of numbers, or of such lists of equal length, as an array."""

    def converted(value: Any) -> Any:
        if isinstance(value, list):
            return [converted(v) for v in value]
        value = unwrap(value)
        if np.ndim(value):  # an array among the numbers: leave the list a list
            raise TypeError
        return value

    try:
        array = np.asarray(converted(values))
    except (TypeError, ValueError):  # not numbers, or rows of unequal length
        return None
    return array if array.size and array.dtype.kind in "fiubc" else None


def _same(before: Any, after: Any) -> bool:
    """Whether an argument is as it was before the call."""
    if isinstance(before, np.ndarray):
        if before.shape != after.shape or before.dtype != after.dtype:
            return False
        return np.array_equal(before, after, equal_nan=before.dtype.kind in "fc")
    if isinstance(before, (tuple, list)):
        return len(before) == len(after) and all(map(_same, before, after))
    if isinstance(before, dict):
        return before.keys() == after.keys() and all(_same(before[k], after[k]) for k in before)
    return before == after if isinstance(before, (int, float, complex, str, set)) and before == before else True


# Words


def place(error: BaseException) -> str:
    """Where in the learner's code an exception came from: ` in line 3 (y = x @ w)`; empty if nowhere in it."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if _is_learners(f.filename)]
    if not frames:
        return ""
    line = textwrap.shorten((frames[-1].line or "").strip(), 80, placeholder=" ...")
    return f" in line {frames[-1].lineno}" + (f" (`{line}`)" if line else "")


def is_learners(error: BaseException, check: Callable) -> bool:
    """Whether an exception was raised in the learner's code, or in what that called, and not in a check."""
    ours = check.__code__.co_filename
    files = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
    inner = next((file for file in reversed(files) if _is_learners(file) or file.startswith(_HERE)), ours)
    return inner != ours and not inner.startswith(_HERE)


def _name(function: Any) -> str:
    name = getattr(function, "__name__", None) or type(function).__name__
    return "lambda" if name == "<lambda>" else name


def _parameters(function: Any) -> inspect.Signature | None:
    """A function's parameters; None for a built-in that does not say."""
    try:
        return inspect.signature(function)
    except (TypeError, ValueError):
        return None


def _signature(function: Any) -> str:
    """A function's name and parameters, such as `softmax(x)`."""
    parameters = _parameters(function) if function is not None else None
    return "" if parameters is None else f"`{_name(function)}{parameters}`"
