"""PyTorch with model and loss compiled, and a fused optimizer; torch.compile needs a C++ compiler."""

from __future__ import annotations

import torch

from benchmarks.contenders import Program
from benchmarks.contenders.lstm.torch import build as build_eager
from benchmarks.workloads.lstm import LSTM


def build(workload: LSTM) -> Program:
    """The workload in PyTorch, compiled."""
    torch._dynamo.reset()  # what was compiled for other workloads must not slow this one
    return build_eager(workload, prepare=torch.compile, fused=True)
