"""A hundred steps of every schedule give PyTorch's learning rates, and momenta where they move."""

import pytest
import torch

from nnlib.numpy import nn, optim

SCHEDULES = {
    "StepLR": lambda s, o: s.StepLR(o, 7, gamma=0.6),
    "LambdaLR": lambda s, o: s.LambdaLR(o, lambda t: 0.95**t),
    "LinearLR": lambda s, o: s.LinearLR(o),
    "LinearLR down": lambda s, o: s.LinearLR(o, 1.0, 0.1, total_iters=60),
    "CosineAnnealingLR": lambda s, o: s.CosineAnnealingLR(o, 100),
    "CosineAnnealingLR up again": lambda s, o: s.CosineAnnealingLR(o, 30, eta_min=0.01),
    "OneCycleLR": lambda s, o: s.OneCycleLR(o, 0.5, total_steps=100),
    "OneCycleLR linear": lambda s, o: s.OneCycleLR(
        o, 0.5, epochs=10, steps_per_epoch=11, pct_start=0.2, anneal_strategy="linear", div_factor=10.0,
        final_div_factor=100.0, base_momentum=0.8, max_momentum=0.9,
    ),
    "OneCycleLR no momentum": lambda s, o: s.OneCycleLR(o, 0.5, total_steps=100, cycle_momentum=False),
    "SequentialLR warm-up and cosine": lambda s, o: s.SequentialLR(
        o, [s.LinearLR(o, 0.1, total_iters=10), s.CosineAnnealingLR(o, 90)], milestones=[10]
    ),
    "SequentialLR three in a row": lambda s, o: s.SequentialLR(
        o, [s.LinearLR(o, 0.1, total_iters=10), s.StepLR(o, 5), s.CosineAnnealingLR(o, 50)], milestones=[10, 40]
    ),
}  # fmt: skip

PLATEAUS = {
    "default": {"patience": 3},
    "abs": {"patience": 2, "threshold_mode": "abs", "threshold": 0.05, "factor": 0.5},
    "max": {"patience": 2, "mode": "max", "threshold": 0.01, "factor": 0.5},
    "max abs": {"patience": 0, "mode": "max", "threshold_mode": "abs", "threshold": 0.1, "factor": 0.7},
    "cooldown": {"patience": 1, "cooldown": 4, "min_lr": 0.01},
    "eps": {"patience": 1, "eps": 0.02, "factor": 0.5},
}


def optimizers(name):
    """The same optimizer of both engines, on two groups with learning rates of their own."""
    made = []
    for engine, namespace in ((nn, optim), (torch.nn, torch.optim)):
        body, head = engine.Linear(2, 2), engine.Linear(2, 1)
        groups = [{"params": list(body.parameters())}, {"params": list(head.parameters()), "lr": 0.3}]
        made.append(getattr(namespace, name)(groups, lr=0.1))
    return made


def assert_equal_options(ours, theirs, step):
    for a, b in zip(ours.param_groups, theirs.param_groups, strict=True):
        assert abs(a["lr"] - b["lr"]) <= 1e-12, step
        assert a.get("momentum", 0) == pytest.approx(b.get("momentum", 0), abs=1e-12), step
        assert a.get("betas", (0, 0)) == pytest.approx(b.get("betas", (0, 0)), abs=1e-12), step


def test_every_schedule_is_in_the_table():
    named = {name.split()[0] for name in SCHEDULES} | {"ReduceLROnPlateau"}
    assert named == set(optim.lr_scheduler.__all__) - {"LRScheduler"}


@pytest.mark.parametrize("optimizer", ["SGD", "AdamW"])
@pytest.mark.parametrize("name", SCHEDULES)
def test_schedule(name, optimizer):
    ours, theirs = optimizers(optimizer)
    schedule, reference = SCHEDULES[name](optim.lr_scheduler, ours), SCHEDULES[name](torch.optim.lr_scheduler, theirs)
    seen = set()
    for step in range(100):
        assert_equal_options(ours, theirs, step)
        assert schedule.get_last_lr() == pytest.approx(reference.get_last_lr(), abs=1e-12)
        seen.add(ours.param_groups[0]["lr"])
        theirs.step()  # PyTorch warns when a schedule runs ahead of its optimizer
        schedule.step()
        reference.step()
    assert_equal_options(ours, theirs, 100)
    assert len(seen) > 5


@pytest.mark.parametrize("options", PLATEAUS.values(), ids=list(PLATEAUS))
def test_plateau(options):
    ours, theirs = optimizers("SGD")
    schedule = optim.lr_scheduler.ReduceLROnPlateau(ours, **options)
    reference = torch.optim.lr_scheduler.ReduceLROnPlateau(theirs, **options)
    seen = set()
    for step in range(100):
        loss = 1 / (1 + step // 9) + 0.03 * (step % 3)
        schedule.step(loss)
        reference.step(loss)
        assert_equal_options(ours, theirs, step)
        assert schedule.num_bad_epochs == reference.num_bad_epochs and schedule.best == reference.best
        seen.add(ours.param_groups[0]["lr"])
    assert len(seen) > 1
    schedule.step(float("nan"))
    reference.step(float("nan"))
    assert schedule.num_bad_epochs == reference.num_bad_epochs


@pytest.mark.parametrize("name", [*SCHEDULES, "plateau"])
def test_a_schedule_goes_on_from_its_state(name):
    def make(optimizer):
        if name == "plateau":
            return optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=2, factor=0.5)
        return SCHEDULES[name](optim.lr_scheduler, optimizer)

    def run(schedule, steps):
        rates = []
        for step in steps:
            schedule.step(*([1.0 + step % 2] if name == "plateau" else []))
            rates.append([(group["lr"], group["momentum"]) for group in schedule.optimizer.param_groups])
        return rates

    whole = run(make(optimizers("SGD")[0]), range(60))
    first, _ = optimizers("SGD")
    half = make(first)
    run(half, range(25))
    again, _ = optimizers("SGD")
    second = make(again)
    again.load_state_dict(first.state_dict())
    second.load_state_dict(half.state_dict())
    assert run(second, range(25, 60)) == whole[25:]


def test_loading_a_schedule_sets_the_learning_rate_that_belongs_there():
    """Whichever is loaded first; in PyTorch the optimizer must come last."""
    (first, _), (again, _) = optimizers("SGD"), optimizers("SGD")
    schedule = optim.lr_scheduler.StepLR(first, 1)
    schedule.step()
    second = optim.lr_scheduler.StepLR(again, 1)
    second.load_state_dict(schedule.state_dict())
    assert again.param_groups[0]["lr"] == first.param_groups[0]["lr"]
