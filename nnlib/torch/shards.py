"""Checkpoints of a model that no process has as a whole."""

from __future__ import annotations

import contextlib
import shutil
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import torch.distributed.checkpoint as dcp
from torch.distributed.checkpoint.state_dict import (
    get_model_state_dict,
    get_optimizer_state_dict,
    set_model_state_dict,
    set_state_dict,
)

from nnlib import checkpoint
from nnlib.torch import nn, optim
from nnlib.torch.train.checkpoints import Checkpoints, check_model


class ShardedCheckpoints(Checkpoints):
    """As `Checkpoints`, but each process writes and reads its own share, into a folder of PyTorch's format.

    `latest.safetensors` and `best.safetensors` name such a folder, and take its place in one step after all shares are
    on the disk. Another number of processes can go on from it, and one process alone can read it.

    PyTorch's format holds a pickle: read only folders that you trust.
    """

    keeps = "shares"

    def save(
        self, model: nn.Module, optimizer: optim.Optimizer, progress: Mapping[str, Any], best: bool = False
    ) -> None:
        """Keep everything as the latest state, and also as the best one if it is."""
        shares = self.folder / f"step-{progress['step']}"
        if self.world.main and shares.exists():  # half-written, by a run that was killed
            shutil.rmtree(shares)
        self.world.wait()
        with _as_meant():
            dcp.save(_state(model, optimizer), checkpoint_id=shares)
        if self.world.main:
            kept = {"shares": shares.name, "optimizer": type(optimizer).__name__, "progress": progress}
            for path in [self.best, self.latest] if best else [self.latest]:
                checkpoint.save(path, kept)
            named = {self._read(path)["shares"] for path in (self.latest, self.best) if path.exists()}
            for old in set(self.folder.glob("step-*")) - {self.folder / name for name in named}:
                shutil.rmtree(old)
        self.world.wait()

    def load(self, model: nn.Module, optimizer: optim.Optimizer) -> dict[str, Any] | None:
        """Bring model and optimizer back to the latest state; returns the progress, None if nothing was kept.

        Raises:
            ValueError: the files are damaged or missing, or of another program, model or optimizer.
        """
        path = self.last()
        if path is None:
            return None
        kept = self._read(path)
        if kept["optimizer"] != type(optimizer).__name__:
            raise ValueError(
                f"{path} holds the state of another optimizer: {kept['optimizer']} there, {type(optimizer).__name__} "
                "here. Make the optimizer as it was, or give another folder to begin anew"
            )
        state = _state(model, optimizer)
        self._fill(path, kept["shares"], model, state)
        groups = get_optimizer_state_dict(model, optimizer)["param_groups"]
        set_state_dict(
            model,
            optimizer,
            model_state_dict=state["model"],
            optim_state_dict={"state": state["optimizer"], "param_groups": groups},
        )
        return kept["progress"]

    def load_best(self, model: nn.Module) -> None:
        """Give the model the weights of the best evaluation.

        Raises:
            ValueError: as for `load`.
            OSError: there is no such file: nothing was evaluated.
        """
        state = {"model": get_model_state_dict(model)}
        self._fill(self.best, self._read(self.best)["shares"], model, state)
        set_model_state_dict(model, state["model"])

    def _fill(self, path: Path, shares: str, model: nn.Module, state: dict[str, Any]) -> None:
        """Read into the tensors of `state` what they have there."""
        folder = self.folder / shares
        try:
            there = dcp.FileSystemReader(folder).read_metadata().state_dict_metadata
            kept = {
                name.removeprefix("model."): SimpleNamespace(shape=entry.size)
                for name, entry in there.items()
                if name.startswith("model.")
            }
            check_model(path, kept, model)
            with _as_meant():
                dcp.load(state, checkpoint_id=folder)
        except (OSError, dcp.api.CheckpointException) as error:
            what = f"{folder}, which {path.name} names, cannot be read ({error})"
            raise ValueError(f"{what}. {self._way_on(path)}") from error

    def _way_on(self, broken: Path) -> str:
        with contextlib.suppress(ValueError, OSError, KeyError):
            if checkpoint.load(self.latest)["shares"] == checkpoint.load(self.best)["shares"]:  # both are broken
                return "Give another folder to begin anew"
        return super()._way_on(broken)


def _state(model: nn.Module, optimizer: optim.Optimizer) -> dict[str, Any]:
    return {"model": get_model_state_dict(model), "optimizer": get_optimizer_state_dict(model, optimizer)["state"]}


@contextlib.contextmanager
def _as_meant() -> Iterator[None]:
    """One process alone may read and write, too: PyTorch warns of it."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "torch.distributed is disabled")
        yield
