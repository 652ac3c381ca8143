"""The optimizers of `nnlib.numpy.optim`, as PyTorch has them."""

from torch.optim import SGD

__all__ = ["SGD"]
