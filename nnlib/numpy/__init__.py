"""The NumPy engine: every derivative by hand, nothing but NumPy, small enough to read.

To read it, begin with `functional/linear.py`, then `autograd.py`, `nn/module.py`, `nn/linear.py`,
`optim/sgd.py`. Names, defaults and layouts are PyTorch's; `nnlib.torch` offers the same ones.
"""

import sys

from nnlib.numpy import (
    functional,
    init,
    models,
    nn,
    ops,  # noqa: F401  (attaches the operators to Tensor)
    optim,
)
from nnlib.numpy.autograd import Node, Tensor, no_grad, tensor
from nnlib.numpy.memory import keep_freed_memory, release_links
from nnlib.numpy.random import manual_seed

keep_freed_memory()
if sys.platform == "emscripten":  # Python in a browser
    Node.__del__ = release_links

__all__ = ["Tensor", "functional", "init", "manual_seed", "models", "nn", "no_grad", "optim", "tensor"]
