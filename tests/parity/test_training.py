"""Whole training runs: fifty steps of three networks with every optimizer end at PyTorch's parameters."""

import numpy as np
import pytest
import torch
from cases import batch_normed, layer_normed, mlp

import nnlib.torch
from nnlib.numpy import Tensor, nn, optim

NETWORKS = {
    "mlp": (mlp, lambda engine: engine.CrossEntropyLoss()),
    "batch norm, dropout": (batch_normed, lambda engine: engine.CrossEntropyLoss(label_smoothing=0.1)),
    "layer norm, gelu": (layer_normed, lambda engine: engine.CrossEntropyLoss(ignore_index=1)),
}
OPTIMIZERS = {
    "SGD": ("SGD", {"lr": 0.2}),
    "SGD momentum": ("SGD", {"lr": 0.05, "momentum": 0.9}),
    "SGD dampened": ("SGD", {"lr": 0.1, "momentum": 0.8, "dampening": 0.3, "weight_decay": 0.01}),
    "SGD nesterov": ("SGD", {"lr": 0.05, "momentum": 0.9, "nesterov": True, "weight_decay": 0.01}),
    "Adagrad": ("Adagrad", {}),
    "Adagrad options": (
        "Adagrad", {"lr": 0.1, "lr_decay": 0.05, "weight_decay": 0.01, "initial_accumulator_value": 0.1, "eps": 1e-6}
    ),
    "RMSprop": ("RMSprop", {}),
    "RMSprop momentum": ("RMSprop", {"lr": 1e-3, "momentum": 0.9, "alpha": 0.9, "weight_decay": 0.01}),
    "RMSprop centered": ("RMSprop", {"lr": 1e-3, "centered": True, "eps": 1e-4}),
    "Adam": ("Adam", {"lr": 1e-2}),
    "Adam options": ("Adam", {"lr": 1e-2, "betas": (0.8, 0.95), "eps": 1e-6, "weight_decay": 0.1}),
    "AdamW": ("AdamW", {"lr": 1e-2}),
    "AdamW options": ("AdamW", {"lr": 1e-2, "betas": (0.8, 0.95), "eps": 1e-6, "weight_decay": 0.3}),
}  # fmt: skip


class Run:
    """The same network, loss, optimizer and data in both engines."""

    def __init__(self, network, optimizer):
        build, loss = NETWORKS[network]
        name, options = OPTIMIZERS[optimizer]
        torch.manual_seed(0)
        self.theirs, self.their_loss = build(torch.nn).double(), loss(torch.nn)
        self.ours, self.our_loss = build(nn).double(), loss(nn)
        self.ours.load_state_dict(self.theirs.state_dict())
        self.our_optimizer = getattr(optim, name)(self.ours.parameters(), **options)
        self.their_optimizer = getattr(torch.optim, name)(self.theirs.parameters(), **options)
        rng = np.random.default_rng(0)
        self.x, self.labels = rng.standard_normal((40, 6)), rng.integers(0, 3, 40)

    def our_step(self, step, before_step=lambda parameters: None):
        batch = slice(step % 2 * 20, step % 2 * 20 + 20)
        self.our_optimizer.zero_grad()
        loss = self.our_loss(self.ours(Tensor(self.x[batch])), self.labels[batch])
        loss.backward()
        before_step(self.ours.parameters())
        self.our_optimizer.step()
        return loss.item()

    def their_step(self, step, before_step=lambda parameters: None):
        batch = slice(step % 2 * 20, step % 2 * 20 + 20)
        self.their_optimizer.zero_grad()
        loss = self.their_loss(self.theirs(torch.tensor(self.x[batch])), torch.tensor(self.labels[batch]))
        loss.backward()
        before_step(self.theirs.parameters())
        self.their_optimizer.step()
        return loss.item()

    def assert_equal(self, tolerance=1e-10):
        reference = self.theirs.state_dict()
        for name, array in self.ours.state_dict().items():
            np.testing.assert_allclose(array, reference[name].numpy(), rtol=0, atol=tolerance, err_msg=name)


def test_every_optimizer_is_in_the_table():
    assert {name for name, _ in OPTIMIZERS.values()} == set(optim.__all__) - {"Optimizer", "lr_scheduler"}


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("network", NETWORKS)
def test_fifty_steps_of_training_stay_equal(network, optimizer):
    run = Run(network, optimizer)
    losses = []
    for step in range(50):
        losses.append(run.our_step(step))
        assert abs(losses[-1] - run.their_step(step)) < 1e-10, step
    run.assert_equal()
    assert losses[-1] < losses[1]  # it did learn: equal because nothing moved would prove nothing
    ours, theirs = run.ours.eval(), run.theirs.eval()
    np.testing.assert_allclose(ours(run.x).data, theirs(torch.tensor(run.x)).detach().numpy(), rtol=0, atol=1e-10)


@pytest.mark.parametrize("clip", ["norm", "value"])
def test_training_with_clipping_stays_equal(clip):
    run = Run("mlp", "SGD momentum")
    name, limit = f"clip_grad_{clip}_", {"norm": 0.1, "value": 0.01}[clip]
    for step in range(50):
        run.our_step(step, lambda parameters: getattr(nn.utils, name)(parameters, limit))
        run.their_step(step, lambda parameters: getattr(torch.nn.utils, name)(parameters, limit))
    run.assert_equal()


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_training_moves_to_pytorch_and_back(optimizer):
    """Twenty steps here, ten more in both engines from our state, ten more in both from PyTorch's."""
    run = Run("layer norm, gelu", optimizer)
    for step in range(20):
        run.our_step(step)
    run.theirs.load_state_dict(nnlib.torch.tensors(run.ours.state_dict()))
    run.their_optimizer.load_state_dict(nnlib.torch.tensors(run.our_optimizer.state_dict()))
    for step in range(20, 30):
        assert abs(run.our_step(step) - run.their_step(step)) < 1e-10, step
    for step in range(30, 33):
        run.their_step(step)
    run.ours.load_state_dict(run.theirs.state_dict())
    run.our_optimizer.load_state_dict(run.their_optimizer.state_dict())
    for step in range(33, 43):
        assert abs(run.our_step(step) - run.their_step(step)) < 1e-10, step
    run.assert_equal()


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_training_goes_on_from_a_saved_state(optimizer):
    """Interrupted and continued in a new model with a new optimizer, it ends exactly where it would have ended."""
    whole, first, second = (Run("batch norm, dropout", optimizer) for _ in range(3))
    for step in range(30):
        whole.our_step(step)
    for step in range(15):
        first.our_step(step)
    second.ours.load_state_dict(first.ours.state_dict())
    second.our_optimizer.load_state_dict(first.our_optimizer.state_dict())
    for step in range(15, 30):
        second.our_step(step)
    for name, array in whole.ours.state_dict().items():
        np.testing.assert_array_equal(second.ours.state_dict()[name], array)
