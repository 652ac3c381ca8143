"""Exercises of the chapter What is a neural network?"""

from functools import cache

import numpy as np

from nnlib.data import Loader, load_digits, split
from nnlib.exercises.exercise import Exercise, Wrong, agree, require
from nnlib.numpy import functional as F
from nnlib.numpy import manual_seed, nn, optim
from nnlib.training import fit, predict

# A rule of your own


@cache
def threes_and_eights():
    """The chapter's 357 pictures, and which of them are eights."""
    digits = load_digits()
    pair = digits[np.isin(digits.y, (3, 8))]
    return pair.x, pair.y == 8


def rule(x):
    upper = x[2, 1:4].max()  # of three neighbours: a narrow eight has its ink further to the right
    lower = x[5, 1:4].max()
    return upper > 0.4 and lower > 0.4


def check_rule(answer):
    x, eight = threes_and_eights()
    says = [answer(picture) for picture in x]
    one = [s.size == 1 if isinstance(s, np.ndarray) else isinstance(s, np.generic) for s in says]
    require(one, "Your rule returns more than one answer for a picture: return one, True or False.")
    says = np.array([np.asarray(s).item() for s in says])
    odd = next((s for s in says if s not in (0, 1)), None)
    require(
        odd is None,
        f"Return True for an eight and False for a three. Yours returns {odd}, and any number but 0 is true.",
    )
    says = says.astype(bool)
    always = "eight" if says.all() else "three"
    require(len(set(says)) == 2, f"Your rule says {always} to every picture. What differs between the two?")
    right = np.mean(says == eight)
    require(right > 0.3, f"Only {right:.0%} right, worse than guessing. Are three and eight exchanged?")
    require(right > 0.9, f"Your rule reads {right:.0%}. Ours reads 87%, and moving one number of it is enough for 90%.")
    return f"Your rule reads {right:.1%} of the {len(x)} pictures."


def always_eight(x):
    return True


def left_is_three(x):
    return x[2, 2] + x[5, 2] < 0.8


def ours(x):
    return x[2, 2] + x[5, 2] > 1


def names_the_digit(x):
    return 8 if x[2, 2] + x[5, 2] > 0.8 else 3


def lower_threshold(x):
    return x[2, 2] + x[5, 2] > 0.8


def more_pixels(x):
    if x[2:4, 2].max() < 0.3:
        return False
    return bool(x[5, 1:4].max() > 0.5)


def as_a_number(x):
    return int(min(x[2, 1:4].max(), x[5, 1:4].max()) > 0.4)


# Count the parameters


def check_count(answer):
    require(answer != 64 * 32 + 32 * 10, "You have counted the lines. Every sum has one parameter more, its $b$.")
    require(
        answer != 64 + 32 + 10,
        "You have counted the circles. A parameter belongs to a line: how many lines lead to each unit?",
    )
    require(
        answer != 64 * 32 * 10,
        "No line leads from a pixel through a unit to a score: add the two sets of lines, do not multiply.",
    )
    require(answer != 910, "That is the network of this chapter, with 12 units. This one has 32.")
    require(
        answer not in (64 * 32 + 32 * 10 + 32, 64 * 32 + 32 * 10 + 10),
        "One row of sums has its $b$ in your count, the other has not. Units and scores are sums, both.",
    )
    require(answer != 64 + 64 * 32 + 32 + 32 * 10 + 10, "Pixels are no sums: they are given, and have no $b$.")
    require(answer not in (64 * 32, 65 * 32), "That is the first row of sums only. The scores have parameters as well.")
    agree(answer, 64 * 32 + 32 + 32 * 10 + 10)


# An accuracy of 99 %


def check_healthy(answer):
    accuracy, found = answer
    require(max(accuracy, found) <= 1, "Give both as shares between 0 and 1: half is 0.5.")
    require(
        not np.isclose(accuracy, 0.01),
        "That is the share of wrong answers. To how many of the 1,000 does the program say what is true?",
    )
    require(
        not (np.isclose(accuracy, 0) and np.isclose(found, 0.99)),
        "Are the two exchanged? The accuracy comes first, then the share of the ill that are found.",
    )
    require(
        not np.isclose(accuracy, 1),
        "An accuracy of 1 has no mistake in it. How many of the 1,000 are told something false?",
    )
    require(not np.isclose(accuracy, 0), "An accuracy of 0 has no right answer in it. Is nobody told the truth?")
    agree(accuracy, 0.99, what="The accuracy")
    require(
        not np.isclose(found, 0.01),
        "One in a hundred is ill, but that is not what was asked: of the ten who are ill, how many does it find?",
    )
    require(
        not np.isclose(found, 0.99),
        "That is the accuracy once more. Look at the ten who are ill: how many of these ten are told so?",
    )
    require(not np.isclose(found, 1), "It says healthy to everybody, to the ill as well: it finds none of them.")
    agree(found, 0.0, what="The share of the ill that are found")


# One pixel down


def move_down(x):
    lower = np.zeros_like(x)
    lower[1:] = x[:-1]
    return lower


PICTURE = np.arange(1.0, 65.0).reshape(8, 8) / 64


def check_move_down(answer):
    lower = answer(PICTURE)
    shape = np.shape(lower)
    require(
        shape == (8, 8),
        f"The picture that comes out has shape {shape}: it should stay (8, 8), so that the network can read it.",
    )
    other_ways = {
        "the bottom row comes in again at the top. Paper should come in, zeros": np.roll(PICTURE, 1, axis=0),
        "the picture moves up, not down: row 0 is the top": np.pad(PICTURE, ((0, 1), (0, 0)))[1:],
        "everything moves on by one place along the rows: give `np.roll` an axis": np.roll(PICTURE, 1),
        "the picture moves to the right and comes in again at the left: the rows are axis 0": np.roll(
            PICTURE, 1, axis=1
        ),
        "the picture moves to the left: the rows are axis 0": np.pad(PICTURE, ((0, 0), (0, 1)))[:, 1:],
        "the picture moves down by two pixels": np.pad(PICTURE, ((2, 0), (0, 0)))[:-2],
        "every row is a copy of the old top row: a row was overwritten before it was read": np.vstack(
            [np.zeros((1, 8)), np.repeat(PICTURE[:1], 7, axis=0)]
        ),
        "the picture moves to the right: the rows are axis 0": np.pad(PICTURE, ((0, 0), (1, 0)))[:, :-1],
        "nothing moves": PICTURE,
        "the top row stays where it is as well, and is there twice": np.pad(PICTURE, ((1, 0), (0, 0)), mode="edge")[
            :-1
        ],
    }
    for what, way in other_ways.items():
        require(not np.array_equal(lower, way), f"With yours, {what}.")
    agree(answer, move_down, PICTURE, 1 - PICTURE)


def down_by_roll(x):
    return np.roll(x, 1, axis=0)


def up(x):
    return np.vstack([x[1:], np.zeros((1, 8))])


def flat_roll(x):
    return np.roll(x, 1)


def to_the_left(x):
    return np.hstack([x[:, 1:], np.zeros((8, 1))])


def overwritten(x):
    lower = x.copy()
    for row in range(1, 8):
        lower[row] = lower[row - 1]
    lower[0] = 0
    return lower


def to_the_right(x):
    return np.hstack([np.zeros((8, 1)), x[:, :-1]])


def top_row_twice(x):
    lower = x.copy()
    lower[1:] = x[:-1]
    return lower


def down_by_stack(x):
    return np.vstack([np.zeros((1, 8)), x[:-1]])


def down_by_pad(x):
    return np.pad(x, ((1, 0), (0, 0)))[:-1]


def down_by_loops(x):
    lower = [[0.0] * 8]
    for row in range(7):
        lower.append([float(ink) for ink in x[row]])
    return lower


# Cut out a unit


def cut(unit, W1, b1, W2, b2):
    keep = np.arange(len(b1)) != unit
    return W1[keep], b1[keep], W2[:, keep], b2


def a_network(pixels=6, units=5, digits=4):
    rng = np.random.default_rng(0)
    shapes = (units, pixels), (units,), (digits, units), (digits,)
    return tuple(rng.standard_normal(shape) for shape in shapes)


def check_cut(answer):
    network, unit = a_network(), 2
    W1, b1, W2, b2 = network
    parts = answer(unit, *network)
    require(isinstance(parts, (tuple, list)) and len(parts) == 4, "Return four arrays: `return W1, b1, W2, b2`.")
    sizes = [np.shape(part) for part in parts]
    require(
        sizes[0] != W1.shape,
        "Your `W1` still has a row for every unit. Setting numbers to 0 switches the unit off; here it should be gone.",
    )
    require(
        len(sizes[0]) == 2, "Your `W1` is no longer a table: `np.delete` without an `axis` makes one long row of it."
    )
    require(
        sizes[0][1] != 64,
        "Your `W1` has 64 columns: is it the chapter's? Use the arrays that the function is given, of any size.",
    )
    require(sizes[0] != (5, 5), "You took a column out of `W1`: that is a pixel. A unit's numbers are a row of `W1`.")
    require(sizes[1] != b1.shape, "Your `b1` still has one number for each of the old units.")
    require(sizes[2] != (3, 5), "You took a row out of `W2`: that is a digit. A unit's numbers are a column of `W2`.")
    require(sizes[2] != W2.shape, "Your `W2` still has a column for the unit that is gone.")
    require(sizes[3] == b2.shape, "`b2` belongs to the scores, not to the units: leave it as it is.")
    for other in (unit - 1, unit + 1):
        require(
            not np.array_equal(parts[0], np.delete(W1, other, axis=0)),
            f"Asked for unit {unit}, yours cuts out unit {other}. Units are counted from 0.",
        )
    agree(answer, cut, (unit, *network), (0, *network), (4, *network))


def cut_by_zeros(unit, W1, b1, W2, b2):
    W2 = W2.copy()
    W2[:, unit] = 0
    return W1, b1, W2, b2


def cut_a_digit(unit, W1, b1, W2, b2):
    return np.delete(W1, unit, axis=0), np.delete(b1, unit), np.delete(W2, unit, axis=0), b2


def cut_without_bias(unit, W1, b1, W2, b2):
    return np.delete(W1, unit, axis=0), b1, np.delete(W2, unit, axis=1), b2


def cut_from_one(unit, W1, b1, W2, b2):
    return cut(unit - 1, W1, b1, W2, b2)


def cut_the_chapters(unit, *network):
    return cut_by_delete(unit, *a_network(64, 12, 10))


def cut_without_axis(unit, W1, b1, W2, b2):
    return np.delete(W1, unit), np.delete(b1, unit), np.delete(W2, unit), b2


def cut_by_delete(unit, W1, b1, W2, b2):
    return np.delete(W1, unit, axis=0), np.delete(b1, unit), np.delete(W2, unit, axis=1), b2


def cut_by_slices(unit, W1, b1, W2, b2):
    after = unit + 1
    return (
        np.concatenate([W1[:unit], W1[after:]]),
        np.concatenate([b1[:unit], b1[after:]]),
        np.hstack([W2[:, :unit], W2[:, after:]]),
        b2,
    )


def cut_by_list(unit, W1, b1, W2, b2):
    kept = [k for k in range(len(b1)) if k != unit]
    return W1[kept], b1[kept], W2[:, kept], b2.copy()


# A nine of five dots


@cache
def the_network():
    """The chapter's reader of digits, trained as it is there."""
    train, _ = split(load_digits())
    manual_seed(0)
    network = nn.Sequential(nn.Flatten(), nn.Linear(64, 12), nn.ReLU(), nn.Linear(12, 10))
    descent = optim.SGD(network.parameters(), lr=0.1)
    fit(network, descent, nn.CrossEntropyLoss(), Loader(train, 32), epochs=30)
    return network


def shares(x):
    if np.ndim(x) != 3:
        raise ValueError(
            f"shares takes pictures of shape (N, 8, 8), not {np.shape(x)}: for one picture, shares(x[None])"
        )
    return F.softmax.rule(predict(the_network(), np.asarray(x, np.float32)), 1)[0]


def five_dots(shares):
    picture = np.zeros((8, 8))
    for _ in range(5):
        trials = np.repeat(picture[None], 64, axis=0)
        for pixel in range(64):
            trials[pixel, pixel // 8, pixel % 8] = 1  # trial number `pixel` has a dot there
        picture = trials[shares(trials)[:, 9].argmax()]
    return picture


def check_dots(answer):
    picture = answer(shares)
    shape = np.shape(picture)
    require(shape == (8, 8), f"Return one picture, of shape (8, 8). Yours has shape {shape}.")
    ink = np.max(picture)
    require(
        np.min(picture) >= 0 and ink <= 1, "Ink goes from 0 to 1: nothing is blanker than paper, or darker than ink."
    )
    inked = np.count_nonzero(picture)
    require(inked <= 5, f"There is ink on {inked} pixels: five at most. (A real nine has about thirty.)")
    share = shares(picture[None])[0]
    digit = share.argmax()
    require(
        digit == 9,
        f"The network takes your picture for {'an' if digit == 8 else 'a'} {digit}, with {share[digit]:.0%}; "
        f"a nine gets {share[9]:.0%}. "
        "Which dot would raise the share of the nine?",
    )
    require(share[9] > 0.95, f"A nine, says the network, but only with {share[9]:.1%}. Can you get above 95%?")
    return f"The network sees a nine, with {share[9]:.1%}."


def any_digit(shares):
    picture = np.zeros((8, 8))
    for _ in range(4):
        trials = np.repeat(picture[None], 64, axis=0)
        for pixel in range(64):
            trials[pixel, pixel // 8, pixel % 8] = 1
        picture = trials[shares(trials).max(axis=1).argmax()]
    return picture


def eight_dots(shares):
    picture = np.zeros((8, 8))
    picture[[0, 0, 1, 2, 3, 3, 4, 5], [3, 4, 3, 5, 3, 4, 5, 5]] = 1
    return picture


def ink_upon_ink(shares):
    picture = np.zeros((8, 8))
    for _ in range(5):
        trials = [picture + np.eye(64)[pixel].reshape(8, 8) for pixel in range(64)]
        picture = max(trials, key=lambda trial: shares(trial[None])[0, 9])
    return picture


def three_dots(shares):
    picture = np.zeros((8, 8))
    picture[[0, 1, 2], [3, 3, 5]] = 1
    return picture


def one_by_one(shares):
    picture = np.zeros((8, 8))
    for _ in range(5):
        best, place = 0, None
        for row in range(8):
            for column in range(8):
                trial = picture.copy()
                trial[row, column] = 1
                share = shares(trial[None])[0, 9]
                if share > best:
                    best, place = share, (row, column)
        picture[place] = 1
    return picture


def found_before(shares):
    picture = np.zeros((8, 8), int)
    picture[[0, 1, 2, 3, 3], [3, 3, 5, 3, 4]] = 1
    return picture.tolist()


def by_chance(shares):
    rng, picture = np.random.default_rng(0), np.zeros((8, 8))
    for _ in range(30):  # move one dot after another to a better place
        trials = np.repeat(picture[None], 300, axis=0)
        for trial in trials[1:]:
            dots = np.argwhere(trial)
            if len(dots) == 5:
                trial[tuple(rng.choice(dots))] = 0
            trial[tuple(rng.integers(0, 8, 2))] = 1
        picture = trials[shares(trials)[:, 9].argmax()]
    return picture


EXERCISES = [
    Exercise(
        key="a-rule-of-your-own",
        title="A rule of your own",
        check=check_rule,
        hints=[
            "Look at the eights that `closed_on_the_left` misses. They have ink at the left of both loops, but often "
            "one pixel further in than we looked, or less of it than we asked for.",
            "Two ways: ask for less than 1; or take the darkest of several neighbouring pixels, such as `x[5, "
            "1:4].max()`.",
            "`x[2, 2] + x[5, 2] > 0.8` is enough. To get further, ask for some ink among `x[2, 1:4]` *and* some among "
            "`x[5, 1:4]`.",
        ],
        solution=rule,
        explanation="This reads 97%. Notice how one finds such a rule: try a number, count the mistakes, move the "
        "number. That is learning, with you as the program. And since you counted on all the pictures, nobody knows "
        "how your rule does on new ones.",
        wrong=[
            Wrong(always_eight, "to every picture"),
            Wrong(left_is_three, "exchanged"),
            Wrong(ours, "Ours reads 87%"),
            Wrong(names_the_digit, "any number but 0 is true"),
        ],
        right=[lower_threshold, more_pixels, as_a_number],
    ),
    Exercise(
        key="count-the-parameters",
        title="Count the parameters",
        check=check_count,
        hints=[
            "Each of the 32 units looks at 64 pixels; each of the ten scores looks at 32 units.",
            "Every sum, that is every unit and every score, has one number more: its $b$.",
            "A unit has $64 + 1$ parameters, a score $32 + 1$.",
        ],
        solution=2410,
        explanation="The units have $32 \\cdot 65 = 2080$, the scores $10 \\cdot 33 = 330$, together 2,410.",
        wrong=[
            Wrong(2368, "one parameter more"),
            Wrong(106, "counted the circles"),
            Wrong(20480, "do not multiply"),
            Wrong(910, "12 units"),
            Wrong(2400, "the other has not"),
            Wrong(2378, "the other has not"),
            Wrong(2474, "Pixels are no sums"),
            Wrong(2080, "first row of sums only"),
        ],
        right=[64 * 32 + 32 + 32 * 10 + 10, 2410.0, np.array([2410])],
    ),
    Exercise(
        key="an-accuracy-of-99",
        title="An accuracy of 99 %",
        check=check_healthy,
        hints=[
            "The program is right about everybody who is healthy, and wrong about everybody who is ill.",
            "990 of 1,000 answers are right. And of the ten who are ill, how many are told so?",
        ],
        solution=(0.99, 0.0),
        explanation="Accuracy hides which mistakes are made. Where one class is rare, or one mistake is worse than "
        "the other, count each class by itself. Of the tumours of this chapter, ask how many malignant ones were "
        "called benign.",
        wrong=[
            Wrong((0.01, 0.0), "share of wrong answers"),
            Wrong((0.99, 0.01), "not what was asked"),
            Wrong((99, 0), "between 0 and 1"),
            Wrong((0.99, 1.0), "finds none"),
            Wrong((0.0, 0.99), "exchanged"),
            Wrong((1.0, 0.0), "no mistake in it"),
            Wrong((0, 0), "no right answer in it"),
            Wrong((0.99, 0.99), "once more"),
        ],
        right=[(990 / 1000, 0), [0.99, 0.0], np.array([0.99, 0.0])],
    ),
    Exercise(
        key="one-pixel-down",
        title="One pixel down",
        check=check_move_down,
        hints=[
            "Row 0 of the new picture is paper. Row 1 is the old row 0, row 2 the old row 1, and so on; the old row 7 "
            "is lost.",
            "`np.zeros((8, 8))` is a sheet of paper. `x[:-1]` is all rows but the last, `lower[1:]` all but the first.",
        ],
        solution=move_down,
        explanation="`np.roll(x, 1, axis=0)` is nearly right, and dangerous: what leaves at the bottom comes in at "
        "the top. On pictures with a white margin you would never notice.",
        wrong=[
            Wrong(down_by_roll, "comes in again at the top"),
            Wrong(up, "moves up"),
            Wrong(to_the_right, "to the right"),
            Wrong(to_the_left, "to the left"),
            Wrong(flat_roll, "an axis"),
            Wrong(overwritten, "overwritten"),
            Wrong(top_row_twice, "there twice"),
        ],
        right=[down_by_stack, down_by_pad, down_by_loops],
    ),
    Exercise(
        key="cut-out-a-unit",
        title="Cut out a unit",
        check=check_cut,
        hints=[
            "Where do a unit's numbers stand? It has a row in `W1` (what it looks at), an entry in `b1`, and a column "
            "in `W2` (what it says for each digit). `b2` knows nothing of it.",
            "`np.delete(W1, unit, axis=0)` returns `W1` without that row; with `axis=1` it takes out a column.",
        ],
        solution=cut,
        explanation="Taking out what contributes nothing is called *pruning*. Units 5 and 10 can go without any loss: "
        "760 parameters read as many digits as 910.",
        wrong=[
            Wrong(cut_by_zeros, "should be gone"),
            Wrong(cut_a_digit, "that is a digit"),
            Wrong(cut_without_bias, "old units"),
            Wrong(cut_from_one, "counted from 0"),
            Wrong(cut_the_chapters, "is it the chapter's?"),
            Wrong(cut_without_axis, "without an `axis`"),
        ],
        right=[cut_by_delete, cut_by_slices, cut_by_list],
    ),
    Exercise(
        key="five-dots",
        title="A nine of five dots",
        check=check_dots,
        hints=[
            "Begin with empty paper. Try a dot on each of the 64 pixels, and keep the one that raises the share of "
            "the nine most. Then look for the second dot in the same way.",
            "For one dot: copy the picture, set one pixel to 1, ask `shares(trial[None])[0, 9]`, and remember the "
            "best pixel. Around that stands a loop over five dots.",
            "The first dot comes to row 0, column 3; the others lie in rows 1 to 3.",
        ],
        solution=five_dots,
        explanation="Each dot is put where it raises the share of the nine most. A network that was trained to choose "
        "among ten digits has to choose one of them, whatever it is shown. What *no digit* looks like was not among "
        "its examples.",
        wrong=[
            Wrong(any_digit, "takes your picture for a"),
            Wrong(eight_dots, "five at most"),
            Wrong(ink_upon_ink, "darker than ink"),
            Wrong(three_dots, "only with"),
        ],
        right=[one_by_one, found_before, by_chance],
    ),
]
