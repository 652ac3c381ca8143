"""Bad and unusual input to convolution, pooling, recurrence and attention: as PyTorch, or one clear message."""

import numpy as np
import pytest

import nnlib.numpy
import nnlib.torch
from nnlib.numpy import Tensor, functional, nn

F = functional
INF = float("inf")


def a(*shape, dtype=np.float32):
    """Some numbers, the same for the same shape."""
    return np.random.default_rng(0).standard_normal(shape).astype(dtype)


PICTURE, KERNEL = a(2, 3, 6, 5), a(4, 3, 3, 3)
X, H0, W_IH, W_HH = a(5, 4, 3), a(4, 2), a(8, 3), a(8, 2)
Q, K, V = a(2, 3, 5, 4), a(2, 3, 7, 4), a(2, 3, 7, 6)
attend = F.scaled_dot_product_attention

REFUSED = {
    # convolution
    "one picture": (lambda: F.conv2d(PICTURE[0], KERNEL), r"a batch of one, x\[None\] of shape \(1, 3, 6, 5\)"),
    "rows of features": (lambda: nn.Conv2d(3, 4, 3)(a(2, 3)), r"expected x \(N, C, H, W\) .* got \(2, 3\)"),
    "other channels": (lambda: nn.Conv2d(1, 4, 3)(PICTURE), r"works on 1 channels, x \(2, 3, 6, 5\) has 3"),
    "channels last": (lambda: F.conv2d(a(2, 6, 5, 3), KERNEL), r"works on 3 channels, x \(2, 6, 5, 3\) has 6"),
    "a kernel of three dimensions": (
        lambda: F.conv2d(PICTURE, KERNEL[0]), r"weight of four dimensions, got .*\(3, 3, 3\)"
    ),
    "a kernel too large": (lambda: F.conv2d(PICTURE, a(4, 3, 7, 3)), r"covers \(7, 3\), more than the \(6, 5\)"),
    "a kernel too wide when dilated": (lambda: F.conv2d(PICTURE, KERNEL, dilation=3), r"covers \(7, 7\)"),
    "a stride of nothing": (lambda: F.conv2d(PICTURE, KERNEL, stride=0), r"stride \(0, 0\).* at least 1"),
    "three strides": (lambda: F.conv2d(PICTURE, KERNEL, stride=(1, 1, 1)), r"stride is a whole number, or two"),
    "half a pixel of padding": (lambda: F.conv2d(PICTURE, KERNEL, padding=0.5), "padding is a whole number"),
    "negative padding": (lambda: F.conv2d(PICTURE, KERNEL, padding=-1), "padding must not be negative"),
    "an unknown padding": (lambda: F.conv2d(PICTURE, KERNEL, padding="half"), "'valid' or 'same', got 'half'"),
    "the same size with a stride": (lambda: F.conv2d(PICTURE, KERNEL, stride=2, padding="same"), "with stride 1 only"),
    "groups that do not fit": (
        lambda: F.conv2d(PICTURE, KERNEL, groups=3), r"\(4, 3, 3, 3\) does not fall into 3 groups"
    ),
    "groups of other channels": (lambda: F.conv2d(PICTURE, KERNEL, groups=2), "works on 6 channels in 2 groups"),
    "no groups": (lambda: nn.Conv2d(4, 4, 3, groups=0), "do not fall into 0 groups"),
    "a layer whose groups do not fit": (lambda: nn.Conv2d(3, 4, 3, groups=2), "3 and 4 channels do not fall into 2"),
    "a layer with an empty kernel": (lambda: nn.Conv2d(3, 4, 0), r"at least one entry, got \(0, 0\)"),
    "a layer with a kernel of three sizes": (lambda: nn.Conv2d(3, 4, (3, 3, 3)), "a number or 2 numbers"),
    "a bias too short": (lambda: F.conv2d(PICTURE, KERNEL, a(3)), r"needs a bias of shape \(4,\), got \(3,\)"),
    "float64 pictures": (
        lambda: nn.Conv2d(3, 4, 3)(a(2, 3, 6, 5, dtype=np.float64)), r"of float64 .* with .astype\(np.float32\)"
    ),
    "bytes as pictures": (lambda: nn.Conv2d(3, 4, 3)(np.zeros((2, 3, 6, 5), np.uint8)), "x of uint8"),
    "a sequence of pictures": (lambda: F.conv1d(PICTURE, KERNEL), r"conv1d expected x \(N, C, T\)"),
    "a picture from nothing": (lambda: F.conv_transpose2d(PICTURE, a(3, 4, 1, 1), padding=3), "leaves nothing"),
    "more output padding than stride": (
        lambda: F.conv_transpose2d(PICTURE, a(3, 4, 2, 2), output_padding=1), r"\(1, 1\) must be smaller than stride"
    ),
    "a transposed kernel of other channels": (lambda: F.conv_transpose2d(PICTURE, KERNEL), "works on 4 channels"),
    # pooling and normalization
    "pooling one picture": (lambda: F.max_pool2d(PICTURE[0], 2), r"a batch of one, x\[None\]"),
    "pooling whole numbers": (lambda: F.max_pool2d(PICTURE.astype(int), 2), "floating-point numbers, got int64"),
    "pooling with too much padding": (lambda: F.max_pool2d(PICTURE, 2, padding=2), "at most half the window"),
    "pooling with a window too large": (lambda: F.avg_pool2d(PICTURE, 7), r"covers \(7, 7\), more than the \(6, 5\)"),
    "pooling a sequence of pictures": (lambda: F.max_pool1d(PICTURE, 2), r"\(N, C, T\), got \(2, 3, 6, 5\)"),
    "pooling to nothing": (lambda: F.adaptive_avg_pool2d(PICTURE, 0), "at least 1, got 0"),
    "groups of unequal size": (lambda: F.group_norm(PICTURE, 2), "3 channels do not fall into 2 groups"),
    "a layer of unequal groups": (lambda: nn.GroupNorm(2, 3), "3 channels do not fall into 2 groups"),
    "group norm of other channels": (lambda: nn.GroupNorm(2, 4)(PICTURE), r"\(N, 4, \*\), got \(2, 3, 6, 5\)"),
    "batch norm of rows as pictures": (lambda: nn.BatchNorm2d(3)(a(5, 3)), r"\(N, 3, H, W\), got \(5, 3\)"),
    # embedding
    "a word that is not in the table": (lambda: nn.Embedding(5, 2)(np.array([0, 5])), "between 0 and 4, got 0 to 5"),
    "a negative word": (lambda: nn.Embedding(5, 2)(np.array([-1])), "between 0 and 4, got -1 to -1"),
    "half a word": (lambda: nn.Embedding(5, 2)(np.array([0.5])), "whole numbers, got float64"),
    "an empty table": (lambda: nn.Embedding(0, 2), "at least one row and column"),
    "a padding word that is not in the table": (lambda: nn.Embedding(5, 2, padding_idx=5), "one of 5 rows, got 5"),
    # positions
    "waves of odd width": (lambda: nn.SinusoidalPositions(5), "d is even, .* got 5"),
    "waves for another width": (lambda: nn.SinusoidalPositions(6)(a(2, 5, 4)), r"\(6\) expected x .* got \(2, 5, 4\)"),
    "waves for a single vector": (lambda: nn.SinusoidalPositions(6)(a(6)), r"shape \(\*, T, 6\), got \(6,\)"),
    "no learned positions": (lambda: nn.LearnedPositions(0, 6), "at least one position"),
    "more than the learned positions": (lambda: nn.LearnedPositions(4, 6)(a(2, 5, 6)), "has 4 positions, got 5 from 0"),
    "beyond the learned positions": (lambda: nn.LearnedPositions(5, 6)(a(2, 5, 6), 1), "has 5 positions, got 5 from 1"),
    "before the learned positions": (lambda: nn.LearnedPositions(5, 6)(a(2, 3, 6), -1), "got 3 from -1"),
    "rotary positions of odd width": (lambda: F.rotary(a(2, 5, 3), np.arange(5)), r"E even, got \(2, 5, 3\)"),
    "rotary positions too few": (lambda: F.rotary(a(2, 5, 4), np.arange(4)), r"has 5 positions, got .* \(4,\)"),
    # recurrence
    "one sequence": (lambda: nn.LSTM(3, 2)(X[:, 0]), r"expected x of shape \(T, N, 3\).* a batch of one, x\[:, None\]"),
    "one sequence, batch first": (lambda: nn.GRU(3, 2, batch_first=True)(X[0]), r"\(N, T, 3\).* x\[None\]"),
    "other features": (lambda: nn.LSTM(2, 2)(X), r"expected x of shape \(T, N, 2\), got \(5, 4, 3\)"),
    "no step": (lambda: nn.LSTM(3, 2)(X[:0]), "at least one step"),
    "only one state for an LSTM": (lambda: nn.LSTM(3, 2)(X, H0[None]), r"\(h, c\) of shape \(1, 4, 2\)"),
    "a state of another batch": (lambda: nn.GRU(3, 2)(X, a(1, 3, 2)), r"h of shape \(1, 4, 2\), got \[\(1, 3, 2\)\]"),
    "a state without its layer": (lambda: nn.GRU(3, 2)(X, H0), r"h of shape \(1, 4, 2\), got"),
    "float64 sequences": (lambda: nn.LSTM(3, 2)(X.astype(np.float64)), r"of float64 .* with .astype\(np.float32\)"),
    "lengths for another batch": (
        lambda: nn.GRU(3, 2)(X, None, [5, 5]), r"4 whole numbers between 1 and 5, got \[5 5\]"
    ),
    "a length of nothing": (lambda: nn.GRU(3, 2)(X, None, [5, 0, 1, 1]), "between 1 and 5"),
    "a length beyond the end": (lambda: nn.GRU(3, 2)(X, None, [6, 1, 1, 1]), "between 1 and 5"),
    "no layers": (lambda: nn.RNN(3, 2, num_layers=0), "at least one layer"),
    "no units": (lambda: nn.RNN(3, 0), "at least one input and one unit, got 3 and 0"),
    "an unknown nonlinearity": (lambda: nn.RNN(3, 2, nonlinearity="gelu"), "'tanh' or 'relu', got 'gelu'"),
    "certain dropout beyond one": (lambda: nn.LSTM(3, 2, dropout=2), "a probability between 0 and 1, got 2"),
    "a cell with a sequence": (lambda: nn.LSTMCell(3, 2)(X), r"LSTMCell expected x of shape \(N, 3\), got \(5, 4, 3\)"),
    "weights of three gates for an LSTM": (lambda: F.lstm(X, H0, H0, W_IH[:6], W_HH[:6]), r"\(4H, H\), got \(6, 2\)"),
    "weights of other inputs": (
        lambda: F.lstm(X, H0, H0, a(8, 4), W_HH), r"w_ih \(8, I\), got \(5, 4, 3\) and \(8, 4\)"
    ),
    "a bias for one gate": (lambda: F.lstm(X, H0, H0, W_IH, W_HH, a(2), a(2)), r"biases have shape \(8,\), got \(2,\)"),
    # attention
    "keys of another size": (lambda: attend(Q, K[..., :3], V), "E must be equal"),
    "values for other keys": (lambda: attend(Q, K, V[..., :5, :]), "one value for each key"),
    "no keys": (lambda: attend(Q, K[..., :0, :], V[..., :0, :]), "at least one"),
    "a single vector": (lambda: attend(a(4), K, V), r"expected query \(\*, L, E\)"),
    "two dtypes": (lambda: attend(Q.astype(np.float64), K, V), "one floating-point dtype, got float64, float32"),
    "a mask and causal": (lambda: attend(Q, K, V, np.ones((5, 7), bool), is_causal=True), "not both"),
    "a mask of zeros and ones": (lambda: attend(Q, K, V, np.ones((5, 7), int)), r"attn_mask.astype\(bool\)"),
    "a mask of another size": (lambda: attend(Q, K, V, np.ones((5, 5), bool)), "(broadcast|shape)"),
    "impossible dropout": (lambda: attend(Q, K, V, dropout_p=1.5), "probability between 0 and 1, got 1.5"),
    "groups that do not divide": (lambda: attend(a(2, 4, 5, 4), K, V, enable_gqa=True), "multiple of the 3 heads"),
    "a kernel of half pixels": (lambda: nn.Conv2d(3, 4, 2.5), "kernel_size is a number or 2 numbers, got 2.5"),
    "a kernel as text": (lambda: nn.Conv2d(3, 4, "33"), "kernel_size is a number or 2 numbers, got '33'"),
    "a kernel of halves": (lambda: nn.Conv2d(3, 4, (2.5, 2)), r"a number or 2 numbers, got \(2.5, 2\)"),
    "windows of halves": (
        lambda: F.max_pool2d(PICTURE, (2.5, 2)), r"kernel_size is a whole number, or two, .* \(2.5, 2\)"
    ),
    "two sizes for a sequence": (lambda: F.max_pool1d(X, (2, 2)), r"kernel_size is one whole number .* got \(2, 2\)"),
    "two strides for a sequence": (
        lambda: F.conv1d(X, a(1, 4, 2), stride=(1, 2)), r"stride is one whole number for a sequence, got \(1, 2\)"
    ),
    "an output of halves": (lambda: F.adaptive_avg_pool2d(PICTURE, 1.5), "output_size is a whole number, .* got 1.5"),
    "an output of three sizes": (lambda: F.adaptive_avg_pool2d(PICTURE, (1, 2, 3)), r"got \(1, 2, 3\)"),
    "a window out of reach": (
        lambda: F.max_pool2d(PICTURE, 9, 1, ceil_mode=True), r"covers \(9, 9\), more than the \(6, 5\)"
    ),
    "transposed, with the same size": (
        lambda: nn.ConvTranspose2d(3, 4, 3, padding="same"), "padding is a number or 2 numbers, got 'same'"
    ),
    "padding as 0 and 1": (
        lambda: nn.MultiheadAttention(3, 1)(X, X, X, np.eye(4, 5, dtype=int)), r"got int64: .* use mask.astype\(bool\)"
    ),
    "a mask of 0 and 1": (
        lambda: nn.MultiheadAttention(3, 1)(X, X, X, need_weights=False, attn_mask=np.eye(5, dtype=int)), "got int64"
    ),
    "keys of another batch": (
        lambda: nn.MultiheadAttention(3, 1)(X, X[:, :1], X[:, :1]), r"of one batch.* key \(5, 1, 3\)"
    ),
    "fewer values than keys": (
        lambda: nn.MultiheadAttention(3, 1)(X, X, X[:4]), r"a value for each key, .* value \(4, 4, 3\)"
    ),
    "positions of symbols": (
        lambda: nn.SinusoidalPositions(4)(np.zeros((3, 4), int)), "got int64: .* go through an Embedding"
    ),
    "heads that do not divide": (lambda: nn.MultiheadAttention(6, 4), "6 does not fall into 4 heads"),
    "inputs of another size": (
        lambda: nn.MultiheadAttention(4, 2)(X, X, X), r"query of shape \(L, N, 4\), got \(5, 4, 3\)"
    ),
    "a hint without a mask": (lambda: nn.MultiheadAttention(3, 1)(X, X, X, is_causal=True), "give the mask too"),
    "padding the wrong way round": (
        lambda: nn.MultiheadAttention(3, 1)(X, X, X, np.zeros((5, 4), bool)), r"has shape \(4, 5\), got \(5, 4\)"
    ),
    "an unknown activation": (lambda: nn.TransformerEncoderLayer(4, 2, activation="selu"), "'gelu' or a function"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_one_clear_message(name):
    call, message = REFUSED[name]
    with pytest.raises((ValueError, TypeError), match=message) as e:
        call()
    assert "\n" not in str(e.value)


def engine_call(name, *arrays, **options):
    """The function's results, and the gradients of its arrays, in either engine."""

    def call(engine):
        inputs = [engine.tensor(x) for x in arrays]
        inputs = [engine.tensor(x, requires_grad=True) if x.dtype.kind == "f" else t
                  for t, x in zip(inputs, arrays, strict=True)]  # fmt: skip
        y = getattr(engine.functional, name)(*inputs, **options)
        y.sum().backward()
        return y, *(t.grad for t in inputs if t.requires_grad)

    return call


def layer_call(name, sizes, x, **options):
    def call(engine):
        layer = getattr(engine.nn, name)(*sizes)
        for parameter in layer.parameters():
            engine.init.constant_(parameter, 0.3)
        y, *_ = layer(engine.tensor(x), **options)
        y.sum().backward()
        return y, *(p.grad for p in layer.parameters())

    return call


NAN_PICTURE = PICTURE.copy()
NAN_PICTURE[0, 0, 2, 2] = np.nan

ACCEPTED = {
    "a convolution of nan": engine_call("conv2d", NAN_PICTURE, KERNEL),
    "a convolution of infinity": engine_call("conv2d", np.full((1, 1, 3, 3), INF, np.float32), a(1, 1, 2, 2)),
    "a convolution of no pictures": engine_call("conv2d", PICTURE[:0], KERNEL),
    "a kernel as large as the picture": engine_call("conv2d", PICTURE, a(4, 3, 6, 5)),
    "a pooling of nan": lambda e: (e.functional.max_pool2d(e.tensor(NAN_PICTURE), 2),),
    "a pooling of minus infinity": lambda e: (e.functional.max_pool2d(e.tensor(np.full((1, 1, 2, 2), -INF)), 2),),
    "a pooling with ties": engine_call("max_pool2d", np.ones((1, 1, 4, 4), np.float32), kernel_size=3, stride=1),
    "an average of infinity": engine_call("avg_pool2d", np.full((1, 1, 2, 2), INF, np.float32), kernel_size=2),
    "an embedding of nothing": engine_call("embedding", np.zeros((2, 0), np.int64), a(5, 2)),
    "an embedding of short numbers": engine_call("embedding", np.array([1, 4], np.int32), a(5, 2)),
    "a convolution without examples to a sequence": engine_call("conv1d", a(0, 3, 6), a(4, 3, 2)),
    "recurrence without sequences": layer_call("LSTM", (3, 2), X[:, :0]),
    "attention to one key": engine_call("scaled_dot_product_attention", Q, K[:, :, :1], V[:, :, :1]),
    "attention without examples": engine_call("scaled_dot_product_attention", Q[:0], K[:0], V[:0]),
    "a sequence of one step": layer_call("LSTM", (3, 2), X[:1]),
    "a batch of one sequence": layer_call("GRU", (3, 2), X[:, :1]),
    "sequences of nan": layer_call("RNN", (3, 2), np.full((2, 2, 3), np.nan, np.float32)),
    "huge inputs to an LSTM": layer_call("LSTM", (3, 2), X * 1e30),
    "one query and one key": engine_call("scaled_dot_product_attention", a(1, 4), a(1, 4), a(1, 6)),
    "huge scores": engine_call("scaled_dot_product_attention", Q * 1e15, K * 1e15, V),
    "rows that are masked": engine_call(
        "scaled_dot_product_attention", Q, K, V, np.arange(35).reshape(5, 7) // 7 % 2 == 0
    ),
    "all masked": engine_call("scaled_dot_product_attention", Q, K, V, np.zeros((5, 7), bool)),
    "all masked by minus infinity": lambda e: (
        e.functional.scaled_dot_product_attention(*map(e.tensor, (Q, K, V, np.full((5, 7), -INF, np.float32)))),
    ),
    "more output padding than stride, with dilation": engine_call(
        "conv_transpose2d", PICTURE, a(3, 4, 2, 3), stride=(1, 2), output_padding=(2, 1), dilation=3
    ),
    "a window larger than the picture, cut": engine_call("max_pool2d", PICTURE, kernel_size=7, ceil_mode=True),
    "a mean over a cut window": engine_call("avg_pool2d", PICTURE, kernel_size=(3, 7), padding=1, ceil_mode=True),
    "sizes as a sequence of one": engine_call(
        "max_pool1d", a(2, 3, 7), kernel_size=(2,), stride=(3,), padding=(1,), dilation=(2,)
    ),
    "half precision": lambda e: (e.functional.max_pool2d(e.tensor(PICTURE.astype(np.float16)), 2),),
}  # fmt: skip


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted_as_pytorch_does(name):
    for ours, theirs in zip(ACCEPTED[name](nnlib.numpy), ACCEPTED[name](nnlib.torch), strict=True):
        ours = ours.detach().numpy() if isinstance(ours, Tensor) else ours
        np.testing.assert_allclose(ours, theirs.detach().numpy(), rtol=1e-4, atol=1e-5, strict=True)


@pytest.mark.parametrize("name", ["RNN", "LSTM", "GRU"])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_what_lies_behind_a_sequences_end_is_never_seen(name, bidirectional):
    def run(padding):
        layer = getattr(nn, name)(3, 2, 2, bidirectional=bidirectional, rng=np.random.default_rng(0))
        x = X.copy()
        x[2:, 1], x[4:, 3] = padding, padding
        x = Tensor(x, requires_grad=True)
        y, _ = layer(x, lengths=np.array([5, 2, 5, 4]))
        (y * y).sum().backward()
        return y.data, x.grad, *(p.grad for p in layer.parameters())

    for zeros, nan in zip(run(0), run(np.nan), strict=True):
        np.testing.assert_array_equal(zeros, nan)


def test_lengths_of_no_sequences_are_none():
    y, _ = nn.LSTM(3, 2)(X[:, :0], lengths=np.zeros(0, int))
    assert y.shape == (5, 0, 2)


def test_attention_takes_float_masks_of_any_precision():
    layer, later = nn.MultiheadAttention(3, 1), np.triu(np.ones((5, 5), bool), 1)
    y, _ = layer(X, X, X, attn_mask=later)
    for kept in (True, False):
        by_numbers, _ = layer(X, X, X, need_weights=kept, attn_mask=np.where(later, -INF, 0))  # float64
        assert by_numbers.dtype == np.float32
        np.testing.assert_allclose(by_numbers.data, y.data, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("start", [-1, 5])
def test_pytorchs_learned_positions_do_not_broadcast_what_is_not_there(start):
    with pytest.raises(ValueError, match=f"has 5 positions, got 1 from {start} on"):
        nnlib.torch.nn.LearnedPositions(5, 6)(nnlib.torch.tensor(a(2, 1, 6)), start)


def test_reversed_and_sliced_arrays_are_read_as_what_they_show():
    def run(x, w, q):
        y = F.conv2d(x, w, padding=1)
        return y.data, F.max_pool2d(x, 2).data, attend(q, q, q).data

    backwards = PICTURE[:, :, ::-1], KERNEL[..., ::-1], Q[..., ::-1, :]
    for x, w, q in (backwards, (np.asfortranarray(PICTURE), KERNEL, Q.swapaxes(1, 2))):
        plain = [np.ascontiguousarray(array) for array in (x, w, q)]
        for one, other in zip(run(x, w, q), run(*plain), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)
