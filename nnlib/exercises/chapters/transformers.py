"""Exercises of the chapter Transformers."""

import numpy as np

from nnlib.exercises.exercise import Exercise, Wrong, agree, require

RNG = np.random.default_rng(0)


def softmax(s):
    e = np.exp(s - s.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


# 1: self-attention with a pencil


SCORES = np.array([[1.0, 1, 0], [1, 1, 0], [0, 0, 1]]) / np.sqrt(2)
OOZ = softmax(SCORES) @ np.array([[1.0, 0], [1, 0], [0, 1]])  # (3, 2)


def check_pencil(answer):
    y = np.asarray(answer, dtype=float)
    require(y.shape == (3, 2), f"Three letters get two numbers each, (3, 2), and yours has the shape {y.shape}.")
    require(np.allclose(y[0], y[1], atol=0.01), "Both o ask the same question of the same letters.")
    require(
        np.allclose(y.sum(axis=1), 1, atol=0.02),
        "Each row should add up to 1: it is a mean of rows that do, with weights that add up to 1.",
    )
    require(
        not np.allclose(y, softmax(np.sqrt(2) * SCORES) @ np.array([[1, 0], [1, 0], [0, 1]]), atol=0.005),
        "You did not divide the scores by the root of 2, the length of a key.",
    )
    require(
        not np.allclose(y[0], [0.67, 0.33], atol=0.006),
        'That is the o of the word "on". This word has two of them, and each has a weight of its own.',
    )
    require(
        not np.allclose(y[:2], [[1, 0], [1, 0]], atol=0.006),
        "An o looks at the n, too, although it comes later: there is no mask here.",
    )
    agree(np.round(y, 2), np.round(OOZ, 2), what="The table")


# 2: the clock's hands


def encoding(T, d, base):
    angles = np.arange(T)[:, None] / base ** (np.arange(0, d, 2) / d)  # (T, d/2)
    return np.stack([np.sin(angles), np.cos(angles)], axis=2).reshape(T, d)


def check_encoding(answer):
    p = answer(5, 6, 100.0)
    require(np.shape(p) == (5, 6), f"For T = 5 and d = 6 the shape is (5, 6), and yours is {np.shape(p)}.")
    right = encoding(5, 6, 100.0)
    require(
        np.allclose(p[0], right[0]) or not np.allclose(p[0], encoding(2, 6, 100.0)[1]),
        "Positions are counted from 0: the first row holds the sine and the cosine of 0.",
    )
    halves = np.concatenate([right[:, ::2], right[:, 1::2]], axis=1)
    require(not np.allclose(p, halves), "All sines stand before all cosines. In the equation they take turns.")
    require(
        not np.allclose(p, exponent_of_the_entry(5, 6, 100.0)),
        "Sine and cosine of a pair have the same frequency: the exponent has the number of the pair, not of the entry.",
    )
    require(
        np.allclose(p[:, :2], right[:, :2]) or not np.allclose(p[:, :2], right[:, 1::-1]),
        "Sines come first (even entries), cosines second.",
    )
    require(
        not np.allclose(p, half_the_exponent(5, 6, 100.0)),
        "Pair i has the exponent -2i/d, and yours has -i/d: the hands slow down only half as much.",
    )
    require(
        not np.allclose(p, encoding(5, 6, 10_000.0)), "The base is given here, 100 in this test, and you took 10,000."
    )
    agree(answer, encoding, (5, 6, 100.0), (1, 2, 10_000.0), (40, 8, 10_000.0))


def exponent_of_the_entry(T, d, base):
    angles = np.arange(T)[:, None] / base ** (np.arange(d) / d)
    return np.where(np.arange(d) % 2 == 0, np.sin(angles), np.cos(angles))


def half_the_exponent(T, d, base):
    return encoding(T, d, np.sqrt(base))


def always_ten_thousand(T, d, base):
    return encoding(T, d, 10_000.0)


def sines_then_cosines(T, d, base):
    p = encoding(T, d, base)
    return np.concatenate([p[:, ::2], p[:, 1::2]], axis=1)


def from_one(T, d, base):
    return encoding(T + 1, d, base)[1:]


def encoding_by_loops(T, d, base):
    p = np.zeros((T, d))
    for t in range(T):
        for k in range(d):
            angle = t * base ** (-2 * (k // 2) / d)
            p[t, k] = np.cos(angle) if k % 2 else np.sin(angle)
    return p


def encoding_by_complex_numbers(T, d, base):
    turn = np.exp(1j * base ** (-np.arange(0, d, 2) / d))
    z = turn ** np.arange(T)[:, None]
    p = np.empty((T, d))
    p[:, ::2], p[:, 1::2] = z.imag, z.real
    return p


def encoding_by_assignment(T, d, base):
    p, w = np.zeros((T, d)), base ** (-np.arange(0, d, 2) / d)
    p[:, 0::2] = np.sin(np.outer(range(T), w))
    p[:, 1::2] = np.cos(np.outer(range(T), w))
    return p


# 3: each position by itself


def layer_norm(x, gamma, beta):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return gamma * (x - mean) / np.sqrt(variance + 1e-5) + beta


NORMED = RNG.normal(2, 3, (4, 6))
GAMMA, BETA = RNG.normal(1, 0.3, 6), RNG.normal(0, 0.3, 6)
ONES, ZEROS = np.ones(6), np.zeros(6)


def check_layer_norm(answer):
    y = answer(NORMED, ONES, ZEROS)
    require(np.shape(y) == (4, 6), f"x has shape (4, 6), and what comes out has {np.shape(y)}.")
    require(
        not np.allclose(y, across_positions(NORMED, ONES, ZEROS), atol=1e-3),
        "Each column has mean 0, not each row: this norm would let the positions know of each other.",
    )
    require(
        not np.allclose(y, over_everything(NORMED, ONES, ZEROS), atol=1e-3),
        "You took one mean and one deviation of all numbers together. Each position has its own.",
    )
    require(np.allclose(y.mean(axis=1), 0, atol=1e-6), "With a shift of 0 each row should have the mean 0.")
    require(
        not np.allclose(y, NORMED - NORMED.mean(axis=1, keepdims=True)), "The means are right. Nothing is scaled yet."
    )
    require(
        not np.allclose(y, divided_by_variance(NORMED, ONES, ZEROS), rtol=1e-3),
        "You divide by the variance. Its root, the deviation, has the unit of x.",
    )
    require(
        not np.allclose(y, with_n_minus_one(NORMED, ONES, ZEROS), rtol=1e-4),
        "The variance is the mean of the squares: divide their sum by d, not by d - 1.",
    )
    flat = answer(np.ones((1, 6)), ONES, ZEROS)
    require(
        np.all(np.isfinite(flat)), "A row of equal numbers gives 0/0: the 0.00001 under the root is there for that."
    )
    tight = answer(1e-4 * NORMED, ONES, ZEROS)
    require(
        not np.allclose(tight, layer_norm(NORMED, ONES, ZEROS), atol=1e-3),
        "For very small numbers the 0.00001 under the root matters, and yours seems to be missing or elsewhere.",
    )
    require(
        not np.allclose(tight, added_to_the_deviation(1e-4 * NORMED, ONES, ZEROS), rtol=1e-6),
        "The 0.00001 is added to the variance, under the root. You added it to the deviation.",
    )
    z, y = answer(NORMED, ONES, ZEROS), answer(NORMED, GAMMA, BETA)
    require(not np.allclose(y, z), "gamma and beta change nothing. Scale by the one, then shift by the other.")
    require(not np.allclose(y, GAMMA * (z + BETA)), "beta comes after gamma: what is added is not scaled any more.")
    agree(answer, layer_norm, (NORMED, GAMMA, BETA), (NORMED[:1], GAMMA, BETA), (1e-3 * NORMED, GAMMA, BETA))


def across_positions(x, gamma, beta):
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + 1e-5) + beta


def over_everything(x, gamma, beta):
    return gamma * (x - x.mean()) / np.sqrt(x.var() + 1e-5) + beta


def divided_by_variance(x, gamma, beta):
    return gamma * (x - x.mean(axis=-1, keepdims=True)) / (x.var(axis=-1, keepdims=True) + 1e-5) + beta


def with_n_minus_one(x, gamma, beta):
    variance = x.var(axis=-1, keepdims=True, ddof=1)
    return gamma * (x - x.mean(axis=-1, keepdims=True)) / np.sqrt(variance + 1e-5) + beta


def added_to_the_deviation(x, gamma, beta):
    return gamma * (x - x.mean(axis=-1, keepdims=True)) / (x.std(axis=-1, keepdims=True) + 1e-5) + beta


def without_scale(x, gamma, beta):
    return layer_norm(x, np.ones_like(gamma), np.zeros_like(beta))


def shifted_first(x, gamma, beta):
    return gamma * (without_scale(x, gamma, beta) + beta)


def layer_norm_by_loops(x, gamma, beta):
    y = np.zeros_like(x)
    for t, row in enumerate(x):
        mean = sum(row) / len(row)
        variance = sum((a - mean) ** 2 for a in row) / len(row)
        for k, a in enumerate(row):
            y[t, k] = gamma[k] * (a - mean) / (variance + 1e-5) ** 0.5 + beta[k]
    return y


def layer_norm_by_squares(x, gamma, beta):
    mean = x.mean(axis=1)[:, None]
    variance = (x**2).mean(axis=1)[:, None] - mean**2
    return (x - mean) * (variance + 1e-5) ** -0.5 * gamma + beta


# 4: one more position


def one_more(q, k, v, keys, values):
    keys, values = np.vstack([keys, k]), np.vstack([values, v])
    return softmax(keys @ q / np.sqrt(len(q))) @ values, keys, values


Q, K, V = RNG.normal(0, 1, (3, 5, 4))
STEP = (Q[4], K[4], V[4], K[:4], V[:4])


def check_one_more(answer):
    found = answer(*STEP)
    require(isinstance(found, tuple | list) and len(found) == 3, "Return three things: y, keys and values.")
    y, keys, values = map(np.asarray, found)
    sizes = f"y {y.shape}, keys {keys.shape}, values {values.shape}"
    require(keys.shape == values.shape == (5, 4), f"From four positions five become: (5, 4). You returned {sizes}.")
    require(y.shape == (4,), f"y is one vector, as long as a value, (4,). You returned {sizes}.")
    require(
        not np.allclose(keys[0], K[4]),
        "The new key stands first. Then the places in the cache are those of another text.",
    )
    require(not np.allclose(keys[4], Q[4]), "The query went into the cache. Nobody will ask for it again.")
    require(not np.allclose(y, without_itself(*STEP)[0]), "A position looks at itself, too: first append, then look.")
    require(
        not np.allclose(y, softmax(K @ Q[4]) @ V), "The scores were not divided by the root of the length of a key."
    )
    require(
        not np.allclose(y, root_of_the_positions(*STEP)[0]),
        "You divided by the root of the number of positions. It is the length of a query that counts, 4 here.",
    )
    agree(answer, one_more, STEP, (Q[1], K[1], V[1, :3], K[:1], V[:1, :3]), (Q[0], K[0], V[0], K[:0], V[:0]))


def without_itself(q, k, v, keys, values):
    y = softmax(keys @ q / np.sqrt(len(q))) @ values if len(keys) else np.zeros_like(v)
    return y, np.vstack([keys, k]), np.vstack([values, v])


def new_one_first(q, k, v, keys, values):
    keys, values = np.vstack([k, keys]), np.vstack([v, values])
    return softmax(keys @ q / np.sqrt(len(q))) @ values, keys, values


def query_kept(q, k, v, keys, values):
    keys, values = np.vstack([keys, q]), np.vstack([values, v])
    return softmax(keys @ q / np.sqrt(len(q))) @ values, keys, values


def cache_unscaled(q, k, v, keys, values):
    keys, values = np.vstack([keys, k]), np.vstack([values, v])
    return softmax(keys @ q) @ values, keys, values


def root_of_the_positions(q, k, v, keys, values):
    keys, values = np.vstack([keys, k]), np.vstack([values, v])
    return softmax(keys @ q / np.sqrt(len(keys))) @ values, keys, values


def one_more_by_loops(q, k, v, keys, values):
    keys, values = np.array([*keys, k]), np.array([*values, v])
    scores = np.array([sum(a * b for a, b in zip(q, key, strict=True)) / len(q) ** 0.5 for key in keys])
    e = np.exp(scores - scores.max())
    return sum(w * value for w, value in zip(e / e.sum(), values, strict=True)), keys, values


def one_more_by_concatenating(q, k, v, keys, values):
    keys, values = np.concatenate([keys, k[None]]), np.concatenate([values, v[None]])
    s = (q[None] @ keys.T) / np.sqrt(keys.shape[1])
    return (softmax(s) @ values)[0], keys, values


def one_more_in_a_list(q, k, v, keys, values):
    keys, values = np.append(keys, [k], axis=0), np.append(values, [v], axis=0)
    return [softmax(q @ keys.T / len(q) ** 0.5) @ values, keys, values]


# 5: count a GPT


def count_gpt(V, T, d, L):
    return V * d + T * d + L * (12 * d**2 + 13 * d) + 2 * d


def check_count_gpt(answer):
    n = answer(65, 16, 32, 2)
    require(np.shape(n) == (), "Return one number.")
    right, d = count_gpt(65, 16, 32, 2), 32
    require(
        n not in (right + 65 * d, right + 65 * d + 65),
        "You counted the table of letters twice. The scores at the end use the same table.",
    )
    require(n != right - 16 * d, "The learned positions are missing: a vector for each place of the window.")
    require(n != right - 2 * d, "The norm behind the last block is missing.")
    require(n != right - 2 * 4 * d, "The norms inside the blocks are missing: two in each, with two vectors each.")
    require(
        n != right - 2 * 9 * d,
        "The biases are missing: four of length d in attention, one of 4d and one of d in the network.",
    )
    require(
        n not in (right - 2 * d**2, right - 2 * (d**2 + d)),
        "Attention has four matrices: for queries, keys and values, and one for what comes out.",
    )
    require(n != right - 2 * 13 * d - 2 * d, "Only the matrices are counted. There are biases and norms, too.")
    agree(answer, count_gpt, (65, 16, 32, 2), (50257, 1024, 768, 12), (10, 7, 5, 3))


def count_two_tables(V, T, d, L):
    return count_gpt(V, T, d, L) + V * d


def count_without_biases(V, T, d, L):
    return count_gpt(V, T, d, L) - 9 * d * L


def count_three_matrices(V, T, d, L):
    return count_gpt(V, T, d, L) - L * (d**2 + d)


def count_without_positions(V, T, d, L):
    return count_gpt(V, T, d, L) - T * d


def count_step_by_step(V, T, d, L):
    attention = 4 * (d * d + d)
    network = (d * 4 * d + 4 * d) + (4 * d * d + d)
    norms = 2 * (d + d)
    return (V + T) * d + L * (attention + network + norms) + (d + d)


def count_by_shapes(V, T, d, L):
    block = [(d, d), (d,)] * 4 + [(4 * d, d), (4 * d,), (d, 4 * d), (d,)] + [(d,)] * 4
    return sum(int(np.prod(shape)) for shape in [(V, d), (T, d), (d,), (d,)] + block * L)


# 6: mend the block


def block(x, attend, think, norm1, norm2):
    x = x + attend(norm1(x))
    return x + think(norm2(x))


def double(x):
    return 2 * x


def third_power(x):
    return x**3


def mean_of_rows(x):
    return np.broadcast_to(x.mean(axis=0), x.shape)


def plus_one(x):
    return x + 1


BLOCK = (RNG.normal(0, 1, (4, 3)), mean_of_rows, third_power, double, plus_one)


def check_block(answer):
    x, attend, think, norm1, norm2 = BLOCK
    y = answer(*BLOCK)
    require(np.shape(y) == (4, 3), f"x has shape (4, 3), and what comes out has {np.shape(y)}.")
    require(
        not np.allclose(y, norm2(norm1(x + attend(x)) + think(norm1(x + attend(x))))),
        "This norms after adding, as the paper of 2017 did. Here the norm comes first.",
    )
    require(
        not np.allclose(y, results_normed(*BLOCK)), "You normed what the parts give back. It is for what they read."
    )
    zero = answer(x, np.zeros_like, np.zeros_like, norm1, norm2)
    require(
        not np.allclose(zero, norm2(norm1(x))),
        "Attention and network add nothing here, and yet x does not come out: what runs around them has gone "
        "through the norms. The stream itself is never normed, only what the parts read.",
    )
    require(np.allclose(zero, x), "If attention and network add nothing, x should come out as it went in.")
    require(
        not np.allclose(y, x + attend(norm1(x)) + think(norm2(x))),
        "The network read what was there before attention. It should read the stream with what attention has added.",
    )
    require(not np.allclose(y, without_norms(*BLOCK)), "Now nothing is normed. Each part reads x through its norm.")
    require(not np.allclose(y, one_norm_for_both(*BLOCK)), "Both parts read through norm1. The network has norm2.")
    require(not np.allclose(y, network_first(*BLOCK)), "The network came first. Attention has the first turn.")
    agree(answer, block, BLOCK, (x[:1], *BLOCK[1:]))


def broken_block(x, attend, think, norm1, norm2):
    x = norm1(x)
    x = x + attend(x)
    x = norm2(x)
    x = x + think(x)
    return x


def both_at_once(x, attend, think, norm1, norm2):
    return x + attend(norm1(x)) + think(norm2(x))


def norm_after(x, attend, think, norm1, norm2):
    x = norm1(x + attend(x))
    return norm2(x + think(x))


def results_normed(x, attend, think, norm1, norm2):
    x = x + norm1(attend(x))
    return x + norm2(think(x))


def without_norms(x, attend, think, norm1, norm2):
    x = x + attend(x)
    return x + think(x)


def one_norm_for_both(x, attend, think, norm1, norm2):
    return block(x, attend, think, norm1, norm1)


def network_first(x, attend, think, norm1, norm2):
    return block(x, think, attend, norm2, norm1)


def block_in_four_lines(x, attend, think, norm1, norm2):
    z = norm1(x)
    x = x + attend(z)
    z = norm2(x)
    return x + think(z)


def block_in_a_loop(x, attend, think, norm1, norm2):
    for part, norm in ((attend, norm1), (think, norm2)):
        x = x + part(norm(x))
    return x


def block_in_one_line(x, attend, think, norm1, norm2):
    return (x + attend(norm1(x))) + think(norm2(x + attend(norm1(x))))


# 7: warmer, colder


def warmed(z, temperature):
    z = (z - z.max()) / temperature
    return np.exp(z) / np.exp(z).sum()


Z = np.array([2.0, 1.0, 0.0, -1.0])


def check_warmed(answer):
    p = answer(Z, 0.5)
    require(np.shape(p) == (4,), f"Four scores give four probabilities, and yours has the shape {np.shape(p)}.")
    require(np.isclose(np.sum(p), 1), f"Probabilities add up to 1, and yours to {np.sum(p):.3g}.")
    require(
        not np.allclose(p, warmed(Z, 1)),
        "A temperature of 0.5 changed nothing. If all probabilities are divided by the same number and then made to "
        "add up to 1 again, they are what they were. Divide the scores.",
    )
    require(
        not np.allclose(p, warmed(Z, 2)),
        "At 0.5 the largest share became smaller: you multiplied in place of dividing.",
    )
    large = answer(1000 * Z, 0.5)
    require(
        np.all(np.isfinite(large)),
        "Scores of 2000, or a low temperature, overflow. What may you subtract from all scores without changing "
        "the softmax?",
    )
    agree(answer, warmed, (Z, 0.5), (Z, 2.0), (Z, 1.0), (1000 * Z, 0.1), (Z[:1], 3.0))


def multiplied(z, temperature):
    return warmed(z, 1 / temperature)


def divided_too_late(z, temperature):
    p = warmed(z, 1) / temperature
    return p / p.sum()


def overflowing(z, temperature):
    with np.errstate(over="ignore", invalid="ignore"):
        e = np.exp(z / temperature)
        return e / e.sum()


def warmed_with_logarithms(z, temperature):
    z = z / temperature
    return np.exp(z - z.max() - np.log(np.exp(z - z.max()).sum()))


def warmed_by_powers(z, temperature):
    p = np.exp(z - z.max()) / np.exp(z - z.max()).sum()
    with np.errstate(divide="ignore"):
        logarithm = np.where(p > 1e-300, np.log(np.maximum(p, 1e-300)), z - z.max())
    q = np.exp((logarithm - logarithm.max()) / temperature)
    return q / q.sum()


def warmed_by_a_loop(z, temperature):
    e = [np.exp((a - max(z)) / temperature) for a in z]
    return np.array([a / sum(e) for a in e])


# 8: turn the clock back


PLACES = encoding(16, 16, 100.0)


def turn_back(p):
    d = p.shape[1]
    before = np.linalg.lstsq(p[2:], p[:-2], rcond=None)[0]  # p[t] @ before = p[t - 2]
    return 100 * before.T, np.eye(d)


def check_turn_back(answer):
    found = answer(PLACES)
    require(isinstance(found, tuple | list) and len(found) == 2, "Return two matrices, W_q and W_k.")
    W_q, W_k = (np.asarray(W, dtype=float) for W in found)
    shapes = f"W_q {W_q.shape}, W_k {W_k.shape}"
    require(
        W_q.ndim == W_k.ndim == 2 and W_q.shape == W_k.shape and W_q.shape[1] == 16,
        f"Both have the shape (E, 16), with the same E, and you returned {shapes}.",
    )
    require(np.all(np.isfinite(W_q)) and np.all(np.isfinite(W_k)), "There are entries that are no numbers.")
    weights = softmax((PLACES @ W_q.T) @ (PLACES @ W_k.T).T / np.sqrt(len(W_q)))
    ask = np.arange(2, 16)
    seen = weights[2:].argmax(axis=1)
    require(not (seen == ask).all(), "Each position looks at itself. Turn the queries or the keys by two steps.")
    require(
        not (seen[:-2] == ask[:-2] + 2).all(),
        "Each position looks two places *ahead*. The other way round: the query of t should be like the key of t - 2.",
    )
    require(
        not (seen == ask - 1).all(),
        "Each position looks one place back. It should be two.",
    )
    require(
        (seen == ask - 2).all(), f"Position {ask[seen != ask - 2][:1]} looks mostly at {seen[seen != ask - 2][:1]}."
    )
    least = weights[ask, ask - 2].min()
    require(
        least > 0.9,
        f"All look two places back, but with a weight of {least:.2f} only. Neighbours are much alike: what makes a "
        "softmax sharper?",
    )


def same_matrix(p):
    return 10 * np.eye(p.shape[1]), 10 * np.eye(p.shape[1])


def the_other_way_round(p):
    W_q, W_k = turn_back(p)
    return W_k, W_q


def one_step_only(p):
    return 100 * np.linalg.lstsq(p[1:], p[:-1], rcond=None)[0].T, np.eye(p.shape[1])


def too_soft(p):
    W_q, W_k = turn_back(p)
    return W_q / 100, W_k


def by_rotation(p):
    d = p.shape[1]
    W = np.zeros((d, d))
    for i in range(0, d, 2):
        s, c = p[2, i], p[2, i + 1]  # sine and cosine of two steps
        W[i : i + 2, i : i + 2] = [[c, -s], [s, c]]  # two steps back
    return 30 * W, 3 * np.eye(d)


def turned_keys(p):
    W_q, W_k = by_rotation(p)
    return 9 * np.eye(p.shape[1]), W_q.T / 3


def by_table(p):
    one_hot = np.linalg.pinv(p).T  # (T, d): p @ one_hot.T is nearly the identity
    return 50 * np.roll(one_hot, -2, axis=0), one_hot


EXERCISES = [
    Exercise(
        key="self-attention-with-a-pencil",
        title="A word with two o",
        check=check_pencil,
        hints=[
            "An o meets three letters. What are its three scores?",
            "The scores of an o are 0.71, 0.71 and 0. Take $e^{0.71} = 2.03$ and $e^0 = 1$: the weights are 2.03, "
            "2.03 and 1, divided by their sum.",
            "An o: weights 0.40, 0.40, 0.20, so it becomes (0.80, 0.20). And the n?",
        ],
        solution=[[0.80, 0.20], [0.80, 0.20], [0.50, 0.50]],
        explanation="The scores of the n are 0, 0 and 0.71, its weights 0.25, 0.25 and 0.50. Two letters of one kind "
        "count twice: attention takes means over *places*, not over kinds.",
        wrong=[
            Wrong([[0.67, 0.33], [0.67, 0.33], [0.33, 0.67]], "two of them"),
            Wrong([[0.84, 0.16], [0.84, 0.16], [0.42, 0.58]], "divide the scores"),
            Wrong([[0.80, 0.20], [0.67, 0.33], [0.50, 0.50]], "the same question"),
            Wrong([[1.00, 0.00], [1.00, 0.00], [0.50, 0.50]], "no mask"),
        ],
        right=[
            np.array([[0.8, 0.2], [0.8, 0.2], [0.5, 0.5]]),
            ((0.802, 0.198), (0.802, 0.198), (0.497, 0.503)),
            OOZ,
        ],
    ),
    Exercise(
        key="hands-of-a-clock",
        title="The hands of a clock",
        check=check_encoding,
        hints=[
            "Pair $i$ has the entries $2i$ and $2i + 1$, and both use the frequency base$^{-2i/d}$.",
            "`np.arange(T)[:, None] * frequencies` gives all angles, (T, d/2).",
            "Make `p = np.zeros((T, d))`, then fill `p[:, 0::2]` and `p[:, 1::2]`.",
        ],
        solution=encoding,
        wrong=[
            Wrong(exponent_of_the_entry, "number of the pair"),
            Wrong(sines_then_cosines, "take turns"),
            Wrong(from_one, "counted from 0"),
            Wrong(half_the_exponent, "yours has -i/d"),
            Wrong(always_ten_thousand, "base is given"),
        ],
        right=[encoding_by_loops, encoding_by_complex_numbers, encoding_by_assignment],
    ),
    Exercise(
        key="each-position-by-itself",
        title="Each position by itself",
        check=check_layer_norm,
        hints=[
            "Mean and variance of each row: `axis=-1`, and `keepdims=True`, so that they can be subtracted.",
            "Divide by `np.sqrt(variance + 1e-5)`. Scale and shift come last.",
        ],
        solution=layer_norm,
        explanation="No position and no example knows of any other here. So the norm is the same in training and "
        "afterwards, and for any length.",
        wrong=[
            Wrong(across_positions, "Each column"),
            Wrong(over_everything, "all numbers together"),
            Wrong(divided_by_variance, "divide by the variance"),
            Wrong(with_n_minus_one, "not by d - 1"),
            Wrong(added_to_the_deviation, "under the root"),
            Wrong(without_scale, "change nothing"),
            Wrong(shifted_first, "after gamma"),
        ],
        right=[
            layer_norm_by_loops,
            layer_norm_by_squares,
            lambda x, gamma, beta: (
                (x - x.mean(1, keepdims=True)) / (x.var(1, keepdims=True) + 1e-5) ** 0.5 * gamma + beta
            ),
        ],
    ),
    Exercise(
        key="one-more-position",
        title="One more position",
        check=check_one_more,
        hints=[
            "First the cache: `np.vstack([keys, k])`, and the values alike.",
            "There is only one query, so the scores are one vector: `keys @ q`, one number for each position.",
            "Divide by the root of the length of `q`, softmax, times the values. Is a mask needed?",
        ],
        solution=one_more,
        explanation="No mask: what has not been written yet is not in the cache.",
        wrong=[
            Wrong(without_itself, "itself, too"),
            Wrong(new_one_first, "stands first"),
            Wrong(query_kept, "Nobody will ask"),
            Wrong(cache_unscaled, "root of the length"),
            Wrong(root_of_the_positions, "number of positions"),
        ],
        right=[one_more_by_loops, one_more_by_concatenating, one_more_in_a_list],
    ),
    Exercise(
        key="count-a-gpt",
        title="Count a GPT",
        check=check_count_gpt,
        hints=[
            "Two tables before the blocks, one norm behind them. The scores use the table of letters again.",
            "Attention: four matrices $d \\times d$ with biases. Network: $d \\to 4d \\to d$, with biases. Two norms "
            "with two vectors each.",
            "In each block $12 d^2 + 13 d$. Why 13?",
        ],
        solution=count_gpt,
        explanation="Biases: $4d$ in attention, $4d + d$ in the network; norms: $2 \\cdot 2d$. That makes $13 d$.",
        wrong=[
            Wrong(count_two_tables, "twice"),
            Wrong(count_without_biases, "biases are missing"),
            Wrong(count_without_positions, "positions are missing"),
            Wrong(count_three_matrices, "four matrices"),
        ],
        right=[count_step_by_step, count_by_shapes, lambda V, T, d, L: d * (V + T + 2 + L * (12 * d + 13))],
    ),
    Exercise(
        key="mend-the-block",
        title="Mend the block",
        check=check_block,
        hints=[
            "What comes out if attention and network return zeros?",
            "What runs around a part must not have gone through its norm.",
            "Give the normed x a name of its own, and keep x.",
        ],
        solution=block,
        explanation="The broken one is, but for its two ends, the stack of 2017, which norms after adding. The stream "
        "is rescaled at every step, and what the first blocks wrote fades: deep stacks of it need a slow start.",
        wrong=[
            Wrong(broken_block, "never normed"),
            Wrong(both_at_once, "before attention"),
            Wrong(norm_after, "norm comes first"),
            Wrong(results_normed, "give back"),
            Wrong(without_norms, "nothing is normed"),
            Wrong(one_norm_for_both, "through norm1"),
            Wrong(network_first, "first turn"),
        ],
        right=[block_in_four_lines, block_in_a_loop, block_in_one_line],
    ),
    Exercise(
        key="warmer-colder",
        title="Warmer, colder",
        check=check_warmed,
        hints=[
            "The temperature divides the scores, before the softmax.",
            "Subtract the largest score first: the softmax stays the same, and no exponential is above 1.",
        ],
        solution=warmed,
        wrong=[
            Wrong(multiplied, "multiplied"),
            Wrong(divided_too_late, "changed nothing"),
            Wrong(overflowing, "overflow"),
        ],
        right=[warmed_with_logarithms, warmed_by_powers, warmed_by_a_loop],
    ),
    Exercise(
        key="turn-the-clock-back",
        title="Turn the clock back",
        check=check_turn_back,
        hints=[
            "The query of position $t$ should be like the key of position $t - 2$. With $W_k = I$, the query of $t$ "
            "should be $p_{t-2}$.",
            "From $p_t$ to $p_{t-2}$ each pair (sine, cosine) turns by its own angle, whatever $t$ is. So one matrix "
            "does it for all $t$; `np.linalg.lstsq` finds it, too.",
            "Neighbours are alike, so the softmax is flat. Multiply $W_q$ by a large number.",
        ],
        solution=turn_back,
        explanation="One matrix serves all positions, since it turns each pair by a fixed angle. So a head can learn "
        '"two back" at the beginning of a text and use it everywhere.',
        wrong=[
            Wrong(same_matrix, "looks at itself"),
            Wrong(the_other_way_round, "ahead"),
            Wrong(one_step_only, "should be two"),
            Wrong(too_soft, "sharper"),
        ],
        right=[by_rotation, turned_keys, by_table],
    ),
]
