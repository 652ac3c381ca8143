"""A training run, killed twenty times: `python killed_run.py FOLDER` (test_torch_train_killed.py starts it).

PyTorch is imported once. Each life of the run is a child of this process, and ends by SIGKILL: in the middle of a
random step, while a checkpoint is being written, or at any moment at all, which this process chooses.
"""

import itertools
import json
import os
import random
import signal
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
import torch
import torch._dynamo  # the optimizer's first step would import it, a second in every life

from nnlib import checkpoint
from nnlib.torch import nn
from nnlib.torch.train import Settings, World, fit

STEPS, KILLS = 400, 20  # so many that no life comes to the end, however late it is killed


class Noisy(torch.utils.data.Dataset):
    """Points on a line, with noise from all three sources of random numbers."""

    def __len__(self):
        return 50

    def __getitem__(self, i):
        x = torch.tensor([i / 50.0]) + 0.01 * torch.randn(1)
        return x + 0.01 * random.random(), torch.sin(6 * x) + 0.01 * float(np.random.standard_normal())  # noqa: NPY002


def train(folder):
    """One life, from the last checkpoint on."""
    torch.manual_seed(0)
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002
    model = nn.Sequential(nn.Linear(1, 8), nn.BatchNorm1d(8), nn.Dropout(0.2), nn.Tanh(), nn.Linear(8, 1))
    settings = Settings(
        steps=STEPS, batch_size=8, accumulate=2, lr=0.01, warm_up=50, clip=0.5, device="cpu", folder=folder,
        log_every=1, evaluate_every=20, save_every=3, progress=False,
    )  # fmt: skip
    validate = torch.utils.data.TensorDataset(torch.linspace(0, 1, 20)[:, None], torch.zeros(20, 1))
    fit(model, nn.MSELoss(), Noisy(), settings, validate=validate)


def die_while_writing(saves, part):
    """Make the checkpoint after `saves` others the last: killed when `part` of it is written."""
    write = checkpoint._write

    def half(path, data):
        nonlocal saves
        saves -= 1
        if saves >= 0:
            return write(path, data)
        if part < 1:
            with open(f"{path}.dead.tmp", "wb") as file:
                file.write(data[: int(part * len(data))])
                file.flush()
                os.kill(os.getpid(), signal.SIGKILL)
        os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
        return write(path, data)

    checkpoint._write = half


def die_in_step(steps):
    """Be killed after `steps` others, when the gradients are there and the weights are not yet changed."""
    clip, done = World.clip, itertools.count()

    def last(*arguments):
        if next(done) == steps:
            os.kill(os.getpid(), signal.SIGKILL)
        return clip(*arguments)

    World.clip = last


def life(folder, before=lambda: None):
    """Start a life; the id of its process."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            before()
            train(folder)
            status = 0
        finally:
            os._exit(status)
    return child


def lines(folder):
    """The log's whole lines."""
    path = folder / "losses.csv"
    return (
        [line for line in path.read_text().splitlines(keepends=True)[1:] if line[-1] == "\n"] if path.exists() else []
    )


def main(folder):
    """Run once without, once with interruptions; prints how the lives ended."""
    rng = random.Random(os.environ.get("NNLIB_KILL_SEED", "0"))
    assert os.waitstatus_to_exitcode(os.waitpid(life(folder / "whole"), 0)[1]) == 0
    whole, killed = lines(folder / "whole"), folder / "killed"
    ends = []
    while len(ends) < KILLS:
        how = ("step", "writing", "moment")[len(ends) % 3]
        if how == "step":
            child = life(killed, partial(die_in_step, rng.randrange(30)))
        elif how == "writing":
            child = life(killed, partial(die_while_writing, rng.randrange(4), rng.choice([rng.random(), 1])))
        else:
            # The log begins anew with what the checkpoint knows, so it may shrink before it grows.
            target, child = len(lines(killed)) + rng.randint(-2, 10), life(killed)
            while len(lines(killed)) < target and os.waitpid(child, os.WNOHANG)[0] == 0:
                time.sleep(0.001)
            time.sleep(rng.random() * 0.004)
            os.kill(child, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert status == -signal.SIGKILL, f"life {len(ends)} ended with {status} before it was killed"
        ends.append([how, len(lines(killed))])
        wrong = [(a, b) for a, b in zip(lines(killed), whole, strict=False) if a != b]
        assert not wrong, f"life {len(ends)}: {wrong[0]}"
    assert os.waitstatus_to_exitcode(os.waitpid(life(killed), 0)[1]) == 0
    print(json.dumps(ends))


if __name__ == "__main__":
    torch.set_num_threads(1)
    main(Path(sys.argv[1]))
