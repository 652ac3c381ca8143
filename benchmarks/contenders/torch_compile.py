"""PyTorch with the model compiled (torch.compile needs a C++ compiler), fused SGD and inference mode."""

from __future__ import annotations

import torch

from benchmarks.contenders import Program
from benchmarks.contenders.torch import build as build_torch
from benchmarks.workloads import Workload


def build(workload: Workload) -> Program:
    """The workload in PyTorch, compiled."""
    torch._dynamo.reset()  # what was compiled for other workloads must not slow this one
    return build_torch(workload, prepare=torch.compile, silent=torch.inference_mode, fused=True)
