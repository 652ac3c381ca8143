"""Exercises of the chapter Layers."""

import numpy as np

from nnlib.exercises.exercise import Exercise, Wrong, agree, require

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


# 1 Equal or not

EQUAL = (np.array([[1, 1], [-1, -1]]), np.array([-1.5, 0.5]), np.array([1, 1]), -0.5)


def check_equal(answer):
    W, b, v, c = answer
    hidden = CORNERS @ W.T + b >= 0
    found = (hidden @ v + c >= 0).astype(int).tolist()
    require(
        found != [0, 1, 1, 0], "This is XOR itself, 1 where the inputs differ. It should be 1 where they are equal."
    )
    columns = ((CORNERS @ W + b >= 0) @ v + c >= 0).astype(int).tolist()
    require(
        found == [1, 0, 0, 1] or columns != [1, 0, 0, 1],
        "This would be right if the columns of `W` were the neurons. Its rows are.",
    )
    patterns = [tuple(row) for row in hidden.astype(int).tolist()]
    corners = [tuple(corner) for corner in CORNERS.astype(int).tolist()]
    require(len(set(patterns)) > 1, "The hidden neurons say the same at every corner: the last one sees no difference.")
    for k, corner in enumerate(corners):
        should = int(corner[0] == corner[1])
        twin = next((j for j in range(4) if patterns[j] == patterns[k] and (j in (0, 3)) != (k in (0, 3))), None)
        require(
            twin is None,
            f"The hidden neurons say {patterns[k]} both at {corner} and at {corners[twin or 0]}, which need different "
            "answers: no last neuron can tell these apart. Let each hidden neuron ask a question of its own.",
        )
        require(
            found[k] == should,
            f"At {corner} the hidden neurons say {patterns[k]}, and the network answers {found[k]}; it should answer "
            f"{should}. They do tell the corners apart, so look at `v` and `c`.",
        )


# 2 Four shapes

SHAPES = ((7, 5), (3, 5), (3,), (7, 3))


def check_shapes(answer):
    X, W, b, Z = (tuple(int(n) for n in np.ravel(shape)) for shape in answer)
    require(X != (5, 7), "In $X$ each example is a row: how many rows are there?")
    require(X == (7, 5), "The shape of $X$ is not right: 7 examples, and 5 numbers in each.")
    require(W != (5, 3), "Yours is the shape of $W^\\top$. In $W$ the rows are neurons.")
    require(W == (3, 5), "The shape of $W$ is not right: one row for each neuron, one column for each input.")
    require(b != (7,), "A bias belongs to a neuron, not to an example.")
    require(b != (5,), "A bias belongs to a neuron, not to an input.")
    require(b != (7, 3), "The biases are stored once. Broadcasting adds them to every example.")
    require(b == (3,), "The shape of $b$ is not right: one number for each neuron.")
    require(Z != (3, 7), "In $Z$, as in $X$, each example is a row.")
    require(Z == (7, 3), "The shape of $Z$ is not right: for each of 7 examples, what 3 neurons say.")


# 3 Count them


def count(sizes):
    return sum((n + 1) * m for n, m in zip(sizes, sizes[1:], strict=False))


def count_weights_only(sizes):
    return sum(n * m for n, m in zip(sizes, sizes[1:], strict=False))


def count_bias_for_inputs(sizes):
    return count_weights_only(sizes) + sum(sizes)


def count_one_bias(sizes):
    return count_weights_only(sizes) + len(sizes) - 1


def count_two_layers_only(sizes):
    return (sizes[0] + 1) * sizes[1] + (sizes[1] + 1) * sizes[-1]


def count_first_layer_only(sizes):
    return (sizes[0] + 1) * sizes[1]


def count_last_layer_only(sizes):
    return (sizes[-2] + 1) * sizes[-1]


def count_bias_per_input(sizes):
    return sum(n * (m + 1) for n, m in zip(sizes, sizes[1:], strict=False))


def count_by_arrays(sizes):
    pairs = [(np.zeros((m, n)), np.zeros(m)) for n, m in zip(sizes[:-1], sizes[1:], strict=True)]
    return sum(W.size + b.size for W, b in pairs)


def count_by_index(sizes):
    total = 0
    for k in range(1, len(sizes)):
        total += sizes[k - 1] * sizes[k]
        total += sizes[k]
    return total


def count_recursively(sizes):
    return 0 if len(sizes) < 2 else (sizes[0] + 1) * sizes[1] + count_recursively(sizes[1:])


def check_count(answer):
    found = answer((64, 32, 10))
    require(np.shape(found) == (), "Return one number, all parameters together.")
    require(found != 2080, "2080 is the layer from 64 to 32 alone. Does the loop end too early?")
    require(found != 330, "330 is the layer from 32 to 10 alone. Does each layer take the place of the one before?")
    require(found != 2368, "2368 are the weights of 64-32-10. Where are the biases?")
    require(found != 2474, "The input has no biases: it computes nothing.")
    require(found != 2370, "Each *neuron* has a bias, so a layer has as many as it has neurons.")
    require(
        found != count_bias_per_input((64, 32, 10)), "You count a bias for each input of a layer. Who has the biases?"
    )
    require(found == 2410, f"The network 64-32-10 has 2410 parameters, and you count {found}.")
    deep = answer((5, 4, 3, 2))
    require(
        deep == 47, f"64-32-10 is right, but 5-4-3-2, with two hidden layers, has 47 parameters, and you count {deep}."
    )
    agree(answer, count, ((3, 1),), ((10, 10, 10, 10),))


# 4 A layer for a batch


def relu_layer(X, W, b):
    return np.maximum(X @ W.T + b, 0)


def without_relu(X, W, b):
    return X @ W.T + b


def without_bias(X, W, b):
    return np.maximum(X @ W.T, 0)


def not_transposed(X, W, b):
    return np.maximum(X @ W + b, 0) if X.shape[1] == len(W) else np.maximum(W @ X.T + b[:, None], 0)


def weights_on_the_left(X, W, b):
    return np.maximum(W @ X + b, 0)


def examples_in_columns(X, W, b):
    return np.maximum(W @ X.T + b[:, None], 0)


def bias_after_bend(X, W, b):
    return np.maximum(X @ W.T, 0) + b


def bent_at_the_bias(X, W, b):
    return np.maximum(X @ W.T, b)


def by_rows(X, W, b):
    return np.stack([np.maximum(W @ x + b, 0) for x in X])


def by_einsum(X, W, b):
    z = np.einsum("nj,ij->ni", X, W) + b
    return np.where(z > 0, z, 0.0)


def transposed_back(X, W, b):
    return np.maximum((W @ X.T).T + b[None, :], 0)


rng = np.random.default_rng(0)
X, W, B = rng.standard_normal((6, 4)), rng.standard_normal((3, 4)), rng.standard_normal(3)
SQUARE = rng.standard_normal((5, 3))[:3], rng.standard_normal((3, 3)), rng.standard_normal(3)


def check_relu_layer(answer):
    square = answer(*SQUARE)
    wrong = np.maximum(SQUARE[0] @ SQUARE[1] + SQUARE[2], 0)
    require(
        np.shape(square) != wrong.shape or not np.allclose(square, wrong),
        "With as many neurons as inputs yours runs, and multiplies by the columns of `W`. Rows are neurons.",
    )
    require(
        np.shape(square) != (3, 3) or not np.allclose(square, weights_on_the_left(*SQUARE)),
        "`W @ X` is for examples in columns. Here they are rows: `X` comes first, and `W` must be turned round.",
    )
    a = answer(X, W, B)
    require(np.shape(a) != (3, 6), "Your result has the shape (3, 6): the examples have become columns.")
    require(np.shape(a) == (6, 3), f"6 examples through 3 neurons make the shape (6, 3), and yours is {np.shape(a)}.")
    require(not np.allclose(a, X @ W.T + B), "These are the weighted sums. Where is the ReLU?")
    require(not np.allclose(a, np.maximum(X @ W.T, 0)), "The bias is missing.")
    require(
        not np.allclose(a, np.maximum(X @ W.T, 0) + B), "The bias belongs to the weighted sum: add it before the bend."
    )
    require(
        not np.allclose(a, np.maximum(X @ W.T, B)),
        "Yours takes the larger of the sum and the *bias*. Add the bias; what the ReLU compares with is 0.",
    )
    agree(answer, relu_layer, (X, W, B), SQUARE)


# 5 Find the bug


def forward(X, layers):
    for W, b in layers[:-1]:
        X = np.maximum(X @ W.T + b, 0)
    W, b = layers[-1]
    return X @ W.T + b


def always_bent(X, layers):
    for W, b in layers:
        X = np.maximum(X @ W.T + b, 0)
    return X


def never_bent(X, layers):
    for W, b in layers:
        X = X @ W.T + b
    return X


def last_layer_left_out(X, layers):
    for W, b in layers[:-1]:
        X = np.maximum(X @ W.T + b, 0)
    return X


def input_bent_too(X, layers):
    for W, b in layers:
        X = np.maximum(X, 0) @ W.T + b
    return X


def last_bias_left_out(X, layers):
    return forward(X, layers) - layers[-1][1]


def biases_after_bend(X, layers):
    for W, b in layers:
        X = np.maximum(X @ W.T, 0) + b
    return X


def forward_by_number(X, layers):
    for k, (W, b) in enumerate(layers):
        X = X @ W.T + b
        if k < len(layers) - 1:
            X = np.maximum(X, 0)
    return X


def forward_first_apart(X, layers):
    z = X @ layers[0][0].T + layers[0][1]
    for W, b in layers[1:]:
        z = np.maximum(z, 0) @ W.T + b
    return z


def forward_recursive(X, layers):
    z = X @ layers[0][0].T + layers[0][1]
    return z if len(layers) == 1 else forward_recursive(z * (z > 0), layers[1:])


LAYERS = [(rng.standard_normal((m, n)), rng.standard_normal(m)) for n, m in ((4, 5), (5, 3), (3, 2))]


def check_forward(answer):
    Z = answer(X, LAYERS)
    require(
        np.shape(Z) != (6, 3), "You return what the last hidden layer says: the last layer is computed, but not bent."
    )
    require(np.shape(Z) == (6, 2), f"6 examples and 2 outputs make the shape (6, 2), and yours is {np.shape(Z)}.")
    require(np.min(Z) < 0, "Still nothing negative comes out: behind which layer should there be no bend?")
    require(
        not np.allclose(Z, never_bent(X, LAYERS)), "Now no layer bends, and three layers are one matrix. Bend between."
    )
    require(
        not np.allclose(Z, input_bent_too(X, LAYERS)),
        "Between the layers it is right, but you bend the input, too, and lose what is negative in it.",
    )
    require(not np.allclose(Z, last_bias_left_out(X, LAYERS)), "Almost: the last layer has a bias, too.")
    require(
        not np.allclose(Z, biases_after_bend(X, LAYERS)),
        "The numbers are negative by their biases only: add each bias before the bend, and leave the last bend out.",
    )
    agree(answer, forward, (X, LAYERS), (X, LAYERS[:1]))


# 6 Two layers into one


def merge(W1, b1, W2, b2):
    return W2 @ W1, W2 @ b1 + b2


def merge_wrong_order(W1, b1, W2, b2):
    product = W1 @ W2 if W1.shape[1] == len(W2) else W1.T @ W2.T
    return product, W2 @ b1 + b2


def merge_biases_added(W1, b1, W2, b2):
    return W2 @ W1, (b1 + b2) if len(b1) == len(b2) else b2


def merge_first_bias_lost(W1, b1, W2, b2):
    return W2 @ W1, b2


def merge_second_bias_lost(W1, b1, W2, b2):
    return W2 @ W1, W2 @ b1


def merge_transposed(W1, b1, W2, b2):
    return (W2 @ W1).T, W2 @ b1 + b2


def merge_by_dots(W1, b1, W2, b2):
    return W2.dot(W1), b2 + (W2 * b1).sum(axis=1)


def merge_by_probing(W1, b1, W2, b2):
    b = W2 @ (W1 @ np.zeros(W1.shape[1]) + b1) + b2
    columns = [W2 @ (W1 @ e + b1) + b2 - b for e in np.eye(W1.shape[1])]
    return np.stack(columns, axis=1), b


def merge_by_einsum(W1, b1, W2, b2):
    return np.einsum("km,mn->kn", W2, W1), np.einsum("km,m->k", W2, b1) + b2


PAIR = LAYERS[0] + LAYERS[1]
SQUARES = tuple(rng.standard_normal(shape) for shape in ((3, 3), 3, (3, 3), 3))


def check_merge(answer):
    W, b = answer(*SQUARES)
    W1, b1, W2, b2 = SQUARES
    require(
        np.shape(W) != (3, 3) or not np.allclose(W, W1 @ W2),
        "The order is wrong. $W_2 (W_1 x)$: which matrix meets $x$ first, and on which side does it stand?",
    )
    require(
        np.shape(W) != (3, 3) or not np.allclose(W, (W2 @ W1).T),
        "Your matrix is transposed: it should have one row for each output.",
    )
    require(np.shape(b) != (3,) or not np.allclose(b, b1 + b2), "The first bias goes through the second layer, too.")
    require(np.shape(b) != (3,) or not np.allclose(b, W2 @ b1), "The second layer has a bias of its own.")
    require(
        np.shape(b) != (3,) or not np.allclose(b, b2), "The first bias is lost. What does the second layer make of it?"
    )
    W, b = answer(*PAIR)
    require(np.shape(W) == (3, 4), f"From 4 inputs to 3 outputs, W has the shape (3, 4), and yours is {np.shape(W)}.")
    require(np.shape(b) == (3,), f"For 3 outputs, b has the shape (3,), and yours is {np.shape(b)}.")
    agree(answer, merge, PAIR, SQUARES)


# 7 Three times instead of twice


def relu(z):
    return np.maximum(z, 0)


def zigzag(x):
    return 3 * relu(x) - 6 * relu(x - 1 / 3) + 6 * relu(x - 2 / 3)


def tent(x):
    return 2 * relu(x) - 4 * relu(x - 1 / 2)


def bent_half_as_much(x):
    return 3 * relu(x) - 3 * relu(x - 1 / 3) + 3 * relu(x - 2 / 3)


def flat_at_the_end(x):
    return 3 * relu(x) - 6 * relu(x - 1 / 3) + 3 * relu(x - 2 / 3)


def without_third(x):
    return 3 * relu(x) - 6 * relu(x - 1 / 3)


def three_too_low(x):
    return relu(x) - 2 * relu(x - 1 / 3) + 2 * relu(x - 2 / 3)


def rounded_thirds(x):
    return 3 * relu(x) - 6 * relu(x - 0.33) + 6 * relu(x - 0.67)


def zigzag_by_distance(x):
    return np.abs(1 - np.abs(1 - np.abs(3 * x)))


def zigzag_inside(x):
    return relu(3 * x) - 2 * relu(3 * x - 1) + 2 * relu(3 * x - 2)


def zigzag_by_table(x):
    return np.interp(x, [0, 1 / 3, 2 / 3, 1], [0, 1, 0, 1])


def check_zigzag(answer):
    line = np.linspace(0, 1, 3**5 + 1)
    y = np.asarray(answer(line))
    require(y.shape == line.shape, f"For {len(line)} numbers it should return as many, not the shape {y.shape}.")
    require(not np.allclose(y, tent(line)), "This is the tent: it doubles. One more bend, and other places for them.")
    at = {name: y[int(round(x * 243))] for name, x in (("0", 0), ("1/3", 1 / 3), ("2/3", 2 / 3), ("1", 1))}
    require(np.isclose(at["0"], 0), f"At x = 0 it should be 0, and yours is {at['0']:.3g}.")
    require(
        np.isclose(at["1/3"], 1) or abs(at["1/3"] - 1) > 0.05,
        f"At x = 1/3 yours is {at['1/3']:.3g}, nearly 1. Is a third rounded somewhere? Write `1 / 3`.",
    )
    require(
        np.isclose(at["1/3"], 1), f"At x = 1/3 it should be 1, and yours is {at['1/3']:.3g}: how steep is the way up?"
    )
    require(
        not np.isclose(at["2/3"], 1),
        "From 1/3 to 2/3 yours is flat. The first bend takes away the slope of 3; going down takes as much again.",
    )
    require(np.isclose(at["2/3"], 0), f"At x = 2/3 it should be 0, and yours is {at['2/3']:.3g}.")
    require(
        not np.isclose(at["1"], 0), "After 2/3 yours stays at 0. By how much must a slope of −3 change to become +3?"
    )
    require(not np.isclose(at["1"], -1), "After 2/3 yours goes on falling: it needs a third bend.")
    require(np.isclose(at["1"], 1), f"At x = 1 it should be 1, and yours is {at['1']:.3g}.")
    agree(answer, zigzag, line)
    thrice = np.asarray(answer(answer(answer(line))))
    slopes = np.sign(np.diff(thrice))
    return f"Three of them, one behind the other, make {1 + (slopes[1:] != slopes[:-1]).sum()} pieces from 9 units."


EXERCISES = [
    Exercise(
        key="equal-or-not",
        title="Equal or not",
        check=check_equal,
        hints=[
            "Two inputs are equal if both are 1, or if none is. Let each hidden neuron ask one of these.",
            "Both are 1 if $x_1 + x_2$ is at least one and a half, none is if $-x_1 - x_2$ is at least minus a half.",
            "The last neuron is on if at least one of the two is, as the first neuron of the XOR network was.",
        ],
        solution=EQUAL,
        explanation="The first neuron is on at $(1, 1)$ only, the second at $(0, 0)$ only, and the last one if at "
        "least one of them is. You may also keep the hidden layer of XOR and turn the last neuron round.",
        wrong=[
            Wrong(([[1, 1], [-1, -1]], [-0.5, 1.5], [1, 1], -1.5), "This is XOR itself"),
            Wrong(([[1, 1], [-1, -1]], [-1.5, 0.5], [1, 1], -1.5), "look at `v` and `c`"),
            Wrong(([[1, 1], [1, 1]], [-1.5, -1.5], [1, 1], -0.5), "question of its own"),
            Wrong(([[1, -1], [1, -1]], [-1.5, 0.5], [1, 1], -0.5), "Its rows are"),
            Wrong(([[0, 0], [0, 0]], [0, 0], [1, 1], -0.5), "say the same at every corner"),
        ],
        right=[
            ([[1, 1], [-1, -1]], [-1.5, 0.5], [1, 1], -0.5),
            ([[1, 1], [-1, -1]], [-0.5, 1.5], [-1, -1], 1.5),
            (np.array([[2.0, 2.0], [2.0, 2.0]]), np.array([-1.0, -3.0]), np.array([-1.0, 1.0]), 0.0),
            [[[1, -1], [-1, 1]], [-1, -1], [-1, -1], 0],
        ],
    ),
    Exercise(
        key="four-shapes",
        title="Four shapes",
        check=check_shapes,
        hints=[
            "Examples are rows in $X$ and in $Z$; neurons are rows in $W$.",
            "$Z = X W^\\top + b$: the columns of $X$ and the rows of $W^\\top$ must be as many.",
        ],
        solution=SHAPES,
        explanation="(7, 5) times (5, 3) makes (7, 3): the inner numbers agree and vanish. The weights and the biases "
        "know nothing of the 7.",
        wrong=[
            Wrong(((5, 7), (3, 5), (3,), (3, 7)), "how many rows"),
            Wrong(((7, 5), (5, 3), (3,), (7, 3)), "the shape of $W^\\top$"),
            Wrong(((7, 5), (3, 5), (7,), (7, 3)), "not to an example"),
            Wrong(((7, 5), (3, 5), (5,), (7, 3)), "not to an input"),
            Wrong(((7, 5), (3, 5), (3,), (3, 7)), "as in $X$"),
        ],
        right=[
            SHAPES,
            [[7, 5], [3, 5], [3], [7, 3]],
            (np.array([7, 5]), np.array([3, 5]), np.array([3]), np.array([7, 3])),
        ],
    ),
    Exercise(
        key="parameters-from-sizes",
        title="Count them",
        check=check_count,
        hints=[
            "A layer from `n` numbers to `m` has `n * m` weights. And how many biases?",
            "`zip(sizes, sizes[1:])` gives the pairs: (64, 32), then (32, 10).",
        ],
        solution=count,
        wrong=[
            Wrong(count_weights_only, "Where are the biases"),
            Wrong(count_bias_for_inputs, "it computes nothing"),
            Wrong(count_first_layer_only, "end too early"),
            Wrong(count_last_layer_only, "take the place"),
            Wrong(count_one_bias, "Each *neuron* has a bias"),
            Wrong(count_bias_per_input, "Who has the biases"),
            Wrong(count_two_layers_only, "with two hidden layers"),
        ],
        right=[count_by_arrays, count_by_index, count_recursively],
    ),
    Exercise(
        key="a-layer-for-a-batch",
        title="A layer for a batch",
        check=check_relu_layer,
        hints=[
            "The shapes are (N, in) and (out, in). What must be turned round?",
            "`X @ W.T`, the bias, then the bend.",
        ],
        solution=relu_layer,
        wrong=[
            Wrong(not_transposed, "Rows are neurons"),
            Wrong(weights_on_the_left, "comes first"),
            Wrong(examples_in_columns, "have become columns"),
            Wrong(without_relu, "Where is the ReLU"),
            Wrong(without_bias, "The bias is missing"),
            Wrong(bias_after_bend, "before the bend"),
            Wrong(bent_at_the_bias, "compares with is 0"),
        ],
        right=[by_rows, by_einsum, transposed_back],
    ),
    Exercise(
        key="never-negative",
        title="Find the bug",
        check=check_forward,
        hints=[
            "What does the ReLU make of the numbers of the *last* layer?",
            "`layers[:-1]` are all layers but the last; `layers[-1]` is the last.",
        ],
        solution=forward,
        explanation="A bend stands *between* layers. Behind the last one it cuts off half of what the network has to "
        "say. Where all outputs are 0, it has no answer at all.",
        wrong=[
            Wrong(always_bent, "Still nothing negative"),
            Wrong(never_bent, "Bend between"),
            Wrong(last_layer_left_out, "the last hidden layer says"),
            Wrong(input_bent_too, "you bend the input"),
            Wrong(last_bias_left_out, "the last layer has a bias"),
            Wrong(biases_after_bend, "by their biases only"),
        ],
        right=[forward_by_number, forward_first_apart, forward_recursive],
    ),
    Exercise(
        key="two-layers-into-one",
        title="Two layers into one",
        check=check_merge,
        hints=[
            "Put $W_1 x + b_1$ into the second layer and multiply out.",
            "$W_2 (W_1 x + b_1) + b_2$ is the same as $(W_2 W_1)\\, x$ plus $W_2 b_1 + b_2$.",
        ],
        solution=merge,
        wrong=[
            Wrong(merge_wrong_order, "The order is wrong"),
            Wrong(merge_transposed, "transposed"),
            Wrong(merge_biases_added, "goes through the second layer"),
            Wrong(merge_first_bias_lost, "is lost"),
            Wrong(merge_second_bias_lost, "a bias of its own"),
        ],
        right=[merge_by_dots, merge_by_probing, merge_by_einsum],
    ),
    Exercise(
        key="three-times-instead-of-twice",
        title="Three times instead of twice",
        check=check_zigzag,
        hints=[
            "Its slopes are 3, −3 and 3. Where does the slope change, and by how much?",
            "It begins with `3 * relu(x)`. At 1/3 the slope changes by −6.",
        ],
        solution=zigzag,
        helpers=[relu],
        explanation="The slope is 3 at first, changes by −6 at 1/3 and by +6 at 2/3. Each further zigzag triples the "
        "pieces.",
        wrong=[
            Wrong(tent, "This is the tent"),
            Wrong(three_too_low, "how steep"),
            Wrong(rounded_thirds, "rounded somewhere"),
            Wrong(bent_half_as_much, "yours is flat"),
            Wrong(flat_at_the_end, "stays at 0"),
            Wrong(without_third, "needs a third bend"),
        ],
        right=[zigzag_by_distance, zigzag_inside, zigzag_by_table],
    ),
]
