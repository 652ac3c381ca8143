"""`Module`: a thing with parameters. Layers are modules, and so is a network made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
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
        return iter([value for value in vars(self).values() if isinstance(value, Module)])

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
        for name, parameter in self._everywhere(Module._own_parameters):
            if id(parameter) not in seen:
                seen.add(id(parameter))
                yield name, parameter

    def parameters(self) -> Iterator[Parameter]:
        for _, parameter in self.named_parameters():
            yield parameter

    def register_buffer(self, name: str, tensor: Tensor | np.ndarray | None) -> None:
        """Set an attribute that is saved, loaded and cast with the parameters, but not learned: a running mean."""
        vars(self).setdefault("_buffer_names", []).append(name)
        setattr(self, name, Tensor(tensor) if isinstance(tensor, np.ndarray) else tensor)

    def named_buffers(self) -> Iterator[tuple[str, Tensor]]:
        """Every buffer with its dotted name."""
        yield from self._everywhere(Module._own_buffers)

    def buffers(self) -> Iterator[Tensor]:
        for _, buffer in self.named_buffers():
            yield buffer

    def _own_parameters(self) -> Iterator[tuple[str, Parameter]]:
        return ((name, value) for name, value in vars(self).items() if isinstance(value, Parameter))

    def _own_buffers(self) -> Iterator[tuple[str, Tensor]]:
        names = vars(self).get("_buffer_names", ())
        return ((name, getattr(self, name)) for name in names if getattr(self, name) is not None)

    def _own_state(self) -> Iterator[tuple[str, Tensor]]:
        yield from self._own_parameters()
        yield from self._own_buffers()

    def _everywhere(self, own: Callable[[Module], Iterator[tuple[str, Tensor]]]) -> Iterator[tuple[str, Tensor]]:
        """What `own` finds in this module and in all inside it, with dotted names."""
        for prefix, module in self.named_modules():
            for name, tensor in own(module):
                yield (f"{prefix}.{name}" if prefix else name), tensor

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
        """All floating-point parameters and buffers as float64, in place: for checking gradients."""
        return self._cast(np.float64)

    def float(self) -> Module:
        """All floating-point parameters and buffers as float32, in place: for training."""
        return self._cast(np.float32)

    def _cast(self, dtype: type) -> Module:
        for _, tensor in self._everywhere(Module._own_state):
            if tensor.dtype.kind == "f":
                tensor.data = tensor.data.astype(dtype)
                tensor.grad = None if tensor.grad is None else tensor.grad.astype(dtype)
        return self

    # --- saving and loading -----------------------------------------------------------------------

    def state_dict(self) -> dict[str, np.ndarray]:
        """The name and array of every parameter and buffer; the module's own arrays, not copies, as in PyTorch."""
        return {name: tensor.data for name, tensor in self._everywhere(Module._own_state)}

    def load_state_dict(self, state: Mapping[str, Any], strict: bool = True) -> None:
        """Copy arrays (PyTorch's tensors too) into the parameters and buffers of the same names.

        Args:
            strict: whether every name must be there, and no other.

        Raises:
            KeyError: names are missing or unexpected (strict).
            ValueError: a shape differs, or an array here is read-only.
            TypeError: state is no mapping, or holds something else than numbers.

        Nothing is changed when an error is raised.
        """
        if not isinstance(state, Mapping):
            raise TypeError(f"load_state_dict takes a mapping of names to arrays, got {type(state).__name__}")
        own = self.state_dict()
        missing, unexpected = own.keys() - state.keys(), state.keys() - own.keys()
        if strict and (missing or unexpected):
            raise KeyError(
                f"load_state_dict: missing {sorted(missing) or 'nothing'}, "
                f"unexpected {sorted(unexpected) or 'nothing'} in {type(self).__name__}; strict=False ignores both"
            )
        arrays = {name: np.asarray(_plain(state[name])) for name in own if name in state}
        for name, array in arrays.items():
            if array.dtype.kind not in "fiub":
                raise TypeError(f"load_state_dict: {name} holds {array.dtype}, expected numbers")
            if array.shape != own[name].shape:
                raise ValueError(
                    f"load_state_dict: {name} has shape {own[name].shape}, the given one has {array.shape}"
                )
            if not own[name].flags.writeable:
                raise ValueError(f"load_state_dict: {name} is a read-only array here: make the model with a copy of it")
        for name, array in arrays.items():
            own[name][...] = array

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


def _plain(value: Any) -> Any:
    return value.data if isinstance(value, Tensor) else value
