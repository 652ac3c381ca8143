"""Save what a program needs to go on, and load it again: weights, an optimizer's state, settings, in one file.

    checkpoint.save("run.safetensors", {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": 3})

    run = checkpoint.load("run.safetensors")  # for PyTorch: checkpoint.load("run.safetensors", torch.tensor)
    model.load_state_dict(run["model"])
    optimizer.load_state_dict(run["optimizer"])

The file is a safetensors file: data, never code, whereas opening a pickle can run anything. Each array lies in it
under its dotted name ("model.0.weight"), where any other program finds it. What is no array, and how all of it was
nested, stands as JSON in the header, with a checksum.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import zlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

OUTLINE, CHECKSUM = "nnlib.outline", "nnlib.crc32"  # the names in the header of what is ours

DTYPES = {
    "F64": np.float64, "F32": np.float32, "F16": np.float16, "I64": np.int64, "I32": np.int32, "I16": np.int16,
    "I8": np.int8, "U64": np.uint64, "U32": np.uint32, "U16": np.uint16, "U8": np.uint8, "BOOL": np.bool_,
}  # fmt: skip

FOREIGN = {
    b"PK\x03\x04": "a zip archive, as torch.save makes: read it with torch.load(…, weights_only=True) and save it anew",
    b"\x80": "a pickle, which could run any code: it is not opened",
    b"\x93NUMPY": "a NumPy file: np.load reads it",
    b"\x89HDF": "an HDF5 file",
    b"\x89PNG": "a PNG picture",
}


def save(path: str | os.PathLike[str], state: Mapping[Any, Any]) -> None:
    """Write a state to a file: all of it, or nothing.

    The new file takes the place of an old one only when it is whole and on the disk. If the disk is full, or the
    program is killed, the old file stays as it was.

    Args:
        path: the file, usually named *.safetensors.
        state: a dict of arrays or Tensors of either engine, such as a `state_dict()`; or of anything made of them and
            of dicts, lists, tuples, numbers, texts and None.

    Raises:
        TypeError: something in state is nothing of the kind; the message names it.
        ValueError: two arrays get the same dotted name.
        OSError: the file cannot be written.

    Example:
        >>> import tempfile
        >>> path = os.path.join(tempfile.mkdtemp(), "weights.safetensors")
        >>> save(path, {"weight": np.ones((2, 3), np.float32), "epoch": 7})
        >>> load(path)
        {'weight': array([[1., 1., 1.],
               [1., 1., 1.]], dtype=float32), 'epoch': 7}
    """
    if not isinstance(state, Mapping):
        raise TypeError(f"checkpoint.save takes a dict, such as model.state_dict(), got {type(state).__name__}")
    arrays: dict[str, np.ndarray] = {}
    outline = json.dumps(_outline(state, "", arrays))
    header = {OUTLINE: outline, CHECKSUM: str(_checksum(outline, arrays))}
    _write(os.path.realpath(path), _safetensors().numpy.save(arrays, header))


def load(path: str | os.PathLike[str], tensor: Callable[[np.ndarray], Any] = lambda array: array) -> dict[Any, Any]:
    """The state that `save` wrote, with NumPy arrays in it; or the arrays of anyone else's safetensors file, by name.

    Args:
        path: the file.
        tensor: what is done to each array, such as the engine's own `tensor`: PyTorch takes no arrays as weights.
            NumPy has no bfloat16: such arrays come as float32, which holds the same numbers.

    Raises:
        ValueError: the file is damaged, cut off, or of another kind; the message names it and says which.
        OSError: the file cannot be read.
    """
    safetensors = _safetensors()
    with open(path, "rb") as file:
        data = file.read()
    try:
        entries = safetensors.deserialize(data)
    except safetensors.SafetensorError as error:
        raise ValueError(f"{os.fspath(path)} is {_what_it_is(data, error)}") from None
    arrays = {name: _array(path, name, entry) for name, entry in entries}
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")]).get("__metadata__", {})
    if OUTLINE not in header and CHECKSUM not in header:
        return {name: tensor(array) for name, array in arrays.items()}
    if header.get(CHECKSUM) != str(_checksum(header.get(OUTLINE, ""), arrays)):
        raise ValueError(f"{os.fspath(path)} is damaged: its contents are not what was saved (the checksum differs)")
    return _state(json.loads(header[OUTLINE]), {name: tensor(array) for name, array in arrays.items()})


def _outline(value: Any, name: str, arrays: dict[str, np.ndarray]) -> Any:
    """The nesting as JSON, {"kind": contents}; arrays are put aside under their dotted names."""
    if isinstance(value, Mapping):
        return {"dict": [[_key(key, name), _outline(v, _dotted(name, key), arrays)] for key, v in value.items()]}
    if isinstance(value, list | tuple):
        kind = "tuple" if isinstance(value, tuple) else "list"
        return {kind: [_outline(v, _dotted(name, i), arrays) for i, v in enumerate(value)]}
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    array = _plain(value)
    if array is None or array.dtype.newbyteorder("=") not in DTYPES.values():
        kind = type(value).__name__ if array is None else f"array of {array.dtype}"
        raise TypeError(f"checkpoint.save: {name} is of type {kind}: only arrays, numbers, text and None can be saved")
    if name in arrays:
        raise ValueError(f"checkpoint.save: two arrays would be called {name}: rename one")
    arrays[name] = array.astype(array.dtype.newbyteorder("="), order="C", copy=False)
    return {"array": name}


def _state(outline: Any, arrays: dict[str, Any]) -> Any:
    """The inverse of `_outline`."""
    if not isinstance(outline, dict):
        return outline
    [(kind, contents)] = outline.items()
    if kind == "array":
        return arrays[contents]
    if kind == "dict":
        return {key: _state(value, arrays) for key, value in contents}
    return {"list": list, "tuple": tuple}[kind](_state(value, arrays) for value in contents)


def _plain(value: Any) -> np.ndarray | None:
    """The array of a Tensor of either engine, or an array itself; None for anything else."""
    if isinstance(value, np.ndarray):
        return value
    if not hasattr(value, "detach"):
        return None
    value = value.detach()
    if hasattr(value, "cpu"):  # PyTorch's
        value = value.cpu()
        value = value.float() if str(value.dtype) == "torch.bfloat16" else value
    return value.numpy()


def _dotted(name: str, key: Any) -> str:
    return f"{name}.{key}" if name else str(key)


def _key(key: Any, name: str) -> str | int:
    if not isinstance(key, str | int):
        raise TypeError(f"checkpoint.save: {name or 'the state'} has the key {key!r}: keys are text or whole numbers")
    return key


def _checksum(outline: str, arrays: dict[str, np.ndarray]) -> int:
    """A number that changes when any name, shape, value or setting does."""
    crc = zlib.crc32(outline.encode())
    for name, array in sorted(arrays.items()):
        crc = zlib.crc32(repr((name, array.dtype.str, array.shape)).encode(), crc)
        crc = zlib.crc32(array.tobytes(), crc)
    return crc


def _array(path: str | os.PathLike[str], name: str, entry: Mapping[str, Any]) -> np.ndarray:
    """One array of a safetensors file, writable."""
    kind, shape = entry["dtype"], entry["shape"]
    if kind == "BF16":  # the upper half of a float32
        wide = np.frombuffer(entry["data"], np.uint16).astype(np.uint32) << 16
        return wide.view(np.float32).reshape(shape)
    if kind not in DTYPES:
        raise ValueError(f"{os.fspath(path)}: {name} holds numbers of type {kind}, which NumPy does not have")
    return np.frombuffer(entry["data"], DTYPES[kind]).reshape(shape)  # a bytearray, so writable


def _what_it_is(data: bytes, error: Exception) -> str:
    if not data:
        return "empty: nothing was ever saved in it"
    for beginning, kind in FOREIGN.items():
        if data.startswith(beginning):
            return f"no safetensors file but {kind}"
    return f"no whole safetensors file: it is cut off, damaged, or something else ({error})"


def _write(path: str, data: bytes) -> None:
    """Write beside the old file, wait for the disk, then exchange the two in one step."""
    temporary = f"{path}.{secrets.token_hex(4)}.tmp"
    try:
        with open(temporary, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        old = "the old one is as it was" if os.path.exists(path) else "there is none"
        raise OSError(error.errno, f"checkpoint {path} was not saved, {old}: {error.strerror}") from error
    finally:
        with contextlib.suppress(OSError):
            os.remove(temporary)


def _safetensors() -> Any:
    try:
        import safetensors.numpy
    except ImportError:
        raise ImportError("checkpoints need the package safetensors: pip install safetensors") from None
    return safetensors
