"""PyTorch with model and loss in one compiled function; torch.compile needs a C++ compiler."""

from __future__ import annotations

import torch

from benchmarks.contenders import Program
from benchmarks.contenders.mlp.torch_functional import build as build_functional
from benchmarks.workloads.mlp import MLP


def build(workload: MLP) -> Program:
    """The workload in PyTorch, compiled."""
    torch._dynamo.reset()  # what was compiled for other workloads must not slow this one
    return build_functional(workload, prepare=torch.compile)
