"""Every derivative against finite differences, and the proof that these checks find planted mistakes."""

import numpy as np
import pytest
from cases import RULES

from nnlib.numpy import Tensor
from nnlib.testing import check_gradients, mutants


def as_rule(case):
    """The case on arrays, returning (y, vjps): read off the tape, so that composed functions are checked too."""

    def rule(*arrays, **options):
        inputs = [
            Tensor(a, requires_grad=True) if isinstance(a, np.ndarray) and a.dtype.kind == "f" else a for a in arrays
        ]

        def vjp(i):
            def gradient(g):
                fresh = [Tensor(t.data, requires_grad=t.requires_grad) if isinstance(t, Tensor) else t for t in inputs]
                case.ours(*fresh, **options).backward(g)
                return fresh[i].grad

            return gradient

        y = case.ours(*inputs, **options).data
        return y, [vjp(i) if isinstance(t, Tensor) else None for i, t in enumerate(inputs)]

    rule.__name__ = case.name
    return rule


@pytest.fixture(params=RULES, ids=lambda case: case.name)
def case(request):
    return request.param


def test_every_gradient_agrees_with_finite_differences(case):
    inputs = case.inputs(np.random.default_rng(0))
    assert check_gradients(as_rule(case), *inputs, options=case.options) < 1e-7


def test_every_planted_mistake_is_found(case):
    """A proof that accepts a wrong derivative is none: each mutant must be rejected, or be declared equal and be so."""
    inputs = case.inputs(np.random.default_rng(0))
    rule = as_rule(case)
    _, vjps = rule(*inputs, **case.options)
    tried = mutants(vjps, inputs)
    assert tried
    for name, wrong in tried:

        def mutant(*arrays, wrong=wrong, **options):
            return rule(*arrays, **options)[0], wrong

        try:
            check_gradients(mutant, *inputs, options=case.options)
        except AssertionError:
            assert name not in case.equal, f"{case.name}: {name} was rejected, so it is not equal after all"
        else:
            assert name in case.equal, f"{case.name}: {name} was accepted"


def test_a_random_cotangent_finds_what_a_gradient_of_ones_lets_through():
    """The reason for random cotangents: a softmax whose derivative is 0 everywhere agrees along g = 1."""
    from nnlib.numpy.functional import softmax

    def zero(x, dim):
        return softmax.rule(x, dim)[0], (np.zeros_like,)

    class Ones:
        """A generator whose cotangent is 1 everywhere; directions stay random."""

        def __init__(self):
            self.rng, self.first = np.random.default_rng(0), True

        def standard_normal(self, shape):
            first, self.first = self.first, False
            return np.ones(shape) if first else self.rng.standard_normal(shape)

    x = np.random.default_rng(0).standard_normal((3, 4))
    check_gradients(zero, x, -1, rng=Ones())
    with pytest.raises(AssertionError, match="argument 0 is wrong"):
        check_gradients(zero, x, -1)
