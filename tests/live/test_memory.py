"""What is easily too much for the stack of a browser's Python, and must not be."""

LONG_TAPE = """
from nnlib.numpy import tensor

x = tensor([1.0, 2.0], requires_grad=True)
y = x
for _ in range(20_000):
    y = y * 1.0 + x
print(len(y.node.edges))
y = None
print("still here")
"""


def test_a_long_tape_that_nobody_plays_back_is_freed(browser):
    (ran,) = browser.run([{"cells": [LONG_TAPE], "data": []}])
    assert ran[0].error is None
    assert ran[0].printed.split("\n")[:2] == ["2", "still here"]
