"""Exercises of the chapter LSTM and GRU."""

import math

import numpy as np

from nnlib.exercises.exercise import Exercise, Wrong, agree, require

# 1 One step by hand


def check_one_step(answer):
    c, h = (float(value) for value in answer)
    require(not np.isclose(c, 0.1), "0.1 is what comes out if $f$ and $i$ change places. Which of them keeps?")
    require(not np.isclose(c, 1.0), "1 is what is kept. Something is let in besides.")
    require(not np.isclose(c, 1.2), "$g$ is negative: what it lets in makes the cell smaller.")
    require(not np.isclose(c, 0.2), "You have counted what is let in with the whole of $g$: how far open is $i$?")
    require(np.isclose(c, 0.8, atol=0.005), "The cell is not right yet: $f$ times the old cell, plus $i$ times $g$.")
    require(not np.isclose(h, 0.4), "$h$ is not $o \\cdot c$. What bends the cell before it is shown?")
    require(not np.isclose(h, math.tanh(0.8), atol=0.005), "That is $\\tanh(c)$. How far is the gate $o$ open?")
    require(not np.isclose(h, math.tanh(0.4), atol=0.005), "The gate comes after the tanh: bend first, then multiply.")
    require(np.isclose(h, 0.332, atol=0.005), "The cell is right; $h = o \\cdot \\tanh(c)$ is not yet.")


# 2 Half of it is gone


def half_life(bias):
    f = 1 / (1 + np.exp(-bias))
    return np.log(0.5) / np.log(f)


def half_life_by_span(bias):
    return np.exp(bias)


def half_life_bias_as_gate(bias):
    return np.log(0.5) / np.log(np.abs(bias))


def half_life_upside_down(bias):
    return 1 / half_life(bias)


def half_life_negative(bias):
    return -half_life(bias)


def half_life_in_whole_steps(bias):
    return np.ceil(half_life(bias))


def half_life_in_a_straight_line(bias):
    return 0.5 / (1 - 1 / (1 + np.exp(-bias)))


def half_life_by_softplus(bias):
    return math.log(2) / math.log1p(math.exp(-bias))


def half_life_base_two(bias):
    return -1 / np.log2(1 / (1 + np.exp(-bias)))


def half_life_by_tanh(bias):
    return np.log(0.5) / np.log(0.5 + 0.5 * np.tanh(bias / 2))


def check_half_life(answer):
    found = answer(3.0)
    require(np.shape(found) == (), "Return one number of steps.")
    require(not np.isclose(found, np.exp(3.0)), "$e^b$ is the span of the chapter: after it, about a third is left.")
    require(
        not np.isclose(found, half_life_bias_as_gate(3.0)), "The bias is no gate: it goes through the sigmoid first."
    )
    require(not np.isclose(found, half_life_upside_down(3.0)), "Upside down: $f^k = 1/2$, solved for $k$, is what?")
    require(found > 0, "A number of steps is positive: both logarithms here are negative.")
    require(not np.isclose(found, 15), "15 is rounded up: give the number of steps with its decimals, 14 and a part.")
    require(
        not np.isclose(found, half_life_in_a_straight_line(3.0)),
        "Not the same amount goes at each step, but the same share of what is left: $f^k$.",
    )
    require(
        np.isclose(answer(0.0), 1), f"Bias 0 makes the gate 0.5: half is gone after one step, not {answer(0.0):.3g}."
    )
    agree(answer, half_life, (3.0,), (-1.0,), (6.0,))


# 3 How much comes back


def through(f):
    return np.cumprod(f[::-1], axis=0)[::-1]


def through_from_the_start(f):
    return np.cumprod(f, axis=0)


def through_one_less(f):
    return np.vstack([through(f)[1:], np.ones_like(f[:1])])


def through_turned_round(f):
    return np.cumprod(f[::-1], axis=0)


def through_summed(f):
    return np.cumsum(f[::-1], axis=0)[::-1]


def through_over_cells(f):
    return np.cumprod(f[:, ::-1], axis=1)[:, ::-1]


def through_by_loop(f):
    g, rows = np.ones(f.shape[1]), []
    for row in f[::-1]:
        g = g * row
        rows.insert(0, g)
    return np.array(rows)


def through_by_prod(f):
    return np.array([f[t:].prod(axis=0) for t in range(len(f))])


def through_by_logs(f):
    logs = np.log(f)
    return np.exp(logs.sum(axis=0) - np.cumsum(logs, axis=0) + logs)


GATES = np.random.default_rng(0).uniform(0.5, 1, (6, 3))
MORE_GATES = np.random.default_rng(1).uniform(0.2, 1, (4, 4))


def check_through(answer):
    d = answer(GATES)
    require(np.shape(d) == (6, 3), f"6 steps of 3 cells make the shape (6, 3), and yours is {np.shape(d)}.")
    require(
        not np.allclose(d, through_from_the_start(GATES)),
        "You multiply from the first step on. The gradient comes from the last.",
    )
    require(
        not np.allclose(d, through_one_less(GATES)),
        "One gate is missing in each row: between $c_0$ and $c_T$ lie all $T$ of them.",
    )
    require(
        not np.allclose(d, through_turned_round(GATES)),
        "Right numbers in the wrong order: row 0 is for the first cell.",
    )
    require(not np.allclose(d, through_summed(GATES)), "Slopes along one path are multiplied, not added.")
    require(not np.allclose(d, through_over_cells(GATES)), "You multiply over the cells. Each cell goes its own way.")
    agree(answer, through, (GATES,), (MORE_GATES,), (GATES[:1],))


# 4 The last one only

REPLACES = (np.array([[0, 30], [0, -30], [0.1, 0], [0, 0]]), np.array([-15, 15, 0, 15]))
ADDS = (np.array([[0, 30], [0, 0], [0.1, 0], [0, 0]]), np.array([-15, 15, 0, 15]))
SOFT = (np.array([[0, 20], [0, -20], [0.1, 0], [0, 0]]), np.array([-10, 10, 0, 10]))
SMALL_G = (np.array([[0, 60.0], [0, -60], [0.1, 0], [0, 0]]), np.array([-30.0, 30, 0, 30]))
UNEQUAL = (np.array([[0, 40], [0, -24], [0.1, 0], [0, 0]]), np.array([-18, 11, 0, 12]))
ALWAYS_OPEN = (np.array([[0, 0], [0, 0], [0.1, 0], [0, 0]]), np.array([15, -15, 0, 15]))
FORGETS_BETWEEN = (np.array([[0, 30], [0, 0], [0.1, 0], [0, 0]]), np.array([-15, -15, 0, 15]))
NEVER_LETS_IN = (np.array([[0, 0], [0, -30], [0.1, 0], [0, 0]]), np.array([-15, 15, 0, 15]))
SHUT_OUTPUT = (np.array([[0, 30], [0, -30], [0.1, 0], [0, 0]]), np.array([-15, 15, 0, 0]))
HALF_OPEN = (np.array([[0, 30], [0, -30], [0.1, 0], [0, 0]]), np.array([-15, 30, 0, 15]))
GATES_EXCHANGED = (np.array([[0, -30], [0, 30], [0.1, 0], [0, 0]]), np.array([15, -15, 0, 15]))


def run_cell(W, b, x):
    """10 h after the last step of x (T, N, 2), of one cell without recurrent weights."""
    c = np.zeros(x.shape[1])
    for x_t in x:
        i, f, g, o = (x_t @ W.T + b).T
        i, f, g, o = 1 / (1 + np.exp(-i)), 1 / (1 + np.exp(-f)), np.tanh(g), 1 / (1 + np.exp(-o))
        c = f * c + i * g
        h = o * np.tanh(c)
    return 10 * h


def marked_values(T, N, marks, seed):
    """x (T, N, 2) with so many marks in each sequence, and the marked values (marks, N) in their order."""
    rng = np.random.default_rng(seed)
    x = np.zeros((T, N, 2))
    x[..., 0] = rng.uniform(0.2, 1, (T, N))
    for n in range(N):
        x[np.sort(rng.permutation(T - 2)[:marks]), n, 1] = 1
    t, n = np.nonzero(x[..., 1].T)[::-1]
    return x, x[t, n, 0].reshape(N, marks).T


def check_the_last_one(answer):
    W, b = (np.asarray(part, float) for part in answer)
    require(W.shape == (4, 2), f"`W` has four rows, for i, f, g and o, and two columns: (4, 2), not {W.shape}.")
    require(b.shape == (4,), f"`b` has one bias for each of i, f, g and o: (4,), not {b.shape}.")
    x, values = marked_values(40, 30, 3, seed=0)
    one, value = marked_values(40, 30, 1, seed=1)
    with np.errstate(over="ignore"):
        found, alone = run_cell(W, b, x), run_cell(W, b, one)
        at_mark = run_cell(W, b, np.stack([value[0], np.ones(30)], axis=-1)[None])  # that step alone

    def near(a, b):
        return np.abs(a - b).max() < 0.06

    require(
        not near(found, 10 * np.tanh(np.tanh(values / 10).sum(axis=0))),
        "It still adds all marked values. What has to happen to the old one when a new one comes?",
    )
    require(np.abs(at_mark).max() > 0.01, "Nothing is stored, not even in the step with the mark: when does $i$ open?")
    require(not near(found, x[-1, :, 0]), "It shows the newest value, marked or not: $i$ should be shut in between.")
    require(
        not near(found, 10 * np.tanh(0.05 * values[-1])) and not near(alone, value[0] / 2),
        "It shows half of what it should: is $o$ open?",
    )
    require(
        np.abs(alone).max() > 0.1,
        "It stores at the mark, and has lost the value at the end: what is $f$ between the marks?",
    )
    require(near(alone, value[0]), "With a single mark, the value that it shows at the end is not the marked one.")
    two = np.stack([values[:2], np.ones((2, 30))], axis=-1)  # two marks, one step after the other
    require(
        not near(run_cell(W, b, two), values[1] + values[0] / 2),
        "Half of the old value stays: at a mark your $f$ is $\\sigma(0) = 0.5$. It should be shut there.",
    )
    require(near(found, values[-1]), "With one mark it is right. With three it does not show the last of them.")


# 5 The other way round


def convert(W, U, b):
    H = len(b) // 3
    sign = np.repeat([1, -1, 1], H)
    return sign[:, None] * W, sign[:, None] * U, sign * b


def convert_nothing(W, U, b):
    return W, U, b


def convert_nothing_but_bias(W, U, b):
    H = len(b) // 3
    return W, U, np.repeat([1, -1, 1], H) * b


def convert_without_bias(W, U, b):
    H = len(b) // 3
    sign = np.repeat([1, -1, 1], H)[:, None]
    return sign * W, sign * U, b


def convert_all(W, U, b):
    return -W, -U, -b


def convert_first_block(W, U, b):
    H = len(b) // 3
    sign = np.repeat([-1, 1, 1], H)
    return sign[:, None] * W, sign[:, None] * U, sign * b


def convert_last_block(W, U, b):
    H = len(b) // 3
    sign = np.repeat([1, 1, -1], H)
    return sign[:, None] * W, sign[:, None] * U, sign * b


def convert_by_exchange(W, U, b):
    H = len(b) // 3
    return tuple(np.concatenate([a[:H], a[2 * H :], a[H : 2 * H]]) for a in (W, U, b))


def convert_inputs_only(W, U, b):
    return convert(W, U, b)[0], U, b


def convert_one_minus(W, U, b):
    H = len(b) // 3
    W, U, b = W.copy(), U.copy(), b.copy()
    for a in (W, U, b):
        a[H : 2 * H] = 1 - a[H : 2 * H]
    return W, U, b


def convert_in_place_of_copies(W, U, b):
    H, parts = len(b) // 3, []
    for a in (W, U, b):
        a = a.copy()
        a[H : 2 * H] *= -1
        parts.append(a)
    return tuple(parts)


def convert_by_blocks(W, U, b):
    def turned(a):
        r, z, n = np.split(a, 3)
        return np.concatenate([r, -z, n])

    return turned(W), turned(U), turned(b)


def convert_by_matrix(W, U, b):
    H = len(b) // 3
    D = np.diag(np.r_[np.ones(H), -np.ones(H), np.ones(H)])
    return D @ W, D @ U, D @ b


_rng = np.random.default_rng(2)
GRU_WEIGHTS = _rng.standard_normal((6, 3)), _rng.standard_normal((6, 2)), _rng.standard_normal(6)


def check_convert(answer):
    W, U, b = answer(*GRU_WEIGHTS)
    old = GRU_WEIGHTS

    def same(*others):
        return all(np.shape(a) == np.shape(o) and np.allclose(a, o) for a, o in zip((W, U, b), others, strict=True))

    require(not same(*old), "Nothing has changed. With these weights our $z$ would keep where theirs lets in.")
    require(not same(*convert_nothing_but_bias(*old)), "The gate is computed from inputs and states, too, not from its "
            "bias alone.")  # fmt: skip
    require(not same(*convert_without_bias(*old)), "Almost: the gate $z$ has a bias, too.")
    require(not same(*convert_all(*old)), "You turn all three blocks round. Only $z$ means something else there.")
    require(not same(*convert_first_block(*old)), "You turned the first block round. The blocks are r, z, n.")
    require(
        not same(*convert_last_block(*old)),
        "You turned the proposal $n$, the last block. The gate $z$ is the one in the middle.",
    )
    require(
        not same(*convert_by_exchange(*old)),
        "You exchanged the blocks z and n. They have their places; what changes is the meaning of $z$.",
    )
    require(
        not same(*convert_inputs_only(*old)), "The gate is computed from the old state and a bias, too: `U` and `b`."
    )
    require(
        not same(*convert_one_minus(*old)), "$1 - z$ is not made by $1 - W$: which number $a'$ has $\\sigma(a') = 1 - "
        "\\sigma(a)$?",
    )  # fmt: skip
    agree(answer, convert, old)


# 6 Backwards from its own end


def backwards(x, lengths):
    turned = x.copy()
    for n, length in enumerate(lengths):
        turned[n, :length] = x[n, :length][::-1]
    return turned


def backwards_padding_first(x, lengths):
    return x[:, ::-1]


def backwards_one_late(x, lengths):
    turned = x.copy()
    for n, length in enumerate(lengths):
        turned[n, : length - 1] = x[n, : length - 1][::-1]
    return turned


def backwards_by_longest(x, lengths):
    turned, longest = x.copy(), lengths.max()
    turned[:, :longest] = x[:, :longest][:, ::-1]
    return turned


def backwards_features(x, lengths):
    return x[:, :, ::-1]


def backwards_batch(x, lengths):
    return x[::-1]


def backwards_cut(x, lengths):
    return x[:, : lengths.min()][:, ::-1]


def backwards_by_index(x, lengths):
    t = np.arange(x.shape[1])
    source = np.where(t < lengths[:, None], lengths[:, None] - 1 - t, t)
    return x[np.arange(len(x))[:, None], source]


def backwards_by_take(x, lengths):
    t = np.arange(x.shape[1])
    source = np.where(t < lengths[:, None], lengths[:, None] - 1 - t, t)
    return np.take_along_axis(x, source[..., None], axis=1)


def backwards_by_rolling(x, lengths):
    T = x.shape[1]
    return np.stack([np.roll(s[::-1], n - T, axis=0) for s, n in zip(x, lengths, strict=True)])


LENGTHS = np.array([2, 5, 1, 4])
BATCH = np.random.default_rng(3).standard_normal((4, 6, 3)) * (np.arange(6) < LENGTHS[:, None])[..., None]


def check_backwards(answer):
    found = answer(BATCH, LENGTHS)
    require(np.shape(found) == (4, 6, 3), f"The shape stays (N, T, D), (4, 6, 3) here, and yours is {np.shape(found)}.")
    require(not np.allclose(found, BATCH[:, ::-1]), "The first thing that is read is still padding, except where a "
            "sequence is as long as the array. The whole array is turned round, the padding with it.")  # fmt: skip
    require(not np.allclose(found, BATCH), "These are the sequences as they were. Which part of each is to be turned?")
    require(not np.allclose(found, backwards_by_longest(BATCH, LENGTHS)), "You turn all of them from the end of the "
            "longest. Each has an end of its own.")  # fmt: skip
    require(not np.allclose(found, backwards_one_late(BATCH, LENGTHS)), "The last frame of each stays where it was: a "
            "sequence of length 5 has the steps 0 to 4, which is `[:5]`.")  # fmt: skip
    require(not np.allclose(found, BATCH[:, :, ::-1]), "You turn the features round. Time is the axis in the middle.")
    require(not np.allclose(found, BATCH[::-1]), "You turn the batch round. Time is the axis in the middle.")
    agree(answer, backwards, (BATCH, LENGTHS), (BATCH[:2, :5], np.array([2, 5])))


# 7 Count the weights


def count(blocks, inputs, hidden, layers, directions):
    total = 0
    for layer in range(layers):
        wide = inputs if layer == 0 else directions * hidden
        total += directions * blocks * hidden * (wide + hidden + 2)
    return total


def count_one_bias(blocks, inputs, hidden, layers, directions):
    total = 0
    for layer in range(layers):
        wide = inputs if layer == 0 else directions * hidden
        total += directions * blocks * hidden * (wide + hidden + 1)
    return total


def count_same_layers(blocks, inputs, hidden, layers, directions):
    return layers * directions * blocks * hidden * (inputs + hidden + 2)


def count_narrow_above(blocks, inputs, hidden, layers, directions):
    widths = [inputs] + [hidden] * (layers - 1)
    return sum(directions * blocks * hidden * (wide + hidden + 2) for wide in widths)


def count_one_direction(blocks, inputs, hidden, layers, directions):
    return count(blocks, inputs, hidden, layers, directions) // directions


def count_both_states(blocks, inputs, hidden, layers, directions):
    return (
        directions
        * blocks
        * hidden
        * sum((inputs if layer == 0 else directions * hidden) + directions * hidden + 2 for layer in range(layers))
    )


def count_without_blocks(blocks, inputs, hidden, layers, directions):
    return count(1, inputs, hidden, layers, directions)


def count_by_arrays(blocks, inputs, hidden, layers, directions):
    total, rows, wide = 0, blocks * hidden, inputs
    for _ in range(layers):
        one = np.zeros((rows, wide)).size + np.zeros((rows, hidden)).size + 2 * np.zeros(rows).size
        total += directions * one
        wide = directions * hidden
    return total


def count_recursively(blocks, inputs, hidden, layers, directions):
    if layers == 0:
        return 0
    first = directions * blocks * hidden * (inputs + hidden + 2)
    return first + count_recursively(blocks, directions * hidden, hidden, layers - 1, directions)


def count_by_formula(blocks, inputs, hidden, layers, directions):
    first, upper = inputs + hidden + 2, directions * hidden + hidden + 2
    return directions * blocks * hidden * (first + (layers - 1) * upper)


def check_count(answer):
    plain = answer(1, 2, 16, 1, 1)
    require(np.shape(plain) == (), "Return one number, all parameters together.")
    require(plain != 304, "304 for the plain network of 16 units: the library has two biases for each unit.")
    require(plain == 320, f"The plain network with 2 inputs and 16 units has 320 parameters, and you count {plain}.")
    lstm = answer(4, 2, 16, 1, 1)
    require(lstm != 320, "For the LSTM you count 320, as many as for the plain network. What are the `blocks`?")
    require(lstm == 1280, f"One layer of an LSTM with 16 cells has 1280 parameters, and you count {lstm}.")
    both = answer(4, 2, 16, 1, 2)
    require(both != 1280, "Both ways, you count as many as one way. Each direction has its own weights.")
    require(both != 4608, "A direction reads its own old states only: its recurrent weights are `hidden` wide.")
    require(both == 2560, f"Both ways, one layer has 2560 parameters, and you count {both}.")
    stacked = answer(4, 2, 16, 2, 1)
    require(stacked != 2560, "The second layer does not read the input: how many numbers does it get from the first?")
    require(stacked == 3456, f"Two layers of an LSTM have 3456 parameters, and you count {stacked}.")
    require(
        answer(4, 2, 16, 2, 2) != count_narrow_above(4, 2, 16, 2, 2),
        "One layer is right. With two, both ways, the upper layer reads the states of *both* directions.",
    )
    agree(answer, count, (3, 13, 32, 3, 2), (4, 5, 7, 4, 1))


EXERCISES = [
    Exercise(
        key="one-lstm-step-by-hand",
        title="One step by hand",
        check=check_one_step,
        hints=[
            "First the cell: what is kept of the old one, and what is let in of the new?",
            "$c$ is $f$ times the old cell plus $i$ times $g$; mind the sign of $g$. Then bend it, times $o$.",
        ],
        solution=(0.8, 0.332),
        explanation="$c = 0.5 \\cdot 2 + 0.25 \\cdot (-0.8) = 0.8$ and $h = 0.5 \\cdot \\tanh(0.8) = 0.5 \\cdot 0.664 "
        "= 0.332$.",
        wrong=[
            Wrong((0.1, 0.0498), "change places"),
            Wrong((0.8, 0.4), "What bends the cell"),
            Wrong((1.0, 0.381), "Something is let in"),
            Wrong((1.2, 0.417), "makes the cell smaller"),
            Wrong((0.8, 0.664), "How far is the gate"),
        ],
        right=[
            [0.8, 0.332],
            np.array([0.8, 0.3320]),
            (0.5 * 2 - 0.25 * 0.8, 0.5 * math.tanh(0.8)),
        ],
    ),
    Exercise(
        key="half-life-of-a-cell",
        title="Half of it is gone",
        check=check_half_life,
        hints=[
            "The gate is $f = \\sigma(b)$, and after $k$ steps $f^k$ is left.",
            "Solve $f^k = 1/2$ for $k$ by taking the logarithm of both sides.",
        ],
        solution=half_life,
        explanation="With $b = 3$ half is gone after 14 steps. A bias of 5 makes it 103: the span grows like $e^b$.",
        wrong=[
            Wrong(half_life_by_span, "about a third is left"),
            Wrong(half_life_bias_as_gate, "goes through the sigmoid"),
            Wrong(half_life_upside_down, "Upside down"),
            Wrong(half_life_negative, "both logarithms here are negative"),
            Wrong(half_life_in_whole_steps, "is rounded up"),
            Wrong(half_life_in_a_straight_line, "the same share of what is left"),
        ],
        right=[half_life_by_softplus, half_life_base_two, half_life_by_tanh],
    ),
    Exercise(
        key="back-through-the-forget-gates",
        title="How much comes back",
        check=check_through,
        hints=[
            "The last row is `f[-1]`. The row before it is that times `f[-2]`.",
            "`np.cumprod` multiplies from the top. Turn `f` round with `f[::-1]` first, and the result back.",
        ],
        solution=through,
        explanation="This is backpropagation through time along the cell: from the last step to the first, one "
        "multiplication by a gate at each.",
        wrong=[
            Wrong(through_from_the_start, "from the first step on"),
            Wrong(through_one_less, "One gate is missing"),
            Wrong(through_turned_round, "wrong order"),
            Wrong(through_summed, "multiplied, not added"),
            Wrong(through_over_cells, "goes its own way"),
        ],
        right=[through_by_loop, through_by_prod, through_by_logs],
    ),
    Exercise(
        key="only-the-last-marked-value",
        title="The last one only",
        check=check_the_last_one,
        hints=[
            "When a new value is let in, the old one has to go. Which gate does that, and when?",
            "At a mark, $i$ should be 1 and $f$ 0; elsewhere $i$ 0 and $f$ 1. So $f = 1 - i$, and $1 - \\sigma(a) = "
            "\\sigma(-a)$.",
            "The second row of `W` is the first with the other sign, and so are the first two biases.",
        ],
        solution=REPLACES,
        explanation="The forget gate shuts at the mark, in the step in which the input gate opens: the old value is "
        "replaced. A GRU ties the two gates together like this from the start, with $1 - z$ and $z$.",
        wrong=[
            Wrong(ADDS, "still adds"),
            Wrong(ALWAYS_OPEN, "marked or not"),
            Wrong(FORGETS_BETWEEN, "has lost the value"),
            Wrong(NEVER_LETS_IN, "Nothing is stored"),
            Wrong(SHUT_OUTPUT, "half of what it should"),
            Wrong(HALF_OPEN, "Half of the old value stays"),
        ],
        right=[tuple(part.tolist() for part in REPLACES), SOFT, SMALL_G, UNEQUAL],
    ),
    Exercise(
        key="a-gru-with-the-gate-turned-round",
        title="The other way round",
        check=check_convert,
        hints=[
            "In the other program the gate is $z' = 1 - z$. Which weights make $\\sigma$ give $1 - z$ instead of $z$?",
            "$1 - \\sigma(a) = \\sigma(-a)$: what goes into the gate changes its sign, the middle third of all rows.",
        ],
        solution=convert,
        explanation="$\\sigma(-a) = 1 - \\sigma(a)$, so the rows of $z$ change their sign, the biases too.",
        wrong=[
            Wrong(convert_nothing, "Nothing has changed"),
            Wrong(convert_without_bias, "has a bias, too"),
            Wrong(convert_nothing_but_bias, "from its bias alone"),
            Wrong(convert_all, "all three blocks"),
            Wrong(convert_first_block, "The blocks are r, z, n"),
            Wrong(convert_last_block, "the proposal $n$"),
            Wrong(convert_by_exchange, "exchanged the blocks"),
            Wrong(convert_inputs_only, "from the old state"),
            Wrong(convert_one_minus, "is not made by"),
        ],
        right=[convert_in_place_of_copies, convert_by_blocks, convert_by_matrix],
    ),
    Exercise(
        key="backwards-from-its-own-end",
        title="Find the bug",
        check=check_backwards,
        hints=[
            "Print `backwards(x, lengths)[0]` for a sequence of two frames in an array of six: where are the two?",
            "Sequence `n` has the frames `x[n, :lengths[n]]`. Turn these round, and leave what stands behind them.",
            "Begin with `turned = x.copy()`, go through the sequences, and fill `turned[n, :length]`.",
        ],
        solution=backwards,
        explanation="`[:, ::-1]` puts the padding of a short sequence in front. The backward layer then has read "
        "nothing but padding for many steps before the word begins. The library's layers, which know the `lengths`, "
        "begin at each sequence's own end.",
        wrong=[
            Wrong(backwards_padding_first, "is still padding"),
            Wrong(backwards_by_longest, "from the end of the longest"),
            Wrong(backwards_one_late, "stays where it was"),
            Wrong(backwards_features, "turn the features round"),
            Wrong(backwards_batch, "turn the batch round"),
            Wrong(backwards_cut, "The shape stays"),
        ],
        right=[backwards_by_index, backwards_by_take, backwards_by_rolling],
    ),
    Exercise(
        key="weights-of-a-recurrent-stack",
        title="Count the weights",
        check=check_count,
        hints=[
            "A block has `hidden` rows: each reads the layer's inputs and all states, and adds two biases.",
            "The first layer reads `inputs` numbers. Every other layer reads the states of the one below, of both "
            "directions if there are two.",
        ],
        solution=count,
        explanation="A direction of a layer has blocks · hidden · (what it reads + hidden + 2) parameters.",
        wrong=[
            Wrong(count_one_bias, "two biases"),
            Wrong(count_same_layers, "does not read the input"),
            Wrong(count_narrow_above, "states of *both* directions"),
            Wrong(count_one_direction, "Each direction has its own"),
            Wrong(count_both_states, "its own old states only"),
            Wrong(count_without_blocks, "What are the `blocks`"),
        ],
        right=[count_by_arrays, count_recursively, count_by_formula],
    ),
]
