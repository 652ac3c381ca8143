"""The functions of `nnlib.numpy.functional`, as PyTorch has them."""

from torch.nn.functional import (
    cross_entropy,
    elu,
    gelu,
    leaky_relu,
    linear,
    log_softmax,
    mse_loss,
    relu,
    sigmoid,
    silu,
    softmax,
    softplus,
    tanh,
)

__all__ = [
    "cross_entropy", "elu", "gelu", "leaky_relu", "linear", "log_softmax", "mse_loss", "relu", "sigmoid", "silu",
    "softmax", "softplus", "tanh",
]  # fmt: skip
