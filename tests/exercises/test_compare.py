"""`agree` says how two results differ."""

import numpy as np
import pytest

from nnlib.exercises.compare import agree
from nnlib.exercises.diagnosis import Diagnosis, describe

rng = np.random.default_rng(0)
A, B = rng.standard_normal((4, 3)), rng.standard_normal((6, 3))
SQUARE = rng.standard_normal((3, 3))


def said(answer, reference, *cases, **options):
    with pytest.raises(Diagnosis) as caught:
        agree(answer, reference, *cases, **options)
    return str(caught.value)


def scaled(x):
    return 0.7 * x + x**2


def test_what_is_equal_passes():
    agree(scaled, scaled, A, B)
    agree(lambda x: scaled(x) * (1 + 1e-9), scaled, A)
    agree(np.float32(1 / 3), 1 / 3)
    agree([1, 2], (1, 2))
    agree(np.array([1.0, np.nan]), np.array([1.0, np.nan]))
    agree({"a"}, {"a"})
    agree(3, 3.0)
    agree(np.zeros((0, 2)), np.zeros((0, 2)))


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda x: -scaled(x), "wrong sign everywhere"),
        (lambda x: 2 * scaled(x), "twice what it should be, everywhere"),
        (lambda x: scaled(x) / 2, "half what it should be"),
        (lambda x: 0.3 * scaled(x), "0.3 times what it should be"),
        (lambda x: scaled(x) + 0.25, "0.25 more than it should be, everywhere"),
        (lambda x: scaled(x) - 1, "1 less than it should be"),
        (lambda x: np.trunc(scaled(x)), "lost its decimals"),
        (lambda x: scaled(x).astype(int), "lost its decimals"),
        (lambda x: np.rint(scaled(x)).astype(int), "lost its decimals"),
        (lambda x: scaled(x).T, "is transposed: shape (3, 4) instead of (4, 3)"),
        (lambda x: scaled(x)[None], "right numbers in the wrong shape: shape (1, 4, 3) instead of (4, 3)"),
        (lambda x: scaled(x)[:2], "has shape (2, 3), and should have shape (4, 3)"),
        (lambda x: scaled(x) * np.nan, "holds nan at index (0, 0)"),
        (lambda x: scaled(x) / (x * 0), "holds "),
        (lambda x: "a", 'is the text "a", and should be an array of shape (4, 3)'),
        (lambda x: (x, x), "is a tuple of 2 (an array of shape (4, 3), an array of shape (4, 3)), and should be"),
    ],
)
def test_the_usual_differences_are_named(answer, message):
    with np.errstate(all="ignore"):
        assert message in said(answer, scaled, A, B)


def test_transposed_squares_are_named():
    assert "rows and columns are exchanged" in said(lambda x: scaled(x).T, scaled, SQUARE)


@pytest.mark.parametrize(
    ("answer", "reference"),
    [
        (lambda x: x.sum(axis=0), lambda x: x.mean(axis=0)),
        (lambda x: x.mean(), lambda x: x.sum()),
        (lambda x: (x**2).sum(), lambda x: (x**2).mean()),
    ],
)
def test_a_sum_for_a_mean_is_named(answer, reference):
    """With cases of several sizes, and with one."""
    assert "Was a sum taken for a mean" in said(answer, reference, A, B)
    assert "was a sum taken for a mean" in said(answer, reference, A, -A)


@pytest.mark.parametrize(("name", "reduce"), [("summed", np.sum), ("averaged", np.mean)])
def test_a_forgotten_sum_is_named(name, reduce):
    assert f"is not yet {name} over axis 0" in said(lambda x: x, lambda x: reduce(x, axis=0), A)
    assert f"is not yet {name} over axis 1" in said(lambda x: x, lambda x: reduce(x, axis=1), A)


def test_right_for_small_inputs_only():
    def softplus(x):
        return np.logaddexp(0, x)

    with np.errstate(over="ignore"):
        message = said(lambda x: np.log(1 + np.exp(x)), softplus, A, 1000 * A)
    assert "right for small inputs, but for inputs as large as" in message and "holds nan or inf" in message
    assert "it is wrong" in said(lambda x: np.clip(softplus(x), 0, 50), softplus, A, 1000 * A)


def test_exchanged_parts_are_named():
    message = said(lambda x: (x.max(0), x.min(0)), lambda x: (x.min(0), x.max(0)), A)
    assert "The first and the second part of the result stand in each other's place" in message


def test_the_part_that_is_wrong_is_named():
    reference = lambda x: (x.sum(), [x.min(0), x.max(0)])  # noqa: E731
    assert "The first part of the second part of what `<lambda>` returns has the wrong sign" in said(
        lambda x: (x.sum(), [-x.min(0), x.max(0)]), reference, A
    )
    assert "The first part of the second part of what `<lambda>` returns has shape ()" in said(
        lambda x: (x.sum(), [0, x.max(0)]), reference, A
    )


def test_truth_values():
    assert "True and False are exchanged" in said(lambda x: x <= 0, lambda x: x > 0, A)
    agree(lambda x: (x > 0).astype(int), lambda x: x > 0, A)
    assert "should not be True" in said(True, False)


def test_else_the_largest_difference_is_reported():
    def answer(x):
        y = scaled(x)
        y[1, 2] += 5
        y[0, 0] -= 1
        return y

    message = said(answer, scaled, A)
    wanted = f"{scaled(A)[1, 2]:.6g}"
    assert "wrong in 2 of its 12 numbers" in message and "at index (1, 2)" in message and wanted in message


def test_the_answer_by_hand_is_not_given_away():
    assert said(12, 24, what="It").startswith("It is half what it should be.")
    for wrong in (7, -7.5, 1e9, np.array([1.0, 2.0, 3.0])):
        assert "31.25" not in said(wrong, np.full(np.shape(wrong), 31.25), what="It")
    assert "31.25" in said(7, 31.25, show=True)
    assert "is 7, which is not right" in said(7, 31.25)


def test_one_number_is_not_called_a_factor_of_another():
    """Any number is a multiple of any other: only a sign or a factor of two says something."""
    assert "factor" not in said(lambda x: x.sum() * 0.3, lambda x: x.sum(), A)


def test_a_relation_must_hold_for_every_case():
    assert "sign" not in said(lambda x: scaled(x) * np.where(len(x) == 4, -1, 0.5), scaled, A, B)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "nothing"),
        (3, "the number 3"),
        (0.1 + 0.2, "the number 0.3"),
        (True, "True"),
        ("a" * 99, 'the text "' + "a" * 37 + '..."'),
        ((), "an empty tuple"),
        ([1, 2, 3, 4, 5], "a list of 5 (the number 1, the number 2, the number 3, the number 4, ...)"),
        (np.zeros((2, 0)), "an array of shape (2, 0)"),
        (np.array(["a"]), "an array of <U1, shape (1,)"),
        ({"a": 1}, "a dict with the keys 'a'"),
        (describe, "the function `describe`"),
        (int, "the class `int`"),
        (object(), "an `object`"),
    ],
)
def test_values_have_words(value, words):
    assert describe(value) == words
