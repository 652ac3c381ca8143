"""Exercises of the chapter Scaling out."""

import numpy as np

from nnlib.exercises.exercise import Exercise, Wrong, agree, require

# One mean from many

EQUAL = np.array([[1.0, -2.0, 0.5], [3.0, 4.0, 1.5]]), np.array([8, 8])
UNEQUAL = np.array([[4.0, 1.0], [-2.0, 3.0], [0.0, 10.0]]), np.array([5, 2, 1])
EMPTY = np.array([[4.0, 1.0], [np.nan, np.nan], [-2.0, 3.0]]), np.array([5, 0, 3])


def whole_gradient(gradients, sizes):
    there = sizes > 0
    shares = sizes[there] / sizes.sum()
    return shares @ gradients[there]


def by_sums(gradients, sizes):
    total, count = 0, 0
    for g, size in zip(gradients, sizes, strict=True):
        if size:
            total, count = total + size * g, count + size
    return total / count


def by_average(gradients, sizes):
    return np.average(np.nan_to_num(gradients), axis=0, weights=sizes)


def by_broadcasting(gradients, sizes):
    weighted = np.where(sizes[:, None] == 0, 0, gradients) * sizes[:, None]
    return weighted.sum(axis=0) / sizes.sum()


def plain_mean(gradients, sizes):
    return gradients.mean(axis=0)


def with_empty_parts(gradients, sizes):
    return sizes / sizes.sum() @ gradients


def weighted_sum(gradients, sizes):
    return sizes[sizes > 0] @ gradients[sizes > 0]


def divided_by_workers(gradients, sizes):
    return sizes[sizes > 0] @ gradients[sizes > 0] / len(sizes)


def check_whole_gradient(answer):
    found = answer(*EQUAL)
    require(
        np.shape(found) == (3,),
        f"Two gradients of 3 numbers became the shape {np.shape(found)}: over which axis do the workers lie?",
    )
    require(
        not np.allclose(found, weighted_sum(*EQUAL)),
        "Of 8 and 8 examples you return the *sum* over all 16. The loss is a mean: divide by what?",
    )
    require(
        not np.allclose(found, divided_by_workers(*EQUAL)),
        "You divided by the number of workers, but multiplied by numbers of examples. A mean over examples is divided "
        "by examples.",
    )
    agree(found, whole_gradient(*EQUAL), what="The gradient of two equal parts")
    found = answer(*UNEQUAL)
    require(
        not np.allclose(found, plain_mean(*UNEQUAL)),
        "Right for equal parts. With 5, 2 and 1 examples, the last one counts five times as much as one of the first.",
    )
    agree(found, whole_gradient(*UNEQUAL), what="The gradient of unequal parts")
    found = answer(*EMPTY)
    require(
        np.isfinite(found).all(),
        "Right, until a worker has no examples: its gradient is NaN, and $0 \\cdot$ NaN is NaN, not 0. Leave it out.",
    )
    agree(found, whole_gradient(*EMPTY), what="The gradient with an empty part")


# Who ends with what


def reduce_scatter(workers):
    R = len(workers)
    workers = workers.copy()
    for step in range(R - 1):
        sent = [workers[r, (r - step - 1) % R].copy() for r in range(R)]
        for r in range(R):
            workers[r, (r - step - 2) % R] += sent[r - 1]
    return workers


def in_one_go(workers):
    """Chunk c begins at worker c + 1 and goes round: what a worker adds up, is known."""
    R = len(workers)
    done = np.empty_like(workers)
    for chunk in range(R):
        total = 0
        for way in range(R):
            at = (chunk + 1 + way) % R
            total = total + workers[at, chunk]
            done[at, chunk] = total
    return done


def sending_to_the_right(workers):
    R, held = len(workers), np.array(workers)
    for step in range(R - 1):
        before = held.copy()
        for r in range(R):
            chunk = (r - 1 - step) % R
            held[(r + 1) % R, chunk] = before[(r + 1) % R, chunk] + before[r, chunk]
    return held


def by_rolling(workers):
    R, held = len(workers), workers.copy()
    everyone = np.arange(R)
    for step in range(R - 1):
        chunk = np.roll((everyone - 1 - step) % R, 1)  # what the left neighbour sends
        held[everyone, chunk] += held[np.roll(everyone, 1), chunk]
    return held


def as_in_the_chapter(workers):
    R = len(workers)
    workers = workers.copy()
    for step in range(R - 1):
        sent = [workers[r, (r - step) % R].copy() for r in range(R)]
        for r in range(R):
            workers[r, (r - step - 1) % R] += sent[r - 1]
    return workers


def begun_on_the_other_side(workers):
    R = len(workers)
    workers = workers.copy()
    for step in range(R - 1):
        sent = [workers[r, (r - step + 1) % R].copy() for r in range(R)]
        for r in range(R):
            workers[r, (r - step) % R] += sent[r - 1]
    return workers


def one_step_too_many(workers):
    R = len(workers)
    workers = workers.copy()
    for step in range(R):
        sent = [workers[r, (r - step - 1) % R].copy() for r in range(R)]
        for r in range(R):
            workers[r, (r - step - 2) % R] += sent[r - 1]
    return workers


def taking_over(workers):
    R = len(workers)
    workers = workers.copy()
    for step in range(R - 1):
        sent = [workers[r, (r - step - 1) % R].copy() for r in range(R)]
        for r in range(R):
            workers[r, (r - step - 2) % R] = sent[r - 1]
    return workers


def leftwards(workers):
    R = len(workers)
    workers = workers.copy()
    for step in range(R - 1):
        sent = [workers[r, (r + step + 1) % R].copy() for r in range(R)]
        for r in range(R):
            workers[r, (r + step + 2) % R] += sent[(r + 1) % R]
    return workers


def everything_everywhere(workers):
    return np.broadcast_to(workers.sum(axis=0), workers.shape).copy()


def check_reduce_scatter(answer):
    # Worker r holds 10**r in each chunk, so that a sum shows who is in it.
    start = 10.0 ** np.arange(4)[:, None, None] * np.ones((4, 4, 2))
    found = answer(start)
    require(np.shape(found) == start.shape, f"Of shape {start.shape} you made {np.shape(found)}: return what all hold.")
    own = np.array([found[r, r, 0] for r in range(4)])
    require(
        not np.allclose(found, 1111),
        "Every worker holds the whole sum. That is an all-reduce: stop after the first half of the way.",
    )
    require(
        not any("2" in f"{total:.0f}" for total in found.ravel()),
        "Some terms are counted twice: a finished chunk was sent on and added once more. How many steps are $R - 1$?",
    )
    require(
        (found >= start - 1e-9).all(),
        "A worker has lost its own term: what arrives is added to it, not put in its place.",
    )
    right = [found[r, (r + 1) % 4, 0] for r in range(4)]
    require(
        not np.allclose(right, 1111),
        "It is a reduce-scatter, but worker 0 ends with chunk 1, as in the chapter. Let every chunk begin one worker "
        "further on.",
    )
    further = [found[r, (r + 2) % 4, 0] for r in range(4)]
    require(
        not np.allclose(further, 1111),
        "Worker 0 ends with chunk 2. In the chapter it was chunk 1, so you moved the beginning to the wrong side.",
    )
    require(
        np.allclose(own, 1111),
        f"Worker 0 should end with the sum of chunk 0, 1111 in this check, and holds {own[0]:.0f} there.",
    )
    require(
        found[1, 0, 0] == 10,
        "The sums are in the right places, but they came from the other side: chunk 0 must begin its way at worker 1.",
    )
    rng = np.random.default_rng(0)
    for R in (2, 3, 5):
        start = rng.integers(-9, 9, (R, R, 3)).astype(float)
        agree(answer(start), reduce_scatter(start), what=f"What {R} workers hold")


# The butterfly


def butterfly(vectors):
    R, held = len(vectors), []
    partner, step = np.arange(R), 0
    while 2**step < R:
        vectors = vectors + vectors[partner ^ 2**step]
        held.append(vectors)
        step += 1
    return held


def butterfly_by_loops(vectors):
    held, distance = [], 1
    while distance < len(vectors):
        vectors = np.array([vectors[r] + vectors[r ^ distance] for r in range(len(vectors))])
        held.append(vectors)
        distance *= 2
    return held


def butterfly_in_place(vectors):
    vectors, held = vectors.copy(), []
    for step in range(int(np.log2(len(vectors)))):
        before = vectors.copy()
        for r in range(len(vectors)):
            vectors[r] += before[r ^ (1 << step)]
        held.append(vectors.copy())
    return held


def butterfly_by_shape(vectors):
    R, n = vectors.shape
    held = []
    for step in range(R.bit_length() - 1):
        groups = vectors.reshape(R >> (step + 1), 2, 1 << step, n)
        vectors = np.broadcast_to(groups.sum(axis=1, keepdims=True), groups.shape).reshape(R, n)
        held.append(vectors)
    return held


def one_after_the_other(vectors):
    held = []
    vectors = vectors.copy()
    for step in range(int(np.log2(len(vectors)))):
        for r in range(len(vectors)):
            vectors[r] += vectors[r ^ 2**step]
        held.append(vectors.copy())
    return held


def always_the_neighbour(vectors):
    held = []
    for _ in range(int(np.log2(len(vectors)))):
        vectors = vectors + vectors[np.arange(len(vectors)) ^ 1]
        held.append(vectors)
    return held


def round_the_ring(vectors):
    held = []
    for step in range(int(np.log2(len(vectors)))):
        vectors = vectors + np.roll(vectors, 2**step, axis=0)
        held.append(vectors)
    return held


def the_same_array_twice(vectors):
    vectors, held = vectors.copy(), []
    for step in range(int(np.log2(len(vectors)))):
        vectors += vectors[np.arange(len(vectors)) ^ 2**step]
        held.append(vectors)
    return held


def round_the_ring_leftwards(vectors):
    held = []
    for step in range(int(np.log2(len(vectors)))):
        vectors = vectors + np.roll(vectors, -(2**step), axis=0)
        held.append(vectors)
    return held


def farthest_first(vectors):
    held = []
    for step in reversed(range(int(np.log2(len(vectors))))):
        vectors = vectors + vectors[np.arange(len(vectors)) ^ 2**step]
        held.append(vectors)
    return held


def only_the_end(vectors):
    return [butterfly(vectors)[-1]]


def check_butterfly(answer):
    start = 10.0 ** np.arange(4)[:, None] * np.ones((4, 2))
    found = answer(start)
    require(len(found) == 2, f"4 workers need 2 steps, and you return {len(found)}: what all hold after *each* step.")
    first, last = np.asarray(found[0]), np.asarray(found[-1])
    require(first.shape == (4, 2), f"After the first step all hold an array of shape (4, 2), not {first.shape}.")
    require(
        not np.allclose(first, one_after_the_other(start)[0]),
        "Worker 0 has added already when worker 1 takes its vector. Both must send what they had *before* the step.",
    )
    require(
        not np.allclose(last, always_the_neighbour(start)[-1]),
        "The second step went to the same partner as the first, and every number is counted twice. `2**s` grows.",
    )
    require(
        not np.allclose(first, 1111),
        "After the first step, everybody has the sum already. Is the same array in your list twice, and changed in "
        "place later? Append a copy.",
    )
    require(
        not np.allclose(first, farthest_first(start)[0]),
        "Your first step goes to worker `r ^ 2`. With step 0, it is `r ^ 1`: the nearest first.",
    )
    require(
        not any(np.allclose(first, ring(start)[0]) for ring in (round_the_ring, round_the_ring_leftwards)),
        "In the first step worker 0 exchanges with worker 1, in both directions. You sent round a ring.",
    )
    rng = np.random.default_rng(0)
    for R in (4, 2, 8):
        start = rng.integers(-9, 9, (R, 3)).astype(float)
        agree(answer(start), butterfly(start), what=f"What {R} workers hold after each step")


# Bytes by hand

BYTES = (21, 31.5, 168)


def check_bytes(answer):
    ring, fsdp, one = answer
    require(ring != 24, "That is the limit for very many workers. With 8 it is a little less.")
    require(ring != 10.5, "That is one half of the way, the reduce-scatter. The all-gather follows.")
    require(ring != 5.25, "A gradient in `float32` has 4 bytes for each parameter.")
    require(ring != 42, "Sent *and* received. Here only what a worker sends is asked for.")
    require(ring != 1.5, "That is one chunk. In how many steps is one sent?")
    require(not np.isclose(ring, 21e9), "In GB, please: a billion bytes each.")
    require(ring != 84, "You let the whole gradient go to each of the 7 others. In a ring, only chunks are sent.")
    agree(ring, 21, what="The ring's number")
    require(fsdp != 21, "FSDP gathers the weights twice, on the way forward and back; and then the gradients.")
    require(fsdp != 10.5, "That is one of FSDP's three messages. Which are the other two?")
    require(fsdp != 36, "Each of the three messages moves $(R - 1)/R$ of it, not all.")
    agree(fsdp, 31.5, what="FSDP's number")
    require(one != 84, "That is what worker 0 receives. It sends the sum to seven others, too.")
    require(one != 192, "Worker 0 need not send anything to itself.")
    agree(one, 168, what="The number through one")


# What each one holds

HELD = (48, 27, 6, 25)


def check_held(answer):
    ddp, averages, everything, workers = answer
    require(ddp != 12, "That is the parameters alone. What else does a step with Adam keep?")
    require(ddp != 24, "Parameters and gradients. Adam keeps two averages for each parameter.")
    require(ddp != 36, "Adam keeps *two* averages: 8 bytes for each parameter.")
    require(ddp != 6, "Under DDP nothing is shared out: every worker keeps all.")
    agree(ddp, 48, what="The number for DDP")
    require(averages != 25.5, "Two averages: $8 P$ bytes are cut into eight shares, not $4 P$.")
    require(averages != 3, "That is the share of the averages. Parameters and gradients are held by all.")
    require(averages != 15, "The gradients are not sharded here: $4 P$ for them and $4 P$ for the parameters.")
    require(averages != 30, "You gave each worker a share of $16 P$. Only the averages, $8 P$, are shared out.")
    require(averages != 6, "That is with everything sharded. Here parameters and gradients are held by all.")
    agree(averages, 27, what="The number with sharded averages")
    agree(everything, 6, what="The number with everything sharded")
    require(workers != 24, "With 24 workers it is 2 GB exactly. *Below* 2 was asked for.")
    agree(workers, 25, what="The number of workers")


# Two layers in parts


def cut(W1, b1, W2, b2, R):
    parts = []
    for r, units in enumerate(np.array_split(np.arange(len(W1)), R)):
        bias = b2 if r == 0 else np.zeros_like(b2)
        parts.append((W1[units], b1[units], W2[:, units], bias))
    return parts


def bias_shared_out(W1, b1, W2, b2, R):
    rows, biases, columns = np.array_split(W1, R), np.array_split(b1, R), np.array_split(W2, R, axis=1)
    return [(rows[r], biases[r], columns[r], b2 / R) for r in range(R)]


def every_rth_unit(W1, b1, W2, b2, R):
    return [(W1[r::R], b1[r::R], W2[:, r::R], b2 * (r == R - 1)) for r in range(R)]


def by_borders(W1, b1, W2, b2, R):
    borders = [r * len(W1) // R for r in range(R + 1)]
    parts = []
    for start, stop in zip(borders, borders[1:], strict=False):
        parts.append((W1[start:stop], b1[start:stop], W2[:, start:stop], b2 * (stop - start) / len(W1)))
    return parts


def bias_everywhere(W1, b1, W2, b2, R):
    return [(*part[:3], b2) for part in cut(W1, b1, W2, b2, R)]


def no_bias(W1, b1, W2, b2, R):
    return [(*part[:3], 0 * b2) for part in cut(W1, b1, W2, b2, R)]


def rest_forgotten(W1, b1, W2, b2, R):
    k = len(W1) // R
    units = [slice(r * k, r * k + k) for r in range(R)]
    return [(W1[u], b1[u], W2[:, u], b2 / R) for u in units]


def rows_of_both(W1, b1, W2, b2, R):
    return [
        (rows, biases, W2[classes], b2[classes])
        for rows, biases, classes in zip(
            np.array_split(W1, R), np.array_split(b1, R), np.array_split(np.arange(len(b2)), R), strict=True
        )
    ]


def everything_to_all(W1, b1, W2, b2, R):
    return [(W1, b1, W2 / R, b2 / R)] * R


def hidden_bias_shared(W1, b1, W2, b2, R):
    return [(*part[:1], part[1] / R, *part[2:]) for part in cut(W1, b1, W2, b2, R)]


def check_cut(answer):
    rng = np.random.default_rng(0)

    def layers(H, D=3, C=2):
        return rng.normal(size=(H, D)), rng.normal(size=H), rng.normal(size=(C, H)), rng.normal(size=C)

    def run(x, W1, b1, W2, b2):
        return np.maximum(x @ W1.T + b1, 0) @ W2.T + b2

    x = rng.normal(size=(7, 3))
    for H, R in ((6, 2), (6, 3), (7, 3)):
        W1, b1, W2, b2 = layers(H)
        parts = answer(W1, b1, W2, b2, R)
        require(len(parts) == R, f"For {R} workers you return {len(parts)} parts.")
        total = 0
        for r, part in enumerate(parts):
            require(len(part) == 4, f"Part {r} has {len(part)} arrays: return (W1, b1, W2, b2) of each worker.")
            w1, c1, w2, c2 = part
            shapes = ", ".join(str(np.shape(a)) for a in part)
            require(
                np.ndim(w1) == 2 and np.ndim(w2) == 2 and np.shape(w1)[1] == 3,
                f"Part {r} has the shapes {shapes}. A worker sees all 3 inputs: cut `W1` by rows, the hidden units.",
            )
            require(
                np.shape(w2)[1] == len(w1) and np.shape(w2)[0] == 2,
                f"Part {r} has the shapes {shapes}. It has {len(w1)} hidden units, and its `W2` must take just those, "
                "and return both outputs: which columns are they?",
            )
            require(
                np.shape(c1) == (len(w1),) and np.shape(c2) == (2,),
                f"Part {r} has the shapes {shapes}: a bias for each of its hidden units, and one for each output.",
            )
            total = total + run(x, *part)
        units = sum(len(part[0]) for part in parts)
        require(
            units <= H or R == 1,
            f"Together the workers have {units} hidden units, and the network has {H}: each computes all of them.",
        )
        require(
            units >= H,
            f"The network has {H} hidden units and your {R} parts have {units} together: where is the rest?",
        )
        whole = run(x, W1, b1, W2, b2)
        require(
            not np.allclose(total, whole + (R - 1) * b2),
            f"The sum of the parts has `b2` {R} times. It should be there once.",
        )
        require(not np.allclose(total, whole - b2), "Only `b2` is missing from the sum of the parts.")
        require(
            not np.allclose(total, sum(run(x, *p) for p in hidden_bias_shared(W1, b1, W2, b2, R))),
            "`b1` belongs to the hidden units: each has its own, whole, in the worker that has the unit.",
        )
        agree(total, whole, what=f"The sum of {R} parts of {H} hidden units")


# Bubble and limit

BUBBLE = (7 / 15, 63, 1 / 15)


def check_bubble(answer):
    idle, micro_batches, a = answer
    require(idle <= 1 and a <= 1, "A share lies between 0 and 1, not between 0 and 100.")
    for share, exact in (idle, 7 / 15), (a, 1 / 15):
        require(
            share not in [round(exact, digits) for digits in range(2, 7)],
            f"{share:g} is rounded, and right as far as it goes. Write the share as a fraction.",
        )
    require(not np.isclose(idle, 0.5), "8 of 16? Count the ticks: from the first to the last they are $M + S - 1$.")
    require(not np.isclose(idle, 8 / 15), "That is the share in which a stage works. How long is it idle?")
    require(not np.isclose(idle, 7 / 8), "That is the share without micro-batches. $S - 1$ of how many ticks?")
    require(not np.isclose(idle, 7 / 16), "7 of 16? 8 micro-batches and 7 ticks of bubble are how many ticks?")
    agree(idle, 7 / 15, what="The idle share")
    require(
        micro_batches not in (70, 69), "$7 / M$ is not the share: the ticks of the bubble belong to the whole, too."
    )
    require(micro_batches != 72, "The bubble of 8 stages has 7 ticks, not 8.")
    require(micro_batches != 64, "64 is enough, but not the smallest number.")
    agree(micro_batches, 63, what="The number of micro-batches")
    require(not np.isclose(a, 0.5), "Half of 16 is 8, but that is the efficiency. Put $R = 16$ into $a + (1 - a) / R$.")
    require(not np.isclose(a, 1 / 8), "$1/8$ is the whole time on 16 workers. The part that was shared out is in it.")
    require(not np.isclose(a, 1 / 16), "Nearly: $a + 1/16 = 1/8$ would share out the share $a$ as well.")
    require(not np.isclose(a, 14 / 15), "That is the share that can be shared out, $1 - a$.")
    agree(a, 1 / 15, what="The share $a$")


# Mend a step


def step(w, gradients, limit, learning_rate):
    g = np.mean(gradients, axis=0)
    length = np.linalg.norm(g)
    return w - learning_rate * g * min(1, limit / length)


def step_by_loop(w, gradients, limit, learning_rate):
    total = 0
    for g in gradients:
        total = total + g / len(gradients)
    length = np.sqrt((total**2).sum())
    if length > limit:
        total = total * limit / length
    return w - learning_rate * total


def step_with_maximum(w, gradients, limit, learning_rate):
    mean = gradients.sum(axis=0) / len(gradients)
    return w - learning_rate * mean / max(1, np.linalg.norm(mean) / limit)


def step_along_direction(w, gradients, limit, learning_rate):
    mean = np.average(gradients, axis=0)
    length = np.linalg.norm(mean)
    return w - learning_rate * np.minimum(length, limit) * mean / length


def step_as_given(w, gradients, limit, learning_rate):
    total = 0
    for g in gradients:
        total = total + g * min(1, limit / np.linalg.norm(g))
    return w - learning_rate * total


def step_clipping_first(w, gradients, limit, learning_rate):
    return w - learning_rate * np.mean([g * min(1, limit / np.linalg.norm(g)) for g in gradients], axis=0)


def step_with_the_sum(w, gradients, limit, learning_rate):
    g = np.sum(gradients, axis=0)
    return w - learning_rate * g * min(1, limit / np.linalg.norm(g))


def step_dividing_last(w, gradients, limit, learning_rate):
    g = np.sum(gradients, axis=0)
    return w - learning_rate * g * min(1, limit / np.linalg.norm(g)) / len(gradients)


def step_stretching(w, gradients, limit, learning_rate):
    g = np.mean(gradients, axis=0)
    return w - learning_rate * g * limit / np.linalg.norm(g)


def step_clipping_numbers(w, gradients, limit, learning_rate):
    return w - learning_rate * np.clip(np.mean(gradients, axis=0), -limit, limit)


def step_clipping_the_way(w, gradients, limit, learning_rate):
    way = learning_rate * np.mean(gradients, axis=0)
    return w - way * min(1, limit / np.linalg.norm(way))


def check_step(answer):
    w = np.array([1.0, 2.0])
    gradients = np.array([[3.0, 0.0], [0.0, 4.0]])
    far = answer(w, gradients, 100.0, 0.1)
    require(np.shape(far) == (2,), f"`step` returns the new weights, of shape (2,), not {np.shape(far)}.")
    require(
        not np.allclose(far, step_with_the_sum(w, gradients, 100.0, 0.1)),
        "With a limit that is never reached, you move along the *sum* of the gradients, and with twice as many workers "
        "twice as far.",
    )
    require(
        not np.allclose(far, step_stretching(w, gradients, 100.0, 0.1)),
        "The average is shorter than the limit, and you made it longer. Clipping only shortens.",
    )
    agree(far, step(w, gradients, 100.0, 0.1), what="Without clipping, the new weights")
    near = answer(w, gradients, 1.0, 0.1)
    require(
        not np.allclose(near, step_clipping_first(w, gradients, 1.0, 0.1)),
        "Each gradient is clipped by itself, and then the average is shorter than the limit, and points elsewhere. "
        "Which vector should be clipped?",
    )
    require(
        not np.allclose(near, step_dividing_last(w, gradients, 1.0, 0.1)),
        "You clip the sum and divide after that, so the step is shorter than the limit allows. What has the length "
        "`limit`?",
    )
    require(
        not np.allclose(near, step_clipping_numbers(w, gradients, 1.0, 0.1)),
        "You clip each number by itself, which turns the gradient. Shorten the whole vector: its length is the limit.",
    )
    require(
        not np.allclose(near, step_clipping_the_way(w, gradients, 1.0, 0.1)),
        "The limit is for the gradient's length, and you measured it after the learning rate.",
    )
    agree(near, step(w, gradients, 1.0, 0.1), what="With clipping, the new weights")
    rng = np.random.default_rng(0)
    many = rng.normal(size=(5, 2))
    agree(answer(w, many, 0.5, 0.3), step(w, many, 0.5, 0.3), what="With five workers, the new weights")


EXERCISES = [
    Exercise(
        key="one-mean-from-many",
        title="One mean from many",
        check=check_whole_gradient,
        hints=[
            "Worker $r$'s gradient counts $N_r / N$. What is $N$?",
            "`sizes / sizes.sum()` are the shares; a product with the table of gradients does the rest.",
            "NaN times 0 is NaN. First take the rows with `sizes > 0`.",
        ],
        solution=whole_gradient,
        explanation="A worker without examples is no curiosity: at the end of an epoch some have run out of data. It "
        "must still take part, or all the others wait for it.",
        wrong=[
            Wrong(plain_mean, "counts five times"),
            Wrong(with_empty_parts, "Leave it out"),
            Wrong(weighted_sum, "*sum* over all"),
            Wrong(divided_by_workers, "number of workers"),
        ],
        right=[by_sums, by_average, by_broadcasting],
    ),
    Exercise(
        key="who-ends-with-what",
        title="Who ends with what",
        check=check_reduce_scatter,
        hints=[
            "Go backwards: chunk $r$ is to end at worker $r$, after $R - 1$ steps to the right. Where did it begin?",
            "It began at worker $r + 1$. So in step 0 worker $r$ sends chunk $r - 1$.",
            "In step $s$ worker $r$ sends chunk $r - s - 1$, and adds what arrives to chunk $r - s - 2$.",
        ],
        solution=reduce_scatter,
        explanation="Only the numbering of the chunks has moved by one. In this form, worker $r$ owns share $r$ of "
        "weights and averages, which is what sharding wants.",
        wrong=[
            Wrong(as_in_the_chapter, "as in the chapter"),
            Wrong(begun_on_the_other_side, "wrong side"),
            Wrong(one_step_too_many, "counted twice"),
            Wrong(taking_over, "lost its own term"),
            Wrong(leftwards, "from the other side"),
            Wrong(everything_everywhere, "all-reduce"),
        ],
        right=[in_one_go, sending_to_the_right, by_rolling],
    ),
    Exercise(
        key="the-butterfly",
        title="The butterfly",
        check=check_butterfly,
        hints=[
            "With 4 workers: first 0 and 1, 2 and 3 exchange; then 0 and 2, 1 and 3.",
            "`np.arange(R) ^ 2**step` gives the partners of all workers at once.",
            "`vectors = vectors + vectors[partners]` makes a new array, so nobody adds what is changed already.",
        ],
        solution=butterfly,
        explanation="1,024 workers need 10 steps in place of 2,046. But each sends its whole vector in each of them: "
        "10 $n$ bytes in place of 2 $n$. And all get the same bits, since $a + b = b + a$ even when rounded.",
        wrong=[
            Wrong(one_after_the_other, "*before* the step"),
            Wrong(always_the_neighbour, "same partner"),
            Wrong(round_the_ring, "round a ring"),
            Wrong(round_the_ring_leftwards, "round a ring"),
            Wrong(the_same_array_twice, "Append a copy"),
            Wrong(farthest_first, "nearest first"),
            Wrong(only_the_end, "after *each* step"),
        ],
        right=[butterfly_by_loops, butterfly_in_place, butterfly_by_shape],
    ),
    Exercise(
        key="bytes-by-hand",
        title="Bytes by hand",
        check=check_bytes,
        hints=[
            "The gradient has $4 \\cdot 3 \\cdot 10^9$ bytes: 12 GB.",
            "The ring sends $2 \\cdot \\frac78$ of it, FSDP three times $\\frac78$.",
            "Through one: seven gradients come in, seven sums go out.",
        ],
        solution=BYTES,
        explanation="Through one, the busiest worker moves 168 GB. In the ring each sends 21 GB and receives 21 GB, "
        "all at the same time.",
        wrong=[
            Wrong((24, 36, 168), "very many workers"),
            Wrong((10.5, 31.5, 168), "one half of the way"),
            Wrong((5.25, 31.5, 168), "`float32` has 4 bytes"),
            Wrong((1.5, 31.5, 168), "one chunk"),
            Wrong((84, 31.5, 168), "only chunks"),
            Wrong((21, 21, 168), "gathers the weights twice"),
            Wrong((42, 31.5, 168), "only what a worker sends"),
            Wrong((21, 10.5, 168), "other two"),
            Wrong((21, 36, 168), "not all."),
            Wrong((21, 31.5, 84), "what worker 0 receives"),
            Wrong((21, 31.5, 192), "to itself"),
        ],
        right=[[21, 31.5, 168], np.array([21.0, 31.5, 168.0]), (2 * 7 / 8 * 12, 3 * 7 / 8 * 12, 2 * 7 * 12)],
    ),
    Exercise(
        key="what-each-one-holds",
        title="What each one holds",
        check=check_held,
        hints=[
            "4 bytes for a parameter, 4 for its gradient, 8 for Adam's averages.",
            "With sharded averages: $8 P + 8 P / R$.",
            "$48 / R$ is to be below 2.",
        ],
        solution=HELD,
        explanation="$16 P = 48$ GB; $8 P + 8 P / 8 = 24 + 3$; $16 P / 8 = 6$. With 24 workers it is 2 GB, so 25 are "
        "needed. What the layers keep for the backward pass comes on top, in each worker for its own examples.",
        wrong=[
            Wrong((12, 27, 6, 25), "parameters alone"),
            Wrong((24, 27, 6, 25), "Parameters and gradients. Adam"),
            Wrong((36, 27, 6, 25), "*two* averages"),
            Wrong((6, 27, 6, 25), "nothing is shared out"),
            Wrong((48, 25.5, 6, 25), "into eight shares"),
            Wrong((48, 3, 6, 25), "share of the averages"),
            Wrong((48, 30, 6, 25), "Only the averages"),
            Wrong((48, 6, 6, 25), "with everything sharded"),
            Wrong((48, 15, 6, 25), "gradients are not sharded"),
            Wrong((48, 27, 6, 24), "*Below* 2"),
        ],
        right=[[48, 27, 6, 25], np.array([48.0, 27.0, 6.0, 25.0]), (16 * 3, 8 * 3 + 8 * 3 / 8, 16 * 3 / 8, 25.0)],
    ),
    Exercise(
        key="two-layers-in-parts",
        title="Two layers in parts",
        check=check_cut,
        hints=[
            "Share out the hidden units. A unit owns a row of `W1`, an entry of `b1` and a column of `W2`.",
            "`np.array_split` cuts into parts that differ by one at most.",
            "`b2` may be added once only: give it to one worker, and zeros to the others.",
        ],
        solution=cut,
        explanation="A bias that every worker adds would be there $R$ times after the sum. Programs for large models "
        "add it after the all-reduce.",
        wrong=[
            Wrong(bias_everywhere, "It should be there once"),
            Wrong(no_bias, "is missing"),
            Wrong(rest_forgotten, "where is the rest"),
            Wrong(rows_of_both, "which columns"),
            Wrong(everything_to_all, "each computes all"),
            Wrong(hidden_bias_shared, "belongs to the hidden units"),
        ],
        right=[bias_shared_out, every_rth_unit, by_borders],
    ),
    Exercise(
        key="bubble-and-limit",
        title="Bubble and limit",
        check=check_bubble,
        hints=[
            "$S = 8$, $M = 8$: put them into $(S - 1) / (M + S - 1)$.",
            "$7 / (M + 7) \\le 1/10$ says how large $M + 7$ must be.",
            "8 times as fast means $a + (1 - a) / 16 = 1/8$. Multiply by 16.",
        ],
        solution=BUBBLE,
        explanation="$7/15$; $M + 7 \\ge 70$; and $16 a + 1 - a = 2$, so $15 a = 1$. Less than 7 % that cannot be "
        "shared out costs half of 16 workers.",
        wrong=[
            Wrong((0.5, 63, 1 / 15), "Count the ticks"),
            Wrong((8 / 15, 63, 1 / 15), "How long is it idle"),
            Wrong((7 / 8, 63, 1 / 15), "of how many ticks"),
            Wrong((7 / 15, 70, 1 / 15), "belong to the whole"),
            Wrong((7 / 15, 72, 1 / 15), "7 ticks, not 8"),
            Wrong((7 / 15, 64, 1 / 15), "not the smallest"),
            Wrong((7 / 15, 63, 0.5), "efficiency"),
            Wrong((7 / 15, 63, 1 / 8), "whole time"),
            Wrong((7 / 15, 63, 1 / 16), "Nearly"),
            Wrong((7 / 16, 63, 1 / 15), "are how many ticks"),
            Wrong((7 / 15, 63, 14 / 15), "can be shared out"),
            Wrong((0.4667, 63, 0.0667), "as a fraction"),
            Wrong((7 / 15, 63, 0.07), "as a fraction"),
            Wrong((46.67, 63, 6.67), "between 0 and 1"),
        ],
        right=[[7 / 15, 63, 1 / 15], np.array(BUBBLE), (1 - 8 / 15, 63.0, (16 / 8 - 1) / 15)],
    ),
    Exercise(
        key="mend-a-step",
        title="Mend a step",
        check=check_step,
        hints=[
            "Which vector would a single process clip?",
            "First average all gradients, then measure the length, once.",
            "A sum of $R$ gradients is $R$ times their mean.",
        ],
        solution=step,
        explanation="Clipping is not linear, so it does not commute with the mean. Under FSDP nobody holds the whole "
        "gradient: the squared lengths of the shares are added up by an all-reduce of one number.",
        wrong=[
            Wrong(step_as_given, "*sum* of the gradients"),
            Wrong(step_clipping_first, "Which vector should be clipped"),
            Wrong(step_dividing_last, "clip the sum"),
            Wrong(step_stretching, "only shortens"),
            Wrong(step_clipping_numbers, "each number by itself"),
            Wrong(step_clipping_the_way, "after the learning rate"),
        ],
        right=[step_by_loop, step_with_maximum, step_along_direction],
    ),
]
