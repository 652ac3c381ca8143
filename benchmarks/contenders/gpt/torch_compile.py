"""PyTorch with model and loss compiled, and a fused optimizer; torch.compile needs a C++ compiler.

To write, arrays keep their shapes, for which alone it compiles well: the window is full from the start.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F

from benchmarks.contenders import Program
from benchmarks.contenders.gpt.torch import build as build_eager
from benchmarks.contenders.gpt.torch import model_of
from benchmarks.workloads.gpt import GPT, HEADS


def build(workload: GPT) -> Program:
    """The workload in PyTorch, compiled."""
    torch._dynamo.reset()  # what was compiled for other workloads must not slow this one
    return build_eager(workload, prepare=torch.compile, fused=True) if workload.y is not None else writing(workload)


def writing(workload: GPT) -> Program:
    """The loop that writes, around a compiled model."""
    model, T = model_of(workload), workload.window
    whole, one = torch.compile(model), torch.compile(extend)

    @torch.inference_mode()
    def write():
        ids = torch.zeros(1, T, dtype=torch.int64)
        ids[:, :1] = torch.from_numpy(workload.x)
        cache = torch.zeros(workload.layers, 2, 1, HEADS, T, model.embedding.weight.shape[1] // HEADS)
        for t in torch.arange(T - 1):
            logits = one(model, ids[:, t, None], t[None], cache) if workload.cache else whole(ids)[:, t]
            ids[:, t + 1] = logits.argmax(dim=-1).view(1)
        return ids

    def first():
        with torch.no_grad():
            return [write().numpy(), model(write()).numpy()]

    return Program(write, first)


def extend(model, symbol, t, cache):
    """The logits of one symbol at position t, whose keys and values are put into the cache."""
    seen = (torch.arange(model.window) <= t)[None]
    x = model.embedding(symbol) + model.position(t)
    for block, kept in zip(model.blocks, cache, strict=True):
        part, h = block.attention, block.norm1(x)
        q, *new = (linear(h).view(1, HEADS, 1, -1) for linear in (part.query, part.key, part.value))
        for old, entry in zip(kept, new, strict=True):
            old.index_copy_(2, t, entry)
        x = x + part.out(F.scaled_dot_product_attention(q, kept[0], kept[1], seen).view(x.shape))
        x = x + block.contract(F.gelu(block.expand(block.norm2(x)), approximate="tanh"))
    return F.linear(model.norm(x), model.embedding.weight)
