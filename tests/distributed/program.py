"""A small run of training for the tests, started by torchrun or alone: python program.py FOLDER STRATEGY [options]."""

import argparse
import json
import os
import signal
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from nnlib.torch import manual_seed, models
from nnlib.torch.distributed import processes
from nnlib.torch.memory import training_memory
from nnlib.torch.train import Settings, adamw, fit

parser = argparse.ArgumentParser()
parser.add_argument("folder", type=Path)
parser.add_argument("strategy")
parser.add_argument("--steps", type=int, default=12)
parser.add_argument("--accumulate", type=int, default=1)
parser.add_argument("--precision", default="float32")
parser.add_argument("--width", type=int, default=32)
parser.add_argument("--die", type=int, help="the last process kills itself once, in this step")
parser.add_argument("--fail", action="store_true", help="the last process raises an error in the third step")
options = parser.parse_args()

rank, size = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
torch.set_num_threads(1)
manual_seed(rank)  # what process 0 begins with is what counts
ids = torch.tensor(np.random.default_rng(0).integers(0, 17, (64, 9)))
data = torch.utils.data.TensorDataset(ids[:, :-1], ids[:, 1:])
model = models.GPT(17, 8, options.width, 2, 2)
settings = Settings(
    steps=options.steps, batch_size=16, accumulate=options.accumulate, lr=3e-3, warm_up=3, precision=options.precision,
    evaluate_every=4, folder=options.folder, progress=False, log_every=1,
)  # fmt: skip
calls, made, died = 0, [], options.folder / "died"


def loss(scores: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    global calls
    calls += torch.is_grad_enabled()
    if rank == size - 1 and options.die == calls and not died.exists():
        died.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if rank == size - 1 and options.fail and calls == 3:
        raise RuntimeError("the third step fails")
    return cross_entropy(scores.flatten(0, 1), targets.flatten())


def optimizer(model: torch.nn.Module) -> torch.optim.Optimizer:
    made.append(adamw(model, settings))
    return made[0]


with processes(options.strategy, "cpu") as world:
    fit(model, loss, data, settings, validate=data, optimizer=optimizer, world=world)
    memory = world.gather(training_memory(model, made[0]))
    if world.main:
        (options.folder / "memory.json").write_text(json.dumps(memory))
