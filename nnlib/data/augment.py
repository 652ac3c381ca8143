"""Augmentation: pictures changed at random in ways that leave their meaning as it is.

Every function takes pictures x, (N, H, W) or (N, C, H, W), and returns new ones of the same dtype; x stays as it is.
Each picture gets a draw of its own, the same for all its channels. `rng` is a NumPy generator, which moves on from
batch to batch; or a seed, which gives the same draws each time. Change the training part alone, and a batch at a time:

    for x, y in Loader(train, 32):
        x = random_shift(random_flip(x, rng=rng), 2, rng=rng)

Whether the meaning stays is for you to know: a mirrored cat is a cat, a mirrored 3 is no 3.
"""

from __future__ import annotations

import numpy as np


def random_flip(x: np.ndarray, p: float = 0.5, *, rng: np.random.Generator | int) -> np.ndarray:
    """Mirror each picture, left to right, with probability p.

    y[n, ..., i, j] = x[n, ..., i, W - 1 - j] where the coin falls so, else x[n, ..., i, j]

    Raises:
        ValueError: x is no batch of pictures, or p is no probability.

    Example:
        >>> random_flip(np.array([[[1.0, 2.0, 3.0]]]), p=1, rng=0).tolist()
        [[[3.0, 2.0, 1.0]]]
    """
    _check("random_flip", x)
    if not 0 <= p <= 1:
        raise ValueError(f"random_flip: p is a probability, from 0 to 1; got {p}")
    mirrored = np.random.default_rng(rng).random(len(x)) < p
    return np.where(_each(mirrored, x), x[..., ::-1], x)


def random_crop(
    x: np.ndarray, size: int | tuple[int, int], padding: int = 0, fill: float = 0, *, rng: np.random.Generator | int
) -> np.ndarray:
    """Cut a window out of each picture, at a place of its own, after padding all around.

    y[n, ..., i, j] = x̂[n, ..., top_n + i, left_n + j], x̂ being x with `padding` pixels more on each side, which hold
    `fill`; top_n and left_n are uniform over all places at which the window lies within x̂.

    Args:
        x: pictures.
        size: (height, width) of the window, or one number for a square.
        padding: pixels to add on each side first.
        fill: what those hold.
        rng: a generator or a seed.

    Shape: x (N, ..., H, W), result (N, ..., height, width).

    Raises:
        ValueError: x is no batch of pictures, size is neither one whole number nor two, or the window is larger than
            the padded picture.

    Example:
        >>> random_crop(np.arange(9.0).reshape(1, 3, 3), 2, rng=0).tolist()
        [[[4.0, 5.0], [7.0, 8.0]]]
    """
    _check("random_crop", x)
    _check_whole("random_crop", "padding", padding)
    if np.shape(size) not in ((), (2,)) or np.asarray(size).dtype.kind not in "iu":
        raise ValueError(f"random_crop: size is a whole number, or (height, width), got {size!r}")
    height, width = np.broadcast_to(size, 2)
    rows, columns = x.shape[-2] + 2 * padding, x.shape[-1] + 2 * padding
    if not (1 <= height <= rows and 1 <= width <= columns):
        raise ValueError(
            f"random_crop: a window of {height}×{width} does not fit into pictures of {x.shape[-2]}×{x.shape[-1]} with "
            f"padding {padding}: take at most {rows}×{columns}"
        )
    rng = np.random.default_rng(rng)
    tops = rng.integers(0, rows - height + 1, len(x))
    lefts = rng.integers(0, columns - width + 1, len(x))
    padded = _pad(x, padding, fill)
    y = np.empty((*x.shape[:-2], height, width), x.dtype)
    for picture, source, top, left in zip(y, padded, tops, lefts, strict=True):
        picture[...] = source[..., top : top + height, left : left + width]
    return y


def random_shift(x: np.ndarray, most: int, fill: float = 0, *, rng: np.random.Generator | int) -> np.ndarray:
    """Move each picture by up to `most` pixels up or down and left or right; what is moved in holds `fill`.

    y[n, ..., i, j] = x[n, ..., i - a_n, j - b_n], a_n and b_n uniform from -most to most: a crop of the same size out
    of the picture with that much padding.

    Raises:
        ValueError: x is no batch of pictures, or most is negative.

    Example:
        >>> random_shift(np.arange(1.0, 10).reshape(1, 3, 3), 1, rng=0).tolist()
        [[[4.0, 5.0, 6.0], [7.0, 8.0, 9.0], [0.0, 0.0, 0.0]]]
    """
    _check("random_shift", x)
    _check_whole("random_shift", "most", most)
    return random_crop(x, x.shape[-2:], most, fill, rng=rng)


def random_rotation(x: np.ndarray, most: float, fill: float = 0, *, rng: np.random.Generator | int) -> np.ndarray:
    """Turn each picture about its centre by an angle that is uniform from -most to most, in degrees.

    Raises:
        TypeError: x does not hold floats.
        ValueError: x is no batch of pictures, or most is negative.

    Example:
        >>> random_rotation(np.ones((2, 5, 5)), 10, rng=0)[:, 2, 2].tolist()
        [1.0, 1.0]
    """
    _check("random_rotation", x)
    if not 0 <= most < np.inf:
        raise ValueError(f"random_rotation: most is an angle in degrees, at least 0; got {most}")
    return rotate(x, np.random.default_rng(rng).uniform(-most, most, len(x)), fill)


def rotate(x: np.ndarray, degrees: float | np.ndarray, fill: float = 0) -> np.ndarray:
    """Turn each picture about its centre, counterclockwise; what is turned in holds `fill`.

    A pixel of the result at (u, v) from the centre, u to the right and v down, is looked up where it was before:

    (u', v') = (u cos θ - v sin θ, u sin θ + v cos θ)

    That place lies between four pixels, a share s from the left ones to the right and t from the upper ones down:

    y = (1 - t) ((1 - s) upper left + s upper right) + t ((1 - s) lower left + s lower right)

    Args:
        x: pictures of floats.
        degrees: the angle θ, one number or one for each picture.
        fill: what lies around the picture.

    Raises:
        TypeError: x does not hold floats.
        ValueError: x is no batch of pictures, or there is neither one angle nor one for each.

    Example:
        >>> rotate(np.array([[[1.0, 2.0], [3.0, 4.0]]]), 90).round(6).tolist()
        [[[2.0, 4.0], [1.0, 3.0]]]
    """
    _check("rotate", x, floats=True)
    degrees = np.asarray(degrees, np.float64)
    if degrees.shape not in ((), (len(x),)) or not np.isfinite(degrees).all():
        raise ValueError(
            f"rotate: degrees has shape {degrees.shape}: give one finite number, or one for each of {len(x)} pictures"
        )
    height, width = x.shape[-2:]
    angle = np.broadcast_to(np.radians(degrees), len(x))[:, None, None]
    v, u = np.mgrid[:height, :width] - np.array([height - 1, width - 1]).reshape(2, 1, 1) / 2
    column = u * np.cos(angle) - v * np.sin(angle) + (width - 1) / 2  # (N, H, W), as are all below
    row = u * np.sin(angle) + v * np.cos(angle) + (height - 1) / 2

    padded = _pad(x, 2, fill)  # two pixels of fill around, so that every place outside has four neighbours too
    row, column = np.clip(row, -2, height) + 2, np.clip(column, -2, width) + 2
    top, left = np.floor(row).astype(int), np.floor(column).astype(int)
    t, s = ((place - low).astype(x.dtype) for place, low in ((row, top), (column, left)))
    y = np.empty_like(x)
    for n, picture in enumerate(padded):
        i, j = top[n], left[n]
        upper = (1 - s[n]) * picture[..., i, j] + s[n] * picture[..., i, j + 1]
        lower = (1 - s[n]) * picture[..., i + 1, j] + s[n] * picture[..., i + 1, j + 1]
        y[n] = (1 - t[n]) * upper + t[n] * lower
    return y


def random_noise(x: np.ndarray, std: float, *, rng: np.random.Generator | int) -> np.ndarray:
    """Add normal noise: y = x + std ε, every ε drawn from N(0, 1). Values may leave the range of x.

    Raises:
        TypeError: x does not hold floats.
        ValueError: x is no batch of pictures, or std is negative.

    Example:
        >>> random_noise(np.zeros((1, 1, 2)), 0.1, rng=0).round(3).tolist()
        [[[0.013, -0.013]]]
    """
    _check("random_noise", x, floats=True)
    if not 0 <= std < np.inf:
        raise ValueError(f"random_noise: std is a standard deviation, at least 0; got {std}")
    return x + (std * np.random.default_rng(rng).standard_normal(x.shape)).astype(x.dtype)


def cutout(x: np.ndarray, size: int, fill: float = 0, *, rng: np.random.Generator | int) -> np.ndarray:
    """Cover a square of each picture with `fill`, so that no single part of it is enough to know it by.

    The square's place is uniform among all at which its middle pixel lies in the picture: near the border less of it is
    seen.

    Raises:
        ValueError: x is no batch of pictures, or size is negative.

    Example:
        >>> cutout(np.ones((1, 4, 4)), 2, rng=0)[0].astype(int).tolist()
        [[1, 1, 1, 1], [1, 1, 1, 1], [1, 0, 0, 1], [1, 0, 0, 1]]

    Source: T. DeVries and G. W. Taylor (2017), Improved Regularization of Convolutional Neural Networks with Cutout,
    arXiv:1708.04552.
    """
    _check("cutout", x)
    _check_whole("cutout", "size", size)
    rng = np.random.default_rng(rng)
    covered = []
    for length in x.shape[-2:]:
        begin = rng.integers(0, length, len(x))[:, None] - size // 2
        place = np.arange(length)
        covered.append((begin <= place) & (place < begin + size))  # (N, length)
    rows, columns = covered
    square = rows[:, :, None] & columns[:, None, :]
    return np.where(square if x.ndim == 3 else square[:, None], np.asarray(fill, x.dtype), x)


def mixup(
    x: np.ndarray, y: np.ndarray, alpha: float = 0.2, *, classes: int | None = None, rng: np.random.Generator | int
) -> tuple[np.ndarray, np.ndarray]:
    """Mix each example with one that is drawn from the batch, and its target with that one's, in the same proportion.

    x'_n = λ_n x_n + (1 - λ_n) x_m,   y'_n = λ_n y_n + (1 - λ_n) y_m

    m is the place of n in a random order, λ_n is drawn from Beta(α, α): for small α near 0 or 1, for α = 1 uniform.

    Args:
        x: examples (N, ...) of floats, pictures or others.
        y: classes (N,), integers that become probabilities (N, K); or numbers or probabilities (N, K), floats.
        alpha: α, above 0.
        classes: K, needed where y holds classes.
        rng: a generator or a seed.

    Returns:
        x' and y', in the dtype of x.

    Raises:
        TypeError: x does not hold floats, or y is neither classes nor floats (N, K).
        ValueError: the lengths differ, alpha is not positive, or a class is not below `classes`.

    Example:
        >>> x, y = mixup(np.array([[0.0], [1.0]]), np.array([0, 1]), alpha=1, classes=2, rng=0)
        >>> bool((x[:, 0] == y[:, 1]).all()), y.sum(axis=1).tolist()
        (True, [1.0, 1.0])

    Source: H. Zhang, M. Cisse, Y. N. Dauphin and D. Lopez-Paz (2018), mixup: Beyond Empirical Risk Minimization, ICLR,
    arXiv:1710.09412.
    """
    if not isinstance(x, np.ndarray) or x.dtype.kind != "f" or x.ndim == 0:
        raise TypeError(f"mixup: x is an array (N, ...) of floats, got {_what(x)}")
    if not isinstance(y, np.ndarray) or (y.dtype.kind, y.ndim) not in {("i", 1), ("u", 1), ("f", 2)}:
        raise TypeError(f"mixup: y is classes, integers (N,), or floats (N, K); got {_what(y)}")
    if len(x) != len(y):
        raise ValueError(f"mixup: x has {len(x)} examples and y has {len(y)}: give one target per example")
    if not 0 < alpha < np.inf:
        raise ValueError(f"mixup: alpha is above 0, got {alpha}")
    if y.dtype.kind in "iu":
        if classes is None or (len(y) and not 0 <= y.min() <= y.max() < classes):
            raise ValueError(f"mixup: y holds classes, and `classes` says how many there are; got classes={classes}")
        y = np.eye(classes)[y]
    rng = np.random.default_rng(rng)
    share = rng.beta(alpha, alpha, len(x)).astype(x.dtype)
    other = rng.permutation(len(x))
    x_share, y_share = _each(share, x), share[:, None]
    return x_share * x + (1 - x_share) * x[other], (y_share * y + (1 - y_share) * y[other]).astype(x.dtype)


def _each(values: np.ndarray, x: np.ndarray) -> np.ndarray:
    """One value for each example, (N,), in a shape that meets x (N, ...)."""
    return values.reshape(-1, *[1] * (x.ndim - 1))


def _pad(x: np.ndarray, pixels: int, fill: float) -> np.ndarray:
    """The pictures with `pixels` more on each side."""
    around = [(0, 0)] * (x.ndim - 2) + [(pixels, pixels)] * 2
    return np.pad(x, around, constant_values=fill)


def _what(x: object) -> str:
    return f"{x.dtype} of shape {x.shape}" if isinstance(x, np.ndarray) else type(x).__name__


def _check(name: str, x: np.ndarray, floats: bool = False) -> None:
    if not isinstance(x, np.ndarray) or x.ndim not in (3, 4) or 0 in x.shape[1:]:
        raise ValueError(f"{name}: x is an array of pictures, (N, H, W) or (N, C, H, W); got {_what(x)}")
    if floats and x.dtype.kind != "f":
        raise TypeError(f"{name} computes with floats, got {x.dtype}: convert first, x.astype(np.float32)")


def _check_whole(name: str, argument: str, value: int) -> None:
    if not isinstance(value, int | np.integer) or value < 0:
        raise ValueError(f"{name}: {argument} is a number of pixels, whole and at least 0; got {value!r}")
