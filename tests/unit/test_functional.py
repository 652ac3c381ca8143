"""Functions where the numbers are hard: large, tiny, not finite, many."""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as TF
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlib.numpy import Tensor, functional, ops


@settings(deadline=None, max_examples=300)
@given(st.floats(-7, 7))
def test_erf_is_within_1e_15_of_the_truth(x):
    assert abs(ops.erf(np.array([x])).item() - math.erf(x)) <= 1e-15


def test_erf_between_and_at_the_points_of_its_table():
    x = np.linspace(-6.5, 6.5, 100_001)
    truth = np.array([math.erf(v) for v in x])
    assert np.abs(ops.erf(x).data - truth).max() <= 4e-16
    assert np.abs(ops.erf(x.astype(np.float32)).data - truth).max() <= 4e-7
    assert ops.erf(np.array([np.inf, -np.inf, 0.0])).tolist() == [1, -1, 0]
    assert math.isnan(ops.erf(np.array(np.nan)).item())


EXTREMES = [1e30, -1e30, 1e4, -1e4, 800, -800, 25, -25, 1e-30, -1e-30, 0.0, -0.0]
ACTIVATIONS = {
    "sigmoid": {},
    "tanh": {},
    "relu": {},
    "leaky_relu": {},
    "elu": {"alpha": 1.5},
    "gelu": {},
    "gelu tanh": {"approximate": "tanh"},
    "silu": {},
    "softplus": {"beta": 2.0},
}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_of_huge_and_tiny_numbers(name, dtype):
    """Relative to each number, not to the largest: a lost 1e-30 is found. Overflow would warn, and fail."""
    options, function = ACTIVATIONS[name], name.split()[0]
    ours = Tensor(np.array(EXTREMES, dtype), requires_grad=True)
    theirs = torch.tensor(ours.data, requires_grad=True)
    y, reference = getattr(functional, function)(ours, **options), getattr(TF, function)(theirs, **options)
    y.backward(np.ones(len(EXTREMES)))
    reference.backward(torch.ones_like(theirs))
    rtol = 1e-6 if dtype == np.float32 else 1e-12
    np.testing.assert_allclose(y.data, reference.detach().numpy(), rtol=rtol, atol=1e-37)
    np.testing.assert_allclose(ours.grad, theirs.grad.numpy(), rtol=rtol, atol=1e-37)


@pytest.mark.parametrize("name", [*ACTIVATIONS, "softmax", "log_softmax"])
def test_nan_comes_out_as_nan(name):
    options = ACTIVATIONS.get(name, {"dim": 0})
    y = getattr(functional, name.split()[0])(np.array([np.nan, 1.0]), **options)
    assert math.isnan(y.data[0])


def test_log_softmax_keeps_what_softmax_rounds_to_zero():
    x = np.array([[0.0, -2000.0, 1000.0]])
    assert functional.softmax(x, 1).data[0, 1] == 0
    assert functional.log_softmax(x, 1).data[0, 1] == -3000
