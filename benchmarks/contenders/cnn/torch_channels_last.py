"""PyTorch with the channels innermost in memory, which its convolutions like best."""

from __future__ import annotations

import torch

from benchmarks.contenders import Program
from benchmarks.contenders.cnn.torch import build as build_eager
from benchmarks.workloads.cnn import CNN


def build(workload: CNN) -> Program:
    """The workload in PyTorch, pictures in memory as (N, H, W, C)."""
    return build_eager(workload, torch.channels_last)
