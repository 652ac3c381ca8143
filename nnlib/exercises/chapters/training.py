"""Exercises of the chapter Training a network."""

import numpy as np

from nnlib.data import Dataset, Loader, Standardizer, batches, load_digits
from nnlib.exercises.exercise import Exercise, Wrong, agree, require
from nnlib.numpy import manual_seed, nn, no_grad, optim, tensor
from nnlib.training import fit, predict

# 1: in the training set's units


def check_units(answer):
    first, second, back = answer
    require(
        not np.allclose((first, second), (-1, 1)),
        "You took mean and deviation of the two new values. Whatever they were, they would come out as -1 and 1.",
    )
    require(
        not np.allclose((first, second), (-0.4, 0)),
        "You divided by 25. That is the mean squared distance from the mean; the deviation is its root.",
    )
    require(
        not np.allclose((first, second), (-10, 0)),
        "The mean is subtracted. Now divide by the deviation: how far from 15 are the training values?",
    )
    require(
        not np.isclose(first, -(3**0.5), atol=5e-3),
        "You divided the squares by 3, one less than their number. The mean of four squares divides by 4.",
    )
    agree(first, -2, what="What 5 becomes", tolerance=1e-3)
    agree(second, 0, what="What 15 becomes", tolerance=1e-3)
    require(not np.isclose(back, -2.4), "You standardised 3. It is standardised already: go back from it to a value.")
    require(not np.isclose(back, 15), "15 is three deviations. From where are they counted?")
    agree(back, 30, what="The value that becomes 3", tolerance=1e-3)


# 2: how sure?


def check_how_sure(answer):
    deviation, digits = answer
    require(
        not np.isclose(deviation, 0.000225),
        "That is $p(1-p)/N$, whose root is the deviation.",
    )
    require(
        not np.isclose(deviation, 0.3, atol=1e-3),
        "That is $\\sqrt{p(1-p)}$, the deviation of a single digit. A mean of $N$ scatters less.",
    )
    require(not np.isclose(deviation, 0.03), "That is two deviations. One was asked for.")
    require(not np.isclose(deviation, 1.5), "1.5 is the deviation in percent. As a share, 1 % is 0.01.")
    require(not np.isclose(deviation, 6), "That is how many digits it is. As a share of the 400 digits?")
    agree(deviation, 0.015, what="The deviation", tolerance=1e-3)
    require(
        not np.isclose(digits, 1200),
        "Three times as many digits make the deviation smaller by the root of 3 only.",
    )
    require(not np.isclose(digits, 900), "900 digits give a deviation of 1 %. Here *two* deviations have to be 1 %.")
    require(not np.isclose(digits, 3200), "That many have to be added to the 400. How many is that in all?")
    require(
        not np.isclose(digits, 14400, rtol=1e-3),
        "That is sure to half a percent. Two deviations *up or down* have to be 1 %, not all four together.",
    )
    require(not 3450 < digits < 3460, "That is with 1.96 deviations. Here, take two.")
    agree(digits, 3600, what="The number of digits", tolerance=1e-3)


# 3: a confusion matrix


def confusion(y, said, classes):
    counts = np.zeros((classes, classes), dtype=int)
    for true, answer in zip(y, said, strict=True):
        counts[true, answer] += 1
    return counts


def confusion_at(y, said, classes):
    counts = np.zeros((classes, classes), dtype=int)
    np.add.at(counts, (y, said), 1)
    return counts


def confusion_by_bincount(y, said, classes):
    return np.bincount(classes * y + said, minlength=classes**2).reshape(classes, classes)


def confusion_by_one_hot(y, said, classes):
    eye = np.eye(classes)
    return eye[y].T @ eye[said]


def columns_are_true(y, said, classes):
    return confusion(said, y, classes)


def counted_once(y, said, classes):
    counts = np.zeros((classes, classes), dtype=int)
    counts[y, said] += 1
    return counts


def shares(y, said, classes):
    counts = confusion(y, said, classes)
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


def only_mistakes(y, said, classes):
    counts = confusion(y, said, classes)
    np.fill_diagonal(counts, 0)
    return counts


def as_large_as_needed(y, said, classes):
    return confusion(y, said, max(y.max(), said.max()) + 1)


Y = np.array([0, 1, 2, 2, 1, 0, 2, 2, 0, 1, 1, 2])
SAID = np.array([0, 1, 2, 1, 1, 2, 2, 1, 0, 1, 0, 2])


def check_confusion(answer):
    want = confusion(Y, SAID, 3)
    found = np.asarray(answer(Y, SAID, 3))
    require(
        found.shape == (3, 3), f"With three classes the table has the shape (3, 3); yours has the shape {found.shape}."
    )
    require(
        not np.array_equal(found, want.T),
        "Rows and columns are exchanged: a row belongs to the true class, a column to the answer.",
    )
    require(
        not np.array_equal(found, want > 0),
        "No field holds more than 1, though three 1s were read as 1. `counts[y, said] += 1` "
        "adds once to each field, however often its place stands in the lists.",
    )
    require(
        not np.allclose(found, shares(Y, SAID, 3)),
        "These are shares of each row. Counts were asked for.",
    )
    require(np.diag(found).any(), "The diagonal is empty: right answers are counted, too.")
    require(found.sum() == len(Y), f"There are {len(Y)} examples, and your table counts {found.sum():g}.")
    missing = np.asarray(answer(Y, SAID, 4))
    require(
        missing.shape == (4, 4),
        "Asked for four classes, of which the last never occurs, it has the shape "
        f"{missing.shape}: the number of classes is given, not to be found in the data.",
    )
    agree(answer, confusion, (Y, SAID, 3), (Y, SAID, 4), (SAID, Y, 5))


# 4: when to stop


def stop(losses, patience):
    best, when = float("inf"), 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < best:
            best, when = loss, epoch
        if epoch - when >= patience:
            break
    return when, epoch


def stop_by_waiting(losses, patience):
    best, waited = 0, 0
    for epoch in range(len(losses)):
        if epoch == 0 or losses[epoch] < losses[best]:
            best, waited = epoch, 0
        else:
            waited += 1
        if waited == patience:
            return best + 1, epoch + 1
    return best + 1, len(losses)


def stop_by_argmin(losses, patience):
    for ran in range(1, len(losses) + 1):
        best = int(np.argmin(losses[:ran])) + 1
        if ran - best >= patience:
            break
    return best, ran


def stop_with_while(losses, patience):
    ran = 0
    while ran < len(losses) and (ran == 0 or ran - 1 - losses.index(min(losses[:ran])) < patience):
        ran += 1
    return losses.index(min(losses[:ran])) + 1, ran


def rises_in_a_row(losses, patience):
    best, waited = 0, 0
    for epoch in range(len(losses)):
        if losses[epoch] < losses[best]:
            best = epoch
        waited = waited + 1 if epoch and losses[epoch] >= losses[epoch - 1] else 0
        if waited == patience:
            break
    return best + 1, epoch + 1


def kept_from_zero(losses, patience):
    when, ran = stop(losses, patience)
    return when - 1, ran


def best_of_all(losses, patience):
    return int(np.argmin(losses)) + 1, stop(losses, patience)[1]


def waits_one_more(losses, patience):
    return stop(losses, patience + 1)


def never_stops(losses, patience):
    return int(np.argmin(losses)) + 1, len(losses)


def last_instead_of_best(losses, patience):
    when, ran = stop(losses, patience)
    return ran, ran


def counted_from_zero(losses, patience):
    when, ran = stop(losses, patience)
    return when - 1, ran - 1


SAW = [1.0, 0.7, 0.5, 0.6, 0.55, 0.58, 0.56, 0.4, 0.3]


def epochs_of(found):
    """The two epochs that an answer returned, as whole numbers."""
    require(np.isfinite(found).all(), f"Return two epochs, whole numbers; got {found[0]:g} and {found[1]:g}.")
    return int(found[0]), int(found[1])


def check_stop(answer):
    smooth = [1.0, 0.6, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
    shown = "For the losses 1, 0.6, 0.4, 0.5, 0.6, 0.7, ... and a patience of 2"
    when, ran = epochs_of(answer(list(smooth), 2))
    require(
        (when, ran) not in ((2, 4), (2, 5), (3, 4)),
        f"{shown} you return {(when, ran)} instead of (3, 5): epochs are counted from 1.",
    )
    require((when, ran) != (3, 8), f"{shown} you look at all epochs. The later ones will never be trained.")
    require(
        (when, ran) != (5, 5),
        f"{shown} you return the epoch where it stops, twice. The first number is the epoch whose weights are kept.",
    )
    require(
        (when, ran) != (3, 6),
        f"{shown} you stop after 6 epochs: the third was the best, two more without progress are the fourth and fifth.",
    )
    require((when, ran) == (3, 5), f"{shown} the best epoch is 3, and it stops after 5. You return {(when, ran)}.")
    when, ran = epochs_of(answer(list(SAW), 4))
    require(
        (when, ran) != (9, 9),
        "Right while the loss rises smoothly. For 1, 0.7, 0.5, 0.6, 0.55, 0.58, 0.56, 0.4, 0.3 and a patience of 4 you "
        "never stop: 0.55 is better than the epoch before it, but not better than the best, 0.5. Which of the two "
        "starts the waiting anew?",
    )
    require(
        (when, ran) != (9, 7),
        "You stop after epoch 7, and say that epoch 9 was the best. It was never trained.",
    )
    require((when, ran) == (3, 7), f"On a loss that goes up and down you return {(when, ran)} instead of (3, 7).")
    found = epochs_of(answer([0.9, 0.5, 0.5, 0.5, 0.5], 2))
    require(
        found == (2, 4),
        f"For 0.9, 0.5, 0.5, 0.5, 0.5 and a patience of 2 you return {found}: a loss that only stays is no progress.",
    )
    agree(answer, stop, ([0.9, 0.8, 0.7], 3), ([0.5], 1), ([0.1, 0.2, 0.3, 0.05], 3), ([3.0, 2.0, 1.0, 1.5], 1))


# 5: no hand in two piles


def split_groups(groups, share, rng):
    names = rng.permutation(np.unique(groups))
    held_out = names[: round(share * len(names))]
    test = np.isin(groups, held_out)
    return np.flatnonzero(~test), np.flatnonzero(test)


def split_groups_by_choice(groups, share, rng):
    names = sorted(set(groups.tolist()))
    held_out = set(rng.choice(names, size=round(share * len(names)), replace=False).tolist())
    train = [i for i, g in enumerate(groups) if g not in held_out]
    test = [i for i, g in enumerate(groups) if g in held_out]
    return np.array(train), np.array(test)


def split_groups_shuffled(groups, share, rng):
    names, member = np.unique(groups, return_inverse=True)
    rank = rng.permutation(len(names))[member]
    order = rng.permutation(len(groups))
    test = rank[order] < round(share * len(names))
    return order[~test], order[test]


def split_groups_by_set(groups, share, rng):
    names = np.unique(groups)
    rng.shuffle(names)
    held_out = set(names[len(names) - round(share * len(names)) :].tolist())
    held = np.array([g in held_out for g in groups.tolist()])
    positions = np.arange(len(groups))
    return positions[~held], positions[held]


def split_rows(groups, share, rng):
    order = rng.permutation(len(groups))
    cut = round(share * len(groups))
    return order[cut:], order[:cut]


def cut_in_a_group(groups, share, rng):
    names = rng.permutation(np.unique(groups))
    order = np.concatenate([np.flatnonzero(groups == name) for name in names])
    cut = round(share * len(groups))
    return order[cut:], order[:cut]


def first_groups(groups, share, rng):
    names = np.unique(groups)
    test = np.isin(groups, names[: round(share * len(names))])
    return np.flatnonzero(~test), np.flatnonzero(test)


def piles_exchanged(groups, share, rng):
    return split_groups(groups, share, rng)[::-1]


def groups_drawn_again(groups, share, rng):
    names = np.unique(groups)
    test = np.isin(groups, rng.choice(names, size=round(share * len(names))))
    return np.flatnonzero(~test), np.flatnonzero(test)


def groups_by_number(groups, share, rng):
    people = groups.max() + 1
    held_out = np.isin(groups, rng.permutation(people)[: round(share * people)])
    return np.flatnonzero(~held_out), np.flatnonzero(held_out)


def names_of_groups(groups, share, rng):
    names = rng.permutation(np.unique(groups))
    cut = round(share * len(names))
    return names[cut:], names[:cut]


NAMES, SIZES = [3, 5, 7, 8, 11, 20, 21, 30, 42, 50], [4, 9, 5, 11, 7, 6, 12, 8, 5, 10]
GROUPS = np.random.default_rng(4).permutation(np.repeat(NAMES, SIZES))


def check_groups(answer):
    train, test = (np.asarray(part) for part in answer(GROUPS, 0.3, np.random.default_rng(0)))
    require(
        train.ndim == test.ndim == 1 and train.dtype.kind in "iu" and test.dtype.kind in "iu",
        "Return two arrays of positions, whole numbers from 0.",
    )
    require(
        len(train) + len(test) != 10,
        "These are the names of the groups. Return the positions of the examples that belong to them.",
    )
    require(len(test) > 0, "The test pile is empty.")
    both = set(GROUPS[train]) & set(GROUPS[test])
    rows = np.sort(np.concatenate([train, test]))
    require(
        np.array_equal(rows, np.arange(len(GROUPS))),
        "Each of the positions 0, 1, 2, ... has to be in one of the two piles, and in one only.",
    )
    cut = f"{len(both)} of the ten groups are" if len(both) > 1 else "One group is"
    require(
        not both,
        f"{cut} on both sides. " + ("Shuffle groups, not examples." if len(both) > 3 else "The cut goes through it."),
    )
    held = len(set(GROUPS[test]))
    require(held != 7, "The two piles stand in each other's place: the share is that of the test pile, the second one.")
    sets = [frozenset(GROUPS[answer(GROUPS, 0.3, np.random.default_rng(seed))[1]].tolist()) for seed in range(20)]
    require(
        len(set(sets)) > 1, "Twenty seeds, and each time the same groups are held out: let `rng` draw which groups."
    )
    counts = {len(s) for s in sets}
    require(
        max(counts) <= 3,
        f"Three of the ten groups were to be held out, and you hold out up to {max(counts)}. Their names need not be "
        "the numbers 0, 1, 2, ...: `np.unique(groups)` has each of them once.",
    )
    require(
        counts == {3},
        f"Three of the ten groups were to be held out, and you hold out {' or '.join(map(str, sorted(counts)))}. "
        "Was a group drawn twice?",
    )
    again = frozenset(GROUPS[answer(GROUPS, 0.3, np.random.default_rng(0))[1]].tolist())
    require(again == sets[0], "The same seed gives other groups the second time: draw with `rng` only.")


# 6: two leaks


def estimate(x, y):
    half = len(x) // 2
    mean, std = x[:half].mean(axis=0), x[:half].std(axis=0)
    x = (x - mean) / std
    together = abs((x[:half] * (y[:half] - y[:half].mean())[:, None]).sum(axis=0))
    x = x[:, together.argsort()[-10:]]
    w = np.linalg.lstsq(x[:half], 2.0 * y[:half] - 1)[0]
    return np.mean((x[half:] @ w > 0) == (y[half:] == 1))


def estimate_cut_first(x, y):
    half = len(x) // 2
    x, new, y, truth = x[:half], x[half:], y[:half], y[half:]
    new = (new - x.mean(axis=0)) / x.std(axis=0)
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    columns = np.argsort(-abs(x.T @ (y - y.mean())))[:10]
    w = np.linalg.lstsq(x[:, columns], 2.0 * y - 1)[0]
    return ((new[:, columns] @ w > 0) == (truth == 1)).mean()


def estimate_with_signs(x, y):
    half = len(x) // 2
    train = slice(0, half)
    z = (x - x[train].mean(axis=0)) / x[train].std(axis=0)
    strength = abs((y[train] - y[train].mean()) @ z[train])
    kept = sorted(range(x.shape[1]), key=lambda j: strength[j])[-10:]
    w = np.linalg.pinv(z[train][:, kept]) @ np.where(y[train] == 1, 1.0, -1.0)
    right = np.sign(z[half:][:, kept] @ w) == np.where(y[half:] == 1, 1, -1)
    return float(right.mean())


def estimate_with_standardizer(x, y):
    half = len(x) // 2
    scale = Standardizer().fit(x[:half])
    seen, new, signs = scale.transform(x[:half]), scale.transform(x[half:]), 2.0 * y[:half] - 1
    strength = [abs(column @ (signs - signs.mean())) for column in seen.T]
    kept = np.argpartition(strength, -10)[-10:]
    w = np.linalg.lstsq(seen[:, kept], signs)[0]
    return sum((z @ w > 0) == bool(label) for z, label in zip(new[:, kept], y[half:], strict=True)) / len(new)


def leaky(x, y, scale_leaks=True, choice_leaks=True):
    half = len(x) // 2
    seen = x if scale_leaks else x[:half]
    x = (x - seen.mean(axis=0)) / seen.std(axis=0)
    n = len(x) if choice_leaks else half
    together = abs((x[:n] * (y[:n] - y[:n].mean())[:, None]).sum(axis=0))
    x = x[:, together.argsort()[-10:]]
    w = np.linalg.lstsq(x[:half], 2.0 * y[:half] - 1)[0]
    return np.mean((x[half:] @ w > 0) == (y[half:] == 1))


def only_the_scale(x, y):
    return leaky(x, y, scale_leaks=False)


def only_the_choice(x, y):
    return leaky(x, y, choice_leaks=False)


def both_leaks(x, y):
    return leaky(x, y)


def on_the_training_half(x, y):
    half = len(x) // 2
    x = (x - x[:half].mean(axis=0)) / x[:half].std(axis=0)
    together = abs((x[:half] * (y[:half] - y[:half].mean())[:, None]).sum(axis=0))
    x = x[:, together.argsort()[-10:]]
    w = np.linalg.lstsq(x[:half], 2.0 * y[:half] - 1)[0]
    return np.mean((x[:half] @ w > 0) == (y[:half] == 1))


def scaled_apart(x, y):
    half = len(x) // 2
    parts = [(p - p.mean(axis=0)) / p.std(axis=0) for p in (x[:half], x[half:])]
    together = abs((parts[0] * (y[:half] - y[:half].mean())[:, None]).sum(axis=0))
    x = np.concatenate(parts)[:, together.argsort()[-10:]]
    w = np.linalg.lstsq(x[:half], 2.0 * y[:half] - 1)[0]
    return np.mean((x[half:] @ w > 0) == (y[half:] == 1))


def noise(seed, drift=0.0):
    """100 examples of 500 columns that know nothing of y; in the second half they drift away."""
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(100, 500)), rng.permutation(np.repeat([0, 1], 50))
    x[50:] = x[50:] * (1 + drift) + drift
    return x, y


def check_leaks(answer):
    cases = [noise(seed) for seed in range(10)]
    mean = np.mean([float(answer(x, y)) for x, y in cases])
    trained = np.mean([on_the_training_half(x, y) for x, y in cases])
    require(
        not np.isclose(mean, trained),
        f"On noise it now reports {mean:.0%}: you measure on the half from which the weights were learned.",
    )
    require(
        mean < 0.6,
        f"On ten sets of noise it reports {mean:.0%} on average, and there is nothing to be known. Which line "
        "looks at the labels of the test half before the test?",
    )
    drifting = [noise(seed, drift=1.0) for seed in range(4)]
    found = [float(answer(x, y)) for x, y in drifting]
    require(
        not np.allclose(found, [only_the_choice(x, y) for x, y in drifting]),
        "On noise it reports about 50 %, as it should: the larger leak is closed. But the test half still helps to "
        "choose the scale: where does each column get its mean and deviation from?",
    )
    require(
        not np.allclose(found, [scaled_apart(x, y) for x, y in drifting]),
        "The larger leak is closed. But now each half has a scale of its own. A new example comes alone: it has to be "
        "measured with mean and deviation of the training half.",
    )
    agree(answer, estimate, *drifting, what="The estimate on a set whose second half drifts away")
    return f"On noise the first version reported {np.mean([leaky(x, y) for x, y in cases]):.0%}, yours {mean:.0%}."


# 7: a lucky seed

TOSSES = np.random.default_rng(2026).integers(2, size=100)


def check_luck(answer):
    require(
        float(answer) == int(answer) and answer >= 0,
        f"A seed is a whole number from 0, and this is {float(answer):g}. Not the share: the seed that reaches it.",
    )
    seed = int(answer)
    require(
        seed != 2026,
        "2026 is the seed of the tosses themselves: 100 % right. That is no luck, it is a leak. Find a player who "
        "does not know the answers.",
    )
    rng = np.random.default_rng(seed)
    right = int((rng.integers(2, size=100) == TOSSES).sum())
    require(right >= 67, f"The player with the seed {seed} guesses {right} of the 100 tosses. Try more players.")
    later = (rng.integers(2, size=10_000) == np.random.default_rng(1).integers(2, size=10_000)).mean()
    return f"{right} of 100. Of 10,000 further tosses, the same player guesses {later:.1%}."


# 8: train it yourself


def train(x, y):
    mean = x.mean(axis=0)
    std = (x - mean).std()
    manual_seed(0)
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
    optimizer, loss = optim.SGD(model.parameters(), lr=0.1), nn.CrossEntropyLoss()
    rng = np.random.default_rng(0)
    for _ in range(20):
        for a, b in batches((x - mean) / std, y, 32, rng=rng):
            optimizer.zero_grad()
            loss(model(tensor(a)), tensor(b)).backward()
            optimizer.step()

    def answer(new):
        with no_grad():
            return model(tensor((new - mean) / std)).data.argmax(axis=1)

    return answer


def train_by_hand(x, y):
    flat, eye = x.reshape(len(x), 64).astype(float), np.eye(10)
    centre, rng = flat.mean(axis=0), np.random.default_rng(1)
    W1, b1 = rng.normal(size=(32, 64)) / 5, np.zeros(32)
    W2, b2 = rng.normal(size=(10, 32)) / 5, np.zeros(10)
    for _ in range(40):
        for k in np.array_split(rng.permutation(len(flat)), len(flat) // 32):
            a = flat[k] - centre
            h = np.maximum(a @ W1.T + b1, 0)
            s = h @ W2.T + b2
            p = np.exp(s - s.max(axis=1, keepdims=True))
            g = (p / p.sum(axis=1, keepdims=True) - eye[y[k]]) / len(k)
            g1 = (g @ W2) * (h > 0)
            W2, b2 = W2 - 0.5 * g.T @ h, b2 - 0.5 * g.sum(axis=0)
            W1, b1 = W1 - 0.5 * g1.T @ a, b1 - 0.5 * g1.sum(axis=0)

    def answer(new):
        h = np.maximum((new.reshape(len(new), 64) - centre) @ W1.T + b1, 0)
        return (h @ W2.T + b2).argmax(axis=1)

    return answer


def train_by_remembering(x, y):
    seen = x.reshape(len(x), 64)

    def answer(new):
        flat = new.reshape(len(new), 64)
        return y[((seen**2).sum(axis=1) - 2 * flat @ seen.T).argmin(axis=1)]

    return answer


def train_with_fit(x, y):
    scale = Standardizer().fit(x)
    manual_seed(3)
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 48), nn.Tanh(), nn.Linear(48, 10))
    data = Dataset(scale.transform(x), y, tuple("0123456789"), "digits", "the exercise")
    fit(model, optim.SGD(model.parameters(), lr=0.2), nn.CrossEntropyLoss(), Loader(data, 32), epochs=15)
    return lambda new: predict(model, scale.transform(new)).argmax(axis=1)


def own_scale(x, y):
    answer = train(x, y)
    mean = x.mean(axis=0)
    std = (x - mean).std()

    def by_its_own_mean(new):
        centred = new - new.mean(axis=0)
        return answer(centred / (centred.std() or 1) * std + mean)

    return by_its_own_mean


def no_scale_in_use(x, y):
    answer = train(x, y)
    mean = x.mean(axis=0)
    std = (x - mean).std()
    return lambda new: answer(new * std + mean)


def too_short(x, y):
    answer = train(x[:150], y[:150])
    return answer


def scores_instead(x, y):
    answer = train(x, y)
    return lambda new: np.eye(10)[answer(new)]


def check_train(answer):
    digits = load_digits()
    order = np.random.default_rng(5).permutation(len(digits))
    seen, new = digits[order[:1200]], digits[order[1200:]]
    read = answer(seen.x, seen.y)
    require(callable(read), "Return a function: it takes pictures (N, 8, 8) and returns a digit for each.")
    said = np.asarray(read(new.x))
    require(
        said.shape == (len(new),),
        f"For {len(new)} pictures it should return an array of {len(new)} digits, and it returns one of shape "
        f"{said.shape}. Of ten scores, take the place of the largest.",
    )
    alone = np.concatenate([np.asarray(read(new.x[k : k + 1])) for k in range(40)])
    require(
        (alone == said[:40]).mean() > 0.97,
        f"Shown one picture at a time, it gives other answers ({(alone == new.y[:40]).mean():.0%} right) than for the "
        f"same pictures shown together ({(said == new.y).mean():.0%} right). Is a mean taken over the pictures that "
        "come, instead of those that it learned from?",
    )
    known, right = (np.asarray(read(seen.x)) == seen.y).mean(), (said == new.y).mean()
    require(
        known > 0.86,
        f"It reads only {known:.0%} of the digits that it learned from. Are new pictures prepared as the training "
        "pictures were? Does it train long enough? Is the learning rate neither too small nor too large?",
    )
    require(
        right >= 0.95,
        f"It reads {known:.0%} of the digits that it learned from and {right:.0%} of new ones; 95 % are asked for. "
        + (
            "More epochs, a larger learning rate, or more of the data?"
            if known < 0.985
            else "Look at the learning curves: does it see all of the training digits?"
        ),
    )
    return f"It reads {right:.1%} of {len(new)} new digits."


EXERCISES = [
    Exercise(
        key="the-training-sets-units",
        title="In the training set's units",
        check=check_units,
        hints=[
            "Mean and deviation come from the four training values only.",
            "The mean is 15. Each training value is 5 away from it, so the deviation is 5. "
            "And back: $x = \\mu + \\sigma z$.",
        ],
        solution=(-2, 0, 30),
        explanation="$\\mu = 15$, $\\sigma = 5$: $(5 - 15) / 5 = -2$, $(15 - 15) / 5 = 0$, and $15 + 3 \\cdot 5 = 30$.",
        wrong=[
            Wrong((-1, 1, 25), "mean and deviation of the two new values"),
            Wrong((-0.4, 0, 90), "its root"),
            Wrong((-10, 0, 18), "Now divide by the deviation"),
            Wrong((-2, 0, -2.4), "It is standardised already"),
            Wrong((-(3**0.5), 0, 15 + 3 * 33.33**0.5), "one less than their number"),
        ],
        right=[[-2, 0, 30], np.array([-2.0, 0.0, 30.0]), (-2.0, 0.0, 30)],
    ),
    Exercise(
        key="how-sure-of-an-accuracy",
        title="How sure of an accuracy?",
        check=check_how_sure,
        hints=[
            "The formula under *Look at what is wrong*, with $p = 0.9$ and $N = 400$.",
            "$0.9 \\cdot 0.1 = 0.09$, and the root of 0.09 is 0.3. So the deviation is $0.3 / \\sqrt N$. "
            "For the second part it has to be 0.005.",
        ],
        solution=(0.015, 3600),
        explanation="$0.3 / \\sqrt{400} = 0.015$. From $0.3 / \\sqrt N = 0.005$ follows $\\sqrt N = 60$: nine times "
        "the digits for a third of the doubt.",
        wrong=[
            Wrong((0.000225, 3600), "whose root is the deviation"),
            Wrong((0.3, 3600), "of a single digit"),
            Wrong((0.015, 1200), "the root of 3 only"),
            Wrong((0.015, 900), "Here *two* deviations"),
            Wrong((0.015, 14400), "sure to half a percent"),
            Wrong((0.015, 3457), "1.96 deviations"),
            Wrong((1.5, 3600), "in percent"),
        ],
        right=[[0.015, 3600], np.array([0.015, 3600]), ((0.9 * 0.1 / 400) ** 0.5, 0.09 / 0.005**2)],
    ),
    Exercise(
        key="a-confusion-matrix",
        title="A confusion matrix",
        check=check_confusion,
        hints=[
            "Begin with a table of zeros. What does one example change in it?",
            "For each pair of a true class and an answer, add 1 in that row and that column.",
        ],
        solution=confusion,
        explanation="`counts[y, said] += 1` does not do it: NumPy adds 1 once to each place that is named, even if it "
        "is named ten times. `np.add.at(counts, (y, said), 1)` adds each time.",
        wrong=[
            Wrong(columns_are_true, "Rows and columns are exchanged"),
            Wrong(counted_once, "adds once to each field"),
            Wrong(shares, "shares of each row"),
            Wrong(only_mistakes, "The diagonal is empty"),
            Wrong(as_large_as_needed, "the number of classes is given"),
        ],
        right=[confusion_at, confusion_by_bincount, confusion_by_one_hot],
    ),
    Exercise(
        key="when-to-stop",
        title="When to stop",
        check=check_stop,
        hints=[
            "Two numbers have to be remembered: the best loss so far, and the epoch when it was reached.",
            "An epoch that is better than the best so far becomes the best. After each epoch: how many are between it "
            "and the best? If that is `patience`, stop.",
        ],
        solution=stop,
        explanation="The waiting is counted from the *best* epoch. Curves are noisy: an epoch that is better than "
        "its neighbour is no progress.",
        wrong=[
            Wrong(rises_in_a_row, "starts the waiting anew"),
            Wrong(waits_one_more, "you stop after 6 epochs"),
            Wrong(never_stops, "will never be trained"),
            Wrong(last_instead_of_best, "whose weights are kept"),
            Wrong(counted_from_zero, "counted from 1"),
            Wrong(kept_from_zero, "counted from 1"),
            Wrong(best_of_all, "never trained"),
        ],
        right=[stop_by_waiting, stop_by_argmin, stop_with_while],
    ),
    Exercise(
        key="no-hand-in-two-piles",
        title="No hand in two piles",
        check=check_groups,
        hints=[
            "Draw groups first. The examples follow their group.",
            "`np.unique(groups)` has each group once, `rng.permutation` shuffles them; the first few are held out.",
            "`np.isin(groups, held_out)` is True for every example of a group that is held out, and "
            "`np.flatnonzero` gives the positions where it is True.",
        ],
        solution=split_groups,
        explanation="The library's `split` does this by itself where a data set has `groups`.",
        wrong=[
            Wrong(split_rows, "Shuffle groups, not examples"),
            Wrong(cut_in_a_group, "The cut goes through it"),
            Wrong(first_groups, "let `rng` draw"),
            Wrong(piles_exchanged, "stand in each other's place"),
            Wrong(groups_drawn_again, "Was a group drawn twice"),
            Wrong(groups_by_number, "need not be the numbers"),
            Wrong(names_of_groups, "names of the groups"),
        ],
        right=[split_groups_by_choice, split_groups_shuffled, split_groups_by_set],
    ),
    Exercise(
        key="two-leaks",
        title="Find two leaks",
        check=check_leaks,
        hints=[
            "The second half plays the test set. Which lines look at it before the last one?",
            "Both the mean and deviation and the choice of columns use all rows.",
            "Compute `mean`, `std` and `together` from `x[:half]` and `y[:half]` only. Then use them for all rows.",
        ],
        solution=estimate,
        explanation="The scale leaks little. The choice of columns leaks a lot: among 500 columns of noise some go "
        "with the labels of *all* rows by chance, those of the test half included, and these are chosen.",
        wrong=[
            Wrong(both_leaks, "there is nothing to be known"),
            Wrong(only_the_choice, "choose the scale"),
            Wrong(scaled_apart, "a scale of its own"),
            Wrong(on_the_training_half, "from which the weights were learned"),
        ],
        right=[estimate_cut_first, estimate_with_signs, estimate_with_standardizer],
    ),
    Exercise(
        key="a-lucky-player",
        title="A lucky player",
        check=check_luck,
        hints=[
            "One player in a few thousand is that lucky.",
            "Loop over seeds, `for seed in range(20_000):`, and keep the best.",
        ],
        solution=2431,
        explanation="Found among thousands, chosen for its score. The next 10,000 tosses show what it knows: nothing.",
        wrong=[Wrong(2026, "it is a leak"), Wrong(0.67, "Not the share"), Wrong(1, "Try more players")],
        right=[3693, np.int64(7200), 8510.0],
    ),
    Exercise(
        key="train-it-yourself",
        title="Train it yourself",
        check=check_train,
        hints=[
            "Prepare `x`, make a network, run the loop. Then return a function that prepares new pictures in the same "
            "way and returns the place of the largest score.",
            "64 pixels, 64 units with ReLU, 10 outputs; batches of 32, learning rate 0.1, 20 epochs are enough.",
            "Use `mean` and `std` of the training pictures inside the function that you return, too.",
        ],
        solution=train,
        explanation="The function that is returned keeps the weights *and* mean and deviation: all that was learned.",
        wrong=[
            Wrong(own_scale, "over the pictures that come"),
            Wrong(no_scale_in_use, "prepared as the training pictures were"),
            Wrong(too_short, "95 % are asked for"),
            Wrong(scores_instead, "take the place of the largest"),
        ],
        right=[train_by_hand, train_by_remembering, train_with_fit],
    ),
]
