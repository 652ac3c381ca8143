"""The optimizers of `nnlib.numpy.optim`, as PyTorch has them."""

from torch.optim import SGD, Adagrad, Adam, AdamW, Optimizer, RMSprop

from nnlib.torch.optim import lr_scheduler

__all__ = ["SGD", "Adagrad", "Adam", "AdamW", "Optimizer", "RMSprop", "lr_scheduler"]
