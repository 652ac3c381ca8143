"""Whole networks: what a chapter ends with."""

from nnlib.torch.models.charrnn import CharRNN
from nnlib.torch.models.gpt import GPT
from nnlib.torch.models.lenet import LeNet
from nnlib.torch.models.llama import Llama
from nnlib.torch.models.mlp import MLP
from nnlib.torch.models.resnet import ResNet
from nnlib.torch.models.seq2seq import Seq2Seq
from nnlib.torch.models.transformer import Transformer

__all__ = ["CharRNN", "GPT", "LeNet", "Llama", "MLP", "ResNet", "Seq2Seq", "Transformer"]
