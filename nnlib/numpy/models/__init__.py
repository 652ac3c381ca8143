"""Whole networks: what a chapter ends with."""

from nnlib.numpy.models.charrnn import CharRNN
from nnlib.numpy.models.gpt import GPT
from nnlib.numpy.models.lenet import LeNet
from nnlib.numpy.models.llama import Llama
from nnlib.numpy.models.mlp import MLP
from nnlib.numpy.models.resnet import ResNet
from nnlib.numpy.models.seq2seq import Seq2Seq
from nnlib.numpy.models.transformer import Transformer

__all__ = ["CharRNN", "GPT", "LeNet", "Llama", "MLP", "ResNet", "Seq2Seq", "Transformer"]
