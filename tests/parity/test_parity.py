"""Values and gradients equal PyTorch's, for every rule and layer."""

import re

import numpy as np
import pytest
import torch
from cases import LAYERS, RULES

import nnlib.torch
from nnlib.testing import assert_parity


def cast(inputs, dtype):
    """The same nested tuples, with floating-point arrays in this dtype."""
    if isinstance(inputs, tuple):
        return tuple(cast(a, dtype) for a in inputs)
    return inputs.astype(dtype) if isinstance(inputs, np.ndarray) and inputs.dtype.kind == "f" else inputs


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("case", RULES, ids=lambda case: case.name)
def test_rule(case, dtype):
    inputs = cast(case.inputs(np.random.default_rng(1)), dtype)
    assert_parity(case.ours, case.theirs, *inputs, options=case.options, their_options=case.their_options)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("case", LAYERS, ids=lambda case: case.name)
def test_layer(case, dtype):
    ours, theirs = case.ours(), case.theirs()
    if dtype == np.float64:
        ours, theirs = ours.double(), theirs.double()
    ours.train(case.training)
    theirs.train(case.training)
    assert_parity(ours, theirs, *cast(case.inputs(np.random.default_rng(1)), dtype))


@pytest.mark.parametrize("case", LAYERS, ids=lambda case: case.name)
def test_weights_move_both_ways(case):
    ours, theirs = case.ours(), case.theirs()
    assert list(ours.state_dict()) == list(theirs.state_dict())
    left_out = r", inplace=False|, bias=\w+(?=, track)|(?<=, affine=True), bias=True|(?<=, affine=False), bias=False"
    assert repr(ours) == re.sub(left_out, "", repr(theirs)).replace("NonDynamicallyQuantizableLinear", "Linear")
    theirs.load_state_dict(nnlib.torch.tensors(ours.state_dict()))
    for name, array in ours.state_dict().items():
        np.testing.assert_array_equal(array, theirs.state_dict()[name].numpy(), strict=True)
    again = case.ours()
    again.load_state_dict(theirs.state_dict())
    for name, array in again.state_dict().items():
        np.testing.assert_array_equal(array, ours.state_dict()[name], strict=True)


@pytest.mark.parametrize("wrong", ["value", "gradient", "dtype"])
def test_parity_finds_a_difference(wrong):
    """The proof of the proof: a twin that is off in one thing is rejected."""

    def twin(x):
        y = torch.tanh(x)
        if wrong == "value":
            return y + 1e-9
        if wrong == "gradient":
            return y.detach() + 1.001 * (y - y.detach())
        return y.float()

    from nnlib.numpy.functional import tanh

    with pytest.raises(AssertionError):
        assert_parity(tanh, twin, np.array([[0.5, -2.0]]))
