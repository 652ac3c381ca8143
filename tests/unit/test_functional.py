"""Functions where the numbers are hard: large, tiny, not finite, many."""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as TF
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlib.numpy import Tensor, functional, manual_seed, ops


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


def both(name, x, *others, **options):
    """The loss and its gradient with respect to x, from each engine."""
    results = []
    for make, namespace in ((Tensor, functional), (torch.tensor, TF)):
        scores = make(x, requires_grad=True)
        y = getattr(namespace, name)(scores, *[make(a) for a in others], **options)
        y.backward(np.ones(y.shape) if namespace is functional else torch.ones_like(y))
        results.append((np.asarray(y.detach()), np.asarray(scores.grad)))
    return results


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_losses_of_very_sure_networks(dtype):
    """Huge logits neither overflow nor warn."""
    rtol, atol = (1e-6, 1e-7) if dtype == np.float32 else (1e-12, 1e-15)
    sure = np.array(EXTREMES, dtype)
    for target in (np.zeros_like(sure), np.ones_like(sure), np.full_like(sure, 0.25)):
        ours, theirs = both("binary_cross_entropy_with_logits", sure, target, reduction="none")
        for a, b in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(a, b, rtol=rtol, atol=atol)
    pairs = np.stack([sure, np.zeros_like(sure)], axis=1)
    for label in (0, 1):
        ours, theirs = both("cross_entropy", pairs, np.full(len(pairs), label), reduction="none")
        for a, b in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(a, b, rtol=rtol, atol=atol)
    errors = sure[np.abs(sure) < 1e15]  # beyond, the square overflows in float32, in PyTorch too
    for name in ("mse_loss", "l1_loss", "huber_loss"):
        ours, theirs = both(name, errors, np.zeros_like(errors), reduction="none")
        for a, b in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(a, b, rtol=rtol, atol=1e-37)


def test_the_smallest_losses_keep_their_digits():
    """ln(1 + e⁻²⁵) is e⁻²⁵ to eleven digits; PyTorch's float32 gives 0."""
    x = np.array([-25.0], np.float32)
    loss = functional.binary_cross_entropy_with_logits(x, np.zeros(1, np.float32))
    assert loss.item() == pytest.approx(math.exp(-25), rel=1e-6)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize(
    "name", ["mse_loss", "l1_loss", "huber_loss", "binary_cross_entropy_with_logits", "cross_entropy"]
)
def test_a_loss_of_nan_or_infinity_is_not_finite(name, bad):
    """In the example that has it, as in PyTorch, and in no other."""
    x, target = np.array([[bad, 1.0], [2.0, 3.0]]), np.array([[0.5, 1.0], [1.0, 0.0]])
    ours, theirs = both(name, x, np.array([0, 1]) if name == "cross_entropy" else target, reduction="none")
    np.testing.assert_array_equal(np.isfinite(ours[0]), np.isfinite(theirs[0]))
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a[np.isfinite(a)], b[np.isfinite(a)])


def test_a_class_of_probability_zero_costs_nothing_and_breaks_nothing():
    """Masked classes have logits of −∞; a target of kl_div may be exactly 0."""
    ours, theirs = both("cross_entropy", np.array([[1.0, -np.inf, 2.0]]), np.array([0]))
    np.testing.assert_allclose(ours[0], theirs[0])
    np.testing.assert_allclose(ours[1], theirs[1], atol=1e-16)
    ours, theirs = both("kl_div", np.log([[0.25, 0.75]]), np.array([[0.0, 1.0]]), reduction="sum")
    np.testing.assert_allclose(ours[0], theirs[0])
    np.testing.assert_allclose(ours[1], theirs[1])


def test_ignored_labels_neither_count_nor_need_to_be_classes():
    x = np.random.default_rng(0).standard_normal((4, 3))
    some = functional.cross_entropy(x, np.array([0, -100, 2, -100]))
    assert some.item() == pytest.approx(functional.cross_entropy(x[[0, 2]], np.array([0, 2])).item(), abs=1e-15)
    with pytest.raises(ValueError, match="every label is ignored"):
        functional.cross_entropy(x, np.full(4, -100))
    assert functional.cross_entropy(x, np.full(4, -100), reduction="sum").item() == 0


def test_cross_entropy_is_the_likelihood_of_log_softmax():
    rng = np.random.default_rng(0)
    x, labels = rng.standard_normal((2, 5, 3)), rng.integers(0, 5, (2, 3))
    apart = functional.nll_loss(functional.log_softmax(x, 1), labels)
    assert functional.cross_entropy(x, labels).item() == pytest.approx(apart.item(), abs=1e-15)


def test_dropout_drops_the_share_it_says_and_keeps_the_mean():
    """Of 100,000 entries 30,000 ± 145: within four such deviations, which a p wrong by 0.01 would not be."""
    x = Tensor(np.ones(100_000), requires_grad=True)
    y = functional.dropout(x, 0.3, rng=np.random.default_rng(0))
    assert abs((y.data == 0).sum() - 30_000) < 4 * math.sqrt(100_000 * 0.3 * 0.7)
    assert set(np.unique(y.data)) == {0, 1 / 0.7}
    y.backward(np.ones(100_000))
    np.testing.assert_array_equal(x.grad, y.data)


def test_dropout_draws_anew_each_time_and_repeats_with_the_seed():
    x = np.ones(100, np.float32)
    manual_seed(3)
    first, second = functional.dropout(x), functional.dropout(x)
    assert not np.array_equal(first.data, second.data)
    manual_seed(3)
    np.testing.assert_array_equal(functional.dropout(x).data, first.data)
    assert first.dtype == np.float32
    np.testing.assert_array_equal(functional.dropout(x, 1.0).data, np.zeros(100))


def test_batch_norm_moves_its_running_statistics_as_pytorch_does():
    x = np.random.default_rng(0).standard_normal((4, 3, 5)) * 3 + 1
    mean, var = np.zeros(3), np.ones(3)
    functional.batch_norm(x, mean, var, training=True, momentum=0.3)
    their_mean, their_var = torch.zeros(3, dtype=torch.float64), torch.ones(3, dtype=torch.float64)
    TF.batch_norm(torch.tensor(x), their_mean, their_var, training=True, momentum=0.3)
    np.testing.assert_allclose(mean, their_mean.numpy(), rtol=1e-12)
    np.testing.assert_allclose(var, their_var.numpy(), rtol=1e-12)


def test_normalization_of_constant_features_is_finite():
    """Their variance is 0: eps decides."""
    x = Tensor(np.full((3, 4), 7.0), requires_grad=True)
    for y in (functional.layer_norm(x, (4,)), functional.batch_norm(x, None, None, training=True)):
        assert np.array_equal(y.data, np.zeros((3, 4)))
        y.backward(np.ones((3, 4)))
        assert np.isfinite(x.grad).all()
    assert np.array_equal(functional.rms_norm(np.zeros((3, 4)), (4,)).data, np.zeros((3, 4)))
