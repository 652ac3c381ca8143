"""AdamW, which weights decay, and the learning rate at each step."""

from __future__ import annotations

import math
from typing import Any

from nnlib.torch import nn, optim
from nnlib.torch.train.settings import Settings


def decay_groups(model: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """The parameters in two groups: matrices and kernels, which decay, and the rest, which does not.

    Decay draws a weight to 0 unless the gradient holds against it. For a matrix this prefers the smaller of two
    explanations. A bias or a norm's shift has no such meaning, the scale of a norm belongs near 1, and the
    row of an embedding gets gradients only when its symbol or position occurs, but would decay at every step: what is
    rare would be forgotten.

    Example:
        >>> model = nn.Sequential(nn.Embedding(9, 4), nn.LayerNorm(4), nn.Linear(4, 2))
        >>> [(len(group["params"]), group["weight_decay"]) for group in decay_groups(model, 0.1)]
        [(1, 0.1), (4, 0.0)]

    Source: Loshchilov and Hutter (2019).
    """
    tables = nn.Embedding | nn.LearnedPositions
    embeddings = {id(m.weight) for m in model.modules() if isinstance(m, tables)}
    parameters = [p for p in model.parameters() if p.requires_grad]  # a shared one comes once
    decaying = [p for p in parameters if p.ndim >= 2 and id(p) not in embeddings]
    kept = [p for p in parameters if p.ndim < 2 or id(p) in embeddings]
    groups = [{"params": decaying, "weight_decay": weight_decay}, {"params": kept, "weight_decay": 0.0}]
    return [group for group in groups if group["params"]]


def adamw(model: nn.Module, settings: Settings) -> optim.Optimizer:
    """AdamW over the two groups; on a GPU fused, one kernel for all parameters.

    Raises:
        ValueError: the model has nothing to learn.
    """
    groups = decay_groups(model, settings.weight_decay)
    if not groups:
        raise ValueError(f"{type(model).__name__} has no parameters that can be trained")
    fused = all(p.is_cuda for group in groups for p in group["params"])
    return optim.AdamW(groups, lr=settings.lr, betas=settings.betas, fused=fused)


def learning_rate(step: int, settings: Settings) -> float:
    r"""The share of its full learning rate that step `step`, counted from 0, gets.

    $(t + 1)/w$ for the w steps of the warm-up, while Adam's averages fill; then
    $f + (1 - f)\,(1 + \cos \pi s)/2$, where s goes from 0 to 1 over the remaining steps, and f is `final_lr`.

    Example:
        >>> settings = Settings(steps=6, batch_size=1, warm_up=2, final_lr=0.1)
        >>> [round(learning_rate(step, settings), 3) for step in range(6)]
        [0.5, 1.0, 1.0, 0.775, 0.325, 0.1]

    Source: the cosine: Loshchilov and Hutter (2017); the warm-up: Goyal et al. (2017).
    """
    if step < settings.warm_up:
        return (step + 1) / settings.warm_up
    done = (step - settings.warm_up) / max(1, settings.steps - settings.warm_up - 1)
    return settings.final_lr + (1 - settings.final_lr) * (1 + math.cos(math.pi * done)) / 2


def set_learning_rate(optimizer: optim.Optimizer, share: float) -> None:
    """Give each group its share of the learning rate that it began with."""
    for group in optimizer.param_groups:
        group["lr"] = share * group.setdefault("initial_lr", group["lr"])
