"""PyTorch as its tutorials use it: modules, eager mode, its fused attention, every default."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn

from benchmarks.contenders import Program, training
from benchmarks.workloads import gpt

torch.set_num_threads(1)


class Attention(nn.Module):
    """Causal self-attention; with a cache, of one new position to all before it."""

    def __init__(self, d: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.out = (nn.Linear(d, d) for _ in range(4))

    def forward(self, x, cache=None):
        N, T, d = x.shape
        q, k, v = (part(x).view(N, T, self.heads, -1).transpose(1, 2) for part in (self.query, self.key, self.value))
        if cache is not None:
            k, v = cache[self] = [torch.cat(pair, dim=2) for pair in zip(cache[self], (k, v), strict=True)]
        y = F.scaled_dot_product_attention(q, k, v, is_causal=cache is None)
        return self.out(y.transpose(1, 2).reshape(N, T, d))


class Block(nn.Module):
    """Attention and a small network, each with a way around it."""

    def __init__(self, d: int, heads: int) -> None:
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(d), Attention(d, heads)
        self.norm2, self.expand, self.contract = nn.LayerNorm(d), nn.Linear(d, 4 * d), nn.Linear(4 * d, d)

    def forward(self, x, cache=None):
        x = x + self.attention(self.norm1(x), cache)
        return x + self.contract(F.gelu(self.expand(self.norm2(x)), approximate="tanh"))


class GPT(nn.Module):
    """The same network as nnlib's GPT; the head shares the embedding's weight."""

    def __init__(self, vocabulary: int, window: int, d: int, layers: int, heads: int) -> None:
        super().__init__()
        self.window = window
        self.embedding, self.position = nn.Embedding(vocabulary, d), nn.Embedding(window, d)
        self.blocks = nn.ModuleList(Block(d, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(d)

    def forward(self, ids, cache=None, start=0):
        x = self.embedding(ids) + self.position(torch.arange(start, start + ids.shape[1]))
        for block in self.blocks:
            x = block(x, cache)
        return F.linear(self.norm(x), self.embedding.weight)

    @torch.no_grad()
    def write(self, ids, use_cache):
        """Continue with the likeliest symbol until the window is full."""
        heads, d = self.blocks[0].attention.heads, self.embedding.weight.shape[1]
        empty = torch.zeros(len(ids), heads, 0, d // heads)
        cache = {block.attention: [empty, empty] for block in self.blocks} if use_cache else None
        while (T := ids.shape[1]) < self.window:
            logits = self(ids[:, -1:], cache, T - 1) if use_cache else self(ids)
            ids = torch.cat([ids, logits[:, -1].argmax(dim=1, keepdim=True)], dim=1)
        return ids


def model_of(workload: gpt.GPT) -> GPT:
    """The network with the workload's parameters."""
    model = GPT(**workload.sizes)
    with torch.no_grad():
        for p, value in zip(model.parameters(), workload.parameters, strict=True):
            p.copy_(torch.from_numpy(value))
    return model


def build(workload: gpt.GPT, prepare: Callable[[Callable], Any] = lambda function: function, **options: Any) -> Program:
    """The workload in PyTorch.

    Args:
        prepare: what is done to the function that computes the loss, such as torch.compile.
        options: of the optimizer.
    """
    model, x = model_of(workload), torch.from_numpy(workload.x)

    if workload.y is None:

        def write():
            return model.write(x, workload.cache)

        def first():
            with torch.no_grad():
                return [write().numpy(), model(write()).numpy()]

        return Program(write, first)

    y, parameters, loss_of = torch.from_numpy(workload.y.reshape(-1)), list(model.parameters()), nn.CrossEntropyLoss()
    optimizer = torch.optim.AdamW(parameters, lr=workload.lr, weight_decay=workload.weight_decay, **options)
    compared = [parameters[i] for i in workload.compared]
    run = prepare(lambda x, y: loss_of(model(x).flatten(0, 1), y))
    return training(lambda: run(x, y), compared, optimizer)
