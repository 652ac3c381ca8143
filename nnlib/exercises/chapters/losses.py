"""Exercises of the chapter Losses."""

import numpy as np

from nnlib.exercises.exercise import Exercise, Wrong, agree, require

rng = np.random.default_rng(0)


# Three best guesses

BEST = (4, 2, 1)


def check_best_guesses(answer):
    squares, sizes, hits = answer
    require(
        not np.allclose([squares, sizes], [2, 4]),
        "The first two stand in each other's place: which loss is in balance where the errors add up to 0?",
    )
    require(not np.isclose(squares, 20), "20 is the sum. Where do the five errors add up to 0?")
    require(
        np.isclose(squares, BEST[0]),
        f"By squares it is not {squares:g}: at the best guess the errors add up to 0, and there is a name for this "
        "number.",
    )
    require(
        not np.isclose(sizes, 4),
        "The first is right. By sizes all pull equally hard: at 4, three pull down and only one pulls up.",
    )
    require(
        not np.isclose(sizes, 6.5),
        "The first is right. 6.5 lies in the middle between the smallest and the largest. By sizes, count how many lie "
        "on each side.",
    )
    require(
        np.isclose(sizes, BEST[1]), "The first is right. By sizes, as many numbers should lie above as below the guess."
    )
    require(
        not np.isclose(hits, 2),
        "The first two are right. A guess of 2 hits one number of five exactly. Which guess hits more?",
    )
    require(np.isclose(hits, BEST[2]), "The first two are right. By hits, which number comes up most often?")
    return "Mean, median, mode: three losses, three ways to be in the middle."


# One mistake

OUTWEIGHED = np.log(0.001) / np.log(0.9)  # 65.6


def check_one_mistake(answer):
    require(
        not np.isclose(answer, 900, rtol=0.01),
        "900 is the ratio of the two probabilities. The loss of each is minus its *logarithm*.",
    )
    require(
        not np.isclose(answer, 1 / OUTWEIGHED, rtol=0.02),
        "Upside down: that is which part of the mistake a right answer costs.",
    )
    require(
        not np.isclose(answer, -np.log(0.001), rtol=0.01),
        "That is the loss of the mistake. How often does the loss of a right answer go into it?",
    )
    require(
        not np.isclose(answer, 3, rtol=0.01),
        "You took $\\log 0.1$ for the right answers, but the right class has the probability 0.9.",
    )
    require(
        not np.isclose(answer, 0.999 / 0.1, rtol=0.01),
        "You compared by how much the probabilities miss 1. The loss is minus the *logarithm* of the probability.",
    )
    near = np.isclose(answer, OUTWEIGHED, rtol=0, atol=0.06)
    require(near or not np.isclose(answer, OUTWEIGHED, rtol=0, atol=0.6), "Nearly, but rounded: give one decimal.")
    require(
        near,
        "The mistake costs $-\\log 0.001$, a right answer $-\\log 0.9$. How often does the one go into the other?",
    )
    return "65.6 right answers, wiped out by one."


# A loss that gives up

ERRORS = np.array([-5.0, -2.0, -0.5, 0.0, 0.3, 1.0, 2.0, 7.0])


def gives_up(e, s):
    loss = np.log(1 + (e / s) ** 2)
    slope = 2 * e / (s**2 + e**2)
    return loss, slope


def check_gives_up(answer):
    loss, slope = answer(ERRORS, 1.0)
    want, want_slope = gives_up(ERRORS, 1.0)
    require(
        np.shape(loss) == np.shape(slope) == ERRORS.shape,
        f"For {ERRORS.size} errors there should be {ERRORS.size} losses and {ERRORS.size} slopes.",
    )
    require(not np.allclose(loss, -want), "That is the logarithm. The loss is *minus* the logarithm.")
    require(
        not np.allclose(loss, want + np.log(np.pi)),
        "You have kept $\\log \\pi s$. It does not depend on the error: leave it out.",
    )
    require(
        not np.allclose(loss, 1 / (1 + ERRORS**2)) and not np.allclose(loss, 1 / (1 + ERRORS**2) / np.pi),
        "That is the density. The loss is minus its logarithm.",
    )
    agree(loss, want, what="With s = 1, the loss")
    require(
        not np.allclose(slope, 1 / (1 + ERRORS**2)),
        "The loss is right. Your slope is 1 over what stands in the logarithm: the chain rule multiplies it by the "
        "derivative of that.",
    )
    agree(slope, want_slope, what="With s = 1, the loss is right. The slope")
    loss, slope = answer(ERRORS, 2.0)
    require(
        not np.allclose(loss, want), "Right for s = 1, but with s = 2 your loss is the same: it does not depend on s."
    )
    require(
        not np.allclose(loss, gives_up(ERRORS, 2.0)[0] + np.log(4)),
        "Right for s = 1, but with s = 2 your loss is $\\log s^2$ too large. That does not depend on the error: leave "
        "it out.",
    )
    require(
        not np.allclose(loss, np.log(1 + ERRORS**2 / 2)),
        "Right for s = 1, but you divided by s. In the formula $e^2$ is divided by $s^2$.",
    )
    agree(loss, gives_up(ERRORS, 2.0)[0], what="Right for s = 1. With s = 2, the loss")
    require(
        not np.allclose(slope, 2 * ERRORS / (1 + (ERRORS / 2) ** 2)),
        "Right for s = 1. With s = 2 the slope is too large: the derivative of $e^2/s^2$ is $2e/s^2$.",
    )
    agree(slope, gives_up(ERRORS, 2.0)[1], what="Right for s = 1. With s = 2, the loss is right. The slope")
    return "The pull is hardest at $e = s$, and then it fades: a very large error is hardly noticed."


def gives_up_without_chain_rule(e, s):
    return gives_up(e, s)[0], 1 / (1 + (e / s) ** 2)


def gives_up_with_constant(e, s):
    loss, slope = gives_up(e, s)
    return loss + np.log(np.pi * s), slope


def gives_up_without_width(e, s):
    return gives_up(e, 1.0)


def gives_up_half_a_chain(e, s):
    return gives_up(e, s)[0], 2 * e / (1 + (e / s) ** 2)


def gives_up_with_log_width(e, s):
    return np.log(s**2 + e**2), gives_up(e, s)[1]


def gives_up_width_not_squared(e, s):
    return np.log(1 + e**2 / s), 2 * e / (s + e**2)


def gives_up_as_density(e, s):
    return 1 / (1 + (e / s) ** 2), gives_up(e, s)[1]


def gives_up_by_log1p(e, s):
    u = e / s
    return np.log1p(u * u), 2 * u / (1 + u * u) / s


def gives_up_by_sums(e, s):
    return np.log(s**2 + e**2) - 2 * np.log(s), 2 * e / (s * s + e * e)


def gives_up_from_the_density(e, s):
    p = 1 / (np.pi * s * (1 + e**2 / s**2))
    return -np.log(p) - np.log(np.pi * s), 2 * e / s**2 * (np.pi * s * p)


# A committee

OPINIONS, SQUARE = np.log(rng.uniform(0.1, 0.9, (3, 5))), np.log(rng.uniform(0.1, 0.9, (4, 4)))
FAR = np.array([[-1000.0, -1002.0], [-1001.0, -1002.0]])
APART = np.array([[-1000.0, -2.0, -1500.0], [-1001.0, -3.0, -1500.0]])


def committee(a):
    m = a.max(axis=0)
    log_mean = m + np.log(np.exp(a - m).mean(axis=0))
    return -log_mean.mean()


def check_committee(answer):
    L = answer(OPINIONS)
    require(np.ndim(L) == 0, "Return one number, the mean over the questions.")
    require(not np.isclose(L, -committee(OPINIONS)), "A cross-entropy is never negative: was a minus forgotten?")
    require(
        not np.isclose(L, -OPINIONS.mean()),
        "That is the mean of their losses. The committee takes the mean of the *probabilities*, and then the "
        "logarithm.",
    )
    require(
        not np.isclose(L, committee(OPINIONS) - np.log(3)),
        "You add the probabilities and do not divide by the number of networks.",
    )
    require(
        not np.isclose(L, committee(OPINIONS.T)),
        "The mean of the probabilities runs over the networks, axis 0, and that of the losses over the questions.",
    )
    require(
        not np.isclose(L, committee(OPINIONS - OPINIONS.max(axis=0))),
        "You took the largest out of the exponentials and never put it back: add it to the logarithm.",
    )
    agree(answer, committee, OPINIONS, SQUARE)
    L = answer(FAR)
    require(
        np.isfinite(L),
        "Right for ordinary probabilities, but $e^{-1000}$ is 0 in the computer, and its logarithm is infinite. "
        "Take the "
        "largest of each question out first.",
    )
    require(
        L > 700,
        f"For logarithms near −1000 your loss is {L:.3g}, much too small: was a probability cut off?",
    )
    require(
        np.isfinite(answer(APART)),
        "You take out the largest of *all* questions. In a question that lies far below it every exponential is 0.",
    )
    agree(answer, committee, FAR, APART)


def mean_of_the_losses(a):
    return -a.mean()


def sum_of_probabilities(a):
    m = a.max(axis=0)
    return -(m + np.log(np.exp(a - m).sum(axis=0))).mean()


def underflowing(a):
    return -np.log(np.exp(a).mean(axis=0)).mean()


def one_maximum_for_all(a):
    return -(a.max() + np.log(np.exp(a - a.max()).mean(axis=0))).mean()


def never_put_back(a):
    return -np.log(np.exp(a - a.max(axis=0)).mean(axis=0)).mean()


def cut_probabilities(a):
    return -np.log(np.maximum(np.exp(a).mean(axis=0), 1e-12)).mean()


def over_the_questions(a):
    return committee(a.T)


def committee_by_logaddexp(a):
    return np.log(len(a)) - np.logaddexp.reduce(a, axis=0).mean()


def committee_in_a_loop(a):
    losses = []
    for question in a.T:
        m = max(question)
        losses.append(-m - np.log(np.mean(np.exp(question - m))))
    return sum(losses) / len(losses)


def committee_with_keepdims(a):
    m = np.max(a, axis=0, keepdims=True)
    return np.mean(np.log(len(a)) - np.log(np.exp(a - m).sum(axis=0)) - m[0])


# Yes or no

Z = np.array([-2.0, -0.5, 0.0, 1.0, 3.0])
T = np.array([0.0, 1.0, 1.0, 0.0, 1.0])
SURE, SURE_T = np.array([1000.0, -1000.0, 1000.0, -1000.0]), np.array([1.0, 0.0, 0.0, 1.0])


def yes_or_no(z, t):
    return (np.maximum(z, 0) - t * z + np.log1p(np.exp(-np.abs(z)))).mean()


def check_yes_or_no(answer):
    L = answer(Z, T)
    require(np.ndim(L) == 0, "Return one number, the mean over the batch.")
    require(
        not np.isclose(L, yes_or_no(Z, 1 - T)),
        "Yes and no are exchanged: for t = 1 the loss is to become *small* when z grows.",
    )
    require(L > 0, "This loss is never negative: was a minus forgotten?")
    require(
        not np.isclose(L, yes_or_no(Z, np.ones(5))),
        "You take every answer for a yes. Where $t = 0$, the probability of what was observed is $1 - p$.",
    )
    agree(answer, yes_or_no, (Z, T), (Z[:2], T[:2]))
    L = answer(SURE, SURE_T)
    require(
        np.isfinite(L),
        "Right for small logits, but at $z = \\pm 1000$ it gives inf or nan. Which exponential never becomes too "
        "large, "
        "and which probability never appears?",
    )
    require(
        L > 100,
        f"At $z = \\pm 1000$, half of the answers wrong, your mean loss is {L:.3g}, and should be 500. Was a "
        "probability cut off? Then a confident mistake has no slope.",
    )
    agree(answer, yes_or_no, (SURE, SURE_T))
    tiny, other = answer(np.array([40.0]), np.array([1.0])), answer(np.array([-40.0]), np.array([0.0]))
    require(
        tiny != 0 or other == 0,
        "Nearly. At $z = 40$, $t = 1$ the loss is $e^{-40}$, about $4 \\cdot 10^{-18}$, and yours is 0: 40 plus "
        "something so small is 40 again, and then you subtract 40. Let the large numbers cancel first.",
    )
    require(
        tiny != 0 and other != 0,
        "Nearly. At $z = 40$, $t = 1$ the loss is $e^{-40}$, about $4 \\cdot 10^{-18}$, and yours is 0: 1 plus "
        "something so small is 1 again. NumPy has a function for $\\log(1 + x)$.",
    )
    require(np.isclose(tiny, np.exp(-40.0)), f"At $z = 40$, $t = 1$ the loss is 4.25e-18, and yours is {tiny:.3g}.")


def by_the_formula(z, t):
    p = 1 / (1 + np.exp(-z))
    return -(t * np.log(p) + (1 - t) * np.log(1 - p)).mean()


def cut_off(z, t):
    p = np.clip(1 / (1 + np.exp(-z)), 1e-12, 1 - 1e-12)
    return -(t * np.log(p) + (1 - t) * np.log(1 - p)).mean()


def plain_log(z, t):
    return (np.maximum(z, 0) - t * z + np.log(1 + np.exp(-np.abs(z)))).mean()


def cancelled_too_late(z, t):
    return (np.logaddexp(0, z) - t * z).mean()


def always_yes(z, t):
    return np.logaddexp(0, -z).mean()


def exchanged(z, t):
    return (np.maximum(z, 0) - (1 - t) * z + np.log1p(np.exp(-np.abs(z)))).mean()


def by_two_cases(z, t):
    return np.where(t == 1, np.logaddexp(0, -z), np.logaddexp(0, z)).mean()


def by_one_sign(z, t):
    s = (1 - 2 * t) * z  # how far z lies on the wrong side
    return np.mean(np.logaddexp(0, s))


def by_both_parts(z, t):
    bend = np.log1p(np.exp(-np.abs(z)))
    return np.mean(t * (np.maximum(-z, 0) + bend) + (1 - t) * (np.maximum(z, 0) + bend))


# Everybody gets the mean

GUESS, TRUTH = np.array([[1.0], [2.0], [4.0]]), np.array([1.5, 0.0, 3.0])


def squared_error(guess, truth):
    return ((guess.ravel() - truth.ravel()) ** 2).mean()


def check_squared_error(answer):
    found = answer(GUESS, TRUTH)
    require(np.ndim(found) == 0, "Return one number for the whole batch.")
    require(
        not np.isclose(found, ((GUESS - TRUTH) ** 2).mean()),
        "For the guesses 1, 2 and 4 and the truths 1.5, 0 and 3 the squares are 0.25, 4 and 1. Their mean is 1.75, and "
        f"yours is {found:.3g}. Print the shape of the difference.",
    )
    agree(answer, squared_error, (GUESS, TRUTH), (GUESS[:2], TRUTH[:2]), what="With truths of shape (N,), the loss")
    column = answer(GUESS, TRUTH[:, None])
    require(
        np.isclose(column, squared_error(GUESS, TRUTH)),
        "Right for truths of shape (N,), but now the truths of shape (N, 1) go wrong: make both shapes the same.",
    )
    return "A loss that refuses unequal shapes, as the library's does, would have told you at once."


def as_it_stood(guess, truth):
    return ((guess - truth) ** 2).mean()


def only_for_flat_truths(guess, truth):
    return ((guess[:, 0] - truth) ** 2).mean()


def sum_of_the_pairs(guess, truth):
    return ((guess.ravel() - truth.ravel()) ** 2).sum()


def reshaped(guess, truth):
    return np.mean((guess - truth.reshape(guess.shape)) ** 2)


def in_a_loop(guess, truth):
    pairs = list(zip(guess.reshape(-1), truth.reshape(-1), strict=True))
    return sum((g - t) ** 2 for g, t in pairs) / len(pairs)


def as_columns(guess, truth):
    e = guess - truth.reshape(-1, 1)
    return (e.T @ e).item() / len(e)


# Counts

LOG_RATES, LETTERS = np.array([-1.0, 0.0, 0.5, 2.0]), np.array([0.0, 1.0, 3.0, 5.0])
FACTORIALS = np.array([1.0, 1.0, 6.0, 120.0])


def counts(z, k):
    loss = np.exp(z) - k * z
    slope = np.exp(z) - k
    return loss, slope


def check_counts(answer):
    loss, slope = answer(LOG_RATES, LETTERS)
    want, want_slope = counts(LOG_RATES, LETTERS)
    require(np.shape(loss) == LOG_RATES.shape, "Return a loss for each example: no sum and no mean here.")
    with np.errstate(all="ignore"):
        as_mean = LOG_RATES - LETTERS * np.log(LOG_RATES)
    require(
        not np.allclose(loss, as_mean, equal_nan=True),
        "You took z for the mean $\\lambda$. It is its logarithm, and may be negative: put in $\\lambda = e^z$.",
    )
    require(
        not np.allclose(loss, want + np.log(FACTORIALS)),
        "You have kept $\\log k!$. It does not depend on z: leave it out.",
    )
    require(
        not np.allclose(loss, -want), "That is the logarithm. The loss is *minus* the logarithm of the probability."
    )
    require(
        not np.allclose(loss, np.exp(z := LOG_RATES) - LETTERS * np.exp(z)),
        "The logarithm of $\\lambda^k$ is $k \\log \\lambda$. What is $\\log \\lambda$?",
    )
    require(
        not np.allclose(loss, -LETTERS * LOG_RATES),
        "Only $\\lambda^k$ is in your loss. The factor $e^{-\\lambda}$ depends on z, too.",
    )
    agree(loss, want, what="The loss", show=True)
    require(
        not np.allclose(slope, 1 - LETTERS / np.exp(LOG_RATES)),
        "The loss is right. Your slope is that by $\\lambda$. By z, the chain rule multiplies it by "
        "$d\\lambda / dz = e^z$.",
    )
    require(
        not np.allclose(slope, LETTERS - np.exp(LOG_RATES)),
        "The loss is right. The slope has the wrong sign: if the mean is too large, the loss grows with z.",
    )
    agree(slope, want_slope, what="The loss is right. The slope", show=True)
    return "Believed minus true, once more."


def counts_by_the_mean(z, k):
    return np.exp(z) - k * z, 1 - k / np.exp(z)


def counts_z_as_mean(z, k):
    with np.errstate(all="ignore"):
        return z - k * np.log(z), 1 - k / z


def counts_without_minus(z, k):
    return k * z - np.exp(z), k - np.exp(z)


def counts_half(z, k):
    return -k * z, -k


def counts_true_minus_believed(z, k):
    return np.exp(z) - k * z, k - np.exp(z)


def counts_with_factorial(z, k):
    constant = np.array([np.log(np.arange(1, n + 1)).sum() for n in k])
    return np.exp(z) - k * z + constant, np.exp(z) - k


def counts_from_lambda(z, k):
    lam = np.exp(z)
    return lam - k * np.log(lam), lam * (1 - k / lam)


def counts_from_the_probability(z, k):
    likelihood = np.exp(z) ** k * np.exp(-np.exp(z))
    return -np.log(likelihood), -(k - np.exp(z))


def counts_in_a_loop(z, k):
    pairs = list(zip(z, k, strict=True))
    return np.array([np.exp(a) - n * a for a, n in pairs]), np.array([np.exp(a) - n for a, n in pairs])


# Enough on most days

DAYS = {
    "bell curve": np.sort(rng.normal(200, 30, 400)),
    "few busy days": np.sort(rng.exponential(50, 400)),
    "a market every week": np.sort(np.append(rng.normal(100, 10, 340), rng.normal(300, 20, 60))),
}


def enough(loss, days):
    """The share of days on which the guess with the smallest mean loss is enough."""
    e = days[:, None] - days  # each day's number as a guess, for all days
    mean = np.reshape(loss(e.ravel()), e.shape).mean(axis=1)
    return (days <= days[mean.argmin()]).mean()


def most_days(e):
    return np.maximum(e, -4 * e)


def check_own_loss(answer):
    e = np.array([-3.0, -1.0, 0.0, 2.0])
    y = answer(e)
    require(np.shape(y) == e.shape, f"For {e.size} errors there should be {e.size} losses.")
    require(np.isfinite(y).all(), "A loss is nan or infinite.")
    shares = [enough(answer, days) for days in DAYS.values()]
    low, high = min(shares), max(shares)
    share = f"{100 * low:.0f}" if high - low < 0.01 else f"{100 * low:.0f} to {100 * high:.0f}"
    told = f"Its best guess is enough on {share} % of the days"
    require(
        not (0.18 < low and high < 0.22),
        f"{told}: upside down. The error is guess − truth: when is it negative?",
    )
    require(
        0.78 <= low and high <= 0.82 or y[1] > y[2],
        f"{told}. A roll too few costs {y[1]:.3g} by your loss, and none too few {y[2]:.3g}. A roll too few has a "
        "negative error: is the sign right?",
    )
    require(
        high - low < 0.05,
        f"{told}, depending on the numbers: with some other numbers it will be something else again. Which loss "
        "only counts how many lie above and below, and not how far?",
    )
    require(
        not (0.45 < low and high < 0.55),
        f"{told}. A roll too few and a roll too many cost the same with it: which should cost more?",
    )
    require(0.78 <= low, f"{told}: too few. A roll too few should cost more, compared with one too many.")
    require(high <= 0.82, f"{told}: too many. A roll too few should cost less, compared with one too many.")
    return f"{told}."


def own_the_wrong_way(e):
    return np.maximum(4 * e, -e)


def own_squares(e):
    return np.where(e < 0, 4, 1) * e**2


def own_negative(e):
    return np.where(e < 0, 4 * e, e)


def own_too_careful(e):
    return np.maximum(e, -10 * e)


def own_by_where(e):
    return np.where(e < 0, -0.8 * e, 0.2 * e)


def own_tilted(e):
    return np.abs(e) - 0.6 * e


def own_in_rolls(e):
    too_many, too_few = np.maximum(e, 0), np.maximum(-e, 0)
    return 0.5 * too_many + 2.0 * too_few


EXERCISES = [
    Exercise(
        key="three-best-guesses",
        title="Three best guesses",
        check=check_best_guesses,
        hints=[
            "By squares the errors pull in proportion to their size, by sizes all pull equally hard. Where is balance?",
            "Mean and median. And a hit counts only if it is exact: which number can be hit more than once?",
        ],
        solution=BEST,
        explanation=(
            "By squares it is the mean, $20/5 = 4$. By sizes the median: of 1, 1, 2, 4, 12 the third is 2. By "
            "hits it is "
            "the most frequent number, 1, since it is right twice; it is called the mode."
        ),
        wrong=[
            Wrong((2, 4, 1), "each other's place"),
            Wrong((4, 4, 1), "only one pulls up"),
            Wrong((4, 2, 2), "hits one number of five"),
            Wrong((20, 2, 1), "20 is the sum"),
        ],
        right=[[4, 2, 1], np.array([4.0, 2.0, 1.0]), (4.0, 2, 1), (np.mean([1, 1, 2, 4, 12]), 2, 1)],
    ),
    Exercise(
        key="one-mistake",
        title="One mistake",
        check=check_one_mistake,
        hints=[
            "Cross-entropy is minus the logarithm of the probability that the right class got. Compute both losses.",
            "The mistake costs $-\\log 0.001 = 6.9$, a right answer $-\\log 0.9 = 0.105$.",
        ],
        solution=65.6,
        explanation=(
            "$\\log 0.001 / \\log 0.9 = 6.908 / 0.1054 = 65.6$. A mean loss over 66 such right answers and this one "
            "mistake is twice what it would be without the mistake."
        ),
        wrong=[
            Wrong(900.0, "ratio of the two probabilities"),
            Wrong(6.908, "the loss of the mistake"),
            Wrong(0.01525, "Upside down"),
            Wrong(3.0, "has the probability 0.9"),
            Wrong(66.0, "give one decimal"),
            Wrong(9.99, "the probabilities miss 1"),
        ],
        right=[65.56, np.log(0.001) / np.log(0.9), np.array(65.6), np.log2(0.001) / np.log2(0.9)],
    ),
    Exercise(
        key="a-loss-that-gives-up",
        title="A loss that gives up",
        check=check_gives_up,
        hints=[
            "Minus the logarithm of one over a product is the sum of the logarithms of its factors.",
            "$-\\log p = \\log \\pi s + \\log(1 + e^2/s^2)$. Which part depends on $e$?",
            "The derivative of $\\log u$ is $1/u$, times the derivative of $u = 1 + e^2/s^2$ by $e$.",
        ],
        solution=gives_up,
        explanation=(
            "The slope of $\\log(1 + e^2/s^2)$ is $\\frac{2e/s^2}{1 + e^2/s^2} = \\frac{2e}{s^2 + e^2}$. It "
            "grows up to "
            "$e = s$ and then becomes smaller again: who believes in Cauchy's noise is not surprised by outliers."
        ),
        wrong=[
            Wrong(gives_up_without_chain_rule, "1 over what stands in the logarithm"),
            Wrong(gives_up_with_constant, "You have kept"),
            Wrong(gives_up_without_width, "does not depend on s"),
            Wrong(gives_up_half_a_chain, "the slope is too large"),
            Wrong(gives_up_as_density, "That is the density"),
            Wrong(gives_up_with_log_width, "too large. That does not depend"),
            Wrong(gives_up_width_not_squared, "you divided by s"),
        ],
        right=[gives_up_by_log1p, gives_up_by_sums, gives_up_from_the_density],
    ),
    Exercise(
        key="a-committee",
        title="A committee",
        check=check_committee,
        hints=[
            "The mean probability is $\\frac1K \\sum_k e^{a_k}$. What is its logarithm?",
            "A log-sum-exp over the networks, minus $\\log K$. Take out the largest of each question, "
            "`m = a.max(axis=0)`.",
        ],
        solution=committee,
        explanation=(
            "$\\log \\frac1K \\sum_k e^{a_k} = m + \\log \\frac1K \\sum_k e^{a_k - m}$, with the largest $a_k$ "
            "as $m$. The "
            "committee's loss is never above the mean of its members' losses, since the logarithm bends down."
        ),
        wrong=[
            Wrong(mean_of_the_losses, "mean of their losses"),
            Wrong(sum_of_probabilities, "do not divide"),
            Wrong(underflowing, "its logarithm is infinite"),
            Wrong(cut_probabilities, "much too small"),
            Wrong(never_put_back, "never put it back"),
            Wrong(one_maximum_for_all, "*all* questions"),
            Wrong(over_the_questions, "runs over the networks"),
        ],
        right=[committee_by_logaddexp, committee_in_a_loop, committee_with_keepdims],
    ),
    Exercise(
        key="yes-or-no",
        title="Yes or no, from logits",
        check=check_yes_or_no,
        hints=[
            "For $t = 1$ it is $\\log(1 + e^{-z})$, for $t = 0$ it is $\\log(1 + e^{z})$. Which of them "
            "overflows where?",
            "Both are a log-sum-exp of two logits, one of them 0. Take out the larger: "
            "$\\log(1 + e^{-z})$ is $\\max(-z, 0) + \\log(1 + e^{-|z|})$.",
            "`np.log1p(x)` is $\\log(1 + x)$, exact for tiny x. Add it last, when the large numbers have cancelled.",
        ],
        solution=yes_or_no,
        explanation=(
            "$\\log(1 + e^{-|z|})$ is in both cases. In front of it stands $\\max(-z, 0)$ if $t = 1$, and "
            "$\\max(z, 0)$ if "
            "$t = 0$: together $\\max(z, 0) - t z$. No probability is ever computed."
        ),
        wrong=[
            Wrong(by_the_formula, "inf or nan"),
            Wrong(cut_off, "cut off"),
            Wrong(plain_log, "is 1 again"),
            Wrong(cancelled_too_late, "is 40 again"),
            Wrong(exchanged, "exchanged"),
            Wrong(always_yes, "every answer for a yes"),
        ],
        right=[by_two_cases, by_one_sign, by_both_parts],
    ),
    Exercise(
        key="everybody-gets-the-mean",
        title="Find the bug",
        check=check_squared_error,
        hints=[
            "Print `(guess - truth).shape` for three examples.",
            "Broadcasting makes (3, 3) of (3, 1) and (3,): each guess is compared with every truth. Bring both to one "
            "shape before you subtract.",
        ],
        solution=squared_error,
        explanation=(
            "Compared with every truth, each guess is best at the mean of all truths, whatever its input. The "
            "loss falls, "
            "nothing is reported, and nothing is learned. PyTorch's `mse_loss` warns of it, this book's raises "
            "an error."
        ),
        wrong=[
            Wrong(as_it_stood, "the shape of the difference"),
            Wrong(only_for_flat_truths, "of shape (N, 1) go wrong"),
            Wrong(sum_of_the_pairs, "a sum taken for a mean"),
        ],
        right=[reshaped, in_a_loop, as_columns],
    ),
    Exercise(
        key="a-loss-for-counts",
        title="A loss for counts",
        check=check_counts,
        hints=[
            "Take minus the logarithm of the probability. A product becomes a sum.",
            "$-\\log p = \\lambda - k \\log \\lambda + \\log k!$. Put in $\\lambda = e^z$. Which part does not "
            "depend on z?",
        ],
        solution=counts,
        explanation=(
            "$-\\log p = e^z - k z + \\log k!$, and the last part does not depend on $z$. Its slope is $e^z - k$: the "
            "mean that is believed, minus the count that is true."
        ),
        wrong=[
            Wrong(counts_by_the_mean, "that by $\\lambda$"),
            Wrong(counts_without_minus, "*minus* the logarithm"),
            Wrong(counts_z_as_mean, "You took z for the mean"),
            Wrong(counts_half, "depends on z, too"),
            Wrong(counts_with_factorial, "have kept"),
            Wrong(counts_true_minus_believed, "wrong sign"),
        ],
        right=[counts_from_lambda, counts_from_the_probability, counts_in_a_loop],
    ),
    Exercise(
        key="enough-on-most-days",
        title="A loss of your own",
        check=check_own_loss,
        hints=[
            "The absolute error leads to the median: enough on half of the days, since all pull equally hard. "
            "Let those "
            "above the guess pull harder than those below.",
            "In balance, 20 % of the days pull up as hard as 80 % pull down. How many times as hard must each pull?",
            "Four times: a loss of $e$ for $e > 0$, and of $-4e$ for $e < 0$.",
        ],
        solution=most_days,
        explanation=(
            "A day above the guess pulls up with 4, a day below pulls down with 1. They balance if four times as "
            "many lie "
            "below: 80 %. It is called the pinball or quantile loss. Squares with unequal weights would ask how *far* "
            "above the days lie, and so depend on the numbers."
        ),
        wrong=[
            Wrong(np.abs, "cost the same"),
            Wrong(own_the_wrong_way, "upside down"),
            Wrong(own_squares, "depending on the numbers"),
            Wrong(own_too_careful, "should cost less"),
            Wrong(own_negative, "is the sign right"),
        ],
        right=[own_by_where, own_tilted, own_in_rolls],
    ),
]
