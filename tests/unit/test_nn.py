"""Modules, their state by name, and seeds: nothing half-changed."""

import math

import numpy as np
import pytest
import torch

from nnlib.numpy import manual_seed, nn


@pytest.fixture
def model():
    return nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Sequential(nn.Linear(3, 1)))


def test_parameters_are_found_by_name(model):
    assert [name for name, _ in model.named_parameters()] == ["0.weight", "0.bias", "2.0.weight", "2.0.bias"]
    assert sum(p.numel() for p in model.parameters()) == 2 * 3 + 3 + 3 + 1


def test_a_shared_layer_is_learned_once():
    layer = nn.Linear(2, 2)
    model = nn.Sequential(layer, layer)
    assert len(list(model.parameters())) == 2
    assert list(model.state_dict()) == ["0.weight", "0.bias", "1.weight", "1.bias"]  # as in PyTorch


def test_repr_shows_the_shapes(model):
    assert repr(model) == (
        "Sequential(\n  (0): Linear(in_features=2, out_features=3, bias=True)\n  (1): ReLU()\n"
        "  (2): Sequential(\n    (0): Linear(in_features=3, out_features=1, bias=True)\n  )\n)"
    )


def test_sequential_indexing(model):
    assert isinstance(model[0], nn.Linear) and len(model) == 3 and len(model[:2]) == 2
    assert [type(m).__name__ for m in model] == ["Linear", "ReLU", "Sequential"]
    with pytest.raises(TypeError, match="argument 1 is a function"):
        nn.Sequential(nn.ReLU(), lambda x: x)


def test_train_and_eval_reach_every_module(model):
    assert all(not m.training for m in model.eval().modules())
    assert all(m.training for m in model.train().modules())


def test_zero_grad(model):
    model(np.ones((4, 2), np.float32)).sum().backward()
    assert all(p.grad is not None for p in model.parameters())
    model.zero_grad()
    assert all(p.grad is None for p in model.parameters())


def test_double_and_float(model):
    assert model.double()(np.ones((4, 2))).dtype == np.float64
    assert model.float()(np.ones((4, 2), np.float32)).dtype == np.float32


@pytest.mark.parametrize("change", ["missing", "unexpected", "shape"])
def test_a_state_that_does_not_fit_changes_nothing(model, change):
    state = {name: array + 1 for name, array in model.state_dict().items()}
    if change == "missing":
        del state["2.0.bias"]
    if change == "unexpected":
        state["3.weight"] = np.zeros(1)
    if change == "shape":
        state["2.0.bias"] = np.zeros(2)
    before = {name: array.copy() for name, array in model.state_dict().items()}
    match = {
        "missing": r"missing \['2.0.bias'\]",
        "unexpected": r"\['3.weight'\]",
        "shape": r"\(1,\).*\(2,\)",
    }
    with pytest.raises((KeyError, ValueError), match=match[change]):
        model.load_state_dict(state)
    for name, array in model.state_dict().items():
        np.testing.assert_array_equal(array, before[name])


def test_without_strict_the_known_names_are_loaded(model):
    model.load_state_dict({"0.bias": np.full(3, 7.0), "other": np.zeros(1)}, strict=False)
    np.testing.assert_array_equal(model[0].bias.data, [7, 7, 7])


def test_a_module_without_forward_says_so():
    with pytest.raises(NotImplementedError, match="Empty has no forward"):
        type("Empty", (nn.Module,), {})()(1)


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.zeros((4, 3), np.float32), r"expected x of shape \(\*, 2\), got \(4, 3\)"),
        (np.zeros((4, 2, 1), np.float32), r"got \(4, 2, 1\): flatten the examples first, x.reshape\(4, 2\)"),
        (np.zeros((4, 2)), "float64 and weight of float32"),
        (np.zeros((4, 2), np.int64), "int64"),
    ],
)
def test_linear_names_what_does_not_fit(x, message):
    with pytest.raises((ValueError, TypeError), match=message):
        nn.Linear(2, 3)(x)


def test_linear_refuses_no_features():
    with pytest.raises(ValueError, match="0 and 3"):
        nn.Linear(0, 3)


def test_losses_name_what_does_not_fit():
    mse, cross_entropy = nn.MSELoss(), nn.CrossEntropyLoss()
    logits = np.zeros((2, 3), np.float32)
    with pytest.raises(ValueError, match=r"\(2, 1\), target \(2,\)"):
        mse(np.zeros((2, 1)), np.zeros(2))
    with pytest.raises(ValueError, match="label 3 is out of range, 3 classes are numbered 0 to 2"):
        cross_entropy(logits, np.array([0, 3]))
    with pytest.raises(ValueError, match="label -1"):
        cross_entropy(logits, np.array([0, -1]))
    with pytest.raises(TypeError, match="whole numbers"):
        cross_entropy(logits, np.zeros(2))
    with pytest.raises(ValueError, match=r"labels of shape \(2,\), got \(3,\)"):
        cross_entropy(logits, np.zeros(3, int))
    with pytest.raises(ValueError, match=r"\(N, C\) or \(N, C, ...\), got \(3,\)"):
        cross_entropy(logits[0], np.zeros(3, int))
    with pytest.raises(ValueError, match="empty batch"):
        cross_entropy(np.zeros((0, 3)), np.zeros(0, int))
    with pytest.raises(ValueError, match="'mean', 'sum' or 'none', got 'avg'"):
        nn.MSELoss(reduction="avg")(np.zeros(2), np.zeros(2))


def test_confident_logits_neither_overflow_nor_warn():
    loss = nn.CrossEntropyLoss()(np.array([[1e4, -1e4], [1e4, -1e4]]), np.array([0, 1]))
    assert loss.item() == 1e4


def test_the_same_seed_gives_the_same_weights():
    manual_seed(7)
    first = nn.Linear(4, 5).weight.data
    manual_seed(7)
    np.testing.assert_array_equal(first, nn.Linear(4, 5).weight.data)
    assert not np.array_equal(first, nn.Linear(4, 5).weight.data)
    rng = np.random.default_rng(7)
    np.testing.assert_array_equal(first, nn.Linear(4, 5, rng=rng).weight.data)
    with pytest.raises(TypeError, match="whole number"):
        manual_seed("seven")


class Counting(nn.Module):
    """A module with a buffer of its own."""

    def __init__(self):
        self.register_buffer("count", np.array(0))
        self.register_buffer("mean", np.zeros(2, np.float32))
        self.register_buffer("unused", None)
        self.weight = nn.Parameter(np.ones(2, np.float32))


def test_buffers_are_state_but_not_learned():
    model = nn.Sequential(Counting(), nn.ReLU())
    assert [name for name, _ in model.named_parameters()] == ["0.weight"]
    assert [name for name, _ in model.named_buffers()] == ["0.count", "0.mean"] and len(list(model.buffers())) == 2
    assert list(model.state_dict()) == ["0.weight", "0.count", "0.mean"]  # parameters first, as in PyTorch
    assert not model[0].mean.requires_grad


def test_a_buffer_that_is_replaced_stays_a_buffer():
    module = Counting()
    module.count = module.count + 1
    assert module.state_dict()["count"] == 1


def test_casting_leaves_whole_numbers_alone():
    module = Counting().double()
    assert (module.count.dtype, module.mean.dtype, module.weight.dtype) == (np.int64, np.float64, np.float64)


def test_module_list():
    layers = nn.ModuleList([nn.Linear(2, 2), nn.Linear(2, 2)])
    layers.append(nn.ReLU()).extend([nn.Linear(2, 1)])
    assert [name for name, _ in layers.named_parameters()][::2] == ["0.weight", "1.weight", "3.weight"]
    assert len(layers) == 4 and isinstance(layers[2], nn.ReLU) and len(layers[1:]) == 3
    assert [type(m).__name__ for m in layers] == ["Linear", "Linear", "ReLU", "Linear"]
    assert repr(nn.ModuleList()) == "ModuleList()"
    with pytest.raises(TypeError, match="takes modules, got a list"):
        layers.append([nn.ReLU()])
    with pytest.raises(NotImplementedError, match="ModuleList has no forward"):
        layers(1)


def test_dropout_follows_the_mode():
    layer, x = nn.Dropout(0.9, rng=np.random.default_rng(0)), np.ones(100)
    assert (layer(x).data == 0).sum() > 50
    np.testing.assert_array_equal(layer.eval()(x).data, x)
    with pytest.raises(ValueError, match="between 0 and 1, got -0.1"):
        nn.Dropout(-0.1)


@pytest.mark.parametrize("momentum", [0.1, 0.7, None])
def test_batch_norm_follows_pytorch_through_training_and_evaluation(momentum):
    ours, theirs = nn.BatchNorm1d(3, momentum=momentum).double(), torch.nn.BatchNorm1d(3, momentum=momentum).double()
    rng = np.random.default_rng(0)
    for n in (4, 7, 2):
        x = rng.standard_normal((n, 3)) * 2 + 1
        np.testing.assert_allclose(ours(x).data, theirs(torch.tensor(x)).detach().numpy(), atol=1e-12)
    for name, buffer in theirs.named_buffers():
        np.testing.assert_allclose(ours.state_dict()[name], buffer.numpy(), atol=1e-12)
    assert ours.num_batches_tracked.item() == 3
    ours.eval()
    theirs.eval()
    np.testing.assert_allclose(ours(x).data, theirs(torch.tensor(x)).detach().numpy(), atol=1e-12)
    assert ours.num_batches_tracked.item() == 3


def test_batch_norm_of_one_example_is_refused_in_training_and_changes_nothing():
    layer = nn.BatchNorm1d(3)
    with pytest.raises(ValueError, match=r"more than one value for each channel in training, got x \(1, 3\)"):
        layer(np.ones((1, 3), np.float32))
    assert layer.num_batches_tracked.item() == 0 and not layer.running_mean.data.any()
    assert layer.eval()(np.ones((1, 3), np.float32)).shape == (1, 3)


@pytest.mark.parametrize("norm_type", [2.0, 1.0, 3.0, math.inf])
@pytest.mark.parametrize("max_norm", [0.5, 100.0])
def test_clipping_by_norm_is_pytorchs(norm_type, max_norm):
    rng = np.random.default_rng(0)
    ours = [nn.Parameter(np.zeros(shape)) for shape in ((3, 4), (2,), (5,))]
    theirs = [torch.nn.Parameter(torch.zeros(p.shape, dtype=torch.float64)) for p in ours]
    for p, q in zip(ours[:2], theirs[:2], strict=True):  # the third has no gradient
        p.grad = rng.standard_normal(p.shape)
        q.grad = torch.tensor(p.grad)
    length = nn.utils.clip_grad_norm_(ours, max_norm, norm_type)
    assert length.item() == pytest.approx(torch.nn.utils.clip_grad_norm_(theirs, max_norm, norm_type).item(), abs=1e-12)
    for p, q in zip(ours[:2], theirs[:2], strict=True):
        np.testing.assert_allclose(p.grad, q.grad.numpy(), atol=1e-14)
    assert ours[2].grad is None


def test_clipping_a_gradient_that_is_not_finite():
    w = nn.Parameter(np.zeros(2, np.float32))
    w.grad = np.array([np.nan, 1], np.float32)
    with pytest.raises(RuntimeError, match="norm is nan"):
        nn.utils.clip_grad_norm_(w, 1.0, error_if_nonfinite=True)
    assert w.grad[1] == 1
    nn.utils.clip_grad_norm_(w, 1.0)
    assert np.isnan(w.grad).all() and w.grad.dtype == np.float32  # as in PyTorch
    assert nn.utils.clip_grad_norm_([], 1.0).item() == 0


def test_clipping_by_value_is_pytorchs():
    w, g = nn.Parameter(np.zeros(4)), np.array([-3.0, -0.1, 0.1, 3.0])
    w.grad = g.copy()
    nn.utils.clip_grad_value_([w], 0.5)
    np.testing.assert_array_equal(w.grad, [-0.5, -0.1, 0.1, 0.5])
    for clip in (nn.utils.clip_grad_value_, nn.utils.clip_grad_norm_):
        with pytest.raises(ValueError, match="0 or more, got -1"):
            clip([w], -1)
