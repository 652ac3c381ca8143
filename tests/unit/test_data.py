"""nnlib.data: the loaders return what they say, and the preparation neither loses nor leaks an example."""

import subprocess
import sys

import numpy as np
import pytest

from nnlib.data import Dataset, Standardizer, batches, circles, load_digits, moons, spirals, split, xor

TOYS = {"moons": moons, "circles": circles, "spirals": spirals, "xor": xor}


def numbered(sizes):
    """A data set whose x is each example's number, so that every example can be followed."""
    n = sum(sizes)
    y = np.repeat(np.arange(len(sizes)), sizes)
    return Dataset(np.arange(n, dtype=np.float32)[:, None], y, tuple("abcdefgh"[: len(sizes)]), "numbered", "test")


def test_import_loads_numpy_alone():
    code = (
        "import sys, nnlib, nnlib.data; "
        "heavy = {'matplotlib', 'sklearn', 'scipy', 'torch', 'ipywidgets', 'IPython'} & set(sys.modules); "
        "sys.exit(f'import nnlib.data loaded {heavy}' if heavy else 0)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


# -- digits


def test_digits_are_the_1797_pictures():
    data = load_digits()
    assert data.x.shape == (1797, 8, 8) and data.x.dtype == np.float32
    assert data.y.shape == (1797,) and data.y.dtype == np.int64
    assert data.x.min() == 0 and data.x.max() == 1
    assert data.class_names == tuple("0123456789")
    assert np.bincount(data.y).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert data.y[:10].tolist() == list(range(10))
    assert (data.x[0] * 16).astype(int)[0].tolist() == [0, 0, 5, 13, 9, 1, 0, 0]
    assert "scikit-learn" in data.source and "1797 examples" in repr(data)


def test_digits_without_scikit_learn_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(ModuleNotFoundError, match="pip install scikit-learn"):
        load_digits()


# -- toys


def test_moons_follow_their_equation():
    data = moons(11, noise=0)
    assert data.y.tolist() == [0] * 6 + [1] * 5
    upper, lower = data.x[:6], data.x[6:]
    t = np.linspace(0, np.pi, 6)
    np.testing.assert_allclose(upper, np.stack([np.cos(t), np.sin(t)], 1), atol=1e-6)
    # class 1 is class 0 turned by half a circle about (1/2, 1/4)
    np.testing.assert_allclose(np.hypot(lower[:, 0] - 1, lower[:, 1] - 0.5), 1, atol=1e-6)
    assert (lower[:, 1] <= 0.5 + 1e-6).all() and (upper[:, 1] >= -1e-6).all()


def test_circles_have_radius_one_and_one_half():
    data = circles(50, noise=0)
    radius = np.hypot(*data.x.T)
    np.testing.assert_allclose(radius[data.y == 0], 1, atol=1e-6)
    np.testing.assert_allclose(radius[data.y == 1], 0.5, atol=1e-6)
    np.testing.assert_allclose(data.x.sum(0), 0, atol=1e-5)  # all the way round: the points balance


@pytest.mark.parametrize("classes", [2, 3, 5])
def test_spirals_follow_their_equation(classes):
    data = spirals(20 * classes, noise=0, classes=classes)
    r = np.hypot(*data.x.T)
    turn = np.exp(1j * 2 * np.pi * (data.y / classes + 0.75 * r))
    np.testing.assert_allclose(data.x[:, 0] + 1j * data.x[:, 1], r * turn, atol=1e-5)
    assert np.bincount(data.y).tolist() == [20] * classes
    np.testing.assert_allclose([r.min(), r.max()], [0.1, 1], atol=1e-6)


def test_xor_is_the_truth_table():
    data = xor(40, noise=0)
    assert {tuple(row) for row in data.x.tolist()} == {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert (data.y == (data.x[:, 0] != data.x[:, 1])).all()


@pytest.mark.parametrize("name", TOYS)
def test_toys_noise_and_seed(name):
    toy = TOYS[name]
    clean, noisy = toy(4000, noise=0), toy(4000, noise=0.3)
    assert clean.x.dtype == np.float32 and clean.y.dtype == np.int64 and len(clean) == 4000
    np.testing.assert_allclose((noisy.x - clean.x).std(0), 0.3, rtol=0.05)
    np.testing.assert_allclose((noisy.x - clean.x).mean(0), 0, atol=0.02)
    np.testing.assert_array_equal(noisy.x, toy(4000, noise=0.3, seed=0).x)
    assert (noisy.x != toy(4000, noise=0.3, seed=1).x).all()
    assert noisy.name == name and "noise 0.3" in noisy.source


@pytest.mark.parametrize("name", TOYS)
def test_toys_reject_bad_input(name):
    with pytest.raises(ValueError, match="got 1"):
        TOYS[name](1)
    with pytest.raises(ValueError, match="noise .* got -0.5"):
        TOYS[name](noise=-0.5)


def test_spirals_reject_one_class():
    with pytest.raises(ValueError, match="at least 2 classes, got 1"):
        spirals(classes=1)


# -- Dataset


def test_dataset_checks_what_it_holds():
    with pytest.raises(ValueError, match="3 examples but 2 classes"):
        Dataset(np.zeros((3, 2)), np.zeros(2, int), ("a",), "bad", "test")
    with pytest.raises(ValueError, match="classes run from 0 to 2, but 2 class names"):
        Dataset(np.zeros((3, 2)), np.arange(3), ("a", "b"), "bad", "test")
    with pytest.raises(AttributeError):
        numbered([2, 2]).name = "other"


def test_dataset_selects_x_and_y_together():
    data = numbered([3, 3])
    assert data[data.y == 1].x.ravel().tolist() == [3, 4, 5]
    assert data[np.array([4, 0])].y.tolist() == [1, 0]


# -- split


@pytest.mark.parametrize("fractions", [(0.8, 0.2), (0.6, 0.2, 0.2), (1.0,), (1 / 3, 1 / 3, 1 / 3)])
@pytest.mark.parametrize("sizes", [[50, 50], [101, 37, 12], [178, 182, 177]])
def test_split_is_disjoint_complete_and_stratified(fractions, sizes):
    data = numbered(sizes)
    parts = split(data, fractions)
    seen = np.concatenate([part.x.ravel() for part in parts])
    assert sorted(seen) == list(range(len(data)))  # every example exactly once
    for part, fraction in zip(parts, fractions, strict=True):
        assert abs(len(part) - fraction * len(data)) <= 1
        np.testing.assert_array_equal(part.y, data.y[part.x.ravel().astype(int)])  # each x kept its own y
        assert (abs(np.bincount(part.y, minlength=len(sizes)) - fraction * np.array(sizes)) <= 2).all()


def test_split_depends_on_the_seed_and_shuffles():
    data = numbered([60, 40])
    train, test = split(data, seed=3)
    again, other = split(data, seed=3)[0], split(data, seed=4)[0]
    np.testing.assert_array_equal(train.x, again.x)
    assert set(train.x.ravel()) != set(other.x.ravel())
    assert (np.diff(train.y) != 0).sum() > 20  # not class after class
    assert not set(train.x.ravel()) & set(test.x.ravel())


def test_split_of_the_digits():
    sizes = [len(part) for part in split(load_digits(), (0.6, 0.2, 0.2))]
    assert sum(sizes) == 1797 and sizes == [1078, 360, 359]


@pytest.mark.parametrize("fractions", [(0.8, 0.1), (0.5, 0.6), (1.2, -0.2), ()])
def test_split_rejects_fractions(fractions):
    with pytest.raises(ValueError, match="positive and sum to 1"):
        split(numbered([5, 5]), fractions)


def test_split_rejects_empty_parts():
    with pytest.raises(ValueError, match=r"parts of \[4, 0\]"):
        split(numbered([2, 2]), (0.99, 0.01))


# -- Standardizer


def test_standardizer_uses_the_training_data_only():
    rng = np.random.default_rng(0)
    train = (rng.standard_normal((500, 3)) * [1, 5, 0.1] + [0, 10, -3]).astype(np.float32)
    test = train[:100] + 1
    scale = Standardizer().fit(train)
    z = scale.transform(train)
    np.testing.assert_allclose(z.mean(0), 0, atol=1e-5)
    np.testing.assert_allclose(z.std(0), 1, atol=1e-5)
    np.testing.assert_allclose(scale.transform(test) - z[:100], 1 / train.std(0) * np.ones((100, 1)), rtol=1e-3)
    assert z.dtype == np.float32


def test_standardizer_leaves_constant_features_finite():
    x = load_digits().x  # the first pixel is never inked
    z = Standardizer().fit(x).transform(x)
    assert np.isfinite(z).all() and (z[:, 0, 0] == 0).all() and z.shape == x.shape


def test_standardizer_errors_name_the_fix():
    with pytest.raises(RuntimeError, match=r"fit\(x_train\) first"):
        Standardizer().transform(np.zeros((2, 3)))
    with pytest.raises(ValueError, match=r"shape \(3,\), got x of shape \(2, 4\)"):
        Standardizer().fit(np.zeros((5, 3))).transform(np.zeros((2, 4)))
    with pytest.raises(ValueError, match="NaN"):
        Standardizer().fit(np.array([[1.0], [np.nan]]))
    with pytest.raises(ValueError, match="no examples"):
        Standardizer().fit(np.zeros((0, 3)))


# -- batches


def test_batches_hand_out_every_example_once():
    data = numbered([13, 10])
    got = list(batches(data.x, data.y, 8, rng=0))
    assert [len(xb) for xb, _ in got] == [8, 8, 7]
    x, y = (np.concatenate(part) for part in zip(*got, strict=True))
    assert sorted(x.ravel()) == list(range(23)) and not (np.diff(x.ravel()) == 1).all()
    np.testing.assert_array_equal(y, data.y[x.ravel().astype(int)])
    assert [len(xb) for xb, _ in batches(data.x, data.y, 8, rng=0, drop_last=True)] == [8, 8]


def test_batches_order_follows_the_generator():
    data = numbered([20, 20])

    def epoch(rng):
        return np.concatenate([xb for xb, _ in batches(data.x, data.y, 7, rng=rng)]).ravel().tolist()

    rng = np.random.default_rng(5)
    first, second = epoch(rng), epoch(rng)
    assert first != second  # a generator moves on
    assert first == epoch(5) == epoch(5)  # a seed starts over


def test_batches_reject_bad_input_at_the_call():
    x, y = np.zeros((10, 2)), np.zeros(10)
    with pytest.raises(ValueError, match="x has 10 examples and y has 9"):
        batches(x, y[:9], 2, rng=0)
    for batch_size in (0, 11):
        with pytest.raises(ValueError, match=f"between 1 and the 10 examples, got {batch_size}"):
            batches(x, y, batch_size, rng=0)
