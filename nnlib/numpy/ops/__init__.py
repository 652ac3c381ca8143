"""The primitive rules (add, mul, matmul, sum, reshape, indexing, …) and the operators of `Tensor`.

Each rule is a forward with its derivatives directly below it. Where NumPy broadcast an argument on
the way forward, its gradient is summed over the copies on the way back: `unbroadcast`, in `common.py`,
does this for every rule.

`dim` and `keepdim` are PyTorch's names for NumPy's `axis` and `keepdims`.
"""

from nnlib.numpy.ops import operators  # noqa: F401  (attaches the operators to Tensor)
from nnlib.numpy.ops.elementwise import (
    abs,
    add,
    clamp,
    cos,
    div,
    exp,
    log,
    maximum,
    minimum,
    mul,
    neg,
    pow,
    sin,
    sqrt,
    sub,
    where,
)  # fmt: skip
from nnlib.numpy.ops.erf import erf
from nnlib.numpy.ops.matmul import matmul
from nnlib.numpy.ops.reductions import amax, amin, mean, sum, var
from nnlib.numpy.ops.shape import (
    broadcast_to,
    cat,
    flatten,
    getitem,
    permute,
    reshape,
    squeeze,
    stack,
    swapaxes,
    unsqueeze,
)  # fmt: skip

__all__ = [
    "abs", "add", "amax", "amin", "broadcast_to", "cat", "clamp", "cos", "div", "erf", "exp", "flatten", "getitem",
    "log", "matmul", "maximum", "mean", "minimum", "mul", "neg", "permute", "pow", "reshape", "sin", "sqrt", "squeeze",
    "stack", "sub", "sum", "swapaxes", "unsqueeze", "var", "where",
]  # fmt: skip
