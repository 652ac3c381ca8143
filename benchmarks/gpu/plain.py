"""The plain contenders: what one writes who follows nanoGPT's published settings, or trains a ResNet without a library.

Settings: github.com/karpathy/nanoGPT (A. Karpathy, 2022), train.py: micro-batches of 12, 40 of them in a step,
bfloat16 by autocast, TF32, compiled model, fused AdamW with weight decay on matrices alone (.1; betas .9 and .95),
clipping at 1, no biases, one product for queries, keys and values, the loss fetched in every step.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class PlainBlock(nn.Module):
    """Attention and a small network, as in GPT-2."""

    def __init__(self, d: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(d, bias=False), nn.LayerNorm(d, bias=False)
        self.qkv, self.out = nn.Linear(d, 3 * d, bias=False), nn.Linear(d, d, bias=False)
        self.expand, self.contract = nn.Linear(d, 4 * d, bias=False), nn.Linear(4 * d, d, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        N, T, d = x.shape
        q, k, v = (a.view(N, T, self.heads, -1).transpose(1, 2) for a in self.qkv(self.norm1(x)).split(d, dim=2))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(y.transpose(1, 2).reshape(N, T, d))
        return x + self.contract(F.gelu(self.expand(self.norm2(x)), approximate="tanh"))


class PlainGPT(nn.Module):
    """GPT-2 with its loss, beginning with the weights of a `nnlib.torch.models.GPT`."""

    def __init__(self, gpt: nn.Module) -> None:
        super().__init__()
        vocabulary, d = gpt.embedding.weight.shape
        self.embedding, self.position = nn.Embedding(vocabulary, d), nn.Embedding(gpt.window, d)
        self.blocks = nn.ModuleList(PlainBlock(d, block.attention.heads) for block in gpt.blocks)
        self.norm = nn.LayerNorm(d, bias=False)
        with torch.no_grad():
            self.embedding.weight.copy_(gpt.embedding.weight)
            self.position.weight.copy_(gpt.position.weight)
            for own, theirs in zip(self.blocks, gpt.blocks, strict=True):
                a = theirs.attention
                own.qkv.weight.copy_(torch.cat([a.query.weight, a.key.weight, a.value.weight]))
                own.out.weight.copy_(a.out.weight)
                own.expand.weight.copy_(theirs.expand.weight)
                own.contract.weight.copy_(theirs.contract.weight)

    def forward(self, ids: Tensor, target: Tensor) -> Tensor:
        x = self.embedding(ids) + self.position(torch.arange(ids.shape[1], device=ids.device))
        for block in self.blocks:
            x = block(x)
        logits = F.linear(self.norm(x), self.embedding.weight)
        return F.cross_entropy(logits.view(-1, logits.shape[-1]), target.view(-1))


def language_step(
    model: nn.Module, tokens: Tensor, T: int, micro: int, accumulate: int, device: torch.device, compile: str
) -> Callable[[], float]:
    """A function that does one step, and returns its loss."""
    model = model.to(device)
    groups = [
        {"params": [p for p in model.parameters() if p.ndim >= 2], "weight_decay": 0.1},
        {"params": [p for p in model.parameters() if p.ndim < 2], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=6e-4, betas=(0.9, 0.95), fused=device.type == "cuda")
    network = torch.compile(model, backend=compile)

    def batch() -> tuple[Tensor, Tensor]:
        begins = torch.randint(len(tokens) - T, (micro,)).tolist()
        x = torch.stack([tokens[i : i + T].long() for i in begins])
        y = torch.stack([tokens[i + 1 : i + 1 + T].long() for i in begins])
        if device.type == "cuda":
            return tuple(a.pin_memory().to(device, non_blocking=True) for a in (x, y))
        return x, y

    def step() -> float:
        for _ in range(accumulate):
            x, y = batch()
            with torch.autocast(device.type, torch.bfloat16):
                loss = network(x, y) / accumulate
            loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        return loss.item() * accumulate

    return step


def picture_step(model: nn.Module, x: Tensor, y: Tensor, size: int, device: torch.device) -> Callable[[], None]:
    """One step on pictures: channels last, bfloat16 by autocast, SGD with momentum, nothing compiled."""
    model = model.to(device, memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4)

    def step() -> None:
        places = torch.randint(len(x), (size,), device=x.device)
        images = x[places].to(memory_format=torch.channels_last)
        with torch.autocast(device.type, torch.bfloat16):
            loss = F.cross_entropy(model(images), y[places])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()

    return step
