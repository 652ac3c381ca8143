"""Train a model on one device, or on many: `fit` is the loop, everything else here serves it.

    from nnlib.torch.train import Settings, fit

    settings = Settings(steps=2000, batch_size=64, lr=1e-3, warm_up=100, folder="runs/digits")
    history = fit(model, nn.CrossEntropyLoss(), train, settings, validate=test)

Run the same program again after a crash, and it goes on from the last checkpoint in the folder: on a CPU with the same
number of threads, every loss comes out as if nothing had happened, to the last bit.

Read in this order:

`loop.py`        the loop, `fit`
`settings.py`    every option, in one place, with its meaning
`order.py`       which examples come in which batch: a function of seed and step, so that no position need be kept
`data.py`        what a batch is made of, and how it gets to the device
`precision.py`   the device, and which numbers it computes with
`optimizer.py`   AdamW, which weights decay, and the learning rate at each step
`checkpoints.py` what is kept on disk, and how it comes back
`record.py`      what is noted, printed and drawn, and when a run must stop
`failures.py`    the words for a run that cannot go on
`world.py`       one process; the seam for many

Many processes
--------------
`fit` speaks to other processes only through a `World`; the one here is for one process. Give your own to
`fit(…, world=…)`; inherit, and change what differs:

`World`: `rank`, `size`, `device`, `main` (rank 0: it alone prints and writes);
    `wrap(model)`: the module that is called in the loop, such as DDP's; FSDP2 changes the model itself and returns it;
    `accumulating(network, last)`: a context around the forward and backward pass of one of several micro-batches; only
    the last one exchanges gradients;
    `clip(model, limit)`: scales the gradients to the norm `limit` at most (None: leaves them), returns their norm;
    `sum(x)`: a tensor, added up over all processes, in each of them; `gather(value)`: the values of all, by rank;
    `wait()`: until all have come here; `checkpoints(folder)`: a `Checkpoints`, which keeps a run.
The optimizer is made after `wrap`, from the parameters of the model.

`Order(examples, batch_size, seed=…, accumulate=…, rank=…, size=…)`: the examples of a step are the same for any number
of processes; process `rank` takes its own part of each micro-batch. `batch_size` counts the examples of a step in all
processes and micro-batches.

`Checkpoints(folder, world)`: `save(model, optimizer, progress, best=False)` keeps all of it; `load(model, optimizer)`
brings both back in place and returns the progress, or None. All processes call both. `progress` is plain data: step,
order, history, scaler, and the random states of all processes in a list by rank.
"""

from nnlib.torch.train.checkpoints import Checkpoints
from nnlib.torch.train.data import Windows
from nnlib.torch.train.loop import fit
from nnlib.torch.train.optimizer import adamw, decay_groups, learning_rate
from nnlib.torch.train.order import Order
from nnlib.torch.train.precision import choose_device
from nnlib.torch.train.record import History
from nnlib.torch.train.settings import Settings
from nnlib.torch.train.world import World

__all__ = [
    "Checkpoints", "History", "Order", "Settings", "Windows", "World", "adamw", "choose_device", "decay_groups", "fit",
    "learning_rate",
]  # fmt: skip
