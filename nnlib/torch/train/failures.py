"""The words for a run that cannot go on: what happened, what to do, and what was kept."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from typing import Any

import torch

from nnlib.torch.train.settings import Settings


def not_finite(step: int, loss: float, norm: float, settings: Settings) -> FloatingPointError:
    """For a loss or a gradient that is NaN or infinite."""
    what = f"the gradient's norm is {norm}, at a loss of {loss:.3g}" if math.isfinite(loss) else f"the loss is {loss}"
    small = "; numbers beyond 65504 in float16 (use bfloat16)" if settings.precision == "float16" else ""
    clip = "" if settings.clip is not None else "; a gradient that is not clipped (give clip=1.0)"
    return FloatingPointError(
        f"step {step}: {what}. Usual causes: a learning rate that is too large (lr is {settings.lr:g}: try a tenth), "
        f"or too short a warm-up; NaN in the data, or inputs that are not normalised; a logarithm, root or quotient of "
        f"0{clip}{small}"
    )


def not_finite_there(step: int, loss: float) -> FloatingPointError:
    """For an evaluation."""
    return FloatingPointError(
        f"after step {step}: the loss on the validation data is {loss}, while that on the training data is a number. "
        "Look for NaN in the validation data, and for what the model does otherwise in evaluation mode"
    )


def scale_too_small(step: int, scale: float) -> FloatingPointError:
    """For float16 whose scaler finds no scale at which the gradients are finite."""
    return FloatingPointError(
        f"step {step}: the gradients are infinite in float16 even where the loss is multiplied by {scale:g} only: "
        "steps are left out, and nothing is learned. Use bfloat16, or float32"
    )


@contextlib.contextmanager
def explained(settings: Settings, checkpoints: Any) -> Iterator[None]:
    """Say of what stops the loop what can be done, and from where the run can go on.

    Raises:
        FloatingPointError: with where the last checkpoint is.
        torch.OutOfMemoryError: in place of what the device or the operating system said, which stays its cause.
    """
    try:
        yield
    except FloatingPointError as error:
        raise FloatingPointError(f"{error}. {_kept(checkpoints, 'with what you have changed')}") from None
    except (RuntimeError, MemoryError) as error:
        if not _is_about_memory(error):
            raise
        micro = settings.batch_size // settings.accumulate
        half = "" if settings.precision != "float32" else "; precision='bfloat16' halves what the layers keep"
        raise torch.OutOfMemoryError(
            f"there is too little memory for micro-batches of {micro} examples. accumulate={2 * settings.accumulate} "
            f"halves them and leaves the step the same{half}; a smaller model needs less. "
            f"{_kept(checkpoints, 'then')}. What was said: {(str(error) or 'MemoryError').splitlines()[0]}"
        ) from error


def _kept(checkpoints: Any, how: str) -> str:
    path = None if checkpoints is None else checkpoints.last()
    if path is None:
        return "No checkpoint was kept" + (": give folder=… to keep some" if checkpoints is None else " yet")
    return f"The last good checkpoint is {path}: run the program again, {how}, and it goes on from there"


def _is_about_memory(error: BaseException) -> bool:
    text = str(error).lower()
    said = "out of memory" in text or "allocate memory" in text
    return said or isinstance(error, MemoryError | torch.OutOfMemoryError)
