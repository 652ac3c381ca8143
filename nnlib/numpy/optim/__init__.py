"""Optimizers: what to do with a gradient. `lr_scheduler` has the schedules for their learning rates."""

from nnlib.numpy.optim import lr_scheduler
from nnlib.numpy.optim.adaptive import Adagrad, Adam, AdamW, RMSprop
from nnlib.numpy.optim.optimizer import Optimizer
from nnlib.numpy.optim.sgd import SGD

__all__ = ["SGD", "Adagrad", "Adam", "AdamW", "Optimizer", "RMSprop", "lr_scheduler"]
