"""The functions of `nnlib.numpy.functional`, as PyTorch has them."""

from torch.nn.functional import (
    binary_cross_entropy_with_logits,
    cross_entropy,
    elu,
    gelu,
    huber_loss,
    kl_div,
    l1_loss,
    leaky_relu,
    linear,
    log_softmax,
    mse_loss,
    nll_loss,
    relu,
    sigmoid,
    silu,
    softmax,
    softplus,
    tanh,
)

__all__ = [
    "binary_cross_entropy_with_logits", "cross_entropy", "elu", "gelu", "huber_loss", "kl_div", "l1_loss",
    "leaky_relu", "linear", "log_softmax", "mse_loss", "nll_loss", "relu", "sigmoid", "silu", "softmax", "softplus",
    "tanh",
]  # fmt: skip
