"""Browsers get the bytecode of what they import, and Python uses it."""

LOOK = """
import ast
import matplotlib.axes
import numpy

print(ast.__file__.endswith(".zip/ast.pyc"))
for module in (numpy, matplotlib.axes):
    with open(module.__cached__, "rb") as file:
        print(int.from_bytes(file.read(8)[4:], "little"))  # 1: ours; 0: Python has just made it
"""


def test_python_takes_our_bytecode_and_compiles_nothing_itself(browser):
    (ran,) = browser.run([{"cells": [LOOK], "data": []}])
    assert ran[0].error is None
    assert ran[0].printed.split() == ["True", "1", "1"]
