"""Exercises of the chapter The GPU. They need no GPU."""

import numpy as np

from nnlib.exercises.exercise import Exercise, Wrong, agree, require

# Operations for a byte


def layer_intensity(B, n, m, size):
    operations = 2 * B * n * m + B * m
    moved = size * (B * n + n * m + m + B * m)
    return operations / moved


def intensity_by_shapes(B, n, m, size):
    shapes = [(B, n), (n, m), (m,), (B, m)]
    moved = sum(size * np.prod(shape) for shape in shapes)
    return B * m * (2 * n + 1) / moved


def intensity_by_arrays(B, n, m, size):
    numbers = B * n + m * (n + 1 + B)
    return (B * m + 2 * n * B * m) / numbers / size


def without_the_bias(B, n, m, size):
    return 2 * B * n * m / (size * (B * n + n * m + B * m))


def without_outputs(B, n, m, size):
    return (2 * B * n * m + B * m) / (size * (B * n + n * m + m))


def multiplications_only(B, n, m, size):
    return (B * n * m + B * m) / (size * (B * n + n * m + m + B * m))


def for_a_number(B, n, m, size):
    return (2 * B * n * m + B * m) / (B * n + n * m + m + B * m)


def weights_for_each_example(B, n, m, size):
    return (2 * B * n * m + B * m) / (size * (B * n + B * n * m + m + B * m))


def bias_for_each_example(B, n, m, size):
    return (2 * B * n * m + B * m) / (size * (B * n + n * m + B * m + B * m))


def bias_added_once(B, n, m, size):
    return (2 * B * n * m + m) / (size * (B * n + n * m + m + B * m))


def bias_not_fetched(B, n, m, size):
    return (2 * B * n * m + B * m) / (size * (B * n + n * m + B * m))


def bytes_for_an_operation(B, n, m, size):
    return 1 / layer_intensity(B, n, m, size)


LAYERS = (1, 3, 2, 4), (32, 64, 32, 4), (256, 64, 10, 2)


def check_layer_intensity(answer):
    found = [answer(*layer) for layer in LAYERS]

    def like(other):
        return np.shape(found) == (3,) and np.allclose(found, [other(*layer) for layer in LAYERS])

    require(not like(for_a_number), "That is operations for each number. How many bytes has a number?")
    require(
        not like(multiplications_only),
        "Each weight is one multiplication *and* one addition: by the usual count a product is $2Bnm$ operations.",
    )
    require(
        not like(without_the_bias),
        "This is the layer without a bias: its $m$ numbers travel, and are added $Bm$ times.",
    )
    require(not like(without_outputs), "You count what is read. What is done with the results?")
    require(
        not like(weights_for_each_example),
        "In the best case a weight is fetched once and serves all $B$ examples: that is what a batch is for.",
    )
    require(not like(bias_for_each_example), "You fetch the biases for each example. Once is enough: $m$ numbers.")
    require(not like(bias_added_once), "You add the biases once. They are added for each example, $Bm$ times.")
    require(not like(bias_not_fetched), "You add the biases, but do not fetch them: $m$ numbers more are read.")
    require(not like(bytes_for_an_operation), "Those are bytes for each operation: the quotient is upside down.")
    agree(answer, layer_intensity, *LAYERS)


# Where is the ridge?

RIDGES = (201, 13, 401)


def check_ridges(answer):
    half, single, width = (float(value) for value in answer)
    require(half > 1, "A ridge is operations for each byte: so many operations a second over so many bytes a second.")
    require(
        not (abs(half - 12.5) < 1 and abs(single - 200.6) < 1),
        "The first two stand in each other's place: which arithmetic is faster?",
    )
    require(
        abs(half - 200.6) < 1,
        f"The ridge for 16 bits is not {half:g}. Mind the units: 312 trillion operations, 1.555 trillion bytes.",
    )
    require(
        abs(single - 12.5) < 1,
        f"The ridge for `float32` is not {single:g}. The memory is the same, the arithmetic not.",
    )
    require(
        not abs(width - half) <= 1,
        "For a very large batch the intensity of an $n \\times n$ layer in 16 bits tends to $n \\cdot n / (n + n)$. "
        "Is that $n$?",
    )
    require(
        not abs(width - 100.3) <= 1, "Twice, not half: the intensity is half the width, so which width gives the ridge?"
    )
    require(
        not 399 <= width < 400.3,
        "Nearly: round at the end. Twice a rounded ridge is not the same as twice the ridge, rounded.",
    )
    require(abs(width - 401.3) <= 1, f"The width is not {width:g}: set the limit for large batches equal to the ridge.")


# How long at least?


def shares_of_time(operations, moved, peak, bandwidth, order):
    times = np.maximum(operations / peak, moved / bandwidth)
    times = np.maximum(times, order)
    return times / times.sum()


def shares_by_a_loop(operations, moved, peak, bandwidth, order):
    times = []
    for work, travel in zip(operations, moved, strict=True):
        times.append(max(work / peak, travel / bandwidth, order))
    return [t / sum(times) for t in times]


def shares_by_where(operations, moved, peak, bandwidth, order):
    limited_by_memory = operations / moved < peak / bandwidth
    times = np.where(limited_by_memory, moved / bandwidth, operations / peak).clip(min=order)
    return times / np.sum(times)


def shares_by_stacking(operations, moved, peak, bandwidth, order):
    needs = np.stack([operations / peak, moved / bandwidth, np.full(len(moved), order)])
    return needs.max(axis=0) / needs.max(axis=0).sum()


def one_after_the_other(operations, moved, peak, bandwidth, order):
    times = np.maximum(operations / peak + moved / bandwidth, order)
    return times / times.sum()


def orders_for_nothing(operations, moved, peak, bandwidth, order):
    times = np.maximum(operations / peak, moved / bandwidth)
    return times / times.sum()


def arithmetic_only(operations, moved, peak, bandwidth, order):
    times = np.maximum(operations / peak, order)
    return times / times.sum()


def in_seconds(operations, moved, peak, bandwidth, order):
    return np.maximum(np.maximum(operations / peak, moved / bandwidth), order)


def in_percent(operations, moved, peak, bandwidth, order):
    return 100 * shares_of_time(operations, moved, peak, bandwidth, order)


def orders_added(operations, moved, peak, bandwidth, order):
    times = np.maximum(operations / peak, moved / bandwidth) + order
    return times / times.sum()


STEPS = [
    (np.array([2e9, 1e6, 50.0]), np.array([4e6, 6e6, 400.0]), 1e13, 1e12, 2e-6),
    (np.array([8e9, 3e9]), np.array([1e7, 9e9]), 1e13, 1e12, 1e-6),
    (np.array([10.0, 20.0, 30.0, 5e9]), np.array([40.0, 80.0, 9e7, 4e6]), 2e13, 1e12, 5e-6),
]


def check_shares(answer):
    found = [np.asarray(answer(*step)) for step in STEPS]
    for result, step in zip(found, STEPS, strict=True):
        require(
            result.shape == step[0].shape,
            f"For {len(step[0])} orders an array of as many shares is asked for, not {result.shape}.",
        )

    def like(other):
        return all(np.allclose(result, other(*step)) for result, step in zip(found, STEPS, strict=True))

    require(not like(in_seconds), "Those are the seconds of each order. A share is a part of the whole step's time.")
    require(not like(in_percent), "Those are percent. A share of the whole lies between 0 and 1.")
    require(
        not like(one_after_the_other),
        "You add the two times. While the arithmetic works, the next numbers are fetched: only the longer one counts.",
    )
    require(not like(orders_for_nothing), "Tiny orders take no time here. What does an order cost, however small?")
    require(not like(arithmetic_only), "The bytes are not used: what if there is little to compute and much to fetch?")
    require(
        not like(orders_added),
        "The fixed price is added to each order. It is the *least* that an order takes: while one is worked on, the "
        "next is sent.",
    )
    agree(answer, shares_of_time, *STEPS)


# Will it fit?


def step_bytes(sizes, batch):
    parameters = sum(n * m + m for n, m in zip(sizes, sizes[1:], strict=False))
    kept = 4 * sum(sizes) + 8
    return 16 * parameters + batch * kept


def bytes_by_a_loop(sizes, batch):
    total = batch * (8 + 4 * sizes[0])
    for i in range(1, len(sizes)):
        total += 16 * sizes[i] * (sizes[i - 1] + 1)
        total += 4 * batch * sizes[i]
    return total


def bytes_by_arrays(sizes, batch):
    n = np.array(sizes)
    parameters = n[:-1] @ n[1:] + n[1:].sum()
    return int(16 * parameters + batch * (4 * n.sum() + 8))


def bytes_in_four_parts(sizes, batch):
    P = sum((a + 1) * b for a, b in zip(sizes[:-1], sizes[1:], strict=True))
    weights, gradients, averages = 4 * P, 4 * P, 2 * 4 * P
    activations = batch * sum(4 * s for s in sizes) + 8 * batch
    return weights + gradients + averages + activations


def bytes_without_biases(sizes, batch):
    P = sum(n * m for n, m in zip(sizes, sizes[1:], strict=False))
    return 16 * P + batch * (4 * sum(sizes) + 8)


def bytes_with_one_average(sizes, batch):
    P = sum(n * m + m for n, m in zip(sizes, sizes[1:], strict=False))
    return 12 * P + batch * (4 * sum(sizes) + 8)


def bytes_before_and_after_relu(sizes, batch):
    P = sum(n * m + m for n, m in zip(sizes, sizes[1:], strict=False))
    return 16 * P + batch * (4 * (sum(sizes) + sum(sizes[1:-1])) + 8)


def bytes_without_classes(sizes, batch):
    P = sum(n * m + m for n, m in zip(sizes, sizes[1:], strict=False))
    return 16 * P + batch * 4 * sum(sizes)


def bytes_without_inputs(sizes, batch):
    P = sum(n * m + m for n, m in zip(sizes, sizes[1:], strict=False))
    return 16 * P + batch * (4 * sum(sizes[1:]) + 8)


def bytes_without_logarithms(sizes, batch):
    return step_bytes(sizes, batch) - 4 * batch * sizes[-1]


def bytes_with_small_classes(sizes, batch):
    return step_bytes(sizes, batch) - 4 * batch


def bytes_of_one_example(sizes, batch):
    return step_bytes(sizes, 1)


def bytes_without_gradients(sizes, batch):
    P = sum(n * m + m for n, m in zip(sizes, sizes[1:], strict=False))
    return step_bytes(sizes, batch) - 12 * P


def bytes_of_parameters(sizes, batch):
    return 16 * sum(n * m + m for n, m in zip(sizes, sizes[1:], strict=False))


NETWORKS = ((64, 32, 10), 32), ((3, 5, 4, 2), 7), ((4, 3), 1), ((784, 100, 100, 100, 10), 256)


def check_step_bytes(answer):
    found = [answer(*network) for network in NETWORKS]

    def like(other):
        return np.shape(found) == (4,) and np.array_equal(found, [other(*network) for network in NETWORKS])

    require(not like(bytes_of_parameters), "What the examples leave for the way back is missing.")
    require(
        not like(bytes_without_biases), "Each layer has a bias for each of its outputs, and it has a gradient, too."
    )
    require(
        not like(bytes_with_one_average),
        "Parameters, gradients and *one* average: Adam keeps two, of the gradients and of their squares.",
    )
    require(
        not like(bytes_before_and_after_relu),
        "The hidden values are counted twice. ReLU's rule needs only its output, and so does the next layer.",
    )
    require(not like(bytes_without_classes), "Cross-entropy needs the right classes on the way back, 8 bytes each.")
    require(not like(bytes_without_inputs), "The first layer's gradient is made of its inputs: they are kept, too.")
    require(
        not like(bytes_without_logarithms),
        "What does the loss need to go back? The logarithms of the softmax: as many as the last layer has outputs.",
    )
    require(not like(bytes_with_small_classes), "A class takes 8 bytes, not 4: it is an `int64`.")
    require(not like(bytes_of_one_example), "That is kept for one example. How many are in the batch?")
    require(not like(bytes_without_gradients), "Parameters only. Each has a gradient, too, and two averages of Adam.")
    agree(answer, step_bytes, *NETWORKS)


# The next number


def gap(x):
    exponent = np.floor(np.log2(x))
    exponent = max(exponent, -14)
    return 2.0 ** (exponent - 10)


def gap_by_frexp(x):
    _, exponent = np.frexp(x)
    return np.ldexp(1.0, max(int(exponent) - 1, -14) - 10)


def gap_by_doubling(x):
    edge, step = 2.0**-13, 2.0**-24
    while x >= edge:
        edge, step = 2 * edge, 2 * step
    return step


def gap_by_bits(x):
    bits = np.array([x], np.float16).view(np.uint16)
    return float((bits + 1).astype(np.uint16).view(np.float16)[0]) - x


def gap_without_end(x):
    return 2.0 ** (np.floor(np.log2(x)) - 10)


def gap_in_proportion(x):
    return x / 1024


def gap_at_one(x):
    return 2.0**-10


def gap_rounded_up(x):
    return 2.0 ** (max(np.ceil(np.log2(x)), -14) - 10)


def gap_of_bfloat16(x):
    return 2.0 ** (max(np.floor(np.log2(x)), -14) - 7)


def gap_with_another_edge(x):
    return 2.0 ** (max(np.floor(np.log2(x)), -15) - 10)


def number_after(x):
    return x + gap(x)


NORMAL = [1.0, 1.5, 2.0, 2.998046875, 2048.0, 3000.0, 0.5, 0.0999755859375, 65472.0, 2.0**-14]
TINY = [2.0**-24, 3 * 2.0**-24, 2.0**-15]


def check_gap(answer):
    found = np.array([answer(x) for x in NORMAL], float)
    rest = np.array([answer(x) for x in TINY], float)
    require(found.shape == (len(NORMAL),) and rest.shape == (len(TINY),), "Return one number: the distance.")

    def like(other):
        return np.allclose(found, [other(x) for x in NORMAL])

    require(not like(number_after), "That is the next number itself. How far is it from $x$?")
    require(not like(gap_at_one), "$1/1024$ is the distance at 1. What is it at 2048?")
    require(
        not like(gap_in_proportion),
        "It is not in proportion to $x$: it stays the same from one power of two to the next, and then doubles.",
    )
    require(not like(gap_of_bfloat16), "A fraction of 7 bits is `bfloat16`'s. How many has `float16`?")
    require(
        not like(gap_rounded_up),
        "Right for powers of two, twice too large between them: 1.5 is $2^0 \\cdot 1.1$ in binary, so what is $e$?",
    )
    agree(found, np.array([gap(x) for x in NORMAL]), what="The distances from normal numbers", tolerance=1e-12)
    require(
        not np.allclose(rest, [gap_without_end(x) for x in TINY], rtol=1e-9, atol=0),
        "Right down to $2^{-14}$. Below, the exponent cannot fall any more: the numbers stay equally far apart.",
    )
    require(
        np.allclose(rest, 2.0**-24, rtol=1e-9, atol=0),
        "Right down to $2^{-14}$. Below, all distances are the one at $2^{-14}$ itself: which is it?",
    )
    agree(found / [gap(x) for x in NORMAL], np.ones(len(NORMAL)), what="Your distance over the right one")


# Choose the scale


def largest_scale(gradients):
    largest = max(np.abs(g).max() for g in gradients)
    return 2.0 ** np.floor(np.log2(65504 / largest))


def scale_by_trying(gradients):
    scale = 2.0**-40

    def too_large(scale):
        return any(np.isinf((g.astype(float) * scale).astype(np.float16)).any() for g in gradients)

    while not too_large(2 * scale):
        scale *= 2
    return scale


def scale_by_halving(gradients):
    everything = np.abs(np.concatenate([g.ravel() for g in gradients]).astype(float))
    scale = 2.0**60
    while (everything * scale > 65504).any():
        scale /= 2
    return scale


def scale_by_exponents(gradients):
    largest = float(max(max(g.max(), -g.min()) for g in gradients))
    power = 0
    while largest * 2.0 ** (power + 1) < 65505:
        power += 1
    while largest * 2.0**power > 65504:
        power -= 1
    return 2.0**power


def scale_of_the_positive(gradients):
    largest = max(max(g.max() for g in gradients), 1e-12)
    return 2.0 ** np.floor(np.log2(65504 / largest))


def scale_of_the_first(gradients):
    with np.errstate(divide="ignore"):
        return 2.0 ** np.floor(np.log2(65504 / np.abs(gradients[0]).max()))


def scale_of_the_smallest(gradients):
    smallest = min(np.abs(g[g != 0]).min() for g in gradients if g.any())
    return 2.0 ** np.ceil(np.log2(2.0**-24 / smallest))


def scale_rounded(gradients):
    largest = max(np.abs(g).max() for g in gradients)
    return 2.0 ** np.round(np.log2(65504 / largest))


def scale_of_any_size(gradients):
    return 65504 / max(np.abs(g).max() for g in gradients)


def scale_from_one_on(gradients):
    largest = max(np.abs(g).max() for g in gradients)
    return max(1.0, 2.0 ** np.floor(np.log2(65504 / largest)))


def scale_cut_off(gradients):
    return 2.0 ** int(np.log2(65504 / max(np.abs(g).max() for g in gradients)))


def power_only(gradients):
    return np.log2(largest_scale(gradients))


GRADIENTS = [
    [np.array([1e-3, -4e-5], np.float32)],
    [np.array([1e-6, 0], np.float32), np.array([[2e-7, 3e-4]], np.float32)],
    [np.array([2e-3, 1e-8], np.float32), np.array([-0.7, 0.01], np.float32)],
    [np.zeros(3, np.float32), np.array([[5e5], [3.0]], np.float32)],
]


def check_scale(answer):
    found = [answer(gradients) for gradients in GRADIENTS]
    require(np.shape(found) == (4,), "Return one number, the scale for all gradients.")

    def like(other):
        return np.allclose(found, [other(gradients) for gradients in GRADIENTS], rtol=1e-4, atol=0)

    require(
        not like(scale_of_any_size),
        "That multiplies the largest to 65504 exactly, but it is no power of two: it would round every gradient.",
    )
    require(not like(scale_of_the_positive), "One of the gradients is large and negative: $-10^5$ is too large, too.")
    require(not like(power_only), "That is the power. The scale is 2 to it.")
    require(not like(scale_of_the_first), "You looked at the first array only. One infinite number anywhere is enough.")
    require(
        not like(scale_of_the_smallest),
        "That rescues the smallest. It is the largest gradient that says how far one may go.",
    )
    require(
        not like(scale_rounded),
        "The power is rounded to the nearest, and that may be one too many. Which way must it be rounded?",
    )
    require(not like(scale_from_one_on), "If a gradient is itself above 65504, the scale must be below 1.")
    require(
        not like(scale_cut_off),
        "Right, except below 1: `int` cuts off towards 0, so that a negative power becomes too large.",
    )
    for scale, gradients in zip(found, GRADIENTS, strict=True):
        agree(scale, largest_scale(gradients), what="The scale", show=True)


# A stopwatch that lies


class SimulatedGPU:
    """A queue with a clock of its own, so that its times are the same everywhere."""

    def __init__(self):
        self.now, self.free, self.compiled = 0.0, 0.35, set()  # somebody else's order is in the queue

    def launch(self, work):
        self.now += 1e-6
        self.free = max(self.now, self.free) + (0.003 if work in self.compiled else 0.25)
        self.compiled.add(work)

    def synchronize(self):
        self.now = max(self.now, self.free)

    def clock(self):
        return self.now


def seconds_each(gpu, work, repeats):
    gpu.launch(work)
    gpu.synchronize()
    start = gpu.clock()
    for _ in range(repeats):
        gpu.launch(work)
    gpu.synchronize()
    return (gpu.clock() - start) / repeats


def waiting_each_time(gpu, work, repeats):
    total = 0
    for i in range(repeats + 1):
        gpu.synchronize()
        start = gpu.clock()
        gpu.launch(work)
        gpu.synchronize()
        total += (gpu.clock() - start) * (i > 0)
    return total / repeats


def after_three_orders(gpu, work, repeats):
    for _ in range(3):
        gpu.launch(work)
        gpu.synchronize()
    before = gpu.clock()
    for _ in range(repeats):
        gpu.launch(work)
    gpu.synchronize()
    took = gpu.clock() - before
    return took / repeats


def the_shortest(gpu, work, repeats):
    times = []
    for _ in range(repeats + 1):
        gpu.synchronize()
        start = gpu.clock()
        gpu.launch(work)
        gpu.synchronize()
        times.append(gpu.clock() - start)
    return min(times)


def only_divided(gpu, work, repeats):
    start = gpu.clock()
    for _ in range(repeats):
        gpu.launch(work)
    return (gpu.clock() - start) / repeats


def not_divided(gpu, work, repeats):
    gpu.launch(work)
    gpu.synchronize()
    start = gpu.clock()
    for _ in range(repeats):
        gpu.launch(work)
    gpu.synchronize()
    return gpu.clock() - start


def with_the_first(gpu, work, repeats):
    gpu.synchronize()
    start = gpu.clock()
    for _ in range(repeats):
        gpu.launch(work)
    gpu.synchronize()
    return (gpu.clock() - start) / repeats


def with_the_queue(gpu, work, repeats):
    gpu.launch(work)
    start = gpu.clock()
    for _ in range(repeats):
        gpu.launch(work)
    gpu.synchronize()
    return (gpu.clock() - start) / repeats


def waited_at_the_end_only(gpu, work, repeats):
    start = gpu.clock()
    for _ in range(repeats):
        gpu.launch(work)
    gpu.synchronize()
    return (gpu.clock() - start) / repeats


def check_seconds_each(answer):
    for repeats in 10, 4:
        found = answer(SimulatedGPU(), "product", repeats)
        require(np.shape(found) == (), "Return one number: the seconds of one order.")

        def like(other, found=found, repeats=repeats):
            return np.isclose(found, other(SimulatedGPU(), "product", repeats), rtol=1e-3, atol=0)

        require(
            found > 1e-5,
            f"{found:.1g} seconds is the time in which an order is *sent*. When is it done?",
        )
        require(not like(not_divided), f"That is the time of all {repeats} orders.")
        require(
            not like(with_the_first),
            "The first order of its kind is compiled, which takes 80 times as long, and it is within your time.",
        )
        require(
            not (like(with_the_queue) or like(waited_at_the_end_only)),
            "When your watch starts, there are still orders in the queue, and you time those as well.",
        )
        agree(found, 0.003, what="The time of one order", tolerance=0.01, show=True)


# A sum that goes on growing


def careful_sum(x):
    while len(x) > 1:
        if len(x) % 2:
            x = np.append(x, np.float16(0))
        x = x[::2] + x[1::2]
    return x[0]


def sum_in_blocks(x):
    totals = []
    for start in range(0, len(x), 64):
        total = np.float16(0)
        for value in x[start : start + 64]:
            total += value
        totals.append(total)
    return totals[0] if len(totals) == 1 else sum_in_blocks(np.array(totals, np.float16))


def sum_by_halves(x):
    if len(x) <= 2:
        return x[0] if len(x) == 1 else x[0] + x[1]
    middle = len(x) // 2
    return sum_by_halves(x[:middle]) + sum_by_halves(x[middle:])


def sum_with_the_lost_part(x):
    total, lost = np.float16(0), np.float16(0)
    for value in x:
        value = value - lost
        new = total + value
        lost = (new - total) - value
        total = new
    return total


def sum_in_a_row(x):
    total = np.float16(0)
    for value in x:
        total += value
    return total


def sum_of_double(x):
    total = 0.0
    for value in x:
        total += float(value)
    return total


def sum_of_pairs_only(x):
    while len(x) > 1:
        x = x[: len(x) // 2 * 2]
        x = x[::2] + x[1::2]
    return x[0]


def check_careful_sum(answer):
    rng = np.random.default_rng(0)
    cases = [np.full(3, 0.25, np.float16), np.ones(5000, np.float16), rng.uniform(0.5, 2.5, 4001).astype(np.float16)]
    for x in cases:
        found = answer(x)
        right = x.astype(float).sum()
        require(np.shape(found) == (), "Return one number.")
        require(
            np.asarray(found).dtype == np.float16,
            f"The result is a {np.asarray(found).dtype}. In more bits it is no art: let everything be `float16`.",
        )
        require(
            not (len(x) == 3 and found == 0.5),
            "Of three quarters you add two: what becomes of the one without a partner?",
        )
        require(
            not (found == sum_in_a_row(x) != right and len(x) > 3),
            "You add one after the other: from 2048 on, adding 1 changes nothing. Which two numbers, of similar size, "
            "could be added instead?",
        )
        require(
            abs(float(found) - right) <= 0.01 * right,
            f"The sum of {len(x)} numbers comes out as {float(found):g}, and is {right:g}.",
        )


EXERCISES = [
    Exercise(
        key="operations-for-a-byte",
        title="Operations for a byte",
        check=check_layer_intensity,
        hints=[
            "Count the operations: each of the $Bm$ results is $n$ multiplications, as many additions, and one more.",
            "Four arrays travel: inputs, weights, biases, outputs. How many numbers has each?",
        ],
        solution=layer_intensity,
        explanation="For $B = 1$ it is about 2 over the bytes of a number, whatever the layer's size. The bias hardly "
        "matters; that outputs must be written does, in narrow layers.",
        wrong=[
            Wrong(for_a_number, "How many bytes"),
            Wrong(multiplications_only, "one addition"),
            Wrong(without_the_bias, "without a bias"),
            Wrong(without_outputs, "what is read"),
            Wrong(weights_for_each_example, "what a batch is for"),
            Wrong(bias_for_each_example, "Once is enough"),
            Wrong(bias_added_once, "for each example, $Bm$"),
            Wrong(bias_not_fetched, "do not fetch them"),
            Wrong(bytes_for_an_operation, "upside down"),
        ],
        right=[
            intensity_by_shapes,
            intensity_by_arrays,
            lambda B, n, m, size: (2 * n + 1) / size / (n / m + (n + 1) / B + 1),
        ],
    ),
    Exercise(
        key="where-is-the-ridge",
        title="Where is the ridge?",
        check=check_ridges,
        hints=[
            "The ridge is $A / \\beta$: operations a second over bytes a second.",
            "With a very large batch the weights no longer count: the intensity in 16 bits tends to $nm / (n + m)$.",
            "For a square layer that is $n / 2$. Set it equal to the ridge.",
        ],
        solution=RIDGES,
        explanation="$312 / 1.555 \\approx 201$ and $19.5 / 1.555 \\approx 12.5$. A square layer reaches $n/2$ at "
        "most, so it must be about 401 wide. Two years later, on the H100, it had to be 590: arithmetic has grown "
        "faster than memory, and what was limited by arithmetic came to be limited by memory.",
        wrong=[
            Wrong((0.005, 0.08, 401), "over so many bytes"),
            Wrong((12.5, 200.6, 401), "each other's place"),
            Wrong((201, 13, 201), "Is that $n$?"),
            Wrong((201, 13, 100), "not half"),
            Wrong((201, 201, 401), "the arithmetic not"),
            Wrong((485, 13, 401), "Mind the units"),
            Wrong((200, 12, 400), "round at the end"),
        ],
        right=[[201, 13, 402], np.array([200.64, 12.54, 401.3]), (312 / 1.555, 19.5 / 1.555, 2 * 312 / 1.555)],
    ),
    Exercise(
        key="how-long-at-least",
        title="How long at least?",
        check=check_shares,
        hints=[
            "Three times for each order: of the arithmetic, of the memory, and the fixed price. Which one counts?",
            "`np.maximum` compares two arrays entry by entry, and an array with a number.",
            "At the end divide by the sum.",
        ],
        solution=shares_of_time,
        explanation="This is a profile before the program exists. What a real profiler shows beyond it is what one "
        "could still win.",
        wrong=[
            Wrong(one_after_the_other, "only the longer one"),
            Wrong(orders_for_nothing, "Tiny orders"),
            Wrong(arithmetic_only, "bytes are not used"),
            Wrong(in_seconds, "Those are the seconds"),
            Wrong(in_percent, "percent"),
            Wrong(orders_added, "fixed price is added"),
        ],
        right=[shares_by_a_loop, shares_by_where, shares_by_stacking],
    ),
    Exercise(
        key="will-it-fit",
        title="Will it fit?",
        check=check_step_bytes,
        hints=[
            "Two parts: $16 P$, which does not depend on the batch, and what each example leaves behind.",
            "A layer from $n$ to $m$ has $nm + m$ parameters.",
            "Each example leaves its inputs, the output of each ReLU and the logarithms of the softmax: as many "
            "numbers as `sizes` adds up to. And its class.",
        ],
        solution=step_bytes,
        explanation="For the digits network with a batch of 32 it is 52,384 bytes, which PyTorch confirms. What "
        "comes on top in practice is what each operation needs while it runs, and what the allocator keeps in reserve.",
        wrong=[
            Wrong(bytes_without_biases, "has a bias"),
            Wrong(bytes_with_one_average, "Adam keeps two"),
            Wrong(bytes_before_and_after_relu, "counted twice"),
            Wrong(bytes_without_classes, "right classes"),
            Wrong(bytes_without_inputs, "made of its inputs"),
            Wrong(bytes_of_parameters, "is missing"),
            Wrong(bytes_without_logarithms, "logarithms of the softmax"),
            Wrong(bytes_with_small_classes, "not 4"),
            Wrong(bytes_of_one_example, "for one example"),
            Wrong(bytes_without_gradients, "Parameters only"),
        ],
        right=[bytes_by_a_loop, bytes_by_arrays, bytes_in_four_parts],
    ),
    Exercise(
        key="the-next-number",
        title="The next number",
        check=check_gap,
        hints=[
            "Write $x = 2^e \\cdot 1.f$. The smallest step changes the last of the 10 bits of $f$: by how much?",
            "$e$ is the largest whole number with $2^e \\le x$: `np.floor(np.log2(x))`.",
            "And it is never below $-14$.",
        ],
        solution=gap,
        explanation="Half of it is the largest error of rounding there, and what is added to $x$ must be more than "
        "that half, or it is lost: at 2048 the distance is 2, so 1 is lost.",
        wrong=[
            Wrong(gap_without_end, "cannot fall"),
            Wrong(gap_in_proportion, "not in proportion"),
            Wrong(gap_at_one, "at 2048"),
            Wrong(gap_rounded_up, "between them"),
            Wrong(gap_of_bfloat16, "fraction of 7 bits"),
            Wrong(gap_with_another_edge, "which is it"),
            Wrong(number_after, "next number itself"),
        ],
        right=[gap_by_frexp, gap_by_doubling, gap_by_bits],
    ),
    Exercise(
        key="choose-the-scale",
        title="Choose the scale",
        check=check_scale,
        hints=[
            "Only one number of all the arrays decides: which one?",
            "`float16` ends at 65504. How often can that number be doubled before it is beyond?",
            "A logarithm to the base 2 counts doublings; round it in the safe direction.",
        ],
        solution=largest_scale,
        explanation="A power of two changes the exponent only: multiplying and dividing by it rounds nothing. PyTorch "
        "does not look for the largest gradient: it tries a scale, and goes down when something was infinite.",
        wrong=[
            Wrong(scale_of_the_positive, "large and negative"),
            Wrong(scale_of_the_first, "first array only"),
            Wrong(scale_of_the_smallest, "rescues the smallest"),
            Wrong(scale_rounded, "Which way"),
            Wrong(scale_of_any_size, "no power of two"),
            Wrong(scale_from_one_on, "must be below 1"),
            Wrong(scale_cut_off, "towards 0"),
            Wrong(power_only, "2 to it"),
        ],
        right=[scale_by_trying, scale_by_halving, scale_by_exponents],
    ),
    Exercise(
        key="a-stopwatch-that-lies",
        title="A stopwatch that lies",
        check=check_seconds_each,
        hints=[
            "When the loop has ended, which work is still to be done?",
            "When the watch starts, the queue must be empty, and the work no longer new.",
            "And what is asked for is the time of *one* order.",
        ],
        solution=seconds_each,
        explanation="Three mistakes in four lines: nobody waited at the end, nobody waited at the beginning, and the "
        "first order counted. With a real GPU, calling an operation launches it, and to wait is "
        "`torch.cuda.synchronize()`.",
        wrong=[
            Wrong(only_divided, "*sent*"),
            Wrong(not_divided, "all 10 orders"),
            Wrong(with_the_first, "is compiled"),
            Wrong(with_the_queue, "still orders in the queue"),
            Wrong(waited_at_the_end_only, "still orders in the queue"),
        ],
        right=[waiting_each_time, after_three_orders, the_shortest],
    ),
    Exercise(
        key="a-sum-that-goes-on-growing",
        title="A sum that goes on growing",
        check=check_careful_sum,
        hints=[
            "The sum stops when it is too large for the next number. So add numbers of similar size.",
            "Add neighbours in pairs: half as many numbers, twice as large. And again.",
            "Another way: several sums of a few numbers each, and then the sum of those.",
        ],
        solution=careful_sum,
        explanation="In pairs, each of 5,000 numbers takes part in 13 additions, not in thousands, and each rounds by "
        "a two-thousandth at most. NumPy's own sum adds in blocks, too. Another way, of Kahan's, carries along what "
        "the last addition lost.",
        wrong=[
            Wrong(sum_in_a_row, "one after the other"),
            Wrong(sum_of_double, "no art"),
            Wrong(sum_of_pairs_only, "without a partner"),
        ],
        right=[sum_in_blocks, sum_by_halves, sum_with_the_lost_part],
    ),
]
