"""Where the windows of a picture lie: what convolution and pooling share.

A kernel of (kh, kw) entries meets one *window* of the padded picture for each entry of its output. Window (i, j) holds
the entries (s·i + d·u, s·j + d·v), for u < kh and v < kw, with stride s and dilation d. Seen the other way round: the
kernel's entry (u, v) meets, in all windows together, a picture of its own, which is one slice of the padded picture.

In memory a padded picture lies as (C, H, W, N), with the batch innermost: moving a slice then copies long runs of
numbers. That made convolution twice as fast as with (N, C, H, W). Outside, shapes are PyTorch's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.lib.stride_tricks import as_strided

Pair = tuple[int, int]


class Windows:
    """The windows of pictures of one size.

    Args:
        size: (H, W).
        kernel, stride, dilation: a number, or one for each direction.
        padding: likewise; or "valid" for none, or "same" for as much as keeps the size (stride 1 only).
        ceil: whether a last window may begin inside and reach over the border.

    Attributes:
        out: (H', W'), how many windows there are in each direction.
        padded: (H, W) of the padded picture.
        apart: whether no entry of the picture is in two windows.

    Raises:
        ValueError: there is no window.
    """

    def __init__(
        self,
        size: Sequence[int],
        kernel: int | Sequence[int],
        stride: int | Sequence[int] = 1,
        padding: int | Sequence[int] | str = 0,
        dilation: int | Sequence[int] = 1,
        ceil: bool = False,
    ) -> None:
        self.kernel, self.stride, self.dilation = (
            pair("kernel", kernel),
            pair("stride", stride),
            pair("dilation", dilation),
        )
        if min(*self.kernel, *self.stride, *self.dilation) < 1:
            raise ValueError(
                f"kernel {self.kernel}, stride {self.stride} and dilation {self.dilation} must be at least 1"
            )
        span = [d * (k - 1) + 1 for d, k in zip(self.dilation, self.kernel, strict=True)]  # what one window covers
        self.before, self.after = self._padding(padding, span)
        room = [n + b + a for n, b, a in zip(size, self.before, self.after, strict=True)]
        out = [(r - k) // s + 1 for r, k, s in zip(room, span, self.stride, strict=True)]
        if ceil:  # one window more where entries are left over and it would begin inside
            begins = zip(out, self.stride, size, self.before, room, span, strict=True)
            out = [o + (o * s < n + b and (o - 1) * s + k < r) for o, s, n, b, r, k in begins]
        if min(out) < 1:
            raise ValueError(
                f"the kernel covers {tuple(span)}, more than the {tuple(room)} of the picture with its padding: "
                "use a smaller kernel or dilation, or more padding"
            )
        self.size, self.out = tuple(size), tuple(out)
        reach = [(o - 1) * s + k for o, s, k in zip(out, self.stride, span, strict=True)]
        self.padded = tuple(map(max, room, reach))
        self.apart = all(s >= k for s, k in zip(self.stride, span, strict=True))

    def _padding(self, padding: int | Sequence[int] | str, span: list[int]) -> tuple[Pair, Pair]:
        if padding == "valid":
            return (0, 0), (0, 0)
        if padding == "same":
            if self.stride != (1, 1):
                raise ValueError(f"padding 'same' keeps the size with stride 1 only, got stride {self.stride}")
            before = tuple((k - 1) // 2 for k in span)
            return before, tuple(k - 1 - b for k, b in zip(span, before, strict=True))
        if isinstance(padding, str):
            raise ValueError(f"padding is a number, a pair, 'valid' or 'same', got {padding!r}")
        before = pair("padding", padding)
        if min(before) < 0:
            raise ValueError(f"padding must not be negative, got {before}")
        return before, before

    def pad(self, x: np.ndarray, value: float = 0.0) -> np.ndarray:
        """(N, C, H, W) -> the padded picture (C, H, W, N); where there is nothing to pad, perhaps a view."""
        if self.padded == self.size:
            return inside(x)
        N, C, _, _ = x.shape
        padded = np.full((C, *self.padded, N), value, x.dtype)
        self._inner(padded)[...] = x.transpose(1, 2, 3, 0)
        return padded

    def unpad(self, padded: np.ndarray) -> np.ndarray:
        """The padded picture (C, H, W, N) -> (N, C, H, W), a view."""
        return outside(self._inner(padded))

    def _inner(self, padded: np.ndarray) -> np.ndarray:
        (top, left), (H, W) = self.before, self.size
        return padded[:, top : top + H, left : left + W]

    def of(self, padded: np.ndarray) -> np.ndarray:
        """All windows of the padded picture: (C, kh, kw, H', W', N), a view in which what windows share is shared."""
        C, _, _, N = padded.shape
        (sh, sw), (dh, dw), (c, h, w, n) = self.stride, self.dilation, padded.strides
        return as_strided(padded, (C, *self.kernel, *self.out, N), (c, dh * h, dw * w, sh * h, sw * w, n))

    def entries(self, rows: slice | None = None) -> Iterator[tuple[int, int, tuple]]:
        """For each entry (u, v) of the kernel, where it meets the padded picture, in these rows of windows."""
        first, last = (0, self.out[0]) if rows is None else (rows.start, rows.stop)
        (sh, sw), (dh, dw), (kh, kw) = self.stride, self.dilation, self.kernel
        for u in range(kh):
            down = slice(dh * u + sh * first, dh * u + sh * (last - 1) + 1, sh)
            for v in range(kw):
                yield u, v, (slice(None), down, slice(dw * v, dw * v + sw * (self.out[1] - 1) + 1, sw))


def inside(x: np.ndarray) -> np.ndarray:
    """(N, C, H, W) -> (C, H, W, N), one block of memory."""
    return np.ascontiguousarray(x.transpose(1, 2, 3, 0))


def outside(a: np.ndarray) -> np.ndarray:
    """(C, H, W, N) -> (N, C, H, W), a view."""
    return a.transpose(3, 0, 1, 2)


def pair(name: str, value: int | Sequence[int]) -> Pair:
    """One number for both directions, or one for each."""
    if isinstance(value, int | np.integer):
        return int(value), int(value)
    if isinstance(value, Sequence | np.ndarray) and len(value) == 2:
        first, second = value
        if isinstance(first, int | np.integer) and isinstance(second, int | np.integer):
            return int(first), int(second)
    raise ValueError(f"{name} is a whole number, or two, one for each direction; got {value!r}")


def row(name: str, value: int | Sequence[int] | str, least: int) -> Pair | str:
    """An option for sequences, as one for pictures one row high."""
    if isinstance(value, str):
        return value
    if isinstance(value, Sequence | np.ndarray):
        if len(value) != 1:
            raise ValueError(f"{name} is one whole number for a sequence, got {value!r}")
        (value,) = value
    return least, value
