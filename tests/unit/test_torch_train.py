"""nnlib.torch.train: it computes what a plain loop computes, stops in time, and says why it cannot go on."""

import contextlib
import copy
import math
import sys

import numpy as np
import pytest
import torch
from torch.utils.data import TensorDataset

from nnlib import checkpoint
from nnlib.data import load_digits, moons, split
from nnlib.torch import functional as F
from nnlib.torch import models, nn, optim
from nnlib.torch.train import Order, Settings, Windows, World, adamw, choose_device, decay_groups, fit, learning_rate
from nnlib.torch.train.checkpoints import random_state, set_random_state
from nnlib.torch.train.precision import scaler


def quiet(steps=20, batch_size=8, **options):
    """Settings of a small run on the CPU that prints nothing."""
    return Settings(
        **{"steps": steps, "batch_size": batch_size, "device": "cpu", "progress": False, "log_every": 1} | options
    )


def mlp(seed=0, *sizes):
    torch.manual_seed(seed)
    return models.MLP(*(sizes or (2, 16, 2)))


def run(settings, model=None, data=None, **options):
    model = mlp() if model is None else model
    return fit(model, nn.CrossEntropyLoss(), moons(80) if data is None else data, settings, **options), model


# -- it computes what a plain loop computes


def test_it_is_the_loop_that_one_would_write_by_hand():
    settings = quiet(steps=12, lr=0.02, warm_up=3, clip=0.5, weight_decay=0.3, seed=4)
    history, model = run(settings)
    data, plain, losses = moons(80), mlp(), []
    weights, biases = [[p for p in plain.parameters() if (p.ndim > 1) == matrix] for matrix in (True, False)]
    groups = [{"params": weights, "weight_decay": 0.3}, {"params": biases, "weight_decay": 0.0}]
    optimizer = optim.AdamW(groups, lr=0.02, betas=(0.9, 0.95))
    for step in range(12):
        share = (step + 1) / 3 if step < 3 else 0.1 + 0.9 * (1 + math.cos(math.pi * (step - 3) / 8)) / 2
        for group in optimizer.param_groups:
            group["lr"] = 0.02 * share
        order = np.random.default_rng([4, step // 10]).permutation(80)[(step % 10) * 8 :][:8]
        loss = F.cross_entropy(plain(torch.tensor(data.x[order])), torch.tensor(data.y[order]))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(plain.parameters(), 0.5)
        optimizer.step()
        losses.append(loss.item())
    assert history.losses == losses
    for ours, theirs in zip(model.parameters(), plain.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=0, atol=0)


@pytest.mark.parametrize("accumulate", [2, 4])
def test_micro_batches_make_the_same_step(accumulate):
    (whole, one), (parts, other) = run(quiet()), run(quiet(accumulate=accumulate))
    np.testing.assert_allclose(whole.losses, parts.losses, rtol=1e-5)
    for a, b in zip(one.parameters(), other.parameters(), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-5)


def test_digits_are_learned():
    train, test = split(load_digits())
    torch.manual_seed(0)
    settings = quiet(steps=300, batch_size=64, lr=3e-3, warm_up=20)
    history = fit(models.MLP(64, 64, 10), nn.CrossEntropyLoss(), train, settings, validate=test)
    assert [step for step, _ in history.evaluations] == list(range(30, 301, 30))
    assert history.best[1] < 0.25 and len(history.losses) == 300  # measured: .19


def test_windows_of_a_text():
    windows = Windows(np.arange(0, 21, dtype=np.uint16), 5)
    assert len(windows) == 4
    x, y = windows.__getitems__([3, 0])
    assert x.tolist() == [[15, 16, 17, 18, 19], [0, 1, 2, 3, 4]] and (y == x + 1).all() and x.dtype == torch.int64
    with pytest.raises(ValueError, match=r"Windows of 5 need ids \(L,\) with L at least 6, got \(5,\)"):
        Windows(torch.zeros(5), 5)
    torch.manual_seed(0)
    model = models.GPT(21, 5, 16, 1, 2)
    data = Windows(torch.arange(21).repeat(20), 5)
    history = fit(model, lambda z, y: F.cross_entropy(z.flatten(0, 1), y.flatten()), data, quiet(60, lr=0.01))
    assert history.losses[-1] < 0.5 * history.losses[0]  # one symbol tells the next


def test_several_inputs_and_a_language_model():
    """A batch is inputs and a target, whatever the model takes."""
    torch.manual_seed(0)
    model, source = models.Seq2Seq(7, 7, 16), torch.randint(7, (40, 5))
    data = TensorDataset(source, source, source)
    history = fit(model, lambda z, y: F.cross_entropy(z.flatten(0, 1), y.flatten()), data, quiet(40, lr=0.01))
    assert np.mean(history.losses[-5:]) < 0.8 * history.losses[0]


def test_an_evaluation_changes_nothing_and_counts_every_example():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(2, 8), nn.BatchNorm1d(8), nn.Dropout(0.5), nn.Linear(8, 2))
    alone, _ = run(quiet(), copy.deepcopy(model))
    torch.manual_seed(0)
    test, seen = moons(21, seed=3), []
    model.register_forward_hook(lambda module, x, _: None if module.training else seen.append(len(x[0])))
    torch.manual_seed(0)
    alone, _ = run(quiet(steps=4), copy.deepcopy(model))
    torch.manual_seed(0)
    history, model = run(quiet(steps=4, evaluate_every=2), model, validate=test)
    assert history.losses == alone.losses and seen == [8, 8, 5, 8, 8, 5] and model.training
    model.eval()
    expected = F.cross_entropy(model(torch.tensor(test.x)), torch.tensor(test.y)).item()
    assert history.evaluations[-1] == (4, pytest.approx(expected, rel=1e-5))


def test_an_optimizer_of_ones_own_gets_the_schedule():
    rates = []

    def sgd(model):
        first, second = model.layers[1], model.layers[3]
        groups = [{"params": first.parameters(), "lr": 0.5}, {"params": second.parameters(), "lr": 0.1}]
        made = optim.SGD(groups)
        made.register_step_pre_hook(lambda *_: rates.append([group["lr"] for group in made.param_groups]))
        return made

    run(quiet(steps=4, warm_up=2, final_lr=0.0), optimizer=sgd)
    np.testing.assert_allclose(rates, np.outer([0.5, 1, 1, 0], [0.5, 0.1]), atol=1e-12)


# -- the parts


def test_each_epoch_has_every_example_once():
    order = Order(10, 4, seed=1)
    stream = np.concatenate([order.of_step(step) for step in range(5)]).reshape(2, 10)
    assert (np.sort(stream) == np.arange(10)).all() and (stream[0] != stream[1]).any()
    assert order.of_step(3) == Order(10, 4, seed=1).of_step(3) != Order(10, 4, seed=2).of_step(3)  # from anywhere


@pytest.mark.parametrize("size", [1, 2, 4])
def test_processes_share_each_batch(size):
    whole, micro = Order(50, 8), 8 // (2 * size)
    feeds = [iter(Order(50, 8, accumulate=2, rank=rank, size=size, start=5)) for rank in range(size)]
    for step in range(5, 9):
        parts = [[next(feed) for feed in feeds] for _ in range(2)]
        assert sum((part for round_ in parts for part in round_), []) == whole.of_step(step)
        assert {len(part) for round_ in parts for part in round_} == {micro}


def test_only_matrices_decay():
    model = models.GPT(11, 8, 16, 1, 2)
    decaying, kept = decay_groups(model, 0.1)
    names = {id(p): name for name, p in model.named_parameters()}
    assert {names[id(p)] for p in decaying["params"]} == {
        f"blocks.0.{part}.weight"
        for part in ("attention.query", "attention.key", "attention.value", "attention.out", "expand", "contract")
    }
    assert {"embedding.weight", "position.weight", "norm.weight", "norm.bias"} <= {names[id(p)] for p in kept["params"]}
    assert len(decaying["params"]) + len(kept["params"]) == len(names)
    model.requires_grad_(False)
    with pytest.raises(ValueError, match="GPT has no parameters that can be trained"):
        adamw(model, quiet())


def test_the_learning_rate_rises_and_falls():
    settings = quiet(steps=100, warm_up=10, final_lr=0.1)
    shares = [learning_rate(step, settings) for step in range(100)]
    assert shares[:10] == pytest.approx(np.arange(1, 11) / 10) and shares[10] == 1 and shares[99] == pytest.approx(0.1)
    assert (np.diff(shares[10:]) < 0).all()
    assert {learning_rate(step, quiet(final_lr=1.0)) for step in range(20)} == {1.0}
    assert learning_rate(0, quiet(steps=1)) == 1.0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"steps": 0}, "steps is a whole number from 1, got 0"),
        ({"evaluate_every": 2.5}, "evaluate_every is a whole number from 1, got 2.5"),
        ({"lr": -1.0}, "lr must not be negative, got -1.0"),
        ({"lr": math.nan}, "lr must not be negative, got nan"),
        ({"final_lr": 2}, "final_lr is a share of lr, between 0 and 1, got 2"),
        ({"clip": 0}, "clip is a norm above 0, or None to leave the gradients, got 0"),
        ({"precision": "half"}, "precision is one of float32, bfloat16, float16, got 'half'"),
        ({"accumulate": 3}, "a batch of 8 does not fall into 3 micro-batches"),
        ({"tensorboard": True}, "TensorBoard reads its curves from a folder"),
    ],
)
def test_settings_are_checked(options, message):
    with pytest.raises(ValueError, match=message):
        quiet(**options)


def test_data_are_checked():
    with pytest.raises(ValueError, match="a batch of 8 needs more than the 4 examples"):
        run(quiet(), data=moons(4))
    with pytest.raises(ValueError, match="a batch of 8 does not fall into equal parts for 3 processes with 1"):
        Order(20, 8, size=3)
    for wrong in (torch.zeros(9, 2), (torch.zeros(9, 2), torch.zeros(9)), iter([])):
        with pytest.raises(TypeError, match="fit takes a Dataset of nnlib.data or of PyTorch.* got"):
            run(quiet(), data=wrong)


# -- devices and precision


def test_the_device_is_the_fastest_there_is(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.mps, "is_available", lambda: True)
    assert choose_device().type == "mps" and choose_device("cpu").type == "cpu"
    with pytest.raises(ValueError, match=r"has no cuda: use one of \['mps', 'cpu'\]"):
        choose_device("cuda")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert choose_device().type == "cuda"


@pytest.mark.parametrize("precision", ["bfloat16", "float16"])
def test_half_the_bits_learn_too(precision):
    kinds = set()
    model = mlp()
    model.layers[1].register_forward_hook(lambda module, x, y: kinds.add(y.dtype))
    history, _ = run(quiet(steps=60, lr=0.03, precision=precision), model)
    assert kinds == {getattr(torch, precision)} and model.layers[1].weight.dtype == torch.float32
    assert np.mean(history.losses[-10:]) < 0.6 * history.losses[0]
    assert scaler(precision, torch.device("cpu")).is_enabled() == (precision == "float16")


def test_float16_leaves_out_a_step_that_overflows_and_goes_on(tmp_path):
    """A loss of 1e3 times a scale of 65536 is too large: the scale falls until it is not."""
    settings = quiet(steps=60, lr=0.03, precision="float16", folder=tmp_path, clip=None)
    history = fit(mlp(), lambda z, y: 1e3 * F.cross_entropy(z, y), moons(80), settings)
    norms = [float(line.split(",")[2]) for line in (tmp_path / "losses.csv").read_text().splitlines()[1:]]
    assert not math.isfinite(norms[0]) and math.isfinite(norms[-1]) and history.losses[-1] < 0.7 * history.losses[0]
    kept = checkpoint.load(tmp_path / "latest.safetensors")["progress"]["scaler"]
    assert 1 <= kept["scale"] < 65536


def test_the_norm_is_that_of_the_gradient_not_of_the_scaled_one(tmp_path):
    norms = []
    for precision in ("float32", "float16"):
        run(quiet(steps=4, precision=precision, folder=tmp_path / precision))
        lines = (tmp_path / precision / "losses.csv").read_text().splitlines()[1:]
        norms.append([float(line.split(",")[2]) for line in lines])
    np.testing.assert_allclose(*norms, rtol=0.02)


def test_float16_that_never_fits_is_named():
    class Explode(torch.autograd.Function):
        forward = staticmethod(lambda ctx, z: z.clone())
        backward = staticmethod(lambda ctx, g: g * math.inf)

    with pytest.raises(FloatingPointError, match="gradients are infinite in float16 .* Use bfloat16"):
        fit(mlp(), lambda z, y: F.cross_entropy(Explode.apply(z), y), moons(80), quiet(steps=60, precision="float16"))


def test_compiled_it_computes_the_same():
    torch._dynamo.reset()
    with torch._dynamo.config.patch(error_on_recompile=False, suppress_errors=False):
        compiled, _ = run(quiet(compile="eager", accumulate=2), validate=moons(20))
    plain, _ = run(quiet(accumulate=2), validate=moons(20))
    np.testing.assert_allclose(compiled.losses, plain.losses, rtol=1e-6)
    np.testing.assert_allclose(compiled.evaluations, plain.evaluations, rtol=1e-6)


def test_the_tenth_run_is_compiled_too():
    from torch._dynamo.utils import counters

    torch._dynamo.reset()
    counters.clear()
    for n in range(10):
        run(quiet(steps=2, compile="eager"), mlp(0, 2, 4 + n, 2))
    assert counters["stats"]["unique_graphs"] == 10


def test_workers_bring_the_same_batches():
    assert run(quiet(steps=3, workers=2))[0].losses == run(quiet(steps=3))[0].losses


# -- it stops in time, and goes on


def worse_and_worse(z, y):
    """Falls for as long as the model is trained on it, and rises on what it is evaluated on."""
    error = F.cross_entropy(z, y)
    return error if torch.is_grad_enabled() else -error


def test_it_stops_when_nothing_gets_better(tmp_path):
    settings = quiet(steps=100, lr=0.03, evaluate_every=5, patience=3, folder=tmp_path)
    first = fit(mlp(), worse_and_worse, moons(80), settings, validate=moons(20))
    assert len(first.losses) == 20 and first.best[0] == 5
    assert fit(mlp(), worse_and_worse, moons(80), settings, validate=moons(20)) == first  # and stays stopped
    model, test = mlp(seed=1), moons(20)
    World("cpu").checkpoints(tmp_path).load_best(model)
    with torch.no_grad():
        error = worse_and_worse(model(torch.tensor(test.x)), torch.tensor(test.y))
    assert error.item() == pytest.approx(first.best[1])


@pytest.mark.parametrize(("precision", "factor"), [("float32", 1), ("float16", 1e3)])
def test_a_run_goes_on_where_it_was(tmp_path, precision, factor):
    """In float16 the scale has fallen by the time of the checkpoint, and is to come back too."""
    settings = {"steps": 40, "lr": 0.02, "warm_up": 5, "evaluate_every": 10, "precision": precision}

    def life(folder, seed=0):
        model, loss = mlp(seed), lambda z, y: factor * F.cross_entropy(z, y)
        return model, fit(model, loss, moons(80), quiet(folder=folder, **settings), validate=moons(20))

    model, whole = life(tmp_path / "whole")
    with interrupted_after(20):
        life(tmp_path / "half")
    assert checkpoint.load(tmp_path / "half" / "latest.safetensors")["progress"]["step"] == 20
    other, again = life(tmp_path / "half", seed=5)
    assert again == whole
    for a, b in zip(model.parameters(), other.parameters(), strict=True):
        assert torch.equal(a, b)
    assert (tmp_path / "half" / "losses.csv").read_text() == (tmp_path / "whole" / "losses.csv").read_text()


@contextlib.contextmanager
def interrupted_after(step):
    """Ctrl-C in the middle of the step after this one."""
    clip, calls = World.clip, []

    def interrupt(*arguments):
        calls.append(1)
        if len(calls) > step + 3:
            raise KeyboardInterrupt
        return clip(*arguments)

    World.clip = interrupt
    try:
        with pytest.raises(KeyboardInterrupt):
            yield
    finally:
        World.clip = clip


def test_all_random_numbers_come_back():
    import random

    def draw():
        return random.gauss(0, 1), np.random.standard_normal(3).tolist(), torch.randn(3).tolist()  # noqa: NPY002

    draw()  # so that half of a pair of normal numbers is waiting
    state, cpu = random_state(torch.device("cpu")), torch.device("cpu")
    numbers = draw()
    assert draw() != numbers
    state["torch"] = state["torch"].clone()
    state["numpy"]["state"]["key"] = torch.from_numpy(state["numpy"]["state"]["key"])
    state["python"]["numbers"] = torch.from_numpy(state["python"]["numbers"])
    set_random_state(state, cpu)
    assert draw() == numbers


# -- when it cannot go on


def test_nan_stops_before_it_is_kept(tmp_path):
    def poisoned(steps):
        seen = []

        def loss(z, y):
            seen.append(1)
            return F.cross_entropy(z, y) * (math.nan if len(seen) > steps else 1)

        return loss

    settings = quiet(steps=50, folder=tmp_path, evaluate_every=50, save_every=10, log_every=50)
    last = rf"lr is 0.001: try a tenth.* last good checkpoint is {tmp_path}/latest.safetensors: run the program again"
    with pytest.raises(FloatingPointError, match=f"^step 27: the loss is nan.*{last}"):
        fit(mlp(), poisoned(26), moons(80), settings)
    kept = checkpoint.load(tmp_path / "latest.safetensors")
    assert kept["progress"]["step"] == 20 and all(np.isfinite(w).all() for w in kept["model"].values())
    assert len(fit(mlp(), nn.CrossEntropyLoss(), moons(80), settings).losses) == 50
    with pytest.raises(FloatingPointError, match="No checkpoint was kept: give folder="):
        fit(mlp(), poisoned(3), moons(80), quiet())
    with pytest.raises(FloatingPointError, match="No checkpoint was kept yet"):
        fit(mlp(), poisoned(1), moons(80), quiet(folder=tmp_path / "new"))


def test_nan_in_an_evaluation_stops_too():
    bad = TensorDataset(torch.full((9, 2), math.nan), torch.zeros(9, dtype=torch.int64))
    with pytest.raises(FloatingPointError, match="after step 2: the loss on the validation data is nan"):
        run(quiet(), validate=bad)


def test_a_gradient_that_is_nan_stops_too():
    with pytest.raises(FloatingPointError, match="step 1: the gradient's norm is nan, at a loss of 0.* clip=1.0"):
        fit(mlp(), lambda z, y: (z * 0).sum() ** 0.5, moons(80), quiet(clip=None))


class TooLarge(nn.Module):
    """Asks for a petabyte at its third call."""

    def __init__(self):
        super().__init__()
        self.calls, self.linear = 0, nn.Linear(2, 2)

    def forward(self, x):
        self.calls += 1
        if self.calls > 2:
            torch.empty(1 << 50)
        return self.linear(x)


def test_too_little_memory_is_explained(tmp_path):
    with pytest.raises(
        torch.OutOfMemoryError, match=r"micro-batches of 8 examples\. accumulate=2 .*bfloat16"
    ) as caught:
        run(quiet(folder=tmp_path, save_every=1), TooLarge())
    assert f"The last good checkpoint is {tmp_path}/latest.safetensors" in str(caught.value)
    assert "allocate memory" in str(caught.value.__cause__)
    assert checkpoint.load(tmp_path / "latest.safetensors")["progress"]["step"] == 2


@pytest.mark.parametrize(
    "error", [torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"), MemoryError("")]
)
def test_too_little_memory_of_a_gpu(error):
    def loss(z, y):
        raise error

    with pytest.raises(torch.OutOfMemoryError, match="accumulate=8 halves them.*said: (CUDA out|MemoryError)"):
        fit(mlp(), loss, moons(80), quiet(accumulate=4, precision="bfloat16"))


def test_another_error_stays_what_it_is():
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied") as caught:
        run(quiet(), mlp(0, 3, 2))
    assert caught.type is RuntimeError


def kept(folder, **options):
    """A folder with a run of ten steps in it, and settings to go on."""
    options = {"folder": folder, "evaluate_every": 5, "lr": 0.03, **options}
    run(quiet(steps=10, **options), validate=moons(20))
    return quiet(steps=20, **options)


@pytest.mark.parametrize(
    "damage", [lambda data: data[:100], lambda data: data[:-9] + b"x" + data[-8:], lambda data: b""]
)
def test_a_damaged_checkpoint_names_the_whole_one(tmp_path, damage):
    settings = kept(tmp_path)
    latest, best = tmp_path / "latest.safetensors", tmp_path / "best.safetensors"
    broken, whole = damage(latest.read_bytes()), best.read_bytes()
    latest.write_bytes(broken)
    with pytest.raises(ValueError, match=r"latest.safetensors is .*best.safetensors is whole: delete latest") as caught:
        run(settings)
    assert "after step 10" in str(caught.value)
    assert latest.read_bytes() == broken and best.read_bytes() == whole  # nothing was written over
    latest.unlink()
    assert len(run(settings)[0].losses) == 20
    latest.write_bytes(b"")
    best.write_bytes(b"")
    with pytest.raises(ValueError, match="best.safetensors cannot be read either: give another folder"):
        run(settings)


def test_a_checkpoint_of_another_model_or_optimizer_or_order(tmp_path):
    settings = kept(tmp_path)
    before = (tmp_path / "latest.safetensors").read_bytes()
    with pytest.raises(
        ValueError, match=r"another model than this MLP: layers.1.bias is \(16,\) there and \(8,\) here"
    ):
        run(settings, mlp(0, 2, 8, 2))
    with pytest.raises(ValueError, match="another model than this Linear: bias is only here, .*and 3 more. Build"):
        run(settings, nn.Linear(2, 2))
    with pytest.raises(ValueError, match="another optimizer: AdamW there, SGD here"):
        run(settings, optimizer=lambda model: optim.SGD(model.parameters(), lr=0.1))
    with pytest.raises(ValueError, match=r"another optimizer: parameter 1 is \(2, 16\) there and \(16,\) here"):
        run(settings, optimizer=lambda model: optim.AdamW(model.parameters()))
    with pytest.raises(ValueError, match=r"'batch_size': 8, .*this one has .*'batch_size': 16.* another order"):
        run(quiet(steps=20, batch_size=16, folder=tmp_path))
    with pytest.raises(ValueError, match="'examples': 80"):
        run(settings, data=moons(90))
    with pytest.raises(ValueError, match="resume=False would overwrite: give another folder"):
        run(quiet(folder=tmp_path, resume=False))
    assert (tmp_path / "latest.safetensors").read_bytes() == before
    checkpoint.save(tmp_path / "latest.safetensors", {"weight": np.zeros(2)})
    with pytest.raises(ValueError, match="holds weight: no run of nnlib.torch.train wrote it"):
        run(settings)


def test_a_smaller_learning_rate_may_go_on(tmp_path):
    """What a program sets holds, also after a checkpoint was read."""
    kept(tmp_path)
    made = []

    def remember(model):
        made.append(adamw(model, settings))
        return made[0]

    settings = quiet(steps=20, folder=tmp_path, lr=0.001, weight_decay=0.0, final_lr=1.0)
    run(settings, optimizer=remember)
    assert [(group["lr"], group["weight_decay"]) for group in made[0].param_groups] == [(0.001, 0.0)] * 2


# -- what is printed and drawn


def test_the_log_has_a_line_for_each_step(tmp_path):
    history, _ = run(quiet(steps=7, log_every=3, folder=tmp_path))
    lines = [line.split(",") for line in (tmp_path / "losses.csv").read_text().splitlines()]
    assert lines[0] == ["step", "loss", "norm", "lr"] and [int(line[0]) for line in lines[1:]] == list(range(1, 8))
    assert [float(line[1]) for line in lines[1:]] == history.losses


def test_the_progress_bar(capsys):
    history, _ = run(quiet(steps=7, progress=True))
    printed = capsys.readouterr().err
    assert "7/7" in printed and f"loss {history.losses[-1]:.4g}" in printed


def test_a_plot_is_drawn_anew_in_its_place(monkeypatch):
    import IPython.display

    drawn = []

    class Handle:
        update = staticmethod(drawn.append)

    monkeypatch.setattr(IPython.display, "display", lambda picture, display_id: drawn.append(picture) or Handle())
    history, _ = run(quiet(steps=9, evaluate_every=3, plot=True), validate=moons(20))
    assert len(drawn) == 3 and drawn[-1].png[:4] == b"\x89PNG"
    assert "validation loss" in drawn[-1].alt and repr(history) in drawn[-1].alt
    assert history.figure().axes[0].get_xlabel() == "evaluation, every 3 steps"
    assert len(history.curves()["train"]) == len(history.curves()["validation"]) == 3


def test_tensorboard(tmp_path):
    pytest.importorskip("tensorboard")
    run(quiet(steps=4, folder=tmp_path, tensorboard=True), validate=moons(20))
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    curves = EventAccumulator(str(tmp_path / "tensorboard")).Reload()
    assert len(curves.Scalars("loss/train")) == 4 and len(curves.Scalars("loss/validation")) == 4


@pytest.mark.parametrize(
    ("package", "option", "message"),
    [
        ("tqdm.auto", {"progress": True}, "pip install tqdm, or set progress=False"),
        ("torch.utils.tensorboard", {"tensorboard": True}, "pip install tensorboard"),
    ],
)
def test_a_missing_package_is_named(monkeypatch, tmp_path, package, option, message):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ImportError, match=message):
        run(quiet(folder=tmp_path, **option))


# -- on a GPU

gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")


@pytest.mark.gpu
@gpu
@pytest.mark.parametrize("precision", ["float32", "bfloat16", "float16"])
def test_a_gpu_learns_the_same(precision):
    options = {"steps": 40, "lr": 0.03, "accumulate": 2, "log_every": 7}
    here, _ = run(quiet(**options))
    there, model = run(quiet(**options, device="cuda", precision=precision))
    assert model.layers[1].weight.is_cuda
    np.testing.assert_allclose(there.losses, here.losses, atol=1e-4 if precision == "float32" else 0.05)


@pytest.mark.gpu
@gpu
def test_a_run_on_a_gpu_goes_on(tmp_path):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(2, 16), nn.Dropout(0.5), nn.Linear(16, 2))
    settings, other = {"steps": 30, "device": "cuda", "evaluate_every": 10}, copy.deepcopy(model)
    whole, _ = run(quiet(**settings, folder=tmp_path / "whole"), copy.deepcopy(model))
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(2, 16), nn.Dropout(0.5), nn.Linear(16, 2))
    with interrupted_after(10):
        run(quiet(**settings, folder=tmp_path / "half"), model)
    again, _ = run(quiet(**settings, folder=tmp_path / "half"), other)
    np.testing.assert_allclose(again.losses, whole.losses, atol=1e-5)  # dropout's masks too


@pytest.mark.gpu
@gpu
def test_a_gpu_that_is_too_small_is_explained():
    class Hungry(nn.Linear):
        def forward(self, x):
            torch.empty(1 << 50, dtype=torch.uint8, device=x.device)

    with pytest.raises(torch.OutOfMemoryError, match=r"micro-batches of 8 examples\. accumulate=2"):
        run(quiet(device="cuda"), Hungry(2, 2))
