"""Exercises of the chapter Gradient descent."""

import numpy as np

from nnlib.exercises.exercise import Exercise, Wrong, agree, require

# 1: three more steps


def check_three_steps(answer):
    first, second, third = answer
    require(not np.isclose(first, 3.8), "You went uphill: against the slope $w$ becomes smaller here.")
    require(not np.isclose(first, -5), "You went by the whole slope. The step is the slope times the learning rate.")
    require(
        not np.isclose(first, 2.6), "The derivative of $2(w-1)^2$ is $4(w-1)$: the square gives another factor of 2."
    )
    require(
        not np.allclose(answer, (1.2, 0.72, 0.432), atol=1e-3),
        "Those are the distances to the lowest point. Which places on the line are that far from it?",
    )
    require(
        not np.allclose(answer, (8, 4.8, 2.88), atol=1e-3),
        "Those are the slopes. A step goes against the slope, by the slope times the learning rate.",
    )
    require(
        not np.allclose(np.abs(answer), (0.8, 0.48, 0.288), atol=1e-3),
        "Those are the steps. The places are where they lead, starting from 3.",
    )
    require(
        not any(np.isclose(first, (1.8, 2.4))),
        "You multiply $w$ itself by a factor. What a step multiplies is the distance to the lowest point, "
        "and the factor depends on the curvature.",
    )
    agree(first, 2.2, what="The place after the first step", tolerance=1e-4)
    require(not np.isclose(second, 1.4), "The second step is as long as the first: measure the slope anew, at 2.2.")
    agree(second, 1.72, what="The place after the second step", tolerance=1e-4)
    require(
        np.isclose(third, 1.432, rtol=1e-4) or not np.isclose(third, 1.432, atol=5e-3),
        f"The first two places are right, but {third:g} is rounded: give the third with all its digits.",
    )
    agree(third, 1.432, what="The place after the third step", tolerance=1e-4)


# 2: where it starts to run away


def check_limit(answer):
    in_one_step, limit = answer
    require(
        not np.allclose(answer, (1 / 3, 1 / 6), atol=5e-3),
        "Those are the two numbers, exchanged: arriving takes a smaller rate than running away.",
    )
    require(
        not np.allclose(answer, (1 / 3, 2 / 3), atol=5e-3),
        "You took 3 for the curvature. That is the number before $w^2$; how fast does the *slope*, $6w - 12$, change?",
    )
    require(
        not np.allclose(answer, (1 / 12, 1 / 6), atol=5e-3),
        "You took 12 for the curvature. That says how steep it is at $w = 0$; the curvature is how fast the "
        "slope changes.",
    )
    require(not np.isclose(in_one_step, 6), "6 is the curvature. Which learning rate belongs to it? See the table.")
    require(
        not np.isclose(in_one_step, 2), "2 is where the lowest point lies. The rate depends on the curvature alone."
    )
    require(
        not np.allclose(answer, (0.5, 1)),
        "Those are the two rates of the text's parabola, which has the curvature 2. What is the curvature of this one?",
    )
    require(
        np.allclose(answer, (1 / 6, 1 / 3), rtol=2e-3, atol=0) or not np.allclose(answer, (1 / 6, 1 / 3), atol=9e-3),
        "Nearly, but rounded: two or three decimals are too rough here. Give fractions, typed as `3 / 7` would be.",
    )
    agree(in_one_step, 1 / 6, what="The rate that arrives in one step", tolerance=2e-3)
    require(
        not np.isclose(limit, in_one_step, rtol=0.01),
        "The first rate is right, and with the same rate again the walker does come nearer: it arrives. In which "
        "row of the table does it no longer?",
    )
    require(
        np.isclose(limit, 1 / 3, rtol=0.01),
        f"The first rate is right. The limit is not {limit:.4g}: in the table, how much larger is it than the rate "
        "that arrives?",
    )
    agree(limit, 1 / 3, what="The limit", tolerance=2e-3)


# 3: a step that measures


def measured_step(slope, w):
    eps = 1e-4
    curvature = (slope(w + eps) - slope(w - eps)) / (2 * eps)
    return w - slope(w) / curvature


def one_sided(slope, w):
    here = slope(w)
    return w - 1e-6 * here / (slope(w + 1e-6) - here)


def wide_nudge(slope, w):
    left, right = slope(w - 0.01), slope(w + 0.01)
    return w - 0.02 / (right - left) * slope(w)


def half_way(slope, w):
    eps = 1e-4
    curvature = (slope(w + eps) - slope(w - eps)) / eps
    return w - slope(w) / curvature


def measured_at_zero(slope, w):
    eps = 1e-4
    curvature = (slope(eps) - slope(-eps)) / (2 * eps)
    return w - slope(w) / curvature


def times_the_curvature(slope, w):
    eps = 1e-4
    curvature = (slope(w + eps) - slope(w - eps)) / (2 * eps)
    return w - slope(w) * curvature


def without_the_slope(slope, w):
    eps = 1e-4
    return w - 2 * eps / (slope(w + eps) - slope(w - eps))


def only_the_step(slope, w):
    return w - measured_step(slope, w)


def not_divided(slope, w):
    return w - slope(w) / (slope(w + 1e-4) - slope(w - 1e-4))


def uphill(slope, w):
    return 2 * w - measured_step(slope, w)


def tiny_nudge(slope, w):
    return w - slope(w) * 2e-12 / (slope(w + 1e-12) - slope(w - 1e-12))


def downhill_only(slope, w):
    eps = 1e-4
    curvature = abs(slope(w + eps) - slope(w - eps)) / (2 * eps)
    return w - slope(w) / curvature


PARABOLAS = (2.0, 3.0), (50.0, -1.0), (0.1, 4.0)  # curvature, lowest point


def check_measured_step(answer):
    ends = [answer(lambda w, c=c, b=b: c * (w - b), 5.0) for c, b in PARABOLAS]
    half = all(np.isclose(new, (5 + bottom) / 2) for new, (_, bottom) in zip(ends, PARABOLAS, strict=True))
    step = all(np.isclose(new, 5 - bottom) for new, (_, bottom) in zip(ends, PARABOLAS, strict=True))
    for new, (curvature, bottom) in zip(ends, PARABOLAS, strict=True):
        where = (
            f"On a parabola with curvature {curvature:g} and its lowest point at {bottom:g}, from 5, it "
            f"goes to {new:.4g}"
        )
        require(
            not half,
            f"{where}, which is half way. The two slopes are measured $2\\varepsilon$ apart, not $\\varepsilon$.",
        )
        require(
            not np.isclose(new, 5 - curvature**2 * (5 - bottom), rtol=1e-3),
            f"{where}: you multiply by the curvature. The learning rate is one *over* it.",
        )
        require(not step, f"{where}: that is the step itself. Return the place it leads to, $w$ less the step.")
        require(
            not np.isclose(new, 5 - 1 / curvature, rtol=1e-3),
            f"{where}: you go by the learning rate alone. The step is the rate times the slope at $w$.",
        )
        require(
            not np.isclose(new, 5 + (5 - bottom), rtol=1e-3),
            f"{where}: as far as it should, but uphill. The step goes against the slope.",
        )
        require(
            abs(new - 5) < 100 * abs(5 - bottom),
            f"{where}: far too long a step. Did you divide the change of the slope by the distance between the two "
            "places where you measured it?",
        )
        require(
            abs(new - bottom) < 1e-3 or abs(new - bottom) > 0.02,
            f"{where}: nearly there. On a parabola only rounding can be to blame: measure the slopes a little "
            "further apart.",
        )
        require(abs(new - bottom) < 1e-3, f"{where}. It should arrive in this one step.")
    new = answer(lambda w: w**3, 2.0)
    require(
        abs(new - 4 / 3) < 1e-2,
        "Right on parabolas. Where the slope is $w^3$, the curvature at 2 is 12 and the step leads to 1.33; "
        "yours leads to "
        f"{new:.4g}. Measure the curvature at the walker's own place, and close to it.",
    )
    if answer(lambda w: -w, 0.5) > 0.5:  # a hilltop at 0
        return (
            "This is Newton's method in one dimension, but for one thing: on a hilltop Newton's would climb, since "
            "the curvature is negative. Yours goes down."
        )
    return (
        "This is Newton's method in one dimension. On a hilltop the curvature is negative, so that it "
        "climbs: beware of it "
        "at saddles."
    )


# 4: a mean that walks


def mean_rate(t):
    return 1 / t


def check_mean_rate(answer):
    rates = np.array([float(answer(t)) for t in range(1, 9)])
    first, rest = rates[0], rates[1:]
    require(np.isfinite(rates).all(), "A rate is not a finite number. The steps are counted from 1.")
    require(
        not (rates == first).all(),
        "A rate that stays the same gives the latest numbers the most weight, and the mean gives all the same.",
    )
    require(
        np.isclose(first, 1),
        f"Your first rate is {first:g}. After the first number, the mean is that number, wherever $w$ "
        "started: the first "
        "step has to go all the way.",
    )
    require(
        not np.allclose(rest, 1 / np.arange(2, 9) ** 0.5),
        "Too large from the second step on: the rates must fall so fast that the first number keeps its share.",
    )
    numbers, w = np.array([3.0, -1.0, 4.0, 1.0, -5.0, 9.0, 2.0, 6.0]), 100.0
    for t, x in enumerate(numbers, start=1):
        w -= rates[t - 1] * (w - x)
        require(
            np.isclose(w, numbers[:t].mean()),
            "Right up to the number before, but after the numbers "
            f"{', '.join(f'{n:g}' for n in numbers[:t])} $w$ is {w:.4g}, "
            f"and their mean is {numbers[:t].mean():.4g}.",
        )


# 5: one epoch


def epoch(x, y, batch_size, rng):
    order = rng.permutation(len(x))
    pairs = []
    for i in range(0, len(x), batch_size):
        chosen = order[i : i + batch_size]
        pairs.append((x[chosen], y[chosen]))
    return pairs


def epoch_in_one_line(x, y, batch_size, rng):
    order = rng.permutation(len(y))
    return [(x[order[i : i + batch_size]], y[order[i : i + batch_size]]) for i in range(0, len(y), batch_size)]


def epoch_shuffled_first(x, y, batch_size, rng):
    order = np.arange(len(x))
    rng.shuffle(order)
    x, y = x[order], y[order]
    cuts = range(batch_size, len(x), batch_size)
    return list(zip(np.split(x, cuts), np.split(y, cuts), strict=True))


def apart(x, y, batch_size, rng):
    x, y = rng.permutation(x), rng.permutation(y)
    return [(x[i : i + batch_size], y[i : i + batch_size]) for i in range(0, len(x), batch_size)]


def drawn_anew(x, y, batch_size, rng):
    pairs = []
    for i in range(0, len(x), batch_size):
        chosen = rng.integers(len(x), size=min(batch_size, len(x) - i))
        pairs.append((x[chosen], y[chosen]))
    return pairs


def rest_dropped(x, y, batch_size, rng):
    return epoch(x, y, batch_size, rng)[: len(x) // batch_size]


def in_their_order(x, y, batch_size, rng):
    return [(x[i : i + batch_size], y[i : i + batch_size]) for i in range(0, len(x), batch_size)]


def batches_shuffled(x, y, batch_size, rng):
    begins = np.arange(0, len(x), batch_size)
    rng.shuffle(begins)
    begins = sorted(begins, key=lambda i: i + batch_size > len(x))  # the short one last
    return [(x[i : i + batch_size], y[i : i + batch_size]) for i in begins]


def own_generator(x, y, batch_size, rng):
    return epoch(x, y, batch_size, np.random.default_rng())


def check_epoch(answer):
    y = np.arange(50)
    x = np.stack([10 * y, 10 * y + 1], axis=1)
    pairs = answer(x, y, 8, np.random.default_rng(0))
    shape = "a list of pairs (batch of x, its part of y)"
    require(isinstance(pairs, list | tuple) and len(pairs) > 0, f"Return {shape}.")
    require(
        all(isinstance(p, list | tuple) and len(p) == 2 for p in pairs), f"Return {shape}: each entry has two parts."
    )
    sizes = [len(part) for _, part in pairs]
    require(
        sizes != [8] * 6,
        "With 50 examples and batches of 8, two examples are left over: they make a last, smaller batch.",
    )
    require(
        sizes == [8] * 6 + [2],
        f"With 50 examples and batches of 8 the sizes should be 8 six times, then 2; got {sizes}.",
    )
    require(
        [np.shape(part) for part, _ in pairs] == [(size, 2) for size in sizes],
        "A batch of `x` should hold whole rows of `x`, as many as its part of `y`.",
    )
    seen = np.concatenate([part for _, part in pairs])
    require(
        all(np.array_equal(a[:, 0], 10 * np.asarray(b)) for a, b in pairs),
        "`x` and `y` have come apart: an example's row now stands beside another example's `y`. Draw one "
        "order, use it for both.",
    )
    require(
        np.array_equal(np.sort(seen), y),
        f"An epoch holds each example once; yours leaves out {len(y) - len(np.unique(seen))} of 50 and "
        "repeats others. Draw an "
        "order of all, not each batch anew.",
    )
    require(not np.array_equal(seen, y), "The examples come in the order in which they stand. Nothing is shuffled.")
    require(
        not all(np.ptp(part) == len(part) - 1 for _, part in pairs),
        "Each batch holds neighbours: you shuffle the batches, not the examples. In sorted data a batch "
        "would hold one class.",
    )
    again = np.concatenate([part for _, part in answer(x, y, 8, np.random.default_rng(0))])
    require(
        np.array_equal(seen, again),
        "With the same seed the order came out differently: it is drawn, but not by `rng`, which makes it repeatable.",
    )
    other = np.concatenate([part for _, part in answer(x, y, 8, np.random.default_rng(1))])
    require(
        not np.array_equal(seen, other), "Two generators with different seeds give the same order: let `rng` draw it."
    )


# 6: two bugs in a step


def step(w, b, x, y, learning_rate):
    error = w * x + b - y
    return w - learning_rate * np.mean(error * x), b - learning_rate * np.mean(error)


def step_both_gradients_first(w, b, x, y, learning_rate):
    g_w = np.sum((w * x + b - y) * x) / len(x)
    g_b = np.sum(w * x + b - y) / len(x)
    w = w - learning_rate * g_w
    b = b - learning_rate * g_b
    return w, b


def step_by_matrices(w, b, x, y, learning_rate):
    A = np.column_stack([x, np.ones(len(x))])
    theta = np.array([w, b])
    return tuple(theta - learning_rate * A.T @ (A @ theta - y) / len(y))


def still_a_sum(w, b, x, y, learning_rate):
    error = w * x + b - y
    return w - learning_rate * np.sum(error * x), b - learning_rate * np.sum(error)


def one_after_the_other(w, b, x, y, learning_rate):
    w = w - learning_rate * np.mean((w * x + b - y) * x)
    b = b - learning_rate * np.mean(w * x + b - y)
    return w, b


def b_before_w(w, b, x, y, learning_rate):
    b = b - learning_rate * np.mean(w * x + b - y)
    w = w - learning_rate * np.mean((w * x + b - y) * x)
    return w, b


def twice_as_far(w, b, x, y, learning_rate):
    return step(w, b, x, y, 2 * learning_rate)


def with_the_slope(w, b, x, y, learning_rate):
    return step(w, b, x, y, -learning_rate)


def means_multiplied(w, b, x, y, learning_rate):
    error = np.mean(w * x + b - y)
    return w - learning_rate * error * np.mean(x), b - learning_rate * error


X = np.array([-1.0, 0.5, 2.0, 3.0])
Y = np.array([0.0, 1.0, 2.5, 5.0])


def check_step(answer):
    case = (0.5, -0.25, X, Y, 0.1)
    once = np.array(answer(*case))
    twice = np.array(answer(0.5, -0.25, np.tile(X, 2), np.tile(Y, 2), 0.1))
    require(
        np.allclose(once, twice),
        "With every example twice in the batch the step is another one, although the loss is the same. The "
        "loss is a mean; the "
        "code still adds up.",
    )
    require(
        not np.allclose(once, one_after_the_other(*case)),
        "`w` is right. But the slope by `b` is measured after `w` has moved: measure both at the old place, "
        "then move both.",
    )
    require(
        not np.allclose(once, b_before_w(*case)),
        "`b` is right. But now the slope by `w` is measured after `b` has moved: measure both at the old place, "
        "then move both.",
    )
    require(
        not np.allclose(once, twice_as_far(*case)),
        "Twice as far as it should: the $\\frac12$ in the loss takes away the 2 that the square brings.",
    )
    require(not np.allclose(once, with_the_slope(*case)), "You go uphill: the step goes against the slope.")
    require(
        not np.allclose(once, means_multiplied(*case)),
        "The mean of error times $x$ is not the mean error times the mean of $x$: multiply example by example first.",
    )
    agree(answer, step, case)


# 7: through the ravine


def ravine_rate(t):
    return 1.0 if t == 0 else 0.01


def ravine_small_first(t):
    return [0.01, 1.0][t % 2]


def ravine_last_jump(t):
    return 1 / 100 if t < 9 else 1


def ravine_with_nothing_after(t):
    return {0: 1.0, 1: 0.01}.get(t, 0.0)


def best_fixed_rate(t):
    return 2 / 101


def all_safe(t):
    return 0.01 if t % 2 else 0.0199


def falling(t):
    return 1 / (t + 1)


def check_ravine(answer):
    rates = np.array([float(answer(t)) for t in range(10)])
    require(np.isfinite(rates).all(), "A rate is not a finite number.")
    flat, steep = abs(np.prod(1 - rates)), abs(np.prod(1 - 100 * rates))
    require(
        not np.allclose(rates, rates[0]),
        f"One and the same rate ten times leaves {max(flat, steep):.3g} of the distance. The best fixed rate "
        "leaves 0.82: let the "
        "rates differ.",
    )
    require(
        flat < 1e-3 or (rates > 0.02).any(),
        f"All your rates are below $2/100$, and so {flat:.2g} of the distance is left in the flat direction. "
        "Dare a large one: what "
        "it spoils in the steep direction, another step can mend.",
    )
    require(
        steep < 1e-3,
        f"In the steep direction the distance is multiplied by {steep:.3g}. Each step multiplies it by $1 - "
        "100\\eta$. Which rate "
        "makes that nothing at all?",
    )
    require(
        flat < 1e-3,
        f"In the flat direction {flat:.2g} of the distance is left. Each step multiplies it by $1 - \\eta$. "
        "Which rate makes that "
        "nothing at all?",
    )
    steps = int(np.argmax((abs(np.cumprod(1 - rates)) < 1e-3) & (abs(np.cumprod(1 - 100 * rates)) < 1e-3))) + 1
    return f"You were there after {steps} step{'s' if steps > 1 else ''}; two are the fewest possible."


# 8: the deep valley


def valley_schedule(t):
    return 0.1 if t < 1000 else 0.1 * (2000 - t) / 1000


def valley_exponential(t):
    return 0.15 * 0.998**t


def valley_stairs(t):
    return [0.12, 0.08, 0.04, 0.02, 0.005][t // 400]


def valley_cosine(t):
    return 0.06 * (1 + np.cos(np.pi * t / 2000))


def steady(t):
    return 0.1


def timid(t):
    return 0.01


def daring(t):
    return 0.9


def check_valley(answer):
    rates = np.array([float(answer(t)) for t in range(2000)])
    require(np.isfinite(rates).all() and (rates >= 0).all(), "The rates should be finite numbers, and none below 0.")
    ends = shaken(rates)
    require(
        np.isfinite(ends).all(),
        "Walkers have run away to infinity: far out the slope is nearly $w^3$, and a large rate throws them "
        "further each time.",
    )
    bottom = np.roots([1, 0, -1, 0.15]).real.min()
    deep, near = np.mean(ends < 0), np.mean(abs(ends - bottom) < 0.1)
    require(
        deep >= 0.85,
        f"Only {deep:.0%} of the walkers are in the deep valley. The larger the rate, and the longer it "
        "stays large, the more of "
        "them get across the hill.",
    )
    require(
        near >= 0.85,
        f"{deep:.0%} of the walkers are in the deep valley, but only {near:.0%} within 0.1 of its bottom. "
        "The noise keeps them "
        "moving: what would let them settle?",
    )
    more = "That is more than 95%." if near > 0.95 else "Can you reach 95%?"
    return f"{near:.1%} of 600 walkers end within 0.1 of the bottom. {more}"


def shaken(rates):
    """Six hundred walkers from the shallow valley, else as in the chapter."""
    rng, w = np.random.default_rng(0), np.full(600, 0.9)
    for eta in rates:
        w = w - eta * (w**3 - w + 0.15 + 1.5 * rng.normal(size=600))
    return w


EXERCISES = [
    Exercise(
        key="three-more-steps",
        title="Three more steps",
        check=check_three_steps,
        hints=[
            "What is the slope of $2(w-1)^2$ at 3?",
            "The slope is $4(w - 1)$, so 8 at the start. One tenth of it is 0.8, and the ground rises to the right.",
            "The curvature is 4, so each step leaves $1 - 0.1 \\cdot 4 = 0.6$ of the distance to 1, which is "
            "2 at first.",
        ],
        solution=(2.2, 1.72, 1.432),
        explanation="The slope is $4(w-1)$: 8, then 4.8, then 2.88. The distances to 1 are 2, 1.2, 0.72, "
        "0.432: each 0.6 times the "
        "one before, for $1 - \\eta\\lambda = 1 - 0.1 \\cdot 4$.",
        wrong=[
            Wrong((3.8, 4.92, 6.488), "uphill"),
            Wrong((-5, 19, -53), "whole slope"),
            Wrong((2.6, 2.28, 2.024), "another factor of 2"),
            Wrong((2.2, 1.4, 0.6), "measure the slope anew"),
            Wrong((1.2, 0.72, 0.432), "distances to the lowest point"),
            Wrong((8, 4.8, 2.88), "Those are the slopes"),
            Wrong((-0.8, -0.48, -0.288), "Those are the steps"),
            Wrong((2.4, 1.92, 1.536), "multiply $w$ itself"),
            Wrong((1.8, 1.08, 0.648), "multiply $w$ itself"),
            Wrong((2.2, 1.72, 1.43), "is rounded"),
        ],
        right=[
            (2.2, 1.72, 1.432),
            [2.2, 1.72, 1.432],
            np.array([1.2, 0.72, 0.432]) + 1,
            tuple(1 + 2 * 0.6**t for t in (1, 2, 3)),
        ],
    ),
    Exercise(
        key="where-it-runs-away",
        title="Where it starts to run away",
        check=check_limit,
        hints=[
            "What is the slope, $L'(w)$? By how much does it grow when $w$ grows by 1?",
            "The curvature $\\lambda$ is that growth. Where the lowest point lies, and how deep, plays no part.",
            "$L'(w) = 6w - 12$, so $\\lambda = 6$. The table gives both answers.",
        ],
        solution=(1 / 6, 1 / 3),
        explanation="$L'(w) = 6w - 12$ grows by 6 when $w$ grows by 1, so $\\lambda = 6$. One step arrives "
        "with $1/\\lambda = 1/6$. From "
        "$2/\\lambda = 1/3$ on, $|1 - \\eta\\lambda|$ is 1 or more.",
        wrong=[
            Wrong((1 / 3, 1 / 6), "exchanged"),
            Wrong((1 / 3, 2 / 3), "took 3"),
            Wrong((1 / 12, 1 / 6), "took 12"),
            Wrong((0.17, 0.33), "too rough"),
            Wrong((0.167, 0.333), "too rough"),
            Wrong((0.33, 0.67), "took 3"),
            Wrong((6, 12), "6 is the curvature"),
            Wrong((2, 1 / 3), "where the lowest point lies"),
            Wrong((0.5, 1), "the text's parabola"),
            Wrong((1 / 6, 1 / 6), "it arrives"),
            Wrong((1 / 6, 2 / 3), "how much larger"),
        ],
        right=[(1 / 6, 1 / 3), [0.1667, 0.3333], np.array([1, 2]) / 6],
    ),
    Exercise(
        key="a-step-that-measures",
        title="A step that measures",
        check=check_measured_step,
        hints=[
            "The curvature is how fast the slope changes. Measure it as the gradient check measures a derivative.",
            "`slope(w + eps) - slope(w - eps)` is the change over a distance of `2 * eps`.",
            "With `curvature` computed so, return `w - slope(w) / curvature`.",
        ],
        solution=measured_step,
        explanation="On a parabola this arrives in one step, whatever its curvature; elsewhere it goes to where the "
        "slope would be zero if the curvature stayed the same. It is Newton's method. With many weights it needs all "
        "curvatures and their directions, a matrix of 2,410 × 2,410 numbers for our network, which is why networks "
        "are hardly ever trained so. And where the ground is curved the other way, on a hilltop or along the "
        "falling direction of a saddle, it goes *up*.",
        wrong=[
            Wrong(half_way, "half way"),
            Wrong(measured_at_zero, "the walker's own place"),
            Wrong(times_the_curvature, "multiply by the curvature"),
            Wrong(without_the_slope, "by the learning rate alone"),
            Wrong(only_the_step, "the step itself"),
            Wrong(not_divided, "Did you divide"),
            Wrong(uphill, "but uphill"),
            Wrong(tiny_nudge, "only rounding"),
        ],
        right=[measured_step, one_sided, wide_nudge, downhill_only],
    ),
    Exercise(
        key="a-mean-that-walks",
        title="A mean that walks",
        check=check_mean_rate,
        hints=[
            "The slope is $w - x_t$. Where must $w$ be after the first number, wherever it started?",
            "Let $m$ be the mean of $t - 1$ numbers. The mean of $t$ numbers is $\\frac{(t-1)\\,m + "
            "x_t}{t}$. Write it as $m - \\eta\\,(m - x_t)$.",
        ],
        solution=mean_rate,
        explanation="With $m$ the mean of the first $t - 1$ numbers, $\\frac{(t-1)\\,m + x_t}{t} = m - "
        "\\frac1t (m - x_t)$: a step with "
        "$\\eta = 1/t$. The first one, with $\\eta = 1$, forgets where $w$ started.",
        wrong=[
            Wrong(lambda t: 0.1, "stays the same"),
            Wrong(lambda t: 1 / (t + 1), "go all the way"),
            Wrong(lambda t: 1 / t**0.5, "keeps its share"),
        ],
        right=[mean_rate, lambda t: t**-1.0, lambda t: np.float64(1.0) / np.arange(1, t + 1)[-1]],
    ),
    Exercise(
        key="one-epoch",
        title="One epoch",
        check=check_epoch,
        hints=[
            "`rng.permutation(n)` gives the numbers from 0 to $n - 1$ in random order.",
            "Draw one order for the whole epoch. The examples of batch number $k$ are at `order[k * "
            "batch_size : (k + 1) * batch_size]`.",
            "`x[chosen]` and `y[chosen]`, with the same array `chosen`, keep the pairs together. A slice "
            "that reaches beyond the end is cut off.",
        ],
        solution=epoch,
        explanation="One order for `x` and `y`, cut into pieces. A slice beyond the end is simply shorter, "
        "so the rest needs no case of "
        "its own.",
        wrong=[
            Wrong(apart, "come apart"),
            Wrong(drawn_anew, "repeats others"),
            Wrong(rest_dropped, "left over"),
            Wrong(in_their_order, "Nothing is shuffled"),
            Wrong(batches_shuffled, "shuffle the batches"),
            Wrong(own_generator, "not by `rng`"),
        ],
        right=[epoch, epoch_in_one_line, epoch_shuffled_first],
    ),
    Exercise(
        key="two-bugs-in-a-step",
        title="Find two bugs",
        check=check_step,
        hints=[
            "One bug makes the step longer the more examples the batch has. What is the loss, a sum or a mean?",
            "For the other, go through the lines with pencil and paper. Which `w` does the second line see?",
        ],
        solution=step,
        explanation="`np.sum` makes the step 8 times as long with 64 examples as with 8, so the learning "
        "rate would have to follow the "
        "batch size: a mean does not. And the second line saw the new `w`, so it measured its slope at a "
        "place where the walker had not "
        "yet been when it measured the first.",
        wrong=[
            Wrong(still_a_sum, "still adds up"),
            Wrong(one_after_the_other, "after `w` has moved"),
            Wrong(means_multiplied, "example by example"),
            Wrong(b_before_w, "after `b` has moved"),
            Wrong(twice_as_far, "Twice as far"),
            Wrong(with_the_slope, "uphill"),
        ],
        right=[step, step_both_gradients_first, step_by_matrices],
    ),
    Exercise(
        key="through-the-ravine",
        title="Through the ravine in a few steps",
        check=check_ravine,
        hints=[
            "A step multiplies the distance by $1 - \\eta$ in the flat direction and by $1 - 100\\,\\eta$ in "
            "the steep one. Ten steps multiply "
            "ten such factors. Does their order matter?",
            "Which rate makes the first factor zero? Which the second? A factor of zero stays zero, whatever "
            "comes before or after.",
        ],
        solution=ravine_rate,
        explanation="$\\eta = 1$ brings the flat direction to zero in one step and makes the steep one 99 "
        "times as large; $\\eta = 1/100$ brings the "
        "steep one to zero. What is zero stays zero. The limit $2/\\lambda_{\\max}$ holds for a rate that is "
        "*repeated*. With 2,410 directions we "
        "would need as many rates, and would have to know the curvatures; but well-chosen unequal rates do "
        "beat the best fixed one.",
        wrong=[
            Wrong(best_fixed_rate, "One and the same"),
            Wrong(all_safe, "below $2/100$"),
            Wrong(falling, "In the steep direction the distance is multiplied"),
        ],
        right=[ravine_rate, ravine_small_first, ravine_last_jump, ravine_with_nothing_after],
    ),
    Exercise(
        key="the-deep-valley",
        title="Find the deep valley",
        check=check_valley,
        hints=[
            "With a steady 0.1 nine in ten walkers cross, but they do not settle. With a steady 0.01 they "
            "would settle, but do not cross.",
            "Begin at about 0.1, stay there for a good while, then let the rate fall slowly to nothing.",
        ],
        solution=valley_schedule,
        explanation="The rate acts like a temperature. While it is high the walkers cross the hill in both "
        "directions, and the deep valley is "
        "harder to leave, so most are there. Lowered slowly, it first closes the way back out of the deep "
        "valley, then lets them settle.",
        wrong=[
            Wrong(steady, "what would let them settle"),
            Wrong(timid, "get across the hill"),
            Wrong(daring, "run away to infinity"),
        ],
        right=[valley_schedule, valley_exponential, valley_stairs, valley_cosine],
    ),
]
