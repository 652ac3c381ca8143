"""The table of cases: one row for every rule and every layer of nnlib, and for every way to call it that matters.

A row says how to call ours and how to call PyTorch's, on inputs of unequal dimensions. From it the tests draw
numerical gradient checks (tests/gradients), planted mistakes that must be found (tests/gradients), and equality
with PyTorch in values and gradients (tests/parity). tests/unit/test_contract.py holds that nothing public is missing.

To add a rule: write it, export it, add its row. `table.py` says what a row is; the rows of convolutional networks stand
in `cases_pictures.py`, those of recurrent networks and of attention in `cases_sequences.py`, whole networks in
`cases_models.py`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import cases_models
import cases_pictures
import cases_sequences
import numpy as np
import torch
import torch.nn.functional as F
from table import Layer, Rule, apart, both, normal, positive, then

from nnlib.numpy import functional, nn, ops


def logits_and_labels(rng: np.random.Generator) -> tuple:
    return rng.standard_normal((5, 3)) * 3, rng.integers(0, 3, 5)


def pixels_and_labels(rng: np.random.Generator) -> tuple:
    """A label for each pixel of two pictures, one of which does not count."""
    labels = rng.integers(0, 3, (2, 4, 5))
    labels[1, 2, 3] = -100
    return rng.standard_normal((2, 3, 4, 5)), labels


def probabilities(rng: np.random.Generator) -> tuple:
    """Logits, and probabilities of yes."""
    return rng.standard_normal((4, 3)) * 2, rng.uniform(0.1, 0.9, (4, 3))


def two_distributions(rng: np.random.Generator) -> tuple:
    """ln q and p: rows that sum to 1."""
    q, p = rng.uniform(0.5, 2, (2, 4, 3))
    return np.log(q / q.sum(axis=1, keepdims=True)), p / p.sum(axis=1, keepdims=True)


def two_logarithms(rng: np.random.Generator) -> tuple:
    log_q, p = two_distributions(rng)
    return log_q, np.log(p)


def weighted(loss: Callable) -> Callable[..., Any]:
    """PyTorch's loss with WEIGHT for its classes, in the dtype of its input."""
    return lambda x, target, **options: loss(x, target, torch.tensor(WEIGHT, dtype=x.dtype), **options)


def pos_weighted(x: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    return F.binary_cross_entropy_with_logits(x, target, pos_weight=torch.tensor(WEIGHT, dtype=x.dtype))


def kl_mean(x: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PyTorch advises "batchmean"
        return F.kl_div(x, target)


WEIGHT = np.array([0.5, 2.0, 1.5])
MEAN, VAR = np.array([0.5, -1.0, 2.0]), np.array([0.5, 2.0, 1.5])


def batch_norm(training: bool) -> tuple[Callable, Callable]:
    """Batch normalization of both engines, with fresh running statistics at every call."""

    def ours(x: Any, *weight_and_bias: Any) -> Any:
        running = MEAN.astype(x.dtype), VAR.astype(x.dtype)
        return functional.batch_norm(x, *running, *weight_and_bias, training=training)

    def theirs(x: torch.Tensor, *weight_and_bias: Any) -> torch.Tensor:
        running = torch.tensor(MEAN, dtype=x.dtype), torch.tensor(VAR, dtype=x.dtype)
        return F.batch_norm(x, *running, *weight_and_bias, training=training)

    return ours, theirs


def masked(x: torch.Tensor) -> torch.Tensor:
    """What `dropout` with this seed does, as PyTorch sees it: a product with a fixed mask."""
    mask, _ = functional.dropout.rule(np.ones(x.shape), 0.4, rng=np.random.default_rng(3))
    return x * torch.tensor(mask, dtype=x.dtype)


RULES = [
    # ops
    Rule("ops.add", ops.add, torch.add, normal((3, 4), (3, 4))),
    Rule("ops.add broadcast", ops.add, torch.add, normal((3, 1), (2, 1, 4))),
    Rule("ops.add number", ops.add, torch.add, then(normal((3, 4)), 2.5)),
    Rule("ops.sub", ops.sub, torch.sub, normal((3, 4), (4,))),
    Rule("ops.mul", ops.mul, torch.mul, normal((2, 3, 4), (3, 1))),
    Rule("ops.div", ops.div, torch.div, positive((3, 4), (2, 3, 1))),
    Rule("ops.neg", ops.neg, torch.neg, normal((3, 4))),
    Rule("ops.pow", ops.pow, torch.pow, then(positive((3, 4)), 2.5)),
    Rule("ops.pow zero", ops.pow, torch.pow, then(positive((3,)), 0), equal={
        f"argument 0 {mistake}": "a⁰ = 1 is constant: its gradient is 0"
        for mistake in ("zeroed", "negated", "scaled by 1.001")
    }),
    Rule("ops.maximum", ops.maximum, torch.maximum, apart((3, 4), (4,))),
    Rule("ops.minimum", ops.minimum, torch.minimum, apart((3, 4), (4,))),
    Rule("ops.clamp", ops.clamp, torch.clamp, then(apart((3, 4)), -0.3, 0.4)),
    Rule("ops.clamp one side", ops.clamp, torch.clamp, apart((3, 4)), {"max": 0.2}),
    Rule("ops.where", lambda a, b: ops.where(WHERE, a, b), lambda a, b: torch.where(torch.tensor(WHERE), a, b),
         normal((3, 4), (4,))),
    Rule("ops.exp", ops.exp, torch.exp, normal((3, 4))),
    Rule("ops.log", ops.log, torch.log, positive((3, 4))),
    Rule("ops.sqrt", ops.sqrt, torch.sqrt, positive((3, 4))),
    Rule("ops.abs", ops.abs, torch.abs, apart((3, 4))),
    Rule("ops.sin", ops.sin, torch.sin, normal((3, 4))),
    Rule("ops.cos", ops.cos, torch.cos, normal((3, 4))),
    Rule("ops.erf", ops.erf, torch.erf, normal((3, 4))),
    Rule("ops.matmul", ops.matmul, torch.matmul, normal((3, 4), (4, 2))),
    Rule("ops.matmul batched", ops.matmul, torch.matmul, normal((5, 1, 3, 4), (2, 4, 6))),
    Rule("ops.matmul row", ops.matmul, torch.matmul, normal((4,), (5, 4, 3))),
    Rule("ops.matmul column", ops.matmul, torch.matmul, normal((5, 3, 4), (4,))),
    Rule("ops.matmul vectors", ops.matmul, torch.matmul, normal((4,), (4,))),
    Rule("ops.sum", ops.sum, torch.sum, normal((3, 4))),
    Rule("ops.sum dim", ops.sum, torch.sum, normal((2, 3, 4)), {"dim": (0, 2)}),
    Rule("ops.sum keepdim", ops.sum, torch.sum, normal((3, 4)), {"dim": -1, "keepdim": True}),
    Rule("ops.mean", ops.mean, torch.mean, normal((3, 4))),
    Rule("ops.mean dim", ops.mean, torch.mean, normal((2, 3, 4)), {"dim": (0, -1), "keepdim": True}),
    Rule("ops.var", ops.var, torch.var, normal((3, 4))),
    Rule("ops.var biased", ops.var, torch.var, normal((2, 3, 4)), {"dim": 1, "correction": 0}),
    Rule("ops.amax", ops.amax, torch.amax, apart((3, 4)), {"dim": 1}),
    Rule("ops.amin", ops.amin, torch.amin, apart((3, 4)), {"dim": 0, "keepdim": True}),
    Rule("ops.reshape", ops.reshape, torch.reshape, then(normal((2, 3, 4)), (4, -1))),
    Rule("ops.permute", ops.permute, torch.permute, then(normal((2, 3, 4)), (2, 0, 1))),
    Rule("ops.swapaxes", ops.swapaxes, torch.swapaxes, then(normal((2, 3, 4)), 0, -1)),
    Rule("ops.broadcast_to", ops.broadcast_to, torch.broadcast_to, then(normal((3, 1)), (2, 3, 4))),
    Rule("ops.flatten", ops.flatten, torch.flatten, then(normal((2, 3, 4)), 1)),
    Rule("ops.squeeze", ops.squeeze, torch.squeeze, normal((2, 1, 3, 1))),
    Rule("ops.squeeze dim", ops.squeeze, torch.squeeze, then(normal((2, 1, 3, 1)), -1)),
    Rule("ops.unsqueeze", ops.unsqueeze, torch.unsqueeze, then(normal((2, 3)), -1)),
    Rule("ops.getitem", lambda a: a[1:, ::2], lambda a: a[1:, ::2], normal((3, 4))),
    Rule("ops.getitem row", lambda a: a[1], lambda a: a[1], normal((3, 4))),
    Rule("ops.getitem repeated", lambda a: a[[0, 2, 0]], lambda a: a[[0, 2, 0]], normal((3, 4))),
    Rule("ops.getitem mask", lambda a: a[WHERE], lambda a: a[torch.tensor(WHERE)], normal((3, 4))),
    Rule("ops.cat", lambda a, b: ops.cat([a, b], 1), lambda a, b: torch.cat([a, b], 1), normal((3, 4), (3, 2))),
    Rule("ops.stack", lambda a, b: ops.stack([a, b], -1), lambda a, b: torch.stack([a, b], -1), normal((3, 4), (3, 4))),
    # functional
    Rule("functional.linear", functional.linear, F.linear, normal((5, 3), (2, 3), (2,))),
    Rule("functional.linear no bias", functional.linear, F.linear, normal((5, 3), (2, 3))),
    Rule("functional.linear one example", functional.linear, F.linear, normal((3,), (2, 3), (2,))),
    Rule("functional.linear many dimensions", functional.linear, F.linear, normal((4, 5, 3), (2, 3), (2,))),
    Rule("functional.sigmoid", functional.sigmoid, F.sigmoid, normal((3, 4))),
    Rule("functional.tanh", functional.tanh, F.tanh, normal((3, 4))),
    Rule("functional.relu", functional.relu, F.relu, apart((3, 4))),
    Rule("functional.leaky_relu", functional.leaky_relu, F.leaky_relu, apart((3, 4))),
    Rule("functional.leaky_relu slope", functional.leaky_relu, F.leaky_relu, then(apart((3, 4)), 0.3)),
    Rule("functional.elu", functional.elu, F.elu, apart((3, 4))),
    Rule("functional.elu alpha", functional.elu, F.elu, apart((3, 4)), {"alpha": 0.5}),
    Rule("functional.gelu", functional.gelu, F.gelu, normal((3, 4))),
    Rule("functional.gelu tanh", functional.gelu, F.gelu, normal((3, 4)), {"approximate": "tanh"}),
    Rule("functional.silu", functional.silu, F.silu, normal((3, 4))),
    Rule("functional.softplus", functional.softplus, F.softplus, normal((3, 4))),
    Rule("functional.softplus options", functional.softplus, F.softplus, apart((3, 4)), {"beta": 2.0, "threshold": 1}),
    Rule("functional.softmax", functional.softmax, F.softmax, then(normal((3, 4)), -1)),
    Rule("functional.softmax first dim", functional.softmax, F.softmax, normal((3, 4, 2)), {"dim": 0}),
    Rule("functional.log_softmax", functional.log_softmax, F.log_softmax, then(normal((3, 4)), -1)),
    Rule("functional.log_softmax first dim", functional.log_softmax, F.log_softmax, normal((3, 4, 2)), {"dim": 0}),
    Rule("functional.dropout", lambda x: functional.dropout(x, 0.4, rng=np.random.default_rng(3)), masked,
         normal((3, 4))),
    Rule("functional.dropout nothing", functional.dropout, F.dropout, normal((3, 4)), {"p": 0.0}),
    Rule("functional.dropout evaluating", functional.dropout, F.dropout, normal((3, 4)), {"training": False}),
    Rule("functional.batch_norm", *batch_norm(training=True), normal((5, 3), (3,), (3,))),
    Rule("functional.batch_norm plain", *batch_norm(training=True), normal((5, 3))),
    Rule("functional.batch_norm sequences", *batch_norm(training=True), normal((2, 3, 4), (3,), (3,))),
    Rule("functional.batch_norm evaluating", *batch_norm(training=False), normal((5, 3), (3,), (3,))),
    Rule("functional.batch_norm evaluating one", *batch_norm(training=False), normal((1, 3, 4), (3,), (3,))),
    Rule("functional.layer_norm", functional.layer_norm, F.layer_norm,
         lambda rng: (rng.standard_normal((5, 4)), (4,), *normal((4,), (4,))(rng))),
    Rule("functional.layer_norm plain", functional.layer_norm, F.layer_norm, then(normal((2, 3, 6)), (6,))),
    Rule("functional.layer_norm pictures", functional.layer_norm, F.layer_norm,
         lambda rng: (rng.standard_normal((2, 3, 4)), (3, 4), *normal((3, 4), (3, 4))(rng)), {"eps": 0.1}),
    Rule("functional.rms_norm", functional.rms_norm, F.rms_norm,
         lambda rng: (rng.standard_normal((5, 4)), (4,), rng.standard_normal(4))),
    Rule("functional.rms_norm plain", functional.rms_norm, F.rms_norm, then(normal((2, 3, 4)), (3, 4)), {"eps": 0.1}),
    Rule("functional.mse_loss", functional.mse_loss, F.mse_loss, normal((3, 4), (3, 4))),
    Rule("functional.mse_loss sum", functional.mse_loss, F.mse_loss, normal((3, 4), (3, 4)), {"reduction": "sum"}),
    Rule("functional.mse_loss none", functional.mse_loss, F.mse_loss, normal((3, 4), (3, 4)), {"reduction": "none"}),
    Rule("functional.l1_loss", functional.l1_loss, F.l1_loss, apart((3, 4), (3, 4))),
    Rule("functional.l1_loss sum", functional.l1_loss, F.l1_loss, apart((3, 4), (3, 4)), {"reduction": "sum"}),
    Rule("functional.l1_loss none", functional.l1_loss, F.l1_loss, apart((3, 4), (3, 4)), {"reduction": "none"}),
    Rule("functional.huber_loss", functional.huber_loss, F.huber_loss, apart((3, 4), (3, 4))),
    Rule("functional.huber_loss delta", functional.huber_loss, F.huber_loss, apart((3, 4), (3, 4)),
         {"delta": 0.52, "reduction": "sum"}),
    Rule("functional.huber_loss none", functional.huber_loss, F.huber_loss, apart((3, 4), (3, 4)),
         {"reduction": "none"}),
    Rule("functional.binary_cross_entropy_with_logits", functional.binary_cross_entropy_with_logits,
         F.binary_cross_entropy_with_logits, probabilities),
    Rule("functional.binary_cross_entropy_with_logits sum", functional.binary_cross_entropy_with_logits,
         F.binary_cross_entropy_with_logits, probabilities, {"reduction": "sum"}),
    Rule("functional.binary_cross_entropy_with_logits none", functional.binary_cross_entropy_with_logits,
         F.binary_cross_entropy_with_logits, probabilities, {"reduction": "none"}),
    Rule("functional.binary_cross_entropy_with_logits pos_weight",
         lambda x, target: functional.binary_cross_entropy_with_logits(x, target, pos_weight=WEIGHT), pos_weighted,
         probabilities),
    Rule("functional.kl_div", functional.kl_div, kl_mean, two_distributions),
    Rule("functional.kl_div batchmean", functional.kl_div, F.kl_div, two_distributions, {"reduction": "batchmean"}),
    Rule("functional.kl_div sum", functional.kl_div, F.kl_div, two_distributions, {"reduction": "sum"}),
    Rule("functional.kl_div none", functional.kl_div, F.kl_div, two_distributions, {"reduction": "none"}),
    Rule("functional.kl_div log_target", functional.kl_div, F.kl_div, two_logarithms,
         {"reduction": "batchmean", "log_target": True}),
    Rule("functional.cross_entropy", functional.cross_entropy, F.cross_entropy, logits_and_labels),
    Rule("functional.cross_entropy sum", functional.cross_entropy, F.cross_entropy, logits_and_labels,
         {"reduction": "sum"}),
    Rule("functional.cross_entropy none", functional.cross_entropy, F.cross_entropy, logits_and_labels,
         {"reduction": "none"}),
    Rule("functional.cross_entropy smoothed", functional.cross_entropy, F.cross_entropy, logits_and_labels,
         {"label_smoothing": 0.2}),
    Rule("functional.cross_entropy ignored", functional.cross_entropy, F.cross_entropy, logits_and_labels,
         {"ignore_index": 1}),
    Rule("functional.cross_entropy ignored smoothed none", functional.cross_entropy, F.cross_entropy,
         logits_and_labels, {"ignore_index": 1, "label_smoothing": 0.1, "reduction": "none"}),
    Rule("functional.cross_entropy pixels", functional.cross_entropy, F.cross_entropy, pixels_and_labels),
    Rule("functional.cross_entropy pixels smoothed none", functional.cross_entropy, F.cross_entropy,
         pixels_and_labels, {"label_smoothing": 0.1, "reduction": "none"}),
    Rule("functional.cross_entropy weight", lambda x, target: functional.cross_entropy(x, target, WEIGHT),
         weighted(F.cross_entropy), logits_and_labels),
    Rule("functional.cross_entropy weight smoothed ignored",
         lambda x, target: functional.cross_entropy(x, target, WEIGHT, ignore_index=1, label_smoothing=0.3),
         weighted(lambda *a: F.cross_entropy(*a, ignore_index=1, label_smoothing=0.3)), logits_and_labels),
    Rule("functional.cross_entropy weight smoothed none",
         lambda x, target: functional.cross_entropy(x, target, WEIGHT, label_smoothing=0.3, reduction="none"),
         weighted(lambda *a: F.cross_entropy(*a, label_smoothing=0.3, reduction="none")), pixels_and_labels),
    Rule("functional.cross_entropy weight ignored sum",
         lambda x, target: functional.cross_entropy(x, target, WEIGHT, ignore_index=1, reduction="sum"),
         weighted(lambda *a: F.cross_entropy(*a, ignore_index=1, reduction="sum")), logits_and_labels),
    Rule("functional.nll_loss", functional.nll_loss, F.nll_loss, logits_and_labels),
    Rule("functional.nll_loss sum", functional.nll_loss, F.nll_loss, logits_and_labels, {"reduction": "sum"}),
    Rule("functional.nll_loss none pixels", functional.nll_loss, F.nll_loss, pixels_and_labels,
         {"reduction": "none"}),
    Rule("functional.nll_loss weight ignored",
         lambda x, target: functional.nll_loss(x, target, WEIGHT, ignore_index=2),
         weighted(lambda *a: F.nll_loss(*a, ignore_index=2)), logits_and_labels),
]  # fmt: skip

WHERE = np.random.default_rng(1).random((3, 4)) < 0.5


def mlp(engine: Any) -> Any:
    """A whole network, from either engine."""
    return engine.Sequential(
        engine.Flatten(),
        engine.Linear(6, 5),
        engine.Tanh(),
        engine.Linear(5, 4),
        engine.ReLU(),
        engine.Linear(4, 3),
    )


def residual(engine: Any) -> Any:
    """A module with a list of modules inside."""

    class Residual(engine.Module):
        def __init__(self) -> None:
            super().__init__()
            self.blocks = engine.ModuleList([engine.Linear(4, 4), engine.Linear(4, 4), engine.Identity()])

        def forward(self, x: Any) -> Any:
            for block in self.blocks:
                x = x + block(x)
            return x

    return Residual()


def batch_normed(engine: Any) -> Any:
    """A network whose normalization and dropout depend on the mode; p = 0, since masks are never compared."""
    return engine.Sequential(
        engine.Linear(6, 8, bias=False), engine.BatchNorm1d(8), engine.ReLU(), engine.Dropout(0.0), engine.Linear(8, 3)
    )


def layer_normed(engine: Any) -> Any:
    """A network as transformers have it."""
    return engine.Sequential(
        engine.Linear(6, 8), engine.LayerNorm(8), engine.GELU(), engine.Linear(8, 8), engine.RMSNorm(8), engine.SiLU(),
        engine.Linear(8, 3),
    )  # fmt: skip


def with_weight(name: str, weight: str) -> tuple[Callable, Callable]:
    """A loss with a weight for each class, which is a buffer."""
    return (
        lambda: getattr(nn, name)(**{weight: WEIGHT.astype(np.float32)}),
        lambda: getattr(torch.nn, name)(**{weight: torch.tensor(WEIGHT, dtype=torch.float32)}),
    )


LAYERS = [
    Layer("nn.Linear", *both("Linear", 3, 2), normal((5, 3))),
    Layer("nn.Linear no bias", *both("Linear", 3, 2, bias=False), normal((4, 5, 3))),
    Layer("nn.Flatten", *both("Flatten"), normal((2, 3, 4))),
    Layer("nn.Identity", *both("Identity"), normal((2, 3))),
    Layer("nn.ReLU", *both("ReLU"), normal((3, 4))),
    Layer("nn.LeakyReLU", *both("LeakyReLU", 0.2), normal((3, 4))),
    Layer("nn.ELU", *both("ELU", alpha=0.5), normal((3, 4))),
    Layer("nn.GELU", *both("GELU"), normal((3, 4))),
    Layer("nn.GELU tanh", *both("GELU", approximate="tanh"), normal((3, 4))),
    Layer("nn.SiLU", *both("SiLU"), normal((3, 4))),
    Layer("nn.Softplus", *both("Softplus", 2.0, threshold=1.5), normal((3, 4))),
    Layer("nn.Sigmoid", *both("Sigmoid"), normal((3, 4))),
    Layer("nn.Tanh", *both("Tanh"), normal((3, 4))),
    Layer("nn.Softmax", *both("Softmax", dim=1), normal((3, 4))),
    Layer("nn.LogSoftmax", *both("LogSoftmax", dim=1), normal((3, 4))),
    Layer("nn.Dropout", *both("Dropout", p=0.0), normal((3, 4))),
    Layer("nn.Dropout evaluating", *both("Dropout"), normal((3, 4)), training=False),
    Layer("nn.BatchNorm1d", *both("BatchNorm1d", 3), normal((5, 3))),
    Layer("nn.BatchNorm1d sequences", *both("BatchNorm1d", 3, eps=1e-3, momentum=0.3), normal((2, 3, 4))),
    Layer("nn.BatchNorm1d evaluating", *both("BatchNorm1d", 3), normal((5, 3)), training=False),
    Layer("nn.BatchNorm1d evaluating one", *both("BatchNorm1d", 3), normal((1, 3, 4)), training=False),
    Layer("nn.BatchNorm1d average", *both("BatchNorm1d", 3, momentum=None), normal((5, 3))),
    Layer("nn.BatchNorm1d plain", *both("BatchNorm1d", 3, affine=False), normal((5, 3))),
    Layer("nn.BatchNorm1d untracked", *both("BatchNorm1d", 3, track_running_stats=False), normal((5, 3))),
    Layer("nn.BatchNorm1d untracked evaluating", *both("BatchNorm1d", 3, track_running_stats=False),
          normal((5, 3)), training=False),
    Layer("nn.LayerNorm", *both("LayerNorm", 4), normal((5, 4))),
    Layer("nn.LayerNorm pictures", *both("LayerNorm", (3, 4), eps=1e-3), normal((2, 3, 4))),
    Layer("nn.LayerNorm plain", *both("LayerNorm", 4, elementwise_affine=False), normal((2, 3, 4))),
    Layer("nn.LayerNorm no bias", *both("LayerNorm", 4, bias=False), normal((5, 4))),
    Layer("nn.RMSNorm", *both("RMSNorm", 4), normal((5, 4))),
    Layer("nn.RMSNorm pictures", *both("RMSNorm", (3, 4), eps=0.1), normal((2, 3, 4))),
    Layer("nn.RMSNorm plain", *both("RMSNorm", 4, elementwise_affine=False), normal((5, 4))),
    Layer("nn.MSELoss", *both("MSELoss"), normal((3, 4), (3, 4))),
    Layer("nn.L1Loss", *both("L1Loss", reduction="sum"), normal((3, 4), (3, 4))),
    Layer("nn.HuberLoss", *both("HuberLoss", delta=0.7), normal((3, 4), (3, 4))),
    Layer("nn.HuberLoss none", *both("HuberLoss", reduction="none"), normal((3, 4), (3, 4))),
    Layer("nn.BCEWithLogitsLoss", *both("BCEWithLogitsLoss"), probabilities),
    Layer("nn.BCEWithLogitsLoss pos_weight", *with_weight("BCEWithLogitsLoss", "pos_weight"), probabilities),
    Layer("nn.CrossEntropyLoss", *both("CrossEntropyLoss"), logits_and_labels),
    Layer("nn.CrossEntropyLoss options", *both("CrossEntropyLoss", label_smoothing=0.1, ignore_index=1),
          logits_and_labels),
    Layer("nn.CrossEntropyLoss weight", *with_weight("CrossEntropyLoss", "weight"), logits_and_labels),
    Layer("nn.NLLLoss", *both("NLLLoss", ignore_index=1, reduction="sum"), logits_and_labels),
    Layer("nn.NLLLoss weight", *with_weight("NLLLoss", "weight"), logits_and_labels),
    Layer("nn.KLDivLoss", *both("KLDivLoss", reduction="batchmean"), two_distributions),
    Layer("nn.KLDivLoss log_target", *both("KLDivLoss", reduction="sum", log_target=True), two_logarithms),
    Layer("nn.Sequential", lambda: mlp(nn), lambda: mlp(torch.nn), normal((7, 2, 3))),
    Layer("nn.Sequential batch norm", lambda: batch_normed(nn), lambda: batch_normed(torch.nn), normal((7, 6))),
    Layer("nn.Sequential layer norm", lambda: layer_normed(nn), lambda: layer_normed(torch.nn), normal((7, 6))),
    Layer("nn.ModuleList", lambda: residual(nn), lambda: residual(torch.nn), normal((5, 4))),
]  # fmt: skip

RULES += cases_pictures.RULES + cases_sequences.RULES
LAYERS += cases_pictures.LAYERS + cases_sequences.LAYERS + cases_models.LAYERS
