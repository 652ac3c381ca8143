"""Reverse-mode automatic differentiation: the `Tensor` and the tape it leaves behind.

A *rule* is a function on plain arrays that returns its value together with one small function
per argument, its vector-Jacobian product: given g = ∂L/∂y it returns ∂L/∂(that argument).

    def mul(a, b):
        def d_a(g): return g * b
        def d_b(g): return g * a
        return a * b, (d_a, d_b)

`differentiable` lifts a rule from arrays to Tensors. The lifted rule computes the same value and
writes down, in a `Node`, which Tensors it used and how a gradient flows back to each. The nodes
are the tape; `Tensor.backward` reads it from the last entry to the first. That is all there is
to backpropagation (Linnainmaa 1976; Rumelhart, Hinton and Williams 1986).

This file knows no rule: `ops.py` has the operators, `functional/` the layers' mathematics.
"""

from __future__ import annotations

import functools
import inspect
import itertools
import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np


class Tensor:
    """An array that remembers how it was computed.

    Args:
        data: an array (kept as it is, not copied), a number or nested lists (Python floats become
            float32, as in PyTorch).
        requires_grad: whether `backward` shall store ∂L/∂(this) in `.grad`.

    Attributes:
        data: the value, a NumPy array.
        grad: ∂L/∂(this) after `backward`, an array of the same shape, or None.
        requires_grad: true also for everything computed from a Tensor that requires a gradient.
        node: the tape's entry that made this Tensor; None for a leaf.

    Raises:
        TypeError: data is not numeric, or an integer Tensor is asked for a gradient.

    Example:
        >>> x = Tensor([1.0, 2.0, 3.0], requires_grad=True)
        >>> (x * x).sum().backward()
        >>> x.grad
        array([2., 4., 6.], dtype=float32)
    """

    # Defaults live on the class, so that making a Tensor stores one attribute, not four.
    grad: np.ndarray | None = None
    requires_grad: bool = False
    node: Node | None = None

    __array_ufunc__ = None  # `array * tensor` asks the Tensor, instead of making an array of Tensors

    def __init__(self, data: Any, requires_grad: bool = False) -> None:
        self.data = data if type(data) is np.ndarray else as_array(data)
        if requires_grad:
            if self.data.dtype.kind != "f":
                raise TypeError(
                    f"only floating-point Tensors can require a gradient, this one is {self.data.dtype}: "
                    "give it as floats, or convert it with .astype(np.float32)"
                )
            self.requires_grad = True

    @property
    def shape(self) -> tuple[int, ...]:
        return self.data.shape

    @property
    def dtype(self) -> np.dtype:
        return self.data.dtype

    @property
    def ndim(self) -> int:
        return self.data.ndim

    @property
    def is_leaf(self) -> bool:
        """True for a Tensor that was given rather than computed: the place where gradients end."""
        return self.node is None

    def numel(self) -> int:
        """Number of entries."""
        return self.data.size

    def item(self) -> float | int | bool:
        """The value as a Python number; only a Tensor with exactly one entry has one."""
        if self.data.size != 1:
            raise ValueError(f"item() needs exactly one entry, this Tensor has shape {self.shape}")
        return self.data.item()

    def tolist(self) -> Any:
        """The value as nested Python lists."""
        return self.data.tolist()

    def detach(self) -> Tensor:
        """The same array (not a copy) without its history."""
        return Tensor(self.data)

    def numpy(self) -> np.ndarray:
        """The same array (not a copy); a Tensor that requires a gradient must be detached first."""
        if self.requires_grad:
            raise RuntimeError("numpy() would lose this Tensor's history: call .detach().numpy()")
        return self.data

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.array(self.numpy(), dtype=dtype, copy=copy)

    def __len__(self) -> int:
        if self.ndim == 0:
            raise TypeError("a Tensor of one number has no length")
        return len(self.data)

    def __bool__(self) -> bool:
        return bool(self.item())

    def __float__(self) -> float:
        return float(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __repr__(self) -> str:
        values = np.array2string(self.data, precision=4, suppress_small=False, separator=", ", prefix="tensor(")
        history = ", requires_grad=True" if self.requires_grad else ""
        if self.node is not None:
            history = f", grad_fn=<{self.node.name}>"
        dtype = "" if self.dtype in (np.float32, np.int64, np.bool_) else f", dtype={self.dtype}"
        return f"tensor({values}{dtype}{history})"

    @np.errstate(all="ignore")  # numbers overflow to inf and become NaN without NumPy's warnings, as in PyTorch
    def backward(self, gradient: Any = None) -> None:
        """Add ∂L/∂x to `x.grad` for every leaf x that this Tensor was computed from.

        Args:
            gradient: ∂L/∂(this), of this Tensor's shape. A Tensor with one entry may leave it out:
                it is then L itself, and ∂L/∂L = 1.

        Raises:
            RuntimeError: nothing here requires a gradient; the gradient is missing; or a part of the
                tape was already used and freed by an earlier backward().
            ValueError: the gradient has another shape.

        Nothing is changed when an error is raised.
        """
        g = self._seed(gradient)
        if self.node is None:
            self.grad = g.copy() if self.grad is None else np.asarray(self.grad + g)
            return
        tape = _tape_of(self.node)
        self.node.grad = g
        for node in tape:  # latest first: whoever used this node's output has already sent its gradient here
            g, node.grad = node.grad, None
            for x, vjp in node.edges:
                gx = vjp(g)
                if type(gx) is not np.ndarray or gx.shape != x.data.shape or gx.dtype != x.data.dtype:
                    gx = _fitted(gx, x, node)
                home = x.node or x  # where ∂L/∂x is gathered: a leaf keeps it, a node passes it on
                if home.grad is not None:  # a sum over all uses of x. Never in place: other places may hold that array
                    home.grad = np.asarray(home.grad + gx)  # NumPy's sum of arrays of one number is no array
                elif home is x and (gx is g or gx.base is not None):  # a leaf's gradient is its own array
                    home.grad = gx.copy()
                else:
                    home.grad = gx
            node.edges = None  # this node's saved arrays are not needed again: free them at once

    def _seed(self, gradient: Any) -> np.ndarray:
        if not self.requires_grad:
            raise RuntimeError(
                "backward() from a Tensor that needs no gradient: nothing it was computed from has requires_grad=True"
            )
        if gradient is None:
            if self.data.size != 1:
                raise RuntimeError(
                    f"backward() starts from one number, this Tensor has shape {self.shape}: reduce it with "
                    ".sum() or .mean(), or pass gradient= with that shape"
                )
            return np.array(1, self.dtype).reshape(self.shape)
        g = np.asarray(gradient.data if isinstance(gradient, Tensor) else gradient, dtype=self.dtype)
        if g.shape != self.shape:
            raise ValueError(f"backward() expected a gradient of shape {self.shape}, got {g.shape}")
        return g


class Parameter(Tensor):
    """A Tensor that a Module learns: it requires a gradient, and `Module.parameters` finds it."""

    def __init__(self, data: Any, requires_grad: bool = True) -> None:
        super().__init__(data.data if isinstance(data, Tensor) else data, requires_grad)


class Node:
    """One entry of the tape: which rule ran, and how a gradient flows back to each input.

    Creation order is a topological order of the graph (nothing is used before it exists), so
    `number` alone sorts the tape.
    """

    __slots__ = ("edges", "grad", "name", "number")
    _count = itertools.count()

    def __init__(self, name: str, edges: list[tuple[Tensor, Callable]]) -> None:
        self.name = name
        self.edges: list[tuple[Tensor, Callable]] | None = edges  # only the inputs that need a gradient
        self.grad: np.ndarray | None = None  # ∂L/∂(this node's output), while backward() runs
        self.number = next(Node._count)


def differentiable(rule: Callable[..., tuple[Any, Sequence[Callable | None]]]) -> Callable[..., Tensor]:
    """Lift a rule on arrays to Tensors, and record every use of it on the tape.

    The rule returns `(y, vjps)`, the vjps in the order of its arguments; None, or leaving out the
    last ones, says that an argument has no derivative (labels, axes). A vjp returns a new array, or g
    itself, or a view. Arguments before a `*` in the signature may be Tensors, those after are options.

    The rule itself stays reachable, undecorated, as `.rule`. Lifted, it gives inf and NaN where numbers
    overflow or are undefined, as PyTorch does, without NumPy's warnings.

    Raises:
        TypeError: an argument is a list or a number where the rule needs an array.

    Example:
        >>> @differentiable
        ... def square(x):
        ...     return x * x, (lambda g: 2 * x * g,)
        >>> x = Tensor([3.0], requires_grad=True)
        >>> square(x).backward()
        >>> x.grad
        array([6.], dtype=float32)
    """
    signature = inspect.signature(rule)
    positional = [p for p in signature.parameters.values() if p.kind is p.POSITIONAL_OR_KEYWORD]
    name, names = rule.__name__, {p.name for p in positional}
    silently = np.errstate(all="ignore")(rule)

    @functools.wraps(rule)
    def lifted(*args: Any, **options: Any) -> Tensor:
        if options and not names.isdisjoint(options):
            args, options = _positional_first(args, options, positional)
        arrays = [a.data if isinstance(a, Tensor) else a for a in args]
        try:
            y, vjps = rule(*arrays, **options) if _state.quiet else silently(*arrays, **options)
        except (AttributeError, TypeError, ValueError) as error:
            _not_an_array(name, error, arrays, positional)
            raise
        out = Tensor(y)
        if _state.recording:
            edges = []
            for x, vjp in itertools.zip_longest(args, vjps):
                if isinstance(x, Tensor) and x.requires_grad:
                    if vjp is None:
                        _no_derivative(name, args, x, positional)
                    edges.append((x, vjp))
            if edges:
                out.node, out.requires_grad = Node(name, edges), True
        return out

    lifted.rule = rule
    return lifted


class no_grad:
    """Inside `with no_grad():`, or in a function decorated with `@no_grad()`, nothing is recorded.

    Use it to evaluate a model: no tape, no saved arrays. It holds for the thread that enters it.

    Example:
        >>> x = Tensor([1.0], requires_grad=True)
        >>> with no_grad():
        ...     y = x * 2
        >>> y.requires_grad
        False
    """

    def __enter__(self) -> None:
        self._before, _state.recording = _state.recording, False

    def __exit__(self, *error: object) -> None:
        _state.recording = self._before

    def __call__(self, function: Callable) -> Callable:
        @functools.wraps(function)
        def silent(*args: Any, **kwargs: Any) -> Any:
            with no_grad():
                return function(*args, **kwargs)

        return silent


def quiet(function: Callable) -> Callable:
    """Switch NumPy's warnings off once for all the rules that a function uses, instead of once for each.

    Saves 0.4 µs a rule: 3 % of the time that a small network takes for one example.
    """
    silently = np.errstate(all="ignore")(function)

    @functools.wraps(function)
    def outermost(*args: Any, **options: Any) -> Any:
        if _state.quiet:
            return function(*args, **options)
        _state.quiet = True
        try:
            return silently(*args, **options)
        finally:
            _state.quiet = False

    return outermost


def tensor(data: Any, *, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """A Tensor with its own copy of `data`; Python floats become float32, as in PyTorch.

    Example:
        >>> tensor([[1.0, 2.0], [3.0, 4.0]]).shape
        (2, 2)
    """
    array = np.array(as_array(data.data if isinstance(data, Tensor) else data), dtype=dtype)
    return Tensor(array, requires_grad)


def as_array(data: Any) -> np.ndarray:
    """`data` as a NumPy array of numbers: arrays keep their dtype, Python floats become float32."""
    if isinstance(data, Tensor):
        raise TypeError("this is a Tensor already: use it as it is, or its .detach()")
    try:
        array = np.asarray(data)
    except ValueError as error:
        raise ValueError(f"cannot make an array of this: {error}") from None
    if array.dtype.kind not in "fiub":
        raise TypeError(f"a Tensor holds real numbers, got {type(data).__name__} of dtype {array.dtype}")
    if array.dtype == np.float64 and not isinstance(data, np.ndarray | np.generic):
        return array.astype(np.float32)
    return array


class _State(threading.local):
    """What holds for the thread that computes."""

    recording = True  # but not inside of no_grad
    quiet = False  # but inside of a quiet function


_state = _State()


def _positional_first(args: tuple, options: dict, positional: list[inspect.Parameter]) -> tuple[tuple, dict]:
    """Move keyword arguments that may be Tensors to their positions: linear(x, w, bias=b) -> linear(x, w, b)."""
    filled, options = list(args), dict(options)
    last = max((i for i, p in enumerate(positional) if p.name in options), default=-1)
    for parameter in positional[len(args) : last + 1]:
        if parameter.name not in options and parameter.default is parameter.empty:
            break  # left to Python's own message about the missing argument
        filled.append(options.pop(parameter.name, parameter.default))
    return tuple(filled), options


def _not_an_array(rule: str, error: Exception, arrays: Sequence, positional: list[inspect.Parameter]) -> None:
    """Say it plainly when a rule asked a list for its shape, or was given a tensor of PyTorch's."""
    for parameter, argument in zip(positional, arrays, strict=False):
        name = parameter.name
        if hasattr(argument, "detach"):
            raise TypeError(
                f"{rule} takes nnlib.numpy's Tensors and arrays, but {name!r} is PyTorch's "
                f"{type(argument).__name__}: give {name}.detach().numpy()"
            ) from None
        if argument is getattr(error, "obj", error) and not isinstance(argument, np.ndarray):
            raise TypeError(
                f"{rule} takes Tensors and arrays, but {name!r} is a {type(argument).__name__}: "
                f"make it an array first, as in np.array({name})"
            ) from None


def _no_derivative(rule: str, args: Sequence, argument: Any, positional: list[inspect.Parameter]) -> None:
    name = next(p.name for a, p in zip(args, positional, strict=False) if a is argument)
    raise TypeError(f"{rule} has no derivative with respect to {name!r}: pass it without requires_grad")


def _tape_of(last: Node) -> list[Node]:
    """Every node that `last` depends on, latest first."""
    found, stack = {last.number: last}, [last]
    while stack:
        node = stack.pop()
        if node.edges is None:
            raise RuntimeError(
                f"backward() a second time through the same {node.name!r}: its saved arrays were freed the first "
                "time. Compute the loss again, or add the losses and call backward() once"
            )
        for x, _ in node.edges:
            if x.node is not None and x.node.number not in found:
                found[x.node.number] = x.node
                stack.append(x.node)
    return [found[number] for number in sorted(found, reverse=True)]


def _fitted(gx: Any, x: Tensor, node: Node) -> np.ndarray:
    """A vjp's result as an array with x's dtype; its shape must be x's."""
    if gx.shape != x.data.shape:
        raise ValueError(
            f"{node.name}: the vjp of an input of shape {x.shape} returned shape {gx.shape}: they must be equal"
        )
    return np.asarray(gx, dtype=x.data.dtype)
