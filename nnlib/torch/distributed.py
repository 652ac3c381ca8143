"""Many processes that train one model, on one machine or on several: PyTorch's own engine behind `nnlib.torch.train`.

    from nnlib.torch.distributed import processes
    from nnlib.torch.train import fit

    with processes("ddp") as world:
        history = fit(model, loss, data, settings, world=world)

The same program runs on one CPU, and on all GPUs of several machines:

    python program.py
    torchrun --nproc-per-node 4 program.py
    torchrun --nnodes 2 --nproc-per-node 8 --rdzv-backend c10d --rdzv-endpoint first:29500 --max-restarts 3 program.py

`batch_size` counts the examples of all processes together, so the losses are those of one process. With a folder for
checkpoints and `--max-restarts`, a run whose process dies goes on from the last checkpoint.

Layers that look at the whole batch, such as BatchNorm, see the share of their own process; PyTorch's SyncBatchNorm
looks at all. Dropout draws other numbers in each process if the program seeds them so.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard
from torch.nn.parallel import DistributedDataParallel

from nnlib.torch import nn
from nnlib.torch.shards import ShardedCheckpoints
from nnlib.torch.train.world import World


@contextlib.contextmanager
def processes(strategy: str = "ddp", device: str | torch.device | None = None) -> Iterator[World]:
    """The processes that `torchrun` has started, as one world; without torchrun, this process alone.

    Args:
        strategy: "ddp", each process has the whole model; or "fsdp", each keeps a share of it, and gets the rest of a
            block when it is needed.
        device: "cpu" or "cuda"; by default a GPU for each process, if there are any.

    Raises:
        ValueError: an unknown strategy, or more processes on this machine than it has GPUs.

    Example:
        >>> with processes("ddp", "cpu") as world:
        ...     world.rank, world.size
        (0, 1)
    """
    if strategy not in STRATEGIES:
        raise ValueError(f"strategy is one of {', '.join(STRATEGIES)}, got {strategy!r}")
    if "TORCHELASTIC_RUN_ID" not in os.environ:
        yield World(device)
        return
    device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
    if device.type == "cuda":
        local, there = int(os.environ["LOCAL_RANK"]), torch.cuda.device_count()
        if local >= there:
            raise ValueError(f"there are {there} GPUs for {local + 1} processes or more: give --nproc-per-node {there}")
        device = torch.device("cuda", local)
        torch.cuda.set_device(device)
    store, rank, size = next(dist.rendezvous("env://"))
    # torchrun lends the same store to every attempt: without a name for each, a process that begins again may find the
    # address of one that has died (seen in every second restart on one machine).
    store = dist.PrefixStore(f"attempt {os.environ['TORCHELASTIC_RESTART_COUNT']}", store)
    dist.init_process_group("nccl" if device.type == "cuda" else "gloo", store=store, rank=rank, world_size=size)
    try:
        yield STRATEGIES[strategy](device)
        dist.barrier()  # a process that leaves while others still talk to it takes them down
    finally:
        dist.destroy_process_group()


class DataParallel(World):
    """Every process has the whole model and a part of the batch; their gradients are averaged while they come.

    Source: Li et al. (2020).
    """

    def __init__(self, device: str | torch.device | None = None) -> None:
        super().__init__(device)
        self.rank, self.size = dist.get_rank(), dist.get_world_size()

    def wrap(self, model: nn.Module) -> nn.Module:
        """The model with an exchange of gradients; all begin with the parameters of process 0."""
        return DistributedDataParallel(model)

    def accumulating(self, network: nn.Module, last: bool) -> contextlib.AbstractContextManager:
        """No exchange before the last micro-batch."""
        return contextlib.nullcontext() if last else network.no_sync()

    def sum(self, x: Tensor) -> Tensor:
        """A tensor, added up over all processes."""
        total = x.clone()
        dist.all_reduce(total)
        return total

    def gather(self, value: Any) -> list[Any]:
        """The values of all processes, by rank."""
        values = [None] * self.size
        dist.all_gather_object(values, value)
        return values

    def wait(self) -> None:
        """Go on when all processes have come here."""
        dist.barrier()


class ShardedDataParallel(DataParallel):
    """Every process has a part of the batch and of the model: of each parameter, its gradient and its averages.

    A block's parameters are collected from all processes just before they are needed, and given back after that.
    The blocks are the entries of the model's `ModuleList`s.

    Source: Rajbhandari et al. (2020); Zhao et al. (2023).
    """

    def wrap(self, model: nn.Module) -> nn.Module:
        """The same model, of which each process keeps a share; all begin with what process 0 has."""
        for tensor in (*model.parameters(), *model.buffers()):
            dist.broadcast(tensor.data, 0)
        mesh = init_device_mesh(self.device.type, (self.size,))
        for blocks in [module for module in model.modules() if isinstance(module, nn.ModuleList)]:
            for block in blocks:
                fully_shard(block, mesh=mesh)
        return fully_shard(model, mesh=mesh)

    def accumulating(self, network: nn.Module, last: bool) -> contextlib.AbstractContextManager:
        """No exchange before the last micro-batch."""
        network.set_requires_gradient_sync(last)
        return contextlib.nullcontext()

    def clip(self, model: nn.Module, limit: float | None) -> Tensor:
        """As in one process; the norm is that of all shares together."""
        return super().clip(model, limit).full_tensor()

    def checkpoints(self, folder: str | os.PathLike[str]) -> ShardedCheckpoints:
        """Each process writes its share."""
        return ShardedCheckpoints(folder, self)


STRATEGIES = {"ddp": DataParallel, "fsdp": ShardedDataParallel}
