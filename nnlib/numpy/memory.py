"""How memory is given back: a setting of the C library, worth up to a factor of two, and long tapes in a browser."""

import contextlib
import sys
from typing import Any

import numpy as np


def keep_freed_memory() -> None:
    """Let glibc keep the memory of freed arrays, for the arrays of the next step.

    By default it hands every large one back to the system and pays for fresh pages a moment later: a step of Adam on
    235,000 weights took 2.7 ms instead of 1.5. Freeing one array of 31 MB raises the size up to which it keeps them.
    That array is never written to, so it costs nothing, and the peak of the memory used stays the same.
    """
    if sys.platform == "linux":  # elsewhere, in a browser too, it would do nothing
        with contextlib.suppress(MemoryError):  # where there is less, there are no large arrays to keep
            np.empty(31 << 20, np.uint8)


_released: list[Any] = []  # what nodes held that are gone
_emptying = False


def release_links(node: Any) -> None:
    """Free a tape link by link: the `__del__` of its nodes, where Python's own way ends in a crash.

    The last node holds the one before it, and so on. Freeing them, Python goes into a call for each, one inside the
    other, and a browser's stack holds about a thousand. Here each leaves to the first what it held.
    """
    global _emptying
    _released.append(node.edges)
    node.edges = None
    if not _emptying:
        _emptying = True
        while _released:
            _released.pop()  # frees the nodes before it, which add to the list what they held
        _emptying = False
