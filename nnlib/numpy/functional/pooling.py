"""Pooling: one number for each window of a picture, its largest or its mean. No weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nnlib.numpy.autograd import differentiable
from nnlib.numpy.functional.windows import Windows, inside, outside, pair, row


@differentiable
def max_pool2d(x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    """The largest entry of each window: y[n, c, i, j] = max x[n, c, s·i + d·u, s·j + d·v] over u, v.

    ∂L/∂x: the largest entry gets all of g, the others nothing. Of equal ones the first gets it, row by row.

    Shape: x (N, C, H, W) -> (N, C, H', W'), with H' as in `conv2d`.

    Args:
        kernel_size: the window's size; a number, or one for each direction, as all that follow.
        stride: the step between windows; by default the window's size, so that they do not overlap.
        padding: how far windows reach over the borders, at most half their size; what lies there is never the largest.
        dilation: the step between the entries of a window.
        ceil_mode: whether a last window may be cut by the border, instead of left out.

    Raises:
        ValueError: the shapes do not fit.

    Example:
        >>> max_pool2d(np.array([[[[1.0, 7.0, 3.0, 4.0], [5.0, 6.0, 3.0, 0.0]]]]), 2).data
        array([[[[7., 4.]]]])

    Source: Riesenhuber and Poggio (1999).
    """
    at = _windows("max_pool2d", x, kernel_size, stride, padding, dilation, ceil_mode)
    padded = at.pad(x, -np.inf)
    places = [place for _, _, place in at.entries()]
    y = padded[places[0]]
    for place in places[1:]:
        y = np.maximum(y, padded[place])

    def d_x(g):
        g, d = inside(g), np.zeros_like(padded)
        waiting = np.ones(y.shape, bool)  # the windows whose largest entry has not come yet
        for place in places:
            first = (padded[place] == y) & waiting
            waiting ^= first
            if at.apart:  # nothing to add up: 1.5 times as fast
                np.multiply(g, first, out=d[place])
            else:
                d[place] += g * first
        return at.unpad(d)

    return outside(y), (d_x,)


@differentiable
def avg_pool2d(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    """The mean of each window: y[n, c, i, j] = (1/k) Σ x[n, c, s·i + u, s·j + v] over u, v, with k entries in a window.

    ∂L/∂x: every entry of a window gets g / k.

    Shape: x (N, C, H, W) -> (N, C, H', W'), with H' as in `conv2d`.

    Args:
        kernel_size, stride, padding, ceil_mode: as in `max_pool2d`.
        count_include_pad: whether the zeros of the padding count as entries.

    Raises:
        ValueError: the shapes do not fit.

    Example:
        >>> avg_pool2d(np.array([[[[1.0, 7.0, 3.0, 4.0], [5.0, 6.0, 3.0, 0.0]]]]), 2).data
        array([[[[4.75, 2.5 ]]]])

    Source: LeCun et al. (1989).
    """
    at = _windows("avg_pool2d", x, kernel_size, stride, padding, 1, ceil_mode)
    padded = at.pad(x)
    share = (1 / _counted(at, count_include_pad)).astype(x.dtype)  # (H', W', 1)
    y = share * sum(padded[place] for _, _, place in at.entries())

    def d_x(g):
        g, d = share * inside(g), np.zeros_like(padded)
        for _, _, place in at.entries():
            d[place] += g
        return at.unpad(d)

    return outside(y), (d_x,)


@differentiable
def adaptive_avg_pool2d(x, output_size):
    """The mean over windows chosen so that the result has a given size, whatever the size of x.

    Output (i, j) is the mean of rows ⌊iH/H'⌋ … ⌈(i + 1)H/H'⌉ − 1, and of columns likewise. That is linear in the rows
    and in the columns: Y = P X Qᵀ, and so ∂L/∂X = Pᵀ G Q.

    Shape: x (N, C, H, W) -> (N, C, H', W').

    Args:
        output_size: (H', W'), or one number for both; None in a place keeps that size. 1 is *global average pooling*.

    Raises:
        ValueError: x is not a batch of pictures, or the size is not positive.

    Example:
        >>> adaptive_avg_pool2d(np.array([[[[1.0, 7.0, 3.0, 5.0]]]]), (1, 2)).data
        array([[[[4., 4.]]]])

    Source: Lin, Chen and Yan (2014) for the global one.
    """
    _check("adaptive_avg_pool2d", x)
    sizes = output_size if isinstance(output_size, Sequence) else (output_size, output_size)
    if len(sizes) != 2 or not all(isinstance(n, int | np.integer | None) for n in sizes):
        raise ValueError(f"adaptive_avg_pool2d: output_size is a whole number, or (H', W'), got {output_size!r}")
    rows, columns = sizes
    P, Q = _means(x.shape[2], rows, x.dtype), _means(x.shape[3], columns, x.dtype)

    def d_x(g):
        return P.T @ g @ Q

    return P @ x @ Q.T, (d_x,)


@differentiable
def max_pool1d(x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    """The largest entry of each window of a sequence: `max_pool2d` of pictures one row high.

    Shape: x (N, C, T) -> (N, C, T').

    Raises:
        ValueError: the shapes do not fit.

    Example:
        >>> max_pool1d(np.array([[[1.0, 7.0, 3.0, 4.0]]]), 2).data
        array([[[7., 4.]]])

    Source: Waibel et al. (1989) for windows over time; Riesenhuber and Poggio (1999) for the maximum.
    """
    if x.ndim != 3:
        raise ValueError(f"max_pool1d expected x of shape (N, C, T), got {x.shape}")
    kernel = row("kernel_size", kernel_size, 1)
    step = kernel if stride is None else row("stride", stride, 1)
    options = kernel, step, row("padding", padding, 0), row("dilation", dilation, 1)
    y, (d_x,) = max_pool2d.rule(x[:, :, None], *options, ceil_mode)
    return y[:, :, 0], (lambda g: d_x(g[:, :, None])[:, :, 0],)


def _check(name: str, x: np.ndarray) -> None:
    if x.ndim != 4:
        hint = f": one picture is a batch of one, x[None] of shape {(1, *x.shape)}" if x.ndim == 3 else ""
        raise ValueError(f"{name} expected x of shape (N, C, H, W), got {x.shape}{hint}")
    if x.dtype.kind != "f":
        raise TypeError(f"{name} needs floating-point numbers, got {x.dtype}: convert with .astype(np.float32)")


def _windows(
    name: str,
    x: np.ndarray,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None,
    padding: int | Sequence[int],
    dilation: int | Sequence[int],
    ceil_mode: bool,
) -> Windows:
    _check(name, x)
    kernel, reach = pair("kernel_size", kernel_size), pair("padding", padding)
    if any(2 * p > k for p, k in zip(reach, kernel, strict=True)):
        raise ValueError(f"{name}: padding {reach} must be at most half the window {kernel}")
    return Windows(x.shape[2:], kernel, kernel if stride is None else stride, reach, dilation, ceil_mode)


def _counted(at: Windows, count_include_pad: bool) -> np.ndarray:
    """How many entries each window's mean is over: (H', W', 1)."""
    counts = []
    for n, b, k, s, out in zip(at.size, at.before, at.kernel, at.stride, at.out, strict=True):
        begin = np.arange(out) * s - b
        first, last = (-b, n + b) if count_include_pad else (0, n)  # what reaches over the padding never counts
        counts.append(np.minimum(begin + k, last) - np.maximum(begin, first))
    return np.multiply.outer(*counts)[:, :, None]


def _means(size: int, out: int | None, dtype: np.dtype) -> np.ndarray:
    """The matrix (out, size) that turns `size` numbers into `out` means."""
    out = size if out is None else out
    if out < 1:
        raise ValueError(f"adaptive_avg_pool2d: the size of the output must be at least 1, got {out}")
    i, place = np.arange(out)[:, None], np.arange(size)
    member = (place >= i * size // out) & (place < -((i + 1) * size // -out))
    return (member / member.sum(axis=1, keepdims=True)).astype(dtype)
