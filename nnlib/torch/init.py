"""The initializers of `nnlib.numpy.init`, as PyTorch has them."""

from torch.nn.init import kaiming_uniform_, uniform_

__all__ = ["kaiming_uniform_", "uniform_"]
