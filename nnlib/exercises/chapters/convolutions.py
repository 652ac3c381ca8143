"""Exercises of the chapter Convolutions."""

import numpy as np

from nnlib.exercises.exercise import Exercise, Wrong, agree, require

RNG = np.random.default_rng(0)


def windows_of(x, kh, kw):
    """(H, W) -> (H', W', kh, kw)."""
    return np.lib.stride_tricks.sliding_window_view(x, (kh, kw))


# 1: a filter that moves the picture

RIGHT = np.array([[0, 0, 0], [1, 0, 0], [0, 0, 0]])


def check_mover(answer):
    w = np.asarray(answer, dtype=float)
    require(w.shape == (3, 3), f"The kernel should have shape (3, 3), and yours has {w.shape}.")
    require(not np.array_equal(w, np.eye(3)[1][:, None] * np.eye(3)[1]), "This kernel leaves the picture where it is.")
    require(
        not np.array_equal(w, RIGHT[:, ::-1]),
        "This moves the picture to the left: each output entry takes the pixel on its right. Which pixel should "
        "arrive "
        "at a place when all move to the right? (With a flipped kernel, as in mathematics, yours would be right.)",
    )
    require(
        not (np.array_equal(w, RIGHT.T) or np.array_equal(w, RIGHT.T[::-1])),
        "This moves the picture up or down. The first index of the kernel is the row.",
    )
    require(
        np.isclose(w.sum(), 1),
        f"Your nine numbers add up to {w.sum():g}: a grey area would not keep its brightness. One pixel is copied, "
        "all others do not count.",
    )
    agree(w, RIGHT, what="The kernel")


# 2: count a layer


def check_count(answer):
    channels, height, width, parameters = answer
    require(
        channels != 3,
        "3 is the number of channels that come in. Each kernel adds up over all of them and gives one channel.",
    )
    require(
        channels != 48,
        "16 kernels give 16 channels, not 48: a kernel adds up what it finds in red, green and blue to one number.",
    )
    agree(channels, 16, what="The number of channels")
    require(
        height != 14, "Without padding the height would be 14. The picture is 36 high before the first window is laid."
    )
    require(height != 32, "Padding 2 would keep the height if the window moved by one pixel. It moves by two.")
    require(
        height not in (15, 15.5, 16.5, 17),
        f"A height of {height:g}: 31 steps of one pixel lead from the first window to the last, and every second is "
        "taken. Round down, then count the first window, too.",
    )
    agree(height, 16, what="The height")
    agree(width, 16, what="The width")
    require(parameters != 416, "You counted 25 weights for a kernel. It has 25 for each of the channels that come in.")
    require(parameters != 1200, "The weights are right. Each output channel also has a bias.")
    require(parameters != 1201, "The weights are right. But each of the 16 kernels has a bias of its own.")
    require(parameters != 1203, "There is a bias for each channel that goes out, not for each that comes in.")
    require(
        parameters < 10_000,
        f"{parameters:g} is far too many. The weights are the same at every place, so the size of the picture does "
        "not count.",
    )
    agree(parameters, 1216, what="The number of parameters")


# 3: padding and stride


def convolve(x, w, stride, padding):
    padded = np.pad(x, padding)
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape)
    return np.sum(windows[::stride, ::stride] * w, axis=(2, 3))


def convolve_by_loops(x, w, stride, padding):
    x = np.pad(x, ((padding, padding), (padding, padding)))
    (H, W), (kh, kw) = x.shape, w.shape
    y = np.zeros(((H - kh) // stride + 1, (W - kw) // stride + 1))
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            y[i, j] = np.sum(w * x[i * stride : i * stride + kh, j * stride : j * stride + kw])
    return y


def convolve_by_kernel_entries(x, w, stride, padding):
    x = np.pad(x, padding)
    h, b = x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1
    return sum(w[u, v] * x[u : u + h : stride, v : v + b : stride] for u, v in np.ndindex(w.shape))


def stride_forgotten(x, w, stride, padding):
    return convolve(x, w, 1, padding)


def padding_forgotten(x, w, stride, padding):
    return convolve(x, w, stride, 0)


def padded_on_one_side(x, w, stride, padding):
    return convolve(np.pad(x, ((padding, 0), (padding, 0))), w, stride, 0)


def flipped(x, w, stride, padding):
    return convolve(x, w[::-1, ::-1], stride, padding)


def begins_at_every_pixel(x, w, stride, padding):
    x = np.pad(x, padding)
    (H, W), (kh, kw) = x.shape, w.shape
    y = np.zeros(((H - kh) // stride + 1, (W - kw) // stride + 1))
    for i, j in np.ndindex(y.shape):
        y[i, j] = np.sum(w * x[i : i + kh, j : j + kw])
    return y


def one_window_short(x, w, stride, padding):
    y = convolve(x, w, stride, padding)
    return y[:-1, :-1]


def padded_after(x, w, stride, padding):
    return np.pad(convolve(x, w, stride, 0), padding)


SIZES = ((7, 6), (3, 2), 2, 2), ((5, 8), (2, 3), 3, 2), ((6, 6), (3, 3), 1, 0), ((8, 5), (2, 2), 2, 0)
CASES = [(RNG.normal(size=x), RNG.normal(size=w), s, p) for x, w, s, p in SIZES]


def check_convolve(answer):
    x, w, stride, padding = CASES[0]
    y = np.asarray(answer(x, w, stride, padding))
    want = convolve(x, w, stride, padding)
    told = f"a picture {x.shape}, a kernel {w.shape}, stride {stride} and padding {padding}"
    require(
        y.shape != convolve(x, w, 1, padding).shape,
        f"From {told} you get {y.shape}, as with stride 1: the window should move by `stride` pixels.",
    )
    one_side = [padded_on_one_side(*case).shape for case in CASES]
    require(
        one_side != [np.shape(answer(*case)) for case in CASES],
        "On some pictures the output is too small: zeros belong on all four sides.",
    )
    require(
        y.shape == want.shape or y.shape != convolve(x, w, stride, 0).shape,
        f"From {told} you get {y.shape}, as without padding.",
    )
    require(
        y.shape == want.shape or y.shape != padded_after(x, w, stride, padding).shape,
        f"From {told} you get {y.shape}: the zeros belong round the picture, not round the output.",
    )
    require(
        y.shape != want[:-1, :-1].shape,
        f"From {told} you get {y.shape}: one window too few each way. The steps from the first window to the last are "
        "one fewer than the windows.",
    )
    require(y.shape == want.shape, f"From {told} you get shape {y.shape}, and the formula gives {want.shape}.")
    require(
        not np.allclose(y, flipped(x, w, stride, padding)), "Your kernel is flipped: its first entry meets the last."
    )
    require(
        not np.allclose(y, begins_at_every_pixel(x, w, stride, padding)),
        "There are as many windows as there should be, but they begin at neighbouring pixels: where in the picture "
        "does "
        "window $i$ begin?",
    )
    agree(answer, convolve, *CASES)


# 4: back through a stride


def back(x, w, g, stride):
    g_x, g_w = np.zeros_like(x), np.zeros_like(w)
    for i, j in np.ndindex(g.shape):
        window = np.s_[i * stride : i * stride + w.shape[0], j * stride : j * stride + w.shape[1]]
        g_x[window] += g[i, j] * w
        g_w += g[i, j] * x[window]
    return g_x, g_w


def back_by_kernel_entries(x, w, g, stride):
    g_x, g_w = np.zeros(x.shape), np.zeros(w.shape)
    h, b = (g.shape[0] - 1) * stride + 1, (g.shape[1] - 1) * stride + 1
    for u, v in np.ndindex(w.shape):
        place = np.s_[u : u + h : stride, v : v + b : stride]
        g_x[place] += w[u, v] * g
        g_w[u, v] = (g * x[place]).sum()
    return g_x, g_w


def back_by_a_matrix(x, w, g, stride):
    def forward(x, w):
        return windows_of(x, *w.shape)[::stride, ::stride].reshape(g.size, -1) @ w.ravel()

    by_x = np.stack([forward(e.reshape(x.shape), w) for e in np.eye(x.size)])
    by_w = np.stack([forward(x, e.reshape(w.shape)) for e in np.eye(w.size)])
    return (by_x @ g.ravel()).reshape(x.shape), (by_w @ g.ravel()).reshape(w.shape)


def overwritten(x, w, g, stride):
    g_x = np.zeros_like(x)
    for i, j in np.ndindex(g.shape):
        g_x[i * stride : i * stride + w.shape[0], j * stride : j * stride + w.shape[1]] = g[i, j] * w
    return g_x, back(x, w, g, stride)[1]


def turned_round(x, w, g, stride):
    return back(x, w[::-1, ::-1], g, stride)[0], back(x, w, g, stride)[1]


def stride_on_one_side(x, w, g, stride):
    return back(x, w, g, stride)[0], back(x, w, g, 1)[1]


def averaged(x, w, g, stride):
    g_x, g_w = back(x, w, g, stride)
    return g_x, g_w / g.size


def exchanged(x, w, g, stride):
    return back(x, w, g, stride)[::-1]


BACK = [
    (RNG.normal(size=x), RNG.normal(size=w), RNG.normal(size=((x[0] - w[0]) // s + 1, (x[1] - w[1]) // s + 1)), s)
    for x, w, s in (((6, 7), (3, 2), 1), ((7, 9), (3, 3), 2), ((8, 7), (3, 2), 3))
]


def check_back(answer):
    for x, w, g, stride in BACK:
        result = answer(x, w, g, stride)
        require(isinstance(result, tuple | list) and len(result) == 2, "Return two arrays: by `x`, then by `w`.")
        g_x, g_w = (np.asarray(part) for part in result)
        require(
            not (g_x.shape == w.shape and g_w.shape == x.shape), "The two are exchanged: first by `x`, then by `w`."
        )
        require(g_x.shape == x.shape, f"The derivative by `x` has shape {g_x.shape}; it should be that of `x`.")
        require(g_w.shape == w.shape, f"The derivative by `w` has shape {g_w.shape}; it should be that of `w`.")
        want_x, want_w = back(x, w, g, stride)
        require(
            np.allclose(g_x, want_x) or not np.allclose(g_x, overwritten(x, w, g, stride)[0]),
            "Where windows overlap, the derivative by `x` keeps the last window's part only: what they share adds up.",
        )
        require(
            not np.allclose(g_x, turned_round(x, w, g, stride)[0]),
            "The derivative by `x` is right for a kernel that is turned round: which `w` did this pixel meet?",
        )
        require(
            np.allclose(g_w, want_w) or not np.allclose(g_w, back(x, w, g, 1)[1]),
            "The derivative by `w` is that of stride 1: with a stride, window $i$ begins elsewhere.",
        )
        require(
            not np.allclose(g_w, want_w / g.size),
            "The derivative by `w` is a mean over all windows. Each window adds its part to the loss: take the sum.",
        )
        agree(g_x, want_x, what=f"The derivative by `x`, at stride {stride},", show=True)
        agree(g_w, want_w, what=f"The derivative by `w`, at stride {stride},", show=True)


# 5: back through pooling


def pool_back(x, g):
    g_x = np.zeros_like(x)
    for i, j in np.ndindex(g.shape):
        block = x[2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
        u, v = np.unravel_index(block.argmax(), (2, 2))
        g_x[2 * i + u, 2 * j + v] = g[i, j]
    return g_x


def pool_back_by_repeating(x, g):
    h, b = g.shape
    largest = x.reshape(h, 2, b, 2).max(axis=(1, 3))
    return np.where(x == np.kron(largest, np.ones((2, 2))), np.kron(g, np.ones((2, 2))), 0)


def pool_back_by_blocks(x, g):
    blocks = x.reshape(len(g), 2, -1, 2)
    winners = blocks == blocks.max(axis=(1, 3), keepdims=True)
    return (winners * g[:, None, :, None]).reshape(x.shape)


def to_all(x, g):
    return np.kron(g, np.ones((2, 2)))


def shared(x, g):
    return np.kron(g, np.ones((2, 2))) / 4


def times_the_value(x, g):
    return pool_back(x, g) * x


def largest_size(x, g):
    return pool_back(abs(x), g)


def without_g(x, g):
    return pool_back(x, np.ones_like(g))


def to_the_first(x, g):
    return np.kron(g, [[1, 0], [0, 0]])


def one_winner(x, g):
    return np.where(x == x.max(), pool_back(x, g), 0)


POOLED = [(RNG.permutation(48).reshape(6, 8) / 10 - 2.4, RNG.normal(size=(3, 4))) for _ in range(2)]


def check_pool_back(answer):
    x, g = POOLED[0]
    g_x = np.asarray(answer(x, g))
    require(g_x.shape == x.shape, f"What comes back has shape {g_x.shape}; it should be that of `x`, {x.shape}.")
    require(
        not np.allclose(g_x, to_all(x, g)), "All four entries of a window get the gradient: only one of them counted."
    )
    require(
        not np.allclose(g_x, shared(x, g)),
        "Each entry gets a quarter: that is the way back through a mean. Here one entry decided alone.",
    )
    require(
        not np.allclose(g_x, times_the_value(x, g)),
        "The gradient is multiplied by the entry itself. The output *is* that entry, so the slope is 1.",
    )
    require(
        not np.allclose(g_x, largest_size(x, g)), "In some windows the entry of largest size got it: a −3 is not large."
    )
    require(
        not np.allclose(g_x, without_g(x, g)),
        "The places are right, and each gets a 1. Where is what came back to the window, `g`?",
    )
    require(
        not np.allclose(g_x, to_the_first(x, g)),
        "The upper left entry of each window gets everything, whether it is the largest or not.",
    )
    require(not np.allclose(g_x, one_winner(x, g)), "Only one window sends something back. Each has a largest entry.")
    agree(answer, pool_back, *POOLED)


# 6: how far it sees


def receptive_field(layers):
    sees, apart = 1, 1
    for kernel, stride, dilation in layers:
        sees += dilation * (kernel - 1) * apart
        apart *= stride
    return sees


def from_the_top(layers):
    sees = 1
    for kernel, stride, dilation in reversed(layers):
        sees = (sees - 1) * stride + dilation * (kernel - 1) + 1
    return sees


def by_strides(layers):
    strides = np.cumprod([1] + [stride for _, stride, _ in layers])
    return 1 + sum(int(a) * d * (k - 1) for a, (k, _, d) in zip(strides, layers, strict=False))


def kernels_added(layers):
    return sum(kernel for kernel, _, _ in layers)


def strides_ignored(layers):
    return 1 + sum(d * (k - 1) for k, _, d in layers)


def stride_too_early(layers):
    sees, apart = 1, 1
    for kernel, stride, dilation in layers:
        apart *= stride
        sees += dilation * (kernel - 1) * apart
    return sees


def dilation_ignored(layers):
    return receptive_field([(k, s, 1) for k, s, _ in layers])


def kernels_multiplied(layers):
    sees = 1
    for kernel, _, _ in layers:
        sees *= kernel
    return sees


def from_the_wrong_end(layers):
    return receptive_field(layers[::-1])


def spread_by_dilation(layers):
    sees, apart = 1, 1
    for kernel, stride, dilation in layers:
        sees += dilation * (kernel - 1) * apart
        apart *= stride * dilation
    return sees


LENET = [(5, 1, 1), (2, 2, 1), (5, 1, 1), (2, 2, 1)]
STACKS = [[(3, 1, 1)], [(3, 1, 1)] * 3, LENET, [(3, 1, 1), (3, 1, 2), (3, 1, 4)], [(7, 2, 1), (3, 2, 2), (3, 1, 1)]]


def check_receptive_field(answer):
    three = answer([(3, 1, 1)] * 3)
    require(
        three != 9, "Three layers of 3 × 3 do not see 9: the windows of neighbours overlap, so each adds 2 pixels only."
    )
    require(three != 27, "The sizes do not multiply: neighbours see nearly the same pixels.")
    found = answer(LENET)
    require(
        found != strides_ignored(LENET),
        f"LeNet's last unit sees 16 pixels, not {found}: behind a stride, units lie further apart.",
    )
    require(
        found != stride_too_early(LENET),
        f"LeNet's last unit sees 16 pixels, not {found}: a layer's own stride moves its outputs apart, not the pixels "
        "inside its window.",
    )
    require(
        found != from_the_wrong_end(LENET),
        f"LeNet's last unit sees 16 pixels, not {found}: `layers` begins at the picture, and you began at the other "
        "end.",
    )
    spread = STACKS[3]
    require(
        answer(spread) != dilation_ignored(spread) or answer(LENET) != 16,
        "Right without dilation. With dilation $d$ a window covers $d(k-1) + 1$ units of the layer below.",
    )
    require(
        answer(spread) != spread_by_dilation(spread),
        "A dilation pulls the entries of a window apart. It does not move the outputs apart: only a stride does.",
    )
    require(answer([]) == 1, "Without a layer, a unit is a pixel and sees itself: 1.")
    for stack in STACKS:
        got, want = answer(stack), receptive_field(stack)
        require(got == want, f"For the layers {stack} you give {got}, and it sees {want}.")


# 7: two bugs


def layer(x, w, b):
    C, H, W = x.shape
    out, _, kh, kw = w.shape
    rows = []
    for i in range(H - kh + 1):
        for j in range(W - kw + 1):
            rows.append(x[:, i : i + kh, j : j + kw].ravel())
    y = np.array(rows) @ w.reshape(out, -1).T + b
    return y.T.reshape(out, H - kh + 1, W - kw + 1)


def layer_by_einsum(x, w, b):
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape[2:], axis=(1, 2))
    return np.einsum("cijuv,ocuv->oij", windows, w) + b[:, None, None]


def layer_last_axis_moved(x, w, b):
    h, v = x.shape[1] - w.shape[2] + 1, x.shape[2] - w.shape[3] + 1
    rows = [x[:, i : i + w.shape[2], j : j + w.shape[3]].ravel() for i in range(h) for j in range(v)]
    y = np.array(rows) @ w.reshape(len(w), -1).T + b
    return np.moveaxis(y.reshape(h, v, len(w)), -1, 0)


def still_misses_the_last(x, w, b):
    return layer(x, w, b)[:, :-1, :-1]


def still_scrambled(x, w, b):
    y = layer(x, w, b)
    return y.reshape(len(w), -1).T.reshape(y.shape)


def channels_last(x, w, b):
    return np.moveaxis(layer(x, w, b), 0, -1)


def rows_and_columns(x, w, b):
    return layer(x, w, b).swapaxes(1, 2)


LAYERS = [
    (RNG.normal(size=(3, 7, 5)), RNG.normal(size=(4, 3, 3, 2)), RNG.normal(size=4)),
    (RNG.normal(size=(1, 4, 4)), RNG.normal(size=(2, 1, 2, 2)), RNG.normal(size=2)),
]


def check_layer(answer):
    x, w, b = LAYERS[0]
    y, want = np.asarray(answer(x, w, b)), layer(x, w, b)
    require(
        y.shape != (4, 4, 3),
        "From a picture of 7 × 5 and kernels of 3 × 2 you get 4 × 3. Lay the kernel on the picture by hand: how many "
        "places are there from top to bottom?",
    )
    require(
        y.shape != np.moveaxis(want, 0, -1).shape, "The numbers are right, the channels stand last: return (O, H', W')."
    )
    require(
        y.shape != want.swapaxes(1, 2).shape, "Rows and columns are exchanged: which of the two loops is the outer one?"
    )
    require(y.shape == want.shape, f"The output has shape {y.shape}, and should have {want.shape}.")
    require(
        not np.allclose(y, still_scrambled(x, w, b)),
        "The numbers are all there, at wrong places: `reshape` keeps the order in memory, and there the channels of "
        "one "
        "place are neighbours. What has to happen before it?",
    )
    agree(answer, layer, *LAYERS)


# 8: the hidden kernel


def find_kernel(x, y, shape):
    windows = np.lib.stride_tricks.sliding_window_view(x, shape).reshape(y.size, -1)
    return np.linalg.lstsq(windows, y.ravel(), rcond=None)[0].reshape(shape)


def by_normal_equations(x, y, shape):
    A = windows_of(x, *shape).reshape(y.size, -1)
    return np.linalg.solve(A.T @ A, A.T @ y.ravel()).reshape(shape)


def by_gradient_descent(x, y, shape):
    A = windows_of(x, *shape).reshape(y.size, -1)
    hessian, target = A.T @ A / y.size, A.T @ y.ravel() / y.size
    rate, w = 1 / np.linalg.eigvalsh(hessian)[-1], np.zeros(len(hessian))
    for _ in range(4000):
        w = w - rate * (hessian @ w - target)
    return w.reshape(shape)


def one_step(x, y, shape):
    A = windows_of(x, *shape).reshape(y.size, -1)
    return (A.T @ y.ravel() / np.mean(A**2) / y.size).reshape(shape)


def found_flipped(x, y, shape):
    return find_kernel(x, y, shape)[::-1, ::-1]


def by_few_windows(x, y, shape):
    A = windows_of(x, *shape).reshape(y.size, -1)[:6]
    return np.linalg.lstsq(A, y.ravel()[:6], rcond=None)[0].reshape(shape)


def too_large_steps(x, y, shape):
    A, w = windows_of(x, *shape).reshape(y.size, -1), np.zeros(np.prod(shape))
    for _ in range(50):
        w = w - 0.1 * A.T @ (A @ w - y.ravel())
    return w.reshape(shape)


def smooth(size):
    noise = np.random.default_rng(size).normal(size=(size, size))
    return noise + 0.5 * (np.roll(noise, 1, axis=0) + np.roll(noise, 1, axis=1))


HIDDEN = [
    (np.random.default_rng(1).normal(size=(20, 20)), np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1.0]])),
    (smooth(24), np.array([[0.5, -1, 2], [0, 3, -0.5]])),
]


def check_hidden(answer):
    for number, (x, w) in enumerate(HIDDEN):
        y = convolve(x, w, 1, 0)
        found = np.asarray(answer(x, y, w.shape), dtype=float)
        require(found.shape == w.shape, f"The kernel should have the shape {w.shape}, and yours has {found.shape}.")
        require(
            not np.allclose(found, w[::-1, ::-1], atol=1e-2), "It is the kernel, flipped: which pixel meets `w[0, 0]`?"
        )
        require(
            np.isfinite(found).all() and abs(found).max() < 1000,
            "The numbers of your kernel have run away. If you take steps of gradient descent, take the mean over the "
            "windows, or a smaller learning rate.",
        )
        off = abs(convolve(x, found, 1, 0) - y).max() / abs(y).max()
        require(
            not np.allclose(found, one_step(x, y, w.shape)),
            "What you found is the mean of all windows, each times its output. That is one step of gradient descent; "
            "it is the kernel only where pixels have nothing to do with each other.",
        )
        require(
            off < 1e-2,
            f"With your kernel the output of {'another' if number else 'the first'} picture is off by {off:.0%} of "
            "its "
            "largest entry. Did you use all windows, and go on until nothing changed any more?",
        )
    return "So a layer that sees what goes in and what should come out can find its kernel: this is what training does."


EXERCISES = [
    Exercise(
        key="a-filter-that-moves",
        title="A filter that moves the picture",
        check=check_mover,
        hints=[
            "Every output entry is to be a copy of one pixel. Which one, seen from its own place?",
            "When everything moves to the right, the pixel that arrives at a place stood to the left of it. With "
            "padding "
            "1 the middle of the window is the place itself, `w[1, 1]`.",
        ],
        solution=RIGHT.tolist(),
        explanation="$y_{ij} = x_{i,\\,j-1}$: the window's middle row, left entry. The zeros of the padding come in "
        "at the "
        "left border.",
        wrong=[
            Wrong([[0, 0, 0], [0, 0, 1], [0, 0, 0]], "to the left"),
            Wrong([[0, 1, 0], [0, 0, 0], [0, 0, 0]], "up or down"),
            Wrong([[0, 0, 0], [0, 1, 0], [0, 0, 0]], "where it is"),
            Wrong([[0, 0, 0], [1, 0, -1], [0, 0, 0]], "keep its brightness"),
        ],
        right=[RIGHT.tolist(), RIGHT, RIGHT.astype(float), tuple(map(tuple, RIGHT.tolist()))],
    ),
    Exercise(
        key="count-a-layer",
        title="Count a layer",
        check=check_count,
        hints=[
            "The channels of the output are the kernels. For the height, put $H = 32$, $p = 2$, $k = 5$, $s = 2$, "
            "$d = 1$ "
            "into the formula.",
            "$\\lfloor 31 / 2 \\rfloor + 1$. One kernel has $3 \\cdot 5 \\cdot 5$ weights, and a bias.",
        ],
        solution=(16, 16, 16, 1216),
        explanation="$\\lfloor (32 + 4 - 4 - 1)/2 \\rfloor + 1 = 16$, and $16 \\cdot (3 \\cdot 25 + 1) = 1216$. A "
        "fully "
        "connected layer between the same shapes would have $3072 \\cdot 4096 + 4096$, over twelve million.",
        wrong=[
            Wrong((16, 16, 16, 416), "25 weights for a kernel"),
            Wrong((16, 16, 16, 1200), "also has a bias"),
            Wrong((16, 16, 16, 1201), "a bias of its own"),
            Wrong((48, 16, 16, 1216), "not 48"),
            Wrong((16, 17, 17, 1216), "every second is taken"),
            Wrong((16, 14, 14, 1216), "Without padding"),
            Wrong((16, 32, 32, 1216), "It moves by two"),
            Wrong((3, 16, 16, 1216), "gives one channel"),
            Wrong((16, 16, 16, 12_587_008), "same at every place"),
        ],
        right=[(16, 16, 16, 1216), [16, 16, 16, 1216], np.array([16, 16, 16, 1216]), (16.0, 16, 16, 1216.0)],
    ),
    Exercise(
        key="padding-and-stride",
        title="Padding and stride",
        check=check_convolve,
        hints=[
            "`np.pad(x, padding)` puts the zeros round the picture. After that you may forget about them.",
            "Window $(i, j)$ begins at row $i \\cdot s$ and column $j \\cdot s$ of the padded picture.",
            "`sliding_window_view(padded, w.shape)[::stride, ::stride]` are the windows that are wanted.",
        ],
        solution=convolve,
        explanation="A stride throws away outputs that stride 1 would have computed, so every `stride`-th window is "
        "taken, in both directions.",
        wrong=[
            Wrong(stride_forgotten, "as with stride 1"),
            Wrong(padding_forgotten, "as without padding"),
            Wrong(one_window_short, "one window too few"),
            Wrong(padded_on_one_side, "on all four sides"),
            Wrong(flipped, "kernel is flipped"),
            Wrong(begins_at_every_pixel, "neighbouring pixels"),
            Wrong(padded_after, "not round the output"),
        ],
        right=[convolve, convolve_by_loops, convolve_by_kernel_entries],
    ),
    Exercise(
        key="back-through-a-stride",
        title="Back through a stride",
        check=check_back,
        hints=[
            "Output $(i, j)$ was made from one window. Which one? Its $g_{ij}$ goes to that window's pixels and to "
            "the "
            "kernel, and to nothing else.",
            "For each $i, j$: add `g[i, j] * w` to the window's place in `g_x`, and `g[i, j]` times the window to "
            "`g_w`.",
        ],
        solution=back,
        explanation="Nothing but the places of the windows has changed. Pixels that no window reached keep a "
        "derivative "
        "of zero.",
        wrong=[
            Wrong(overwritten, "share adds up"),
            Wrong(turned_round, "turned round"),
            Wrong(stride_on_one_side, "that of stride 1"),
            Wrong(averaged, "take the sum"),
            Wrong(exchanged, "are exchanged"),
        ],
        right=[back, back_by_kernel_entries, back_by_a_matrix],
    ),
    Exercise(
        key="back-through-pooling",
        title="Back through pooling",
        check=check_pool_back,
        hints=[
            "In each window of 2 × 2 one entry is the output. If it grows by a little, so does the output; if another "
            "does, nothing happens.",
            "`block.argmax()` is its place, counted along the rows; `np.unravel_index(place, (2, 2))` makes row and "
            "column of it.",
        ],
        solution=pool_back,
        explanation="Three of four entries get nothing. Which one wins is settled on the way forward, so a layer "
        "has to "
        "remember it.",
        wrong=[
            Wrong(to_all, "All four entries"),
            Wrong(shared, "a quarter"),
            Wrong(times_the_value, "the slope is 1"),
            Wrong(largest_size, "of largest size"),
            Wrong(without_g, "each gets a 1"),
            Wrong(to_the_first, "upper left entry"),
            Wrong(one_winner, "Only one window"),
        ],
        right=[pool_back, pool_back_by_repeating, pool_back_by_blocks],
    ),
    Exercise(
        key="how-far-it-sees",
        title="How far it sees",
        check=check_receptive_field,
        hints=[
            "Go from the picture upwards, with two numbers: how many pixels a unit sees, and how far apart "
            "neighbours are.",
            "The first layer of a network has neighbours that are 1 pixel apart. A window of it covers $d(k-1) + 1$ "
            "of them.",
            "`sees += dilation * (kernel - 1) * apart`, then `apart *= stride`.",
        ],
        solution=receptive_field,
        explanation="Layers add, strides multiply. Dilations of 1, 2, 4, ... see twice as far with each layer, "
        "without "
        "losing a pixel to a stride.",
        wrong=[
            Wrong(kernels_added, "do not see 9"),
            Wrong(kernels_multiplied, "do not multiply"),
            Wrong(strides_ignored, "units lie further apart"),
            Wrong(stride_too_early, "own stride"),
            Wrong(dilation_ignored, "Right without dilation"),
            Wrong(from_the_wrong_end, "at the other end"),
            Wrong(spread_by_dilation, "only a stride does"),
        ],
        right=[receptive_field, from_the_top, by_strides],
    ),
    Exercise(
        key="two-bugs-in-a-layer",
        title="Find two bugs",
        check=check_layer,
        hints=[
            "One bug is about how many windows there are. A kernel as large as the picture has room at one place.",
            "For the other, print the shape of `y` before it is reshaped: a row for each window, a column for each "
            "kernel. In which order do its numbers lie in memory, and in which does the result need them?",
        ],
        solution=layer,
        explanation="`range(H - kh)` leaves out the last window. And `reshape` never moves a number, so a matrix "
        "(windows, "
        "kernels) has to be transposed first. The second kind of bug is a nasty one: all shapes are right, and a "
        "network trains on with scrambled pictures.",
        wrong=[
            Wrong(still_misses_the_last, "how many places"),
            Wrong(still_scrambled, "keeps the order in memory"),
            Wrong(channels_last, "channels stand last"),
            Wrong(rows_and_columns, "Rows and columns"),
        ],
        right=[layer, layer_by_einsum, layer_last_axis_moved],
    ),
    Exercise(
        key="the-hidden-kernel",
        title="The hidden kernel",
        check=check_hidden,
        hints=[
            "Write the windows of `x` as rows of a matrix $A$. Then $A w = y$, with many more equations than unknowns.",
            "You know ways to make $\\lVert A w - y \\rVert^2$ small: gradient descent on `w`, or `np.linalg.lstsq`.",
        ],
        solution=find_kernel,
        explanation="This is linear regression with the windows as examples. By gradient descent it works, too, and "
        "takes "
        "longer the more alike neighbouring pixels are: a ravine.",
        wrong=[
            Wrong(one_step, "one step of gradient descent"),
            Wrong(found_flipped, "the kernel, flipped"),
            Wrong(by_few_windows, "use all windows"),
            Wrong(too_large_steps, "have run away"),
        ],
        right=[find_kernel, by_normal_equations, by_gradient_descent],
    ),
]
