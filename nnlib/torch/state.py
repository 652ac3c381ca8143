"""State from NumPy to PyTorch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch


def tensors(state: Any) -> Any:
    """A state dict of NumPy arrays as one of torch tensors (copies), for `load_state_dict`.

    A model's, an optimizer's or a whole checkpoint: dicts and lists are walked through, other values stay.

    Example:
        >>> tensors({"bias": np.zeros(2, np.float32)})
        {'bias': tensor([0., 0.])}
    """
    if isinstance(state, np.ndarray):
        return torch.tensor(state)
    if isinstance(state, Mapping):
        return {name: tensors(value) for name, value in state.items()}
    if isinstance(state, list):
        return [tensors(value) for value in state]
    return state
