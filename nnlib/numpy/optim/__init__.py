"""Optimizers: what to do with a gradient."""

from nnlib.numpy.optim.sgd import SGD

__all__ = ["SGD"]
