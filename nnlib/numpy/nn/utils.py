"""Clipping: what to do with gradients that are too long, before the optimizer sees them."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from nnlib.numpy.autograd import Tensor

__all__ = ["clip_grad_norm_", "clip_grad_value_"]


def clip_grad_norm_(
    parameters: Tensor | Iterable[Tensor],
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
) -> Tensor:
    """Shorten all gradients together to the length max_norm, in place, if they are longer: the direction stays.

    Args:
        norm_type: p of the norm (Σ |g|ᵖ)^(1/p) over all entries of all gradients; math.inf takes the largest.

    Returns:
        The length before clipping.

    Raises:
        ValueError: max_norm is not 0 or more.
        RuntimeError: the length is NaN or infinite, and error_if_nonfinite is set. Nothing is changed then.

    Example:
        >>> w = Tensor([3.0, 4.0], requires_grad=True)
        >>> (w * w).sum().backward()
        >>> clip_grad_norm_(w, 1.0)
        tensor(10.)
        >>> w.grad.round(4)
        array([0.6, 0.8], dtype=float32)

    Source: Pascanu, Mikolov and Bengio (2013).
    """
    if not max_norm >= 0:
        raise ValueError(f"clip_grad_norm_: max_norm is 0 or more, got {max_norm}")
    gradients, norm_type = _gradients(parameters), float(norm_type)
    if not gradients:
        return Tensor(0.0)
    with np.errstate(all="ignore"):
        lengths = np.stack([np.linalg.norm(g.reshape(-1), norm_type) for g in gradients])
        length = np.linalg.norm(lengths, norm_type)
        if error_if_nonfinite and not math.isfinite(length):
            raise RuntimeError(f"clip_grad_norm_: the gradients' norm is {length}: look for NaN or inf in the loss")
        factor = np.minimum(max_norm / (length + 1e-6), 1)  # NaN stays NaN
        for g in gradients:
            g *= factor
    return Tensor(np.asarray(length))


def clip_grad_value_(parameters: Tensor | Iterable[Tensor], clip_value: float) -> None:
    """Cut every entry of every gradient off at ±clip_value, in place: the direction may change.

    Raises:
        ValueError: clip_value is not 0 or more.

    Example:
        >>> w = Tensor([0.1, 4.0], requires_grad=True)
        >>> (w * w).sum().backward()
        >>> clip_grad_value_(w, 0.5)
        >>> w.grad
        array([0.2, 0.5], dtype=float32)
    """
    if not clip_value >= 0:
        raise ValueError(f"clip_grad_value_: clip_value is 0 or more, got {clip_value}")
    for g in _gradients(parameters):
        np.clip(g, -clip_value, clip_value, out=g)


def _gradients(parameters: Tensor | Iterable[Tensor]) -> list[np.ndarray]:
    parameters = [parameters] if isinstance(parameters, Tensor) else parameters
    return [p.grad for p in parameters if p.grad is not None]
