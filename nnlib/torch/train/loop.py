"""The loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from nnlib.torch import nn, optim
from nnlib.torch.train import failures
from nnlib.torch.train.checkpoints import Checkpoints, random_state, set_random_state
from nnlib.torch.train.data import batches, examples
from nnlib.torch.train.optimizer import adamw, learning_rate, set_learning_rate
from nnlib.torch.train.order import Order, each_once
from nnlib.torch.train.precision import autocast, scaler
from nnlib.torch.train.record import History, Record
from nnlib.torch.train.settings import Settings
from nnlib.torch.train.world import World


def fit(
    model: nn.Module,
    loss: Callable[[Any, Tensor], Tensor],
    data: Any,
    settings: Settings,
    *,
    validate: Any = None,
    optimizer: Callable[[nn.Module], optim.Optimizer] | None = None,
    world: World | None = None,
) -> History:
    """Train a model, from the beginning or from where its last checkpoint was kept.

    Args:
        model: maps the inputs of a batch to scores. It is moved to the device, and left there in training mode.
        loss: of the scores and the targets, one number: the mean over the batch.
        data: a Dataset of `nnlib.data` or of PyTorch, or `Windows` of a text. An example is an input and a target, or
            several inputs and a target.
        settings: everything else.
        validate: examples that are not in data; the loss on them chooses the best checkpoint.
        optimizer: makes one for the model; by default `adamw`. Its learning rates are those after the warm-up.
        world: the processes that train together; by default this one alone.

    Returns:
        The losses. On a CPU, the same seeds, data and number of threads give the same ones to the last bit, however
        often the run was killed and begun again.

    Raises:
        FloatingPointError: a loss or a gradient is NaN or infinite. No checkpoint is written after that.
        torch.OutOfMemoryError: a micro-batch does not fit into the memory.
        ValueError: the folder's checkpoint is damaged, or of another run; or there are too few examples.
        ImportError: a package that an option needs is missing.

    Example:
        >>> from nnlib.data import moons
        >>> from nnlib.torch import manual_seed, models
        >>> generator, model = manual_seed(0), models.MLP(2, 16, 2)
        >>> settings = Settings(steps=100, batch_size=20, lr=0.03, device="cpu", progress=False)
        >>> fit(model, nn.CrossEntropyLoss(), moons(200), settings).losses[-1] < 0.3
        True
    """
    world = World(settings.device) if world is None else world
    checkpoints = None if settings.folder is None else world.checkpoints(settings.folder)
    network = world.wrap(model.to(world.device))
    optimizer = adamw(model, settings) if optimizer is None else optimizer(model)
    scale = scaler(settings.precision, world.device)
    history = _resume(model, optimizer, scale, data, settings, world, checkpoints)

    def forward(x: list[Tensor], y: Tensor) -> Tensor:
        return loss(network(*x), y)

    if settings.compile:  # the loss too, so that its large intermediate results are never written out
        backend = settings.compile if isinstance(settings.compile, str) else "inductor"
        # Translations are counted by code; of the same code, the ninth network would silently not be translated.
        forward.__code__ = forward.__code__.replace()
        forward = torch.compile(forward, backend=backend)

    order = Order(
        len(examples(data)), settings.batch_size, seed=settings.seed, accumulate=settings.accumulate,
        rank=world.rank, size=world.size, start=len(history.losses),
    )  # fmt: skip
    feed = batches(data, order, world.device, settings.workers)
    network.train()

    with failures.explained(settings, checkpoints), Record(settings, world, history, scale) as record:
        for step in range(len(history.losses), settings.steps):
            if history.has_stalled(settings.patience):
                break
            set_learning_rate(optimizer, learning_rate(step, settings))
            error = torch.zeros((), device=world.device)
            for micro in range(settings.accumulate):
                *x, y = next(feed)
                with world.accumulating(network, last=micro == settings.accumulate - 1):
                    with autocast(settings.precision, world.device):
                        part = forward(x, y) / settings.accumulate
                    scale.scale(part).backward()
                error += part.detach()
            scale.unscale_(optimizer)
            norm = world.clip(model, settings.clip)
            scale.step(optimizer)
            scale.update()
            optimizer.zero_grad()
            record.step(error, norm, optimizer.param_groups[0]["lr"])

            done, better = step + 1, False
            if _due(done, settings.evaluation_steps, settings):
                record.look()
                if validate is not None:
                    better = record.evaluate(done, evaluate(forward, network, validate, settings, world))
                record.draw()
            if checkpoints is not None and (better or _due(done, settings.saving_steps, settings)):
                record.look()  # what is not finite must not be kept
                progress = _progress(history, scale, data, settings, world)
                checkpoints.save(model, optimizer, progress, best=better)
    return history


@torch.no_grad()
def evaluate(
    forward: Callable[[list[Tensor], Tensor], Tensor], network: nn.Module, data: Any, settings: Settings, world: World
) -> float:
    """The mean loss over all examples, each process looking at its share of them."""
    network.eval()
    places, weights = each_once(len(examples(data)), settings.batch_size // settings.accumulate, world.rank, world.size)
    total = torch.zeros(2, device=world.device)  # of losses, of examples
    for (*x, y), weight in zip(batches(data, places, world.device, settings.workers), weights, strict=True):
        with autocast(settings.precision, world.device):
            mean = forward(x, y)
        total += weight * torch.stack([mean.float(), torch.ones_like(mean, dtype=torch.float32)])
    network.train()
    losses, count = world.sum(total).tolist()
    return losses / count


def _due(step: int, every: int, settings: Settings) -> bool:
    return step % every == 0 or step == settings.steps


def _order_of(data: Any, settings: Settings) -> dict[str, int]:
    """What the order of the examples depends on."""
    return {"examples": len(examples(data)), "batch_size": settings.batch_size, "seed": settings.seed}


def _progress(
    history: History, scale: torch.amp.GradScaler, data: Any, settings: Settings, world: World
) -> dict[str, Any]:
    """What a checkpoint holds besides model and optimizer."""
    return {
        "step": len(history.losses),  # gives the learning rate, and the place in the order of the examples
        "order": _order_of(data, settings),
        "history": history.state(),
        "scaler": scale.state_dict(),
        "random": world.gather(random_state(world.device)),
    }


def _resume(
    model: nn.Module,
    optimizer: optim.Optimizer,
    scale: torch.amp.GradScaler,
    data: Any,
    settings: Settings,
    world: World,
    checkpoints: Checkpoints | None,
) -> History:
    """Bring everything back to the last checkpoint, if there is one; the history up to there."""
    beginning = History(settings.evaluation_steps)
    if checkpoints is None or checkpoints.last() is None:
        return beginning
    if not settings.resume:
        raise ValueError(f"{checkpoints.last()} holds a run, which resume=False would overwrite: give another folder")
    progress = checkpoints.load(model, optimizer)
    if progress["order"] != (now := _order_of(data, settings)):
        raise ValueError(
            f"{checkpoints.last()} was kept by a run with {progress['order']}, this one has {now}: the examples would "
            "come in another order. Use the same, or give another folder to begin anew"
        )
    if scale.is_enabled() and progress["scaler"]:
        scale.load_state_dict(progress["scaler"])
    if world.rank < len(progress["random"]):
        set_random_state(progress["random"][world.rank], world.device)
    history = History.of(progress["history"])
    history.every = settings.evaluation_steps
    return history
