"""The environment in which every notebook runs, when it is made and when it is tested."""

import os
from pathlib import Path

OFFLINE = Path(__file__).parent / "offline"

# One thread, so that sums are added in the same order each time.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


# An exercise's check in a chapter does not count as its author's own.
NO_PROGRESS = {"NNLIB_PROGRESS": "off"}


def kernel_environment() -> dict[str, str]:
    """This process's environment with one thread, without the outside network, without a reader's progress."""
    paths = [str(OFFLINE), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, **ONE_THREAD, **NO_PROGRESS, "PYTHONPATH": os.pathsep.join(paths)}
