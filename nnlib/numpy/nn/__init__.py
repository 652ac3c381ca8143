"""Layers: modules own the state, `functional` owns the mathematics."""

from nnlib.numpy.autograd import Parameter
from nnlib.numpy.nn.activations import ReLU, Sigmoid, Softmax, Tanh
from nnlib.numpy.nn.linear import Flatten, Linear
from nnlib.numpy.nn.losses import CrossEntropyLoss, MSELoss
from nnlib.numpy.nn.module import Module, Sequential

__all__ = [
    "CrossEntropyLoss", "Flatten", "Linear", "MSELoss", "Module", "Parameter", "ReLU", "Sequential", "Sigmoid",
    "Softmax", "Tanh",
]  # fmt: skip
