"""Initial values for weights, written into a Parameter in place (hence the trailing underscore, as in PyTorch)."""

from __future__ import annotations

import math

import numpy as np

from nnlib.numpy.autograd import Tensor
from nnlib.numpy.random import generator

__all__ = [
    "calculate_gain", "constant_", "kaiming_normal_", "kaiming_uniform_", "normal_", "ones_", "orthogonal_",
    "trunc_normal_", "uniform_", "xavier_normal_", "xavier_uniform_", "zeros_",
]  # fmt: skip


def constant_(tensor: Tensor, val: float) -> Tensor:
    """Every entry is val."""
    return _fill(tensor, val)


def zeros_(tensor: Tensor) -> Tensor:
    """Every entry is 0: for biases. Weights of 0 would give every unit of a layer the same gradient for ever."""
    return _fill(tensor, 0)


def ones_(tensor: Tensor) -> Tensor:
    """Every entry is 1."""
    return _fill(tensor, 1)


def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0, *, rng: np.random.Generator | None = None) -> Tensor:
    """Each entry uniform between a and b.

    Example:
        >>> w = uniform_(Tensor(np.empty((2, 3))), -1, 1)
        >>> bool((abs(w.data) <= 1).all())
        True
    """
    if not a <= b:
        raise ValueError(f"uniform_: a is at most b, got {a} and {b}")
    return _fill(tensor, generator(rng).uniform(a, b, tensor.shape))


def normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0, *, rng: np.random.Generator | None = None) -> Tensor:
    """Each entry normally distributed."""
    return _fill(tensor, generator(rng).normal(mean, _checked("normal_", std), tensor.shape))


def trunc_normal_(
    tensor: Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    *,
    rng: np.random.Generator | None = None,
) -> Tensor:
    """Normally distributed, but never outside a … b (drawn again until inside).

    Raises:
        ValueError: a … b holds less than a hundredth of the distribution.
    """
    scale = _checked("trunc_normal_", std) * math.sqrt(2)
    inside = (math.erf((b - mean) / scale) - math.erf((a - mean) / scale)) / 2 if scale else float(a <= mean <= b)
    if not inside >= 0.01:
        raise ValueError(f"trunc_normal_: only {inside:.2%} of the normal distribution lies between {a} and {b}")
    rng = generator(rng)
    values = rng.normal(mean, std, tensor.shape)
    while (outside := (values < a) | (values > b)).any():
        values[outside] = rng.normal(mean, std, outside.sum())
    return _fill(tensor, values)


def xavier_uniform_(tensor: Tensor, gain: float = 1.0, *, rng: np.random.Generator | None = None) -> Tensor:
    """Uniform in ±gain √(6 / (fan_in + fan_out)): a compromise between keeping signals and keeping gradients.

    Shape: (out, in) or (out, in, kernel…).

    Source: Glorot and Bengio (2010).
    """
    bound = gain * math.sqrt(6 / sum(_fans(tensor)))
    return uniform_(tensor, -bound, bound, rng=rng)


def xavier_normal_(tensor: Tensor, gain: float = 1.0, *, rng: np.random.Generator | None = None) -> Tensor:
    """Normal with the standard deviation gain √(2 / (fan_in + fan_out)).

    Shape: (out, in) or (out, in, kernel…).

    Source: Glorot and Bengio (2010).
    """
    return normal_(tensor, 0, gain * math.sqrt(2 / sum(_fans(tensor))), rng=rng)


def kaiming_uniform_(
    tensor: Tensor,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    *,
    rng: np.random.Generator | None = None,
) -> Tensor:
    """Uniform in ±gain √(3 / fan_in): keeps the variance of the signal through (leaky) ReLU layers.

    Shape: (out, in) or (out, in, kernel…); fan_in is the number of inputs that one output sums.

    Args:
        a: the slope of the leaky ReLU that follows; √5 gives ±1/√fan_in, PyTorch's default for Linear.
        mode: "fan_in" keeps the variance of signals, "fan_out" that of gradients.
        nonlinearity: what follows, for `calculate_gain`.

    Source: He, Zhang, Ren and Sun (2015).
    """
    bound = math.sqrt(3) * _kaiming_std(tensor, a, mode, nonlinearity)
    return uniform_(tensor, -bound, bound, rng=rng)


def kaiming_normal_(
    tensor: Tensor,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    *,
    rng: np.random.Generator | None = None,
) -> Tensor:
    """Normal with the standard deviation gain / √fan_in; arguments as for `kaiming_uniform_`.

    Source: He, Zhang, Ren and Sun (2015).
    """
    return normal_(tensor, 0, _kaiming_std(tensor, a, mode, nonlinearity), rng=rng)


def orthogonal_(tensor: Tensor, gain: float = 1.0, *, rng: np.random.Generator | None = None) -> Tensor:
    """A random rotation times gain: rows (or columns, whichever are fewer) of length gain at right angles.

    Shape: (out, in) or (out, in, kernel…), taken as (out, the rest).

    Source: Saxe, McClelland and Ganguli (2014).
    """
    _fans(tensor)
    rows, columns = tensor.shape[0], math.prod(tensor.shape[1:])
    q, r = np.linalg.qr(generator(rng).standard_normal((max(rows, columns), min(rows, columns))))
    q *= np.sign(np.diag(r))  # makes every rotation equally likely, whatever signs the algorithm prefers
    return _fill(tensor, gain * (q if rows >= columns else q.T).reshape(tensor.shape))


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """By how much weights must be larger because of the activation that follows them.

    Args:
        nonlinearity: "linear", "sigmoid", "tanh", "relu" or "leaky_relu".
        param: the slope of the leaky ReLU, 0.01 by default.

    Example:
        >>> round(calculate_gain("relu"), 4)
        1.4142
    """
    if nonlinearity == "leaky_relu":
        return math.sqrt(2 / (1 + (0.01 if param is None else param) ** 2))
    gains = {"linear": 1.0, "sigmoid": 1.0, "tanh": 5 / 3, "relu": math.sqrt(2)}
    if nonlinearity not in gains:
        raise ValueError(f"calculate_gain knows {', '.join(map(repr, gains))} and 'leaky_relu', not {nonlinearity!r}")
    return gains[nonlinearity]


def _kaiming_std(tensor: Tensor, a: float, mode: str, nonlinearity: str) -> float:
    fan_in, fan_out = _fans(tensor)
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f"kaiming: mode is 'fan_in' or 'fan_out', got {mode!r}")
    return calculate_gain(nonlinearity, a) / math.sqrt(fan_in if mode == "fan_in" else fan_out)


def _fans(tensor: Tensor) -> tuple[int, int]:
    """How many inputs one output of this weight sums, and how many outputs one input goes to."""
    if tensor.ndim < 2 or 0 in tensor.shape:
        raise ValueError(f"a weight has shape (out, in, ...), got {tensor.shape}: fan_in is undefined")
    out, n, *kernel = tensor.shape
    return n * math.prod(kernel), out * math.prod(kernel)


def _checked(name: str, std: float) -> float:
    if not std >= 0:
        raise ValueError(f"{name}: std is 0 or more, got {std}")
    return std


def _fill(tensor: Tensor, values: np.ndarray | float) -> Tensor:
    if not isinstance(tensor, Tensor):
        raise TypeError(f"initial values are written into a Parameter or Tensor, got {type(tensor).__name__}")
    if isinstance(values, np.ndarray) and tensor.dtype.kind != "f":
        raise TypeError(f"random values have fractions, a Tensor of {tensor.dtype} has no place for them")
    tensor.data[...] = values
    return tensor
