"""Exercises of the chapter Activations."""

import numpy as np

from nnlib.exercises.exercise import Exercise, Wrong, agree, require

rng = np.random.default_rng(0)


# Two layers, one matrix

MATRIX, BIAS = np.array([[3, -1], [6, 0]]), np.array([0, 5])


def check_one_matrix(answer):
    W, b = answer
    require(
        not np.allclose(W, [[1, -2], [2, 2]]),
        "Your matrix is $W^{(1)} W^{(2)}$. The second layer works on what the first one made: which matrix stands "
        "left?",
    )
    require(
        not np.allclose(W, [[1, -1], [0, 0]]),
        "Your matrix is the product entry by entry. A matrix product takes rows of the left times columns of the "
        "right.",
    )
    agree(W, MATRIX, what="Your matrix")
    require(
        not np.allclose(b, [-1, 3]),
        "The matrix is right. Your bias is $b^{(1)} + b^{(2)}$, but the first bias goes through the second layer, too.",
    )
    require(
        not np.allclose(b, [1, 3]),
        "The matrix is right. Your bias is $W^{(2)} b^{(1)}$: the second layer adds one of its own.",
    )
    agree(b, BIAS, what="The matrix is right. Your bias")


# The slope, read off the output

SLOPES = (0.1875, 0.64)


def check_slopes(answer):
    sigmoid, tanh = answer
    require(
        not np.isclose(sigmoid, 0.2179, atol=6e-4),
        "0.75 is what the sigmoid puts *out*, $p = \\sigma(z)$. You took it for $z$.",
    )
    require(not np.isclose(sigmoid, 0.25), "0.25 is the sigmoid's greatest slope, at $z = 0$. Here the output is 0.75.")
    require(
        not np.isclose(sigmoid, 0.4375),
        "$1 - p^2$ is the rule of tanh: the slope of the sigmoid is another one.",
    )
    require(
        not np.allclose([sigmoid, tanh], SLOPES[::-1]), "You have exchanged the two: the sigmoid's slope comes first."
    )
    require(np.isclose(sigmoid, SLOPES[0], atol=3e-3), "The slope of the sigmoid is not right. It is $p\\,(1 - p)$.")
    require(not np.isclose(tanh, 0.4), "The sigmoid's is right. The slope of tanh is $1 - t^2$, and yours is $1 - t$.")
    require(
        not np.isclose(tanh, 0.24),
        "The sigmoid's is right. $t\\,(1 - t)$ is the sigmoid's rule: tanh has another one.",
    )
    require(np.isclose(tanh, SLOPES[1], atol=3e-3), "The sigmoid's is right, the slope of tanh is not.")


# A hat from three bends


def relu(x):
    return np.maximum(x, 0)


def hat(x):
    return relu(x) - 2 * relu(x - 1) + relu(x - 2)


def check_hat(answer):
    inside, right = np.array([0.25, 0.5, 0.75, 1.0]), np.array([1.25, 1.5, 1.75])
    require(np.allclose(answer(np.array([-3.0, -0.5, 0.0])), 0), "The hat is 0 for all x up to 0, and yours is not.")
    require(
        np.allclose(answer(inside), inside),
        "From 0 to 1 the hat rises as x does: hat(0.5) is 0.5, and hat(1) is 1. One `relu(x)` does this.",
    )
    y = answer(right)
    require(
        not np.allclose(y, right),
        "After 1 your curve goes on rising. What must be added from x = 1 on to bend it down?",
    )
    require(
        not np.allclose(y, 1),
        "After 1 your curve is flat. `- relu(x - 1)` takes away the slope of 1; how much more does it take to go down?",
    )
    agree(answer, hat, right, what="Between 1 and 2, your curve")
    beyond = answer(np.array([2.5]))[0]
    require(not np.isclose(beyond, -0.5), "After 2 the hat is 0, but yours falls on, below 0. It needs a third bend.")
    require(
        np.allclose(answer(np.array([2.0, 2.5, 10.0])), 0),
        f"After 2 the hat is 0, but yours gives {beyond:.3g} at x = 2.5. Your slope is −1 up to x = 2: by how "
        "much must it change there to become 0?",
    )
    agree(answer, hat, np.linspace(-3, 5, 33))


def without_third_bend(x):
    return relu(x) - 2 * relu(x - 1)


def bent_back_too_far(x):
    return relu(x) - 2 * relu(x - 1) + 2 * relu(x - 2)


def bent_too_little(x):
    return relu(x) - relu(x - 1)


def shifted_the_wrong_way(x):
    return relu(x) - 2 * relu(x + 1) + relu(x + 2)


def hat_from_distance(x):
    return np.maximum(1 - np.abs(x - 1), 0)


def hat_from_sides(x):
    return np.minimum(relu(x), relu(2 - x))


def hat_as_weighted_sum(x):
    hidden = np.maximum(np.asarray(x)[..., None] - np.array([0, 1, 2]), 0)
    return hidden @ np.array([1, -2, 1])


# A softmax that survives

SCORES, SQUARE = rng.standard_normal((4, 3)), rng.standard_normal((3, 3))
LARGE = np.array([[1000.0, 999.0, 998.0], [1001.0, 1003.0, 1000.0]])
APART = np.array([[1000.0, 999.0, 998.0], [-1000.0, -1001.0, -1002.0]])


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def check_softmax(answer):
    p = answer(SQUARE)
    require(np.shape(p) == (3, 3), f"For scores of shape (3, 3) the shares have that shape, not {np.shape(p)}.")
    require(np.min(p) >= 0, "Shares are never negative: are there exponentials?")
    e = np.exp(SQUARE - SQUARE.max(axis=1))  # what each entry becomes if the maxima lie along the wrong axis
    require(
        not np.allclose(p, e / e.sum(axis=1)) and not np.allclose(p, e / e.sum(axis=1, keepdims=True)),
        "From each column you subtract the largest score of a row: without `keepdims=True` the maxima lie along the "
        "wrong axis.",
    )
    require(
        not np.allclose(p, np.exp(SQUARE) / np.exp(SQUARE).sum(axis=1)),
        "Each column is divided by the sum of a row: without `keepdims=True` the sums lie along the wrong axis.",
    )
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    require(not np.allclose(columns, 1), "Each column sums to one, not each row: which axis did you sum over?")
    require(not np.isclose(p.sum(), 1), "All shares together sum to one. Each row is to sum to one by itself.")
    require(np.allclose(rows, 1), f"The first row sums to {rows[0]:.3g}. It should sum to one.")
    agree(answer, softmax, SQUARE, SCORES)
    require(
        np.isfinite(answer(LARGE)).all(),
        "Right for small scores, but a score of 1000 gives nan: e^1000 is infinite. Subtract something first.",
    )
    require(
        np.isfinite(answer(APART)).all(),
        "You subtract the largest score of *all* rows. In a row that lies far below it every exponential is 0, and "
        "0/0 is nan: subtract each row's own largest.",
    )
    agree(answer, softmax, LARGE, APART)


def over_columns(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


def over_everything(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def overflowing(z):
    e = np.exp(z)
    return e / e.sum(axis=1, keepdims=True)


def one_maximum_for_all(z):
    e = np.exp(z - z.max())
    return e / e.sum(axis=1, keepdims=True)


def without_keepdims(z):
    e = np.exp(z - z.max())
    return e / e.sum(axis=1)


def maxima_without_keepdims(z):
    e = np.exp(z - z.max(axis=1))
    return e / e.sum(axis=1)


def softmax_row_by_row(z):
    rows = []
    for row in z:
        e = np.exp(row - max(row))
        rows.append(e / sum(e))
    return np.array(rows)


def softmax_by_transposing(z):
    e = np.exp(z.T - z.max(axis=1))
    return (e / e.sum(axis=0)).T


def softmax_by_logarithms(z):
    largest = z.max(axis=-1)[:, None]
    return np.exp(z - largest - np.log(np.exp(z - largest).sum(axis=-1)[:, None]))


# An activation's slope

POINTS = np.array([-3.0, -1.0, -0.5, 0.5, 1.0, 2.0])


def softsign(z):
    y = z / (1 + np.abs(z))
    slope = 1 / (1 + np.abs(z)) ** 2
    return y, slope


def check_softsign(answer):
    y, slope = answer(POINTS)
    agree(y, softsign(POINTS)[0], what="The value", show=True)
    a = np.abs(POINTS)
    require(
        not np.allclose(slope, 1 / (1 + a)),
        "Your slope is $1/(1 + |z|)$: only the top moves in it. The bottom moves with $z$, too.",
    )
    require(
        not np.isinf(slope[1]),
        "At $z = -1$ you divide by 0. For negative z the bottom is $1 - z$. With $|z|$, one formula serves both sides.",
    )
    require(
        not np.allclose(slope, (1 + 2 * a) / (1 + a) ** 2),
        "On top, the quotient rule *subtracts* $|z|$ from $1 + |z|$; you have added it.",
    )
    require(
        not np.allclose(slope, (1 + a - POINTS) / (1 + a) ** 2),
        "Right for positive z only. For negative z, $|z|$ *falls* when z grows: its slope is −1 there.",
    )
    require(np.min(slope) > 0, "Your slope is negative somewhere, but the curve rises everywhere.")
    agree(slope, softsign(POINTS)[1], what="The slope", show=True)
    require(np.isclose(answer(np.zeros(1))[1][0], 1), "At $z = 0$ the slope is 1.")
    return "It saturates as tanh does, but far more slowly: at $z = 10$ its slope is 0.008, that of tanh 0.000000008."


def top_only(z):
    return z / (1 + np.abs(z)), 1 / (1 + np.abs(z))


def absolute_value_always_rising(z):
    a = np.abs(z)
    return z / (1 + a), (1 + a - z) / (1 + a) ** 2


def right_side_for_both(z):
    with np.errstate(divide="ignore"):
        return z / (1 + np.abs(z)), 1 / (1 + z) ** 2


def quotient_rule_with_a_plus(z):
    a = np.abs(z)
    return z / (1 + a), (1 + 2 * a) / (1 + a) ** 2


def odd_slope(z):
    return z / (1 + np.abs(z)), np.sign(z) / (1 + np.abs(z)) ** 2


def softsign_from_the_value(z):
    y = z / (1 + np.abs(z))
    return y, (1 - np.abs(y)) ** 2


def softsign_by_quotient_rule(z):
    bottom = 1 + np.abs(z)
    return z / bottom, (bottom - z * np.sign(z)) / bottom**2


def softsign_by_sides(z):
    right, left = np.maximum(z, 0), np.minimum(z, 0)
    return right / (1 + right) + left / (1 - left), (1 + right - left) ** -2.0


# Counting the dead


def count_dead(a):
    return (a == 0).all(axis=0).sum()


OUTPUTS = np.zeros((7, 5))  # seven digits, five units
OUTPUTS[0, [1, 4]] = OUTPUTS[1, 2] = OUTPUTS[2, 1] = 1.5  # units 0 and 3 are dead; four digits wake no unit
RARE = np.zeros((1000, 3))  # a thousand digits, three units
RARE[7, 1] = 0.01  # one unit answers to one digit, and faintly


def check_count_dead(answer):
    n = answer(OUTPUTS)
    require(np.ndim(n) == 0, "The answer is one number: how many units are dead.")
    require(n != 5, "In a test with seven digits it calls all five units dead, but three of them answer to some digit.")
    require(n != 3, "You count the units that are alive.")
    require(
        n != 4,
        "You count examples (rows) for which all units are off. A unit is a column: over which axis must *all* "
        "entries be 0?",
    )
    require(n != (OUTPUTS == 0).sum(), "You count zeros, not units.")
    require(
        answer(RARE) != 3,
        "It calls a unit dead that answers faintly to one digit of a thousand. From that one, training can "
        "still reach it.",
    )
    agree(answer, count_dead, RARE, OUTPUTS, OUTPUTS[:3], np.ones((4, 7)), np.zeros((4, 7)))


def as_it_stood(a):
    return (a == 0).any(axis=0).sum()


def silent_examples(a):
    return (a == 0).all(axis=1).sum()


def living_units(a):
    return (a != 0).any(axis=0).sum()


def nearly_dead(a):
    return (a.mean(axis=0) < 0.01).sum()


def count_zeros(a):
    return (a == 0).sum()


def count_dead_by_maximum(a):
    return int((a.max(axis=0) <= 0).sum())


def count_dead_by_sum(a):
    return np.count_nonzero(a.sum(axis=0) == 0)


def count_dead_in_a_loop(a):
    dead = 0
    for unit in a.T:
        if not any(value > 0 for value in unit):
            dead += 1
    return dead


# The temperature

TEMPERATURE = 1 / np.log((0.9 + np.sqrt(0.81 + 4 * 0.1 * 0.9)) / 0.2)


def check_temperature(T):
    require(T > 0, "A temperature is above 0.")
    e = np.exp((np.array([2.0, 1.0, 0.0]) - 2) / T)
    share = (e / e.sum()).max()
    require(
        not np.isclose(T, 1 / TEMPERATURE, rtol=0.01),
        "That is $1/T$: scores are *divided* by the temperature.",
    )
    require(not np.isclose(T, 1 / np.log(9), rtol=0.004), "You left out the third score, 0: it takes a share, too.")
    require(
        np.isclose(share, 0.9, atol=0.001),
        f"At this temperature the largest share is {share:.3f}: "
        f"{'too equal, so cool it down' if share < 0.9 else 'too extreme, so warm it up'}.",
    )


# An activation of your own

DIGITS = np.random.default_rng(1).standard_normal((100, 64))
NUDGE = np.random.default_rng(2).standard_normal((100, 64)) * 1e-5
LAYERS = np.random.default_rng(3).standard_normal((20, 64, 64)) / 8


def scaled_tanh(z):
    return 1.2 * np.tanh(z)


def check_own_activation(answer):
    z = np.linspace(-4, 4, 41)
    y = answer(z)
    require(np.shape(y) == z.shape, f"Applied to {z.size} numbers it should give {z.size} numbers, one for each.")
    require(np.isfinite(y).all(), "It gives nan or inf between −4 and 4.")
    require(
        np.allclose(answer(z[:20]), y[:20]) and np.allclose(answer(z.reshape(1, -1))[0], y),
        "It should look at each number by itself: here, the result for a number depends on the others.",
    )
    ends = np.interp(z, z[[0, -1]], y[[0, -1]])
    require(
        np.abs(y - ends).max() > 0.05,
        "It is straight between −4 and 4, so that twenty layers of it are one matrix.",
    )
    x, up, down = DIGITS, DIGITS + NUDGE, DIGITS - NUDGE
    for W in LAYERS:
        x, up, down = (answer(a @ W.T) for a in (x, up, down))
        require(np.isfinite(x).all() and np.abs(x).max() < 1e6, "The values explode on their way through the layers.")
    nudge = np.linalg.norm(up - down) / np.linalg.norm(2 * NUDGE)
    spread = x.std(axis=0).mean()
    length = f"length {nudge:.3g}" if nudge > 1e-6 else "less than a millionth of it"  # below, rounding errors add up
    require(
        nudge > 0.3,
        f"A nudge of length 1 arrives with {length}: it dies out. On average, the slopes are too small.",
    )
    require(
        nudge < 3,
        f"A nudge of length 1 arrives with length {nudge:.3g}: it explodes. On average, the slopes are too large.",
    )
    require(
        spread > 0.3,
        f"The nudge survives (length {nudge:.2f}), but the inputs come out nearly alike: spread {spread:.2f}, from 1 "
        "at first.",
    )
    return f"A nudge of length 1 arrives with length {nudge:.2f}, and the spread, 1 at first, is {spread:.2f}."


def plain_sigmoid(z):
    return 1 / (1 + np.exp(-z))


def double_sine(z):
    return 2 * np.sin(z)


def absolute_value(z):
    return np.abs(z)


def line(z):
    return 0.9 * z + 0.1


def normalize(z):
    return z / z.std()


def lecun_tanh(z):
    return 1.7159 * np.tanh(2 / 3 * z)


def selu(z):
    return 1.0507 * np.where(z > 0, z, 1.67326 * np.expm1(np.minimum(z, 0)))


def scaled_leaky(z):
    return np.sqrt(2 / 1.25) * np.where(z > 0, z, 0.5 * z)


EXERCISES = [
    Exercise(
        key="two-layers-one-matrix",
        title="Two layers, one matrix",
        check=check_one_matrix,
        hints=[
            (
                "Write the second layer with the first one put in for its input, and multiply out: "
                "$W^{(2)} (W^{(1)} x + b^{(1)}) + b^{(2)}$."
            ),
            (
                "The matrix is $W^{(2)} W^{(1)}$. Its first row: the row $(1, 1)$ of $W^{(2)}$ times the columns "
                "$(1, 2)$ and $(-1, 0)$ of $W^{(1)}$."
            ),
            (
                "The bias is $W^{(2)} b^{(1)} + b^{(2)}$, and $W^{(2)} (0, 1)$ is the second column of $W^{(2)}$, "
                "$(1, 3)$."
            ),
        ],
        solution=(MATRIX, BIAS),
        explanation="$W^{(2)} W^{(1)}$ has the rows $(1 + 2, -1 + 0)$ and $(0 + 6, 0 + 0)$. The bias is "
        "$W^{(2)} b^{(1)} + b^{(2)} = (1, 3) + (-1, 2) = (0, 5)$.",
        wrong=[
            Wrong(([[1, -2], [2, 2]], [0, 5]), "which matrix stands left"),
            Wrong(([[1, -1], [0, 0]], [0, 5]), "entry by entry"),
            Wrong(([[3, 6], [-1, 0]], [0, 5]), "transposed"),
            Wrong(([[3, -1], [6, 0]], [-1, 3]), "goes through the second layer"),
            Wrong(([[3, -1], [6, 0]], [1, 3]), "one of its own"),
        ],
        right=[
            ([[3, -1], [6, 0]], [0, 5]),
            (np.array([[3.0, -1.0], [6.0, 0.0]]), np.array([0.0, 5.0])),
            [((3, -1), (6, 0)), (0, 5)],
        ],
    ),
    Exercise(
        key="slopes-from-outputs",
        title="A slope without z",
        check=check_slopes,
        hints=[
            "Both slopes can be written with the output alone. You do not need $z$.",
            "With $p = \\sigma(z)$ the slope is $p\\,(1 - p)$; with $t = \\tanh z$ it is $1 - t^2$.",
        ],
        solution=SLOPES,
        explanation="$0.75 \\cdot 0.25 = 0.1875$, and $1 - 0.6^2 = 0.64$. A library keeps the output in memory "
        "anyway: the next layer needs it.",
        wrong=[
            Wrong((0.2179, 0.64), "You took it for"),
            Wrong((0.25, 0.64), "greatest slope"),
            Wrong((0.4375, 0.64), "rule of tanh"),
            Wrong((0.64, 0.1875), "exchanged"),
            Wrong((0.1875, 0.4), "yours is $1 - t$"),
            Wrong((0.1875, 0.24), "sigmoid's rule"),
        ],
        right=[(0.1875, 0.64), [3 / 16, 16 / 25], np.array([0.1875, 0.64]), (0.188, 0.64), (0.19, 0.64)],
    ),
    Exercise(
        key="a-hat-from-three-bends",
        title="A hat from three bends",
        check=check_hat,
        hints=[
            (
                "Start with `relu(x)`: it rises from 0 on. Every further term `v * relu(x - c)` changes the slope by "
                "v, from c on."
            ),
            "The hat's slopes are 0, 1, −1, 0. By how much does the slope change at 0, at 1, and at 2?",
        ],
        solution=hat,
        helpers=[relu],
        explanation="The slope changes by +1 at 0, by −2 at 1, and by +1 at 2. Many hats side by side, each as high "
        "as you like, follow any curve: this is why one layer of ReLUs comes as close to any continuous function as "
        "you like.",
        wrong=[
            Wrong(without_third_bend, "third bend"),
            Wrong(bent_back_too_far, "by how much must it change"),
            Wrong(bent_too_little, "is flat"),
            Wrong(shifted_the_wrong_way, "0 for all x up to 0"),
        ],
        right=[hat_from_distance, hat_from_sides, hat_as_weighted_sum],
    ),
    Exercise(
        key="softmax",
        title="A softmax that survives",
        check=check_softmax,
        hints=[
            "`z.max(axis=1)` has one number for each row. To subtract it from each row, it must keep its second axis: "
            "`keepdims=True`.",
            "`e = np.exp(z - z.max(axis=1, keepdims=True))`, and the sum over each row in the same way.",
        ],
        solution=softmax,
        explanation="Subtracting a row's largest score changes nothing in the shares, and then no exponent is above 0.",
        wrong=[
            Wrong(over_columns, "which axis did you sum over"),
            Wrong(over_everything, "All shares together"),
            Wrong(overflowing, "e^1000 is infinite"),
            Wrong(one_maximum_for_all, "each row's own largest"),
            Wrong(without_keepdims, "the sums lie along"),
            Wrong(maxima_without_keepdims, "the maxima lie along"),
        ],
        right=[softmax_row_by_row, softmax_by_transposing, softmax_by_logarithms],
    ),
    Exercise(
        key="softsign",
        title="An activation without exponentials",
        check=check_softsign,
        hints=[
            (
                "Take $z > 0$ first, where $|z| = z$. The quotient rule gives "
                "$\\frac{1 \\cdot (1 + z) - z \\cdot 1}{(1 + z)^2}$."
            ),
            "For $z < 0$ it is $z / (1 - z)$. Do the same, and write both results with $|z|$.",
        ],
        solution=softsign,
        explanation="On both sides the numerator becomes 1: the slope is $1/(1 + |z|)^2$. It can be had from the "
        "output, too: $(1 - |y|)^2$.",
        wrong=[
            Wrong(top_only, "The bottom moves"),
            Wrong(right_side_for_both, "you divide by 0"),
            Wrong(quotient_rule_with_a_plus, "*subtracts*"),
            Wrong(absolute_value_always_rising, "positive z only"),
            Wrong(odd_slope, "negative somewhere"),
        ],
        right=[softsign_from_the_value, softsign_by_quotient_rule, softsign_by_sides],
    ),
    Exercise(
        key="count-dead-units",
        title="Find the bug",
        check=check_count_dead,
        hints=[
            "Say in words what `(a == 0).any(axis=0)` is for one unit.",
            (
                "One digit for which a unit is off does not make it dead. Which function asks whether it is so for "
                "*all* digits?"
            ),
        ],
        solution=count_dead,
        explanation="`any` asks whether a unit is off for at least one digit, as nearly every ReLU is. Dead means "
        "`all`, down the column (`axis=0`) of the unit.",
        wrong=[
            Wrong(as_it_stood, "calls all five units dead"),
            Wrong(silent_examples, "You count examples"),
            Wrong(living_units, "that are alive"),
            Wrong(count_zeros, "You count zeros"),
            Wrong(nearly_dead, "one digit of a thousand"),
        ],
        right=[count_dead_by_maximum, count_dead_by_sum, count_dead_in_a_loop],
    ),
    Exercise(
        key="temperature",
        title="How cool must it be?",
        check=check_temperature,
        hints=[
            "Try: compute the largest share for a few temperatures between 0.1 and 1, and close in.",
            (
                "Exactly: with $u = e^{1/T}$ the largest share is $u^2 / (u^2 + u + 1)$. Set it to 0.9: a quadratic "
                "equation for $u$."
            ),
            "$0.1\\,u^2 - 0.9\\,u - 0.9 = 0$, so $u \\approx 9.91$, and $T = 1 / \\ln u$.",
        ],
        solution=round(float(TEMPERATURE), 3),
        explanation="With $u = e^{1/T}$, $u^2 = 0.9\\,(u^2 + u + 1)$ has the solution $u \\approx 9.91$; "
        "$T = 1/\\ln 9.91 \\approx 0.436$.",
        wrong=[
            Wrong(2.2935, "*divided*"),
            Wrong(0.4551, "third score"),
            Wrong(1.0, "cool it down"),
            Wrong(0.3, "warm it up"),
        ],
        right=[0.436, np.float64(0.43597), 1 / np.log(9.908)],
    ),
    Exercise(
        key="an-activation-of-your-own",
        title="An activation of your own",
        check=check_own_activation,
        hints=[
            "tanh comes close: its nudge arrives, but short. What makes all its slopes a little larger?",
            (
                "A factor in front raises all slopes. Try `1.1`, `1.2`, `1.5` times tanh, or a leaky ReLU with a "
                "steep left side."
            ),
        ],
        solution=scaled_tanh,
        explanation="Many bends pass; what counts is that the squares of the slopes are 1 on average. LeCun et al. "
        "(1998) recommended $1.7159 \\tanh(\\tfrac23 z)$ for a like reason: it keeps numbers of size 1 at that size.",
        wrong=[
            Wrong(plain_sigmoid, "dies out"),
            Wrong(relu, "dies out"),
            Wrong(double_sine, "it explodes"),
            Wrong(absolute_value, "nearly alike"),
            Wrong(line, "It is straight"),
            Wrong(normalize, "depends on the others"),
        ],
        right=[lecun_tanh, selu, scaled_leaky],
    ),
]
