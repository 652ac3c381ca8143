"""Small tables: one with classes, two with a number to predict.

Their columns have very different scales, from hundredths to thousands: fit a `Standardizer` on the training part.
"""

from __future__ import annotations

import numpy as np

from .bundle import bundled
from .dataset import Dataset
from .packages import file_in

# Measured on each nucleus; the table has their mean, the standard error of it, and the mean of the three largest.
NUCLEUS = (
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave points",
    "symmetry",
    "fractal dimension",
)


@bundled
def load_breast_cancer() -> Dataset:
    """569 breast tumours, 30 measurements of the cell nuclei seen in each; is the tumour malignant or benign?

    Class 0 is malignant (212 tumours) and class 1 benign (357), as scikit-learn numbers them.

    Shape: x (569, 30) float32, y (569,) int64.

    Raises:
        ModuleNotFoundError: scikit-learn is not installed.

    Example:
        >>> load_breast_cancer()
        breast cancer: 569 examples of shape (30,), 2 classes (scikit-learn, from the UCI repository)

    Source: W. Street, W. Wolberg and O. Mangasarian (1993), Breast Cancer Wisconsin (Diagnostic), UCI.
    """
    file = file_in("sklearn", "datasets/data/breast_cancer.csv", "load_breast_cancer")
    table = np.loadtxt(file, delimiter=",", skiprows=1, dtype=np.float32)
    return Dataset(
        x=table[:, :-1].copy(),
        y=table[:, -1].astype(np.int64),
        class_names=("malignant", "benign"),
        name="breast cancer",
        source="scikit-learn, from the UCI repository",
        feature_names=tuple(form.format(m) for form in ("mean {}", "{} error", "worst {}") for m in NUCLEUS),
    )


@bundled
def load_diabetes() -> Dataset:
    """442 diabetes patients, 10 measurements of each; how far has the disease progressed one year later?

    The columns, in their own units: age in years, sex (1 or 2), bmi (body mass index), bp (blood pressure), and six
    measurements of the blood, s1 to s6. scikit-learn's own loader gives a scaled copy by default, but that was scaled
    by mean and deviation of all patients, those of a later test part included.

    Shape: x (442, 10) float32, y (442, 1) float32.

    Raises:
        ModuleNotFoundError: scikit-learn is not installed.

    Example:
        >>> load_diabetes()
        diabetes: 442 examples of shape (10,), target progression of the disease (scikit-learn, from Efron et al.)

    Source: B. Efron, T. Hastie, I. Johnstone and R. Tibshirani (2004), Least Angle Regression.
    """
    x = np.loadtxt(file_in("sklearn", "datasets/data/diabetes_data_raw.csv.gz", "load_diabetes"), dtype=np.float32)
    y = np.loadtxt(file_in("sklearn", "datasets/data/diabetes_target.csv.gz", "load_diabetes"), dtype=np.float32)
    return Dataset(
        x=x,
        y=y[:, None],
        class_names=(),
        name="diabetes",
        source="scikit-learn, from Efron et al.",
        feature_names=("age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"),
        target_name="progression of the disease",
    )


# From worst to best. plotnine's description of the file lists VS1 and VS2 (and the other pairs) the other way round;
# on the jewellers' scale the 1 of a pair is the clearer stone, and that is the order in plotnine's code.
QUALITIES = {
    "cut": ("Fair", "Good", "Very Good", "Premium", "Ideal"),
    "color": ("J", "I", "H", "G", "F", "E", "D"),
    "clarity": ("I1", "SI2", "SI1", "VS2", "VS1", "VVS2", "VVS1", "IF"),
}


@bundled
def load_diamonds() -> Dataset:
    """53,940 diamonds: what does a stone of this weight, quality and size cost?

    The columns, in the file's order: carat (weight, 0.2 g each), cut, color, clarity, depth (total depth in percent
    of the mean of x and y), table (width of the top in percent of the widest point), and the size in millimetres x,
    y, z. The three qualities are words in the file; here they are numbers that count from 0, the worst, upwards
    (`QUALITIES` has the words). The target is the price in US dollars.

    Real data have faults: 20 stones have a length of 0, so it was not measured, and 146 rows repeat an earlier one,
    so that a random split puts some stones into both parts.

    Shape: x (53940, 9) float32, y (53940, 1) float32.

    Raises:
        ModuleNotFoundError: plotnine is not installed.

    Example:
        >>> load_diamonds()
        diamonds: 53940 examples of shape (9,), target price in US dollars (plotnine, from ggplot2)

    Source: H. Wickham (2009), ggplot2.
    """
    file = file_in("plotnine", "data/diamonds.csv", "load_diamonds")
    names = ("carat", "cut", "color", "clarity", "depth", "table", "price", "x", "y", "z")
    kinds = [(name, "U9" if name in QUALITIES else np.float32) for name in names]
    table = np.loadtxt(file, delimiter=",", quotechar='"', skiprows=1, dtype=kinds)
    features = tuple(name for name in names if name != "price")
    x = np.empty((len(table), len(features)), np.float32)
    for column, name in enumerate(features):
        x[:, column] = _rank(table[name], QUALITIES[name]) if name in QUALITIES else table[name]
    return Dataset(
        x=x,
        y=table["price"][:, None].copy(),  # its own memory, not a view that keeps the whole table
        class_names=(),
        name="diamonds",
        source="plotnine, from ggplot2",
        feature_names=features,
        target_name="price in US dollars",
    )


def _rank(words: np.ndarray, order: tuple[str, ...]) -> np.ndarray:
    """The place of each word in the order, from 0."""
    is_word = words[:, None] == np.array(order)
    if not is_word.any(axis=1).all():
        raise ValueError(f"expected the words {order}, found {sorted(set(words) - set(order))}")
    return is_word.argmax(axis=1)
