"""The contract: the same names in both engines, a row in the table for each, and light imports."""

import doctest
import importlib
import pkgutil
import subprocess
import sys

import numpy as np
import pytest
import torch
from cases import LAYERS, RULES

import nnlib
import nnlib.numpy
import nnlib.torch
from nnlib.numpy import Tensor, functional, models, nn, ops

NAMESPACES = ["", ".functional", ".init", ".models", ".nn", ".nn.utils", ".optim", ".optim.lr_scheduler"]


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_every_contract_name_exists_in_both_engines(namespace):
    ours = importlib.import_module(f"nnlib.numpy{namespace}")
    theirs = importlib.import_module(f"nnlib.torch{namespace}")
    for module in (ours, theirs):
        assert len(module.__all__) == len(set(module.__all__))
        assert all(hasattr(module, name) for name in module.__all__)
    assert set(ours.__all__) <= set(theirs.__all__)


def test_every_tensor_method_is_one_of_pytorchs():
    own = {name for name in dir(Tensor) if not name.startswith("_")} - {"node"}
    assert own <= set(dir(torch.Tensor)), own - set(dir(torch.Tensor))


def test_every_rule_and_layer_is_in_the_table():
    rules = {case.name.split()[0] for case in RULES}
    layers = {case.name.split()[0] for case in LAYERS}
    public = [f"ops.{name}" for name in ops.__all__] + [f"functional.{name}" for name in functional.__all__]
    assert rules == set(public)
    public = [f"nn.{name}" for name in nn.__all__] + [f"models.{name}" for name in models.__all__]
    assert layers == set(public) - {"nn.Module", "nn.Parameter", "nn.utils"}


MODULES = [found.name for found in pkgutil.walk_packages(nnlib.__path__, "nnlib.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_run(name):
    module = importlib.import_module(name)
    result = doctest.testmod(module, extraglobs={"np": np, "torch": torch, "Tensor": Tensor})
    assert result.failed == 0


@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("import nnlib", ["numpy", "torch", "matplotlib"]),
        ("import nnlib.numpy", ["torch", "matplotlib", "scipy"]),
        ("import nnlib.testing", ["torch", "matplotlib"]),
        ("import nnlib.torch", ["nnlib.numpy", "matplotlib"]),
    ],
)
def test_imports_stay_light(statement, absent):
    code = f"{statement}; import sys; print([m for m in {absent!r} if m in sys.modules])"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "[]"
