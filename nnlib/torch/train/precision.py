"""The device, and which numbers it computes with."""

from __future__ import annotations

import contextlib

import torch

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}


def choose_device(device: str | torch.device | None = None) -> torch.device:
    """The device that was asked for, or the fastest one: cuda, then mps (Apple), then cpu.

    Raises:
        ValueError: the device is not there.

    Example:
        >>> choose_device("cpu")
        device(type='cpu')
    """
    there = [name for name in ("cuda", "mps") if getattr(torch, name).is_available()] + ["cpu"]
    device = torch.device(there[0] if device is None else device)
    if device.type in ("cuda", "mps") and device.type not in there:
        raise ValueError(f"this machine, or this build of PyTorch, has no {device.type}: use one of {there}")
    return device


def autocast(precision: str, device: torch.device) -> contextlib.AbstractContextManager:
    """A context in which products and convolutions compute in half the bits, what needs more in float32.

    The weights stay float32, so that small steps are not rounded away.

    Source: Micikevicius et al. (2018).
    """
    if precision == "float32":
        return contextlib.nullcontext()
    return torch.autocast(device.type, DTYPES[precision])


def scaler(precision: str, device: torch.device) -> torch.amp.GradScaler:
    """Multiplies the loss for float16, whose smallest numbers are 6e-8, so that small gradients do not become 0.

    bfloat16 has the range of float32 and needs none: the scaler then passes everything through.
    """
    return torch.amp.GradScaler(device.type, enabled=precision == "float16")
