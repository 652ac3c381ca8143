"""The PyTorch engine as PyTorch's users use it: compiled, in mixed precision, on whichever device there is."""

import numpy as np
import pytest
import torch
import torch._dynamo
from cases import LAYERS

import nnlib.torch
from nnlib.torch import models

DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]

# What PyTorch itself cannot compile to one graph, and why.
BREAKS = {
    "nn.BatchNorm1d average": "divides by a count of batches that is data",
    **dict.fromkeys(
        ["nn.RNN stacked both ways", "nn.LSTM stacked both ways", "nn.GRU stacked both ways", "nn.RNN batch first",
         "nn.LSTM batch first", "nn.GRU batch first", "models.Seq2Seq lengths", "models.Seq2Seq without attention"],
        "packs sequences by their lengths, which are data",
    ),
}  # fmt: skip


def on(device, value):
    """The table's arrays as tensors in single precision, on the device."""
    if isinstance(value, tuple):
        return tuple(on(device, v) for v in value)
    if not isinstance(value, np.ndarray):
        return value
    tensor = torch.tensor(value, device=device)
    return tensor.float() if tensor.is_floating_point() else tensor


def first(y):
    return y[0] if isinstance(y, tuple) else y


@pytest.fixture
def fresh_compiler():
    torch._dynamo.reset()
    with torch._dynamo.config.patch(allow_rnn=True):  # PyTorch leaves its recurrent layers out by default
        yield
    torch._dynamo.reset()


@pytest.mark.filterwarnings("ignore:The .grad attribute of a Tensor that is not a leaf")  # the compiler looks at all
@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("case", LAYERS, ids=lambda case: case.name)
def test_compiles_to_one_graph(case, device, fresh_compiler):
    layer = case.theirs().eval().to(device)  # evaluating, so that dropout and running statistics stay out of it
    inputs = on(device, case.inputs(np.random.default_rng(0)))
    compiled = torch.compile(layer, backend="eager", fullgraph=case.name not in BREAKS)
    torch.testing.assert_close(first(compiled(*inputs)), first(layer(*inputs)), rtol=0, atol=0)


def test_a_break_in_the_graph_would_be_seen(fresh_compiler):
    class Printing(nnlib.torch.nn.Linear):
        def forward(self, x):
            print(x.sum().item())
            return super().forward(x)

    with pytest.raises(torch._dynamo.exc.Unsupported):
        torch.compile(Printing(3, 2), backend="eager", fullgraph=True)(torch.ones(1, 3))


NETWORKS = {
    "MLP": (lambda: models.MLP(6, 5, 4, 3), (7, 6)),
    "LeNet": (lambda: models.LeNet(7), (2, 1, 28, 28)),
    "ResNet": (lambda: models.ResNet((2, 1), 4), (3, 1, 9, 8)),
    "CharRNN": (lambda: models.CharRNN(9, 6, 2), 9),
    "CharRNN gru": (lambda: models.CharRNN(9, 6, cell="gru"), 9),
    "Seq2Seq": (lambda: models.Seq2Seq(9, 9, 6), 9),
    "Transformer": (lambda: models.Transformer(9, 9, 8, 2, 2), 9),
    "GPT": (lambda: models.GPT(9, 12, 8, 2, 2), 9),
    "Llama": (lambda: models.Llama(9, 16, 2, 4, 2), 9),
}
PRECISION = {torch.bfloat16: 2**-8, torch.float16: 2**-11}  # half the distance from 1 to the next number


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("dtype", PRECISION, ids=str)
@pytest.mark.parametrize("name", NETWORKS)
def test_mixed_precision(name, dtype, device):
    """Under autocast the output differs by rounding only; weights and their gradients stay in single precision."""
    if (name, dtype, device) == ("CharRNN", torch.float16, "cpu"):
        pytest.skip("PyTorch has no LSTM in float16 on the CPU")
    make, shape = NETWORKS[name]
    torch.manual_seed(0)
    model = make().to(device).eval()
    if isinstance(shape, int):
        ids = torch.randint(0, shape, (2, 11), device=device)
        inputs = (ids, ids) if name in ("Seq2Seq", "Transformer") else (ids,)
    else:
        inputs = (torch.randn(shape, device=device),)
    exact = first(model(*inputs))
    with torch.autocast(device, dtype):
        rounded = first(model(*inputs))
        rounded.float().square().mean().backward()
    assert 0 < (rounded.float() - exact).abs().max() < 8 * PRECISION[dtype] * exact.abs().max()
    assert all(p.dtype == p.grad.dtype == torch.float32 and p.grad.isfinite().all() for p in model.parameters())
