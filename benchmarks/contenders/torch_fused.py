"""PyTorch with what its documentation recommends where nothing is compiled: fused SGD, inference mode."""

from __future__ import annotations

import torch

from benchmarks.contenders import Program
from benchmarks.contenders.torch import build as build_torch
from benchmarks.workloads import Workload


def build(workload: Workload) -> Program:
    """The workload in PyTorch, tuned."""
    return build_torch(workload, silent=torch.inference_mode, fused=True)
