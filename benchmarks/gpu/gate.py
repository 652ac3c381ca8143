"""`fit`, stopped between two steps."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from torch import Tensor

from nnlib.torch.train import Settings, fit
from nnlib.torch.train.data import Arrays, examples


class Enough(Exception):
    """The gate is closed for good."""


class Gate(Arrays):
    """Data that are handed out only as many batches at a time as were asked for."""

    def __init__(self, data: Arrays) -> None:
        super().__init__(*data.tensors)
        self.data, self.left, self.closed = data, 0, False
        self.opened, self.used_up = threading.Event(), threading.Event()

    def __len__(self) -> int:
        return len(self.data)

    def __getitems__(self, places: Sequence[int]) -> tuple[Tensor, ...]:
        if self.left == 0:  # every step before this one has been given to the device
            self.used_up.set()
            self.opened.wait()
            self.opened.clear()
        if self.closed:
            raise Enough
        self.left -= 1
        return self.data.__getitems__(places)


class Paused:
    """A training run by `fit`, in a thread of its own, that goes on by `step` and otherwise stands still.

    So what is timed is the loop that readers use, with its data, its learning rate and its record, and no copy of it.
    """

    def __init__(self, model: Any, loss: Callable, data: Any, settings: Settings, **options: Any) -> None:
        self.batches, self.error = settings.accumulate, None
        self.gate = Gate(examples(data))

        def live() -> None:
            try:
                self.history = fit(model, loss, self.gate, settings, **options)
            except Enough:
                pass
            except BaseException as error:  # whoever waits for the step is to get it
                self.error = error
            finally:
                self.gate.used_up.set()

        self.thread = threading.Thread(target=live, daemon=True)
        self.thread.start()
        self._wait()

    def step(self) -> None:
        """One step of the loop, given to the device."""
        self.gate.left = self.batches
        self.gate.opened.set()
        self._wait()

    def close(self) -> None:
        """End the run."""
        self.gate.closed = True
        self.gate.opened.set()
        self.thread.join()

    def _wait(self) -> None:
        self.gate.used_up.wait()
        self.gate.used_up.clear()
        if self.error is not None:
            raise self.error
