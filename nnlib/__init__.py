"""nnlib: the companion library of *Neural Networks by Hand*.

Two engines, one contract. `nnlib.numpy` computes every derivative by hand, in NumPy alone;
`nnlib.torch` offers the same names on PyTorch, for the GPU. A program that keeps to the
shared names moves from one to the other by changing one import.

Importing `nnlib` loads neither engine, nor torch, nor matplotlib.
"""

__version__ = "0.1.0"

# Another project on PyPI is called nnlib too. A chapter's first cell looks for this name,
# so that it can say so when it has found the other one.
BOOK = "neural-networks-by-hand"
