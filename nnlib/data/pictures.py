"""Photographs and textures, whole or cut into small squares that no split mixes up, and faces.

scikit-image brings the pictures; they are read without importing it.
"""

from __future__ import annotations

import numpy as np

from .bundle import bundled, in_bundle, unpack
from .dataset import Dataset
from .packages import file_in

PHOTOGRAPHS = {
    "astronaut": "Eileen Collins, NASA, public domain",
    "chelsea": "a cat, by Stéfan van der Walt, CC0",
    "coffee": "a cup, by Rachel Michetti, CC0",
}
TEXTURES = {
    "brick": "a wall, from CC0Textures, CC0",
    "grass": "a lawn, by linolafett, CC0",
    "gravel": "small stones, from CC0Textures, CC0",
}
REGION, PATCH, STEP = 64, 32, 16  # pixels; 3×3 patches of each region, which overlap


def photograph(name: str = "chelsea") -> np.ndarray:
    """A whole picture, values from 0 to 1: colour (3, H, W), or grey (H, W) for the textures, float32.

    Args:
        name: "astronaut" (3, 512, 512), "chelsea" (3, 300, 451), "coffee" (3, 400, 600), or one of the textures
            "brick", "grass" and "gravel" (512, 512).

    Raises:
        ValueError: there is no such picture.
        ModuleNotFoundError: scikit-image is not installed.

    Example:
        >>> photograph("chelsea").shape
        (3, 300, 451)

    Source: scikit-image 0.26; `PHOTOGRAPHS` and `TEXTURES` say who made each, and under which licence.
    """
    file = in_bundle(name)
    return _read(name, "photograph") if file is None else unpack(file).x[0]


def _read(name: str, loader: str) -> np.ndarray:
    known = PHOTOGRAPHS | TEXTURES
    if name not in known:
        raise ValueError(f"photograph: there is no {name!r}; there are {', '.join(known)}")
    file = file_in("skimage", f"data/{name}.png", loader)
    from PIL import Image  # comes with scikit-image

    with Image.open(file) as image:
        pixels = np.asarray(image)
    return np.ascontiguousarray(np.moveaxis(pixels, -1, 0) if pixels.ndim == 3 else pixels, np.float32) / 255


@bundled
def load_photographs() -> Dataset:
    """1314 squares of 32×32 pixels in colour from three photographs, from 0 to 1; the class is which photograph.

    Each photograph was cut into regions of 64×64, and each region into nine squares that overlap. `groups` numbers the
    regions, so `split` never puts squares with a pixel in common into different parts. All parts show the same three
    photographs: how well a network knows other photographs, they do not tell.

    Shape: x (1314, 3, 32, 32) float32, y (1314,) int64, groups (1314,) int64.

    Raises:
        ModuleNotFoundError: scikit-image is not installed.

    Example:
        >>> load_photographs()
        photographs: 1314 examples of shape (3, 32, 32), 3 classes (scikit-image, squares of its example pictures)

    Source: scikit-image 0.26 (1.5 MB): the astronaut by NASA, public domain; the cat by Stéfan van der Walt, CC0; the
    coffee cup by Rachel Michetti, CC0.
    """
    return _squares("photographs", tuple(PHOTOGRAPHS))


@bundled
def load_textures() -> Dataset:
    """1728 squares of 32×32 pixels in grey from three textures, from 0 to 1: brick, grass or gravel.

    They are cut as those of `load_photographs` are: nine from each region of 64×64, and `groups` numbers the regions,
    which `split` leaves whole. Without that a network sees most pixels of its test squares in training.

    Shape: x (1728, 32, 32) float32, y (1728,) int64, groups (1728,) int64.

    Raises:
        ModuleNotFoundError: scikit-image is not installed.

    Example:
        >>> load_textures()
        textures: 1728 examples of shape (32, 32), 3 classes (scikit-image, squares of its example pictures)

    Source: scikit-image 0.26 (0.5 MB): brick and gravel from CC0Textures, grass by linolafett, all CC0.
    """
    return _squares("textures", tuple(TEXTURES))


def _squares(name: str, pictures: tuple[str, ...]) -> Dataset:
    regions = [_regions(_read(picture, f"load_{name}")) for picture in pictures]  # of each picture (R, 9, ...)
    x = np.concatenate(regions)
    classes = np.repeat(np.arange(len(pictures)), [len(part) for part in regions])
    return Dataset(
        x=x.reshape(-1, *x.shape[2:]),
        y=np.repeat(classes, x.shape[1]),
        class_names=pictures,
        name=name,
        source="scikit-image, squares of its example pictures",
        groups=np.repeat(np.arange(len(x)), x.shape[1]),
    )


def _regions(picture: np.ndarray) -> np.ndarray:
    """The squares of each region of a picture (..., H, W), as (regions, squares, ..., PATCH, PATCH)."""
    height, width = picture.shape[-2:]
    corners = [(i, j) for i in range(0, height - REGION + 1, REGION) for j in range(0, width - REGION + 1, REGION)]
    regions = [picture[..., i : i + REGION, j : j + REGION] for i, j in corners]
    steps = range(0, REGION - PATCH + 1, STEP)
    return np.array([[region[..., i : i + PATCH, j : j + PATCH] for i in steps for j in steps] for region in regions])


@bundled
def load_faces() -> Dataset:
    """100 faces and 100 pieces of background, 25×25 pixels in grey, from 0 to 1; faces are class 1 and come first.

    Face n and background n are pieces of the same photograph (so the script in scikit-image's pull request 2897), and
    `groups` keeps them together when the set is split. No two faces are the same picture, but who is seen is not told:
    one person may have several photographs, and be in both parts of a split. `faces[faces.y == 1]` are the faces alone.

    Shape: x (200, 25, 25) float32, y (200,) int64, groups (200,) int64.

    Raises:
        ModuleNotFoundError: scikit-image is not installed.

    Example:
        >>> load_faces()
        faces: 200 examples of shape (25, 25), 2 classes (scikit-image, from Labeled Faces in the Wild)

    Source: G. B. Huang, M. Ramesh, T. Berg and E. Learned-Miller (2007), Labeled Faces in the Wild: A Database for
    Studying Face Recognition in Unconstrained Environments; 200 pieces of it in scikit-image 0.26 (1 MB). They are news
    photographs of real people, and no licence is stated: for study, not for publication.
    """
    x = np.load(file_in("skimage", "data/lfw_subset.npy", "load_faces"), allow_pickle=False)
    return Dataset(
        x=x.astype(np.float32),
        y=np.repeat([1, 0], 100),
        class_names=("background", "face"),
        name="faces",
        source="scikit-image, from Labeled Faces in the Wild",
        groups=np.arange(200) % 100,
    )
