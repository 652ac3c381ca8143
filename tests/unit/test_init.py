"""Initial values: drawn from PyTorch's distributions, by a test that notices three per cent."""

import math

import numpy as np
import pytest
import torch
from scipy.stats import kstest

from nnlib.numpy import Tensor, init, nn

WEIGHT = (400, 500)
FILTERS = (80, 50, 5, 10)  # 2500 inputs, 4000 outputs

DRAWS = {
    "uniform_": ("uniform_", WEIGHT, {"a": -0.5, "b": 2.0}),
    "normal_": ("normal_", WEIGHT, {"mean": 1.0, "std": 0.2}),
    "trunc_normal_": ("trunc_normal_", WEIGHT, {}),
    "trunc_normal_ aside": ("trunc_normal_", WEIGHT, {"mean": 1.0, "std": 2.0, "a": 0.5, "b": 4.0}),
    "xavier_uniform_": ("xavier_uniform_", WEIGHT, {}),
    "xavier_uniform_ filters": ("xavier_uniform_", FILTERS, {"gain": 2.0}),
    "xavier_normal_": ("xavier_normal_", WEIGHT, {}),
    "xavier_normal_ filters": ("xavier_normal_", FILTERS, {"gain": 2.0}),
    "kaiming_uniform_": ("kaiming_uniform_", WEIGHT, {}),
    "kaiming_uniform_ filters": ("kaiming_uniform_", FILTERS, {"mode": "fan_out", "nonlinearity": "tanh"}),
    "kaiming_normal_": ("kaiming_normal_", WEIGHT, {"a": 0.5}),
    "kaiming_normal_ filters": ("kaiming_normal_", FILTERS, {"mode": "fan_out", "nonlinearity": "relu"}),
    "orthogonal_": ("orthogonal_", (500, 400), {"gain": 3.0}),
}


def test_every_initializer_is_tested():
    drawn = {function for function, _, _ in DRAWS.values()}
    assert drawn | {"calculate_gain", "constant_", "ones_", "zeros_"} == set(init.__all__)


@pytest.mark.parametrize("name", DRAWS)
def test_the_distribution_is_pytorchs(name):
    """Kolmogorov and Smirnov's test on 200,000 values of each; it would see a scale that is off by 3 %."""
    function, shape, options = DRAWS[name]
    ours = getattr(init, function)(Tensor(np.empty(shape)), **options, rng=np.random.default_rng(0)).data
    generator = torch.Generator().manual_seed(0)
    theirs = getattr(torch.nn.init, function)(torch.empty(shape, dtype=torch.float64), **options, generator=generator)
    theirs = theirs.numpy().ravel()
    assert kstest(ours.ravel(), theirs).pvalue > 0.01
    assert kstest(1.03 * ours.ravel(), theirs).pvalue < 0.001


@pytest.mark.parametrize("shape", [(3, 7), (7, 3), (4, 4), (6, 2, 2)])
def test_orthogonal_rows_or_columns(shape):
    w = init.orthogonal_(Tensor(np.empty(shape)), gain=2.0, rng=np.random.default_rng(0)).data.reshape(shape[0], -1)
    products = w @ w.T if len(w) <= w.shape[1] else w.T @ w
    np.testing.assert_allclose(products, 4 * np.eye(len(products)), atol=1e-12)


def test_every_rotation_is_equally_likely():
    """The first entry's sign is even; left to the algorithm's own signs it is nearly always negative."""
    rng = np.random.default_rng(0)
    draws = np.array([init.orthogonal_(Tensor(np.empty((3, 3))), rng=rng).data for _ in range(1000)])
    assert np.all(np.abs(draws.mean(axis=0)) < 4 * draws.std(axis=0) / math.sqrt(1000))
    assert abs((np.linalg.det(draws) > 0).mean() - 0.5) < 4 * 0.5 / math.sqrt(1000)


def test_truncated_values_stay_inside():
    w = init.trunc_normal_(Tensor(np.empty(10_000, np.float32)), std=3.0, rng=np.random.default_rng(0))
    assert np.abs(w.data).max() <= 2


def test_constants():
    w = nn.Parameter(np.empty((2, 3), np.float32))
    for fill, value in ((init.zeros_, 0), (init.ones_, 1), (lambda w: init.constant_(w, 0.5), 0.5)):
        assert fill(w) is w and w.dtype == np.float32 and (w.data == value).all()


@pytest.mark.parametrize(
    ("nonlinearity", "param"),
    [("linear", None), ("sigmoid", None), ("tanh", None), ("relu", None), ("leaky_relu", None), ("leaky_relu", 0.3)],
)
def test_gains_are_pytorchs(nonlinearity, param):
    assert init.calculate_gain(nonlinearity, param) == pytest.approx(torch.nn.init.calculate_gain(nonlinearity, param))


def test_kaiming_keeps_the_second_moment_through_relu():
    rng = np.random.default_rng(0)
    for fill in (init.kaiming_uniform_, init.kaiming_normal_):
        weight = fill(Tensor(np.empty((600, 500))), rng=rng)
        x = np.maximum(rng.standard_normal((500, 500)), 0)
        assert abs((x @ weight.data.T).var() - 1) < 0.05


def test_linear_starts_as_pytorchs_does():
    layer = nn.Linear(100, 400, rng=np.random.default_rng(0))
    for values in (layer.weight.data, layer.bias.data):
        assert np.abs(values).max() <= 0.1 and abs(values.std() - 0.1 / math.sqrt(3)) < 3e-3


@pytest.mark.parametrize(
    ("fill", "message"),
    [
        (lambda w: init.kaiming_uniform_(Tensor(np.empty(3))), r"shape \(out, in, ...\), got \(3,\)"),
        (lambda w: init.orthogonal_(Tensor(np.empty(3))), r"got \(3,\)"),
        (lambda w: init.xavier_normal_(Tensor(np.empty((0, 3)))), r"got \(0, 3\)"),
        (lambda w: init.kaiming_normal_(w, mode="in"), "'fan_in' or 'fan_out', got 'in'"),
        (lambda w: init.kaiming_normal_(w, nonlinearity="swish"), "not 'swish'"),
        (lambda w: init.normal_(w, std=-1), "std is 0 or more, got -1"),
        (lambda w: init.uniform_(w, 1, -1), "a is at most b, got 1 and -1"),
        (lambda w: init.trunc_normal_(w, a=5, b=6), "only 0.00% of the normal distribution lies between 5 and 6"),
        (lambda w: init.zeros_(w.data), "got ndarray"),
        (lambda w: init.normal_(Tensor(w.data.astype(int))), "random values have fractions, a Tensor of int64"),
        (lambda w: init.normal_(w, rng=0), r"such as np.random.default_rng\(0\), got 0"),
    ],
)
def test_what_cannot_be_initialized_is_refused(fill, message):
    w = Tensor(np.full((2, 3), 7.0))
    with pytest.raises((ValueError, TypeError), match=message):
        fill(w)
    assert (w.data == 7).all()
