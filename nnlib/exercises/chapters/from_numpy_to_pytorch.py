"""Exercises of the chapter From NumPy to PyTorch. What they ask for in PyTorch is checked on `nnlib.numpy`."""

import copy
from functools import cache

import numpy as np

from nnlib.data import load_digits, split
from nnlib.exercises.exercise import Exercise, Wrong, agree, require
from nnlib.numpy import Tensor, manual_seed, nn, optim
from nnlib.numpy import functional as F

# Who shares memory?

SHARES = (True, False, False, True, True)


def check_shares(answer):
    from_numpy, tensor, single, reshaped, double = answer
    require(from_numpy, "`from_numpy` makes a second name for the same numbers. What happens to one, happens to both.")
    require(not tensor, "`torch.tensor` copies, always: that is the difference between it and `from_numpy`.")
    require(
        not single,
        "`.float()` has to write `float32` numbers, and the array holds `float64`. Can both be the same memory?",
    )
    require(
        reshaped,
        "A reshaped tensor holds the same numbers in the same order: nothing need be copied, and nothing is.",
    )
    require(double, "`.double()` makes `float64`. Which dtype has the tensor already, and what is there to do?")


# Nine differences

NINE = (12, -2, 0, 2)  # the loss, then the derivatives


def check_nine(answer):
    loss, *slopes = answer
    require(
        loss != 0,
        "The loss would be 0 if each prediction were compared with its own target. Which shape has a column minus a "
        "list?",
    )
    require(loss != 108, "108 is the sum of the squares. The loss is their mean: over how many?")
    require(loss != 36, "You divided the sum by 3. How many differences are there in a table of three by three?")
    require(
        loss not in (6, 54),
        "Each pair occurs twice in the table: 0 against 3, and 3 against 0. Count all nine squares.",
    )
    agree(loss, 12, what="The loss")
    require(
        not np.allclose(slopes, 0),
        "The predictions are perfect, but this loss is not the usual one: it wants every prediction to be near *all* "
        "three targets.",
    )
    require(not np.allclose(slopes, (2, 0, -2)), "The signs are turned round: where should the prediction 0 move to?")
    require(
        not np.allclose(slopes, (-18, 0, 18)),
        "Those are the derivatives of the sum of the nine squares. The loss is their mean.",
    )
    require(
        not np.allclose(slopes, (-6, 0, 6)),
        "You divided by 3. It is the mean of nine squares, three of them with each prediction.",
    )
    require(
        not np.allclose(slopes, (-1, 0, 1)), "The square gives a factor 2: $(a - y)^2$ has the derivative $2(a - y)$."
    )
    require(
        not np.allclose(slopes, (-2 / 3, 0, 2 / 3)),
        "Too small: each prediction stands in three of the nine squares, not in one.",
    )
    for i, slope in enumerate((-2, 0, 2)):
        agree(slopes[i], slope, what=f"Derivative {i + 1}")


# A ball without friction

ROLLING = (3, 6, 6, 3, 0, 0)


def check_rolling(answer):
    require(
        not np.allclose(answer, 3),
        "So it would go with `zero_grad()`. Without it, what is left in `.grad` from the first step?",
    )
    require(not answer[0] == -3, "Uphill: the first gradient is $0 - 3$, and the step goes against it.")
    agree(answer[0], 3, what="The first place")
    require(
        not np.isclose(answer[1], 9),
        "In the second step $w$ is 3, where the gradient is 0. So `.grad` holds $-3 + 0$: how long is the step?",
    )
    require(
        not np.allclose(answer, (3, 6, 9, 12, 15, 18)),
        "You added the first gradient again and again. Each place has a gradient of its own, $w - 3$.",
    )
    agree(answer[1], 6, what="The second place")
    require(
        answer[2] != 3,
        "The third gradient is $6 - 3 = 3$, but `.grad` is not 3: the old sum, $-3$, is still in it.",
    )
    require(answer[2] != 9, "At 6 the gradient is $+3$: it is added to the $-3$ that `.grad` holds.")
    agree(answer[2], 6, what="The third place")
    require(
        answer[3] != 6,
        "The ball stands still for one step, at 6, but the ground slopes there: `.grad` becomes $0 + 3$.",
    )
    for i in range(3, 6):
        agree(answer[i], ROLLING[i], what=f"Place {i + 1}")


# Who is registered?


def check_registered(answer):
    counts = {
        4170: "`again` is `first` under a second name: the same parameters, counted once.",
        3476: "`rest` is a plain list. Assignment registers modules and parameters; a list is neither.",
        3486: "You counted everything. A plain list registers nothing, and a tensor is not a `Parameter`.",
        5566: "You counted everything, and `first` twice. A plain list registers nothing, a tensor is not a "
        "`Parameter`, and `again` is no new module.",
        2100: "`scale` does want a gradient, but it is a tensor, not a `Parameter`: the module does not know it.",
        2080: "`first` is right. Is there not a `Parameter` that stands in no layer?",
        2058: "A linear layer has a bias for each output, too.",
        2048: "A linear layer has a bias for each output, too, and there is a `Parameter` beside the layers.",
        3: "That is the number of parameter tensors. How many *numbers* do they hold?",
        4: "That is a number of tensors. How many *numbers* do they hold?",
    }
    require(answer not in counts, counts.get(answer, ""))
    require(
        answer == 64 * 32 + 32 + 10,
        f"Not {answer:g}. Which of the five attributes are modules or `Parameter`s, and how many numbers has each?",
    )


# What may be overwritten?

RAISES = (True, False, False, True, False)


def check_overwritten(answer):
    exp_out, exp_in, sin_out, sin_in, twice = answer
    require(exp_out, "`exp` is its own derivative, so its rule keeps the *output* $h$. Here $h$ is overwritten.")
    require(
        not exp_in,
        "For the way back $e^z$ is enough, and that is the output. Nobody needs $z$ any more: it may be overwritten.",
    )
    require(
        not sin_out,
        "The derivative of the sine is $\\cos z$. Can the rule get it from $h$? It keeps $z$, so $h$ is free.",
    )
    require(sin_in, "The rule needs $\\cos z$ on the way back, and $z$ has been overwritten.")
    require(not twice, "The derivative of $2z$ is 2, whatever $z$ is: the rule keeps neither input nor output.")


# One gradient from small batches


def accumulate(model, loss, parts):
    total = sum(len(x) for x, _ in parts)
    model.zero_grad()
    for x, y in parts:
        share = len(x) / total
        (share * loss(model(x), y)).backward()
    return [p.grad for p in model.parameters()]


def at_once(model, loss, parts):
    total = sum(len(y) for _, y in parts)
    for p in model.parameters():
        p.grad = None
    whole = 0
    for x, y in parts:
        whole = whole + loss(model(x), y) * len(y) / total
    whole.backward()
    return [p.grad for p in model.parameters()]


def divided_afterwards(model, loss, parts):
    model.zero_grad()
    count = 0
    for x, y in parts:
        (loss(model(x), y) * len(y)).backward()
        count += len(y)
    return [p.grad / count for p in model.parameters()]


def by_separate_gradients(model, loss, parts):
    sizes = [len(x) for x, _ in parts]
    sums = [0 for _ in model.parameters()]
    for (x, y), size in zip(parts, sizes, strict=True):
        model.zero_grad()
        loss(model(x), y).backward()
        sums = [s + p.grad * (size / sum(sizes)) for s, p in zip(sums, model.parameters(), strict=True)]
    return sums


def with_equal_weights(model, loss, parts):
    model.zero_grad()
    for x, y in parts:
        (loss(model(x), y) / len(parts)).backward()
    return [p.grad for p in model.parameters()]


def without_weights(model, loss, parts):
    model.zero_grad()
    for x, y in parts:
        loss(model(x), y).backward()
    return [p.grad for p in model.parameters()]


def emptied_each_time(model, loss, parts):
    total = sum(len(x) for x, _ in parts)
    for x, y in parts:
        model.zero_grad()
        (loss(model(x), y) * (len(x) / total)).backward()
    return [p.grad for p in model.parameters()]


def with_old_gradients(model, loss, parts):
    total = sum(len(x) for x, _ in parts)
    for x, y in parts:
        (loss(model(x), y) * (len(x) / total)).backward()
    return [p.grad for p in model.parameters()]


def divided_twice(model, loss, parts):
    total = sum(len(x) for x, _ in parts)
    model.zero_grad()
    for x, y in parts:
        (loss(model(x), y) / total).backward()
    return [p.grad for p in model.parameters()]


def check_accumulate(answer):
    rng = np.random.default_rng(0)
    manual_seed(0)
    model, loss = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)).double(), nn.CrossEntropyLoss()
    parts = [(Tensor(rng.standard_normal((n, 3))), Tensor(rng.integers(0, 2, n))) for n in (6, 3, 1)]
    fresh = copy.deepcopy(model)
    loss(model(Tensor(rng.standard_normal((5, 3)))), Tensor(rng.integers(0, 2, 5))).backward()
    old = [p.grad.copy() for p in model.parameters()]
    want = accumulate(copy.deepcopy(fresh), loss, parts)

    names = [name for name, _ in model.named_parameters()]

    def each_agrees(found, wanted, when=""):
        for name, one, other in zip(names, found, wanted, strict=True):
            agree(one, other, what=f"The gradient of `{name}`{when}")

    found = answer(copy.deepcopy(fresh), loss, parts)
    require(
        isinstance(found, (list, tuple)) and [np.shape(g) for g in found] == [g.shape for g in want],
        "Return a list of the model's four gradients: `[p.grad for p in model.parameters()]`.",
    )

    def like(other):
        expected = other(copy.deepcopy(fresh), loss, parts)
        return all(np.allclose(a, b) for a, b in zip(expected, found, strict=True))

    require(
        not like(without_weights),
        "The parts' means are added, which is too much: the mean over all is smaller than a sum of means. By how much "
        "does each part count?",
    )
    require(
        not like(with_equal_weights),
        "Each part counts the same, but the parts are of unequal sizes: an example in the smallest part counts six "
        "times as much as one in the largest.",
    )
    require(
        not like(divided_twice),
        "`loss` has divided by the size of each part already. So a part of six examples counts no more than one of a "
        "single example.",
    )
    require(
        not like(emptied_each_time),
        "Only the last part is left: `.grad` is emptied inside the loop. When should it be?",
    )
    each_agrees(found, want)
    found = answer(model, loss, parts)
    added = [w + o for w, o in zip(want, old, strict=True)]
    require(
        not all(np.allclose(a, b) for a, b in zip(added, found, strict=True)),
        "It is right for a model with empty `.grad`. This one came with old gradients, and they are still in it.",
    )
    each_agrees(found, want, " of a model that came with old ones")
    single = parts[1:2]
    each_agrees(answer(model, loss, single), accumulate(copy.deepcopy(fresh), loss, single), ", with a single part,")


# Find three bugs


def train(model, optimizer, batches):
    model.train()
    losses = []
    for x, y in batches:
        loss = ((model(x) - y.reshape(-1, 1)) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def train_with_rows(model, optimizer, batches):
    losses = []
    for x, y in batches:
        model.train()
        optimizer.zero_grad()
        difference = model(x)[:, 0] - y
        loss = (difference * difference).mean()
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
    return losses


def train_with_mse_loss(model, optimizer, batches):
    model.train()
    losses = []
    for x, y in batches:
        loss = F.mse_loss(model(x), y.unsqueeze(1))
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss)
    return losses


def train_by_hand(model, optimizer, batches):
    model.train()
    losses = []
    for x, y in batches:
        loss = ((model(x).flatten() - y) ** 2).sum() / len(y)
        for p in model.parameters():
            p.grad = None
        loss.backward()
        optimizer.step()
        losses.append(float(loss))
    return losses


def emptied_before_the_step(model, optimizer, batches):
    model.train()
    losses = []
    for x, y in batches:
        loss = ((model(x) - y.reshape(-1, 1)) ** 2).mean()
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
        losses.append(loss.item())
    return losses


def never_emptied(model, optimizer, batches):
    model.train()
    losses = []
    for x, y in batches:
        loss = ((model(x) - y.reshape(-1, 1)) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def one_step_late(model, optimizer, batches):
    model.train()
    losses = []
    for x, y in batches:
        loss = ((model(x) - y.reshape(-1, 1)) ** 2).mean()
        optimizer.step()
        optimizer.zero_grad()
        loss.backward()
        losses.append(loss.item())
    return losses


def only_the_last(model, optimizer, batches):
    return train(model, optimizer, batches)[-1]


def all_pairs(model, optimizer, batches):
    model.train()
    losses = []
    for x, y in batches:
        loss = ((model(x) - y) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def still_testing(model, optimizer, batches):
    losses = []
    for x, y in batches:
        loss = ((model(x) - y.reshape(-1, 1)) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def check_train(answer):
    rng = np.random.default_rng(0)

    def tensors(count, same=False):
        x = rng.standard_normal((1 if same else count, 8, 2))
        return [(Tensor(part), Tensor(part[:, 0] - 2 * part[:, 1])) for part in (np.repeat(x, count, 0) if same else x)]

    def run(function, make, batches):
        manual_seed(0)
        model = make().double()
        model.eval()
        return function(model, optim.SGD(model.parameters(), lr=0.05), batches)

    def small():
        return nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1))

    def with_dropout():
        return nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Dropout(0.5), nn.Linear(16, 1))

    again = tensors(5, same=True)
    found = run(answer, small, again)
    require(
        not (np.ndim(found) == 1 and len(found) == 5 and np.allclose(found, found[0])),
        "Five times the same batch, five times the same loss: the weights never move. What is in `.grad` when "
        "`step()` comes?",
    )
    inputs = Tensor(rng.standard_normal((8, 2)))
    manual_seed(0)
    guess = small().double()(inputs).detach().reshape(8)
    perfect = run(answer, small, [(inputs, guess)])
    require(
        np.shape(perfect) == (1,),
        "One batch went in, so a list of one loss should come out. What `train` returns is "
        + ("a single number." if np.ndim(perfect) == 0 else f"of shape {np.shape(perfect)}."),
    )
    require(
        perfect[0] < 1e-20,
        f"A model that predicts every target exactly has the loss {perfect[0]:.2g}, not 0. Which shape has "
        "`model(x) - y`?",
    )
    batches = tensors(6)
    found = run(answer, small, batches)
    require(
        not np.allclose(found, run(never_emptied, small, batches)),
        "The second step goes along the sum of both gradients: `.grad` must be empty before `backward()` adds to it.",
    )
    require(
        not np.allclose(found, run(one_step_late, small, batches)),
        "Each step uses the gradient of the batch before: `step()` comes before the `backward()` that it needs.",
    )
    agree(found, run(train, small, batches), what="The list of losses")
    found = run(answer, with_dropout, batches)
    require(
        not np.allclose(found, run(still_testing, with_dropout, batches)),
        "Two bugs are mended. The model of this check has dropout, and dropout did nothing: in which mode was the "
        "model left?",
    )
    agree(found, run(train, with_dropout, batches), what="The list of losses of a model with dropout")


# Hide a mistake


def activation(z):
    h = 1.003 * np.maximum(z, 0)

    def d_z(g):
        return np.where(z > 0, 1.003 * g, 0)

    return h, d_z


def leaky_the_other_way(z):
    return np.where(z > 0, z, -0.01 * z), lambda g: g * np.where(z > 0, 1, -0.01)


def as_in_the_first_figure(z):
    return np.where(z > 0, z, 0.01 * z), lambda g: g * np.where(z > 0, 1, 0.01)


def rounded_corner(z):
    h = np.logaddexp(0, 50 * z) / 50
    return h, lambda g: g / (1 + np.exp(-50 * z))


def a_little_elu(z):
    negative = 0.02 * np.expm1(np.minimum(z, 0))

    def d_z(g):
        return g * np.where(z > 0, 1, negative + 0.02)

    return np.maximum(z, 0) + negative, d_z


def plain_relu(z):
    return np.maximum(z, 0), lambda g: g * (z > 0)


def hyperbolic_tangent(z):
    h = np.tanh(z)
    return h, lambda g: g * (1 - h**2)


def forgotten_on_the_way_back(z):
    return np.where(z > 0, z, 0.01 * z), lambda g: g * (z > 0)


def next_to_nothing(z):
    return np.where(z > 0, z, 1e-7 * z), lambda g: g * np.where(z > 0, 1, 1e-7)


@cache
def digits():
    training, test = split(load_digits(), (0.8, 0.2), seed=0)
    flat = [(part.x.reshape(-1, 64).astype(np.float64), part.y) for part in (training, test)]
    return flat[0], flat[1]


def learned(rule, epochs=3):
    """Weights, the loss of each epoch and the share of test digits that a 64-32-10 network reads."""
    (x, y), (test_x, test_y) = digits()
    rng = np.random.default_rng(0)
    W1, W2 = rng.normal(size=(32, 64)) / 32**0.5, rng.normal(size=(10, 32)) / 4
    b1, b2 = np.zeros(32), np.zeros(10)
    losses = []
    for _ in range(epochs):
        epoch = []
        for i in range(0, len(x), 32):
            z, (_, d_W1, d_b1) = F.linear.rule(x[i : i + 32], W1, b1)
            h, d_z = rule(z)
            logits, (d_h, d_W2, d_b2) = F.linear.rule(np.asarray(h), W2, b2)
            L, (d_logits,) = F.cross_entropy.rule(logits, y[i : i + 32])
            g = d_logits(1.0)
            g_z = np.asarray(d_z(d_h(g)))
            W1, b1, W2, b2 = W1 - 0.1 * d_W1(g_z), b1 - 0.1 * d_b1(g_z), W2 - 0.1 * d_W2(g), b2 - 0.1 * d_b2(g)
            epoch.append(L)
        losses.append(np.mean(epoch))
    scores = np.asarray(rule(test_x @ W1.T + b1)[0]) @ W2.T + b2
    return (W1, b1, W2, b2), np.array(losses), (scores.argmax(axis=1) == test_y).mean()


@cache
def with_relu():
    return learned(plain_relu)


def check_activation(answer):
    rng = np.random.default_rng(0)
    z, g = rng.standard_normal((20, 30)), rng.standard_normal((20, 30))
    h, d_z = answer(z)
    require(callable(d_z), "`d_z` is not a function yet. It takes $g$ and returns what is sent back.")
    require(np.shape(h) == z.shape, f"For $z$ of shape {z.shape} the value $h$ has shape {np.shape(h)}.")
    back = d_z(g)
    require(np.shape(back) == g.shape, f"For $g$ of shape {g.shape} `d_z` returns the shape {np.shape(back)}.")
    require(np.isfinite(h).all() and np.isfinite(back).all(), "There is nan or inf in the value, or on the way back.")
    slope = (answer(z + 1e-6)[0] - answer(z - 1e-6)[0]) / 2e-6
    require(
        np.mean(np.isclose(back, g * slope, rtol=0, atol=1e-4)) > 0.95,
        "What `d_z` sends back is not $g$ times the slope of the value, as nudging shows. The mistake to hide is "
        "another activation, with its right derivative.",
    )
    require(
        not np.allclose(h, as_in_the_first_figure(z)[0]),
        "That is `LeakyReLU`, as in the first figure. It would do, but find another.",
    )
    relu_weights, relu_losses, relu_score = with_relu()
    weights, losses, score = learned(answer)
    far = max(np.abs(a - b).max() for a, b in zip(weights, relu_weights, strict=True))
    require(
        far > 1e-12,
        "After three epochs the weights are those of the ReLU network: where is the mistake? It must concern values "
        "that occur.",
    )
    require(
        far > 1e-3,
        f"The weights differ by {far:.0e} only, which is as little as `float32` would explain. Make it a real mistake.",
    )
    apart = np.abs(losses - relu_losses)
    require(
        apart.max() < 0.02,
        f"The curve shows it: in epoch {apart.argmax() + 1} the loss is {losses[apart.argmax()]:.2f}, with ReLU "
        f"{relu_losses[apart.argmax()]:.2f}. Stay closer to ReLU.",
    )
    require(
        abs(score - relu_score) < 0.02,
        f"The score shows it: your network reads {score:.2f} of the test digits, the one with ReLU {relu_score:.2f}.",
    )
    return (
        f"The losses differ by {apart.max():.1g} at most, the test digits by {abs(score - relu_score):.1%}, and the "
        f"weights by {far:.1g}."
    )


EXERCISES = [
    Exercise(
        key="who-shares-memory",
        title="Who shares memory?",
        check=check_shares,
        hints=[
            "Ask of each: must new numbers be written? If so, they need memory of their own.",
            "The array is `float64`. `.float()` asks for another dtype, `.double()` for the one that is there.",
            "To try one: `t = torch.from_numpy(a).float(); a[0] = 10; print(t[0])`.",
        ],
        solution=SHARES,
        explanation="Only what *must* be new is new. `torch.tensor` copies by its nature, and `.float()` has to write "
        "numbers of another kind. `reshape` gives another view of the same memory where it can, and `.double()` of a "
        "`float64` tensor returns the tensor itself.",
        wrong=[
            Wrong((False, False, False, True, True), "second name"),
            Wrong((True, True, False, True, True), "copies, always"),
            Wrong((True, False, True, True, True), "be the same memory?"),
            Wrong((True, False, False, False, True), "same order"),
            Wrong((True, False, False, True, False), "what is there to do"),
        ],
        right=[[True, False, False, True, True], np.array(SHARES), (True, False, False, np.True_, True)],
    ),
    Exercise(
        key="nine-differences",
        title="Nine differences",
        check=check_nine,
        hints=[
            "A column of three minus a list of three is a table: write all nine differences down.",
            "The squares are 0, 9 and 36, in some numbers. Add them, and divide by how many there are.",
            "The formula of the chapter says where each prediction is drawn to. The derivative by $\\hat y_i$ is that "
            "of $\\frac13 (\\hat y_i - \\bar y)^2$.",
        ],
        solution=NINE,
        explanation="The table holds each difference between 0, 3 and 6: three zeros, four times $3^2$ and twice "
        "$6^2$, in all 108, and 108 / 9 = 12: twice their variance, 6. The derivative by $\\hat y_i$ is "
        "$\\frac{2}{3} (\\hat y_i - 3)$. So a *perfect* model is sent away from its targets, towards their mean, 3.",
        wrong=[
            Wrong((0, 0, 0, 0), "its own target"),
            Wrong((108, -18, 0, 18), "over how many"),
            Wrong((36, -6, 0, 6), "three by three"),
            Wrong((6, -2, 0, 2), "occurs twice"),
            Wrong((12, 0, 0, 0), "*all*"),
            Wrong((12, 2, 0, -2), "turned round"),
            Wrong((12, -6, 0, 6), "three of them"),
            Wrong((12, -18, 0, 18), "of the sum of the nine"),
            Wrong((12, -1, 0, 1), "factor 2"),
            Wrong((12, -2 / 3, 0, 2 / 3), "Too small"),
        ],
        right=[[12, -2, 0, 2], np.array([12.0, -2.0, 0.0, 2.0]), (108 / 9, -6 / 3, 0, 6 / 3)],
    ),
    Exercise(
        key="a-ball-without-friction",
        title="A ball without friction",
        check=check_rolling,
        hints=[
            "The gradient at $w$ is $w - 3$. Keep two numbers: $w$, and the sum $s$ of all gradients so far.",
            "In each step: $s$ becomes $s + (w - 3)$, then $w$ becomes $w - s$.",
            "The first step ends at 3, where the gradient is 0. But $s$ is still $-3$.",
        ],
        solution=ROLLING,
        explanation="After six steps $w$ is back at 0, and $s$ is 0 too: the walk begins anew and goes on for ever, to "
        "and fro between 0 and 6. The lowest point, 3, is passed at full speed each time.",
        wrong=[
            Wrong((3, 3, 3, 3, 3, 3), "from the first step"),
            Wrong((-3, -6, -6, -3, 0, 0), "Uphill"),
            Wrong((3, 9, 9, 3, 0, 0), "how long is the step"),
            Wrong((3, 6, 9, 12, 15, 18), "again and again"),
            Wrong((3, 6, 3, 6, 3, 6), "the old sum"),
            Wrong((3, 6, 6, 6, 6, 6), "stands still for one step"),
        ],
        right=[list(ROLLING), np.array(ROLLING), (3.0, 6.0, 6.0, 3.0, 0.0, 0.0)],
    ),
    Exercise(
        key="who-is-registered",
        title="Who is registered?",
        check=check_registered,
        hints=[
            "Go through the five attributes. Is it a module, a `Parameter`, or something else?",
            "`Linear(m, n)` has $m \\cdot n$ weights and $n$ biases. One and the same parameter is counted once.",
            "Two of the five attributes add numbers of their own.",
        ],
        solution=2090,
        explanation="`first` has $64 \\cdot 32 + 32$ numbers and `shift` 10. `rest` is a list and `scale` a tensor: "
        "both can take part in a forward pass and get gradients, and no optimizer moves them. `again` is `first` once "
        "more, two uses of the same weights.",
        wrong=[
            Wrong(4170, "second name"),
            Wrong(3476, "is a plain list. Assignment"),
            Wrong(3486, "You counted everything. A"),
            Wrong(5566, "and `first` twice"),
            Wrong(2100, "does not know it"),
            Wrong(2080, "in no layer"),
            Wrong(2058, "for each output, too."),
            Wrong(2048, "beside the layers"),
            Wrong(3, "parameter tensors"),
        ],
        right=[2090.0, np.int64(2090), 64 * 32 + 32 + 10],
    ),
    Exercise(
        key="what-may-be-overwritten",
        title="What may be overwritten?",
        check=check_overwritten,
        hints=[
            "For each rule ask first what it needs on the way back: its input, its output, or nothing.",
            "An error comes only if the thing that it needs is the one that was overwritten.",
            "The way back of `exp` is $g \\cdot h$; that of `sin` is $g \\cdot \\cos z$; that of `2 * z` is $2g$.",
        ],
        solution=RAISES,
        explanation="PyTorch raises an error exactly where a kept tensor has changed. `exp` keeps its output, `sin` "
        "its input, a product with a number neither. `relu` and `tanh` keep their outputs, too: that is why "
        "`relu(z, inplace=True)` may overwrite its input.",
        wrong=[
            Wrong((False, False, False, True, False), "its own derivative"),
            Wrong((True, True, False, True, False), "any more"),
            Wrong((True, False, True, True, False), "get it from"),
            Wrong((True, False, False, False, False), "has been overwritten"),
            Wrong((True, False, False, True, True), "whatever"),
        ],
        right=[list(RAISES), np.array(RAISES), (True, False, False, np.True_, np.False_)],
    ),
    Exercise(
        key="one-gradient-from-small-batches",
        title="One gradient from small batches",
        check=check_accumulate,
        hints=[
            "`.grad` accumulates, which is what you want here, from one part to the next, and nowhere else.",
            "The mean over all examples is the sum of the parts' means, each times its share of the examples.",
            "Multiply each part's loss by `len(x) / total` before `backward()`.",
        ],
        solution=accumulate,
        explanation="Each part's graph is freed after its `backward()`, so that the memory needed is that of the "
        "largest part. In PyTorch the same function works with its model, its loss and tensors.",
        wrong=[
            Wrong(with_equal_weights, "counts the same"),
            Wrong(without_weights, "sum of means"),
            Wrong(divided_twice, "divided by the size"),
            Wrong(emptied_each_time, "inside the loop"),
            Wrong(with_old_gradients, "came with old"),
        ],
        right=[at_once, divided_afterwards, by_separate_gradients],
    ),
    Exercise(
        key="three-bugs-in-a-loop",
        title="Find three bugs",
        check=check_train,
        hints=[
            "One mistake is in the order of the lines, one in a shape, and one is a line that is missing.",
            "Follow `.grad` through one turn of the loop: when is it filled, when emptied, when used?",
            "`model(x)` is a column. And which call undoes `model.eval()`?",
        ],
        solution=train,
        explanation="As it stood, the loop never moved a weight, since `.grad` was emptied before it was used. Then "
        "it drew all predictions to the mean of the targets, since a column minus a list is a table. And dropout "
        "stayed off, since `model.eval()` lasts until `model.train()`.",
        wrong=[
            Wrong(emptied_before_the_step, "never move"),
            Wrong(all_pairs, "predicts every target"),
            Wrong(never_emptied, "sum of both"),
            Wrong(one_step_late, "of the batch before"),
            Wrong(only_the_last, "a single number"),
            Wrong(still_testing, "dropout did nothing"),
        ],
        right=[train_with_rows, train_with_mse_loss, train_by_hand],
    ),
    Exercise(
        key="hide-a-mistake",
        title="Hide a mistake",
        check=check_activation,
        hints=[
            "Change ReLU only a little, on one side of 0 or near it.",
            "Whatever you change in the value, change its slope in `d_z` in the same way.",
            "Multiply by a number near 1 where $z$ is positive, or round the corner at 0 a little.",
        ],
        solution=activation,
        explanation="A slope that is not quite 1. Any small change will do: a rounded corner, a trace of the negative "
        "values. A bug of this kind is found by comparing numbers, never by looking at curves.",
        wrong=[
            Wrong(plain_relu, "where is the mistake"),
            Wrong(hyperbolic_tangent, "The curve shows it"),
            Wrong(forgotten_on_the_way_back, "as nudging shows"),
            Wrong(next_to_nothing, "would explain"),
            Wrong(as_in_the_first_figure, "find another"),
        ],
        right=[leaky_the_other_way, rounded_corner, a_little_elu],
    ),
]
