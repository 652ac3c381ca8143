"""nnlib.training: the loop learns, records what happened, stops before NaN reaches a weight, in both engines."""

import subprocess
import sys

import numpy as np
import pytest

import nnlib.numpy as by_hand
from nnlib.data import Dataset, Loader, Standardizer, load_diabetes, load_digits, moons, sine, split
from nnlib.plot import losses as draw_losses
from nnlib.source import source
from nnlib.training import History, accuracy, evaluate, fit, predict


@pytest.fixture(params=["numpy", "torch"])
def engine(request):
    """Each test that takes this runs in both engines, unchanged."""
    return by_hand if request.param == "numpy" else pytest.importorskip("nnlib.torch")


def array(tensor):
    return tensor.detach().numpy().copy()


def weights(model):
    return {name: array(p) for name, p in model.named_parameters()}


def mlp(engine, *sizes, seed=0):
    """Linear layers with ReLU between them."""
    generator = engine.manual_seed(seed)
    assert generator is not None
    layers = [engine.nn.Linear(sizes[0], sizes[1])]
    for a, b in zip(sizes[1:], sizes[2:], strict=False):
        layers += [engine.nn.ReLU(), engine.nn.Linear(a, b)]
    return engine.nn.Sequential(*layers)


def run(engine, data, *, seed=0, epochs=5, lr=0.2, validate=None, sizes=(2, 16, 2), batch_size=16):
    model = mlp(engine, *sizes, seed=seed)
    optimizer = engine.optim.SGD(model.parameters(), lr=lr)
    loader = Loader(data, batch_size, seed=seed)
    return model, fit(model, optimizer, engine.nn.CrossEntropyLoss(), loader, epochs=epochs, validate=validate)


# -- it learns


def test_import_takes_neither_engine():
    code = "import sys, nnlib.training; sys.exit(bool({'torch', 'nnlib.numpy', 'matplotlib'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_a_chapter_can_print_it():
    code = source(fit).code.splitlines()
    assert len(code) <= 40 and max(map(len, code)) <= 100


def test_digits_are_learned_over_three_seeds(engine):
    digits = load_digits()
    train, test = split(Dataset(digits.x.reshape(-1, 64), digits.y, digits.class_names, "digits", digits.source))
    runs = [
        run(engine, train, seed=seed, epochs=15, lr=0.1, batch_size=32, validate=test, sizes=(64, 64, 10))
        for seed in range(3)
    ]
    assert np.mean([history.accuracies["validation"][-1] for _, history in runs]) > 0.96  # measured: .975
    assert np.mean([history.losses["train"][-1] for _, history in runs]) < 0.2  # measured: .16


def test_numbers_are_learned(engine):
    data = sine(200, noise=0.05)
    model = mlp(engine, 1, 32, 1)
    loss, before = engine.nn.MSELoss(), mlp(engine, 1, 32, 1)
    optimizer = engine.optim.SGD(model.parameters(), lr=0.1)
    history = fit(model, optimizer, loss, Loader(data, 20), epochs=150, validate=data)
    assert evaluate(before, loss, data)[0] > 0.3 and history.losses["validation"][-1] < 0.05
    assert history.accuracies == {} and np.isnan(evaluate(model, loss, data)[1])
    assert predict(model, data.x).shape == (200, 1)


def test_numbers_of_a_real_table_are_learned(engine):
    train, test = split(load_diabetes())
    x, y = Standardizer().fit(train.x), Standardizer().fit(train.y)
    train, test = (
        Dataset(x.transform(part.x), y.transform(part.y), (), part.name, part.source, part.feature_names, "progress")
        for part in (train, test)
    )
    model = mlp(engine, 10, 1)
    loss = engine.nn.MSELoss()
    history = fit(model, engine.optim.SGD(model.parameters(), lr=0.05), loss, Loader(train, 32), epochs=30)
    assert history.losses["train"][-1] < 0.6 < history.losses["train"][0]
    # Always answering the mean has an error of the test part's own variance, about 1.
    assert evaluate(model, loss, test)[0] < 0.75 * np.mean(test.y**2)


# -- the history


def test_history_has_a_value_for_each_epoch_and_part(engine):
    train, test = split(moons(100))
    _, history = run(engine, train, epochs=4, validate=test)
    assert {k: len(v) for k, v in history.losses.items()} == {"train": 4, "validation": 4}
    assert {k: len(v) for k, v in history.accuracies.items()} == {"train": 4, "validation": 4}
    assert all(type(value) is float for curve in history.losses.values() for value in curve)
    assert repr(history).startswith("4 epochs: train loss ") and "validation accuracy" in repr(history)
    draw_losses(history.losses)
    _, alone = run(engine, train, epochs=4)
    assert (
        set(alone.losses) == {"train"} and alone.losses["train"] == history.losses["train"]
    )  # looking changes nothing


def test_the_losses_are_means_over_examples(engine):
    """With a learning rate of 0 nothing moves, so each epoch's mean is the loss on the whole set."""
    data = moons(50)  # batches of 16, 16, 16 and 2: a mean of the batches' means would differ
    model, history = run(engine, data, epochs=2, lr=0.0, validate=data)
    error, share = evaluate(model, engine.nn.CrossEntropyLoss(), data)
    for part in ("train", "validation"):
        np.testing.assert_allclose(history.losses[part], [error, error], rtol=1e-5)
        np.testing.assert_allclose(history.accuracies[part], [share, share])
    assert share == (predict(model, data.x).argmax(1) == data.y).mean()


def test_the_same_seeds_give_the_same_run(engine):
    (a, first), (b, second), (_, other) = (run(engine, moons(100), seed=seed) for seed in (0, 0, 1))
    assert first == second and first.losses != other.losses
    for name, w in weights(a).items():
        np.testing.assert_array_equal(w, weights(b)[name])


def test_both_engines_make_the_same_run():
    torch_engine = pytest.importorskip("nnlib.torch")
    train, test = split(moons(200))
    model, twin = mlp(by_hand, 2, 16, 16, 2), mlp(torch_engine, 2, 16, 16, 2)
    twin.load_state_dict(torch_engine.tensors(model.state_dict()))
    histories = [
        fit(
            net,
            engine.optim.SGD(net.parameters(), lr=0.1, momentum=0.9),
            engine.nn.CrossEntropyLoss(),
            Loader(train, 16, seed=3),
            epochs=10,
            validate=test,
        )
        for net, engine in ((model, by_hand), (twin, torch_engine))
    ]
    assert histories[0].losses["train"][-1] < 0.5 * histories[0].losses["train"][0]
    for part in ("train", "validation"):
        np.testing.assert_allclose(histories[0].losses[part], histories[1].losses[part], atol=1e-4)
        np.testing.assert_allclose(histories[0].accuracies[part], histories[1].accuracies[part], atol=0.02)
    np.testing.assert_allclose(predict(model, test.x), predict(twin, test.x), atol=1e-3)


def test_data_take_the_dtype_of_the_parameters(engine):
    model = mlp(engine, 2, 4, 2).double()
    optimizer = engine.optim.SGD(model.parameters(), lr=0.1)
    fit(model, optimizer, engine.nn.CrossEntropyLoss(), Loader(moons(20), 5), epochs=1)
    assert predict(model, moons(20).x).dtype == np.float64
    single = mlp(engine, 2, 4, 2)
    assert predict(single, moons(20).x.astype(np.float64)).dtype == np.float32


# -- modes


def probe(engine):
    """A model that notes in which mode each part was called."""

    class Probe(engine.nn.Module):
        def __init__(self):
            super().__init__()
            self.linear, self.inner, self.seen = engine.nn.Linear(2, 2), engine.nn.ReLU(), []

        def forward(self, x):
            self.seen.append((self.training, self.inner.training, len(x)))
            scores = self.linear(x)
            self.taped = scores.requires_grad
            return scores

    return Probe()


def test_training_happens_in_training_mode_and_validation_in_evaluation_mode(engine):
    train, test = moons(8), moons(6)
    model = probe(engine)
    model.eval()  # as a chapter that has just drawn a picture may leave it
    optimizer = engine.optim.SGD(model.parameters(), lr=0.1)
    fit(model, optimizer, engine.nn.CrossEntropyLoss(), Loader(train, 4), epochs=2, validate=test)
    assert model.seen == 2 * [(True, True, 4), (True, True, 4), (False, False, 6)]
    assert model.training and model.inner.training


def test_predict_puts_each_mode_back_whatever_happens(engine):
    model = probe(engine)
    model.inner.eval()
    got = predict(model, moons(10).x, batch_size=4)
    assert got.shape == (10, 2) and [seen[2] for seen in model.seen] == [4, 4, 2]
    assert not any(outer or inner for outer, inner, _ in model.seen)
    assert model.training and not model.inner.training
    with pytest.raises((ValueError, RuntimeError)):
        predict(model, np.zeros((3, 7), np.float32))
    assert model.training and not model.inner.training


def test_predict_records_no_tape_and_keeps_the_order(engine):
    model, data = probe(engine), moons(30)
    once, chunks = predict(model, data.x, batch_size=30), predict(model, data.x, batch_size=7)
    np.testing.assert_allclose(once, chunks, atol=1e-6)
    assert not model.taped and all(p.grad is None for p in model.parameters())
    with pytest.raises(ValueError, match=r"at least one example, got x of shape \(0, 2\)"):
        predict(model, data.x[:0])


# -- it stops


def test_nan_in_the_inputs_stops_before_the_step(engine):
    data = moons(12)
    parts = [(data.x[i : i + 4], data.y[i : i + 4]) for i in (0, 4, 8)]
    bad = [parts[0], (np.full((4, 2), np.nan, np.float32), parts[1][1]), parts[2]]
    loss = engine.nn.CrossEntropyLoss()
    model, good = mlp(engine, 2, 4, 2), mlp(engine, 2, 4, 2)
    fit(good, engine.optim.SGD(good.parameters(), lr=0.1), loss, [*parts, parts[0]], epochs=1)

    class Epochs:
        """A clean first epoch, and NaN in the second batch of the second."""

        epoch = 0

        def __iter__(self):
            self.epoch += 1
            return iter(parts if self.epoch == 1 else bad)

    with pytest.raises(
        FloatingPointError, match="^epoch 2, batch 2: the loss is nan.*inputs of this batch contain NaN"
    ):
        fit(model, engine.optim.SGD(model.parameters(), lr=0.1), loss, Epochs(), epochs=3)
    for name, w in weights(model).items():  # as after the last good step, and not one step further
        np.testing.assert_array_equal(w, weights(good)[name])


def test_a_learning_rate_that_is_too_large_is_named(engine):
    train = sine(50)
    train = Dataset(100 * train.x, train.y, (), "wide sine", "test")
    model = mlp(engine, 1, 8, 1)
    with pytest.raises(
        FloatingPointError, match="learning rate .*it is 10: try a tenth.*largest here is 314"
    ) as caught:
        fit(
            model,
            engine.optim.SGD(model.parameters(), lr=10),
            engine.nn.MSELoss(),
            Loader(train, 50),
            epochs=100,
        )
    assert all(np.isfinite(w).all() for w in weights(model).values()), caught.value


def test_a_gradient_that_is_nan_stops_too(engine):
    """The root of 0 is finite; its derivative is not."""
    model, data = mlp(engine, 2, 4, 2), moons(8)
    before = weights(model)

    def loss(scores, y):
        return (scores * 0).sum() ** 0.5

    optimizer = engine.optim.SGD(model.parameters(), lr=0.1)
    with pytest.raises(FloatingPointError, match="epoch 1, batch 1: a gradient is NaN or infinite, at a loss of 0"):
        fit(model, optimizer, loss, Loader(data, 4), epochs=1)
    for name, w in weights(model).items():
        np.testing.assert_array_equal(w, before[name])


def test_mistakes_are_named(engine):
    data, loss = moons(8), engine.nn.CrossEntropyLoss()
    model, other = mlp(engine, 2, 4, 2), mlp(engine, 2, 4, 2)
    optimizer = engine.optim.SGD(model.parameters(), lr=0.1)
    with pytest.raises(ValueError, match="epochs is a whole number from 1, got 0"):
        fit(model, optimizer, loss, Loader(data, 4), epochs=0)
    with pytest.raises(ValueError, match="holds none of this model's parameters"):
        fit(other, optimizer, loss, Loader(data, 4), epochs=1)
    with pytest.raises(ValueError, match="epoch 2 got no batches: .* a generator is used up"):
        fit(model, optimizer, loss, iter(Loader(data, 4)), epochs=2)
    with pytest.raises(ValueError, match="ReLU has no parameters"):
        fit(engine.nn.ReLU(), optimizer, loss, Loader(data, 4), epochs=1)
    with pytest.raises(TypeError, match="moons: loop over Loader"):
        fit(model, optimizer, loss, data, epochs=1)
    with pytest.raises(TypeError, match="a model is evaluated on a Dataset, .* got tuple"):
        fit(model, optimizer, loss, Loader(data, 4), epochs=1, validate=(data.x, data.y))
    with pytest.raises(TypeError, match=r"the loss is the class CrossEntropyLoss: make one of it"):
        fit(model, optimizer, engine.nn.CrossEntropyLoss, Loader(data, 4), epochs=1)
    with pytest.raises(TypeError, match=r"the optimizer is the class SGD"):
        fit(model, engine.optim.SGD, loss, Loader(data, 4), epochs=1)
    with pytest.raises(TypeError, match="give its .x"):
        predict(model, data)
    with pytest.raises(ValueError, match="batch_size must be at least 1, got 0"):
        predict(model, data.x, 0)
    with pytest.raises(TypeError, match="a model is evaluated on a Dataset, .* got ndarray"):
        evaluate(model, loss, data.x)


# -- accuracy


def test_accuracy_takes_the_largest_score_or_the_sign_of_one():
    y = np.array([0, 1, 1, 0])
    assert accuracy(np.array([[1.0, 0], [0, 1], [1, 0], [1, 0]]), y) == 0.75
    assert accuracy(np.array([[-1.0], [2.0], [-3.0], [4.0]]), y) == 0.5
    assert accuracy(np.array([-1.0, 2.0, 3.0, -4.0]), y) == 1
    assert np.isnan(accuracy(np.zeros((4, 1)), y * 1.0))
    assert accuracy(np.eye(2)[None].repeat(3, 0), np.zeros((3, 2), int)) == 0.5  # (N, C, T): classes come second
    with pytest.raises(ValueError, match=r"scores of shape \(4, 3\) need classes of shape \(4,\), got \(5,\)"):
        accuracy(np.zeros((4, 3)), np.zeros(5, int))
    with pytest.raises(ValueError, match="no examples"):
        accuracy(np.zeros((0, 3)), np.zeros(0, int))


def test_one_logit_and_its_loss(engine):
    """Two classes with one output: the loss brings the classes into its own form, the accuracy is still there."""
    data = moons(100)

    def loss(z, y):
        return engine.functional.mse_loss(engine.functional.sigmoid(z), engine.tensor(np.float32(y).reshape(-1, 1)))

    model = mlp(engine, 2, 16, 1)
    history = fit(model, engine.optim.SGD(model.parameters(), lr=1.0), loss, Loader(data, 10), epochs=20)
    assert history.accuracies["train"][-1] > 0.85


def test_history_repr_without_epochs():
    assert repr(History()) == "0 epochs: "
