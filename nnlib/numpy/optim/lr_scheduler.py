"""Learning-rate schedules. Call `scheduler.step()` after each epoch, or after each `optimizer.step()`, as you count.

Every schedule but `ReduceLROnPlateau` is a formula: `rate(t, base)` gives the learning rate after t steps, for a
group that began with `base`. Use one schedule for an optimizer; `SequentialLR` joins several.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nnlib.numpy.optim.optimizer import Optimizer

__all__ = [
    "CosineAnnealingLR", "LRScheduler", "LambdaLR", "LinearLR", "OneCycleLR", "ReduceLROnPlateau", "SequentialLR",
    "StepLR",
]  # fmt: skip


class LRScheduler:
    """Base of the schedules. A subclass writes `rate`.

    Attributes:
        base_lrs: the learning rate that each group of the optimizer began with.
        last_epoch: t, how often step() was called.
    """

    def __init__(self, optimizer: Optimizer) -> None:
        if not isinstance(optimizer, Optimizer):
            raise TypeError(f"{type(self).__name__} schedules an optimizer, got {type(optimizer).__name__}")
        self.optimizer = optimizer
        for group in optimizer.param_groups:
            group.setdefault("initial_lr", group["lr"])
        self.base_lrs = [group["initial_lr"] for group in optimizer.param_groups]
        self.last_epoch = 0
        self.apply(0)

    def rate(self, t: int, base: float) -> float:
        """The learning rate after t steps, for a group that began with `base`."""
        raise NotImplementedError(f"{type(self).__name__} has no rate(t, base)")

    def apply(self, t: int) -> None:
        """Give every group of the optimizer its learning rate after t steps."""
        for group, base in zip(self.optimizer.param_groups, self.base_lrs, strict=True):
            group["lr"] = self.rate(t, base)

    def step(self) -> None:
        """Go on to the next learning rate."""
        self.apply(self.last_epoch + 1)
        self.last_epoch += 1

    def get_last_lr(self) -> list[float]:
        """The learning rate of each group."""
        return [group["lr"] for group in self.optimizer.param_groups]

    def state_dict(self) -> dict[str, Any]:
        """Everything but the optimizer, and but a function that was given."""
        return {name: value for name, value in vars(self).items() if name not in ("optimizer", "lr_lambda")}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on where `state_dict()` was taken, with the learning rates that belong there."""
        own, given = self.state_dict().keys(), state_dict.keys()
        if own != given:
            raise KeyError(
                f"{type(self).__name__}.load_state_dict: missing {sorted(own - given) or 'nothing'}, "
                f"unexpected {sorted(given - own) or 'nothing'}"
            )
        vars(self).update(state_dict)
        self.apply(self.last_epoch)


class LambdaLR(LRScheduler):
    """base · f(t), for any function f.

    Example:
        >>> from nnlib.numpy import nn, optim
        >>> optimizer = optim.SGD(nn.Linear(2, 1).parameters(), lr=1.0)
        >>> scheduler = LambdaLR(optimizer, lambda t: 1 / (1 + t))
        >>> scheduler.step()
        >>> scheduler.get_last_lr()
        [0.5]
    """

    def __init__(self, optimizer: Optimizer, lr_lambda: Callable[[int], float]) -> None:
        if not callable(lr_lambda):
            raise TypeError(f"LambdaLR: lr_lambda is a function of t, the same for all groups, got {lr_lambda!r}")
        self.lr_lambda = lr_lambda
        super().__init__(optimizer)

    def rate(self, t: int, base: float) -> float:
        return base * self.lr_lambda(t)


class StepLR(LRScheduler):
    """Multiply by gamma after every step_size steps: base · gamma^⌊t / step_size⌋."""

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1) -> None:
        self.step_size, self.gamma = _count("StepLR", "step_size", step_size), gamma
        super().__init__(optimizer)

    def rate(self, t: int, base: float) -> float:
        return base * self.gamma ** (t // self.step_size)


class LinearLR(LRScheduler):
    """A straight line from base · start_factor to base · end_factor in total_iters steps: a warm-up.

    Args:
        start_factor: above 0; the defaults warm up from a third.
        end_factor: from 0 to 1.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        start_factor: float = 1 / 3,
        end_factor: float = 1.0,
        total_iters: int = 5,
    ) -> None:
        if not (0 < start_factor <= 1 and 0 <= end_factor <= 1):
            raise ValueError(
                f"LinearLR: start_factor is above 0, end_factor 0 or more, both at most 1, "
                f"got {start_factor} and {end_factor}"
            )
        self.start_factor, self.end_factor = start_factor, end_factor
        self.total_iters = _count("LinearLR", "total_iters", total_iters)
        super().__init__(optimizer)

    def rate(self, t: int, base: float) -> float:
        done = min(t, self.total_iters) / self.total_iters
        return base * (self.start_factor + (self.end_factor - self.start_factor) * done)


class CosineAnnealingLR(LRScheduler):
    """Half a cosine from base down to eta_min in T_max steps: eta_min + (base − eta_min) (1 + cos(π t / T_max)) / 2.

    Source: Loshchilov and Hutter (2017).
    """

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0) -> None:
        self.T_max, self.eta_min = _count("CosineAnnealingLR", "T_max", T_max), eta_min
        super().__init__(optimizer)

    def rate(self, t: int, base: float) -> float:
        return self.eta_min + (base - self.eta_min) * (1 + math.cos(math.pi * t / self.T_max)) / 2


class OneCycleLR(LRScheduler):
    """Up to max_lr and far down again, once; the momentum goes the other way.

    Args:
        max_lr: the highest learning rate.
        total_steps: how many steps there are; or epochs and steps_per_epoch.
        pct_start: the part of the steps that go up.
        anneal_strategy: "cos" or "linear".
        cycle_momentum: whether momentum (β₁ of Adam) goes from max_momentum to base_momentum and back.
        div_factor: the first learning rate is max_lr / div_factor.
        final_div_factor: the last is the first / final_div_factor.

    Source: Smith and Topin (2019).
    """

    def __init__(
        self,
        optimizer: Optimizer,
        max_lr: float,
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: str = "cos",
        cycle_momentum: bool = True,
        base_momentum: float = 0.85,
        max_momentum: float = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
    ) -> None:
        if total_steps is None:
            if epochs is None or steps_per_epoch is None:
                raise ValueError("OneCycleLR needs total_steps, or epochs and steps_per_epoch")
            total_steps = epochs * steps_per_epoch
        max_lr = _number("OneCycleLR", "max_lr", max_lr)
        if not 0 <= pct_start < 1:
            raise ValueError(f"OneCycleLR: pct_start is from 0 to below 1, got {pct_start}")
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(f"OneCycleLR: anneal_strategy is 'cos' or 'linear', got {anneal_strategy!r}")
        if cycle_momentum and not {"momentum", "betas"} & optimizer.defaults.keys():
            raise ValueError(f"{type(optimizer).__name__} has no momentum to cycle: pass cycle_momentum=False")
        self.total_steps, self.pct_start = _count("OneCycleLR", "total_steps", total_steps), pct_start
        self.max_lr, self.anneal_strategy, self.cycle_momentum = max_lr, anneal_strategy, cycle_momentum
        self.base_momentum, self.max_momentum = base_momentum, max_momentum
        self.div_factor, self.final_div_factor = div_factor, final_div_factor
        for group in optimizer.param_groups:
            group["initial_lr"] = max_lr / div_factor
        super().__init__(optimizer)

    def rate(self, t: int, base: float) -> float:
        return self._between(t, base, self.max_lr, base / self.final_div_factor)

    def apply(self, t: int) -> None:
        if t > self.total_steps:
            raise ValueError(f"OneCycleLR was made for {self.total_steps} steps, this is step {t}")
        super().apply(t)
        if self.cycle_momentum:
            momentum = self._between(t, self.max_momentum, self.base_momentum, self.max_momentum)
            for group in self.optimizer.param_groups:
                if "betas" in group:
                    group["betas"] = (momentum, group["betas"][1])
                else:
                    group["momentum"] = momentum

    def _between(self, t: int, first: float, middle: float, last: float) -> float:
        """From `first` to `middle` while the learning rate goes up, then to `last`."""
        top, end = self.pct_start * self.total_steps - 1, self.total_steps - 1
        if t <= top and top > 0:
            return self._anneal(first, middle, t / top)
        return self._anneal(middle, last, (t - top) / (end - top))

    def _anneal(self, start: float, end: float, done: float) -> float:
        left = 1 - done if self.anneal_strategy == "linear" else (1 + math.cos(math.pi * done)) / 2
        return end + (start - end) * left


class SequentialLR(LRScheduler):
    """One schedule after another: each milestone is the step at which the next one begins, at its own t = 0.

    Example:
        >>> from nnlib.numpy import nn, optim
        >>> optimizer = optim.SGD(nn.Linear(2, 1).parameters(), lr=1.0)
        >>> warm_up = LinearLR(optimizer, start_factor=0.5, total_iters=2)
        >>> down = CosineAnnealingLR(optimizer, T_max=2)
        >>> scheduler, rates = SequentialLR(optimizer, [warm_up, down], milestones=[2]), []
        >>> for _ in range(5):
        ...     rates.append(round(optimizer.param_groups[0]["lr"], 3))
        ...     scheduler.step()
        >>> rates
        [0.5, 0.75, 1.0, 0.5, 0.0]
    """

    def __init__(self, optimizer: Optimizer, schedulers: Sequence[LRScheduler], milestones: Sequence[int]) -> None:
        self.schedulers, self.milestones = list(schedulers), list(milestones)
        for scheduler in self.schedulers:
            of_steps = isinstance(scheduler, LRScheduler) and not isinstance(scheduler, ReduceLROnPlateau)
            if not of_steps or scheduler.optimizer is not optimizer:
                name = type(scheduler).__name__
                raise ValueError(f"SequentialLR joins formulas for its own optimizer; this {name} is none")
        if len(self.milestones) != len(self.schedulers) - 1 or self.milestones != sorted(self.milestones):
            raise ValueError(
                f"SequentialLR needs a milestone between each two schedules, in order: "
                f"got {len(self.schedulers)} schedules and milestones {self.milestones}"
            )
        super().__init__(optimizer)

    def apply(self, t: int) -> None:
        i = bisect.bisect_right(self.milestones, t)
        self.schedulers[i].apply(t - self.milestones[i - 1] if i else t)

    def state_dict(self) -> dict[str, Any]:
        return {**super().state_dict(), "schedulers": [scheduler.state_dict() for scheduler in self.schedulers]}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        for scheduler, state in zip(self.schedulers, state_dict["schedulers"], strict=True):
            scheduler.load_state_dict(state)
        super().load_state_dict({**state_dict, "schedulers": self.schedulers})


class ReduceLROnPlateau(LRScheduler):
    """Multiply the learning rate by factor when a measurement has not improved for more than `patience` steps.

    Args:
        mode: "min" where smaller is better (a loss), "max" where larger is (an accuracy).
        threshold: an improvement is larger than this: relative to the best ("rel") or as it is ("abs").
        cooldown: how many steps after a reduction do not count.
        min_lr: never go below this.
        eps: leave out reductions smaller than this.

    Example:
        >>> from nnlib.numpy import nn, optim
        >>> optimizer = optim.SGD(nn.Linear(2, 1).parameters(), lr=1.0)
        >>> scheduler = ReduceLROnPlateau(optimizer, patience=1)
        >>> for loss in [3.0, 2.0, 2.0, 2.0]:
        ...     scheduler.step(loss)
        >>> scheduler.get_last_lr()
        [0.1]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        mode: str = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: str = "rel",
        cooldown: int = 0,
        min_lr: float = 0.0,
        eps: float = 1e-8,
    ) -> None:
        if mode not in ("min", "max") or threshold_mode not in ("rel", "abs"):
            raise ValueError(
                f"ReduceLROnPlateau: mode is 'min' or 'max', threshold_mode 'rel' or 'abs', "
                f"got {mode!r} and {threshold_mode!r}"
            )
        if not 0 <= factor < 1:
            raise ValueError(f"ReduceLROnPlateau: factor is below 1, got {factor}")
        super().__init__(optimizer)
        self.mode, self.threshold, self.threshold_mode = mode, threshold, threshold_mode
        self.factor, self.patience, self.cooldown, self.eps = factor, patience, cooldown, eps
        self.min_lr = _number("ReduceLROnPlateau", "min_lr", min_lr)
        self.best = math.inf if mode == "min" else -math.inf
        self.num_bad_epochs = self.cooldown_counter = 0

    def apply(self, t: int) -> None:
        """Nothing follows from t: the optimizer's own state holds the learning rates. Load that one too."""

    def step(self, metrics: Any) -> None:
        """Tell the schedule the newest measurement, a number or a Tensor of one."""
        metrics = float(metrics)
        self.last_epoch += 1
        self.num_bad_epochs += 1
        if self._is_better(metrics):
            self.best, self.num_bad_epochs = metrics, 0
        if self.cooldown_counter:
            self.cooldown_counter, self.num_bad_epochs = self.cooldown_counter - 1, 0
        if self.num_bad_epochs > self.patience:
            self.cooldown_counter, self.num_bad_epochs = self.cooldown, 0
            for group in self.optimizer.param_groups:
                lower = max(group["lr"] * self.factor, self.min_lr)
                if group["lr"] - lower > self.eps:
                    group["lr"] = lower

    def _is_better(self, metrics: float) -> bool:
        sign = 1 if self.mode == "max" else -1
        if self.threshold_mode == "abs":
            return sign * (metrics - self.best) > self.threshold
        return sign * metrics > sign * self.best * (1 + sign * self.threshold)


def _number(schedule: str, name: str, value: float) -> float:
    if not isinstance(value, int | float):
        raise TypeError(f"{schedule}: {name} is a number, the same for all groups, got {value!r}")
    return value


def _count(schedule: str, name: str, value: int) -> int:
    if not isinstance(value, int) or value < 1:
        raise ValueError(f"{schedule}: {name} is a whole number from 1, got {value!r}")
    return value
