"""Exercises of the chapter Neurons."""

import numpy as np

from nnlib.exercises.exercise import Exercise, Wrong, agree, require

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
AND, OR = np.array([0, 0, 0, 1]), np.array([0, 1, 1, 1])


# 1 A neuron by hand


def check_by_hand(answer):
    bias, z, output, distance = answer
    require(bias != 10, "The bias is 10? $6x_1 - 8x_2$ must reach 10, and $6x_1 - 8x_2 + b$ must reach 0.")
    require(bias == -10, "The bias is not right: it is the threshold with its sign turned round.")
    require(z != 22, "Your $z$ lacks the bias.")
    require(z == 12, "Your $z$ is not right: $6 \\cdot 5 - 8 \\cdot 1$, and then the bias.")
    require(output == 1, "The output is 1 if $z$ is at least 0.")
    require(distance != 12, "The distance is not $z$ itself: divide by the length of $w$.")
    require(
        not np.isclose(distance, 12 / 200**0.5), "The length of $w$ is that of the weights alone, without the bias."
    )
    require(np.isclose(distance, 1.2), "The distance is not right: what is the length of $w = (6, -8)$?")


# 2 Two of three


def check_two_of_three(answer):
    *w, b = answer
    for bits in np.ndindex(2, 2, 2):
        on, should = float(np.dot(w, bits) + b) >= 0, sum(bits) >= 2
        require(
            on == should,
            f"For the input {bits} it is {'on' if on else 'off'}: $z = {np.dot(w, bits) + b:g}$. "
            f"{sum(bits)} of its inputs {'is' if sum(bits) == 1 else 'are'} 1, so it should be "
            f"{'on' if should else 'off'}.",
        )


# 3 The distance to the boundary


def distance(X, w, b):
    return (X @ w + b) / np.linalg.norm(w)


def distance_undivided(X, w, b):
    return X @ w + b


def distance_by_square(X, w, b):
    return (X @ w + b) / (w @ w)


def distance_unsigned(X, w, b):
    return abs(X @ w + b) / np.linalg.norm(w)


def distance_with_bias(X, w, b):
    return (X @ w + b) / np.linalg.norm(np.append(w, b))


def distance_bias_outside(X, w, b):
    return X @ w / np.linalg.norm(w) + b


def distance_by_sum(X, w, b):
    return (X @ w + b) / abs(w).sum()


def distance_loops(X, w, b):
    length = sum(w_j**2 for w_j in w) ** 0.5
    return np.array([(sum(w_j * x_j for w_j, x_j in zip(w, x, strict=True)) + b) / length for x in X])


def distance_to_unit(X, w, b):
    length = np.sqrt(w.dot(w))
    return X.dot(w / length) + b / length


def distance_einsum(X, w, b):
    return (np.einsum("nd,d->n", X, w) + b) / np.hypot.reduce(w)


def check_distance(answer):
    rng = np.random.default_rng(0)
    X, w, b = rng.standard_normal((6, 3)), np.array([2.0, -1.0, 2.5]), 0.7
    d, z = answer(X, w, b), X @ w + b
    require(np.shape(d) == (6,), f"For 6 examples it should return 6 numbers, not an array of shape {np.shape(d)}.")
    require(not np.allclose(d, z), "This is $z$. It grows when all weights are doubled, and the distance must not.")
    require(not np.allclose(d, z / (w @ w)), "You divide by $w \\cdot w$, which is the length *squared*.")
    require(
        not np.allclose(d, z / np.linalg.norm(np.append(w, b))),
        "The bias does not belong to the length of $w$.",
    )
    require(
        not np.allclose(d, X @ w / np.linalg.norm(w) + b),
        "You divide the products, but not the bias: all of $z$ is divided by the length of $w$.",
    )
    require(
        not np.allclose(d, z / abs(w).sum()) and not np.allclose(d, z / w.sum()),
        "The length of $w$ is not the sum of the weights: add their squares, and take the root.",
    )
    require((d > 0).any() and (d < 0).any(), "Where the neuron is off, the distance should be negative: keep the sign.")
    agree(answer, distance, (X, w, b), (rng.standard_normal((5, 2)), np.array([3.0, 4.0]), -10.0))


# 4 A perceptron that says yes to everything


def mended(X, Y, passes=100):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(passes):
        for x, y in zip(X, Y, strict=True):
            output = int(w @ x + b >= 0)
            if output != y:
                w, b = w + (y - output) * x, b + (y - output)
    return w, b


def mended_by_cases(X, Y, passes=100):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(passes):
        for x, y in zip(X, Y, strict=True):
            on = w @ x + b >= 0
            if on and y == 0:
                w, b = w - x, b - 1
            elif not on and y == 1:
                w, b = w + x, b + 1
    return w, b


def mended_by_sign(X, Y, passes=100):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(passes):
        for x, y in zip(X, 2 * Y - 1, strict=True):
            if (w @ x + b >= 0) != (y > 0):
                w, b = w + y * x, b + y
    return w, b


def broken(X, Y, passes=100):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(passes):
        for x, y in zip(X, Y, strict=True):
            output = int(w @ x + b >= 0)
            if output != y:
                w, b = w + y * x, b + y
    return w, b


def wrong_way(X, Y, passes=100):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(passes):
        for x, y in zip(X, Y, strict=True):
            output = int(w @ x + b >= 0)
            w, b = w + (output - y) * x, b + (output - y)
    return w, b


def bias_forgotten(X, Y, passes=100):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(passes):
        for x, y in zip(X, Y, strict=True):
            w = w + (y - int(w @ x + b >= 0)) * x
    return w, b


def bias_up_only(X, Y, passes=100):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(passes):
        for x, y in zip(X, Y, strict=True):
            output = int(w @ x + b >= 0)
            if output != y:
                w, b = w + (y - output) * x, b + y
    return w, b


def output_subtracted(X, Y, passes=100):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(passes):
        for x, y in zip(X, Y, strict=True):
            output = int(w @ x + b >= 0)
            if output != y:
                w, b = w - output * x, b - output
    return w, b


def always_corrected(X, Y, passes=100):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(passes):
        for x, y in zip(X, 2 * Y - 1, strict=True):
            w, b = w + y * x, b + y
    return w, b


def one_pass_only(X, Y, passes=100):
    return mended(X, Y, 1)


def check_mended(answer):
    x = np.array([[1.0, 2.0]])
    w, b = answer(x, np.array([0]), 1)
    require(np.any(w) or np.any(b), "A mistake on class 0 still changes nothing, because it is multiplied by $y = 0$.")
    require(
        not np.allclose(w, x), "After a mistake on class 0 the input should be subtracted. Yours goes the wrong way."
    )
    w_after_both, b_after_both = answer(np.repeat(x, 2, axis=0), np.array([0, 1]), 1)  # one mistake on either class
    require(np.any(b) or np.any(b_after_both), "The weights are corrected now, but the bias never moves.")
    require(np.any(b), "The bias is raised, but never lowered: a mistake on class 0 should subtract 1.")
    agree(w, -x[0], what="After one mistake on class 0, `w`")
    agree(float(b), -1.0, what="After one mistake on class 0, `b`")
    require(
        not (np.allclose(w_after_both, w) and np.isclose(b_after_both, b)),
        "A mistake on class 0 is corrected now, but one on class 1 after it is not. Is the factor 0 there, or does "
        "the function return too soon?",
    )
    w, b = answer(x, np.array([1]), 1)  # at zeros the neuron is on: a right answer
    require(not (np.any(w) or np.any(b)), "A right answer should change nothing: yours corrects after every example.")
    first, all_passes = answer(CORNERS, AND, 1), answer(CORNERS, AND, 100)
    require(
        not (np.allclose(first[0], all_passes[0]) and np.isclose(first[1], all_passes[1])),
        "With `passes` = 100 it stops after one pass. Does `return` stand inside the loop?",
    )
    rng = np.random.default_rng(0)
    X = rng.standard_normal((40, 3))
    agree(answer, mended, (CORNERS, AND), (CORNERS, OR), (X, (X @ [1.0, -2.0, 0.5] > 0.3).astype(int)))


# 5 A stricter perceptron


def strict(X, Y, need, passes=1000):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(passes):
        settled = True
        for x, y in zip(X, Y, strict=True):
            sign = 1 if y == 1 else -1
            if sign * (w @ x + b) <= need:
                w, b, settled = w + sign * x, b + sign, False
        if settled:
            break
    return w, b


def strict_by_cases(X, Y, need, passes=1000):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(passes):
        for x, y in zip(X, Y, strict=True):
            z = w @ x + b
            if y == 1 and not z > need:
                w, b = w + x, b + 1
            if y == 0 and not z < -need:
                w, b = w - x, b - 1
    return w, b


def strict_flipped(X, Y, need, passes=1000):
    flipped = np.where(Y, 1, -1)[:, None] * np.column_stack([X, np.ones(len(X))])
    v = np.zeros(flipped.shape[1])
    for _ in range(passes):
        for x in flipped:
            if v @ x <= need:
                v = v + x
    return v[:-1], v[-1]


def strict_not(X, Y, need, passes=1000):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(passes):
        for x, y in zip(X, Y, strict=True):
            error = y - int(w @ x + b >= 0)
            w, b = w + error * x, b + error
    return w, b


def strict_one_side(X, Y, need, passes=1000):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(passes):
        for x, y in zip(X, Y, strict=True):
            error = y - int(w @ x + b > need)
            w, b = w + error * x, b + error
    return w, b


def strict_times_need(X, Y, need, passes=1000):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(passes):
        for x, y in zip(X, Y, strict=True):
            sign = 1 if y == 1 else -1
            if sign * (w @ x + b) <= need:
                w, b = w + need * sign * x, b + need * sign
    return w, b


def strict_equal(X, Y, need, passes=1000):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(passes):
        for x, y in zip(X, np.where(Y, 1, -1), strict=True):
            if y * (w @ x + b) < need:
                w, b = w + y * x, b + y
    return w, b


def strict_only_near(X, Y, need, passes=1000):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(passes):
        for x, y in zip(X, np.where(Y, 1, -1), strict=True):
            if abs(w @ x + b) <= need:
                w, b = w + y * x, b + y
    return w, b


def strict_wrong_way(X, Y, need, passes=1000):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(passes):
        for x, y in zip(X, np.where(Y, 1, -1), strict=True):
            if y * (w @ x + b) <= need:
                w, b = w - y * x, b - y
    return w, b


def check_strict(answer):
    w, b = answer(CORNERS, AND, 2.0)
    z = CORNERS @ w + b
    zero, one = z[:3].max(), z[3]
    found = f"On AND with `need` = 2, class 1 has $z = {one:g}$ and the nearest of class 0 has $z = {zero:g}$"
    require(
        np.any(w) or np.any(b),
        "With `need` = 2 the zeros at the start are too close to everything, and must be corrected.",
    )
    w_one, _ = answer(CORNERS[3:], AND[3:], 2.0, 1)
    require(not np.all(np.less(w_one, 0)), "For class 1 the input should be added. Yours goes the wrong way.")
    require(
        one >= 0,
        f"{found}: class 1 is not even right. Are wrong answers still corrected, also those far from the boundary, and "
        "pass after pass?",
    )
    require(
        one < 2 or zero > -2 or one > 2 and zero < -2,
        f"{found}: exactly `need` is still too close. Is there a `<` where `<=` should be?",
    )
    require(one > 2 or zero < -2, f"{found}. Both are too close: `need` seems to have no effect.")
    require(one > 2 and zero < -2, f"{found}: one class keeps its distance, and the other does not.")
    require(
        np.allclose(w_one, 1), f"A correction adds the input itself: after one, from zeros, `w` is (1, 1), not {w_one}."
    )
    rng = np.random.default_rng(1)
    X = rng.standard_normal((30, 3))
    X = X[abs(X @ [1.0, -2.0, 0.5] - 0.3) > 0.4]
    agree(answer, strict, (CORNERS, AND, 3.0), (CORNERS, OR, 0.0), (X, (X @ [1.0, -2.0, 0.5] > 0.3).astype(int), 5.0))


# 6 The pocket


def pocket(X, Y, passes=50):
    w, b, fewest = np.zeros(X.shape[1]), 0.0, len(X) + 1
    for _ in range(passes):
        for x, y in zip(X, Y, strict=True):
            error = y - int(w @ x + b >= 0)
            w, b = w + error * x, b + error
        wrong = np.sum((X @ w + b >= 0) != Y)
        if wrong < fewest:
            best, fewest = (w, b), wrong
    return best


def pocket_of_all(X, Y, passes=50):
    v, kept = np.zeros(X.shape[1] + 1), []
    X1 = np.column_stack([X, np.ones(len(X))])
    for _ in range(passes):
        for x, y in zip(X1, Y, strict=True):
            v = v + (y - (v @ x >= 0)) * x
        kept.append(v)
    right = [np.mean((X1 @ v >= 0) == Y) for v in kept]
    best = kept[int(np.argmax(right))]
    return best[:-1], best[-1]


def pocket_by_copy(X, Y, passes=50):
    w, b, best, most = np.zeros(X.shape[1]), 0.0, None, -1
    for _ in range(passes):
        for x, y in zip(X, Y, strict=True):
            error = y - int(w @ x + b >= 0)
            w += error * x
            b += error
        right = int(((X @ w + b >= 0).astype(int) == Y).sum())
        if right > most:
            best, most = (w.copy(), b), right
    return best


def last_of_all(X, Y, passes=50):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(passes):
        for x, y in zip(X, Y, strict=True):
            error = y - int(w @ x + b >= 0)
            w, b = w + error * x, b + error
    return w, b


def pocket_not_copied(X, Y, passes=50):
    w, b, fewest = np.zeros(X.shape[1]), 0.0, len(X) + 1
    for _ in range(passes):
        for x, y in zip(X, Y, strict=True):
            error = y - int(w @ x + b >= 0)
            w += error * x
            b += error
        wrong = np.sum((X @ w + b >= 0) != Y)
        if wrong < fewest:
            best_w, best_b, fewest = w, b, wrong
    return best_w, best_b


def pocket_by_mistakes(X, Y, passes=50):
    w, b, fewest = np.zeros(X.shape[1]), 0.0, len(X) + 1
    for _ in range(passes):
        mistakes = 0
        for x, y in zip(X, Y, strict=True):
            error = y - int(w @ x + b >= 0)
            w, b, mistakes = w + error * x, b + error, mistakes + abs(error)
        if mistakes < fewest:
            best, fewest = (w, b), mistakes
    return best


def pocket_resumed(X, Y, passes=50):
    w, b, fewest = np.zeros(X.shape[1]), 0.0, len(X) + 1
    best = w, b
    for _ in range(passes):
        w, b = best
        for x, y in zip(X, Y, strict=True):
            error = y - int(w @ x + b >= 0)
            w, b = w + error * x, b + error
        wrong = np.sum((X @ w + b >= 0) != Y)
        if wrong < fewest:
            best, fewest = (w, b), wrong
    return best


def averaged(X, Y, passes=50):
    w, b, sum_w, sum_b = np.zeros(X.shape[1]), 0.0, 0.0, 0.0
    for _ in range(passes):
        for x, y in zip(X, Y, strict=True):
            error = y - int(w @ x + b >= 0)
            w, b = w + error * x, b + error
            sum_w, sum_b = sum_w + w, sum_b + b
    return sum_w, sum_b


def same_boundary(one, other):
    """Whether two pairs (w, b) are the same up to a positive factor: the sum and the mean are."""
    one, other = np.append(*one), np.append(*other)
    return np.allclose(one * np.linalg.norm(other), other * np.linalg.norm(one))


def overlapping(seed):
    """Two clouds that no line separates."""
    rng = np.random.default_rng(seed)
    Y = rng.integers(0, 2, 60)
    return rng.standard_normal((60, 2)) + 1.5 * Y[:, None], Y


def check_pocket(answer):
    w, b = answer(CORNERS, AND, 20)
    require(
        np.all((CORNERS @ w + b >= 0) == AND) or not same_boundary((w, b), pocket_resumed(CORNERS, AND, 20)),
        "Each pass of yours seems to begin with the weights in the pocket, and so to repeat itself. Let the perceptron "
        "go on from its last weights; the pocket only keeps.",
    )
    require(np.all((CORNERS @ w + b >= 0) == AND), "It does not even learn AND, where a line exists.")
    for seed in (9, 3, 7):  # sets on which the last weights, and their bias, are not the best
        X, Y = overlapping(seed)
        w, b = answer(X, Y, 30)
        want_w, want_b = pocket(X, Y, 30)
        last_w, last_b = last_of_all(X, Y, 30)
        require(
            not same_boundary((w, b), averaged(X, Y, 30)),
            "This is the averaged perceptron. It often does well, but it may have more wrong answers than the best "
            "weights met. Return those, as they were after one of the passes.",
        )
        wrong, fewest = (int(np.sum((X @ v + c >= 0) != Y)) for v, c in ((w, b), (want_w, want_b)))
        if wrong <= fewest:
            continue
        found = f"On a set of {len(X)} points yours makes {wrong} mistakes, and the best weights met made {fewest}."
        require(not (np.allclose(w, last_w) and np.isclose(b, last_b)), f"{found} These are the last weights.")
        require(
            not (np.allclose(w, last_w) and np.isclose(b, want_b)),
            f"{found} The bias is the best one, but the weights are the last: was the array that you kept changed in "
            "place "
            "afterwards (`w += ...`)?",
        )
        require(
            not np.allclose(w, pocket_by_mistakes(X, Y, 30)[0]),
            f"{found} You chose by the mistakes made *during* a pass, while the weights were changing. Count after the "
            "pass.",
        )
        require(False, found)


# 7 How many functions?


def check_count(answer):
    require(answer != 152, "That many *cannot* be computed. Count the others.")
    require(answer != 102, "You left out two: always 0, and always 1. A neuron can do both.")
    require(answer != 254, "Only XOR of all three and its opposite? Many more fail, such as XOR of the first two.")
    require(0 <= answer <= 256, "There are 256 functions in all.")
    require(
        answer >= 104,
        "That is too few: did you give up too early? Some functions need ten passes and more.",
    )
    require(answer == 104, "That is too many. A function counts only if a whole pass goes by without a mistake.")


# 8 A slow learner

MANY = 20_000


def count_mistakes(X, Y):
    """The mistakes that the perceptron makes until it settles; more than MANY if it does not settle by then."""
    examples = [(float(x[0]), float(x[1]), int(y)) for x, y in zip(X, Y, strict=True)]
    w1 = w2 = b = 0.0
    mistakes, before = 0, -1
    while before < mistakes <= MANY:
        before = mistakes
        for x1, x2, y in examples:
            error = y - (w1 * x1 + w2 * x2 + b >= 0)
            if error:
                w1, w2, b, mistakes = w1 + error * x1, w2 + error * x2, b + error, mistakes + 1
    return mistakes


def slow_data():
    return np.array([[0.9, 0.0], [0.9, 0.05]]), np.array([0, 1])


def slow_lists():
    return [[0.5, 0.0], [0.5, 0.05]], [0, 1]


def slow_upright():
    height = np.sqrt(1 - 0.04**2)
    return np.array([[0.0, 0.9], [0.04, 0.9], [-0.04, height]]), np.array([0, 1, 0])


def slow_classes_exchanged():
    return np.array([[0.9, 0.0], [0.9, 0.05]]), np.array([1, 0])


def slow_never():
    return CORNERS / 2, np.array([0, 1, 1, 0])


def slow_by_size():
    return np.array([[90.0, 0.0], [90.0, 5.0]]), np.array([0, 1])


def slow_a_little_long():
    return np.array([[1.0, 0.0], [1.0, 0.04]]), np.array([0, 1])


def slow_columns():
    return np.array([[0.9, 0.9, 0.9], [0.0, 0.05, 0.1]]), np.array([0, 1, 1])


def check_slow(answer):
    X, Y = answer()
    X, Y = np.asarray(X, dtype=float), np.asarray(Y)
    require(
        X.ndim == 2 and X.shape[1] == 2, f"`X` should have shape (N, 2), one example in each row, and has {X.shape}."
    )
    require(
        Y.shape == (len(X),), f"`Y` should have one class for each of the {len(X)} examples, and has shape {Y.shape}."
    )
    require(len(X) <= 10, f"At most ten examples: these are {len(X)}.")
    require(np.isin(Y, (0, 1)).all(), "The classes are 0 and 1.")
    longest = np.linalg.norm(X, axis=1).max()
    require(longest <= 1 + 1e-9, f"The longest example has length {longest:.10g}, and 1 is allowed.")
    mistakes = count_mistakes(X, Y)
    require(
        mistakes <= MANY,
        f"After {MANY:,} mistakes it has not settled. Perhaps no line separates these classes; then it never will. "
        "Or the margin is smaller than it need be.",
    )
    require(
        mistakes > 1000,
        f"The perceptron settles after {mistakes} mistakes. Make the margin smaller, or exchange the classes.",
    )
    return f"It settles after {mistakes:,} mistakes."


EXERCISES = [
    Exercise(
        key="a-neuron-by-hand",
        title="A neuron by hand",
        check=check_by_hand,
        hints=[
            "The neuron is on when $6x_1 - 8x_2$ reaches 10, that is when $6x_1 - 8x_2 - 10$ reaches 0.",
            "For the distance you need the length of $w$: $\\sqrt{6^2 + 8^2}$.",
        ],
        solution=(-10, 12, 1, 1.2),
        explanation="The bias is the threshold with its sign turned round, −10. "
        "$z = 6 \\cdot 5 - 8 \\cdot 1 - 10 = 12$, at least 0, so the output is 1. The length of $w$ is 10, so the "
        "distance is $12 / 10 = 1.2$.",
        wrong=[
            Wrong((10, 32, 1, 3.2), "must reach 10"),
            Wrong((-10, 22, 1, 2.2), "lacks the bias"),
            Wrong((-10, 12, 1, 12), "divide by the length"),
            Wrong((-10, 12, 1, 12 / 200**0.5), "without the bias"),
        ],
        right=[(-10, 12, 1, 1.2), [-10.0, 12.0, 1.0, 6 / 5], np.array([-10, 12, 1, 1.2])],
    ),
    Exercise(
        key="two-of-three",
        title="Two of three",
        check=check_two_of_three,
        hints=[
            "All three inputs count alike, so let the weights be equal, say 1. Then $z$ is the number of ones plus the "
            "bias.",
            "Two ones must reach 0, and a single one must not: $2 + b \\ge 0$ and $1 + b < 0$.",
        ],
        solution=(1, 1, 1, -1.5),
        explanation="With three weights of 1, $z$ is the number of ones plus $b$. Any bias from −2 up to, but not "
        "including, −1 will do.",
        wrong=[
            Wrong((1, 1, 1, -1), "1 of its inputs is 1"),
            Wrong((1, 1, 1, -3), "2 of its inputs are 1"),
            Wrong((1, 1, 1, 2), "0 of its inputs are 1"),
        ],
        right=[(1, 1, 1, -2), [2.0, 2.0, 2.0, -3.0], np.array([3, 4, 5, -6])],
    ),
    Exercise(
        key="distance-to-the-boundary",
        title="The distance to the boundary",
        check=check_distance,
        hints=[
            "It is $z$, divided by something that makes it insensitive to doubling $w$ and $b$.",
            "`np.linalg.norm(w)` is the length of $w$.",
        ],
        solution=distance,
        explanation="A step of length $t$ along $w$ changes $z$ by $t \\lVert w \\rVert$, so a step of length "
        "$z / \\lVert w \\rVert$ against it leads to the boundary.",
        wrong=[
            Wrong(distance_undivided, "This is $z$"),
            Wrong(distance_by_square, "*squared*"),
            Wrong(distance_unsigned, "keep the sign"),
            Wrong(distance_with_bias, "does not belong"),
            Wrong(distance_bias_outside, "not the bias"),
            Wrong(distance_by_sum, "not the sum"),
        ],
        right=[distance_loops, distance_to_unit, distance_einsum],
    ),
    Exercise(
        key="yes-to-everything",
        title="A perceptron that says yes to everything",
        check=check_mended,
        hints=[
            "Take one mistake on class 0, where the output is 1 and should be 0. What are `y * x` and `y` then?",
            "The rule multiplies by $y - \\hat y$: 1 for a mistake on class 1, −1 for one on class 0.",
        ],
        solution=mended,
        explanation="The code mixes two conventions. `w + y * x` is right if the classes are called −1 and 1, as in "
        "many books. With 0 and 1, a mistake on class 0 changes nothing. Nothing fails loudly: the perceptron merely "
        "stays as it was.",
        wrong=[
            Wrong(broken, "changes nothing"),
            Wrong(wrong_way, "wrong way"),
            Wrong(bias_forgotten, "bias never moves"),
            Wrong(bias_up_only, "never lowered"),
            Wrong(output_subtracted, "on class 1 after it is not"),
            Wrong(always_corrected, "right answer should change nothing"),
            Wrong(one_pass_only, "inside the loop"),
        ],
        right=[mended, mended_by_cases, mended_by_sign],
    ),
    Exercise(
        key="a-stricter-perceptron",
        title="A stricter perceptron",
        check=check_strict,
        hints=[
            "Begin with the perceptron of the chapter. The correction stays; only the question whether it is due "
            "changes.",
            "Let `sign` be 1 for class 1 and −1 for class 0. Then both cases are one: correct unless `sign * z > "
            "need`.",
        ],
        solution=strict,
        explanation="The correction is the same; only the question differs. With `need` = 100 the margin comes "
        "close to the largest possible, and the bound, which any separating weights give, falls from more than ten "
        "thousand to a few hundred.",
        wrong=[
            Wrong(strict_not, "no effect"),
            Wrong(strict_one_side, "the other does not"),
            Wrong(strict_times_need, "adds the input itself"),
            Wrong(strict_equal, "exactly `need`"),
            Wrong(strict_only_near, "far from the boundary"),
            Wrong(strict_wrong_way, "wrong way"),
        ],
        right=[strict, strict_by_cases, strict_flipped],
    ),
    Exercise(
        key="the-pocket",
        title="The pocket",
        check=check_pocket,
        hints=[
            "Remember three things from pass to pass: the best `w`, the best `b`, and how many answers they had wrong.",
            "After the inner loop: `wrong = np.sum((X @ w + b >= 0) != Y)`, and if that is less than the fewest so "
            "far, keep `w` and `b`.",
            "If you write `w += ...`, the array that you kept changes too. Keep `w.copy()`, or write `w = w + ...`, "
            "which makes a new one.",
        ],
        solution=pocket,
        explanation="Counting costs one more look at the data in each pass. What you get is never worse than the last "
        "weights.",
        wrong=[
            Wrong(last_of_all, "These are the last weights"),
            Wrong(pocket_not_copied, "changed in place"),
            Wrong(pocket_by_mistakes, "*during* a pass"),
            Wrong(pocket_resumed, "go on from its last weights"),
            Wrong(averaged, "averaged perceptron"),
        ],
        right=[pocket, pocket_of_all, pocket_by_copy],
    ),
    Exercise(
        key="how-many-functions",
        title="How many functions?",
        check=check_count,
        hints=[
            "The eight corners are `np.array(list(itertools.product((0, 1), repeat=3)))`; the functions are "
            "`itertools.product((0, 1), repeat=8)`.",
            "Count those whose `perceptron(corners3, np.array(y))[2]` ends in 0. Try 100 passes, then 1,000: does the "
            "number change?",
        ],
        solution=104,
        explanation="104 of 256. For four inputs it is 1,882 of 65,536: the share that a single neuron can compute "
        "shrinks fast.",
        wrong=[
            Wrong(152, "*cannot*"),
            Wrong(102, "left out two"),
            Wrong(254, "Many more fail"),
            Wrong(72, "too few"),
            Wrong(128, "too many"),
        ],
        right=[104, 104.0, np.int64(104)],
    ),
    Exercise(
        key="a-slow-learner",
        title="A slow learner",
        check=check_slow,
        hints=[
            "The theorem allows many mistakes only where the margin is small: two points close together, of different "
            "classes.",
            "Try (0.9, 0) and (0.9, ε). Which of the two should be class 1? Try both.",
        ],
        solution=slow_data,
        explanation="Two near twins. Each pair of corrections moves $w$ by only ε in the direction that matters, while "
        "it swings to and fro by much more. Since $R^2 \\le 2$, more than 1,000 mistakes mean $\\gamma^2 < 2/1000$: a "
        "margin below 0.045.",
        wrong=[
            Wrong(slow_classes_exchanged, "exchange the classes"),
            Wrong(slow_never, "has not settled"),
            Wrong(slow_by_size, "length 90.1"),
            Wrong(slow_a_little_long, "length 1.00079968"),
            Wrong(slow_columns, "one example in each row"),
        ],
        right=[slow_data, slow_lists, slow_upright],
    ),
]
