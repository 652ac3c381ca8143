"""What a run notes, prints and draws; it also sees first when the losses are no numbers any more."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from nnlib.torch.train import failures
from nnlib.torch.train.settings import Settings
from nnlib.torch.train.world import World


@dataclass
class History:
    """The losses of a run.

    Attributes:
        every: steps between evaluations.
        losses: the training loss of each step.
        evaluations: (step, loss on the validation data), in order.

    Example:
        >>> history = History(2, [4.0, 2.0, 1.0, 0.0], [(2, 2.5), (4, 1.5)])
        >>> history.curves()
        {'train': [3.0, 0.5], 'validation': [2.5, 1.5]}
        >>> history
        4 steps: train loss 3 -> 0.5, validation loss 2.5 -> 1.5, best 1.5 after step 4
    """

    every: int
    losses: list[float] = field(default_factory=list)
    evaluations: list[tuple[int, float]] = field(default_factory=list)

    @property
    def best(self) -> tuple[int, float] | None:
        """Step and loss of the best evaluation."""
        return min(self.evaluations, key=lambda evaluation: evaluation[1], default=None)

    def evaluate(self, step: int, loss: float) -> bool:
        """Note an evaluation; whether it is the best so far."""
        self.evaluations.append((step, loss))
        return self.best == (step, loss)

    def has_stalled(self, patience: int | None) -> bool:
        """Whether the best evaluation is `patience` evaluations ago."""
        losses = [loss for _, loss in self.evaluations]
        return patience is not None and bool(losses) and len(losses) - 1 - losses.index(min(losses)) >= patience

    def curves(self) -> dict[str, list[float]]:
        """The mean training loss between two evaluations, and the evaluations."""
        parts = range(0, len(self.losses), self.every)
        curves = {"train": [float(np.mean(self.losses[i : i + self.every])) for i in parts]}
        return curves | ({"validation": [loss for _, loss in self.evaluations]} if self.evaluations else {})

    def figure(self) -> Any:
        """The curves, as `nnlib.plot.losses` draws them."""
        from nnlib.plot import losses

        return losses(
            {"": self.curves()}, xlabel="step" if self.every == 1 else f"evaluation, every {self.every} steps"
        )

    def state(self) -> dict[str, Any]:
        """Everything as plain data."""
        return {"every": self.every, "losses": np.array(self.losses, float), "evaluations": self.evaluations}

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> History:
        """The history that `state` gave."""
        return cls(state["every"], state["losses"].tolist(), list(state["evaluations"]))

    def __repr__(self) -> str:
        ends = [f"{name} loss {c[0]:.3g} -> {c[-1]:.3g}" for name, c in self.curves().items() if c]
        best = [] if self.best is None else [f"best {self.best[1]:.3g} after step {self.best[0]}"]
        return f"{len(self.losses)} steps: {', '.join(ends + best)}"


class Record:
    """Takes note of every step. The losses stay on the device until `look`, since each look makes a GPU wait."""

    def __init__(self, settings: Settings, world: World, history: History, scale: torch.amp.GradScaler) -> None:
        self.settings, self.world, self.history, self.scale = settings, world, history, scale
        self.waiting: list[tuple[Tensor, Tensor, float]] = []
        self.log = self.bar = self.board = self.display = None

    def __enter__(self) -> Record:
        settings, done = self.settings, len(self.history.losses)
        with contextlib.ExitStack() as opened:
            if self.world.main and settings.folder is not None:
                self.log = opened.enter_context(_open_log(Path(settings.folder) / "losses.csv", done))
            if self.world.main and settings.tensorboard:
                self.board = opened.enter_context(_board(Path(settings.folder), done))
            if self.world.main and settings.progress:
                self.bar = opened.enter_context(_bar(settings.steps, done))
            self.opened = opened.pop_all()  # they stay open if nothing went wrong
        return self

    def __exit__(self, *_: object) -> None:
        self.opened.close()

    def step(self, loss: Tensor, norm: Tensor, lr: float) -> None:
        """Note a step, and look at the last ones from time to time."""
        self.waiting.append((loss, norm, lr))
        if len(self.waiting) == self.settings.log_every:
            self.look()

    def look(self) -> None:
        """Fetch what is waiting, and write it out.

        Raises:
            FloatingPointError: a loss or a gradient is NaN or infinite.
        """
        if not self.waiting:
            return
        losses, norms, rates = zip(*self.waiting, strict=True)
        self.waiting = []
        mean = self.world.sum(torch.stack(losses).float()) / self.world.size
        for loss, norm, lr in zip(mean.tolist(), torch.stack(norms).tolist(), rates, strict=True):
            step = len(self.history.losses) + 1
            # With float16 an infinite gradient is no failure: the scaler leaves the step out and lowers its scale.
            if not math.isfinite(loss) or not (math.isfinite(norm) or self.settings.precision == "float16"):
                raise failures.not_finite(step, loss, norm, self.settings)
            self.history.losses.append(loss)
            if self.log is not None:
                self.log.write(f"{step},{loss!r},{norm!r},{lr!r}\n")
            if self.board is not None:
                for name, value in (("loss/train", loss), ("gradient norm", norm), ("learning rate", lr)):
                    self.board.add_scalar(name, value, step)
        if self.scale.is_enabled() and self.scale.get_scale() < 1:
            raise failures.scale_too_small(len(self.history.losses), self.scale.get_scale())
        if self.bar is not None:
            self.bar.update(len(losses))
            self.bar.set_postfix_str(f"loss {self.history.losses[-1]:.4g}")

    def evaluate(self, step: int, loss: float) -> bool:
        """Note an evaluation; whether it is the best so far.

        Raises:
            FloatingPointError: its loss is NaN or infinite.
        """
        if not math.isfinite(loss):
            raise failures.not_finite_there(step, loss)
        better = self.history.evaluate(step, loss)
        if self.board is not None:
            self.board.add_scalar("loss/validation", loss, step)
        return better

    def draw(self) -> None:
        """Draw the curves where they were drawn before."""
        if not (self.world.main and self.settings.plot):
            return
        from IPython.display import display

        from nnlib.plot import show

        picture = show(self.history.figure(), alt=f"Learning curves. {self.history}.")
        if self.display is None:
            self.display = display(picture, display_id=True)
        else:
            self.display.update(picture)


def _open_log(path: Path, steps: int) -> Any:
    """The log, without the lines of steps that will be made again; each line goes to the file at once."""
    lines = path.read_text().splitlines(keepends=True)[1 : steps + 1] if path.exists() else []
    path.write_text("step,loss,norm,lr\n" + "".join(lines))
    return path.open("a", buffering=1)


def _board(folder: Path, steps: int) -> Any:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        raise ImportError("tensorboard=True needs the package tensorboard: pip install tensorboard") from None
    return SummaryWriter(folder / "tensorboard", purge_step=steps + 1)


def _bar(steps: int, done: int) -> Any:
    try:
        from tqdm.auto import tqdm
    except ImportError:
        raise ImportError("the progress bar needs tqdm: pip install tqdm, or set progress=False") from None
    return tqdm(total=steps, initial=done, unit="step")
