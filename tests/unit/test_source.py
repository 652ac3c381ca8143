"""What a chapter prints as the library's code is the library's code."""

import pytest

from nnlib.numpy import functional
from nnlib.source import source


def test_a_rule_is_shown_whole_without_its_docstring():
    shown = repr(source(functional.linear))
    assert shown.startswith("@differentiable\ndef linear(x, weight, bias=None):\n    _check(x, weight, bias)\n")
    assert shown.endswith("(d_x, d_weight, d_bias)")
    assert "Shape:" not in shown


def test_the_shown_code_computes_the_same():
    import numpy as np

    from nnlib.numpy.autograd import differentiable

    scope = {"np": np, "differentiable": differentiable}
    exec(repr(source(functional.tanh)).replace('_require_float("tanh", x)', "pass"), scope)
    assert scope["tanh"].rule(np.array(0.5))[0] == functional.tanh.rule(np.array(0.5))[0]


def test_it_is_displayed_as_python():
    assert source(functional.relu)._repr_markdown_().startswith("```python\n@differentiable\ndef relu(x):")


def test_a_built_in_has_no_code():
    with pytest.raises(TypeError, match="no Python code"):
        source(len)
