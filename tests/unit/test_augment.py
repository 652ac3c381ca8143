"""Augmentation does what its equations say: same draws for the same seed, no channel or picture taken for another."""

import numpy as np
import pytest

from nnlib.data import augment
from nnlib.data.augment import (
    cutout,
    mixup,
    random_crop,
    random_flip,
    random_noise,
    random_rotation,
    random_shift,
    rotate,
)

RANDOM = {
    "random_flip": lambda x, rng: random_flip(x, rng=rng),
    "random_crop": lambda x, rng: random_crop(x, x.shape[-2:], 3, rng=rng),
    "random_shift": lambda x, rng: random_shift(x, 3, rng=rng),
    "random_rotation": lambda x, rng: random_rotation(x, 30, rng=rng),
    "random_noise": lambda x, rng: random_noise(x, 0.1, rng=rng),
    "cutout": lambda x, rng: cutout(x, 3, rng=rng),
    "mixup": lambda x, rng: mixup(x, np.zeros((len(x), 1)), rng=rng)[0],
}
SHAPES = [(40, 6, 9), (40, 3, 6, 9)]


def pictures(shape=(40, 6, 9), dtype=np.float32):
    """No value twice, and none is 0."""
    return np.random.default_rng(0).permutation(np.prod(shape)).reshape(shape).astype(dtype) / 7 + 1


# -- all of them


@pytest.mark.parametrize("name", RANDOM)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_shape_and_dtype_stay_and_so_does_what_was_given(name, shape, dtype):
    x = pictures(shape, dtype)
    before = x.copy()
    y = RANDOM[name](x, 0)
    assert y.shape == shape and y.dtype == dtype and not np.shares_memory(x, y)
    np.testing.assert_array_equal(x, before)
    assert (y != x).any()


@pytest.mark.parametrize("name", RANDOM)
def test_a_seed_starts_over_and_a_generator_moves_on(name):
    x, rng = pictures(), np.random.default_rng(5)
    first, second = RANDOM[name](x, rng), RANDOM[name](x, rng)
    np.testing.assert_array_equal(first, RANDOM[name](x, 5))
    assert (first != second).any()


@pytest.mark.parametrize("name", [name for name in RANDOM if name not in ("random_noise",)])
def test_all_channels_of_a_picture_get_the_same(name):
    x = pictures()
    y = RANDOM[name](np.stack([x, 2 * x], axis=1), 3)
    np.testing.assert_allclose(y[:, 1], 2 * y[:, 0], rtol=1e-6)
    np.testing.assert_array_equal(y[:, 0], RANDOM[name](x, 3))


def test_noise_is_another_in_each_channel():
    x = np.zeros((2, 2, 4, 4))
    assert len(np.unique(random_noise(x, 1, rng=0))) == x.size


@pytest.mark.parametrize("name", ["random_flip", "random_crop", "random_shift", "random_rotation", "cutout"])
def test_pictures_get_draws_of_their_own(name):
    x = np.broadcast_to(pictures((1, 6, 9)), (40, 6, 9)).copy()
    assert len(np.unique(RANDOM[name](x, 0), axis=0)) > (1 if name == "random_flip" else 20)


def test_no_pictures_are_no_trouble():
    for change in RANDOM.values():
        assert change(np.zeros((0, 5, 5), np.float32), 0).shape == (0, 5, 5)


# -- each


@pytest.mark.parametrize("shape", SHAPES)
def test_a_flip_is_its_own_inverse(shape):
    x = pictures(shape)
    y = random_flip(x, rng=0)
    np.testing.assert_array_equal(random_flip(y, rng=0), x)
    flipped = np.array([(a[..., ::-1] == b).all() for a, b in zip(x, y, strict=True)])
    same = np.array([(a == b).all() for a, b in zip(x, y, strict=True)])
    assert (flipped ^ same).all() and 10 < flipped.sum() < 30
    np.testing.assert_array_equal(random_flip(x, 1, rng=0), x[..., ::-1])
    np.testing.assert_array_equal(random_flip(x, 0, rng=0), x)


def test_flips_fall_as_often_as_asked():
    x = np.tile([[[0.0, 1.0]]], (10_000, 1, 1))
    assert abs(random_flip(x, 0.3, rng=0)[:, 0, 0].mean() - 0.3) < 0.02


def test_a_shift_moves_every_pixel_alike_and_no_further_than_asked():
    x = pictures((500, 5, 7))
    moved = set()
    for before, after in zip(x, random_shift(x, 2, fill=-1, rng=0), strict=True):
        place = {value: index for index, value in np.ndenumerate(before)}
        steps = {(i - place[v][0], j - place[v][1]) for (i, j), v in np.ndenumerate(after) if v != -1}
        ((down, right),) = steps  # one and the same for all
        assert (after == -1).sum() == 35 - (5 - abs(down)) * (7 - abs(right))
        moved.add((down, right))
    assert moved == {(a, b) for a in range(-2, 3) for b in range(-2, 3)}  # every step that is allowed occurs


def test_shifts_are_uniform():
    x = np.zeros((25_000, 5, 5))
    x[:, 2, 2] = 1
    counts = random_shift(x, 2, rng=0).sum(axis=0)
    np.testing.assert_allclose(counts, 1000, atol=150)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_crop_is_a_window_of_the_picture(shape):
    x = pictures(shape)
    y = random_crop(x, (4, 5), rng=0)
    assert y.shape == (*shape[:-2], 4, 5)
    for before, after in zip(x, y, strict=True):
        windows = np.lib.stride_tricks.sliding_window_view(before, (4, 5), axis=(-2, -1))
        assert (windows == (after[:, None, None] if x.ndim == 4 else after)).all((-2, -1)).any()
    np.testing.assert_array_equal(random_crop(x, (6, 9), rng=0), x)  # only one place
    np.testing.assert_array_equal(random_crop(x, (6, 9), 2, 7, rng=3), random_shift(x, 2, 7, rng=3))
    assert random_crop(x, 4, rng=0).shape == (*shape[:-2], 4, 4)


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_quarter_turns_are_exact_and_counterclockwise(quarters):
    x = pictures((2, 3, 5, 5), np.float64)
    np.testing.assert_allclose(rotate(x, 90 * quarters), np.rot90(x, quarters, axes=(2, 3)), rtol=1e-12)
    np.testing.assert_allclose(rotate(x, 90 * quarters - 360), rotate(x, 90 * quarters), rtol=1e-10)


@pytest.mark.parametrize("degrees", [-170.0, -33.3, 1.0, 45.0, 77.0])
@pytest.mark.parametrize("shape", [(2, 8, 13), (2, 9, 9)])
def test_rotation_is_that_of_another_library(degrees, shape):
    ndimage = pytest.importorskip("scipy.ndimage")
    x = pictures(shape, np.float64)
    theirs = ndimage.rotate(x, degrees, axes=(2, 1), reshape=False, order=1, mode="grid-constant", cval=2.5)
    np.testing.assert_allclose(rotate(x, degrees, fill=2.5), theirs, rtol=1e-10)


def test_rotation_turns_back_a_smooth_picture():
    v, u = np.mgrid[-1:1:41j, -1:1:41j]
    x = np.exp(-4 * ((u - 0.2) ** 2 + 2 * (v + 0.1) ** 2))[None]
    y = rotate(rotate(x, 25), -25)
    # Each straight line between pixels errs by at most h² / 8 of the second derivatives, 8 and 16 at the top.
    bound = 2 * 0.05**2 / 8 * (8 + 16)
    assert abs(y - x)[:, 8:-8, 8:-8].max() < bound < 0.1 * abs(rotate(x, 25) - x).max()


def test_each_picture_has_its_own_angle():
    x = pictures((3, 5, 7), np.float64)
    y = rotate(x, np.array([10.0, 0.0, -50.0]))
    for n, degrees in enumerate([10.0, 0.0, -50.0]):
        np.testing.assert_allclose(y[n], rotate(x[n : n + 1], degrees)[0])
    np.testing.assert_allclose(y[1], x[1])


def test_random_rotations_stay_within_their_bounds():
    v, u = np.mgrid[-10:11, -10:11]
    bar = ((abs(v) <= 1) & (u >= 0)).astype(float)  # a hand that points right
    y = random_rotation(np.tile(bar, (500, 1, 1)), 40, rng=0)
    angles = np.degrees(np.arctan2(-(y * v).sum((1, 2)), (y * u).sum((1, 2))))  # up is counterclockwise
    assert -41 < angles.min() < -35 and 35 < angles.max() < 41 and abs(angles.mean()) < 3
    np.testing.assert_allclose(random_rotation(bar[None], 0, rng=0)[0], bar)


def test_noise_has_the_deviation_that_was_asked_for():
    x = pictures((50, 20, 20))
    noise = random_noise(x, 0.3, rng=0) - x
    np.testing.assert_allclose([noise.mean(), noise.std()], [0, 0.3], atol=0.01)
    np.testing.assert_array_equal(random_noise(x, 0, rng=0), x)


@pytest.mark.parametrize("shape", [(400, 6, 9), (400, 3, 6, 9)])
@pytest.mark.parametrize("size", [1, 2, 3])
def test_cutout_covers_one_square(shape, size):
    x = pictures(shape, np.float64)
    y = cutout(x, size, fill=-1, rng=0)
    covered = (y == -1) if x.ndim == 3 else (y == -1).all(axis=1)
    np.testing.assert_array_equal(y != x, np.broadcast_to(covered if x.ndim == 3 else covered[:, None], shape))
    extents = set()
    for picture in covered:
        rows, columns = (np.flatnonzero(picture.any(axis)) for axis in (1, 0))
        assert picture.sum() == len(rows) * len(columns)  # a rectangle without holes
        assert (len(rows), len(columns)) == (np.ptp(rows) + 1, np.ptp(columns) + 1)
        extents.add((len(rows), len(columns)))
    assert max(extents) == (size, size) and min(min(extents)) >= 1
    assert covered.any(axis=0).all()  # every pixel is covered in some picture
    np.testing.assert_array_equal(cutout(x, 0, rng=0), x)


def test_the_middle_of_a_cutout_is_anywhere():
    covered = cutout(np.ones((10_000, 6, 4)), 3, rng=0) == 0
    np.testing.assert_allclose(covered.any(axis=2).mean(axis=0), np.array([2, 3, 3, 3, 3, 2]) / 6, atol=0.02)
    np.testing.assert_allclose(covered.any(axis=1).mean(axis=0), np.array([2, 3, 3, 2]) / 4, atol=0.02)


# -- mixup


def test_mixup_mixes_targets_as_it_mixes_examples():
    """Each example is its own target here, so that both have to come out alike."""
    x = pictures((200, 4), np.float64)
    mixed, target = mixup(x, x.copy(), 1.0, rng=0)
    np.testing.assert_allclose(mixed, target)
    one_hot = np.eye(200)
    mixed, target = mixup(one_hot, np.arange(200), 1.0, classes=200, rng=0)
    np.testing.assert_allclose(mixed, target)
    np.testing.assert_allclose(target.sum(axis=1), 1)
    assert ((target > 0).sum(axis=1) <= 2).all()
    np.fill_diagonal(target, 0)
    assert ((target > 0).sum(axis=0) <= 1).all() and (target > 0).any(axis=0).mean() > 0.9  # each mixes into one other


@pytest.mark.parametrize("alpha", [0.2, 1.0, 5.0])
def test_mixup_draws_its_shares_from_beta(alpha):
    n = 20_000
    x = np.zeros((n, 1))
    _, target = mixup(x, np.arange(n) % 2, alpha, classes=2, rng=0)
    differing = target.max(axis=1) < 1
    share = np.where(np.arange(n) % 2, target[:, 1], target[:, 0])[differing]  # of the example's own class
    np.testing.assert_allclose(share.mean(), 0.5, atol=0.02)
    np.testing.assert_allclose(share.var(), 1 / (4 * (2 * alpha + 1)), atol=0.01)


def test_mixup_takes_any_examples():
    mixed, target = mixup(pictures((6, 3, 5, 5)), np.arange(6, dtype=np.uint8), classes=6, rng=0)
    assert mixed.shape == (6, 3, 5, 5) and target.shape == (6, 6) and mixed.dtype == target.dtype == np.float32


# -- bad arguments


@pytest.mark.parametrize("name", [name for name in RANDOM if name != "mixup"])
def test_what_is_no_batch_of_pictures_is_refused(name):
    for x, told in [
        (np.zeros((5, 5)), r"float64 of shape \(5, 5\)"),
        (np.zeros((2, 0, 5)), r"\(2, 0, 5\)"),
        ([[[1.0]]], "got list"),
    ]:
        with pytest.raises(ValueError, match=rf"{name}: x is an array of pictures, \(N, H, W\) .*{told}"):
            getattr(augment, name)(x, 1, rng=0)


@pytest.mark.parametrize("name", ["random_rotation", "random_noise"])
def test_what_computes_refuses_bytes(name):
    with pytest.raises(TypeError, match="computes with floats, got uint8: convert first, x.astype"):
        getattr(augment, name)(np.zeros((2, 5, 5), np.uint8), 1, rng=0)


@pytest.mark.parametrize("name", ["random_flip", "random_crop", "random_shift", "cutout"])
def test_what_only_moves_pixels_takes_bytes(name):
    y = RANDOM[name](np.arange(250, dtype=np.uint8).reshape(10, 5, 5), 0)
    assert y.dtype == np.uint8


def test_bad_arguments():
    x = np.zeros((2, 5, 6))
    for call, told in [
        (lambda: random_flip(x, 1.5, rng=0), "p is a probability, from 0 to 1; got 1.5"),
        (lambda: random_flip(x, np.nan, rng=0), "p is a probability"),
        (lambda: random_crop(x, 6, rng=0), "window of 6×6 does not fit into pictures of 5×6 with padding 0: .* 5×6"),
        (lambda: random_crop(x, (8, 9), 1, rng=0), "take at most 7×8"),
        (lambda: random_crop(x, 0, rng=0), "window of 0×0"),
        (lambda: random_crop(x, (3,), rng=0), r"size is a whole number, or \(height, width\), got \(3,\)"),
        (lambda: random_crop(x, 2.5, rng=0), "size is a whole number, .* got 2.5"),
        (lambda: random_crop(x, 3, -1, rng=0), "random_crop: padding is a number of pixels, .* got -1"),
        (lambda: random_shift(x, 1.5, rng=0), "random_shift: most is a number of pixels, whole .* got 1.5"),
        (lambda: cutout(x, -1, rng=0), "cutout: size is a number of pixels"),
        (lambda: random_rotation(x, -5, rng=0), "most is an angle in degrees, at least 0; got -5"),
        (lambda: random_noise(x, np.nan, rng=0), "std is a standard deviation, at least 0; got nan"),
        (lambda: rotate(x, np.zeros(3)), r"degrees has shape \(3,\): give one finite number, or one for each of 2"),
        (lambda: rotate(x, np.inf), "one finite number"),
        (lambda: mixup(x, np.zeros(3, int), classes=1, rng=0), "x has 2 examples and y has 3"),
        (lambda: mixup(x, np.zeros(2, int), rng=0), "`classes` says how many there are; got classes=None"),
        (lambda: mixup(x, np.array([0, 4]), classes=4, rng=0), "got classes=4"),
        (lambda: mixup(x, np.zeros((2, 1)), 0, rng=0), "alpha is above 0, got 0"),
    ]:
        with pytest.raises(ValueError, match=told):
            call()
    with pytest.raises(
        TypeError, match=r"y is classes, integers \(N,\), or floats \(N, K\); got float64 of shape \(2,"
    ):
        mixup(x, np.zeros(2), rng=0)
    with pytest.raises(TypeError, match=r"x is an array \(N, ...\) of floats, got int64 of shape \(2,\)"):
        mixup(np.zeros(2, int), np.zeros(2, int), classes=1, rng=0)
