"""Pictures are the intended ones, and no split lets a test square be seen in training."""

import dataclasses
import importlib.util

import numpy as np
import pytest

from nnlib.data import load_faces, load_photographs, load_textures, photograph, pictures, split
from website.live import files

SIZES = {"astronaut": (3, 512, 512), "chelsea": (3, 300, 451), "coffee": (3, 400, 600)}
SQUARES = {load_photographs: "photographs", load_textures: "textures"}


@pytest.mark.parametrize("name", [*pictures.PHOTOGRAPHS, *pictures.TEXTURES])
def test_photographs_are_whole(name):
    picture = photograph(name)
    assert picture.shape == SIZES.get(name, (512, 512)) and picture.dtype == np.float32
    assert 0 <= picture.min() < 0.25 and 0.8 < picture.max() <= 1 and picture.flags.c_contiguous


def test_the_cat_is_ginger():
    red, green, blue = photograph("chelsea").mean(axis=(1, 2))
    assert red > green > blue  # and not the channels in another order


def test_a_photograph_comes_from_the_bundle(monkeypatch, tmp_path):
    """Without the package, and the same to the last bit: what a live cell reads."""
    cat = photograph("chelsea")
    (tmp_path / "chelsea.npz").write_bytes(files.data_set("chelsea"))
    monkeypatch.setenv("NNLIB_BUNDLE", str(tmp_path))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    np.testing.assert_array_equal(photograph("chelsea"), cat, strict=True)
    with pytest.raises(ModuleNotFoundError, match="photograph.* run  pip install scikit-image"):
        photograph("coffee")  # which this bundle does not have


def test_an_unknown_picture_is_told():
    with pytest.raises(ValueError, match="no 'dog'; there are astronaut, chelsea, coffee, brick, grass, gravel"):
        photograph("dog")


@pytest.mark.parametrize("load", SQUARES)
def test_squares_are_pieces_of_their_picture(load):
    data = load()
    assert data.name == SQUARES[load]
    for c, name in enumerate(data.class_names):
        squares, whole = data.x[data.y == c], photograph(name)
        np.testing.assert_array_equal(squares[0], whole[..., :32, :32])
        np.testing.assert_array_equal(squares[5], whole[..., 16:48, 32:64])  # the second row's last
        np.testing.assert_array_equal(squares[9 + 1], whole[..., :32, 64 + 16 : 64 + 48])  # the region to the right
        across = whole.shape[-1] // 64
        np.testing.assert_array_equal(squares[9 * across], whole[..., 64:96, :32])  # the region below
        assert len(squares) == 9 * across * (whole.shape[-2] // 64)


def marked(monkeypatch):
    """In place of each picture, one of the same size in which no two pixels, of all pictures, have the same value."""
    read, names = pictures._read, [*pictures.PHOTOGRAPHS, *pictures.TEXTURES]

    def numbers(name, loader):
        height, width = read(name, loader).shape[-2:]
        pixels = np.arange(height * width, dtype=np.float64).reshape(height, width) + 1e6 * names.index(name)
        return np.stack([pixels] * 3) if name in pictures.PHOTOGRAPHS else pixels

    monkeypatch.setattr(pictures, "_read", numbers)


@pytest.mark.parametrize("load", SQUARES)
@pytest.mark.parametrize("fractions", [(0.8, 0.2), (0.6, 0.2, 0.2)])
def test_no_pixel_is_in_two_parts(load, fractions, monkeypatch):
    marked(monkeypatch)
    for seed in range(3):
        parts = split(load(), fractions, seed)
        seen = [np.unique(part.x) for part in parts]
        assert len(np.unique(np.concatenate(seen))) == sum(len(pixels) for pixels in seen)
        for part, fraction in zip(parts, fractions, strict=True):
            assert abs(len(part) - fraction * len(load())) <= 9
            assert len(np.unique(part.y)) == 3


def test_without_groups_most_test_pixels_would_have_been_seen(monkeypatch):
    marked(monkeypatch)
    train, test = split(dataclasses.replace(load_textures(), groups=None))
    assert np.isin(np.unique(test.x), np.unique(train.x)).mean() > 0.8


# -- faces


def test_faces_come_first_and_have_a_nose_in_the_middle():
    data = load_faces()
    assert data.class_names[data.y[0]] == "face" and np.bincount(data.y).tolist() == [100, 100]
    face = data.x[data.y == 1].mean(axis=0)
    assert face[8, 10] - max(face[8, 6], face[8, 14]) > 0.1  # on the mean face the nose is brighter than both eyes


def closeness(x, most=6):
    """The highest correlation of each two pictures over shifts by up to `most` pixels, mirrored or not."""
    best = np.full((len(x), len(x)), -1.0)
    for mirrored in (x, x[:, :, ::-1]):
        for down in range(-most, most + 1):
            for right in range(-most, most + 1):
                one = cut(x, down, right)
                other = cut(mirrored, -down, -right)
                best = np.maximum(best, one @ other.T / one.shape[1])
    np.fill_diagonal(best, -1)
    return best


def cut(x, down, right):
    """The pictures without so many rows and columns of one side, flat, with mean 0 and deviation 1."""
    rows, columns = slice(max(down, 0), 25 + min(down, 0)), slice(max(right, 0), 25 + min(right, 0))
    flat = x[:, rows, columns].reshape(len(x), -1).astype(np.float64)
    flat -= flat.mean(axis=1, keepdims=True)
    return flat / flat.std(axis=1, keepdims=True)


def test_no_two_faces_are_the_same_picture():
    faces = load_faces()
    faces = faces.x[faces.y == 1]
    assert closeness(faces).max() < 0.9
    twin = np.roll(faces[7][:, ::-1], (3, -2), axis=(0, 1))  # the same, mirrored and moved, would be found
    assert closeness(np.stack([*faces[:10], twin]))[7, 10] > 0.99


def test_what_belongs_to_a_photograph_stays_together():
    data = load_faces()
    assert (data.groups[:100] == data.groups[100:]).all() and len(set(data.groups)) == 100
    for seed in range(3):
        train, test = split(data, seed=seed)
        assert not set(train.groups) & set(test.groups)
        assert (len(train), len(test)) == (160, 40)
        assert np.bincount(test.y).tolist() == [20, 20]
