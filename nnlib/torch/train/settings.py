"""Every option of a training run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nnlib.torch.train.precision import DTYPES


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How to train. Steps and batch size must be given; the rest has defaults.

    Attributes:
        steps: how often the weights are changed.
        batch_size: examples of a step, in all micro-batches and processes together.
        accumulate: micro-batches of a step. Their gradients add up to those of the whole batch, at less memory.
        seed: of the order of the examples.
        lr: the learning rate after the warm-up.
        warm_up: steps in which the learning rate rises from 0.
        final_lr: the share of lr that is left at the end, after a cosine; 1 keeps it constant.
        weight_decay: of AdamW, for the matrices.
        betas: of AdamW.
        clip: the largest norm of the gradient; None leaves it.
        device: "cpu", "cuda", "cuda:1", "mps"; by default the fastest there is.
        precision: "float32", "bfloat16" or "float16"; the latter two by autocast.
        compile: whether to translate the model with torch.compile; a text names its backend.
        workers: processes that prepare examples; 0 leaves it to this one. If examples are changed at random as they are
            prepared, only 0 makes a run that was killed come out as if it had not been.
        evaluate_every: steps between evaluations; by default a tenth of all.
        patience: stop after so many evaluations without a better one; None never does.
        log_every: steps between looks at the losses. Each look makes a GPU wait.
        folder: where checkpoints and the log are kept; None keeps nothing.
        save_every: steps between checkpoints; by default at each evaluation.
        resume: go on from the folder's last checkpoint, if there is one.
        progress: a bar with tqdm.
        plot: the curves in a notebook, drawn anew at each evaluation.
        tensorboard: write the curves for TensorBoard into the folder.

    Raises:
        ValueError: an option is out of its range.

    Example:
        >>> Settings(steps=1000, batch_size=64).evaluation_steps
        100
        >>> Settings(steps=10, batch_size=6, accumulate=4)
        Traceback (most recent call last):
        ValueError: a batch of 6 does not fall into 4 micro-batches of equal size: change batch_size or accumulate
    """

    steps: int
    batch_size: int
    accumulate: int = 1
    seed: int = 0
    lr: float = 1e-3
    warm_up: int = 0
    final_lr: float = 0.1
    weight_decay: float = 0.1
    betas: tuple[float, float] = (0.9, 0.95)
    clip: float | None = 1.0
    device: str | None = None
    precision: str = "float32"
    compile: bool | str = False
    workers: int = 0
    evaluate_every: int | None = None
    patience: int | None = None
    log_every: int = 10
    folder: str | Path | None = None
    save_every: int | None = None
    resume: bool = True
    progress: bool = True
    plot: bool = False
    tensorboard: bool = False

    def __post_init__(self) -> None:
        for name in ("steps", "batch_size", "accumulate", "log_every", "evaluate_every", "save_every", "patience"):
            value = getattr(self, name)
            if value is not None and (not isinstance(value, int) or value < 1):
                raise ValueError(f"{name} is a whole number from 1, got {value!r}")
        for name in ("lr", "weight_decay", "warm_up", "workers"):
            if not getattr(self, name) >= 0:
                raise ValueError(f"{name} must not be negative, got {getattr(self, name)!r}")
        if not 0 <= self.final_lr <= 1:
            raise ValueError(f"final_lr is a share of lr, between 0 and 1, got {self.final_lr!r}")
        if self.clip is not None and not self.clip > 0:
            raise ValueError(f"clip is a norm above 0, or None to leave the gradients, got {self.clip!r}")
        if self.precision not in DTYPES:
            raise ValueError(f"precision is one of {', '.join(DTYPES)}, got {self.precision!r}")
        if self.batch_size % self.accumulate:
            raise ValueError(
                f"a batch of {self.batch_size} does not fall into {self.accumulate} micro-batches of equal size: "
                "change batch_size or accumulate"
            )
        if self.tensorboard and self.folder is None:
            raise ValueError("TensorBoard reads its curves from a folder: give folder=…")

    @property
    def evaluation_steps(self) -> int:
        """Steps between evaluations."""
        return self.evaluate_every or max(1, self.steps // 10)

    @property
    def saving_steps(self) -> int:
        """Steps between checkpoints."""
        return self.save_every or self.evaluation_steps
