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
from nnlib.numpy.nn.attention import MultiheadAttention
from nnlib.numpy.nn.containers import ModuleList, Sequential
from nnlib.numpy.nn.conv import Conv1d, Conv2d, ConvTranspose2d
from nnlib.numpy.nn.dropout import Dropout
from nnlib.numpy.nn.embedding import Embedding
from nnlib.numpy.nn.gated import SwiGLU
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
from nnlib.numpy.nn.norm import BatchNorm1d, BatchNorm2d, GroupNorm, LayerNorm, RMSNorm
from nnlib.numpy.nn.pooling import AdaptiveAvgPool2d, AvgPool2d, MaxPool1d, MaxPool2d
from nnlib.numpy.nn.positions import LearnedPositions, SinusoidalPositions
from nnlib.numpy.nn.recurrent import GRU, LSTM, RNN, GRUCell, LSTMCell, RNNCell
from nnlib.numpy.nn.transformer import TransformerDecoderLayer, TransformerEncoderLayer

__all__ = [
    "AdaptiveAvgPool2d", "AvgPool2d", "BCEWithLogitsLoss", "BatchNorm1d", "BatchNorm2d", "Conv1d", "Conv2d",
    "ConvTranspose2d", "CrossEntropyLoss", "Dropout", "ELU", "Embedding", "Flatten", "GELU", "GRU", "GRUCell",
    "GroupNorm", "HuberLoss", "Identity", "KLDivLoss", "L1Loss", "LSTM", "LSTMCell", "LayerNorm", "LeakyReLU",
    "LearnedPositions", "Linear", "LogSoftmax", "MSELoss", "MaxPool1d", "MaxPool2d", "Module", "ModuleList",
    "MultiheadAttention", "NLLLoss", "Parameter", "RMSNorm", "RNN", "RNNCell", "ReLU", "Sequential", "SiLU",
    "Sigmoid", "SinusoidalPositions", "Softmax", "Softplus", "SwiGLU", "Tanh", "TransformerDecoderLayer",
    "TransformerEncoderLayer", "utils",
]  # fmt: skip
