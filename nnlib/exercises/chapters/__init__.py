"""The exercises, one module for each chapter: its name is the chapter's slug with `_` for `-`, NumPy only."""

# As in the book, for `progress()`; a module that is not here comes last.
ORDER = [
    "what_is_a_neural_network",
    "neurons",
    "activations",
    "layers",
    "losses",
    "backpropagation",
    "autograd",
    "gradient_descent",
    "training",
    "from_numpy_to_pytorch",
    "gpu",
    "scaling_out",
    "convolutions",
    "recurrent_networks",
    "lstm_gru",
    "attention",
    "transformers",
]
