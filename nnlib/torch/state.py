"""Weights from NumPy to PyTorch."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch


def tensors(state: Mapping[str, np.ndarray]) -> dict[str, torch.Tensor]:
    """A state dict of NumPy arrays as one of torch tensors (copies), for `load_state_dict`.

    Example:
        >>> tensors({"bias": np.zeros(2, np.float32)})
        {'bias': tensor([0., 0.])}
    """
    return {name: torch.tensor(array) for name, array in state.items()}
