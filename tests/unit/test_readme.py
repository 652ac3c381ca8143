"""The program in README.md runs as it stands there, and on PyTorch when one import is changed."""

import contextlib
import copy
import io
import re
from pathlib import Path

import numpy as np
import pytest

from nnlib import checkpoint

README = Path(__file__).parents[2] / "README.md"
(PROGRAM,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
ENGINES = ("numpy", "torch")


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """What the program leaves behind with each engine: its names, what it printed, its file."""
    results = {}
    for engine in ENGINES:
        program, changes = re.subn(r"nnlib\.numpy", f"nnlib.{engine}", PROGRAM)
        assert changes == 1, "moving to PyTorch is one change"
        folder, names, printed = tmp_path_factory.mktemp(engine), {}, io.StringIO()
        with contextlib.chdir(folder), contextlib.redirect_stdout(printed):
            exec(compile(program, str(README), "exec"), names)
        results[engine] = names, printed.getvalue(), folder / "digits.safetensors"
    return results


@pytest.mark.parametrize("engine", ENGINES)
def test_it_learns_what_it_says(runs, engine):
    names, printed, _ = runs[engine]
    promised = int(re.search(r"# about (\d+)%", PROGRAM)[1]) / 100
    assert abs(names["accuracy"] - promised) < 0.02
    assert printed == f"{names['accuracy']:.0%} of the digits that it never saw are right\n"
    assert type(names["model"]).__module__.startswith({"numpy": "nnlib.numpy.", "torch": "torch."}[engine])


@pytest.mark.parametrize("engine", ENGINES)
def test_each_engine_loads_what_the_other_saved(runs, engine):
    (ours, _, _), (theirs, _, file) = (runs[name] for name in (engine, *(e for e in ENGINES if e != engine)))

    def scores(names, model):
        return model(names["tensor"](names["test"].x)).detach().numpy()

    model = copy.deepcopy(ours["model"])
    expected = scores(theirs, theirs["model"])
    assert not np.allclose(scores(ours, model), expected, atol=0.1), "each had learned by itself"
    model.load_state_dict(checkpoint.load(file, ours["tensor"]))
    np.testing.assert_allclose(scores(ours, model), expected, rtol=1e-4, atol=1e-4)
