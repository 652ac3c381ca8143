"""The PyTorch engine: the names of `nnlib.numpy`, on PyTorch and so on the GPU.

What `torch` already has is re-exported, not rewritten. A program that keeps to these names
changes one import to move here:

    import nnlib.numpy as nnl      # by hand, NumPy
    import nnlib.torch as nnl      # the same program on PyTorch

`nnlib.torch.train` trains a model: checkpoints, mixed precision, one process or many (`nnlib.torch.distributed`).

Weights move both ways: `numpy_model.load_state_dict(torch_model.state_dict())`, and
`torch_model.load_state_dict(nnlib.torch.tensors(numpy_model.state_dict()))`.
"""

from torch import Tensor, manual_seed, no_grad, tensor

from nnlib.torch import functional, init, models, nn, optim
from nnlib.torch.state import tensors

__all__ = ["Tensor", "functional", "init", "manual_seed", "models", "nn", "no_grad", "optim", "tensor", "tensors"]
