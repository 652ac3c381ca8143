"""One program, from one process to many: the same losses, the memory that was computed, and a process that dies."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from nnlib.torch import models
from nnlib.torch.distributed import processes
from nnlib.torch.shards import ShardedCheckpoints
from nnlib.torch.train import Checkpoints, World

PROGRAM = Path(__file__).with_name("program.py")
ROOT = PROGRAM.parent.parent.parent


def run(folder, strategy, size=1, *options, restarts=0, fails=False):
    """Run the program in so many processes; the losses of its log, a row (step, loss, norm, lr) for each step."""
    torchrun = ["-m", "torch.distributed.run", "--nproc-per-node", str(size), "--max-restarts", str(restarts)]
    torchrun += ["--rdzv-backend", "c10d", "--rdzv-endpoint", "127.0.0.1:0", "--local-addr", "127.0.0.1"]
    done = subprocess.run(
        [sys.executable, *(torchrun if size > 1 else []), PROGRAM, folder, strategy, *map(str, options)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode != 0) == fails, done.stderr[-3000:]
    return done.stderr if fails else np.loadtxt(folder / "losses.csv", delimiter=",", skiprows=1)


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """The run of one process."""
    return run(tmp_path_factory.mktemp("alone"), "ddp")


@pytest.mark.parametrize("size", [2, 4])
@pytest.mark.parametrize("strategy", ["ddp", "fsdp"])
def test_the_losses_are_those_of_one_process(strategy, size, alone, tmp_path):
    together = run(tmp_path, strategy, size)
    np.testing.assert_allclose(together, alone, rtol=0, atol=1e-5)
    memory = json.loads((tmp_path / "memory.json").read_text())
    parameters = sum(p.numel() for p in models.GPT(17, 8, 32, 2, 2).parameters())
    shares = size if strategy == "fsdp" else 1
    for of_process in memory:
        # A parameter with fewer rows than processes, or not a multiple, is not shared evenly.
        assert of_process["parameters"] == pytest.approx(4 * parameters / shares, rel=0.05)
        assert of_process["optimizer"] == 2 * of_process["parameters"]
    if strategy == "fsdp":
        assert sum(of_process["parameters"] for of_process in memory) == 4 * parameters


@pytest.mark.parametrize("strategy", ["ddp", "fsdp"])
def test_accumulated_micro_batches_change_nothing(strategy, alone, tmp_path):
    np.testing.assert_allclose(run(tmp_path, strategy, 2, "--accumulate", 2), alone, rtol=0, atol=1e-5)


@pytest.mark.parametrize("strategy", ["ddp", "fsdp"])
def test_a_run_whose_process_is_killed_goes_on(strategy, tmp_path):
    """Killed in step 10, begun again by torchrun after step 8: to the last bit what an undisturbed run gives."""
    undisturbed = run(tmp_path / "undisturbed", strategy, 2)
    killed = run(tmp_path / "killed", strategy, 2, "--die", 10, restarts=1)
    assert (tmp_path / "killed" / "died").exists()
    np.testing.assert_array_equal(killed, undisturbed)


def test_shares_are_read_by_fewer_processes_and_by_one(alone, tmp_path):
    run(tmp_path, "fsdp", 4, "--steps", 8)
    assert sorted(path.name for path in tmp_path.glob("step-*")) == ["step-8"]
    model = models.GPT(17, 8, 32, 2, 2)
    shares = ShardedCheckpoints(tmp_path, World("cpu"))
    shares.load_best(model)
    loss_there = float(alone[7, 1])  # of step 8, before the change that step 8 makes
    assert loss_of(model) < loss_there

    together = run(tmp_path, "fsdp", 2, "--steps", 12)  # 4 processes began it, 2 end it
    assert len(together) == 12

    (tmp_path / "step-12" / ".metadata").unlink()
    with pytest.raises(ValueError, match="step-12, which .*latest.* names, cannot be read .*another folder"):
        shares.load(model, torch.optim.AdamW(model.parameters()))


def loss_of(model):
    """The loss on the program's data."""
    ids = torch.tensor(np.random.default_rng(0).integers(0, 17, (64, 9)))
    with torch.no_grad():
        return torch.nn.functional.cross_entropy(model(ids[:, :-1]).flatten(0, 1), ids[:, 1:].flatten()).item()


def test_shares_of_another_model_or_optimizer_are_refused(tmp_path):
    run(tmp_path, "fsdp", 2, "--steps", 4)
    assert "holds another model than this" in run(tmp_path, "fsdp", 2, "--width", 16, fails=True)
    model = models.GPT(17, 8, 32, 2, 2)
    with pytest.raises(ValueError, match="AdamW there, SGD here"):
        ShardedCheckpoints(tmp_path, World("cpu")).load(model, torch.optim.SGD(model.parameters()))


def test_whole_and_sharded_checkpoints_are_not_mixed(alone, tmp_path):
    for folder in (tmp_path / "whole", tmp_path / "shares"):
        folder.mkdir()
    model = models.GPT(17, 8, 32, 2, 2)
    adam = torch.optim.AdamW(model.parameters())
    Checkpoints(tmp_path / "whole", World("cpu")).save(model, adam, {"step": 1})
    with pytest.raises(ValueError, match="holds a whole model: go on with 'ddp'"):
        ShardedCheckpoints(tmp_path / "whole", World("cpu")).load(model, adam)
    ShardedCheckpoints(tmp_path / "shares", World("cpu")).save(model, adam, {"step": 1})
    with pytest.raises(ValueError, match="holds shares of a model: go on with 'fsdp'"):
        Checkpoints(tmp_path / "shares", World("cpu")).load(model, adam)


def test_a_damaged_name_of_shares_is_refused(tmp_path):
    model = models.GPT(17, 8, 32, 2, 2)
    adam = torch.optim.AdamW(model.parameters())
    shares = ShardedCheckpoints(tmp_path, World("cpu"))
    shares.save(model, adam, {"step": 1}, best=True)
    shares.save(model, adam, {"step": 2})
    shares.latest.write_bytes(shares.latest.read_bytes()[:-7])
    with pytest.raises(ValueError, match=r"best.safetensors is whole: delete latest.safetensors, .* after step 1"):
        shares.load(model, adam)
    shares.latest.unlink()
    assert shares.load(model, adam) == {"step": 1}


def test_an_error_in_one_process_ends_all(tmp_path):
    assert "RuntimeError: the third step fails" in run(tmp_path, "ddp", 2, "--fail", fails=True)


def test_an_unknown_strategy_is_refused():
    with pytest.raises(ValueError, match="one of ddp, fsdp, got 'zero'"), processes("zero"):
        pass
