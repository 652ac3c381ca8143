"""What every optimizer shares: parameters in groups, options, and a state that can be saved."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from nnlib.numpy.autograd import Tensor
from nnlib.numpy.ops.common import plain

# PyTorch's options that change a formula and that nnlib leaves out: a state that uses them cannot be continued here.
LEFT_OUT = ("amsgrad", "maximize")


class Optimizer:
    """Base of every optimizer. A subclass writes `update`, the formula for one parameter.

    Args:
        params: the Parameters to learn, such as `model.parameters()`; or groups of them that differ in options,
            as in [{"params": body.parameters()}, {"params": head.parameters(), "lr": 0.1}].
        defaults: the options of a group that does not set its own.

    Attributes:
        param_groups: one dict a group, with its parameters and its options; schedules change "lr" here.
        state: for each Parameter, what the formula remembers from step to step.

    Raises:
        ValueError: no parameters, one that comes twice, was computed, or is read-only; an option below 0.
        TypeError: something in params is not a Tensor, or an option is not a number.
    """

    def __init__(self, params: Iterable[Any], defaults: dict[str, Any]) -> None:
        self.defaults, self.param_groups, self.state = defaults, [], {}
        if isinstance(params, Tensor):
            raise TypeError(f"{self._name} takes a list of Parameters, got a single one: write [parameter]")
        params = list(params)
        if not params:
            raise ValueError(
                f"{self._name} got no parameters: pass model.parameters() anew (an iterator can be used only once)"
            )
        for group in params if isinstance(params[0], Mapping) else [{"params": params}]:
            self.add_param_group(group)

    def update(self, w: np.ndarray, g: np.ndarray, state: dict[str, Any], **options: Any) -> None:
        """Change the weight w in place, given its gradient g and what `state` remembers."""
        raise NotImplementedError(f"{self._name} has no update(): define how a weight changes")

    @np.errstate(all="ignore")  # a run that diverges shows inf and NaN, as in PyTorch
    def step(self) -> None:
        """One step for every parameter that has a gradient.

        Raises:
            ValueError: a gradient has another shape than its parameter. Nothing is changed then.
        """
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None and p.grad.shape != p.data.shape:
                    raise ValueError(f"{self._name}: a parameter of shape {p.shape} has a gradient of {p.grad.shape}")
        for group in self.param_groups:
            options = {name: group[name] for name in self.defaults}
            for p in group["params"]:
                if p.grad is not None:
                    self.update(p.data, p.grad, self.state.setdefault(p, {}), **options)

    def zero_grad(self) -> None:
        """Forget the gradients. Without it, backward() adds the new ones to the old."""
        for group in self.param_groups:
            for p in group["params"]:
                p.grad = None

    def add_param_group(self, group: Mapping[str, Any]) -> None:
        """Learn more parameters, with options of their own where the group sets them."""
        if "params" not in group:
            raise ValueError(f"{self._name}: a group is a dict with 'params', got one with {sorted(group)}")
        group = {**self.defaults, **group}
        given = group["params"]
        group["params"] = [given] if isinstance(given, Tensor) else list(given)
        for name in self.defaults:
            group[name] = self._checked(name, group[name])
        self.check(**{name: group[name] for name in self.defaults})
        known = {id(p) for other in self.param_groups for p in other["params"]}
        for p in group["params"]:
            if not isinstance(p, Tensor):
                raise TypeError(f"{self._name} learns Tensors, got {type(p).__name__}")
            if not p.is_leaf:
                raise ValueError(f"{self._name} cannot learn what is computed, as by {p.node.name}: learn its inputs")
            if not p.data.flags.writeable:
                raise ValueError(f"{self._name} cannot learn a read-only array of shape {p.shape}: make it from a copy")
            if id(p) in known:
                raise ValueError(f"{self._name}: a parameter of shape {p.shape} comes twice; each belongs to one group")
            known.add(id(p))
        self.param_groups.append(group)

    def check(self, **options: Any) -> None:
        """Refuse options that make no sense together; subclasses override it."""

    def state_dict(self) -> dict[str, Any]:
        """What is needed to go on: the state of each parameter, by number, and the options. Arrays are not copied."""
        numbers = {p: i for i, p in enumerate(p for group in self.param_groups for p in group["params"])}
        return {
            "state": {numbers[p]: dict(remembered) for p, remembered in self.state.items()},
            "param_groups": [{**group, "params": [numbers[p] for p in group["params"]]} for group in self.param_groups],
        }

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on where `state_dict()` was taken, here or from PyTorch's optimizer of the same name.

        Raises:
            KeyError: "state" or "param_groups" is missing.
            ValueError: the groups have other sizes, an array another shape, or PyTorch used an option we leave out.

        Nothing is changed when an error is raised.
        """
        if not isinstance(state_dict, Mapping) or not {"state", "param_groups"} <= state_dict.keys():
            raise KeyError(
                f"{self._name}.load_state_dict needs 'state' and 'param_groups': pass what state_dict() gave"
            )
        saved_groups = state_dict["param_groups"]
        own, saved = ([len(group["params"]) for group in groups] for groups in (self.param_groups, saved_groups))
        if own != saved:
            raise ValueError(f"{self._name} has groups of {own} parameters, the given state was saved for {saved}")
        for group in saved_groups:
            for option in LEFT_OUT:
                if group.get(option):
                    raise ValueError(f"{self._name}: the given state was made with {option}=True, which is not here")
        parameters = {
            number: p
            for group, saved_group in zip(self.param_groups, saved_groups, strict=True)
            for number, p in zip(saved_group["params"], group["params"], strict=True)
        }
        state = {
            parameters[number]: {
                name: self._remembered(name, value, parameters[number])
                for name, value in remembered.items()
                if value is not None
            }
            for number, remembered in state_dict["state"].items()
        }
        for group, saved_group in zip(self.param_groups, saved_groups, strict=True):
            group.update(
                (name, self._checked(name, value))
                for name, value in saved_group.items()
                if name in group and name != "params"
            )
            if "initial_lr" in saved_group:  # left there by a schedule
                group["initial_lr"] = saved_group["initial_lr"]
        self.state = state

    def _remembered(self, name: str, value: Any, p: Tensor) -> Any:
        """A copy of a saved value, in p's dtype; the number of steps is a number."""
        array = np.asarray(plain(value))
        if name == "step":
            return int(array)
        if array.shape != p.shape:
            raise ValueError(f"{self._name}: {name} of a parameter of shape {p.shape} was saved with {array.shape}")
        return array.astype(p.dtype)

    def _checked(self, name: str, value: Any) -> Any:
        """An option as Python numbers (a NumPy float64 would widen float32 weights), none of them below 0."""
        if isinstance(value, tuple | list):
            return tuple(self._checked(name, v) for v in value)
        with contextlib.suppress(ValueError):  # an array of several numbers is none
            value = value.item() if hasattr(value, "item") else value
        if not isinstance(value, int | float):
            raise TypeError(f"{self._name}: {name} is a number, got {value!r}")
        if not value >= 0:
            raise ValueError(f"{self._name}: {name} is 0 or more, got {value}")
        return value

    @property
    def _name(self) -> str:
        return type(self).__name__
