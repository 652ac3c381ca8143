"""The mathematics of layers, without state: each rule a forward with its derivatives below it.

Called with Tensors, a rule records itself on the tape; its plain form, on arrays, is `rule.rule`.
"""

from nnlib.numpy.functional.activations import (
    elu,
    gelu,
    leaky_relu,
    log_softmax,
    relu,
    sigmoid,
    silu,
    softmax,
    softplus,
    tanh,
)
from nnlib.numpy.functional.classification import cross_entropy, nll_loss
from nnlib.numpy.functional.dropout import dropout
from nnlib.numpy.functional.linear import linear
from nnlib.numpy.functional.losses import (
    binary_cross_entropy_with_logits,
    huber_loss,
    kl_div,
    l1_loss,
    mse_loss,
)
from nnlib.numpy.functional.norm import batch_norm, layer_norm, rms_norm

__all__ = [
    "batch_norm", "binary_cross_entropy_with_logits", "cross_entropy", "dropout", "elu", "gelu", "huber_loss",
    "kl_div", "l1_loss", "layer_norm", "leaky_relu", "linear", "log_softmax", "mse_loss", "nll_loss", "relu",
    "rms_norm", "sigmoid", "silu", "softmax", "softplus", "tanh",
]  # fmt: skip
