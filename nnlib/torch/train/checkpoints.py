"""What is kept on disk, so that a run can go on as if it had never stopped."""

from __future__ import annotations

import os
import random
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from nnlib import checkpoint
from nnlib.torch import nn, optim

if TYPE_CHECKING:
    from nnlib.torch.train.world import World


class Checkpoints:
    """A folder with two files: the latest state of a run, and the one of its best evaluation.

    Each is a safetensors file (`nnlib.checkpoint`): data, never code, with a checksum. A new one takes the place of
    the old one in one step, when it is whole and on the disk. Process 0 writes, all of them read.

    Attributes:
        latest, best: the paths.
    """

    keeps = "model"  # and not shares of it

    def __init__(self, folder: str | os.PathLike[str], world: World) -> None:
        self.folder, self.world = Path(folder), world
        self.latest, self.best = self.folder / "latest.safetensors", self.folder / "best.safetensors"
        if world.main:
            self.folder.mkdir(parents=True, exist_ok=True)
            for half_written in self.folder.glob("*.safetensors.*.tmp"):  # of a program that was killed
                half_written.unlink()

    def last(self) -> Path | None:
        """The file from which a run goes on, if there is one."""
        return next((path for path in (self.latest, self.best) if path.exists()), None)

    def save(
        self, model: nn.Module, optimizer: optim.Optimizer, progress: Mapping[str, Any], best: bool = False
    ) -> None:
        """Keep everything as the latest state, and also as the best one if it is."""
        if self.world.main:
            kept = {"name": type(optimizer).__name__, "state": optimizer.state_dict()["state"]}
            state = {"model": model.state_dict(), "optimizer": kept, "progress": progress}
            for path in [self.best, self.latest] if best else [self.latest]:
                checkpoint.save(path, state)
        self.world.wait()

    def load(self, model: nn.Module, optimizer: optim.Optimizer) -> dict[str, Any] | None:
        """Bring model and optimizer back to the latest state; returns the progress, None if nothing was kept.

        Learning rate, weight decay and the like stay as the program sets them.

        Raises:
            ValueError: the file is damaged, or was kept by another program, another model or another optimizer.
        """
        path = self.last()
        if path is None:
            return None
        state = self._read(path)
        check_model(path, state["model"], model)
        _check_optimizer(path, state["optimizer"], optimizer)
        model.load_state_dict(state["model"])
        groups = optimizer.state_dict()["param_groups"]
        optimizer.load_state_dict({"state": state["optimizer"]["state"], "param_groups": groups})
        return state["progress"]

    def load_best(self, model: nn.Module) -> None:
        """Give the model the weights of the best evaluation.

        Raises:
            ValueError: as for `load`.
            OSError: there is no such file: nothing was evaluated.
        """
        state = self._read(self.best)
        check_model(self.best, state["model"], model)
        model.load_state_dict(state["model"])

    def _read(self, path: Path) -> dict[str, Any]:
        try:
            state = checkpoint.load(path, torch.from_numpy)
        except ValueError as error:
            raise ValueError(f"{error}. {self._way_on(path)}") from None
        if not {"optimizer", "progress"} <= state.keys():
            raise ValueError(f"{path} holds {', '.join(map(str, state))}: no run of nnlib.torch.train wrote it")
        if self.keeps not in state:
            other = "shares of a model: go on with 'fsdp'" if "shares" in state else "a whole model: go on with 'ddp'"
            raise ValueError(f"{path} holds {other}, or give another folder to begin anew")
        return state

    def _way_on(self, broken: Path) -> str:
        if broken == self.latest and self.best.exists():
            try:
                step = checkpoint.load(self.best)["progress"]["step"]
            except (ValueError, LookupError):
                return f"{self.best} cannot be read either: give another folder to begin anew"
            return f"{self.best} is whole: delete {broken.name}, and the run goes on from there, after step {step}"
        return "Delete it, or give another folder, to begin anew"


def random_state(device: torch.device) -> dict[str, Any]:
    """The states of all random numbers that a program may draw from: Python's, NumPy's, PyTorch's, the device's."""
    version, numbers, gauss = random.getstate()
    state = {
        "python": {"version": version, "numbers": np.array(numbers), "gauss": gauss},
        "numpy": np.random.get_state(legacy=False),  # noqa: NPY002 (what others draw from is to come back too)
        "torch": torch.get_rng_state(),
    }
    if device.type != "cpu":
        state["device"] = torch.get_device_module(device).get_rng_state(*_which(device))
    return state


def set_random_state(state: Mapping[str, Any], device: torch.device) -> None:
    """Bring all random numbers back to a state that `random_state` gave."""
    python, numpy = state["python"], state["numpy"]
    random.setstate((python["version"], tuple(python["numbers"].tolist()), python["gauss"]))
    key = {**numpy["state"], "key": numpy["state"]["key"].numpy()}
    np.random.set_state({**numpy, "state": key})  # noqa: NPY002
    torch.set_rng_state(state["torch"])
    if device.type != "cpu" and "device" in state:
        torch.get_device_module(device).set_rng_state(state["device"], *_which(device))


def _which(device: torch.device) -> tuple[torch.device, ...]:
    """The device, where there may be several of its kind."""
    return (device,) if device.type == "cuda" else ()


def check_model(path: Path, kept: Mapping[str, Any], model: nn.Module) -> None:
    """Refuse, by name and shape, what was kept of another model."""
    own = {name: tuple(value.shape) for name, value in model.state_dict().items()}
    there = {name: tuple(value.shape) for name, value in kept.items()}
    if own == there:
        return
    differences = [
        f"{name} is {there[name]} there and {own[name]} here" for name in own if there.get(name, own[name]) != own[name]
    ]
    differences += [f"{name} is only there" for name in there.keys() - own.keys()]
    differences += [f"{name} is only here" for name in own.keys() - there.keys()]
    raise ValueError(
        f"{path} holds another model than this {type(model).__name__}: {_some(sorted(differences))}. Build the model "
        "as it was, or give another folder to begin anew"
    )


def _check_optimizer(path: Path, kept: Mapping[str, Any], optimizer: optim.Optimizer) -> None:
    own = type(optimizer).__name__
    differences = [f"{kept['name']} there, {own} here"] if kept["name"] != own else []
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    for i, state in kept["state"].items():
        shapes = {tuple(value.shape) for value in state.values() if isinstance(value, torch.Tensor) and value.ndim}
        if i >= len(parameters):
            differences.append(f"parameter {i} is only there")
        elif shapes - {tuple(parameters[i].shape)}:
            differences.append(f"parameter {i} is {shapes.pop()} there and {tuple(parameters[i].shape)} here")
    if differences:
        raise ValueError(
            f"{path} holds the state of another optimizer: {_some(differences)}. Make the optimizer as it was, with "
            "the parameters in the same groups, or give another folder to begin anew"
        )


def _some(differences: list[str]) -> str:
    more = f", and {len(differences) - 3} more" if len(differences) > 3 else ""
    return ", ".join(differences[:3]) + more
