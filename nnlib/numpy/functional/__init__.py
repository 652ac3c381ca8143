"""The mathematics of layers, without state: each rule a forward with its derivatives below it.

Called with Tensors, a rule records itself on the tape; its plain form, on arrays, is `rule.rule`.
"""

from nnlib.numpy.functional.activations import relu, sigmoid, softmax, tanh
from nnlib.numpy.functional.linear import linear
from nnlib.numpy.functional.losses import cross_entropy, mse_loss

__all__ = ["cross_entropy", "linear", "mse_loss", "relu", "sigmoid", "softmax", "tanh"]
