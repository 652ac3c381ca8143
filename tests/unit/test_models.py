"""What the whole networks do beyond one forward pass: write, remember, learn."""

import numpy as np
import pytest
import torch

import nnlib.numpy
import nnlib.torch
from nnlib.numpy import Tensor, functional, models, optim
from nnlib.numpy.models.generation import KVCache, sample

RNG = np.random.default_rng


def gpt(**options):
    return models.GPT(9, 12, 16, 2, 2, **options, rng=RNG(0))


def llama():
    return models.Llama(9, 16, 2, 4, 2, rng=RNG(0))


def peaked(model):
    """The same network with larger weights: its guesses differ from symbol to symbol."""
    for parameter in model.parameters():
        if parameter.ndim == 2:
            parameter.data *= 10
    return model


# Writing


@pytest.mark.parametrize("make", [gpt, llama])
def test_the_cache_changes_nothing(make):
    model, ids = peaked(make()).double().eval(), RNG(1).integers(0, 9, (3, 10))
    whole = model(ids).data
    for cuts in ([4, 10], [1, 2, 3, 10], [3, 5, 10], list(range(1, 11))):
        cache, pieces = KVCache(10), []
        for start, end in zip([0, *cuts], cuts, strict=False):
            pieces.append(model(ids[:, start:end], cache).data)
        np.testing.assert_allclose(np.concatenate(pieces, axis=1), whole, atol=1e-12)


@pytest.mark.parametrize("make", [gpt, llama])
@pytest.mark.parametrize("options", [{"temperature": 0}, {"temperature": 0.8, "top_k": 4}, {"top_p": 0.7}])
def test_writing_is_seeded_and_the_same_with_and_without_a_cache(make, options):
    model, ids = peaked(make()), RNG(1).integers(0, 9, (2, 3))
    written = [model.generate(ids, 8, use_cache=use_cache, rng=RNG(5), **options) for use_cache in (True, False, True)]
    assert written[0].shape == (2, 11) and np.array_equal(written[0][:, :3], ids)
    assert np.array_equal(written[0], written[1]) and np.array_equal(written[0], written[2])


def test_a_gpt_writes_on_beyond_its_window():
    model, ids = peaked(gpt()), RNG(1).integers(0, 9, (2, 3))
    written = model.generate(ids, 20, temperature=0)
    assert written.shape == (2, 23)
    last = model(written[:, -13:-1]).data[:, -1].argmax(axis=1)
    assert np.array_equal(written[:, -1], last)


def test_a_recurrent_network_writes_as_if_it_read_everything_again():
    model = models.CharRNN(9, 16, 2, rng=RNG(0))
    ids = RNG(1).integers(0, 9, (2, 3))
    written = model.generate(ids, 6, temperature=0)
    for t in range(3, 9):
        assert np.array_equal(written[:, t], model(written[:, :t])[0].data[:, -1].argmax(axis=1))


@pytest.mark.parametrize("name", ["Seq2Seq", "Transformer"])
def test_both_engines_write_the_same(name):
    options = (9, 9, 8) if name == "Seq2Seq" else (9, 9, 8, 1, 2)
    theirs = getattr(nnlib.torch.models, name)(*options).eval()
    for parameter in theirs.parameters():
        torch.nn.init.normal_(parameter, generator=torch.Generator().manual_seed(0))
    ours = getattr(models, name)(*options).eval()
    ours.load_state_dict(theirs.state_dict())
    source, lengths = RNG(1).integers(0, 9, (4, 6)), np.array([6, 2, 4, 5])
    written = ours.generate(source, 0, 3, 7, lengths)
    assert np.array_equal(written, theirs.generate(torch.tensor(source), 0, 3, 7, torch.tensor(lengths)).numpy())
    for row in written:  # behind the first end there are only ends
        assert 3 not in row or np.all(row[list(row).index(3) :] == 3)


@pytest.mark.parametrize("name", ["GPT", "Llama", "CharRNN"])
def test_both_engines_continue_the_same(name):
    options = {"GPT": (9, 12, 8, 2, 2), "Llama": (9, 16, 2, 4, 2), "CharRNN": (9, 8)}[name]
    theirs = getattr(nnlib.torch.models, name)(*options).eval()
    for parameter in theirs.parameters():
        torch.nn.init.normal_(parameter, generator=torch.Generator().manual_seed(0))
    ours = getattr(models, name)(*options).eval()
    ours.load_state_dict(theirs.state_dict())
    ids = RNG(1).integers(0, 9, (2, 3))
    written = theirs.generate(torch.tensor(ids), 9, temperature=0).numpy()
    assert np.array_equal(ours.generate(ids, 9, temperature=0), written)


def test_a_cache_that_is_full_says_so():
    with pytest.raises(ValueError, match="room for 4 positions, 5 are asked for"):
        llama()(np.zeros((1, 5), np.int64), KVCache(4))


def test_a_text_longer_than_the_window_is_refused():
    with pytest.raises(ValueError, match="GPT looks at 12 positions, got 13"):
        gpt()(np.zeros((1, 13), np.int64))
    with pytest.raises(ValueError, match=r"T at least 1, got \(1, 0\)"):
        gpt().generate(np.zeros((1, 0), np.int64), 3)


@pytest.mark.parametrize("make", [gpt, llama])
def test_one_text_without_a_batch_is_refused(make):
    with pytest.raises(ValueError, match=r"expected ids of shape \(N, T\), got \(3,\): one text is a batch of one"):
        make()(np.zeros(3, np.int64))


@pytest.mark.parametrize(
    "make",
    [lambda: models.GPT(9, 12, 16, 2, 0), lambda: models.Llama(9, 16, 2, 4, 0), lambda: models.Llama(9, 16, 2, 0)],
)
def test_networks_have_heads(make):
    with pytest.raises(ValueError, match="Attention: 16 .* fall into"):
        make()


@pytest.mark.parametrize("lengths", [[0, 2], [3, 2], [1], [1.0, 2.0]])
def test_a_translation_needs_lengths_that_fit(lengths):
    model, ids = models.Transformer(9, 9, 8, 1, 2), np.zeros((2, 2), np.int64)
    with pytest.raises(ValueError, match="lengths are 2 whole numbers between 1 and 2, got"):
        model(ids, ids, lengths)


# Drawing


def frequencies(logits, n=20_000, **options):
    drawn = sample(np.tile(logits, (n, 1)), rng=RNG(0), **options)
    return np.bincount(drawn, minlength=len(logits)) / n


def test_symbols_are_drawn_as_often_as_they_are_likely():
    logits = np.array([1.0, 0.0, 2.0, -1.0])
    p = np.exp(logits) / np.exp(logits).sum()
    np.testing.assert_allclose(frequencies(logits), p, atol=0.015)
    half = np.exp(logits / 0.5) / np.exp(logits / 0.5).sum()
    np.testing.assert_allclose(frequencies(logits, temperature=0.5), half, atol=0.015)
    two = np.where([True, False, True, False], p, 0)
    np.testing.assert_allclose(frequencies(logits, top_k=2), two / two.sum(), atol=0.015)


def test_top_p_keeps_the_fewest_that_are_likely_enough():
    logits = np.log([0.5, 0.1, 0.3, 0.1])
    np.testing.assert_allclose(frequencies(logits, top_p=0.5), [1, 0, 0, 0])
    np.testing.assert_allclose(frequencies(logits, top_p=0.51), [0.625, 0, 0.375, 0], atol=0.015)
    np.testing.assert_allclose(frequencies(logits, top_p=1.0), [0.5, 0.1, 0.3, 0.1], atol=0.015)


def test_huge_and_masked_logits_are_drawn_from():
    assert sample(np.array([[1e30, 0.0, -np.inf]]), rng=RNG(0)).tolist() == [0]


def test_torch_draws_as_often():
    from nnlib.torch.models.generation import sample as draw

    logits = torch.tensor([[1.0, 0.0, 2.0, -1.0]]).repeat(20_000, 1)
    generator = torch.Generator().manual_seed(0)
    for options in ({}, {"temperature": 0.5}, {"top_k": 2}, {"top_p": 0.7}):
        drawn = draw(logits, **options, generator=generator).numpy()
        ours = frequencies(logits[0].numpy(), **options)
        np.testing.assert_allclose(np.bincount(drawn, minlength=4) / 20_000, ours, atol=0.015)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"temperature": -1}, "must not be negative"),
        ({"temperature": float("nan")}, "must not be negative, got nan"),
        ({"top_k": 0}, "at least 1"),
        ({"top_k": 1.5}, "a whole number of at least 1, got 1.5"),
        ({"top_p": 0}, "above 0"),
    ],
)
def test_impossible_options_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        sample(np.zeros((1, 3)), **options)


def test_only_numbers_for_a_batch_are_drawn_from():
    with pytest.raises(ValueError, match=r"of shape \(N, V\), got \(3,\)"):
        sample(np.zeros(3))
    with pytest.raises(ValueError, match="logits are NaN"):
        sample(np.array([[0.0, np.nan]]))


# Learning


@pytest.mark.parametrize(
    ("make", "inputs"),
    [
        (lambda: models.LeNet(10, rng=RNG(0)), lambda: RNG(1).standard_normal((4, 1, 28, 28)).astype(np.float32)),
        (lambda: models.ResNet((1, 1), 8, rng=RNG(0)), lambda: RNG(1).standard_normal((4, 1, 8, 8)).astype(np.float32)),
        (lambda: models.CharRNN(10, 16, rng=RNG(0)), lambda: RNG(1).integers(0, 10, (4, 6))),
        (lambda: models.GPT(10, 8, 16, 2, 2, rng=RNG(0)), lambda: RNG(1).integers(0, 10, (4, 6))),
        (lambda: models.Llama(10, 16, 2, 4, 2, rng=RNG(0)), lambda: RNG(1).integers(0, 10, (4, 6))),
    ],
    ids=["LeNet", "ResNet", "CharRNN", "GPT", "Llama"],
)
def test_learns_a_few_examples_by_heart(make, inputs):
    """Every parameter gets a gradient, and the loss falls to nearly nothing."""
    model, x = make(), inputs()
    labels = np.arange(4) if x.ndim == 4 else np.roll(x, -1, axis=1).reshape(-1)
    optimizer = optim.Adam(model.parameters(), lr=0.01)
    for _ in range(100):
        optimizer.zero_grad()
        y = model(x)
        logits = y[0] if isinstance(y, tuple) else y
        loss = functional.cross_entropy(logits.reshape(len(labels), 10), labels)
        loss.backward()
        assert all(p.grad is not None and np.abs(p.grad).max() > 0 for p in model.parameters())
        optimizer.step()
    assert loss.item() < 0.1


def test_a_decoder_never_sees_what_comes_later():
    ids = RNG(1).integers(0, 9, (2, 8))
    other = ids.copy()
    other[:, 5:] = (other[:, 5:] + 1) % 9
    for model in (peaked(gpt()), peaked(llama())):
        one, two = model(ids).data, model(other).data
        assert np.array_equal(one[:, :5], two[:, :5]) and not np.allclose(one[:, 5], two[:, 5])


def test_rotary_products_depend_on_the_distance_only():
    q, k = RNG(0).standard_normal((2, 1, 8))
    products = [
        (functional.rotary(q, np.array([p])).data @ functional.rotary(k, np.array([p - 3])).data.T).item()
        for p in (3, 10, 500)
    ]
    np.testing.assert_allclose(products, products[0])


def test_padding_makes_no_difference_to_a_translation():
    source, target = RNG(1).integers(0, 9, (2, 7)), RNG(2).integers(0, 9, (2, 5))
    other = source.copy()
    other[1, 4:] = (other[1, 4:] + 1) % 9
    for model in (models.Seq2Seq(9, 9, 8, rng=RNG(0)), models.Transformer(9, 9, 8, 1, 2, rng=RNG(0))):
        outputs = [model(s, target, np.array([7, 4])) for s in (source, other)]
        assert isinstance(outputs[0], Tensor)
        np.testing.assert_allclose(outputs[0].data, outputs[1].data, atol=1e-6)


@pytest.mark.parametrize("engine", [nnlib.numpy, nnlib.torch])
def test_a_fresh_transformer_hears_its_positions(engine):
    """Letters and positions begin equally loud: sines and cosines have a size of 0.7."""
    engine.manual_seed(0)
    model = engine.models.Transformer(27, 72, d=64)
    for table in (model.source_embedding, model.target_embedding):
        entries = np.asarray(table.weight.tolist()) * np.sqrt(64)
        assert 0.9 < entries.std() < 1.1
