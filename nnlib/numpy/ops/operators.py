"""What makes `a + b`, `x[0]` and `x.sum()` work: the rules, attached to `Tensor` as operators and methods."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnlib.numpy.autograd import Tensor
from nnlib.numpy.ops.common import plain
from nnlib.numpy.ops.elementwise import abs, add, clamp, div, exp, log, mul, neg, pow, sqrt, sub
from nnlib.numpy.ops.matmul import matmul
from nnlib.numpy.ops.reductions import amax, amin, mean, sum, var
from nnlib.numpy.ops.shape import broadcast_to, flatten, getitem, permute, reshape, squeeze, swapaxes, unsqueeze


def _compare(ufunc: Callable) -> Callable:
    def compare(self: Tensor, other: Any) -> Tensor:
        return Tensor(np.asarray(ufunc(self.data, plain(other))))

    return compare


def _shape_method(function: Callable) -> Callable:
    """t.reshape(2, 3) and t.reshape((2, 3)) are the same."""

    def method(self: Tensor, *sizes: Any) -> Tensor:
        given_as_one = len(sizes) == 1 and isinstance(sizes[0], tuple | list)
        return function(self, tuple(sizes[0]) if given_as_one else sizes)

    return method


def _index(key: Any) -> Any:
    return tuple(map(plain, key)) if isinstance(key, tuple) else plain(key)


Tensor.__add__ = Tensor.__radd__ = add
Tensor.__sub__, Tensor.__rsub__ = sub, lambda self, other: sub(other, self)
Tensor.__mul__ = Tensor.__rmul__ = mul
Tensor.__truediv__, Tensor.__rtruediv__ = div, lambda self, other: div(other, self)
Tensor.__matmul__, Tensor.__rmatmul__ = matmul, lambda self, other: matmul(other, self)
Tensor.__pow__, Tensor.__neg__ = pow, neg
Tensor.__getitem__ = lambda self, key: getitem(self, _index(key))
Tensor.__eq__, Tensor.__ne__ = _compare(np.equal), _compare(np.not_equal)
Tensor.__lt__, Tensor.__le__ = _compare(np.less), _compare(np.less_equal)
Tensor.__gt__, Tensor.__ge__ = _compare(np.greater), _compare(np.greater_equal)
Tensor.__hash__ = object.__hash__  # by identity: == compares entries

Tensor.exp, Tensor.log, Tensor.sqrt, Tensor.abs, Tensor.clamp, Tensor.pow = exp, log, sqrt, abs, clamp, pow
Tensor.sum, Tensor.mean, Tensor.var, Tensor.amax, Tensor.amin = sum, mean, var, amax, amin
Tensor.reshape = Tensor.view = _shape_method(reshape)
Tensor.permute, Tensor.expand = _shape_method(permute), _shape_method(broadcast_to)
Tensor.transpose, Tensor.flatten, Tensor.squeeze, Tensor.unsqueeze = swapaxes, flatten, squeeze, unsqueeze
Tensor.T = property(lambda self: permute(self, tuple(reversed(range(self.ndim)))))
Tensor.mT = property(lambda self: swapaxes(self, -1, -2))
Tensor.argmax = lambda self, dim=None, keepdim=False: Tensor(
    np.asarray(self.data.argmax(axis=dim, keepdims=keepdim and dim is not None))
)
