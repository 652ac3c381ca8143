"""Exercises of the chapter Attention."""

import numpy as np

from nnlib.exercises.exercise import Exercise, Wrong, agree, require

RNG = np.random.default_rng(0)


def softmax(S, axis=-1):
    e = np.exp(S - S.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def weights(Q, K):
    return softmax(Q @ np.swapaxes(K, -1, -2) / np.sqrt(Q.shape[-1]))


# 1: one look, by hand


def check_look(answer):
    y = float(np.asarray(answer))
    require(not np.isclose(y, 63), "63 is the sum of the weighted values before the weights are made to add up to 1.")
    require(not np.isclose(y, 14), "14 is the value of the best key alone. A soft look-up takes a part of every value.")
    require(not np.isclose(y, 7), "7 is the plain mean of the values: the query has not been asked.")
    require(
        not np.isclose(y, 28 / 3, atol=0.01),
        "You weighted with the scores themselves. The weights come from $e$ to the power of the scores.",
    )
    scaled = softmax(np.log([1.0, 4, 2]) / np.sqrt(2)) @ [7, 14, 0]
    require(not np.isclose(y, scaled, atol=0.01), "Without the root, here: the scores are the dot products themselves.")
    agree(y, 9.0, what="What is returned", tolerance=1e-3)


# 2: nothing from the padding


def attend(Q, K, V, lengths):
    S = Q @ K.swapaxes(1, 2) / np.sqrt(Q.shape[2])  # (N, T, S)
    real = np.arange(K.shape[1]) < np.asarray(lengths)[:, None, None]
    S = np.where(real, S, -np.inf)
    P = np.exp(S - S.max(axis=2, keepdims=True))
    return P / P.sum(axis=2, keepdims=True) @ V


def attend_one_by_one(Q, K, V, lengths):
    return np.stack([weights(q, k[:n]) @ v[:n] for q, k, v, n in zip(Q, K, V, lengths, strict=True)])


def attend_then_divide(Q, K, V, lengths):
    P = weights(Q, K)
    P *= np.arange(K.shape[1])[None, None] < np.reshape(lengths, (-1, 1, 1))
    return P @ V / P.sum(axis=2, keepdims=True)


def attend_with_a_large_number(Q, K, V, lengths):
    S = np.einsum("nte,nse->nts", Q, K) / Q.shape[2] ** 0.5
    S = S - 1e9 * (np.arange(K.shape[1]) >= np.reshape(lengths, (-1, 1, 1)))
    return np.einsum("nts,nsd->ntd", softmax(S), V)


def no_mask(Q, K, V, lengths):
    return weights(Q, K) @ V


def masked_afterwards(Q, K, V, lengths):
    real = np.arange(K.shape[1]) < np.asarray(lengths)[:, None, None]
    return np.where(real, weights(Q, K), 0) @ V


def scores_of_zero(Q, K, V, lengths):
    real = np.arange(K.shape[1]) < np.asarray(lengths)[:, None, None]
    S = Q @ K.swapaxes(1, 2) / np.sqrt(Q.shape[2])
    return softmax(np.where(real, S, 0)) @ V


def the_other_way_round(Q, K, V, lengths):
    beyond = np.arange(K.shape[1]) >= np.asarray(lengths)[:, None, None]
    S = np.where(beyond, Q @ K.swapaxes(1, 2) / np.sqrt(Q.shape[2]), -1e9)
    return softmax(S) @ V


def one_too_many(Q, K, V, lengths):
    return attend(Q, K, V, np.minimum(np.asarray(lengths) + 1, K.shape[1]))


def without_root(Q, K, V, lengths):
    return attend(Q * np.sqrt(Q.shape[2]), K, V, lengths)


def root_of_keys(Q, K, V, lengths):
    return attend(Q * np.sqrt(Q.shape[2] / K.shape[1]), K, V, lengths)


def the_other_way_round_with_infinity(Q, K, V, lengths):
    beyond = np.arange(K.shape[1]) >= np.asarray(lengths)[:, None, None]
    S = np.where(beyond, Q @ K.swapaxes(1, 2) / np.sqrt(Q.shape[2]), -np.inf)
    with np.errstate(invalid="ignore"):
        return softmax(S) @ V


LENGTHS = np.array([3, 5, 2])
PADDED = tuple(RNG.normal(size=shape) for shape in ((3, 4, 6), (3, 5, 6), (3, 5, 2))) + (LENGTHS,)


def check_attend(answer):
    y = np.asarray(answer(*PADDED))
    require(y.shape == (3, 4, 2), f"The result should have shape (N, T, D) = (3, 4, 2), and yours has {y.shape}.")
    require(
        not np.isnan(y).any(),
        "There is a NaN in the result: is every score of a row $-\\infty$, or 0 divided by 0? If the mask is "
        "turned round, an example without padding may look nowhere.",
    )
    for mistake, message in (
        (no_mask, "The padding is still seen: the result is that without any mask."),
        (masked_afterwards, "You took weights away after the softmax, so those left do not add up to 1 any more."),
        (scores_of_zero, "The scores of the padding are 0 now. But $e^0 = 1$: it still gets weight."),
        (the_other_way_round, "It looks at the padding alone: the mask is the wrong way round."),
        (one_too_many, "One key too many is seen: with length 3 the real keys are 0, 1 and 2."),
        (without_root, "The mask is right. But the scores are not divided by $\\sqrt{E}$."),
        (root_of_keys, "The mask is right. But you divide by the root of the number of keys: which number counts?"),
    ):
        require(not np.allclose(y, mistake(*PADDED)), message)
    agree(answer, attend, PADDED)


# 3: what a score gets


def score_gradient(P, V, g):
    Y = P @ V
    return P * (g @ V.T - (g * Y).sum(axis=1, keepdims=True))


def score_gradient_by_loops(P, V, g):
    d = np.zeros_like(P)
    for t in range(len(P)):
        for s in range(P.shape[1]):
            d[t, s] = P[t, s] * g[t] @ (V[s] - P[t] @ V)
    return d


def score_gradient_by_jacobian(P, V, g):
    return np.stack([(np.diag(p) - np.outer(p, p)) @ (V @ g_t) for p, g_t in zip(P, g, strict=True)])


def score_gradient_of_weights(P, V, g):
    d = g @ V.T
    return P * (d - np.einsum("ts,ts->t", P, d)[:, None])


def mean_forgotten(P, V, g):
    return P * (g @ V.T)


def weight_forgotten(P, V, g):
    return g @ V.T - (g * (P @ V)).sum(axis=1, keepdims=True)


def plain_mean(P, V, g):
    d = g @ V.T
    return P * (d - d.mean(axis=1, keepdims=True))


def only_the_weights(P, V, g):
    return g @ V.T


def mean_after_the_weight(P, V, g):
    return P * (g @ V.T) - (g * (P @ V)).sum(axis=1, keepdims=True)


def own_weight_alone(P, V, g):
    return P * (1 - P) * (g @ V.T)


LOOKS = softmax(RNG.normal(size=(4, 5))), RNG.normal(size=(5, 3)), RNG.normal(size=(4, 3))


def check_score_gradient(answer):
    d = np.asarray(answer(*LOOKS))
    require(d.shape == (4, 5), f"There is a derivative for each score, (T, S) = (4, 5), and yours has shape {d.shape}.")
    for mistake, message in (
        (only_the_weights, "This is the derivative by the weights. The softmax is still to come."),
        (mean_after_the_weight, "Subtract the mean first, then multiply the difference by the weight."),
        (own_weight_alone, "A score moves all weights of its row, not only its own: where one rises, others fall."),
        (mean_forgotten, "Your rows do not add up to 0, and must: all scores of a row plus 1 give the same weights."),
        (weight_forgotten, "The difference from the mean is right. How much does a key count that has little weight?"),
        (plain_mean, "You subtract the plain mean over the keys. The mean that was read is the one with the weights."),
    ):
        require(not np.allclose(d, mistake(*LOOKS)), message)
    agree(answer, score_gradient, LOOKS)


# 4: one place back


def one_back(T):
    Q = 10 * np.sqrt(T) * np.eye(T)[np.maximum(np.arange(T) - 1, 0)]
    return Q, np.eye(T)


def one_back_by_keys(T):
    K = np.zeros((T, T))
    for s in range(T - 1):
        K[s, s + 1] = 100
    return np.eye(T), K


def one_back_rolled(T):
    return 30.0 * np.eye(T), np.roll(np.eye(T), 1, axis=1) * 5


def at_itself(T):
    return 100 * np.eye(T), np.eye(T)


def one_ahead(T):
    return 100 * np.roll(np.eye(T), 1, axis=1), np.eye(T)


def too_soft(T):
    return np.roll(np.eye(T), -1, axis=1), np.eye(T)


def check_one_back(answer):
    for T in (4, 7):
        result = answer(T)
        require(isinstance(result, tuple | list) and len(result) == 2, "Return two arrays: the queries and the keys.")
        Q, K = (np.asarray(part, dtype=float) for part in result)
        require(
            Q.ndim == K.ndim == 2 and len(Q) == len(K) == T and Q.shape == K.shape,
            f"For T = {T} there are {T} queries and {T} keys of one length; yours have shapes {Q.shape}, {K.shape}.",
        )
        P = weights(Q, K)
        require(np.isfinite(P).all(), "A weight is not a finite number: are your entries too large, or NaN?")
        top, rows = P[1:].argmax(axis=1), np.arange(1, T)
        require(not (top == rows).all(), "Each position looks at itself.")
        require(
            not (top[:-1] == rows[:-1] + 1).all(), "Each position looks one place ahead, where the answer stands."
        )
        t = int(rows[top != rows - 1][0]) if (top != rows - 1).any() else 0
        require(t == 0, f"For T = {T}, position {t} looks most at position {P[t].argmax()}, and should at {t - 1}.")
        low = P[rows, rows - 1].min()
        require(
            low > 0.99,
            f"It looks at the right place, but softly: the smallest of these weights is {low:.2f}. How do you make the "
            "softmax harder?",
        )


# 5: two bugs


def look_back(Q, K, V):
    S = Q @ K.T / np.sqrt(Q.shape[1])
    S = np.where(np.tril(np.ones(S.shape, bool)), S, -np.inf)
    P = np.exp(S - S.max(axis=1, keepdims=True))
    return P / P.sum(axis=1, keepdims=True) @ V


def look_back_by_loops(Q, K, V):
    return np.stack([weights(Q[t : t + 1], K[: t + 1])[0] @ V[: t + 1] for t in range(len(Q))])


def look_back_divided_again(Q, K, V):
    P = np.tril(weights(Q, K))
    return P @ V / P.sum(axis=1)[:, None]


def look_back_with_added_mask(Q, K, V):
    mask = np.triu(np.full((len(Q), len(K)), -1e9), k=1)
    return softmax(Q @ K.T * Q.shape[1] ** -0.5 + mask) @ V


def as_given(Q, K, V):
    P = softmax(Q @ K.T / np.sqrt(len(Q)))
    return np.tril(P) @ V


def root_mended(Q, K, V):
    return np.tril(weights(Q, K)) @ V


def mask_mended(Q, K, V):
    return look_back(Q * np.sqrt(Q.shape[1] / len(Q)), K, V)


def not_even_itself(Q, K, V):
    S = np.where(np.tril(np.ones((len(Q), len(K)), bool), k=-1), Q @ K.T / np.sqrt(Q.shape[1]), -1e9)
    return softmax(S) @ V


def sees_the_future(Q, K, V):
    return weights(Q, K) @ V


def future_scores_of_zero(Q, K, V):
    return softmax(np.tril(Q @ K.T / np.sqrt(Q.shape[1]))) @ V


def root_gone(Q, K, V):
    return look_back(Q * np.sqrt(Q.shape[1]), K, V)


def sees_only_the_future(Q, K, V):
    S = np.where(np.triu(np.ones((len(Q), len(K)), bool)), Q @ K.T / np.sqrt(Q.shape[1]), -np.inf)
    return softmax(S) @ V


def not_even_itself_with_infinity(Q, K, V):
    S = np.where(np.tril(np.ones((len(Q), len(K)), bool), k=-1), Q @ K.T / np.sqrt(Q.shape[1]), -np.inf)
    with np.errstate(invalid="ignore"):
        return softmax(S) @ V


SEQUENCE = RNG.normal(size=(6, 3)), RNG.normal(size=(6, 3)), RNG.normal(size=(6, 2))


def check_look_back(answer):
    y = np.asarray(answer(*SEQUENCE))
    require(y.shape == (6, 2), f"The result should have shape (T, D) = (6, 2), and yours has {y.shape}.")
    require(
        not np.isnan(y).any(),
        "There is a NaN: is every score of a row $-\\infty$? The first position should at least see itself.",
    )
    for mistake, message in (
        (as_given, "Both bugs are still there. Let all values be 1: what should come out, and what does?"),
        (root_mended, "The root is right now. But let all values be 1: is the result 1 in every row?"),
        (mask_mended, "The mask is right now. The scores are divided by the root of what?"),
        (not_even_itself, "A position should see itself, too: only what comes after it is the future."),
        (sees_the_future, "The future is seen: the mask is gone."),
        (future_scores_of_zero, "The scores of the future are 0 now. But $e^0 = 1$: it still gets weight."),
        (root_gone, "The mask is mended. But the scores are not divided by any root."),
        (sees_only_the_future, "Each position sees itself and the future: the mask is the wrong way round."),
    ):
        require(not np.allclose(y, mistake(*SEQUENCE)), message)
    agree(answer, look_back, SEQUENCE)


# 6: heads side by side


def side_by_side(Q, K, V, h):
    T, d = Q.shape
    Q, K, V = (A.reshape(len(A), h, d // h).swapaxes(0, 1) for A in (Q, K, V))  # (h, T or S, d/h)
    S = Q @ K.swapaxes(1, 2) / np.sqrt(d // h)
    P = np.exp(S - S.max(axis=2, keepdims=True))
    P /= P.sum(axis=2, keepdims=True)
    return (P @ V).swapaxes(0, 1).reshape(T, d)


def side_by_side_split(Q, K, V, h):
    parts = zip(*(np.split(A, h, axis=1) for A in (Q, K, V)), strict=True)
    return np.concatenate([weights(q, k) @ v for q, k, v in parts], axis=1)


def side_by_side_slices(Q, K, V, h):
    E, Y = Q.shape[1] // h, np.zeros(Q.shape)
    for i in range(h):
        part = slice(i * E, (i + 1) * E)
        Y[:, part] = weights(Q[:, part], K[:, part]) @ V[:, part]
    return Y


def side_by_side_einsum(Q, K, V, h):
    q, k, v = (A.reshape(len(A), h, -1) for A in (Q, K, V))
    P = softmax(np.einsum("the,she->hts", q, k) / np.sqrt(q.shape[2]))
    return np.einsum("hts,she->the", P, v).reshape(Q.shape)


def one_head(Q, K, V, h):
    return weights(Q, K) @ V


def root_of_all(Q, K, V, h):
    return side_by_side(Q / np.sqrt(h), K, V, h)


def no_root(Q, K, V, h):
    return side_by_side(Q * np.sqrt(Q.shape[1] / h), K, V, h)


def every_second_column_joined(Q, K, V, h):
    return np.concatenate([weights(Q[:, i::h], K[:, i::h]) @ V[:, i::h] for i in range(h)], axis=1)


def cut_across(Q, K, V, h):
    T, d = Q.shape
    q, k, v = (A.reshape(h, len(A), d // h) for A in (Q, K, V))
    return (weights(q, k) @ v).reshape(T, d)


def joined_wrongly(Q, K, V, h):
    T, d = Q.shape
    q, k, v = (A.reshape(len(A), h, d // h).swapaxes(0, 1) for A in (Q, K, V))
    return (weights(q, k) @ v).reshape(T, d)


def every_second_column(Q, K, V, h):
    Y = np.zeros(Q.shape)
    for i in range(h):
        Y[:, i::h] = weights(Q[:, i::h], K[:, i::h]) @ V[:, i::h]
    return Y


HEADS = tuple(RNG.normal(size=shape) for shape in ((5, 6), (4, 6), (4, 6)))


def check_side_by_side(answer):
    y = np.asarray(answer(*HEADS, 3))
    require(y.shape == (5, 6), f"The result should have shape (T, d) = (5, 6), and yours has {y.shape}.")
    for mistake, message in (
        (one_head, "This is a single head over all $d$ columns."),
        (root_of_all, "The heads are right, the scores are too small: a head's queries have $d/h$ entries, not $d$."),
        (cut_across, "Your heads mix the positions: a reshape to (h, T, d/h) cuts the rows, not the columns."),
        (joined_wrongly, "The heads are right, but joined wrongly: the results of a position belong into one row."),
        (no_root, "The heads are right. But their scores are not divided by the root of $d/h$."),
        (every_second_column, "A head takes $d/h$ *neighbouring* columns here, the first head the first ones."),
        (every_second_column_joined, "A head takes $d/h$ *neighbouring* columns here, the first head the first ones."),
    ):
        require(not np.allclose(y, mistake(*HEADS, 3)), message)
    agree(answer, side_by_side, (*HEADS, 3), (*HEADS, 1), (*HEADS, 2))


# 7: what one head can tell


def errors(p):
    size = p**2 + (1 - p) ** 2  # the variance of what is read
    return 1 - p**2 / size, 1 - (1 - p) ** 2 / size


def errors_written_out(p):
    q = 1 - p
    return q * q / (p * p + q * q), p * p / (p * p + q * q)


def errors_as_array(p):
    shares = np.array([p, 1 - p]) ** 2
    return (1 - shares / shares.sum()).tolist()


def errors_by_factor(p):
    a = p / (p**2 + (1 - p) ** 2)
    b = (1 - p) / (p**2 + (1 - p) ** 2)
    return (1 - a * p) ** 2 + a**2 * (1 - p) ** 2, (1 - b * (1 - p)) ** 2 + b**2 * p**2


def as_it_is_read(p):
    return 2 * (1 - p) ** 2, 2 * p**2


def weight_as_explained(p):
    return 1 - p, p


def errors_exchanged(p):
    return errors(p)[::-1]


def best_factors(p):
    size = p**2 + (1 - p) ** 2
    return p / size, (1 - p) / size


def mean_of_both(p):
    return 0.5, 0.5


def factor_is_the_weight(p):
    q = 1 - p
    return (1 - p * p) ** 2 + p**2 * q**2, (1 - q * q) ** 2 + p**2 * q**2


def check_errors(answer):
    found = answer(0.8)
    require(np.shape(found) == (2,), "Return two numbers: the error for $v_i$ and the one for $v_j$.")
    for mistake, message in (
        (as_it_is_read, "This takes what was read as the guess itself. Some multiple of it is a better guess: which?"),
        (weight_as_explained, "With $p = 1/2$ this is right, by luck. A weight is not yet a share of the variance."),
        (errors_exchanged, "With $p$ near 1, $v_i$ is nearly known, and its error small. Are the two exchanged?"),
        (best_factors, "These are the best numbers $a$. Which errors are left with them?"),
        (mean_of_both, "This is the mean of the two, whatever $p$ is. Return each of them."),
        (factor_is_the_weight, "You took the weights as the numbers $a$. Other numbers leave smaller errors: which?"),
    ):
        require(not np.allclose(found, mistake(0.8)), message)
    agree(answer, errors, 0.8, 0.5, 0.1, 1.0)
    return "The two always add up to 1, so their mean is one half: what is gained for one number is lost for the other."


# 8: backwards, with two numbers


def circle(T):
    angle = 2 * np.pi * np.arange(T) / T
    K = 10 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return 10 * K[::-1], K


def parabola(T):
    s = np.arange(T, dtype=float)
    t = T - 1 - s
    return 20 * np.stack([2 * t, -np.ones(T)], axis=1), np.stack([s, s**2], axis=1)


def half_circle(T):
    angle = np.pi * np.arange(T) / T
    K = 30 * np.array([[np.cos(a), np.sin(a)] for a in angle])
    return 30 * K[::-1].copy(), K


def on_a_line(T):
    s = np.arange(T, dtype=float)
    return 100 * np.stack([s[::-1], s * 0], axis=1), np.stack([s, s * 0], axis=1)


def forwards(T):
    return circle(T)[0][::-1], circle(T)[1]


def soft_circle(T):
    Q, K = circle(T)
    return Q / 100, K / 10


def one_hot_places(T):
    return 100 * np.eye(T)[::-1], np.eye(T)


def check_backwards(answer):
    T = 12
    result = answer(T)
    require(isinstance(result, tuple | list) and len(result) == 2, "Return two arrays: the queries and the keys.")
    Q, K = (np.asarray(part, dtype=float) for part in result)
    require(
        Q.shape != (T, T), "With T numbers for each place this is easy. Here each query and key has only two numbers."
    )
    require(Q.shape == K.shape == (T, 2), f"Both should have shape ({T}, 2), and yours have {Q.shape} and {K.shape}.")
    P = weights(Q, K)
    require(np.isfinite(P).all(), "A weight is not a finite number: are your entries too large?")
    top, places = P.argmax(axis=1), np.arange(T)
    require(
        len(set(top.tolist())) > 2,
        "All queries look at the first or the last key. The keys lie on a line, and along any direction the outermost "
        "wins. How must they lie, so that each is the outermost in some direction?",
    )
    require(not (top == places).all(), "It reads forwards: query 0 should look at the last key.")
    wrong = places[top != places[::-1]]
    require(
        len(wrong) == 0,
        f"Query {wrong[0] if len(wrong) else 0} looks most at key {top[wrong[0]] if len(wrong) else 0}, and should at "
        f"{T - 1 - wrong[0] if len(wrong) else 0}.",
    )
    low = P[places, places[::-1]].min()
    require(low > 0.9, f"The places are right, but the smallest of these weights is {low:.2f}: it should be above 0.9.")


EXERCISES = [
    Exercise(
        key="one-look-by-hand",
        title="One look, by hand",
        check=check_look,
        hints=[
            "The three scores are 0, $\\ln 4$ and $\\ln 2$.",
            "$e$ to the power of the scores gives 1, 4 and 2. The weights are sevenths.",
        ],
        solution=9.0,
        explanation="The weights are 1/7, 4/7 and 2/7, and $1/7 \\cdot 7 + 4/7 \\cdot 14 + 2/7 \\cdot 0 = 1 + 8 = 9$.",
        wrong=[
            Wrong(63.0, "before the weights are made to add up"),
            Wrong(14.0, "best key alone"),
            Wrong(28 / 3, "weighted with the scores themselves"),
            Wrong(7.0, "plain mean of the values"),
            Wrong(float(softmax(np.log([1.0, 4, 2]) / np.sqrt(2)) @ [7, 14, 0]), "Without the root, here"),
        ],
        right=[9, 9.0, np.array(9.0), 1 / 7 * 7 + 4 / 7 * 14],
    ),
    Exercise(
        key="nothing-from-the-padding",
        title="Nothing from the padding",
        check=check_attend,
        hints=[
            "Make the scores (N, T, S) first: `K.swapaxes(1, 2)` is the transpose of each example's keys.",
            "`np.arange(S) < lengths[:, None, None]` has shape (N, 1, S) and is True at the real keys.",
            "`np.where(real, scores, -np.inf)`, then the softmax along the last axis.",
        ],
        solution=attend,
        explanation="The mask comes before the softmax, so the weights of the real keys add up to 1 by themselves.",
        wrong=[
            Wrong(no_mask, "padding is still seen"),
            Wrong(masked_afterwards, "after the softmax"),
            Wrong(scores_of_zero, "still gets weight"),
            Wrong(the_other_way_round, "wrong way round"),
            Wrong(one_too_many, "One key too many"),
            Wrong(without_root, "not divided by"),
            Wrong(root_of_keys, "root of the number of keys"),
            Wrong(the_other_way_round_with_infinity, "may look nowhere"),
        ],
        right=[attend_one_by_one, attend_then_divide, attend_with_a_large_number],
    ),
    Exercise(
        key="what-a-score-gets",
        title="What a score gets",
        check=check_score_gradient,
        hints=[
            "The derivative by the weight $p_{ts}$ is $g_t \\cdot v_s$: that is `g @ V.T`.",
            "Subtract from each row its mean *with the weights*, then multiply by the weights.",
        ],
        solution=score_gradient,
        explanation="The mean with the weights of $g_t \\cdot v_s$ is $g_t \\cdot y_t$. Every row adds up to 0: if "
        "one score rises, others must lose weight.",
        wrong=[
            Wrong(mean_forgotten, "do not add up to 0"),
            Wrong(weight_forgotten, "that has little weight"),
            Wrong(plain_mean, "plain mean over the keys"),
            Wrong(only_the_weights, "The softmax is still to come"),
            Wrong(mean_after_the_weight, "Subtract the mean first"),
            Wrong(own_weight_alone, "moves all weights"),
        ],
        right=[score_gradient_by_loops, score_gradient_by_jacobian, score_gradient_of_weights],
    ),
    Exercise(
        key="one-place-back",
        title="One place back",
        check=check_one_back,
        hints=[
            "Let key $s$ be 1 at place $s$ and 0 elsewhere. At which place should query $t$ be large?",
            "Then query $t$ is a large number at place $t - 1$: a weight above 0.99 wants a score that is some 8 "
            "higher than the others, after the division by the root.",
        ],
        solution=one_back,
        explanation="A query that is a large multiple of one key, where the keys are at right angles, is a hard "
        "look-up. Heads of this kind are found in trained language models.",
        wrong=[
            Wrong(at_itself, "looks at itself"),
            Wrong(one_ahead, "one place ahead"),
            Wrong(too_soft, "but softly"),
        ],
        right=[one_back, one_back_by_keys, one_back_rolled],
    ),
    Exercise(
        key="two-bugs-in-attention",
        title="Find two bugs",
        check=check_look_back,
        hints=[
            "Let all values be 1: any mean of ones is 1. Is it?",
            "Which length counts, that of the sequence or that of a query? And when should a weight be taken away, "
            "before or after the weights are made to add up to 1?",
        ],
        solution=look_back,
        explanation="The root was that of the number of positions instead of the entries of a query; the mask took "
        "weights away after the softmax, so that the early positions got too little.",
        wrong=[
            Wrong(as_given, "Both bugs are still there"),
            Wrong(root_mended, "The root is right now"),
            Wrong(mask_mended, "The mask is right now"),
            Wrong(not_even_itself, "should see itself"),
            Wrong(sees_the_future, "The future is seen"),
            Wrong(future_scores_of_zero, "still gets weight"),
            Wrong(root_gone, "not divided by any root"),
            Wrong(sees_only_the_future, "wrong way round"),
            Wrong(not_even_itself_with_infinity, "at least see itself"),
        ],
        right=[look_back_by_loops, look_back_divided_again, look_back_with_added_mask],
    ),
    Exercise(
        key="heads-side-by-side",
        title="Heads side by side",
        check=check_side_by_side,
        hints=[
            "Head $i$ is ordinary attention on the columns from $i \\cdot d/h$ on, of queries, keys and values alike.",
            "`np.split(Q, h, axis=1)` cuts the columns, `np.concatenate(results, axis=1)` joins them again.",
        ],
        solution=side_by_side,
        explanation="One reshape and one exchange of axes make a batch of heads, and all of them are computed at once. "
        "The library's `cut_heads` and `join_heads` do this.",
        wrong=[
            Wrong(one_head, "single head"),
            Wrong(root_of_all, "not $d$"),
            Wrong(cut_across, "mix the positions"),
            Wrong(joined_wrongly, "joined wrongly"),
            Wrong(no_root, "not divided by the root"),
            Wrong(every_second_column, "neighbouring"),
            Wrong(every_second_column_joined, "neighbouring"),
        ],
        right=[side_by_side_split, side_by_side_slices, side_by_side_einsum],
    ),
    Exercise(
        key="what-one-head-can-tell",
        title="What one head can tell",
        check=check_errors,
        hints=[
            "The best guess of $v_i$ is a multiple $a\\,r$ of what was read, $r = p\\,v_i + (1 - p)\\,v_j$. Its error "
            "is the mean of $(v_i - a r)^2$.",
            "Independent, mean 0, variance 1: the mean of $r^2$ is $p^2 + (1 - p)^2$, and the mean of $v_i r$ is $p$.",
            "The best $a$ is $p$ divided by the mean of $r^2$. The error then is $1 - a p$.",
        ],
        solution=errors,
        explanation="The two errors add up to 1 for any $p$. So a single head cannot get below one half on average, "
        "which is where its training stopped in the chapter.",
        wrong=[
            Wrong(as_it_is_read, "as the guess itself"),
            Wrong(weight_as_explained, "by luck"),
            Wrong(errors_exchanged, "Are the two exchanged"),
            Wrong(best_factors, "best numbers $a$"),
            Wrong(mean_of_both, "Return each of them"),
            Wrong(factor_is_the_weight, "leave smaller errors"),
        ],
        right=[errors_written_out, errors_as_array, errors_by_factor],
    ),
    Exercise(
        key="backwards-with-two-numbers",
        title="Backwards, with two numbers",
        check=check_backwards,
        hints=[
            "On a line only the two outermost keys can win. Where could twelve points lie so that each of them is the "
            "outermost in some direction?",
            "On a circle. Let query $t$ point to key $T - 1 - t$, and make it long.",
        ],
        solution=circle,
        explanation="On a circle every key is the outermost one in its own direction. Neighbours are close there, so "
        "the queries have to be long. (A parabola does it, too.) A Transformer's positions are built of such circles.",
        wrong=[
            Wrong(on_a_line, "lie on a line"),
            Wrong(forwards, "reads forwards"),
            Wrong(soft_circle, "should be above 0.9"),
            Wrong(one_hot_places, "only two numbers"),
        ],
        right=[circle, parabola, half_circle],
    ),
]
