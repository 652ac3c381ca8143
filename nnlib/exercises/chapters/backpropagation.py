"""Exercises of the chapter Backpropagation."""

from functools import cache

import numpy as np

from nnlib.data import batches, load_digits, split
from nnlib.exercises.exercise import Exercise, Wrong, agree, require
from nnlib.numpy import functional as F
from nnlib.numpy import nn

rng = np.random.default_rng(0)


def require_functions(**vjps):
    """Every vjp is a function of g, not yet a number or an array."""
    for name, vjp in vjps.items():
        require(callable(vjp), f"`{name}` is a value. It should be a function of $g$: `def {name}(g): return ...`.")


# A unit that is off

UNIT_OFF = (-8, 0, 0, 24)  # by h2, z2, v2, w11


def check_unit_off(answer):
    h2, z2, v2, w11 = answer
    require(h2 != 8, "By $h_2$: what arrives is multiplied by $v_2$, and $v_2$ is $-1$.")
    require(
        h2 not in (-6, 6),
        "The 6 at the output belongs to the first section. With $x = (2, 1)$ the output is 3, "
        "and $2(\\hat y - y)$ is 8.",
    )
    require(
        h2 not in (-4, 4),
        "8 should arrive at $\\hat y$, and 4 did. $(\\hat y - y)^2$ has the derivative $2(\\hat y - y)$: is the 2 "
        "missing, or did you take $y$ for 1? It is $-1$.",
    )
    require(
        h2 not in (-10, 10),
        "The gate works on the way forward, too: $z_2$ is $-1$, so that $h_2$ is 0, and $\\hat y$ is 3, not 4.",
    )
    require(h2 != 0, "By $h_2$: the gate stands between $z_2$ and $h_2$. What it stops has already reached $h_2$.")
    agree(h2, -8, what="The derivative by $h_2$")
    require(z2 != -8, "By $z_2$: $z_2 = -2 + 1$ is negative, so the gate is closed. What passes a closed gate?")
    agree(z2, 0, what="The derivative by $z_2$")
    require(v2 != -8, "By $v_2$: $v_2$ multiplies $h_2$, what the gate lets through, and not $z_2$.")
    agree(v2, 0, what="The derivative by $v_2$")
    require(w11 != 12, "By $w_{11}$: $8 \\cdot 1.5$ arrives at $z_1$. $w_{11}$ multiplies $x_1$, which is now 2.")
    require(w11 != 16, "By $w_{11}$: the way back from $\\hat y$ to $h_1$ leads through $v_1 = 1.5$.")
    agree(w11, 24, what="The derivative by $w_{11}$")


# A box of its own


def divide(a, b):
    c = a / b

    def d_a(g):
        return g / b

    def d_b(g):
        return -g * a / b**2

    return c, (d_a, d_b)


TOP, BOTTOM, G = np.array([1.0, 2.0, -3.0, 0.5]), np.array([2.0, -1.0, 4.0, 0.25]), rng.standard_normal(4)


def check_divide(answer):
    c, (d_a, d_b) = answer(TOP, BOTTOM)
    agree(c, TOP / BOTTOM, what="The value $c$", show=True)
    require_functions(d_a=d_a, d_b=d_b)
    by_a, by_b = d_a(G), d_b(G)
    for name, by, slope in ("d_a", by_a, 1 / BOTTOM), ("d_b", by_b, -TOP / BOTTOM**2):
        require(
            not np.allclose(by, slope), f"`{name}` forgets $g$: a box multiplies what arrives by its own derivative."
        )
    require(
        not (np.allclose(by_b, G / BOTTOM) and np.allclose(by_a, -G * TOP / BOTTOM**2)),
        "Both are right, but they have changed places: `d_a` is the derivative by $a$.",
    )
    require(
        not np.allclose(by_a, G * BOTTOM),
        "`d_a` is that of a product, $g\\,b$. In $a/b$, how much does $c$ move when only $a$ does?",
    )
    agree(by_a, G / BOTTOM, what="What `d_a` returns", show=True)
    require(
        not np.allclose(by_b, -G / BOTTOM**2),
        "`d_b` is that of $1/b$. The box computes $a \\cdot (1/b)$: where has $a$ gone?",
    )
    require(
        not np.allclose(by_b, G * TOP / BOTTOM**2),
        "`d_b` has the wrong sign. When $b$ grows, does $a/b$ grow too (say, with $a$ and $b$ positive)?",
    )
    require(not np.allclose(by_b, -G * TOP / BOTTOM), "`d_b` takes $-1/b$ for the derivative of $1/b$. It is $-1/b^2$.")
    agree(by_b, -G * TOP / BOTTOM**2, what="What `d_b` returns", show=True)


def divide_by_parts(a, b):
    inverse = 1 / b
    c = a * inverse

    def d_b(g):
        d_inverse = g * a
        return d_inverse * -(inverse * inverse)

    return c, (lambda g: g * inverse, d_b)


def divide_without_sign(a, b):
    return a / b, (lambda g: g / b, lambda g: g * a / b**2)


def divide_as_reciprocal(a, b):
    return a / b, (lambda g: g / b, lambda g: -g / b**2)


def divide_as_product(a, b):
    return a / b, (lambda g: g * b, lambda g: g * a)


def divide_without_g(a, b):
    return a / b, (lambda g: 1 / b, lambda g: -a / b**2)


def divide_without_g_in_b(a, b):
    return a / b, (lambda g: g / b, lambda g: -a / b**2)


def divide_exchanged(a, b):
    return a / b, (lambda g: -g * a / b**2, lambda g: g / b)


def divide_without_square(a, b):
    return a / b, (lambda g: g / b, lambda g: -g * a / b)


def divide_into_values(a, b):
    return a / b, (1 / b, -a / b**2)


# The sigmoid's derivative


def sigmoid(z):
    p = 1 / (1 + np.exp(-z))

    def d_z(g):
        return g * p * (1 - p)

    return p, (d_z,)


Z = np.array([[-3.0, -1.0], [-0.25, 0.5], [1.0, 2.0]])
G_Z = rng.standard_normal(Z.shape)


def check_sigmoid(answer):
    p, (d_z,) = answer(Z)
    q = 1 / (1 + np.exp(-Z))
    agree(p, q, what="The value $p$", show=True)
    require_functions(d_z=d_z)
    slope = d_z(G_Z)
    require(
        not np.allclose(slope, q * (1 - q)), "Your vjp forgets $g$: the slope has to be multiplied by what arrives."
    )
    require(
        not np.allclose(slope, G_Z * Z * (1 - Z)),
        "You put $z$ where the output belongs: it is $p$ that the rule is made of.",
    )
    require(not np.allclose(slope, G_Z * (1 - q**2)), "$1 - p^2$ is the slope of tanh. That of the sigmoid is another.")
    require(not np.allclose(slope, G_Z * q), "$p$ alone is too much: at $p = 1$ the curve is flat, and the slope 0.")
    agree(slope, G_Z * q * (1 - q), what="What `d_z` returns", show=True)
    far, (d_far,) = answer(np.array([-800.0, 800.0]))
    require(
        np.isfinite(d_far(np.ones(2))).all(),
        "Right for small $z$, but at $z = -800$ it gives nan: you use $e^{-z}$ again, which is infinite there. "
        "Written with $p$ alone it is 0, as it should be.",
    )


def sigmoid_spread(z):
    p = 1 / (1 + np.exp(-z))
    return p, (lambda g: (p - p * p) * g,)


def sigmoid_by_halves(z):
    t = np.tanh(z / 2)
    p = 0.5 + t / 2
    return p, (lambda g: g / 4 * (1 - t**2),)


def sigmoid_from_z(z):
    e = np.exp(-z)
    return 1 / (1 + e), (lambda g: g * e / (1 + e) ** 2,)


def sigmoid_mixing_up(z):
    return 1 / (1 + np.exp(-z)), (lambda g: g * z * (1 - z),)


def sigmoid_like_tanh(z):
    p = 1 / (1 + np.exp(-z))
    return p, (lambda g: g * (1 - p**2),)


def sigmoid_without_g(z):
    p = 1 / (1 + np.exp(-z))
    return p, (lambda g: p * (1 - p),)


# A mean over the batch


def centre(x):
    y = x - x.mean(axis=0)

    def d_x(g):
        return g - g.mean(axis=0)

    return y, (d_x,)


BATCH, G_BATCH = rng.standard_normal((5, 3)), rng.standard_normal((5, 3))


def check_centre(answer):
    y, (d_x,) = answer(BATCH)
    agree(y, BATCH - BATCH.mean(axis=0), what="The value $y$", show=True)
    require_functions(d_x=d_x)
    d = d_x(G_BATCH)
    require(np.shape(d) == BATCH.shape, f"A derivative by $x$ has the shape of $x$, {BATCH.shape}, not {np.shape(d)}.")
    require(
        not np.allclose(d, G_BATCH),
        "You treat the mean as a constant. But $x_{nd}$ is in the mean of its column, too: two uses, and what comes "
        "back through both is added.",
    )
    require(
        not np.allclose(d, G_BATCH * 0.8),
        "You count what $x_{nd}$ does to its own $y_{nd}$: $1 - 1/N$. Through the mean it moves the other rows, too.",
    )
    require(
        not np.allclose(d, G_BATCH - G_BATCH.mean()),
        "You subtract the mean of all of $g$. Each column of $x$ has its own mean: what happens in one stays in it.",
    )
    require(
        not np.allclose(d, G_BATCH - G_BATCH.mean(axis=1, keepdims=True)),
        "You subtract the mean of each row. The forward pass took it over axis 0.",
    )
    require(
        not np.allclose(d, G_BATCH - G_BATCH.sum(axis=0)),
        "You subtract the sum of each column: each row takes part in the mean with $1/N$ only.",
    )
    require(
        not np.allclose(d, G_BATCH + G_BATCH.mean(axis=0)),
        "The mean is subtracted on the way forward, and so what comes back through it has a minus.",
    )
    require(
        not np.allclose(d, G_BATCH - 0.2),
        "You subtract $1/N$ itself. Through the mean, $1/N$ of every $g$ in the column comes back.",
    )
    agree(d, G_BATCH - G_BATCH.mean(axis=0), what="What `d_x` returns", show=True)


def centre_by_matrix(x):
    n = len(x)
    M = np.eye(n) - np.ones((n, n)) / n
    return M @ x, (lambda g: M.T @ g,)


def centre_by_uses(x):
    def d_x(g):
        direct = g
        through_mean = -np.sum(g, axis=0) / g.shape[0]
        return direct + np.broadcast_to(through_mean, g.shape)

    return x - x.mean(axis=0), (d_x,)


def centre_by_loops(x):
    def d_x(g):
        d = np.zeros_like(g)
        for n in range(len(g)):
            for m in range(len(g)):
                d[n] += g[m] * ((n == m) - 1 / len(g))
        return d

    return x - x.sum(axis=0) / len(x), (d_x,)


def centre_constant_mean(x):
    return x - x.mean(axis=0), (lambda g: g * 1.0,)


def centre_own_row(x):
    return x - x.mean(axis=0), (lambda g: g * (1 - 1 / len(x)),)


def centre_all(x):
    return x - x.mean(axis=0), (lambda g: g - g.mean(),)


def centre_rows(x):
    return x - x.mean(axis=0), (lambda g: g - g.mean(axis=1, keepdims=True),)


def centre_by_sum(x):
    return x - x.mean(axis=0), (lambda g: g - g.sum(axis=0),)


def centre_plus(x):
    return x - x.mean(axis=0), (lambda g: g + g.mean(axis=0),)


def centre_by_share(x):
    return x - x.mean(axis=0), (lambda g: g - 1 / len(x),)


# Three layers


def gradients3(W1, b1, W2, b2, W3, b3, x, y):
    z1, (_, d_W1, d_b1) = F.linear.rule(x, W1, b1)
    h1, (d_z1,) = F.relu.rule(z1)
    z2, (d_h1, d_W2, d_b2) = F.linear.rule(h1, W2, b2)
    h2, (d_z2,) = F.relu.rule(z2)
    logits, (d_h2, d_W3, d_b3) = F.linear.rule(h2, W3, b3)
    L, (d_logits,) = F.cross_entropy.rule(logits, y)
    g = d_logits(1.0)
    g_z2 = d_z2(d_h2(g))
    g_z1 = d_z1(d_h1(g_z2))
    return L, [d_W1(g_z1), d_b1(g_z1), d_W2(g_z2), d_b2(g_z2), d_W3(g), d_b3(g)]


SIZES = ((4, 5), (4,), (4, 4), (4,), (3, 4), (3,))  # the second layer is square, as in the chapter
WEIGHTS = tuple(rng.standard_normal(shape) for shape in SIZES)
EXAMPLES = rng.standard_normal((8, 5)), np.array([0, 2, 1, 1, 0, 2, 2, 0])


def check_three_layers(answer):
    L, *found = answer(*WEIGHTS, *EXAMPLES)
    if len(found) == 1:  # in a list, as the chapter's `gradients` does, or one after the other
        found = found[0]
    wanted, gradients = gradients3(*WEIGHTS, *EXAMPLES)
    for loss, says in usual_losses(*WEIGHTS, *EXAMPLES):
        require(np.shape(L) != () or not np.isclose(L, loss), says)
    agree(L, wanted, what="The loss", show=True)
    require(len(found) == 6, f"Return $L$ and six derivatives, not {len(found)}.")
    names = "W1", "b1", "W2", "b2", "W3", "b3"
    for name, one, other in zip(names, found, gradients, strict=True):
        require(
            np.shape(one) == other.shape,
            f"The derivative by `{name}` has shape {np.shape(one)}, and `{name}` has shape {other.shape}.",
        )
    last, *_ = found[4:]
    require(
        not np.allclose(last, len(EXAMPLES[0]) * gradients[4]),
        "The derivatives are as many times too large as there are examples: the loss is a mean over the batch.",
    )
    mistakes = usual_mistakes(*WEIGHTS, *EXAMPLES)
    right = "W3"
    for name, one, other in reversed(list(zip(names, found, gradients, strict=True))):
        before = "" if name == "b3" else f"Down to `{right}` all is right. "
        require(
            name != "b3" or not np.allclose(one, other / len(EXAMPLES[0])),
            "A bias gets the sum over the batch. Its mean divides by $N$ twice: $g$ holds the loss's $1/N$ already.",
        )
        for mistake, says in mistakes.get(name, ()):
            require(not np.allclose(one, mistake), f"{before}{says}")
        agree(one, other, what=f"{before}The derivative by `{name}`", tolerance=1e-4, show=True)
        right = name


def usual_losses(W1, b1, W2, b2, W3, b3, x, y):
    """The loss by the usual mistakes on the way forward, and what to say."""
    z2 = np.maximum(x @ W1.T + b1, 0) @ W2.T + b2
    logits = np.maximum(z2, 0) @ W3.T + b3
    return [
        (F.cross_entropy.rule(z2 @ W3.T + b3, y)[0], "On the way forward the ReLU after the second layer is missing."),
        (
            F.cross_entropy.rule(np.maximum(logits, 0), y)[0],
            "There is no ReLU after the third layer: logits may be < 0.",
        ),
    ]


def usual_mistakes(W1, b1, W2, b2, W3, b3, x, y):
    """What `b2` and `b1` get by the usual mistakes on the way back, and what to say."""
    h1 = np.maximum(x @ W1.T + b1, 0)
    h2 = np.maximum(h1 @ W2.T + b2, 0)
    g = F.cross_entropy.rule(h2 @ W3.T + b3, y)[1][0](1.0)
    g_z2 = g @ W3 * (h2 > 0)
    no_gate = "On the way to `{}` the gate of the {} ReLU is missing."
    return {
        "b2": [((g @ W3).sum(axis=0), no_gate.format("b2", "second"))],
        "b1": [
            ((g_z2 @ W2).sum(axis=0), no_gate.format("b1", "first")),
            ((g_z2 @ W2.T * (h1 > 0)).sum(axis=0), "Through the second layer you send $G W^\\top$ back, not $G W$."),
        ],
    }


def gradients3_by_hand(W1, b1, W2, b2, W3, b3, x, y):
    h1 = np.maximum(x @ W1.T + b1, 0)
    h2 = np.maximum(h1 @ W2.T + b2, 0)
    s = h2 @ W3.T + b3
    p = np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)
    rows = np.arange(len(y))
    g = p.copy()
    g[rows, y] -= 1
    g /= len(y)
    g2 = (g @ W3) * (h2 > 0)
    g1 = (g2 @ W2) * (h1 > 0)
    return -np.log(p[rows, y]).mean(), g1.T @ x, g1.sum(0), g2.T @ h1, g2.sum(0), g.T @ h2, g.sum(0)


def gradients3_by_loop(W1, b1, W2, b2, W3, b3, x, y):
    layers, tape, h = [(W1, b1), (W2, b2), (W3, b3)], [], x
    for i, (W, b) in enumerate(layers):
        h, vjps = F.linear.rule(h, W, b)
        gate = None
        if i < 2:
            h, (gate,) = F.relu.rule(h)
        tape.append((vjps, gate))
    L, (d_logits,) = F.cross_entropy.rule(h, y)
    g, found = d_logits(1.0), []
    for (d_x, d_W, d_b), gate in reversed(tape):
        g = gate(g) if gate else g
        found = [d_W(g), d_b(g), *found]
        g = d_x(g)
    return L, found


def gradients3_by_tape(W1, b1, W2, b2, W3, b3, x, y):
    n, h, c = x.shape[1], len(b1), len(b3)
    model = nn.Sequential(nn.Linear(n, h), nn.ReLU(), nn.Linear(h, h), nn.ReLU(), nn.Linear(h, c)).double()
    model.load_state_dict(dict(zip(model.state_dict(), (W1, b1, W2, b2, W3, b3), strict=True)))
    L = F.cross_entropy(model(x), y)
    L.backward()
    return L, [parameter.grad for parameter in model.parameters()]


def gradients3_ungated(W1, b1, W2, b2, W3, b3, x, y):
    z1, (_, d_W1, d_b1) = F.linear.rule(x, W1, b1)
    h1, (d_z1,) = F.relu.rule(z1)
    z2, (d_h1, d_W2, d_b2) = F.linear.rule(h1, W2, b2)
    logits, (d_h2, d_W3, d_b3) = F.linear.rule(F.relu.rule(z2)[0], W3, b3)
    L, (d_logits,) = F.cross_entropy.rule(logits, y)
    g = d_logits(1.0)
    g_z2 = d_h2(g)
    g_z1 = d_z1(d_h1(g_z2))
    return L, [d_W1(g_z1), d_b1(g_z1), d_W2(g_z2), d_b2(g_z2), d_W3(g), d_b3(g)]


def gradients3_one_relu(W1, b1, W2, b2, W3, b3, x, y):
    z1, (_, d_W1, d_b1) = F.linear.rule(x, W1, b1)
    h1, (d_z1,) = F.relu.rule(z1)
    z2, (d_h1, d_W2, d_b2) = F.linear.rule(h1, W2, b2)
    logits, (d_z2, d_W3, d_b3) = F.linear.rule(z2, W3, b3)
    L, (d_logits,) = F.cross_entropy.rule(logits, y)
    g = d_logits(1.0)
    g_z2 = d_z2(g)
    g_z1 = d_z1(d_h1(g_z2))
    return L, [d_W1(g_z1), d_b1(g_z1), d_W2(g_z2), d_b2(g_z2), d_W3(g), d_b3(g)]


def gradients3_three_relus(W1, b1, W2, b2, W3, b3, x, y):
    z1, (_, d_W1, d_b1) = F.linear.rule(x, W1, b1)
    h1, (d_z1,) = F.relu.rule(z1)
    z2, (d_h1, d_W2, d_b2) = F.linear.rule(h1, W2, b2)
    h2, (d_z2,) = F.relu.rule(z2)
    z3, (d_h2, d_W3, d_b3) = F.linear.rule(h2, W3, b3)
    logits, (d_z3,) = F.relu.rule(z3)
    L, (d_logits,) = F.cross_entropy.rule(logits, y)
    g = d_z3(d_logits(1.0))
    g_z2 = d_z2(d_h2(g))
    g_z1 = d_z1(d_h1(g_z2))
    return L, [d_W1(g_z1), d_b1(g_z1), d_W2(g_z2), d_b2(g_z2), d_W3(g), d_b3(g)]


def gradients3_transposed(W1, b1, W2, b2, W3, b3, x, y):
    z1, (_, d_W1, d_b1) = F.linear.rule(x, W1, b1)
    h1, (d_z1,) = F.relu.rule(z1)
    z2, (_, d_W2, d_b2) = F.linear.rule(h1, W2, b2)
    h2, (d_z2,) = F.relu.rule(z2)
    logits, (d_h2, d_W3, d_b3) = F.linear.rule(h2, W3, b3)
    L, (d_logits,) = F.cross_entropy.rule(logits, y)
    g = d_logits(1.0)
    g_z2 = d_z2(d_h2(g))
    g_z1 = d_z1(g_z2 @ W2.T)
    return L, [d_W1(g_z1), d_b1(g_z1), d_W2(g_z2), d_b2(g_z2), d_W3(g), d_b3(g)]


def gradients3_summed(W1, b1, W2, b2, W3, b3, x, y):
    L, found = gradients3(W1, b1, W2, b2, W3, b3, x, y)
    return L, [len(y) * d for d in found]


def gradients3_mean_bias(W1, b1, W2, b2, W3, b3, x, y):
    L, (d_W1, d_b1, d_W2, d_b2, d_W3, d_b3) = gradients3(W1, b1, W2, b2, W3, b3, x, y)
    n = len(y)
    return L, [d_W1, d_b1 / n, d_W2, d_b2 / n, d_W3, d_b3 / n]


# Find the bug


def gated(x):
    h, (d_h,) = F.relu.rule(x)

    def d_x(g):
        return g * h + d_h(g * x)

    return h * x, (d_x,)


POINTS, G_POINTS = np.array([-2.0, -1.0, 0.5, 1.0, 2.0]), np.array([1.0, -0.5, 2.0, 3.0, -1.0])


def check_gated(answer):
    y, (d_x,) = answer(POINTS)
    agree(y, np.maximum(POINTS, 0) * POINTS, what="The value", show=True)
    require_functions(d_x=d_x)
    d, h = d_x(G_POINTS), np.maximum(POINTS, 0)
    open_gate = POINTS > 0
    require(
        not np.allclose(d, G_POINTS * h + G_POINTS * open_gate),
        "The bug is still there. At $x = 2$ the function is $x^2$, and its slope 4. There this gives 3 when $g = 1$.",
    )
    require(
        not np.allclose(d, G_POINTS * h),
        "Half of it is missing: $x$ is used twice, as a factor and inside the ReLU, and both uses send something back.",
    )
    require(
        np.shape(d) != POINTS.shape or not np.any(np.asarray(d)[~open_gate]),
        "For negative $x$ the output is 0 and stays 0 when $x$ moves a little: nothing may come back there.",
    )
    agree(d, 2 * G_POINTS * h, what="What `d_x` returns", show=True)


def gated_in_closed_form(x):
    h = np.maximum(x, 0)
    return h * x, (lambda g: 2 * g * h,)


def gated_by_product(x):
    h, (d_h,) = F.relu.rule(x)

    def d_x(g):
        to_h, to_x = g * x, g * h
        return np.add(to_x, d_h(to_h))

    return h * x, [d_x]


def gated_by_cases(x):
    return np.where(x > 0, x**2, 0.0), (lambda g: np.where(x > 0, 2 * g * x, 0.0),)


def gated_with_the_bug(x):
    h, (d_h,) = F.relu.rule(x)
    return h * x, (lambda g: g * h + d_h(g),)


def gated_one_use(x):
    h = np.maximum(x, 0)
    return h * x, (lambda g: g * h,)


def gated_without_gate(x):
    return np.maximum(x, 0) * x, (lambda g: 2 * g * x,)


def gated_with_one_gate_open(x):
    h = np.maximum(x, 0)
    return h * x, (lambda g: g * h + g * x,)


def gated_with_exchanged_factors(x):
    h, (d_h,) = F.relu.rule(x)
    return h * x, (lambda g: g * x + d_h(g * h),)


# How wrong may a gradient be?

HIDDEN, EPOCHS, LEARNING_RATE, SEEDS = 12, 5, 0.2, (0, 1)


def send_back(g, W):
    B = np.random.default_rng(0).standard_normal(W.shape)  # the same numbers every time
    return g @ B


@cache
def digits():
    """Pictures and labels, for training and for the test."""
    train, test = split(load_digits(), (0.8, 0.2), seed=0)
    return [a for part in (train, test) for a in (part.x.reshape(-1, 64).astype(np.float64), part.y)]


def cosine(a, b):
    """The cosine of the angle between two arrays; 0 if one of them is zero."""
    lengths = np.linalg.norm(a) * np.linalg.norm(b)
    return float((a * b).sum() / lengths) if lengths else 0.0


def train_with(way_back, seed):
    """Let a 64-12-10 network learn with this way back.

    Returns its test accuracy, the cosine of each step with the right one, and how much longer the first step is.
    """
    X, Y, X_test, Y_test = digits()
    rng, cosines, longer = np.random.default_rng(seed), [], 0.0
    W1, W2 = rng.normal(size=(HIDDEN, 64)) * (2 / 64) ** 0.5, rng.normal(size=(10, HIDDEN)) * (2 / HIDDEN) ** 0.5
    b1, b2 = np.zeros(HIDDEN), np.zeros(10)
    for x, y in (xy for _ in range(EPOCHS) for xy in batches(X, Y, 32, rng=rng)):
        h = np.maximum(x @ W1.T + b1, 0)
        g = F.cross_entropy.rule(h @ W2.T + b2, y)[1][0](1.0)
        g_h = way_back(g, W2)
        cosines.append(cosine(g_h, g @ W2))
        longer = longer or np.linalg.norm(g_h) / np.linalg.norm(g @ W2)
        g_z = g_h * (h > 0)
        W2, b2 = W2 - LEARNING_RATE * g.T @ h, b2 - LEARNING_RATE * g.sum(axis=0)
        W1, b1 = W1 - LEARNING_RATE * g_z.T @ x, b1 - LEARNING_RATE * g_z.sum(axis=0)
    read = (np.maximum(X_test @ W1.T + b1, 0) @ W2.T + b2).argmax(axis=1)
    return (read == Y_test).mean(), cosines, longer


def check_send_back(answer):
    g, W = rng_arrays(1, (7, 10), (10, HIDDEN))
    first = answer(g, W)
    require(
        np.shape(first) == (7, HIDDEN),
        f"For $g$ of shape (7, 10) and $W$ of shape (10, 12) return (7, 12), not {np.shape(first)}.",
    )
    require(np.isfinite(first).all(), "It returns nan or infinity.")
    require(np.any(first), "Nothing arrives at the hidden layer: it returns zeros, and the first weights never move.")
    require(
        cosine(first, g @ W) < 0.999,
        "This is the right derivative, or a multiple of it. Find a wrong one with which the network still learns.",
    )
    require(
        cosine(first, g @ W) > -0.999,
        "This points straight uphill: it is the right derivative with its sign turned round.",
    )
    require(
        np.array_equal(first, answer(g, W)),
        "It returns something else each time. Matrices that change from step to step cancel out: draw $B$ once, or "
        "from a generator with a seed inside the function.",
    )
    runs = [train_with(answer, seed) for seed in SEEDS]
    accuracy, longer = np.mean([found for found, _, _ in runs]), np.mean([longer for _, _, longer in runs])
    before, after = (np.mean([np.mean(c[part]) for _, c, _ in runs]) for part in (slice(0, 5), slice(-45, None)))
    found = f"The network reads {100 * accuracy:.0f} % of the test digits, mean of two seeds."
    require(
        accuracy > 0.8 or longer < 10,
        f"{found} Above 80 % are wanted. What you send back is {longer:.0f} times as long as the right derivative, "
        "and so are the steps: make it smaller.",
    )
    before, after = (f"{round(number, 1) + 0:.1f}" for number in (before, after))  # + 0: never -0.0
    require(accuracy > 0.8, f"{found} Above 80 % are wanted. The cosine with the right derivative ends at {after}.")
    return (
        f"{found} The cosine between your way back and the right derivative was {before} in the first steps "
        f"and {after} in the last epoch."
    )


def rng_arrays(seed, *shapes):
    """Random arrays, the same every time."""
    generator = np.random.default_rng(seed)
    return [generator.standard_normal(shape) for shape in shapes]


B_ONCE = rng_arrays(3, (10, HIDDEN))[0]
EVERY_TIME = np.random.default_rng(4)


def send_back_drawn_once(g, W):
    return np.einsum("nc,ch->nh", g, B_ONCE)


def send_back_signs_of_weights(g, W):
    return 0.3 * g @ np.sign(W)


def send_back_sign(g, W):
    return 0.01 * np.sign(g @ W)


def send_back_nothing(g, W):
    return np.zeros((len(g), W.shape[1]))


def send_back_anew(g, W):
    return g @ EVERY_TIME.standard_normal(W.shape)


def send_back_right(g, W):
    return g @ W


def send_back_long(g, W):
    return np.sign(g) @ W


def send_back_ones(g, W):
    return np.full((len(g), W.shape[1]), 0.01)


EXERCISES = [
    Exercise(
        key="a-unit-that-is-off",
        title="A unit that is off",
        check=check_unit_off,
        hints=[
            "Go forward first: $z_1$, $z_2$, $h_1$, $h_2$, $\\hat y$. Which of the two gates is closed?",
            "$z_2 = -2 + 1 = -1$, so $h_2$ is 0. $z_1$ is 2 as before, but $\\hat y$ is now $1.5 \\cdot 2$. What is "
            "$2(\\hat y - y)$?",
            "What arrives at $\\hat y$ goes to $h_2$ times $v_2$, and to $v_2$ times $h_2$. A closed gate stops what "
            "has arrived at $h_2$. To $w_{11}$ it goes by $v_1$, an open gate, and $x_1$.",
        ],
        solution=UNIT_OFF,
        explanation="$\\hat y = 3$, so $2(\\hat y - y) = 8$ arrives at the output. It reaches $h_2$ as "
        "$8 \\cdot (-1) = -8$ and stops at the gate: $z_2$ gets 0, and so do $w_{21}$, $w_{22}$ and $b_2$. "
        "$v_2$ gets $8 \\cdot h_2 = 0$. "
        "$w_{11}$ gets $8 \\cdot 1.5 \\cdot 2 = 24$.",
        wrong=[
            Wrong((0, 0, 0, 24), "already reached"),
            Wrong((-8, -8, 0, 24), "gate is closed"),
            Wrong((-8, 0, -8, 24), "and not $z_2$"),
            Wrong((-6, 0, 0, 18), "belongs to the first section"),
            Wrong((-4, 0, 0, 12), "is the 2 missing"),
            Wrong((-10, 0, 0, 30), "on the way forward, too"),
            Wrong((-8, 0, 0, 12), "which is now 2"),
        ],
        right=[[-8, 0, 0, 24], np.array([-8.0, 0.0, 0.0, 24.0]), (-8.0, 0, -0.0, 24)],
    ),
    Exercise(
        key="divide",
        title="A box of its own",
        check=check_divide,
        hints=[
            "How does $a/b$ move when only $a$ moves? When only $b$ moves? A vjp multiplies that by $g$.",
            "By $a$: $a/b$ is $a$ times the constant $1/b$. By $b$: $1/b$ has the derivative $-1/b^2$, and $a$ stands "
            "before it.",
        ],
        solution=divide,
        explanation="$\\partial c/\\partial a = 1/b$ and $\\partial c/\\partial b = -a/b^2$, each times the $g$ that "
        "arrives. The second is also $-c/b$: a library that keeps $c$ need not keep $a$.",
        wrong=[
            Wrong(divide_without_sign, "wrong sign"),
            Wrong(divide_as_reciprocal, "where has $a$ gone"),
            Wrong(divide_as_product, "that of a product"),
            Wrong(divide_without_g, "`d_a` forgets $g$"),
            Wrong(divide_without_g_in_b, "`d_b` forgets $g$"),
            Wrong(divide_exchanged, "changed places"),
            Wrong(divide_without_square, "for the derivative of $1/b$"),
            Wrong(divide_into_values, "is a value"),
        ],
        right=[
            divide_by_parts,
            lambda a, b: (a / b, (lambda g: g / b, lambda g: -g * (a / b) / b)),
            lambda a, b: (np.divide(a, b), [lambda g: np.divide(g, b), lambda g: -(g * a) * b**-2.0]),
        ],
    ),
    Exercise(
        key="sigmoid-vjp",
        title="The sigmoid's derivative",
        check=check_sigmoid,
        hints=[
            "Derive $1/(1 + e^{-z})$ by the chain rule. Then look for $p$ in what you get.",
            "$\\frac{e^{-z}}{(1 + e^{-z})^2}$ is a product of two fractions. One is $p$. Write $1 - p$ as a fraction.",
            "The slope is $p\\,(1 - p)$. A vjp multiplies it by what arrives.",
        ],
        solution=sigmoid,
        explanation="$\\sigma'(z) = \\frac{1}{1 + e^{-z}} \\cdot \\frac{e^{-z}}{1 + e^{-z}} = p\\,(1 - p)$. "
        "A library keeps $p$ anyway, because the next box needs it; with this form it can forget $z$. And the "
        "slope is always a number: for $z = -800$ the form with $e^{-z}$ computes infinity over infinity.",
        wrong=[
            Wrong(sigmoid_from_z, "infinite there"),
            Wrong(sigmoid_mixing_up, "where the output belongs"),
            Wrong(sigmoid_like_tanh, "slope of tanh"),
            Wrong(sigmoid_without_g, "forgets $g$"),
        ],
        right=[
            sigmoid_spread,
            sigmoid_by_halves,
            lambda z: F.sigmoid.rule(z),
        ],
    ),
    Exercise(
        key="centre",
        title="A mean over the batch",
        check=check_centre,
        hints=[
            "$x_{nd}$ is used in several places. Which entries of $y$ move when it moves?",
            "$x_{nd}$ is used in $y_{nd}$ with derivative $1$ and, through the mean, in every $y_{md}$ with "
            "derivative $-1/N$. Add what comes back over all uses.",
            "$\\sum_m g_{md}\\,([n = m] - 1/N)$. The first part is $g_{nd}$; what is the second, as one call of NumPy?",
        ],
        solution=centre,
        explanation="$\\partial L/\\partial x_{nd} = g_{nd} - \\frac1N \\sum_m g_{md}$: the backward pass centres $g$ "
        "as the forward pass centres $x$. A $g$ that is the same in every row becomes 0, and must: it asks how the "
        "*sum* of a column of $y$ moves, and that sum is 0 whatever $x$ is.",
        wrong=[
            Wrong(centre_constant_mean, "as a constant"),
            Wrong(centre_own_row, "the other rows"),
            Wrong(centre_all, "mean of all of"),
            Wrong(centre_rows, "mean of each row"),
            Wrong(centre_by_sum, "sum of each column"),
            Wrong(centre_plus, "has a minus"),
            Wrong(centre_by_share, "$1/N$ itself"),
        ],
        right=[centre_by_matrix, centre_by_uses, centre_by_loops],
    ),
    Exercise(
        key="three-layers",
        title="Three layers",
        check=check_three_layers,
        hints=[
            "The backward pass is the forward pass read from the bottom up. What does one more layer add to each?",
            "Forward, two lines more: `z2, (d_h1, d_W2, d_b2) = ...` and `h2, (d_z2,) = ...`. Backward, each hidden "
            "layer has a line that turns what arrived above it into `g_z`.",
            "`g` serves `d_W3` and `d_b3`. Sent through `d_h2`, then `d_z2`, it becomes `g_z2`, for `d_W2` and `d_b2`. "
            "And so on, once more.",
        ],
        solution=gradients3,
        explanation="One more layer: two lines forward, one line and two derivatives backward. For ten more you would "
        "write a loop.",
        wrong=[
            Wrong(gradients3_ungated, "gate of the second ReLU is missing"),
            Wrong(gradients3_one_relu, "after the second layer is missing"),
            Wrong(gradients3_three_relus, "no ReLU after the third layer"),
            Wrong(gradients3_transposed, "not $G W$"),
            Wrong(gradients3_summed, "as there are examples"),
            Wrong(gradients3_mean_bias, "divides by $N$ twice"),
        ],
        right=[gradients3_by_hand, gradients3_by_loop, gradients3_by_tape],
    ),
    Exercise(
        key="gated",
        title="Find the bug",
        check=check_gated,
        hints=[
            "Draw the graph: $x$ goes into two boxes. Which box stands between `relu` and the output?",
            "The product's rule: what arrives, times the *other* factor. What is the other factor of $h$?",
            "`d_h` is right. It must be given what the product sends to $h$.",
        ],
        solution=gated,
        explanation="The product sends $g\\,h$ to $x$ and $g\\,x$ to $h$; the second then goes through the ReLU's "
        "gate. In all $2\\,g\\,h$: for positive $x$ the function is $x^2$, and else it is 0.",
        wrong=[
            Wrong(gated_with_the_bug, "still there"),
            Wrong(gated_one_use, "Half of it is missing"),
            Wrong(gated_without_gate, "nothing may come back"),
            Wrong(gated_with_one_gate_open, "nothing may come back"),
            Wrong(gated_with_exchanged_factors, "nothing may come back"),
        ],
        right=[gated_in_closed_form, gated_by_product, gated_by_cases],
    ),
    Exercise(
        key="how-wrong-may-it-be",
        title="How wrong may a gradient be?",
        check=check_send_back,
        hints=[
            "Put something in the place of $W$, of the same shape: what arrives should still depend on $g$.",
            "Take a random matrix $B$ for $W$. It must stay the same from step to step: draw it once, outside, or with "
            "a seed inside the function.",
            "Other ways that work: keep only the signs of $W$, or only the sign of each derivative, times a small "
            "number.",
        ],
        solution=send_back,
        explanation="A fixed random $B$ has nothing to do with $W$ at first: the cosine is about 0. But the step of "
        "$W$ itself, $G^\\top H$ with $H$ the outputs of the hidden layer, is right, and as $B$ steers $H$, $W$ grows "
        "to resemble $B$. In the end the way back points downhill. This is *feedback alignment*, found by Lillicrap "
        "and others in 2016. The right derivative is still better.",
        wrong=[
            Wrong(send_back_nothing, "zeros"),
            Wrong(send_back_right, "right derivative, or a multiple"),
            Wrong(send_back_anew, "something else each time"),
            Wrong(send_back_long, "make it smaller"),
            Wrong(send_back_ones, "ends at"),
        ],
        right=[send_back_drawn_once, send_back_signs_of_weights, send_back_sign],
    ),
]
