"""Bad and unusual input: each row behaves as PyTorch does, or gets one clear message and changes nothing.

Three tables. REFUSED: what is called, and the message. ACCEPTED: a program that runs in both engines, on NaN, infinity,
nothing, one example, ties; values and gradients are compared. EQUAL: arrays that lie differently in memory.
"""

import copy
import math

import numpy as np
import pytest

import nnlib.numpy
import nnlib.torch
from nnlib.numpy import Tensor, functional, init, manual_seed, nn, ops, optim

F = functional


class World:
    """A network in the middle of its training, and its data: nothing here may change when something is refused."""

    def __init__(self):
        rng = np.random.default_rng(0)
        self.x = rng.standard_normal((5, 4)).astype(np.float32)
        self.labels = rng.integers(0, 2, 5)
        self.y = rng.standard_normal((5, 2)).astype(np.float32)
        self.model = nn.Sequential(nn.Linear(4, 3, rng=rng), nn.BatchNorm1d(3), nn.ReLU(), nn.Linear(3, 2, rng=rng))
        self.optimizer = optim.Adam(self.model.parameters())
        self.schedule = optim.lr_scheduler.StepLR(self.optimizer, 3)
        F.cross_entropy(self.model(self.x), self.labels).backward()
        self.optimizer.step()
        self.w = Tensor(np.array([[1.0, 2.0], [3.0, 4.0]]), requires_grad=True)
        self.logits = rng.standard_normal((5, 2)).astype(np.float32)

    def everything(self):
        state = self.model.state_dict(), self.optimizer.state_dict(), self.schedule.state_dict()
        gradients = [p.grad for p in self.model.parameters()], self.w.grad
        data = self.x, self.labels, self.y, self.logits, self.w.data
        return copy.deepcopy((state, gradients, data))


def read_only(array):
    array = array.copy()
    array.flags.writeable = False
    return array


def used():
    """A loss whose tape is gone."""
    x = Tensor([1.0, 2.0], requires_grad=True)
    loss = (x * x).sum()
    loss.backward()
    return loss


def state_with(world, name, value):
    return {**world.model.state_dict(), name: value}


def load_into_read_only(world):
    """A model that someone made with an array of the world's that cannot be written."""
    layer = nn.Linear(4, 5)
    layer.weight.data = read_only(world.x)
    layer.load_state_dict({"weight": np.ones((5, 4)), "bias": np.ones(5)})


LOSSES = {
    "mse_loss": lambda w: (w.logits, w.y),
    "l1_loss": lambda w: (w.logits, w.y),
    "huber_loss": lambda w: (w.logits, w.y),
    "binary_cross_entropy_with_logits": lambda w: (w.logits, w.y),
    "kl_div": lambda w: (w.logits, w.y),
    "cross_entropy": lambda w: (w.logits, w.labels),
    "nll_loss": lambda w: (w.logits, w.labels),
}

REFUSED = {
    # shapes
    "too few features": (lambda w: w.model(w.x[:, :3]), r"linear expected x of shape \(\*, 4\), got \(5, 3\)"),
    "pictures": (lambda w: w.model(w.x.reshape(5, 2, 2)), r"flatten the examples first, x.reshape\(5, 4\)"),
    "a single number": (lambda w: w.model(np.float32(1)), r"expected x of shape \(\*, 4\), got \(\)"),
    "a weight of one dimension": (lambda w: F.linear(w.x, w.x[0]), r"weight has shape \(out, in\), got \(4,\)"),
    "a bias too long": (lambda w: F.linear(w.x, w.x[:2], w.x[0]), r"\(2, 4\) needs a bias of shape \(2,\), got \(4,\)"),
    "channels do not fit": (lambda w: w.model[1](w.x), r"expected x of shape \(N, 3\) or \(N, 3, L\), got \(5, 4\)"),
    "a batch norm of one row": (lambda w: w.model[1](w.x[0, :3]), r"got \(3,\)"),
    "a batch norm of pictures": (lambda w: w.model[1](np.zeros((2, 3, 4, 4), np.float32)), r"got \(2, 3, 4, 4\)"),
    "a running mean that is too long": (
        lambda w: F.batch_norm(w.x, w.x[0, :3], w.x[0]), r"4 channels, running_mean has shape \(3,\)"
    ),
    "a batch norm without channels": (lambda w: F.batch_norm(w.x[0], None, None), r"\(N, C\) .* got \(4,\)"),
    "features do not fit": (lambda w: nn.LayerNorm(3)(w.x), r"layer_norm expected x of shape \(\*, 3\), got \(5, 4\)"),
    "a weight of other features": (
        lambda w: F.layer_norm(w.x, (4,), w.x[0, :3]), r"\(4,\) need a weight of that shape, got \(3,\)"
    ),
    "rms features do not fit": (lambda w: nn.RMSNorm((2, 4))(w.x), r"rms_norm expected x of shape \(\*, 2, 4\), got"),
    "shapes that do not broadcast": (lambda w: w.w + np.zeros(3), r"cannot add shapes \(2, 2\) and \(3,\)"),
    "products that do not fit": (lambda w: w.w @ np.zeros((3, 2)), r"last dimension of \(2, 2\) is 2, but \(3, 2\)"),
    "a product with a number": (lambda w: w.w @ np.float64(2), r"one dimension or more, got shapes \(2, 2\) and \(\)"),
    "a shape of another size": (lambda w: w.w.reshape(3, 3), r"cannot reshape array of size 4 into shape \(3,3\)"),
    "joining different heights": (lambda w: ops.cat([w.w, Tensor(np.zeros((1, 3)))], 0), "must match exactly"),
    "joining nothing": (lambda w: ops.cat([]), "cat needs at least one Tensor"),
    "flattening backwards": (lambda w: w.w.flatten(1, 0), "start_dim 1 comes after end_dim 0"),
    # dimensions that are not there
    "a softmax along nothing": (lambda w: F.softmax(w.x, 2), "axis 2 is out of bounds for array of dimension 2"),
    "a sum along nothing": (lambda w: w.w.sum(2), "axis 2 is out of bounds"),
    "a mean along nothing": (lambda w: w.w.mean(-3), "axis -3 is out of bounds"),
    "a variance along nothing": (lambda w: w.w.var(2), "axis 2 is out of bounds"),
    "squeezing nothing": (lambda w: w.w.squeeze(2), "axis 2 is out of bounds"),
    "unsqueezing beyond": (lambda w: w.w.unsqueeze(4), "axis 4 is out of bounds"),
    "flattening beyond": (lambda w: w.w.flatten(2), "axis 2 is out of bounds"),
    "a dimension twice": (lambda w: w.w.sum((0, 0)), "(repeated|duplicate)"),
    "an index beyond": (lambda w: w.w[2], "index 2 is out of bounds"),
    "too many indices": (lambda w: w.w[0, 0, 0], "too many indices"),
    # dtypes and types
    "float64 into float32": (lambda w: w.model(w.x.astype(np.float64)), r"x of float64 .* x.astype\(np.float32\)"),
    "float16 into float32": (lambda w: w.model(w.x.astype(np.float16)), "x of float16 and weight of float32"),
    "whole numbers": (lambda w: w.model(w.x.astype(np.int64)), "x of int64 and weight of float32"),
    "bytes of another machine": (lambda w: w.model(w.x.astype(">f4")), "x of >f4 and weight of float32"),
    "complex numbers": (lambda w: w.model(w.x * 1j), "x of complex64"),
    "objects": (lambda w: w.model(w.x.astype(object)), "x of object"),
    "a list": (lambda w: w.model(w.x.tolist()), r"linear takes .* 'x' is a list: .* np.array\(x\)"),
    "nothing": (lambda w: w.model(None), "'x' is a NoneType"),
    "a text": (lambda w: w.model("digits"), "'x' is a str"),
    "a tensor of PyTorch's": (
        lambda w: F.mse_loss(nnlib.torch.tensor([1.0]), w.y), r"'prediction' is PyTorch's Tensor: .*\.numpy\(\)"
    ),
    "whole numbers to a sigmoid": (lambda w: F.sigmoid(np.array([1, 2])), "sigmoid needs floating-point"),
    "whole numbers to a softmax": (lambda w: F.softmax(np.array([1, 2]), 0), "got int64: convert with .astype"),
    "whole numbers to a gelu": (lambda w: F.gelu(np.array([1, 2])), "gelu needs floating-point"),
    "whole numbers to dropout": (lambda w: F.dropout(np.array([1, 2])), "dropout needs floating-point"),
    "whole numbers to layer norm": (lambda w: F.layer_norm(np.array([1, 2]), (2,)), "layer_norm needs floating-point"),
    "float64 to layer norm": (lambda w: nn.LayerNorm(4)(w.x.astype(np.float64)), "x of float64 and weight of float32"),
    "products of two dtypes": (lambda w: w.w @ np.ones((2, 2), np.float32), "matmul of float64 and float32"),
    "adding a text": (lambda w: w.w + "1", "cannot compute with a str"),
    "a tensor as exponent": (lambda w: w.w ** w.w, "takes a number as exponent, got ndarray"),
    "a tensor of text": (lambda w: Tensor("text"), "holds real numbers, got str"),
    "a tensor of nothing": (lambda w: Tensor(None), "holds real numbers, got NoneType"),
    "a tensor of complex numbers": (lambda w: Tensor(1j), "holds real numbers"),
    "a tensor of a tensor": (lambda w: Tensor(w.w), "this is a Tensor already"),
    "a ragged list": (lambda w: Tensor([[1.0], [1.0, 2.0]]), "cannot make an array of this"),
    "whole numbers with a gradient": (lambda w: Tensor([1, 2], requires_grad=True), "this one is int64"),
    # batch sizes
    "batch norm of one example": (lambda w: w.model(w.x[:1]), r"more than one value .* got x \(1, 3\)"),
    "batch norm of no example": (lambda w: w.model(w.x[:0]), r"more than one value .* got x \(0, 3\)"),
    "batch norm without statistics": (lambda w: F.batch_norm(w.x, None, None), "works in training mode only"),
    "a mean of nothing": (lambda w: Tensor(w.x[:0]).mean(), r"mean of nothing: an array of shape \(0, 4\)"),
    "a variance of one": (lambda w: Tensor(w.x[:1]).var(0), r"var needs more than 1 entries along dim=\(0,\)"),
    # options
    "an unknown approximation": (lambda w: F.gelu(w.x, approximate="fast"), "'none' or 'tanh', got 'fast'"),
    "a softplus without a slope": (lambda w: F.softplus(w.x, beta=0), "beta is above 0, got 0"),
    "dropping less than nothing": (lambda w: F.dropout(w.x, -0.1), "between 0 and 1, got -0.1"),
    "dropping more than all": (lambda w: nn.Dropout(1.5), "between 0 and 1, got 1.5"),
    "dropping nan": (lambda w: nn.Dropout(math.nan), "between 0 and 1, got nan"),
    "a huber loss without a width": (lambda w: F.huber_loss(w.logits, w.y, delta=0), "delta is above 0, got 0"),
    "a huber loss of nan": (lambda w: F.huber_loss(w.logits, w.y, delta=math.nan), "delta is above 0, got nan"),
    "negative smoothing": (lambda w: F.cross_entropy(w.logits, w.labels, label_smoothing=-0.1), "0 and 1, got -0.1"),
    "no inputs": (lambda w: nn.Linear(0, 3), "at least one input and one output, got 0 and 3"),
    "no outputs": (lambda w: nn.Linear(3, -1), "got 3 and -1"),
    "no features": (lambda w: nn.LayerNorm(()), "at least one feature"),
    "no channels": (lambda w: nn.BatchNorm1d(0), "at least one feature, got 0"),
    "a function as a layer": (lambda w: nn.Sequential(nn.ReLU(), np.tanh), "argument 1 is a ufunc"),
    "no forward": (lambda w: nn.Module()(w.x), r"Module has no forward\(\)"),
    "a seed that is text": (lambda w: manual_seed("seven"), "a seed is a whole number, got 'seven'"),
    # labels and targets
    "labels as a list": (lambda w: F.cross_entropy(w.logits, [0, 1, 0, 1, 0]), "'target' is a list"),
    "targets as a list": (lambda w: F.mse_loss(w.logits, w.y.tolist()), "'target' is a list"),
    "a label too high": (lambda w: F.cross_entropy(w.logits, w.labels + 2), "2 classes are numbered 0 to 1"),
    "a label too low": (lambda w: F.nll_loss(w.logits, w.labels - 3), r"nll_loss: label -\d is out of range"),
    "labels with a fraction": (lambda w: F.cross_entropy(w.logits, w.labels / 2), "whole numbers .* got float64"),
    "labels that are true or false": (lambda w: F.cross_entropy(w.logits, w.labels > 0), "labels, got bool"),
    "labels as one-hot rows": (lambda w: F.cross_entropy(w.logits, np.eye(2, dtype=int)[w.labels]), "target.argmax"),
    "too few labels": (lambda w: F.cross_entropy(w.logits, w.labels[:4]), r"labels of shape \(5,\), got \(4,\)"),
    "labels in a column": (lambda w: F.cross_entropy(w.logits, w.labels[:, None]), r"shape \(5,\), got \(5, 1\)"),
    "scores without classes": (lambda w: F.cross_entropy(w.logits[:, 0], w.labels), r"\(N, C\) .* got \(5,\)"),
    "scores that are whole": (lambda w: F.cross_entropy(w.logits.astype(int), w.labels), "floating-point scores"),
    "every label ignored": (lambda w: F.cross_entropy(w.logits, w.labels * 0 - 100), "every label is ignored"),
    "a weight a class too many": (
        lambda w: F.cross_entropy(w.logits, w.labels, w.x[0]), r"2 classes need a weight of shape \(2,\), got \(4,\)"
    ),
    "a weight with a gradient": (
        lambda w: F.cross_entropy(w.logits, w.labels, Tensor([1.0, 1.0], requires_grad=True)),
        "no derivative with respect to 'weight'",
    ),
    "a target in a column": (lambda w: F.mse_loss(w.logits, w.y[:, :1]), r"\(5, 2\), target \(5, 1\): reshape"),
    "a target of float64": (
        lambda w: F.l1_loss(w.logits, w.y.astype(np.float64)), r"target of float64: .*\(np.float32\)"
    ),
    "a target of true and false": (lambda w: F.binary_cross_entropy_with_logits(w.logits, w.y > 0), "target of bool"),
    "a weight that does not broadcast": (
        lambda w: F.binary_cross_entropy_with_logits(w.logits, w.y, pos_weight=np.ones(3)),
        r"pos_weight \(3,\) does not broadcast to logits \(5, 2\)",
    ),
    **{
        f"{name} with an unknown reduction": (
            lambda w, name=name: getattr(F, name)(*LOSSES[name](w), reduction="average"),
            f"{name}: reduction is 'mean', 'sum' or 'none', got 'average'",
        )
        for name in LOSSES
    },
    **{
        f"{name} of an empty batch": (
            lambda w, name=name: getattr(F, name)(*(a[:0] for a in LOSSES[name](w))),
            f"{name}: the mean over an empty batch is undefined",
        )
        for name in LOSSES
    },
    # backward
    "backward from many numbers": (lambda w: (w.w * 2).backward(), r"shape \(2, 2\): reduce it with .sum\(\)"),
    "backward with another shape": (lambda w: (w.w * 2).backward(np.ones(3)), r"shape \(2, 2\), got \(3,\)"),
    "backward from nothing": (lambda w: Tensor([1.0]).backward(), "nothing it was computed from has requires_grad"),
    "backward twice": (lambda w: used().backward(), "second time through the same 'sum'"),
    "backward under no_grad": (lambda w: silent(w.w).backward(), "needs no gradient"),
    "the item of many": (lambda w: w.w.item(), r"exactly one entry, this Tensor has shape \(2, 2\)"),
    "the truth of many": (lambda w: bool(w.w > 1), "exactly one entry"),
    "the length of a number": (lambda w: len(w.w.sum()), "no length"),
    "an array with a history": (lambda w: w.w.numpy(), r"call .detach\(\).numpy\(\)"),
    # states
    "a missing name": (
        lambda w: w.model.load_state_dict({k: v for k, v in w.model.state_dict().items() if k != "0.bias"}),
        r"missing \['0.bias'\], unexpected nothing",
    ),
    "an unexpected name": (
        lambda w: w.model.load_state_dict(state_with(w, "4.bias", np.zeros(2))), r"nothing, unexpected \['4.bias'\]"
    ),
    "another shape": (
        lambda w: w.model.load_state_dict(state_with(w, "3.bias", np.zeros(3))), r"3.bias has shape \(2,\), .* \(3,\)"
    ),
    "text as a weight": (lambda w: w.model.load_state_dict(state_with(w, "3.bias", "zero")), "3.bias holds <U4"),
    "nothing as a weight": (lambda w: w.model.load_state_dict(state_with(w, "3.bias", None)), "3.bias holds object"),
    "a list of weights": (lambda w: w.model.load_state_dict([1, 2]), "a mapping of names to arrays, got list"),
    "a path instead of a state": (lambda w: w.model.load_state_dict("model.safetensors"), "got str"),
    "a read-only weight": (load_into_read_only, "weight is a read-only array here"),
    # learning
    "an optimizer for nothing": (lambda w: optim.SGD([]), "got no parameters"),
    "an optimizer for read-only weights": (
        lambda w: optim.SGD([nn.Parameter(read_only(w.x))]), r"read-only array of shape \(5, 4\)"
    ),
    "a learning rate of nan": (lambda w: optim.AdamW(w.model.parameters(), lr=math.nan), "lr is 0 or more, got nan"),
    "a negative learning rate": (lambda w: optim.RMSprop(w.model.parameters(), lr=-1e-3), "lr is 0 or more"),
    "a momentum of text": (lambda w: optim.SGD(w.model.parameters(), momentum="much"), "is a number, got 'much'"),
    "a beta of one": (lambda w: optim.Adam(w.model.parameters(), betas=(0.9, 1.0)), "from 0 to below 1"),
    "an optimizer's state of another model": (
        lambda w: w.optimizer.load_state_dict(optim.Adam(nn.Linear(2, 2).parameters()).state_dict()),
        r"groups of \[6\] parameters, the given state was saved for \[2\]",
    ),
    "a model's state for an optimizer": (lambda w: w.optimizer.load_state_dict(w.model.state_dict()), "'param_groups'"),
    "a schedule without a formula": (lambda w: optim.lr_scheduler.LRScheduler(w.optimizer), r"no rate\(t, base\)"),
    "a schedule of a model": (lambda w: optim.lr_scheduler.StepLR(w.model, 1), "optimizer, got Sequential"),
    "a schedule of no steps": (lambda w: optim.lr_scheduler.CosineAnnealingLR(w.optimizer, 0), "from 1, got 0"),
    "another schedule's state": (
        lambda w: w.schedule.load_state_dict({"last_epoch": 3}), r"missing \['base_lrs', 'gamma', 'step_size'\]"
    ),
    "clipping below nothing": (lambda w: nn.utils.clip_grad_norm_(w.model.parameters(), -1), "0 or more, got -1"),
    "clipping to nan": (lambda w: nn.utils.clip_grad_value_(w.model.parameters(), math.nan), "0 or more, got nan"),
    "initial values of a vector": (lambda w: init.xavier_uniform_(w.model[0].bias), r"fan_in is undefined"),
    "initial values of an array": (lambda w: init.zeros_(w.x), "Parameter or Tensor, got ndarray"),
    "a negative spread": (lambda w: init.normal_(w.w, std=-1), "std is 0 or more, got -1"),
}  # fmt: skip


def silent(w):
    with nnlib.numpy.no_grad():
        return (w * w).sum()


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_one_clear_message_and_nothing_changed(name):
    world = World()
    before = world.everything()
    call, message = REFUSED[name]
    with pytest.raises(
        (ValueError, TypeError, KeyError, RuntimeError, IndexError, NotImplementedError), match=message
    ) as e:
        call(world)
    assert "\n" not in str(e.value)
    np.testing.assert_equal(world.everything(), before)
    F.cross_entropy(world.model(world.x), world.labels).backward()  # and all still works
    world.optimizer.step()


NAN, INF = math.nan, math.inf


def loss_of(name, x, target, **options):
    return lambda e: scored(e, lambda x: getattr(e.functional, name)(x, e.tensor(target), **options), x)


def of(name, *args, **options):
    """A function of one array, by the name that it has in `functional`, or else as a method."""

    def program(e):
        array, *rest = args
        if hasattr(e.functional, name):
            return scored(e, lambda x: getattr(e.functional, name)(x, *rest, **options), array)
        return scored(e, lambda x: getattr(x, name)(*rest, **options), array)

    return program


def scored(e, function, array):
    """The value and the gradient of its sum."""
    x = e.tensor(np.array(array, np.float32), requires_grad=True)
    y = function(x)
    y.sum().backward()
    return y, x.grad


def learned(name, gradient, **options):
    """A weight after one step with this gradient."""

    def program(e):
        w = e.nn.Parameter(e.tensor(np.array([1.0, -2.0], np.float32)))
        optimizer = getattr(e.optim, name)([w], **options)
        (w * e.tensor(np.array(gradient, np.float32))).sum().backward()
        optimizer.step()
        return (w,)

    return program


def clipped(gradient, max_norm, norm_type=2.0):
    def program(e):
        w = e.nn.Parameter(e.tensor(np.array([1.0, -2.0], np.float32)))
        (w * e.tensor(np.array(gradient, np.float32))).sum().backward()
        length = e.nn.utils.clip_grad_norm_([w], max_norm, norm_type)
        return length, w.grad

    return program


def linear_of(rows):
    def program(e):
        w = e.tensor(np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], np.float32), requires_grad=True)
        b = e.tensor(np.array([1.0, 2.0, 3.0], np.float32), requires_grad=True)
        y, d_x = scored(e, lambda x: e.functional.linear(x, w, b), rows)
        return y, d_x, w.grad, b.grad

    return program


def batch_norm_of(rows):
    def program(e):
        layer = e.nn.BatchNorm1d(2).eval()
        return scored(e, layer, rows)

    return program


def stepped_twice(e):
    x = e.tensor([1.0, 2.0], requires_grad=True)
    (x * x).sum().backward()
    (x * x).sum().backward()
    return (x.grad,)


EMPTY = np.zeros((0, 2))
KINKS = [-1.0, 0.0, 1.0]
ODD = [[NAN, 1.0], [INF, 2.0], [-INF, 3.0]]

ACCEPTED = {
    # not finite
    "relu of nan and infinity": lambda e: (e.functional.relu(e.tensor(ODD)),),
    "tanh of nan and infinity": of("tanh", ODD),
    "sigmoid of nan and infinity": of("sigmoid", ODD),
    "silu of nan": of("silu", [NAN, 1.0]),
    "gelu of nan": of("gelu", [NAN, 1.0]),
    "softplus of nan and infinity": of("softplus", ODD),
    "softmax with nan": of("softmax", [[NAN, 1.0], [1.0, 2.0]], 1),
    "softmax with infinity": of("softmax", [[INF, 1.0]], 1),
    "softmax with a masked entry": of("softmax", [[-INF, 1.0]], 1),
    "softmax with all masked": of("softmax", [[-INF, -INF]], 1),
    "log_softmax with a masked entry": lambda e: (e.functional.log_softmax(e.tensor([[-INF, 1.0]]), 1),),
    "layer norm of nan": of("layer_norm", [[NAN, 1.0], [1.0, 2.0]], (2,)),
    "rms norm of infinity": of("rms_norm", [[INF, 1.0], [1.0, 2.0]], (2,)),
    "linear of nan": linear_of([[NAN, 1.0], [1.0, 1.0]]),
    "linear of infinity": linear_of([[INF, 1.0], [1.0, -INF]]),
    "squared error of nan": loss_of("mse_loss", [NAN, 1.0], [1.0, 2.0]),
    "squared error of infinity": loss_of("mse_loss", [INF, 1.0], [1.0, 2.0], reduction="none"),
    "huber loss of infinity": loss_of("huber_loss", [INF, 1.0], [1.0, 2.0]),
    "cross-entropy of nan": loss_of("cross_entropy", [[NAN, 1.0], [1.0, 2.0]], [0, 1], reduction="none"),
    "cross-entropy of infinity": loss_of("cross_entropy", [[INF, 1.0]], [0]),
    "cross-entropy of an impossible class": lambda e: (
        e.functional.cross_entropy(e.tensor([[-INF, 1.0]]), e.tensor([0])),
    ),
    "a quotient by zero": lambda e: (e.tensor([1.0, -1.0, 0.0]) / 0.0,),
    "logarithms of what has none": of("log", [0.0, 1.0]),
    "the logarithm of a negative number": lambda e: (e.tensor([-1.0]).log(),),
    "roots at and below zero": of("sqrt", [0.0, -1.0, 4.0]),
    "an exponential that overflows": of("exp", [1000.0, -1000.0]),
    "zero to the power of zero": of("pow", [0.0, 2.0], 0),
    "zero to a negative power": of("pow", [0.0, 2.0], -1),
    "infinities that cancel": of("sum", [INF, -INF]),
    "the largest with nan": lambda e: (e.tensor([NAN, 1.0]).amax(),),
    "clamping nan": lambda e: (e.tensor([NAN, INF]).clamp(0, 1),),
    "a step with a gradient of nan": learned("SGD", [NAN, 1.0], lr=0.1, momentum=0.9),
    "Adam with a gradient of nan": learned("Adam", [NAN, 1.0], lr=0.1),
    "Adam with a gradient of infinity": learned("Adam", [INF, 1.0], lr=0.1),
    "clipping infinity": clipped([INF, 1.0], 1.0),
    "clipping nan": clipped([NAN, 1.0], 1.0),
    "clipping by the largest, in words": clipped([3.0, -4.0], 1.0, "inf"),
    # kinks and ties
    "relu at zero": of("relu", KINKS),
    "leaky relu at zero": of("leaky_relu", KINKS, 0.5),
    "elu at zero": of("elu", KINKS, 2.0),
    "abs at zero": of("abs", KINKS),
    "clamp at its ends": of("clamp", KINKS, -1.0, 1.0),
    "l1 of no error": loss_of("l1_loss", KINKS, KINKS),
    "huber at its width": loss_of("huber_loss", [-1.0, 1.0], [0.0, 0.0]),
    "equal largest entries": of("amax", [[1.0, 1.0, 0.0]], 1),
    # nothing, and one
    "relu of nothing": of("relu", EMPTY),
    "linear of nothing": linear_of(EMPTY),
    "softmax of nothing": of("softmax", EMPTY, 1),
    "layer norm of nothing": of("layer_norm", EMPTY, (2,)),
    "batch norm of nothing, evaluating": batch_norm_of(EMPTY),
    "dropout of nothing": of("dropout", EMPTY),
    "the sum of nothing": of("sum", EMPTY),
    "the squared error of nothing": loss_of("mse_loss", EMPTY, EMPTY.astype(np.float32), reduction="sum"),
    "the cross-entropy of nothing": loss_of("cross_entropy", EMPTY, np.zeros(0, np.int64), reduction="none"),
    "an impossible class that does not count": lambda e: (
        e.functional.cross_entropy(e.tensor([[-INF, 1.0]]), e.tensor([1]), e.tensor([0.0, 1.0])),
    ),
    **{
        f"{name} of an ignored {x} {options}": lambda e, name=name, x=x, options=options: scored(
            e,
            lambda scores: getattr(e.functional, name)(scores, e.tensor([-100, 1]), **options),
            [[x, 1.0, 2.0], [1.0, 2.0, 3.0]],
        )
        for name, options in (
            ("cross_entropy", {}),
            ("cross_entropy", {"label_smoothing": 0.1, "reduction": "none"}),
            ("nll_loss", {}),
            ("nll_loss", {"reduction": "none"}),
        )
        for x in (NAN, INF, -INF)
    },
    "every label ignored, summed": loss_of("cross_entropy", [[1.0, 2.0]], [-100], reduction="sum"),
    "linear of one example": linear_of([1.0, 2.0]),
    "batch norm of one example, evaluating": batch_norm_of([[1.0, 2.0]]),
    "cross-entropy of one example": loss_of("cross_entropy", [[1.0, 2.0]], [1]),
    "cross-entropy of one class": loss_of("cross_entropy", [[1.0], [2.0]], [0, 0]),
    "layer norm of one feature": of("layer_norm", [[1.0], [2.0]], (1,)),
    "clipping nothing": lambda e: (e.nn.utils.clip_grad_norm_([], 1.0),),
    "clipping zero": clipped([0.0, 0.0], 1.0),
    "a learning rate of zero": learned("SGD", [1.0, 1.0], lr=0.0),
    "Adam with a gradient of zero": learned("Adam", [0.0, 0.0], lr=0.1),
    "backward twice, from two losses": stepped_twice,
    "dropping everything": of("dropout", KINKS, 1.0),
    # whole numbers
    "whole numbers times two": lambda e: (e.tensor([1, 2]) * 2,),
    "whole numbers plus a half": lambda e: (e.tensor([1, 2]) + 0.5,),
    "whole numbers plus fractions": lambda e: (e.tensor([1, 2]) + e.tensor([0.5, 0.5]),),
    "a quotient of whole numbers": lambda e: (e.tensor([1, 2]) / e.tensor([2, 2]),),
    "the exponential of whole numbers": lambda e: (e.tensor([0, 1]).exp(),),
    "a sum of whole numbers": lambda e: (e.tensor([1, 2]).sum(),),
    "comparing": lambda e: (e.tensor([1.0, NAN]) == e.tensor([1.0, NAN]), e.tensor([1, 2]) > 1),
    "counting what is true": lambda e: ((e.tensor([1.0, 2.0]) > 1).sum(),),
    "relu of whole numbers": lambda e: (e.functional.relu(e.tensor([-1, 2])),),
    "no entry chosen": lambda e: (e.tensor([1.0, 2.0])[e.tensor([False, False])],),
    "smoothed to the end": loss_of("cross_entropy", [[1.0, 2.0]], [1], label_smoothing=1.0),
}  # fmt: skip


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted_as_pytorch_does(name):
    results = ACCEPTED[name](nnlib.numpy)
    references = ACCEPTED[name](nnlib.torch)
    for ours, theirs in zip(results, references, strict=True):
        ours = ours.detach().numpy() if isinstance(ours, Tensor) else ours
        np.testing.assert_allclose(ours, theirs.detach().numpy(), rtol=1e-6, atol=1e-7, strict=True)


EQUAL = {
    "read-only": read_only,
    "in Fortran's order": np.asfortranarray,
    "a view backwards": lambda a: np.ascontiguousarray(np.flip(a))[tuple(slice(None, None, -1) for _ in a.shape)],
    "every second entry": lambda a: np.repeat(a, 2, axis=-1)[..., ::2],
    "a window": lambda a: np.pad(a, 1)[tuple(slice(1, -1) for _ in a.shape)],
    "a tensor": Tensor,
}


@pytest.mark.parametrize("how", EQUAL)
def test_how_an_array_lies_in_memory_makes_no_difference(how):
    """The loss, every gradient and the running statistics, of a network with everything in it."""
    world, x, labels = World(), World().x, World().labels

    def run(x, labels, weight):
        model = copy.deepcopy(world.model)
        logits = model(x)
        loss = F.cross_entropy(logits, labels, weight) + F.mse_loss(F.layer_norm(F.gelu(logits), (2,)), World().y)
        loss = loss + F.softmax(F.linear(x, np.ones((3, 4), np.float32)), 1)[:, 1:].sum()
        loss.backward()
        return [loss.data, *(p.grad for p in model.parameters()), *model.state_dict().values()]

    weight = np.array([1.0, 2.0], np.float32)
    for a, b in zip(run(EQUAL[how](x), EQUAL[how](labels), EQUAL[how](weight)), run(x, labels, weight), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


def test_a_broadcast_array_is_read_as_what_it_shows():
    x = np.broadcast_to(np.float32(2.0), (5, 4))
    y = nn.Linear(4, 2)(x)
    assert y.shape == (5, 2) and np.array_equal(y.data[0], y.data[4])
