"""Optimizers: groups, options, states; nothing half-changed."""

import copy
import math

import numpy as np
import pytest

from nnlib.numpy import nn, optim

ALL = [optim.SGD, optim.Adagrad, optim.RMSprop, optim.Adam, optim.AdamW]


@pytest.fixture
def model():
    return nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))


def give_gradients(model):
    rng = np.random.default_rng(0)
    for p in model.parameters():
        p.grad = rng.standard_normal(p.shape).astype(p.dtype)


def values(model):
    return [p.data.copy() for p in model.parameters()]


@pytest.mark.parametrize("optimizer", ALL)
def test_only_what_has_a_gradient_moves(optimizer):
    a, b = nn.Parameter(np.array([1.0])), nn.Parameter(np.array([5.0]))
    learner = optimizer([a, b], lr=0.1)
    (a * a).sum().backward()
    learner.step()
    assert a.data < 1.0 and b.data == 5.0 and b not in learner.state
    learner.zero_grad()
    assert a.grad is None


@pytest.mark.parametrize("optimizer", ALL)
def test_float32_stays_float32(optimizer, model):
    """Options given as NumPy's float64 would widen the arithmetic."""
    learner = optimizer(model.parameters(), lr=np.float64(0.1), weight_decay=np.float64(0.1))
    give_gradients(model)
    learner.step()
    assert all(p.dtype == np.float32 for p in model.parameters())
    assert all(a.dtype == np.float32 for s in learner.state.values() for a in s.values() if isinstance(a, np.ndarray))
    assert type(learner.param_groups[0]["lr"]) is float


OPTIONS = {
    optim.SGD: {"momentum": 0.9, "dampening": 0.1},
    optim.RMSprop: {"momentum": 0.9, "centered": True},
}


@pytest.mark.parametrize("optimizer", ALL)
def test_a_parameter_of_one_number_learns_like_an_array_of_one(optimizer):
    """NumPy's arithmetic gives no array where all shapes are ()."""
    number, array = nn.Parameter(np.array(2.0)), nn.Parameter(np.array([2.0]))
    learner = optimizer([number, array], lr=0.1, weight_decay=0.3, **OPTIONS.get(optimizer, {}))
    for g in (1.0, -2.0, 0.5):
        number.grad, array.grad = np.array(g), np.array([g])
        learner.step()
    assert number.data == array.data[0] != 2.0
    for name, value in learner.state[number].items():
        assert value == learner.state[array][name], name


def test_groups_have_options_of_their_own(model):
    body, head = model[0], model[2]
    learner = optim.SGD([{"params": body.parameters()}, {"params": head.parameters(), "lr": 0.0}], lr=0.1)
    before = values(model)
    give_gradients(model)
    learner.step()
    moved = [not np.array_equal(a, b) for a, b in zip(before, values(model), strict=True)]
    assert moved == [True, True, False, False]
    learner.param_groups[1]["lr"] = 0.1
    learner.step()
    assert not np.array_equal(before[2], model[2].weight.data)


def test_a_group_can_be_added_later(model):
    learner = optim.SGD(model[0].parameters(), lr=0.1)
    learner.add_param_group({"params": model[2].weight, "momentum": 0.5})
    assert [len(group["params"]) for group in learner.param_groups] == [2, 1]
    assert learner.param_groups[1]["momentum"] == 0.5 and learner.param_groups[1]["lr"] == 0.1


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda p: optim.SGD([], lr=0.1), ValueError, "got no parameters: pass model.parameters"),
        (lambda p: optim.SGD(p[0], lr=0.1), TypeError, r"got a single one: write \[parameter\]"),
        (lambda p: optim.SGD([np.zeros(2)]), TypeError, "learns Tensors, got ndarray"),
        (lambda p: optim.SGD([p[0] * 2]), ValueError, "cannot learn what is computed, as by mul"),
        (lambda p: optim.SGD([p[0], p[0]]), ValueError, r"shape \(3, 2\) comes twice"),
        (lambda p: optim.SGD([{"params": p}, {"params": p[:1]}]), ValueError, "comes twice"),
        (lambda p: optim.SGD([{"lr": 1.0}]), ValueError, r"a dict with 'params', got one with \['lr'\]"),
        (lambda p: optim.SGD(p, lr=-1), ValueError, "SGD: lr is 0 or more, got -1"),
        (lambda p: optim.SGD(p, lr=math.nan), ValueError, "lr is 0 or more, got nan"),
        (lambda p: optim.SGD(p, lr="0.1"), TypeError, "lr is a number, got '0.1'"),
        (lambda p: optim.SGD(p, lr=np.array([0.1, 0.2])), TypeError, r"lr is a number, got array\(\[0.1, 0.2\]\)"),
        (lambda p: optim.SGD([{"params": p, "lr": -1}]), ValueError, "lr is 0 or more"),
        (lambda p: optim.SGD(p, momentum=-0.9), ValueError, "momentum is 0 or more, got -0.9"),
        (lambda p: optim.SGD(p, nesterov=True), ValueError, "nesterov needs momentum"),
        (
            lambda p: optim.SGD(p, momentum=0.9, dampening=0.1, nesterov=True),
            ValueError,
            "no dampening, got 0.9 and",
        ),
        (lambda p: optim.Adam(p, betas=(0.9, 1.0)), ValueError, r"from 0 to below 1, got \(0.9, 1.0\)"),
        (lambda p: optim.Adam(p, betas=0.9), ValueError, "betas are two numbers"),
        (lambda p: optim.AdamW(p, betas=(-0.1, 0.9)), ValueError, "AdamW: betas is 0 or more, got -0.1"),
        (lambda p: optim.Adam(p, eps=-1e-8), ValueError, "Adam: eps is 0 or more"),
        (lambda p: optim.RMSprop(p, alpha=-1), ValueError, "RMSprop: alpha is 0 or more"),
        (lambda p: optim.Adagrad(p, lr_decay=-1), ValueError, "Adagrad: lr_decay is 0 or more"),
    ],
)
def test_what_cannot_be_learned_is_refused(make, error, message, model):
    with pytest.raises(error, match=message):
        make(list(model.parameters()))


def test_a_read_only_array_is_refused_before_anything_moves():
    array = np.ones(2)
    array.flags.writeable = False
    with pytest.raises(ValueError, match=r"read-only array of shape \(2,\)"):
        optim.SGD([nn.Parameter(np.ones(2)), nn.Parameter(array)])


@pytest.mark.parametrize("optimizer", ALL)
def test_a_gradient_of_another_shape_changes_nothing(optimizer, model):
    learner = optimizer(model.parameters())
    give_gradients(model)
    model[2].bias.grad = np.zeros((3, 1), np.float32)
    before = values(model)
    with pytest.raises(ValueError, match=r"shape \(1,\) has a gradient of \(3, 1\)"):
        learner.step()
    assert all(map(np.array_equal, before, values(model))) and not learner.state


def test_an_optimizer_without_a_formula_says_so(model):
    learner = optim.Optimizer(model.parameters(), {"lr": 0.1})
    give_gradients(model)
    with pytest.raises(NotImplementedError, match=r"Optimizer has no update\(\)"):
        learner.step()


def test_a_run_that_diverges_shows_inf_without_a_warning():
    w = nn.Parameter(np.array([1e30], np.float32))
    learner = optim.SGD([w], lr=1e30)
    w.grad = np.array([1e30], np.float32)
    learner.step()
    assert np.isneginf(w.data[0])


def spoil(state, how):
    """A state dict with one thing wrong."""
    state = copy.deepcopy(state)
    if how == "no state":
        del state["state"]
    if how == "another size":
        state["param_groups"][0]["params"].pop()
    if how == "another number of groups":
        state["param_groups"].append(state["param_groups"][0])
    if how == "another shape":
        state["state"][3]["exp_avg"] = np.zeros(7)
    if how == "amsgrad":
        state["param_groups"][0]["amsgrad"] = True
    if how == "negative":
        state["param_groups"][0]["lr"] = -1.0
    return state


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("no state", "needs 'state' and 'param_groups'"),
        ("another size", r"groups of \[4\] parameters, the given state was saved for \[3\]"),
        ("another number of groups", r"saved for \[4, 4\]"),
        ("another shape", r"exp_avg of a parameter of shape \(1,\) was saved with \(7,\)"),
        ("amsgrad", "amsgrad=True, which is not here"),
        ("negative", "lr is 0 or more, got -1.0"),
    ],
)
def test_a_state_that_does_not_fit_changes_nothing(how, message, model):
    learner = optim.Adam(model.parameters(), lr=0.1)
    give_gradients(model)
    learner.step()
    before = copy.deepcopy(learner.state_dict())
    wrong = spoil(learner.state_dict(), how)
    wrong["param_groups"][0].setdefault("eps", 0.5)
    with pytest.raises((KeyError, ValueError), match=message):
        learner.load_state_dict(wrong)
    np.testing.assert_equal(learner.state_dict(), before)


def test_a_loaded_state_is_a_copy(model):
    first, second = (optim.Adam(model.parameters()) for _ in range(2))
    give_gradients(model)
    first.step()
    second.load_state_dict(first.state_dict())
    before = first.state[model[0].weight]["exp_avg"].copy()
    second.step()
    np.testing.assert_array_equal(first.state[model[0].weight]["exp_avg"], before)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda s, o: s.StepLR(o, 0), "step_size is a whole number from 1, got 0"),
        (lambda s, o: s.StepLR("sgd", 1), "StepLR schedules an optimizer, got str"),
        (lambda s, o: s.CosineAnnealingLR(o, 2.5), "T_max is a whole number from 1, got 2.5"),
        (lambda s, o: s.LinearLR(o, start_factor=0), "start_factor is above 0"),
        (lambda s, o: s.LinearLR(o, end_factor=2), "both at most 1, got .* and 2"),
        (lambda s, o: s.OneCycleLR(o, 0.1), "needs total_steps, or epochs and steps_per_epoch"),
        (lambda s, o: s.OneCycleLR(o, 0.1, 10, pct_start=1.5), "from 0 to below 1, got 1.5"),
        (lambda s, o: s.OneCycleLR(o, 0.1, 10, anneal_strategy="exp"), "'cos' or 'linear', got 'exp'"),
        (lambda s, o: s.OneCycleLR(optim.Adagrad(o.param_groups[0]["params"]), 0.1, 10), "Adagrad has no momentum"),
        (lambda s, o: s.OneCycleLR(o, [0.1, 0.2], 10), r"max_lr is a number, .* got \[0.1, 0.2\]"),
        (lambda s, o: s.LambdaLR(o, [abs]), "lr_lambda is a function of t, the same for all groups, got"),
        (lambda s, o: s.SequentialLR(o, [s.StepLR(o, 1), s.StepLR(o, 1)], []), "2 schedules and milestones"),
        (lambda s, o: s.SequentialLR(o, [s.ReduceLROnPlateau(o)], []), "ReduceLROnPlateau is none"),
        (lambda s, o: s.ReduceLROnPlateau(o, mode="least"), "'min' or 'max', .* got 'least'"),
        (lambda s, o: s.ReduceLROnPlateau(o, factor=1.0), "factor is below 1, got 1.0"),
        (lambda s, o: s.ReduceLROnPlateau(o, min_lr=[0.1]), r"min_lr is a number, .* got \[0.1\]"),
    ],
)
def test_schedules_that_make_no_sense_are_refused(make, message, model):
    learner = optim.SGD(model.parameters(), lr=0.1)
    with pytest.raises((ValueError, TypeError), match=message):
        make(optim.lr_scheduler, learner)


def test_one_cycle_ends(model):
    schedule = optim.lr_scheduler.OneCycleLR(optim.SGD(model.parameters(), lr=0.1), 0.1, total_steps=2)
    schedule.step()
    schedule.step()
    before = schedule.get_last_lr()
    with pytest.raises(ValueError, match="made for 2 steps, this is step 3"):
        schedule.step()
    assert schedule.last_epoch == 2 and schedule.get_last_lr() == before


def test_a_schedules_state_of_another_kind_is_refused(model):
    learner = optim.SGD(model.parameters(), lr=0.1)
    step, cosine = optim.lr_scheduler.StepLR(learner, 3), optim.lr_scheduler.CosineAnnealingLR(learner, 3)
    with pytest.raises(KeyError, match=r"missing \['gamma', 'step_size'\], unexpected \['T_max', 'eta_min'\]"):
        step.load_state_dict(cosine.state_dict())
    assert not hasattr(step, "T_max")
