"""Layers: modules own the state, `functional` owns the mathematics."""

from nnlib.numpy.autograd import Parameter
from nnlib.numpy.nn import utils
from nnlib.numpy.nn.activations import (
    ELU,
    GELU,
    LeakyReLU,
    LogSoftmax,
    ReLU,
    Sigmoid,
    SiLU,
    Softmax,
    Softplus,
    Tanh,
)
from nnlib.numpy.nn.containers import ModuleList, Sequential
from nnlib.numpy.nn.dropout import Dropout
from nnlib.numpy.nn.linear import Flatten, Identity, Linear
from nnlib.numpy.nn.losses import (
    BCEWithLogitsLoss,
    CrossEntropyLoss,
    HuberLoss,
    KLDivLoss,
    L1Loss,
    MSELoss,
    NLLLoss,
)
from nnlib.numpy.nn.module import Module
from nnlib.numpy.nn.norm import BatchNorm1d, LayerNorm, RMSNorm

__all__ = [
    "BCEWithLogitsLoss", "BatchNorm1d", "CrossEntropyLoss", "Dropout", "ELU", "Flatten", "GELU", "HuberLoss",
    "Identity", "KLDivLoss", "L1Loss", "LayerNorm", "LeakyReLU", "Linear", "LogSoftmax", "MSELoss", "Module",
    "ModuleList", "NLLLoss", "Parameter", "RMSNorm", "ReLU", "Sequential", "SiLU", "Sigmoid", "Softmax", "Softplus",
    "Tanh", "utils",
]  # fmt: skip
