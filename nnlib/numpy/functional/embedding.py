"""Embedding: a row of a table for each number."""

from __future__ import annotations

import numpy as np

from nnlib.numpy.autograd import differentiable


@differentiable
def embedding(ids, weight, padding_idx=None):
    """Look up rows of a table: y[…] = weight[ids[…]].

    It is the product of one-hot rows with the weight, without the zeros. So ∂L/∂weight[k] is the sum of g over all
    places where ids is k: the same row may have been used many times.

    Shape: ids of any shape, weight (V, D) -> (*ids.shape, D).

    Args:
        padding_idx: a row that stands for "nothing here" and gets no gradient.

    Raises:
        TypeError: the ids are not whole numbers.
        ValueError: an id is not a row of the table.

    Example:
        >>> table = np.array([[0.0, 0.0], [1.0, 2.0], [3.0, 4.0]])
        >>> embedding(np.array([2, 2, 1]), table).data
        array([[3., 4.],
               [3., 4.],
               [1., 2.]])

    Source: Bengio, Ducharme, Vincent and Jauvin (2003).
    """
    if weight.ndim != 2:
        raise ValueError(f"embedding: weight has shape (V, D), got {weight.shape}")
    V, D = weight.shape
    if ids.dtype.kind not in "iu":
        raise TypeError(f"embedding looks up whole numbers, got {ids.dtype}: convert with .astype(np.int64)")
    if ids.size and not (0 <= ids.min() and ids.max() < V):
        raise ValueError(f"embedding: ids must lie between 0 and {V - 1}, got {ids.min()} to {ids.max()}")
    if padding_idx is not None and not -V <= padding_idx < V:
        raise ValueError(f"embedding: padding_idx must be one of {V} rows, got {padding_idx}")

    def d_weight(g):
        flat, d = ids.reshape(-1), np.zeros_like(weight)
        if flat.size:
            order = np.argsort(flat, kind="stable")  # equal ids stand together then, and are added in one call
            used, first = np.unique(flat[order], return_index=True)
            d[used] = np.add.reduceat(g.reshape(-1, D)[order], first, axis=0)
        if padding_idx is not None:
            d[padding_idx] = 0
        return d

    return weight[ids], (None, d_weight)
