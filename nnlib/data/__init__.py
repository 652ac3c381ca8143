"""Small data sets, and what happens to data before training: splitting, normalising, batching.

Importing this needs NumPy alone; `load_digits` imports scikit-learn, which carries the pictures, when called.

`dataset.py`: what every loader returns. `digits.py`, `toys.py`: the loaders. `preparation.py`: the rest.
"""

from .dataset import Dataset
from .digits import load_digits
from .preparation import Standardizer, batches, split
from .toys import circles, moons, spirals, xor

__all__ = [
    "Dataset",
    "Standardizer",
    "batches",
    "circles",
    "load_digits",
    "moons",
    "spirals",
    "split",
    "xor",
]
