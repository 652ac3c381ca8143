"""`Module`: a thing with parameters. Layers are modules, and so is a network made of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from nnlib.numpy.autograd import Parameter, Tensor


class Module:
    """Base of every layer and network.

    A subclass sets Parameters and other Modules as attributes in `__init__` and computes in `forward`.
    Whatever it holds as an attribute is found by name: `0.weight`, `encoder.0.bias`, ….

    Attributes:
        training: whether the module is in training mode; `train()` and `eval()` change it.

    Example:
        >>> class Scale(Module):
        ...     def __init__(self):
        ...         self.factor = Parameter(np.ones(1, np.float32))
        ...     def forward(self, x):
        ...         return x * self.factor
        >>> dict(Scale().named_parameters())
        {'factor': tensor([1.], requires_grad=True)}
    """

    training: bool = True

    def forward(self, *inputs: Any) -> Any:
        raise NotImplementedError(f"{type(self).__name__} has no forward(): define what it computes")

    def __call__(self, *inputs: Any, **options: Any) -> Any:
        return self.forward(*inputs, **options)

    # --- what is inside -------------------------------------------------------------------------

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """The modules directly inside this one, in the order in which they were set."""
        for name, value in vars(self).items():
            if isinstance(value, Module):
                yield name, value

    def children(self) -> Iterator[Module]:
        for _, child in self.named_children():
            yield child

    def named_modules(self, prefix: str = "") -> Iterator[tuple[str, Module]]:
        """This module and all inside it, with their dotted names."""
        yield prefix, self
        for name, child in self.named_children():
            yield from child.named_modules(f"{prefix}.{name}" if prefix else name)

    def modules(self) -> Iterator[Module]:
        for _, module in self.named_modules():
            yield module

    def named_parameters(self) -> Iterator[tuple[str, Parameter]]:
        """Every Parameter with its dotted name; one that is shared comes once, under its first name."""
        seen = set()
        for name, parameter in self._all_parameters():
            if id(parameter) not in seen:
                seen.add(id(parameter))
                yield name, parameter

    def parameters(self) -> Iterator[Parameter]:
        for _, parameter in self.named_parameters():
            yield parameter

    def _all_parameters(self) -> Iterator[tuple[str, Parameter]]:
        for module_name, module in self.named_modules():
            for name, value in vars(module).items():
                if isinstance(value, Parameter):
                    yield (f"{module_name}.{name}" if module_name else name), value

    # --- training -------------------------------------------------------------------------------

    def train(self, mode: bool = True) -> Module:
        """Switch this module and all inside it to training mode (or out of it)."""
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Module:
        """Switch to evaluation mode: `train(False)`."""
        return self.train(False)

    def zero_grad(self) -> None:
        """Forget all gradients. Without it, backward() adds the new ones to the old."""
        for parameter in self.parameters():
            parameter.grad = None

    def double(self) -> Module:
        """All parameters as float64, in place: for checking gradients."""
        return self._cast(np.float64)

    def float(self) -> Module:
        """All parameters as float32, in place: for training."""
        return self._cast(np.float32)

    def _cast(self, dtype: type) -> Module:
        for parameter in self.parameters():
            parameter.data = parameter.data.astype(dtype)
            parameter.grad = None if parameter.grad is None else parameter.grad.astype(dtype)
        return self

    # --- saving and loading -----------------------------------------------------------------------

    def state_dict(self) -> dict[str, np.ndarray]:
        """The name and array of every parameter; the arrays are the module's own, not copies, as in PyTorch."""
        return {name: parameter.data for name, parameter in self._all_parameters()}

    def load_state_dict(self, state: Mapping[str, Any], strict: bool = True) -> None:
        """Copy arrays (PyTorch's tensors too) into the parameters of the same names.

        Args:
            strict: whether every name must be there, and no other.

        Raises:
            KeyError: names are missing or unexpected (strict).
            ValueError: a shape differs.

        Nothing is changed when an error is raised.
        """
        own = dict(self._all_parameters())
        missing, unexpected = own.keys() - state.keys(), state.keys() - own.keys()
        if strict and (missing or unexpected):
            raise KeyError(
                f"load_state_dict: missing {sorted(missing) or 'nothing'}, "
                f"unexpected {sorted(unexpected) or 'nothing'} in {type(self).__name__}; strict=False ignores both"
            )
        arrays = {name: np.asarray(_plain(state[name])) for name in own if name in state}
        for name, array in arrays.items():
            if array.shape != own[name].shape:
                raise ValueError(
                    f"load_state_dict: {name} has shape {own[name].shape}, the given one has {array.shape}"
                )
        for name, array in arrays.items():
            own[name].data[...] = array

    # --- how it looks -----------------------------------------------------------------------------

    def extra_repr(self) -> str:
        """What stands between the brackets when a layer is printed; layers override it."""
        return ""

    def __repr__(self) -> str:
        lines = [f"({name}): {child!r}" for name, child in self.named_children()]
        if not lines:
            return f"{type(self).__name__}({self.extra_repr()})"
        inner = "\n".join(lines).replace("\n", "\n  ")
        return f"{type(self).__name__}(\n  {inner}\n)"


class Sequential(Module):
    """Modules one after another: the output of each is the input of the next.

    Example:
        >>> from nnlib.numpy import nn
        >>> nn.Sequential(nn.Linear(2, 3), nn.ReLU())
        Sequential(
          (0): Linear(in_features=2, out_features=3, bias=True)
          (1): ReLU()
        )
    """

    def __init__(self, *modules: Module) -> None:
        for i, module in enumerate(modules):
            if not isinstance(module, Module):
                raise TypeError(f"Sequential takes modules, argument {i} is a {type(module).__name__}")
            setattr(self, str(i), module)

    def forward(self, x: Any) -> Any:
        for module in self.children():
            x = module(x)
        return x

    def __len__(self) -> int:
        return len(list(self.children()))

    def __iter__(self) -> Iterator[Module]:
        return self.children()

    def __getitem__(self, index: int | slice) -> Module:
        chosen = list(self.children())[index]
        return Sequential(*chosen) if isinstance(index, slice) else chosen


def _plain(value: Any) -> Any:
    return value.data if isinstance(value, Tensor) else value
