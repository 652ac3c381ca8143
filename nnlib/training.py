"""The training loop that the chapters use, for a model of either engine.

`fit` is short on purpose: a chapter prints it. It needs only what both engines promise: a model that maps a batch to
scores, a loss, an optimizer, and batches from a `Loader`. Everything else here serves it: `predict` and `evaluate`
look at a model without changing it, `History` holds the curves.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnlib.data import Dataset


@dataclass
class History:
    """What a training run left behind: its learning curves, one value per epoch.

    Attributes:
        losses: "train" -> the mean over each epoch's batches, taken while the weights moved; "validation" -> the loss
            after each epoch, where there was something to validate on.
        accuracies: the same for the share of right classes; empty where the targets are numbers.

    Example:
        >>> History({"train": [2.3, 0.4]}, {"train": [0.1, 0.9]})
        2 epochs: train loss 2.3 -> 0.4, train accuracy 0.1 -> 0.9
    """

    losses: dict[str, list[float]] = field(default_factory=dict)
    accuracies: dict[str, list[float]] = field(default_factory=dict)

    def add(self, part: str, loss: float, accuracy: float) -> None:
        """Append one epoch's values to a part's curves; an accuracy that is NaN is left out."""
        self.losses.setdefault(part, []).append(float(loss))
        if not math.isnan(accuracy):
            self.accuracies.setdefault(part, []).append(float(accuracy))

    def __repr__(self) -> str:
        ends = [
            f"{part} {what} {curve[0]:.3g} -> {curve[-1]:.3g}"
            for what, curves in (("loss", self.losses), ("accuracy", self.accuracies))
            for part, curve in curves.items()
        ]
        return f"{len(self.losses.get('train', []))} epochs: {', '.join(ends)}"


def fit(
    model: Any,
    optimizer: Any,
    loss: Callable[[Any, Any], Any],
    train: Iterable[tuple[np.ndarray, np.ndarray]],
    *,
    epochs: int,
    validate: Dataset | None = None,
) -> History:
    """Train a model: for every batch a forward pass, a backward pass and a step.

    Model and optimizer come from the same engine, `nnlib.numpy` or `nnlib.torch`; the data are NumPy arrays for
    both. They are brought to the dtype and the device of the model's parameters.

    Args:
        model: maps a batch of examples to scores; it is left in training mode.
        optimizer: holds the model's parameters.
        loss: of the scores and the targets, one number: the mean over the batch.
        train: gives the batches of an epoch each time that it is looped over, such as a `Loader`.
        epochs: how many times.
        validate: examples that are not in train; after each epoch, the loss on them is recorded.

    Returns:
        The learning curves. The same model, data and seeds give the same ones.

    Raises:
        FloatingPointError: a loss or a gradient is NaN or infinite. The weights are then as they were before the
            batch that the message names, with the usual causes.
        ValueError: there is no epoch, no batch or no parameter, or the optimizer holds another model's parameters.
        TypeError: train gives no batches, validate is no Dataset, or a class stands where one of its kind should.

    Example:
        >>> from nnlib.data import Loader, moons
        >>> from nnlib.numpy import manual_seed, nn, optim
        >>> generator, data = manual_seed(0), moons(200)
        >>> model = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 2))
        >>> optimizer = optim.SGD(model.parameters(), lr=0.5)
        >>> history = fit(model, optimizer, nn.CrossEntropyLoss(), Loader(data, 20), epochs=20)
        >>> history.accuracies["train"][-1] > 0.95
        True
    """
    engine = _engine(model)
    _check(model, optimizer, loss, epochs, validate)
    history = History()
    model.train()
    for epoch in range(1, epochs + 1):
        sizes, losses, accuracies = [], [], []
        for batch, (x, y) in enumerate(train, start=1):
            scores = model(engine.tensor(x))
            error = loss(scores, engine.tensor(y))
            optimizer.zero_grad()
            error.backward()
            _stop_if_not_finite(error, model, optimizer, x, f"epoch {epoch}, batch {batch}")
            optimizer.step()
            sizes.append(len(x))
            losses.append(error.item())
            accuracies.append(accuracy(engine.array(scores), y))
        _check_batches(sizes, epoch)
        history.add("train", *np.average([losses, accuracies], axis=1, weights=sizes))
        if validate is not None:
            history.add("validation", *evaluate(model, loss, validate))
    return history


def predict(model: Any, x: np.ndarray, batch_size: int = 256) -> np.ndarray:
    """The model's scores for x, in evaluation mode and without a tape; every part's mode is put back afterwards.

    Shape: x (N, ...) -> the model's output for a batch of N, an array.

    Raises:
        ValueError: x has no examples, or the model no parameters.
    """
    if isinstance(x, Dataset):
        raise TypeError("predict takes examples, not a data set: give its .x")
    if len(x) == 0:
        raise ValueError(f"predict needs at least one example, got x of shape {x.shape}")
    if batch_size < 1:
        raise ValueError(f"predict: batch_size must be at least 1, got {batch_size}")
    engine = _engine(model)
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with engine.no_grad():
            parts = [engine.array(model(engine.tensor(x[i : i + batch_size]))) for i in range(0, len(x), batch_size)]
    finally:
        for module, mode in modes:
            module.training = mode
    return np.concatenate(parts)


def evaluate(model: Any, loss: Callable[[Any, Any], Any], data: Dataset) -> tuple[float, float]:
    """Loss and accuracy of a model on a data set; the accuracy is NaN where the targets are numbers."""
    _check_dataset(data)
    engine, scores = _engine(model), predict(model, data.x)
    with engine.no_grad():
        error = loss(engine.tensor(scores), engine.tensor(data.y))
    return error.item(), accuracy(scores, data.y)


def accuracy(scores: np.ndarray, y: np.ndarray) -> float:
    """The share of examples that are given their own class; NaN where y holds numbers, not classes.

    The class with the largest score is the one given. With a single score, above zero means class 1: it is the
    logit of that class's probability.

    Shape: scores (N, C), (N, 1) or (N,); y (N,).

    Example:
        >>> accuracy(np.array([[0.1, 2.0], [3.0, -1.0]]), np.array([1, 1]))
        0.5
    """
    scores, y = np.asarray(scores), np.asarray(y)
    if y.dtype.kind not in "iu":
        return math.nan
    if len(y) == 0:
        raise ValueError("accuracy: there are no examples to be right about")
    several = scores.ndim > 1 and scores.shape[1] > 1
    given = scores.argmax(axis=1) if several else (scores > 0).reshape(len(scores))
    if given.shape != y.shape:
        raise ValueError(f"accuracy: scores of shape {scores.shape} need classes of shape {given.shape}, got {y.shape}")
    return float((given == y).mean())


# --- what fit leaves to others ------------------------------------------------------------------------


@dataclass(frozen=True)
class _Engine:
    """How data become what a model takes, and its results arrays again."""

    tensor: Callable[[Any], Any]
    array: Callable[[Any], np.ndarray]
    no_grad: Callable[[], Any]


def _engine(model: Any) -> _Engine:
    """The engine that a model was built with, seen from its parameters."""
    parameter = next(iter(model.parameters()), None)
    if parameter is None:
        raise ValueError(f"{type(model).__name__} has no parameters: there is nothing to learn")
    if isinstance(parameter.data, np.ndarray):
        from nnlib.numpy import Tensor, no_grad

        def tensor(a: Any) -> Any:
            a = np.asarray(a)
            return Tensor(a.astype(parameter.dtype, copy=False) if a.dtype.kind == "f" else a)

        return _Engine(tensor, lambda t: t.data, no_grad)

    import torch

    def torch_tensor(a: Any) -> Any:
        t = torch.as_tensor(a, device=parameter.device)
        return t.to(parameter.dtype) if t.is_floating_point() else t

    return _Engine(torch_tensor, lambda t: t.detach().cpu().numpy(), torch.no_grad)


def _check(model: Any, optimizer: Any, loss: Any, epochs: int, validate: Any) -> None:
    if validate is not None:
        _check_dataset(validate)
    for name, thing in (("optimizer", optimizer), ("loss", loss)):
        if isinstance(thing, type):
            raise TypeError(f"fit: the {name} is the class {thing.__name__}: make one of it, {thing.__name__}(…)")
    if not isinstance(epochs, int) or epochs < 1:
        raise ValueError(f"fit: epochs is a whole number from 1, got {epochs!r}")
    held = {id(p) for group in optimizer.param_groups for p in group["params"]}
    if not held & {id(p) for p in model.parameters()}:
        raise ValueError(
            "fit: the optimizer holds none of this model's parameters, so the model would not learn: make the "
            "optimizer after the model, from model.parameters()"
        )


def _check_dataset(data: Any) -> None:
    if not isinstance(data, Dataset):
        raise TypeError(f"a model is evaluated on a Dataset, such as a part of split(…), got {type(data).__name__}")


def _check_batches(sizes: list[int], epoch: int) -> None:
    if not sizes:
        raise ValueError(
            f"fit: epoch {epoch} got no batches: train must give them anew in every epoch, as a Loader does; "
            "a generator is used up after the first"
        )


def _stop_if_not_finite(error: Any, model: Any, optimizer: Any, x: np.ndarray, where: str) -> None:
    """Raise before a step would spread NaN to the weights."""
    value = error.item()
    # The largest entry is NaN where any is. Of each gradient, one number is fetched.
    if math.isfinite(value) and all(
        math.isfinite(float(abs(p.grad).max())) for p in model.parameters() if p.grad is not None
    ):
        return
    what = (
        f"a gradient is NaN or infinite, at a loss of {value:.3g}" if math.isfinite(value) else f"the loss is {value}"
    )
    x = np.asarray(x)
    if not np.isfinite(x).all():
        cause = "The inputs of this batch contain NaN or infinity: look at the data"
    else:
        lr = optimizer.param_groups[0]["lr"]
        cause = (
            f"Usual causes: a learning rate that is too large (it is {lr:g}: try a tenth); inputs that are not "
            f"normalised (the largest here is {np.abs(x).max():.3g}: use a Standardizer); a logarithm, root or "
            "quotient of 0"
        )
    raise FloatingPointError(f"{where}: {what}. The weights are as they were before this batch. {cause}.")
