"""Checkpoints: everything comes back, in both engines; what is damaged or foreign is named; nothing half-written."""

import builtins
import errno
import math
import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
import torch

from nnlib import checkpoint
from nnlib.numpy import functional as F
from nnlib.numpy import nn, optim

STATE = {
    "model": {"0.weight": np.arange(6, dtype=np.float32).reshape(2, 3), "count": np.array(3), "none": np.zeros((0, 2))},
    "optimizer": {
        "state": {0: {"step": 7, "exp_avg": np.full((2, 3), 0.1)}},
        "param_groups": [{"betas": (0.9, 0.999)}],
    },
    "best": math.inf,
    "worst": math.nan,
    "seed": 2**100,
    "name": "a run, d\u00e9j\u00e0 vu",
    "done": False,
    "nothing": None,
    "empty": [{}, [], ()],
}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "run.safetensors"


def test_everything_comes_back(path):
    checkpoint.save(path, STATE)
    loaded = checkpoint.load(path)
    np.testing.assert_equal(loaded, STATE)
    assert list(loaded) == list(STATE) and type(loaded["optimizer"]["param_groups"][0]["betas"]) is tuple
    assert loaded["model"]["count"].dtype == np.int64 and loaded["model"]["count"].shape == ()
    loaded["model"]["0.weight"] += 1  # its own array, writable
    assert os.listdir(path.parent) == [path.name]


@pytest.mark.parametrize("dtype", ["f8", "f4", "f2", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "?", ">f4", ">i8"])
def test_every_dtype_comes_back(path, dtype):
    array = np.array([[0, 1, 1], [1, 0, 1]], dtype)
    checkpoint.save(path, {"a": array})
    loaded = checkpoint.load(path)["a"]
    assert loaded.dtype == np.dtype(dtype).newbyteorder("=")
    np.testing.assert_array_equal(loaded, array)


def test_arrays_that_are_not_contiguous(path):
    array = np.arange(24.0).reshape(4, 6)
    views = {
        "transposed": array.T,
        "strided": array[::2, ::3],
        "backwards": array[::-1],
        "fortran": np.asfortranarray(array),
    }
    checkpoint.save(path, views)
    np.testing.assert_equal(checkpoint.load(path), views)


def test_other_programs_find_the_arrays_by_name(path):
    from safetensors.numpy import load_file
    from safetensors.torch import load_file as load_torch_file

    checkpoint.save(path, STATE)
    np.testing.assert_array_equal(load_file(path)["model.0.weight"], STATE["model"]["0.weight"])
    checkpoint.save(path, STATE["model"])
    assert sorted(load_torch_file(path)) == ["0.weight", "count", "none"]


def test_other_programs_files_are_read(path):
    from safetensors.torch import save_file

    state = {"w": torch.randn(2, 3), "half": torch.randn(4).bfloat16(), "n": torch.tensor(5)}
    save_file(state, path, metadata={"format": "pt"})
    loaded = checkpoint.load(path)
    assert loaded["half"].dtype == np.float32
    for name, tensor in state.items():
        np.testing.assert_array_equal(loaded[name], tensor.float().numpy() if name == "half" else tensor.numpy())
    for name, tensor in checkpoint.load(path, torch.tensor).items():
        assert torch.equal(tensor, state[name])
    save_file({"w": torch.zeros(2, dtype=torch.float8_e4m3fn)}, path)
    with pytest.raises(ValueError, match="w holds numbers of type F8_E4M3, which NumPy does not have"):
        checkpoint.load(path)


def test_tensors_of_both_engines_are_saved(path):
    ours, theirs = nn.Linear(3, 2), torch.nn.Linear(3, 2)
    half = torch.randn(3).bfloat16()
    checkpoint.save(path, {"ours": ours.weight, "theirs": theirs.weight, "half": half})
    loaded = checkpoint.load(path)
    np.testing.assert_array_equal(loaded["ours"], ours.weight.data)
    np.testing.assert_array_equal(loaded["theirs"], theirs.weight.detach().numpy())
    assert torch.equal(torch.tensor(loaded["half"]).bfloat16(), half)


def network(engine):
    return engine.Sequential(engine.Linear(4, 8, bias=False), engine.BatchNorm1d(8), engine.ReLU(), engine.Linear(8, 3))


class Run:
    """A training run that can be left and taken up again."""

    def __init__(self):
        rng = np.random.default_rng(0)
        self.x, self.labels = rng.standard_normal((60, 4)).astype(np.float32), rng.integers(0, 3, 60)
        self.rng = np.random.default_rng(1)
        self.model = network(nn)
        for p in self.model.parameters():
            p.data[...] = rng.standard_normal(p.shape) / 2
        self.optimizer = optim.AdamW(self.model.parameters(), lr=0.02)
        self.schedule = optim.lr_scheduler.CosineAnnealingLR(self.optimizer, 40)

    def train(self, steps):
        losses = []
        for _ in range(steps):
            batch = self.rng.choice(60, 20, replace=False)
            self.optimizer.zero_grad()
            loss = F.cross_entropy(self.model(self.x[batch]), self.labels[batch])
            loss.backward()
            self.optimizer.step()
            self.schedule.step()
            losses.append(loss.item())
        return losses

    def state(self):
        return {
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule.state_dict(),
            "rng": self.rng.bit_generator.state,
        }

    def load(self, state):
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.schedule.load_state_dict(state["schedule"])
        self.rng.bit_generator.state = state["rng"]


def test_training_goes_on_as_if_it_had_not_been_interrupted(path):
    whole, first, second = Run(), Run(), Run()
    losses = whole.train(30)
    assert first.train(15) == losses[:15]
    checkpoint.save(path, first.state())
    second.load(checkpoint.load(path))
    assert second.train(15) == losses[15:]
    np.testing.assert_equal(second.state(), whole.state())


def test_training_goes_on_in_pytorch(path):
    run = Run()
    run.train(10)
    checkpoint.save(path, run.state())
    state = checkpoint.load(path, torch.tensor)
    model = network(torch.nn)
    model.load_state_dict(state["model"])
    optimizer = torch.optim.AdamW(model.parameters())
    optimizer.load_state_dict(state["optimizer"])
    torch.nn.functional.cross_entropy(model(torch.tensor(run.x)), torch.tensor(run.labels)).backward()
    optimizer.step()
    run.optimizer.zero_grad()
    F.cross_entropy(run.model(run.x), run.labels).backward()
    run.optimizer.step()
    for name, array in run.model.state_dict().items():
        np.testing.assert_allclose(array, model.state_dict()[name].numpy(), atol=1e-5, err_msg=name)


@pytest.mark.parametrize(
    ("state", "error", "message"),
    [
        ([1, 2], TypeError, "takes a dict, such as model.state_dict\\(\\), got list"),
        (nn.ReLU(), TypeError, "got ReLU"),
        ({"model": nn.ReLU()}, TypeError, "model is of type ReLU: only arrays, numbers, text"),
        ({"a": {"b": [1, print]}}, TypeError, "a.b.1 is of type builtin_function_or_method"),
        ({"a": np.array(["x"])}, TypeError, "a is of type array of <U1"),
        ({"a": np.array([1j])}, TypeError, "a is of type array of complex128"),
        ({"a": {(1, 2): 3}}, TypeError, r"a has the key \(1, 2\): keys are text or whole numbers"),
        ({"a.b": np.zeros(1), "a": {"b": np.zeros(1)}}, ValueError, "two arrays would be called a.b"),
    ],
)
def test_what_cannot_be_saved_is_named_and_the_old_file_stays(path, state, error, message):
    checkpoint.save(path, STATE)
    with pytest.raises(error, match=message):
        checkpoint.save(path, state)
    np.testing.assert_equal(checkpoint.load(path), STATE)


class FullDisk:
    """A file that takes a few bytes and then has no more room."""

    def __init__(self, file):
        self.file = file

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.file.close()

    def write(self, data):
        self.file.write(data[:10])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("exists", [True, False])
def test_a_full_disk_leaves_the_old_file(path, monkeypatch, exists):
    if exists:
        checkpoint.save(path, STATE)
    with monkeypatch.context() as patch:
        patch.setattr(checkpoint, "open", lambda *a: FullDisk(builtins.open(*a)), raising=False)
        with pytest.raises(OSError, match="No space left on device") as caught:
            checkpoint.save(path, {"new": np.zeros(100)})
    assert caught.value.errno == errno.ENOSPC and str(path) in str(caught.value)
    assert ("the old one is as it was" if exists else "there is none") in str(caught.value)
    assert os.listdir(path.parent) == ([path.name] if exists else [])
    if exists:
        np.testing.assert_equal(checkpoint.load(path), STATE)


def in_another_process(code, path):
    program = f"import numpy as np\nfrom nnlib import checkpoint\nPATH = {str(path)!r}\n{code}"
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on file sizes")
def test_a_file_that_may_not_grow_leaves_the_old_one(path):
    checkpoint.save(path, STATE)
    limit = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
    done = in_another_process(f"{limit}checkpoint.save(PATH, {{'new': np.zeros(100_000)}})", path)
    assert done.returncode == 1 and "the old one is as it was: File too large" in done.stderr
    np.testing.assert_equal(checkpoint.load(path), STATE)
    assert os.listdir(path.parent) == [path.name]


@pytest.mark.parametrize("moment", ["fsync", "replace"])
def test_a_program_that_is_killed_while_saving_leaves_the_old_file(path, moment):
    checkpoint.save(path, STATE)
    code = f"import os\nos.{moment} = lambda *a: os._exit(9)\ncheckpoint.save(PATH, {{'new': np.zeros(100)}})"
    assert in_another_process(code, path).returncode == 9
    np.testing.assert_equal(checkpoint.load(path), STATE)


def test_a_link_stays_a_link(tmp_path, path):
    link = tmp_path / "latest.safetensors"
    checkpoint.save(path, STATE)
    link.symlink_to(path)
    checkpoint.save(link, {"new": np.zeros(2)})
    assert link.is_symlink() and list(checkpoint.load(path)) == ["new"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty: nothing was ever saved in it"),
        (pickle.dumps({"weight": [1.0]}), "a pickle, which could run any code"),
        (b"PK\x03\x04 and so on", "a zip archive, as torch.save makes"),
        (b"\x93NUMPY\x01\x00v\x00{}", "a NumPy file: np.load reads it"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "a PNG picture"),
        (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
        (b"import torch\n", "no whole safetensors file"),
        (b"\x00" * 100, "no whole safetensors file"),
        (b"\xff" * 100, "no whole safetensors file"),
    ],
)
def test_a_foreign_file_is_named(path, content, message):
    path.write_bytes(content)
    with pytest.raises(ValueError, match=message) as caught:
        checkpoint.load(path)
    assert str(caught.value).startswith(str(path))


def test_what_torch_saves_is_named_too(path):
    torch.save({"w": torch.zeros(2)}, path)
    with pytest.raises(ValueError, match="a zip archive, as torch.save makes: read it with torch.load"):
        checkpoint.load(path)


def test_a_file_that_is_cut_off_anywhere_is_refused(path):
    checkpoint.save(path, STATE)
    whole = path.read_bytes()
    for n in range(len(whole)):
        path.write_bytes(whole[:n])
        with pytest.raises(ValueError, match=f"{path.name} is "):
            checkpoint.load(path)


def test_a_single_wrong_byte_anywhere_is_found(path):
    """Header, settings and numbers: the checksum covers them all."""
    checkpoint.save(path, STATE)
    whole = bytearray(path.read_bytes())
    for i in range(len(whole)):
        for bit in (1, 32, 128):
            whole[i] ^= bit
            path.write_bytes(whole)
            with pytest.raises(ValueError, match=f"{path.name} is "):
                checkpoint.load(path)
            whole[i] ^= bit


def test_a_file_that_is_not_there():
    with pytest.raises(FileNotFoundError, match="nowhere.safetensors"):
        checkpoint.load("nowhere.safetensors")
    with pytest.raises(FileNotFoundError, match="no/such/folder/run.safetensors was not saved, there is none"):
        checkpoint.save("no/such/folder/run.safetensors", {})


def test_without_safetensors_the_message_says_what_to_install(path):
    done = in_another_process("import sys\nsys.modules['safetensors'] = None\ncheckpoint.save(PATH, {})", path)
    assert "ImportError: checkpoints need the package safetensors: pip install safetensors" in done.stderr


def test_the_module_needs_neither_engine():
    done = in_another_process("import sys\nprint([m for m in sys.modules if m in ('torch', 'nnlib.numpy')])", "")
    assert done.stdout.strip() == "[]"
