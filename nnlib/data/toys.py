"""Toy problems: small enough to see, hard enough that a straight line fails.

Each returns n examples with what is to be predicted; `noise` is the standard deviation of the Gaussian noise.
The classes of `moons`, `circles`, `spirals` and `xor` are points x (n, 2) of the plane, class after class, and the
noise is added to both coordinates; `sine` is a curve, and the noise is added to its height. Shuffle before training
in batches (`split`, `batches` and `Loader` do).
"""

from __future__ import annotations

import numpy as np

from .dataset import Dataset


def moons(n: int = 200, noise: float = 0.1, seed: int = 0) -> Dataset:
    """Two interleaved half circles.

    With t from 0 to π in equal steps:
    class 0 is (cos t, sin t), class 1 is (1 - cos t, 1/2 - sin t).

    Example:
        >>> moons(4, noise=0).x.round(1).tolist()
        [[1.0, 0.0], [-1.0, 0.0], [0.0, 0.5], [2.0, 0.5]]
    """
    sizes = _class_sizes("moons", n, 2, noise)
    t, u = (np.linspace(0, np.pi, size) for size in sizes)
    curves = [np.stack([np.cos(t), np.sin(t)], axis=1), np.stack([1 - np.cos(u), 0.5 - np.sin(u)], axis=1)]
    return _dataset("moons", curves, noise, seed)


def circles(n: int = 200, noise: float = 0.1, seed: int = 0) -> Dataset:
    """A circle inside another.

    With t from 0 to 2π in equal steps: class 0 is (cos t, sin t), class 1 is (cos t, sin t) / 2.

    Example:
        >>> np.linalg.norm(circles(6, noise=0).x, axis=1).round(2).tolist()
        [1.0, 1.0, 1.0, 0.5, 0.5, 0.5]
    """
    sizes = _class_sizes("circles", n, 2, noise)
    curves = []
    for radius, size in zip((1.0, 0.5), sizes, strict=True):
        t = np.linspace(0, 2 * np.pi, size, endpoint=False)
        curves.append(radius * np.stack([np.cos(t), np.sin(t)], axis=1))
    return _dataset("circles", curves, noise, seed)


def spirals(n: int = 300, noise: float = 0.02, seed: int = 0, *, classes: int = 3) -> Dataset:
    """Spiral arms that wind around the origin, one per class.

    Class c of C is r (cos φ, sin φ), with r from 0.1 to 1 in equal steps and φ = 2π (c / C + 3 r / 4):
    three quarters of a turn from radius 0 to radius 1.

    Example:
        >>> spirals(300, classes=3)
        spirals: 300 examples of shape (2,), 3 classes (drawn from its equation, noise 0.02, seed 0)
    """
    if classes < 2:
        raise ValueError(f"spirals needs at least 2 classes, got {classes}")
    curves = []
    for c, size in enumerate(_class_sizes("spirals", n, classes, noise)):
        r = np.linspace(0.1, 1, size)
        angle = 2 * np.pi * (c / classes + 0.75 * r)
        curves.append(np.stack([r * np.cos(angle), r * np.sin(angle)], axis=1))
    return _dataset("spirals", curves, noise, seed)


def xor(n: int = 200, noise: float = 0.1, seed: int = 0) -> Dataset:
    """Exclusive or: class 1 where exactly one of the two inputs is 1.

    The examples lie at the corners (0, 0), (1, 1) in class 0 and (0, 1), (1, 0) in class 1, taken in turn.

    Example:
        >>> xor(4, noise=0).x.tolist(), xor(4, noise=0).y.tolist()
        ([[0.0, 0.0], [1.0, 1.0], [0.0, 1.0], [1.0, 0.0]], [0, 0, 1, 1])
    """
    corners = np.array([[[0, 0], [1, 1]], [[0, 1], [1, 0]]], dtype=float)
    sizes = _class_sizes("xor", n, 2, noise)
    curves = [corners[c][np.arange(size) % 2] for c, size in enumerate(sizes)]
    return _dataset("xor", curves, noise, seed)


def sine(n: int = 100, noise: float = 0.1, seed: int = 0) -> Dataset:
    """A curve to follow: y = sin x for x from -π to π in equal steps.

    Shape: x (n, 1), y (n, 1).

    Example:
        >>> sine(5, noise=0).y.round().ravel().tolist()
        [-0.0, -1.0, 0.0, 1.0, 0.0]
    """
    _check("sine", n, 2, "examples", noise)
    x = np.linspace(-np.pi, np.pi, n)[:, None]
    y = np.sin(x) + noise * np.random.default_rng(seed).standard_normal((n, 1))
    return Dataset(
        x=x.astype(np.float32),
        y=y.astype(np.float32),
        class_names=(),
        name="sine",
        source=_origin(noise, seed),
        feature_names=("x",),
        target_name="sin x",
    )


def _check(name: str, n: int, least: int, what: str, noise: float) -> None:
    if not isinstance(n, int | np.integer):
        raise TypeError(f"{name}: n is a whole number, got {n!r}")
    if n < least:
        raise ValueError(f"{name} needs at least {least} {what}, got n = {n}")
    if not noise >= 0:
        raise ValueError(f"{name}: noise is a standard deviation, at least 0; got {noise}")


def _origin(noise: float, seed: int) -> str:
    return f"drawn from its equation, noise {noise}, seed {seed}"


def _class_sizes(name: str, n: int, classes: int, noise: float) -> list[int]:
    """How many of the n examples each class gets: equal shares, the first classes one more if need be."""
    _check(name, n, classes, "examples, one per class", noise)
    return [n // classes + (c < n % classes) for c in range(classes)]


def _dataset(name: str, curves: list[np.ndarray], noise: float, seed: int) -> Dataset:
    x = np.concatenate(curves)
    x = x + noise * np.random.default_rng(seed).standard_normal(x.shape)
    return Dataset(
        x=x.astype(np.float32),
        y=np.repeat(np.arange(len(curves)), [len(curve) for curve in curves]),
        class_names=tuple(f"class {c}" for c in range(len(curves))),
        name=name,
        source=_origin(noise, seed),
        feature_names=("x1", "x2"),
    )
