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
from nnlib.numpy.functional.attention import scaled_dot_product_attention
from nnlib.numpy.functional.classification import cross_entropy, nll_loss
from nnlib.numpy.functional.conv import conv1d, conv2d, conv_transpose2d
from nnlib.numpy.functional.dropout import dropout
from nnlib.numpy.functional.embedding import embedding
from nnlib.numpy.functional.linear import linear
from nnlib.numpy.functional.losses import (
    binary_cross_entropy_with_logits,
    huber_loss,
    kl_div,
    l1_loss,
    mse_loss,
)
from nnlib.numpy.functional.norm import batch_norm, group_norm, layer_norm, rms_norm
from nnlib.numpy.functional.pooling import adaptive_avg_pool2d, avg_pool2d, max_pool1d, max_pool2d
from nnlib.numpy.functional.recurrent import gru, lstm, rnn
from nnlib.numpy.functional.rotary import rotary

__all__ = [
    "adaptive_avg_pool2d", "avg_pool2d", "batch_norm", "binary_cross_entropy_with_logits", "conv1d", "conv2d",
    "conv_transpose2d", "cross_entropy", "dropout", "elu", "embedding", "gelu", "group_norm", "gru", "huber_loss",
    "kl_div", "l1_loss", "layer_norm", "leaky_relu", "linear", "log_softmax", "lstm", "max_pool1d", "max_pool2d",
    "mse_loss", "nll_loss", "relu", "rms_norm", "rnn", "rotary", "scaled_dot_product_attention", "sigmoid", "silu",
    "softmax", "softplus", "tanh",
]  # fmt: skip
