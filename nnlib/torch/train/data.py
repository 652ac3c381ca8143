"""What a batch is made of, and how it gets to the device."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import DataLoader, TensorDataset


class Arrays:
    """Examples that lie in memory, fetched a whole batch at once."""

    def __init__(self, *tensors: Tensor) -> None:
        self.tensors = tensors

    def __len__(self) -> int:
        return len(self.tensors[0])

    def __getitems__(self, places: Sequence[int]) -> tuple[Tensor, ...]:
        return tuple(tensor[places] for tensor in self.tensors)


class Windows(Arrays):
    """Pieces of a long text, each with the same piece one symbol later: what a language model reads, and is to guess.

    Shape: ids (L,) whole numbers -> examples (T,), (T,) of int64; ⌊(L - 1)/T⌋ of them.

    Raises:
        ValueError: the text is shorter than T + 1 symbols.

    Example:
        >>> windows = Windows(torch.arange(10), 4)
        >>> len(windows), windows.__getitems__([1])
        (2, (tensor([[4, 5, 6, 7]]), tensor([[5, 6, 7, 8]])))
    """

    def __init__(self, ids: Any, T: int) -> None:
        super().__init__(torch.as_tensor(ids))
        if self.tensors[0].ndim != 1 or len(self.tensors[0]) <= T:
            raise ValueError(
                f"Windows of {T} need ids (L,) with L at least {T + 1}, got {tuple(self.tensors[0].shape)}"
            )
        self.T = T

    def __len__(self) -> int:
        return (len(self.tensors[0]) - 1) // self.T

    def __getitems__(self, places: Sequence[int]) -> tuple[Tensor, ...]:
        begin = torch.as_tensor(places, device=self.tensors[0].device)[:, None] * self.T
        pieces = self.tensors[0][begin + torch.arange(self.T + 1, device=begin.device)].long()  # (N, T + 1)
        return pieces[:, :-1].contiguous(), pieces[:, 1:].contiguous()


def examples(data: Any) -> Any:
    """Data as a `DataLoader` takes them: a `Dataset` of this library or a TensorDataset becomes `Arrays`.

    Raises:
        TypeError: data is nothing that can be counted and indexed.
    """
    if isinstance(data, Arrays):
        return data
    if hasattr(data, "x") and hasattr(data, "y"):
        return Arrays(torch.as_tensor(data.x), torch.as_tensor(data.y))
    if isinstance(data, TensorDataset):
        return Arrays(*data.tensors)
    if not (hasattr(data, "__len__") and hasattr(data, "__getitem__")) or isinstance(data, Tensor | tuple | DataLoader):
        raise TypeError(
            f"fit takes a Dataset of nnlib.data or of PyTorch, with a length and examples (x, y), got "
            f"{type(data).__name__}; tensors go into TensorDataset(x, y)"
        )
    return data


def batches(data: Any, order: Any, device: torch.device, workers: int = 0) -> Iterator[list[Tensor]]:
    """The examples that `order` names, as tensors on the device: inputs, and last the target."""
    data = examples(data)
    loader = DataLoader(
        data,
        batch_sampler=order,
        num_workers=workers,
        collate_fn=_as_it_is if isinstance(data, Arrays) else None,
        # Without its own, a loader takes a number from the generator that dropout draws from.
        generator=torch.Generator(),
    )
    for batch in loader:
        yield [_to(part, device) for part in batch]


def _to(tensor: Tensor, device: torch.device) -> Tensor:
    if device.type == "cuda" and tensor.device.type == "cpu":
        tensor = tensor.pin_memory()  # so that the copy runs while the GPU computes
    return tensor.to(device, non_blocking=True)


def _as_it_is(batch: Any) -> Any:
    return batch
