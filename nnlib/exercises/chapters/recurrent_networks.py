"""Exercises of the chapter Recurrent networks."""

import numpy as np

from nnlib.exercises.exercise import Exercise, Wrong, agree, require

# 1 Three steps back: h = 1, 1, 3; the loss is (3 - 2)²

STEPS = (2.0, 4.0, 8.0, 6.0)


def check_steps(answer):
    d3, d2, d1, d_w = (float(value) for value in answer)
    require(
        (d3, d2, d1) != (8, 4, 2),
        "These are the right three numbers, the other way round: which comes first on the way back?",
    )
    require(d3 != 6, "$\\delta_3$ is $2(h_3 - y)$, not $2 h_3$: what should the last state have been?")
    require(d3 == 2, "Begin at the end: $L = (h_3 - y)^2$. What are $h_3$ and $\\delta_3$?")
    require((d2, d1) != (1, 0.5), "That would be $w = 0.5$, as in the chapter. Here a step back multiplies by 2.")
    require((d2, d1) != (2, 2), "A step back multiplies by $w$.")
    require((d2, d1) == (4, 8), "$\\delta_3$ is right. From there, every step back multiplies by $w$.")
    require(d_w != 18, "In step $t$ the weight $w$ multiplied the state *before*, $h_{t-1}$. You took $h_t$.")
    require(d_w != 2, "This is what the last step alone contributes. The weight was used three times.")
    require(d_w != 14, "These are the $\\delta$s added up, the derivative by a bias. Each has a factor.")
    require(
        d_w == 6, "The $\\delta$s are right. The derivative by $w$ is $\\delta_3 h_2 + \\delta_2 h_1 + \\delta_1 h_0$."
    )


# 2 Two steps late

LATE = (np.array([[1.0], [0], [0]]), np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0]]))
BITS = np.array([1.0, 0, 1, 1, 0, 0, 1, 0, 1, 1, 1, 0])


def last_unit(W_ih, W_hh, bits=BITS):
    h, said = np.zeros(3), []
    for bit in bits:
        h = np.maximum(W_ih[:, 0] * bit + W_hh @ h, 0)
        said.append(h[2])
    return np.array(said)


def check_late(answer):
    W_ih, W_hh = (np.asarray(part, float) for part in answer)
    if W_ih.shape == (3,):
        W_ih = W_ih[:, None]
    require(W_ih.shape == (3, 1), f"`W_ih` leads from one input to three units: its shape is (3, 1), not {W_ih.shape}.")
    require(W_hh.shape == (3, 3), f"`W_hh` leads from three units to three: its shape is (3, 3), not {W_hh.shape}.")
    said = last_unit(W_ih, W_hh)
    late = [np.concatenate([np.zeros(k), BITS[: len(BITS) - k]]) for k in range(4)]
    if np.allclose(said, late[2]):
        return
    require(not np.allclose(said, late[0]), "The third unit repeats the bit at once. It should come two steps later.")
    require(not np.allclose(said, late[1]), "The third unit is one step late. It should be two.")
    require(
        not np.allclose(last_unit(W_ih, W_hh.T), late[2]),
        "The bit walks from the third unit to the first. Row $i$ of $W_{hh}$ holds what unit $i$ *receives*.",
    )
    require(
        said.any() or min(W_ih.min(), W_hh.min()) >= 0,
        "The third unit never says anything. A negative sum becomes 0 in a ReLU: which weights must be positive?",
    )
    require(said.any(), "The third unit never says anything: on which way does a bit come to it?")
    echo = np.flatnonzero(last_unit(W_ih, W_hh, [1.0] + [0.0] * 12))
    require(12 not in echo, "Once a 1 has come, the third unit never falls silent: something is handed to itself.")
    require(
        len(echo) < 2,
        f"One single 1 comes to the third unit on {len(echo)} ways, {' and '.join(map(str, echo))} steps late. "
        "Leave it the one that takes two steps.",
    )
    require(
        False,
        f"After the bits {BITS[:5].astype(int).tolist()} the third unit has said {said[:5].round(2).tolist()}; "
        "wanted is 0, 0, 1, 0, 1. Follow one single 1 through your weights.",
    )


# 3 Half after a hundred

HALF = 0.5 ** (1 / 100)


def check_half(answer):
    s = float(answer)
    require(abs(s - 0.995) > 1e-4, "0.995 takes away half a per cent of the *first* length each time. Shares multiply.")
    require(abs(s - 0.005) > 1e-4, "That is one half divided by a hundred. A hundred *factors* make one half.")
    require(abs(s - 0.5**100) > 1e-12, "That is what is left if each step leaves half. Turn it round.")
    require(abs(s - 2 ** (1 / 100)) > 1e-5, "This factor doubles the length in a hundred steps.")
    require(0 < s < 1, "A factor that shortens lies between 0 and 1.")
    require(abs(s**100 - 0.5) < 0.005, f"With your factor, {s**100:.3g} is left after a hundred steps, not one half.")


# 4 The last state of each


def last_states(h, lengths):
    return h[lengths - 1, np.arange(len(lengths))]


def last_column(h, lengths):
    return h[-1]


def one_too_late(h, lengths):
    return h[np.minimum(lengths, len(h) - 1), np.arange(len(lengths))]


def crossed(h, lengths):
    return h[lengths - 1]


def longest_for_all(h, lengths):
    return h[lengths.max() - 1]


def mean_states(h, lengths):
    return np.stack([h[:n, i].mean(axis=0) for i, n in enumerate(lengths)])


def last_by_loop(h, lengths):
    found = []
    for i, n in enumerate(lengths):
        found.append(h[n - 1, i])
    return np.array(found)


def last_by_mask(h, lengths):
    last = np.arange(len(h))[:, None] == lengths - 1
    return (h * last[:, :, None]).sum(axis=0)


def last_by_take(h, lengths):
    return np.take_along_axis(h, (lengths - 1)[None, :, None], axis=0)[0]


def check_last(answer):
    rng = np.random.default_rng(0)
    h, lengths = rng.standard_normal((7, 4, 3)), np.array([5, 2, 6, 1])
    found = answer(h, lengths)
    require(
        np.shape(found) != (4, 4, 3),
        "`h[lengths - 1]` takes *all* sequences at each of these times. Each sequence has its own.",
    )
    require(np.shape(found) == (4, 3), f"Of four sequences of three units, return (4, 3), not {np.shape(found)}.")
    require(
        not np.allclose(found, h[-1]),
        "This is the last row of the padded array: for most sequences, that is padding.",
    )
    require(not np.allclose(found, h[5]), "You take the end of the longest sequence for all of them.")
    require(
        not np.allclose(found, one_too_late(h, lengths)),
        "One too late: a sequence of length 5 has its last state at index 4.",
    )
    require(not np.allclose(found, mean_states(h, lengths)), "This is the mean of all states. Wanted is the last one.")
    agree(answer, last_states, (h, lengths), (rng.standard_normal((3, 2, 5)), np.array([3, 1])))


# 5 Mend the leak


def leaky(h, x, w):
    n = np.tanh(w * h + x)
    new = 0.9 * h + 0.1 * n

    def d_h(g):
        return g * (0.9 + 0.1 * (1 - n**2) * w)

    return new, (d_h,)


def leak_forgotten(h, x, w):
    n = np.tanh(w * h + x)
    return 0.9 * h + 0.1 * n, (lambda g: g * 0.1 * (1 - n**2) * w,)


def leak_only(h, x, w):
    return 0.9 * h + 0.1 * np.tanh(w * h + x), (lambda g: 0.9 * g,)


def leak_without_slope(h, x, w):
    return 0.9 * h + 0.1 * np.tanh(w * h + x), (lambda g: g * (0.9 + 0.1 * w),)


def leak_without_w(h, x, w):
    n = np.tanh(w * h + x)
    return 0.9 * h + 0.1 * n, (lambda g: g * (0.9 + 0.1 * (1 - n**2)),)


def leak_multiplied(h, x, w):
    n = np.tanh(w * h + x)
    return 0.9 * h + 0.1 * n, (lambda g: g * 0.9 * 0.1 * (1 - n**2) * w,)


def leak_without_tenth(h, x, w):
    n = np.tanh(w * h + x)
    return 0.9 * h + 0.1 * n, (lambda g: g * (0.9 + (1 - n**2) * w),)


def leak_kept_whole(h, x, w):
    n = np.tanh(w * h + x)
    return 0.9 * h + 0.1 * n, (lambda g: g * (1 + 0.1 * (1 - n**2) * w),)


def leak_times_state(h, x, w):
    n = np.tanh(w * h + x)
    return 0.9 * h + 0.1 * n, (lambda g: g * (0.9 * h + 0.1 * (1 - n**2) * w),)


def leak_without_g(h, x, w):
    n = np.tanh(w * h + x)
    return 0.9 * h + 0.1 * n, (lambda g: 0.9 + 0.1 * g * (1 - n**2) * w,)


def leak_in_two_parts(h, x, w):
    z = w * h + x
    new = 0.9 * h + 0.1 * np.tanh(z)

    def d_h(g):
        direct = 0.9 * g
        g_z = 0.1 * g / np.cosh(z) ** 2
        return direct + w * g_z

    return new, (d_h,)


def leak_from_new(h, x, w):
    n = np.tanh(w * h + x)
    new = h + 0.1 * (n - h)
    return new, (lambda g: g + 0.1 * g * ((1 - n) * (1 + n) * w - 1),)


def leak_by_factor(h, x, w):
    n = np.tanh(w * h + x)
    factor = np.full_like(h, 0.9)
    factor += 0.1 * w * (1 - n * n)
    return 0.9 * h + 0.1 * n, (lambda g: factor * g,)


def check_leaky(answer):
    rng = np.random.default_rng(1)
    h, x, w, g = rng.standard_normal((4, 5))
    new, (d_h,) = answer(h, x, w)
    agree(new, leaky(h, x, w)[0], what="The new state", show=True)
    got = d_h(g)
    for wrong, message in (
        (leak_forgotten, "$h$ goes into the new state in two ways. The derivative along $0.9\\,h$ is missing."),
        (leak_only, "Now only the direct way is left. $h$ also goes through the tanh."),
        (leak_without_slope, "On the way through the tanh, its slope $1 - n^2$ is missing."),
        (leak_without_w, "On the way through the tanh, $h$ was multiplied by $w$."),
        (leak_multiplied, "Two ways side by side: their derivatives are added, not multiplied."),
        (leak_without_tenth, "Only one tenth of the tanh goes into the new state, so the same of its derivative."),
        (leak_kept_whole, "Of $h$ itself nine tenths are kept: along the direct way, $g$ becomes $0.9\\,g$, not $g$."),
        (leak_times_state, "The derivative of $0.9\\,h$ by $h$ is $0.9$. There is no $h$ left in it."),
        (leak_without_g, "Along the direct way too, what comes back is multiplied: by 0.9. Where is `g` there?"),
    ):
        require(np.shape(got) != g.shape or not np.allclose(got, wrong(h, x, w)[1][0](g)), message)
    agree(d_h, leaky(h, x, w)[1][0], g, rng.standard_normal(5), what="The derivative by `h`")
    return "Where the tanh is flat, nine tenths of the derivative still pass in every step, whatever $w$ is."


# 6 Shorten them together


def clip(gradients, most):
    length = np.sqrt(sum((g**2).sum() for g in gradients))
    factor = min(1, most / length) if length > 0 else 1
    return [factor * g for g in gradients]


def clip_each_array(gradients, most):
    return [g * min(1, most / np.linalg.norm(g)) if g.any() else g for g in gradients]


def clip_entries(gradients, most):
    return [np.clip(g, -most, most) for g in gradients]


def clip_always(gradients, most):
    length = np.sqrt(sum((g**2).sum() for g in gradients))
    return [g * most / length if length > 0 else g for g in gradients]


def clip_by_square(gradients, most):
    length = sum((g**2).sum() for g in gradients)
    return [g * min(1, most / length) if length > 0 else g for g in gradients]


def clip_by_sum_of_lengths(gradients, most):
    length = sum(np.linalg.norm(g) for g in gradients)
    return [g * min(1, most / length) if length > 0 else g for g in gradients]


def clip_in_one_row(gradients, most):
    length = np.linalg.norm(np.concatenate([g.ravel() for g in gradients]))
    if length <= most:
        return [g.copy() for g in gradients]
    return [g * most / length for g in gradients]


def clip_by_loop(gradients, most):
    total = 0.0
    for g in gradients:
        for entry in g.ravel():
            total += entry * entry
    shorter = total > most * most
    return [g * (most / total**0.5) if shorter else g + 0 for g in gradients]


def clip_by_max(gradients, most):
    length = np.hypot.reduce([np.linalg.norm(g) for g in gradients])
    return [g / max(1, length / most) for g in gradients]


def check_clip(answer):
    long = [np.array([[3.0, 0.0], [0.0, 4.0]]), np.array([12.0])]  # lengths 5 and 12, together 13
    short = [np.array([[0.3, 0.0], [0.0, 0.4]]), np.array([0.0])]
    found = answer(long, 1.0)
    for wrong, message in (
        (
            clip_each_array,
            "Each array is shortened by itself, and the direction of the whole changes. One length for all.",
        ),
        (clip_entries, "You cut entries off, and the direction changes. Shorten all by one factor."),
        (clip_by_square, "You divide by the *squared* length: a root is missing."),
        (clip_by_sum_of_lengths, "The lengths of the arrays do not add up to that of the whole; their squares do."),
    ):
        require(not all(np.allclose(a, b) for a, b in zip(found, wrong(long, 1.0), strict=True)), message)
    kept = answer(short, 1.0)
    require(
        not all(np.allclose(a, b) for a, b in zip(kept, clip_always(short, 1.0), strict=True)),
        "A gradient of length 0.5 became one of length 1. Short ones stay as they are.",
    )
    agree(answer, clip, (long, 1.0), (short, 1.0), (long, 2.6), ([np.zeros(3)], 1.0))


# 7 One cycle before

SPOTS = 60 + 50 * np.sin(0.57 * np.arange(80)) + np.random.default_rng(2).normal(0, 3, 80)


def naive(y, t, ahead):
    back = ahead
    while back > 0:
        back -= 11
    return y[t + back]


def from_the_future(y, t, ahead):
    return y[t + ahead - 11]


def eleven_before_today(y, t, ahead):
    return y[t - 11]


def as_today(y, t, ahead):
    return y[t]


def as_today_beyond_a_cycle(y, t, ahead):
    return y[min(t, t + ahead - 11)]


def two_cycles_at_most(y, t, ahead):
    return y[t + ahead - 11 if ahead <= 11 else t + ahead - 22]


def one_off(y, t, ahead):
    return y[t - 10 + (ahead - 1) % 11 - 1]


def cycle_by_remainder(y, t, ahead):
    return y[t - 10 + (ahead - 1) % 11]


def cycle_by_division(y, t, ahead):
    return y[t + ahead - 11 * -(-ahead // 11)]


def cycle_by_index(y, t, ahead):
    known = [k for k in range(t + 1) if (t + ahead - k) % 11 == 0]
    return y[known[-1]]


def check_cycle(answer):
    t = 40
    found = float(answer(SPOTS, t, 15))
    require(found != SPOTS[t + 4], "15 years ahead, you look at $y_{t+4}$: in year $t$ nobody has counted that yet.")
    require(
        found != SPOTS[t] or float(answer(SPOTS, t, 5)) != SPOTS[t - 6],
        "Up to 11 years ahead this is right. Beyond, you take the year `t`: go back by another whole cycle instead.",
    )
    require(found != SPOTS[t], "This is the forecast *as this year*. Look for a year at the same place in the cycle.")
    require(
        found != SPOTS[t - 11],
        "Eleven years before *now*, whatever year is asked for. Count back from year `t + ahead`.",
    )
    require(
        found == SPOTS[t - 7],
        "15 years ahead: go back from $t + 15$ by whole cycles, to the first year already counted.",
    )
    require(
        float(answer(SPOTS, t, 11)) == SPOTS[t], "11 years ahead, the year `t` itself is known, and at the same place."
    )
    require(
        float(answer(SPOTS, t, 23)) != SPOTS[t + 1],
        "23 years ahead, you look at $y_{t+1}$: two cycles are not enough there. Go back until the year is known.",
    )
    agree(answer, naive, *[(SPOTS, t, ahead) for ahead in (1, 5, 10, 11, 12, 22, 23)])


# 8 A start that remembers

HIDDEN, FAR = 16, 100


def start(rng):
    return np.linalg.qr(rng.standard_normal((HIDDEN, HIDDEN)))[0]


def how_much_is_left(W, seed):
    rng = np.random.default_rng(seed)
    W_ih, h, states = rng.uniform(-0.25, 0.25, HIDDEN), np.zeros(HIDDEN), []
    for x in 0.3 * rng.standard_normal(FAR):
        h = np.tanh(W_ih * x + W @ h)
        states.append(h)
    G = np.eye(HIDDEN)
    for h in states[::-1]:
        G = (G * (1 - h**2)) @ W
    return float(np.sqrt((G**2).sum() / HIDDEN))


def usual_start(rng):
    return rng.uniform(-0.25, 0.25, (HIDDEN, HIDDEN))


def far_too_large(rng):
    return 4 * start(rng)


def small_rotation(rng):
    return 0.9 * start(rng)


def large_on_average(rng):
    return np.sqrt(3) * usual_start(rng)


def all_ones(rng):
    return np.ones((HIDDEN, HIDDEN))


def nothing(rng):
    return np.zeros((HIDDEN, HIDDEN))


def identity_start(rng):
    return np.eye(HIDDEN)


def round_dance(rng):
    return np.roll(np.eye(HIDDEN), 1, axis=0)


def many_planes(rng):
    W = np.zeros((HIDDEN, HIDDEN))
    for k in range(0, HIDDEN, 2):
        angle = rng.uniform(0, 2 * np.pi)
        W[k : k + 2, k : k + 2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    return W


def check_start(answer):
    for seed in range(3):
        W = answer(np.random.default_rng(seed))
        require(np.shape(W) == (HIDDEN, HIDDEN), f"Return a matrix of shape (16, 16), not {np.shape(W)}.")
        require(np.isfinite(W).all(), "There is a number in it that is not finite.")
        require(np.any(W), "With a matrix of zeros nothing is handed on: no memory at all.")
        left = how_much_is_left(W, seed)
        stretch = np.sqrt((W**2).sum() / HIDDEN)
        require(
            left > 0.01 or stretch > 0.85,
            f"After 100 steps {left:.0e} is left: this matrix shortens a vector to {stretch:.2f} of its length "
            f"on average.",
        )
        require(
            left > 0.01 or stretch < 1.2,
            f"After 100 steps {left:.0e} is left, though the matrix stretches vectors {stretch:.1f} times on average: "
            "the states grow until the tanh is flat.",
        )
        require(
            left > 0.01 or np.linalg.norm(W, 2) < 1.02,
            f"After 100 steps {left:.0e} is left. This matrix stretches some vectors and shortens "
            "others. Keep the length in *every* direction.",
        )
        require(
            left > 0.01, f"After 100 steps {left:.0e} is left. One more per cent of length in each step matters now."
        )
        require(left < 100, f"After 100 steps the derivative is {left:.0e} times as long: it explodes.")
    return "It stays between a hundredth and a hundredfold over 100 steps, at the start. Training may change that."


EXERCISES = [
    Exercise(
        key="w-used-three-times",
        title="Three steps back",
        check=check_steps,
        hints=[
            "First the states, forwards: $h_1$, $h_2$, $h_3$. Then $\\delta_3 = 2(h_3 - y)$.",
            "Every step back multiplies by $w = 2$. The derivative by $w$ adds up $\\delta_t h_{t-1}$.",
        ],
        solution=STEPS,
        explanation="$h = 1, 1, 3$, so $\\delta_3 = 2(3 - 2) = 2$, $\\delta_2 = 4$, $\\delta_1 = 8$, and "
        "$\\partial L/\\partial "
        "w = 2 \\cdot 1 + 4 \\cdot 1 + 8 \\cdot 0 = 6$. With $w = 2$ it is the *oldest* step that has the "
        "largest $\\delta$.",
        wrong=[
            Wrong((8, 4, 2, 6), "the other way round"),
            Wrong((6, 12, 24, 18), "not $2 h_3$"),
            Wrong((2, 1, 0.5, 1.5), "as in the chapter"),
            Wrong((2, 4, 8, 18), "the state *before*"),
            Wrong((2, 4, 8, 2), "the last step alone"),
            Wrong((2, 4, 8, 14), "derivative by a bias"),
        ],
        right=[(2, 4, 8, 6), [2.0, 4.0, 8.0, 6.0], np.array([2, 4, 8, 6])],
    ),
    Exercise(
        key="two-steps-late",
        title="Two steps late",
        check=check_late,
        hints=[
            "Let the first unit hear the bit, the second what the first one said, the third what the second one said.",
            "Row $i$ of $W_{hh}$ holds what unit $i$ receives from each unit. Row 2 has a 1 in column 1.",
        ],
        solution=LATE,
        explanation="A bit enters at unit 1 and moves on by one unit in each step: at unit 1 in the step in "
        "which it is "
        "read, at unit 3 two steps later. To be $k$ steps late this way, a network needs $k + 1$ units.",
        wrong=[
            Wrong(([[1], [0], [0]], [[0, 1, 0], [0, 0, 1], [0, 0, 0]]), "what unit $i$ *receives*"),
            Wrong(([[0], [1], [0]], [[0, 0, 0], [0, 0, 0], [0, 1, 0]]), "one step late"),
            Wrong(([[0], [0], [1]], np.zeros((3, 3))), "at once"),
            Wrong(([[1], [0], [0]], [[1, 0, 0], [1, 0, 0], [0, 1, 0]]), "never falls silent"),
            Wrong(([[1], [0], [0]], [[0, 0, 0], [1, 0, 0], [0, 0, 0]]), "on which way"),
            Wrong(([[1], [0], [0]], [[0, 0, 0], [-1, 0, 0], [0, -1, 0]]), "becomes 0 in a ReLU"),
            Wrong(([[1], [1], [1]], [[0, 0, 0], [1, 0, 0], [0, 1, 0]]), "on 3 ways, 0 and 1 and 2 steps late"),
            Wrong(([[1], [0], [0]], [[0, 0, 0], [1, 0, 0], [0, 2, 0]]), "has said [0.0, 0.0, 2.0, 0.0, 2.0]"),
        ],
        right=[
            ([[1], [0], [0]], [[0, 0, 0], [1, 0, 0], [0, 1, 0]]),
            (np.array([[2.0], [0], [0]]), np.array([[0, 0, 0], [0.25, 0, 0], [0, 2, 0]])),
            ([[0], [1], [0]], [[0, 1, 0], [0, 0, 0], [1, 0, 0]]),
        ],
    ),
    Exercise(
        key="half-after-a-hundred",
        title="Half after a hundred",
        check=check_half,
        hints=["After a hundred steps, $s^{100}$ is left.", "$s^{100} = 1/2$: take the hundredth root."],
        solution=HALF,
        explanation="$s = 0.5^{1/100} \\approx 0.9931$. A gradient is handed over a hundred steps only if each "
        "step keeps more "
        "than 99 % of it, and not more than 100 %. There is little room, and nothing in the plain formula aims "
        "at it.",
        wrong=[
            Wrong(0.995, "Shares multiply"),
            Wrong(0.005, "A hundred *factors*"),
            Wrong(0.5**100, "Turn it round"),
            Wrong(2 ** (1 / 100), "doubles the length"),
        ],
        right=[0.5**0.01, 0.993, 0.9931, np.exp(np.log(0.5) / 100)],
    ),
    Exercise(
        key="last-states",
        title="The last state of each",
        check=check_last,
        hints=[
            "Sequence `i` has its last state at time `lengths[i] - 1`.",
            "Index with two arrays of the same length: one of times, one of sequences.",
        ],
        solution=last_states,
        explanation="With two index arrays NumPy pairs them: entry `i` of the result is `h[lengths[i] - 1, i]`.",
        wrong=[
            Wrong(last_column, "that is padding"),
            Wrong(one_too_late, "One too late"),
            Wrong(crossed, "Each sequence has its own"),
            Wrong(longest_for_all, "the longest sequence"),
            Wrong(mean_states, "mean of all states"),
        ],
        right=[last_by_loop, last_by_mask, last_by_take],
    ),
    Exercise(
        key="mend-the-leak",
        title="Mend the leak",
        check=check_leaky,
        hints=[
            "In how many ways does $h$ come into the new state?",
            "A value that is used twice gets the sum of what comes back: $0.9\\,g$ along one way.",
        ],
        solution=leaky,
        explanation="The direct way has no weight and no slope in it, so it cannot shrink to nothing by "
        "saturation. But nine tenths a step are 0.00003 after a hundred steps. Gated networks "
        "make the 0.9 a number that the network chooses in each step, as near to 1 as it likes.",
        wrong=[
            Wrong(leak_forgotten, "in two ways"),
            Wrong(leak_only, "only the direct way"),
            Wrong(leak_without_slope, "its slope"),
            Wrong(leak_without_w, "was multiplied by $w$"),
            Wrong(leak_multiplied, "not multiplied"),
            Wrong(leak_without_tenth, "one tenth of the tanh"),
            Wrong(leak_kept_whole, "nine tenths are kept"),
            Wrong(leak_times_state, "no $h$ left"),
            Wrong(leak_without_g, "Where is `g` there"),
        ],
        right=[leak_in_two_parts, leak_from_new, leak_by_factor],
    ),
    Exercise(
        key="shorten-together",
        title="Shorten them together",
        check=check_clip,
        hints=[
            "The length of the whole gradient is the root of the sum of *all* squares, over all arrays.",
            "One factor for all arrays: `min(1, most / length)`. And if the length is 0?",
        ],
        solution=clip,
        wrong=[
            Wrong(clip_each_array, "by itself"),
            Wrong(clip_entries, "cut entries off"),
            Wrong(clip_always, "Short ones stay"),
            Wrong(clip_by_square, "a root is missing"),
            Wrong(clip_by_sum_of_lengths, "their squares do"),
        ],
        right=[clip_in_one_row, clip_by_loop, clip_by_max],
    ),
    Exercise(
        key="one-cycle-before",
        title="One cycle before",
        check=check_cycle,
        hints=[
            "For `ahead` up to 11, `y[t + ahead - 11]` is known. And for 15?",
            "Go back from `t + ahead` in steps of 11 until you are at `t` or before it.",
        ],
        solution=naive,
        explanation="`y[t + ahead - 11]` runs without an error for any `ahead` as long as the array goes on. "
        "That is what makes "
        "leaks from the future so hard to see: the data are there, only not yet.",
        wrong=[
            Wrong(from_the_future, "nobody has counted that yet"),
            Wrong(eleven_before_today, "Eleven years before *now*"),
            Wrong(as_today, "*as this year*"),
            Wrong(as_today_beyond_a_cycle, "another whole cycle"),
            Wrong(two_cycles_at_most, "two cycles are not enough"),
            Wrong(one_off, "go back from $t + 15$"),
        ],
        right=[cycle_by_remainder, cycle_by_division, cycle_by_index],
    ),
    Exercise(
        key="a-start-that-remembers",
        title="A start that remembers",
        check=check_start,
        hints=[
            "What kind of matrix keeps the length of every vector?",
            "A rotation does, and so does the identity. `np.linalg.qr` makes a random one.",
        ],
        solution=start,
        explanation="Anything orthogonal will do: a rotation, the identity, a matrix that hands each unit's "
        "value to the next one in "
        "a ring. Inputs are small here, so that the slopes stay near 1.",
        wrong=[
            Wrong(usual_start, "on average."),
            Wrong(far_too_large, "it explodes"),
            Wrong(small_rotation, "One more per cent"),
            Wrong(nothing, "no memory at all"),
            Wrong(large_on_average, "in *every* direction"),
            Wrong(all_ones, "until the tanh is flat"),
        ],
        right=[identity_start, round_dance, many_planes],
    ),
]
