"""A run that is killed twenty times and begun again gives the losses of one that was not, to the last bit."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from nnlib import checkpoint

SCRIPT = Path(__file__).with_name("killed_run.py")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
def test_twenty_kills_change_no_bit(tmp_path):
    done = subprocess.run([sys.executable, str(SCRIPT), str(tmp_path)], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    ends = json.loads(done.stdout)
    assert len(ends) == 20 and [how for how, _ in ends].count("writing") == 7
    assert len({steps for _, steps in ends}) > 10 and ends[-1][1] < 400  # it was in the middle of the run each time
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    assert len((whole / "losses.csv").read_text().splitlines()) == 401
    assert (killed / "losses.csv").read_bytes() == (whole / "losses.csv").read_bytes()
    for name in ("latest.safetensors", "best.safetensors"):  # weights, optimizer, random states and all
        np.testing.assert_equal(checkpoint.load(killed / name), checkpoint.load(whole / name))
    assert sorted(path.name for path in killed.iterdir()) == ["best.safetensors", "latest.safetensors", "losses.csv"]
    assert checkpoint.load(killed / "latest.safetensors")["progress"]["step"] == 400
