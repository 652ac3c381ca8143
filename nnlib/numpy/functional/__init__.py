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
from nnlib.numpy.functional.linear import linear
from nnlib.numpy.functional.losses import cross_entropy, mse_loss

__all__ = [
    "cross_entropy", "elu", "gelu", "leaky_relu", "linear", "log_softmax", "mse_loss", "relu", "sigmoid", "silu",
    "softmax", "softplus", "tanh",
]  # fmt: skip
