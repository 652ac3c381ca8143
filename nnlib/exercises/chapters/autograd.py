"""Exercises of the chapter Automatic differentiation."""

import numpy as np

from nnlib.exercises.diagnosis import Diagnosis
from nnlib.exercises.exercise import Exercise, Wrong, agree, require

# 1 A tape by hand

BY_HAND = (6, 14, 48, 28)  # by c, b, x, y


def check_tape_by_hand(answer):
    c, b, x, y = answer
    require(
        (c, b, x, y) not in ((28, 48, 14, 6), (48, 28, 14, 6), (48, 28, 6, 14)),
        "The numbers are right, but the places are not: by $c$ comes first, then by $b$, $x$ and $y$.",
    )
    require(c != 8, "By $c$: in $L = c \\cdot b$ the other factor of $c$ is $b$. 8 is $c$ itself.")
    agree(c, 6, what="The derivative by $c$")
    require(b != 8, "By $b$: 8 is what $L$ sends. $b$ was used in $c$ as well, and $c$ has something to send.")
    require(b != 6, "By $b$: 6 is what $c$ sends. $b$ was used in $L$ as well: what does $L$ send?")
    require(
        b not in (9, 1), "By $b$: $c$ does not send 1, but what has arrived at $c$: a sum sends its whole $g$ to both."
    )
    agree(b, 14, what="The derivative by $b$")
    require(x != 42, "By $x$: 42 is what $b$ sends. $x$ was also used in $c$.")
    require(
        x not in (24, 30),
        "By $x$: $b$ sent on only the 8 that came from $L$. It must wait for what $c$ sends: 14 in all.",
    )
    require(x not in (28, 34), "By $x$: in $b = x \\cdot y$ the factor that $x$ gets is $y = 3$, not $x$ itself.")
    require(x != 6, "By $x$: 6 is what $c$ sends. $x$ was also used in $b$.")
    agree(x, 48, what="The derivative by $x$")
    require(y != 16, "By $y$: $b$ sent on only the 8 that came from $L$. In all, 14 arrived there.")
    require(y != 42, "By $y$: in $b = x \\cdot y$ the factor that $y$ gets is $x = 2$.")
    agree(y, 28, what="The derivative by $y$")


# 2 What is on the tape?

ON_THE_TAPE = (4, 29)  # entries, derivative


def check_on_the_tape(answer):
    entries, derivative = answer
    require(entries != 29, "The number of entries comes first, then the derivative.")
    require(
        entries != 6,
        "6 are too many. A leaf has no entry, so $x$ is none. And does any edge lead to `z`?",
    )
    require(
        entries != 5,
        "5 entries were made, but of `z` only the bare number was looked at: from the result, no edge leads there.",
    )
    require(
        entries not in (7, 8, 9),
        "A comparison uses the bare number `y.data`: it makes no entry. And does any edge lead to `z`?",
    )
    require(entries not in (3, 2), "One entry for each operation that the result rests on: do not forget `x * x`.")
    require(entries != 1, "The loop is no entry. Each round of it records an operation of its own.")
    agree(entries, 4, what="The number of entries")
    require(derivative != 27, "The derivative of $x^3$ is 27. What happens to `y` in the second and the third round?")
    require(
        derivative != 28,
        "Go through the three rounds: `y` is 9 at first, then 27. How often is `y > 20`, so that $x$ is added?",
    )
    require(
        derivative != 2,
        "`y` itself rests on $x$: in the first round it became $x \\cdot x \\cdot x$, and that has a derivative, too.",
    )
    require(derivative != 33, "33 is the value. The question is its derivative by $x$.")
    require(
        derivative not in (108, 81, 405),
        "Not every round multiplies. After the first one `y` is 27, and from then on $x$ is added.",
    )
    agree(derivative, 29, what="The derivative")


# 3 An order without numbers

DIAMOND = {"L": ["a", "s"], "s": ["a"], "a": []}
SHORTCUT = {"L": ["h1", "h2"], "h2": ["z2"], "z2": ["h1"], "h1": ["z1"], "z1": []}
LADDER = {"e": ["d", "c"], "d": ["c", "b"], "c": ["b", "a"], "b": ["a", "a"], "a": []}
UNUSED = {"L": ["b", "a"], "b": ["a"], "a": [], "z": ["a"], "w": ["z", "L"]}
CHAIN = {f"e{k}": [f"e{k - 1}"] if k else [] for k in range(40)}


def order(parents, last):
    users = dict.fromkeys(parents, 0)  # how many, of those that last needs, have not been listed yet
    needed, stack = {last}, [last]
    while stack:
        for parent in parents[stack.pop()]:
            users[parent] += 1
            if parent not in needed:
                needed.add(parent)
                stack.append(parent)
    listed = [last]
    for entry in listed:
        for parent in parents[entry]:
            users[parent] -= 1
            if users[parent] == 0:
                listed.append(parent)
    return listed


def check_order(answer):
    for parents, last in ((DIAMOND, "L"), (SHORTCUT, "L"), (LADDER, "e"), (UNUSED, "L"), (CHAIN, "e39")):
        found = answer(parents, last)
        short = f"{len(parents)} entries in a row" if len(parents) > 9 else f"`{parents}`"
        require(isinstance(found, (list, tuple)) and all(isinstance(name, str) for name in found),
                "Return a list of names.")  # fmt: skip
        found, needed = list(found), order(parents, last)
        shown = ", ".join(found[:9])
        require(last in found, f"For {short} you return {shown}: `{last}` itself belongs to its tape, as the first.")
        for name in needed:
            require(name in found, f"For {short} you return {shown}: `{name}` is missing, and `{last}` needs it.")
        for name in found:
            require(
                name in needed, f"For {short} you return {shown}: `{last}` does not need `{name}`, so it is not on the "
                "tape. Which entries can be reached from `last`?"
            )  # fmt: skip
            require(found.count(name) == 1, f"For {short} you return {shown}: `{name}` stands there twice.")
        require(
            found[0] == last or found[-1] != last,
            f"For {short} you return {shown}: this is the order of the way forward. Going back, `{last}` comes first.",
        )
        for user in needed:
            for parent in parents[user]:
                require(
                    found.index(user) < found.index(parent),
                    f"For {short} you return {shown}: `{parent}` stands before `{user}`, which used its result. When "
                    f"`{parent}` sends, what comes from `{user}` has not arrived yet.",
                )


def order_by_depth_first(parents, last):
    done, seen, stack = [], set(), [(last, False)]
    while stack:
        name, finished = stack.pop()
        if finished:
            done.append(name)
        elif name not in seen:
            seen.add(name)
            stack.append((name, True))
            stack.extend((parent, False) for parent in parents[name])
    return done[::-1]


def order_by_picking(parents, last):
    left, stack = {last}, [last]
    while stack:
        for parent in parents[stack.pop()]:
            if parent not in left:
                left.add(parent)
                stack.append(parent)
    listed = []
    while left:
        free = next(n for n in sorted(left) if not any(n in parents[user] for user in left))
        listed.append(free)
        left.remove(free)
    return listed


def order_by_level(parents, last):
    level, front = {}, {last}
    depth = 0
    while front:
        level.update(dict.fromkeys(front, depth))
        front = {parent for name in front for parent in parents[name]}
        depth += 1
    return sorted(level, key=lambda name: level[name])


def order_ring_by_ring(parents, last):
    listed = [last]
    for name in listed:
        listed += [p for p in dict.fromkeys(parents[name]) if p not in listed]
    return listed


def order_forwards(parents, last):
    return order_by_depth_first(parents, last)[::-1]


def order_of_everything(parents, last):
    return [name for name in order_by_picking({**parents, "": list(parents)}, "") if name]


def order_with_repeats(parents, last):
    listed = [last]
    for name in listed:
        listed += parents[name]
        if len(listed) > 400:
            break
    return listed


def order_without_last(parents, last):
    return order_by_depth_first(parents, last)[1:]


def order_of_users_only(parents, last):
    return [name for name in order(parents, last) if parents[name]]


# 4 The same row twice

TABLE = np.random.default_rng(0).standard_normal((5, 3))
INDEX = np.array([3, 0, 3, 4, 3, 0])
ONCE = np.array([2, 0, 4])
G_ROWS = np.random.default_rng(1).standard_normal((6, 3))


def rows(table, index):
    y = table[index]

    def d_table(g):
        d = np.zeros_like(table)
        np.add.at(d, index, g)
        return d

    return y, (d_table,)


def check_rows(answer):
    y, (d_table,) = answer(TABLE, ONCE)
    require(callable(d_table), "`d_table` is a value. It should be a function of $g$: `def d_table(g): return ...`.")
    agree(y, TABLE[ONCE], what="The value", show=True)
    d = np.asarray(d_table(G_ROWS[:3]))
    require(
        d.shape != (3, 3),
        "What comes back has the shape of the result, one row for each entry of `index`. It must have the table's: "
        "a row for each row of the table.",
    )
    require(d.shape == TABLE.shape, f"A derivative by the table has its shape, {TABLE.shape}, not {d.shape}.")
    require(not d[[1, 3]].any(), "Rows that were not taken have no part in the result: their derivative is 0.")
    agree(d, rows(TABLE, ONCE)[1][0](G_ROWS[:3]), what="With every row taken once, what `d_table` returns", show=True)
    (d_table,) = answer(TABLE, INDEX)[1]
    d, right = np.array(d_table(G_ROWS)), rows(TABLE, INDEX)[1][0](G_ROWS)
    require(
        not np.allclose(d[3], G_ROWS[4]),
        "Row 3 was taken three times, and only the last of the three derivatives has been kept. `d[index] += g` looks "
        "as if it added, but NumPy computes the right side once and then writes it three times.",
    )
    require(
        not np.allclose(d[3], G_ROWS[0]),
        "Row 3 was taken three times, and only the first of the three derivatives has been kept.",
    )
    require(
        not np.allclose(d[3], right[3] / 3),
        "Row 3 was taken three times, and you return the mean of what came back. Uses are added.",
    )
    agree(d, right, what="With rows taken several times, what `d_table` returns", show=True)
    require(
        np.array_equal(d_table(G_ROWS), d),
        "Called a second time with the same $g$, `d_table` returns something else: it adds to what the first call has "
        "left. Make the zeros *inside* `d_table`.",
    )


def rows_by_loop(table, index):
    def d_table(g):
        d = np.zeros(table.shape)
        for n, i in enumerate(index):
            d[i] += g[n]
        return d

    return table[index], (d_table,)


def rows_by_one_hot(table, index):
    picked = np.eye(len(table))[index]  # (N, V): the taking as a matrix product
    return picked @ table, (lambda g: picked.T @ g,)


def rows_by_comparison(table, index):
    def d_table(g):
        return np.stack([g[index == v].sum(axis=0) for v in range(len(table))])

    return table[index], [d_table]


def rows_kept_last(table, index):
    def d_table(g):
        d = np.zeros_like(table)
        d[index] += g
        return d

    return table[index], (d_table,)


def rows_piled_up(table, index):
    d = np.zeros_like(table)

    def d_table(g):
        np.add.at(d, index, g)
        return d

    return table[index], (d_table,)


def rows_of_g(table, index):
    return table[index], (lambda g: g,)


def rows_taken_again(table, index):
    return table[index], (lambda g: g[: len(table)] if len(g) >= len(table) else np.resize(g, table.shape),)


def rows_mean(table, index):
    def d_table(g):
        picked = np.eye(len(table))[index]
        return picked.T @ g / np.maximum(picked.sum(axis=0), 1)[:, None]

    return table[index], (d_table,)


# 5 A name used twice


def add(a, b):
    return a + b, (lambda g: g, lambda g: g)


def mul(a, b):
    return a * b, (lambda g: g * b, lambda g: g * a)


def recorded(values, *lines):
    """The tape of some lines such as ("y", mul, "y", "x"), as the chapter's `record` makes it."""
    values, tape = dict(values), []
    for name, rule, *inputs in lines:
        values[name], vjps = rule(*[values[i] for i in inputs])
        tape.append((name, tuple(inputs), vjps))
    return tape


def backward_by_name(tape, last):
    g = {last: 1.0}
    for name, inputs, vjps in reversed(tape):
        arrived = g.pop(name, 0.0)  # further up, the name stands for an older value
        for i, vjp in zip(inputs, vjps, strict=True):
            g[i] = g.get(i, 0.0) + vjp(arrived)
    return g


START = {"x": 3.0, "one": 1.0}
STRAIGHT = recorded(START, ("a", mul, "x", "x"), ("s", add, "a", "one"), ("L", mul, "a", "s"))
LOOP = recorded(START, ("y", mul, "x", "one"), ("y", mul, "y", "x"), ("y", mul, "y", "x"))
SQUARES = recorded(START, ("y", mul, "x", "one"), ("y", mul, "y", "y"), ("y", add, "y", "x"))
DEAD = recorded(START, ("y", mul, "x", "x"), ("z", mul, "y", "one"), ("y", add, "y", "x"))


def check_backward_by_name(answer):
    def by_x(tape, last):
        try:
            found = answer(tape, last)
        except Diagnosis as stopped:
            if not isinstance(stopped.__context__, KeyError):  # what the answer itself raised
                raise
            name = stopped.__context__.args[0]
            require(
                name != "z",
                "It stops with KeyError: 'z' where the tape has an entry `z` that `last` does not need. Nothing has "
                "arrived there. So what does it have to send?",
            )
            require(
                name != last,
                f"It stops with KeyError: '{name}', since $g$ has been taken away from that name already. Do it once "
                "for each entry, before the inner loop.",
            )
            raise
        require(isinstance(found, dict) and "x" in found, "Return a dictionary in which `x` has its derivative.")
        return found["x"]

    straight = by_x(STRAIGHT, "L")
    require(
        not np.isclose(straight, 27),
        "On the tape of the chapter, where no name is used twice, it now finds 27, and 114 is right: what comes from "
        "several uses must be added.",
    )
    require(
        not np.isclose(straight, 30),
        "On the tape of the chapter it now finds 30 instead of 114: of the two inputs of an entry, only the first is "
        "sent anything. When you take $g$ away from its name, do it once for each entry, before the inner loop.",
    )
    agree(straight, 114, what="On the tape of the chapter, the derivative by `x`", show=True)
    loop = by_x(LOOP, "y")
    require(
        not np.isclose(loop, (0, 9, 36)).any(),
        f"For y = x, then twice y = y * x, it finds {loop:g} instead of 27. The entry has sent to its input `y`, the "
        "*older* value, and then this was thrown away. Empty the name before anything is sent.",
    )
    require(
        np.isclose(loop, 27),
        f"For y = x, then twice y = y * x, it finds {loop:g} instead of 27. When the last entry sends to its input "
        "`y`, that is an older value than its result `y`: whose is the number that still lies under the name?",
    )
    squares = by_x(SQUARES, "y")
    require(
        np.isclose(squares, 7),
        f"For y = x, y = y * y, y = y + x it finds {squares:g} instead of 7. Both vjps of y * y must get the same "
        "$g$, that of the result. Does the first one change what the second one gets?",
    )
    agree(by_x(DEAD, "y"), 7, what="With an entry `z` that nobody needs, the derivative by `x`", show=True)


def by_name_fresh(tape, last):
    g = {last: 1.0}
    for name, inputs, vjps in tape[::-1]:
        if name not in g:
            continue
        arrived = g[name]
        del g[name]
        for i, vjp in zip(inputs, vjps, strict=True):
            g[i] = g.get(i, 0) + vjp(arrived)
    return g


def by_name_sent_first(tape, last):
    g = {last: 1.0}
    for name, inputs, vjps in reversed(tape):
        sent = [(i, vjp(g.get(name, 0.0))) for i, vjp in zip(inputs, vjps, strict=True)]
        g[name] = 0.0
        for i, s in sent:
            g[i] = g.get(i, 0.0) + s
    return g


def by_name_numbered(tape, last):
    version, renamed = {}, []
    for name, inputs, vjps in tape:
        sources = [f"{i} {version[i]}" if i in version else i for i in inputs]
        version[name] = version.get(name, 0) + 1
        renamed.append((f"{name} {version[name]}", sources, vjps))
    g = {f"{last} {version[last]}": 1.0}
    for name, sources, vjps in reversed(renamed):
        for i, vjp in zip(sources, vjps, strict=True):
            g[i] = g.get(i, 0.0) + vjp(g.get(name, 0.0))
    return g


def by_name_as_it_was(tape, last):
    g = {last: 1.0}
    for name, inputs, vjps in reversed(tape):
        for i, vjp in zip(inputs, vjps, strict=True):
            g[i] = g.get(i, 0.0) + vjp(g[name])
    return g


def by_name_emptied_late(tape, last):
    g = {last: 1.0}
    for name, inputs, vjps in reversed(tape):
        for i, vjp in zip(inputs, vjps, strict=True):
            g[i] = g.get(i, 0.0) + vjp(g.get(name, 0.0))
        g[name] = 0.0
    return g


def by_name_taken_inside(tape, last):
    g = {last: 1.0}
    for name, inputs, vjps in reversed(tape):
        for i, vjp in zip(inputs, vjps, strict=True):
            g[i] = g.get(i, 0.0) + vjp(g.pop(name, 0.0))
    return g


def by_name_taken_twice(tape, last):
    g = {last: 1.0}
    for name, inputs, vjps in reversed(tape):
        for i, vjp in zip(inputs, vjps, strict=True):
            g[i] = g.get(i, 0.0) + vjp(g.pop(name))
    return g


def by_name_unneeded(tape, last):
    g = {last: 1.0}
    for name, inputs, vjps in reversed(tape):
        arrived = g.pop(name)
        for i, vjp in zip(inputs, vjps, strict=True):
            g[i] = g.get(i, 0.0) + vjp(arrived)
    return g


def by_name_overwritten(tape, last):
    g = {last: 1.0}
    for name, inputs, vjps in reversed(tape):
        arrived = g.pop(name, 0.0)
        for i, vjp in zip(inputs, vjps, strict=True):
            g[i] = vjp(arrived)
    return g


# 6 Keep less


def recompute(rule):
    def lighter(*arrays):
        y, _ = rule(*arrays)  # its vjps, and what they hold, are dropped

        def vjp_of(i):
            return lambda g: rule(*arrays)[1][i](g)

        return y, [vjp_of(i) for i in range(len(arrays))]

    return lighter


A_IN, B_IN, G_IN = np.random.default_rng(2).standard_normal((3, 4))


def bend(a, b):
    """y = tanh(a b), a rule that keeps its output."""
    y = np.tanh(a * b)
    return y, (lambda g: g * (1 - y**2) * b, lambda g: g * (1 - y**2) * a)


def check_recompute(answer):
    runs, used = [], []  # a number for each run of the rule; for each call of a vjp, the number of its run

    def watched(a, b):
        y, vjps = bend(a, b)
        runs.append(run := len(runs))

        def noted(vjp):
            def with_a_note(g):
                used.append(run)
                return vjp(g)

            return with_a_note

        return y, tuple(map(noted, vjps))

    lighter = answer(watched)
    require(callable(lighter), "`recompute` returns a rule: a function of arrays.")
    y, vjps = lighter(A_IN, B_IN)
    agree(y, bend(A_IN, B_IN)[0], what="The value of the lighter rule", show=True)
    require(
        isinstance(vjps, (tuple, list)) and len(vjps) == 2 and all(map(callable, vjps)),
        "Beside the value, the rule returns one vjp, a function, for each array: here two.",
    )
    forward = len(runs)
    found = [np.asarray(vjp(G_IN)) for vjp in vjps]
    require(
        max(used, default=forward) >= forward or min(used) < max(used),
        "Nothing was computed again on the way back: the vjps are those of the way forward, and they hold its arrays. "
        "Run the rule anew *inside* the vjp.",
    )
    require(
        min(used, default=forward) >= forward,
        "You do run the rule again, but already on the way forward: the new vjps hold arrays as well. Run it when $g$ "
        "is there, *inside* the vjp.",
    )
    wanted = [vjp(G_IN) for vjp in bend(A_IN, B_IN)[1]]
    require(
        not (np.allclose(found[0], found[1]) and np.allclose(found[1], wanted[1])),
        "Both vjps return the derivative by the *last* array. A function made in a loop looks up `i` when it is "
        "called, and by then the loop has ended: give each its own, as in `lambda g, i=i: ...`.",
    )
    require(
        not (np.allclose(found[0], wanted[1]) and np.allclose(found[1], wanted[0])), "The two vjps have changed places."
    )
    agree(found[0], wanted[0], what="The derivative by the first array", show=True)
    agree(found[1], wanted[1], what="The derivative by the second array", show=True)


def recompute_with_default(rule):
    def lighter(*arrays):
        y = rule(*arrays)[0]
        return y, [lambda g, i=i: rule(*arrays)[1][i](g) for i, _ in enumerate(arrays)]

    return lighter


def recompute_by_class(rule):
    class Vjp:
        def __init__(self, arrays, i):
            self.arrays, self.i = arrays, i

        def __call__(self, g):
            _, vjps = rule(*self.arrays)
            return vjps[self.i](g)

    return lambda *arrays: (rule(*arrays)[0], tuple(Vjp(arrays, i) for i in range(len(arrays))))


def recompute_by_function(rule):
    def again(i, arrays, g):
        return rule(*arrays)[1][i](g)

    def make(i, arrays):
        def vjp(g):
            return again(i, arrays, g)

        return vjp

    def lighter(*arrays):
        value, _ = rule(*arrays)
        return value, list(map(make, range(len(arrays)), [arrays] * len(arrays)))

    return lighter


def recompute_nothing(rule):
    def lighter(*arrays):
        y, vjps = rule(*arrays)
        return y, list(vjps)

    return lighter


def recompute_at_once(rule):
    def lighter(*arrays):
        y, _ = rule(*arrays)
        return y, [rule(*arrays)[1][i] for i in range(len(arrays))]

    return lighter


def recompute_late(rule):
    def lighter(*arrays):
        y, _ = rule(*arrays)
        vjps = []
        for i in range(len(arrays)):
            vjps.append(lambda g: rule(*arrays)[1][i](g))  # noqa: B023 (the mistake)
        return y, vjps

    return lighter


def recompute_first_only(rule):
    def lighter(*arrays):
        y, _ = rule(*arrays)
        return y, [lambda g: rule(*arrays)[1][0](g)]

    return lighter


# 7 A right value, a wrong slope


ELSEWHERE = (-4.0, -1.5, 0.0, 0.5, 1.0, 2.0, 7.25)


class Traced:
    """A number that takes its slope along: what a tape would find, in one sweep of forward mode."""

    __array_ufunc__ = None
    compared = False  # whether one was asked if it equals something
    __hash__ = object.__hash__

    def __init__(self, data, slope=0.0):
        self.data, self.slope = float(data), float(slope)

    def __eq__(self, other):
        Traced.compared = True
        return self is other  # as a Tensor answers

    def __add__(self, other):
        return Traced(self.data + bare(other), self.slope + slope_of(other))

    def __mul__(self, other):
        return Traced(self.data * bare(other), self.slope * bare(other) + self.data * slope_of(other))

    def __truediv__(self, other):
        require(
            bare(other) != 0, "For one of the $x$ the program divides by zero. It should be worth $x^2$ for every $x$."
        )
        y = self.data / bare(other)
        return Traced(y, (self.slope - y * slope_of(other)) / bare(other))

    def __rtruediv__(self, other):
        return Traced(other) / self

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -other

    def __rsub__(self, other):
        return -self + other

    __radd__, __rmul__ = __add__, __mul__


def bare(value):
    return float(getattr(value, "data", value)) if isinstance(value, Traced) else float(np.asarray(value))


def slope_of(value):
    return value.slope if isinstance(value, Traced) else 0.0


def square(x):
    return 9.0 if x.data == 3 else x * x


def check_square(answer):
    def run(at):
        result = answer(Traced(at, 1.0))
        if not isinstance(result, Traced):
            data = getattr(result, "data", result)  # a Tensor of the learner's own: a constant
            require(np.ndim(data) == 0 and np.asarray(data).dtype.kind in "fiub", "The program returns one number.")
            return float(np.asarray(data)), 0.0
        return result.data, result.slope

    for where, places in (("at 3 itself", (3.0,)), ("right beside 3", (3.001, 2.999, 3.1)), ("elsewhere", ELSEWHERE)):
        for at in places:
            value, _ = run(at)
            require(
                abs(value - at * at) <= 1e-9 * max(1, at * at),
                f"The value must be right everywhere, and {where} it is not: at {at:g} the program is worth {value:g}, "
                f"and $x^2$ is {at * at:g}.",
            )
    Traced.compared = False
    _, slope = run(3.0)
    compared = Traced.compared
    lies = [at for at in ELSEWHERE if abs(run(at)[1] - 2 * at) > 1e-3]
    require(
        abs(slope - 6) > 1e-3 or not lies,
        f"There are wrong slopes, at {lies[0] if lies else 0:g} for one, but at 3 the tape finds 6, and that is right.",
    )
    require(
        abs(slope - 6) > 1e-3 or not compared,
        "At 3 the tape finds the slope 6. `x == 3` compares the Tensor, and a Tensor is not equal to a number: compare "
        "the bare number, `x.data == 3`.",
    )
    require(
        abs(slope - 6) > 1e-3,
        "At 3 the tape finds the slope 6, and that is $2x$. Is there another way to the same value, that rests on $x$ "
        "in another way, or not at all?",
    )
    return f"At 3 the value is 9, as it should be, and the slope is {slope:g} instead of 6."


def half_recorded(x):
    return x * x.data


def three_at_three(x):
    return x * 3.0 if x.data == 3 else x * x


def counted_up(x):
    total = 0.0 * x
    if x.data >= 0 and x.data == int(x.data):
        for k in range(int(x.data)):
            total = total + (2 * k + 1)  # the odd numbers add up to a square
        return total
    return x * x


def honest_square(x):
    return x * x


def compares_the_tensor(x):
    return 9.0 if x == 3 else x * x


def divides_by_itself(x):
    return x * x * x / x


def flat_near_three(x):
    return 9.0 if abs(x.data - 3) < 0.1 else x * x


def double(x):
    return x * 2.0


def wrong_below_zero(x):
    return x * x.data if x.data < 0 else x * x


def right_above_zero(x):
    return x * x if x.data > -2 else x


EXERCISES = [
    Exercise(
        key="a-tape-by-hand",
        title="A tape by hand",
        check=check_tape_by_hand,
        hints=[
            "First the values: $b = 6$, $c = 8$, $L = 48$. Then write a line for each entry, with what it sends.",
            "$L$ begins with $g = 1$ and sends 6 to $c$ and 8 to $b$. Which entry sends next? Not $b$: somebody who "
            "used it has not sent yet.",
            "$c$ sends its 6 to $b$ and to $x$. Now $b$ has $8 + 6$, and sends it times 3 to $x$ and times 2 to $y$.",
        ],
        solution=BY_HAND,
        explanation="$L$ sends $b = 6$ to $c$ and $c = 8$ to $b$. $c$ sends its 6 on to $b$ and to $x$. $b$ has "
        "$8 + 6 = 14$, and sends $14 \\cdot 3 = 42$ to $x$ and $14 \\cdot 2 = 28$ to $y$. So $x$ has $6 + 42 = 48$.",
        wrong=[
            Wrong((6, 8, 30, 16), "8 is what $L$ sends"),
            Wrong((6, 14, 42, 28), "42 is what $b$ sends"),
            Wrong((6, 14, 30, 16), "sent on only the 8"),
            Wrong((8, 6, 24, 12), "8 is $c$ itself"),
            Wrong((28, 48, 14, 6), "the places are not"),
            Wrong((6, 14, 48, 42), "the factor that $y$ gets"),
            Wrong((6, 14, 34, 42), "the factor that $x$ gets"),
        ],
        right=[[6, 14, 48, 28], np.array([6.0, 14.0, 48.0, 28.0]), (6.0, 14, 48.0, 28)],
    ),
    Exercise(
        key="what-is-on-the-tape",
        title="What is on the tape?",
        check=check_on_the_tape,
        hints=[
            "Write down `y` after each line that runs: 9, then three more values.",
            "The loop and the `if` are gone; what is left is $y = x \\cdot x$, $y \\cdot x$, and twice $+ x$. Does any "
            "edge lead from the result to `z`?",
        ],
        solution=ON_THE_TAPE,
        explanation="What ran was `x * x` (9), `y * 10`, `y * x` (27), `y + x` (30), `y + x` (33). Of `z` only "
        "the bare number was looked at, so no edge leads to it: 4 entries. The program was $x^3 + 2x$ this time: "
        "at 3 its derivative is $27 + 2$.",
        wrong=[
            Wrong((5, 29), "5 entries were made"),
            Wrong((8, 29), "makes no entry"),
            Wrong((4, 27), "derivative of $x^3$"),
            Wrong((4, 405), "Not every round multiplies"),
            Wrong((4, 33), "33 is the value"),
            Wrong((4, 2), "itself rests on $x$"),
            Wrong((29, 4), "comes first"),
            Wrong((6, 29), "A leaf has no entry"),
            Wrong((4, 28), "How often is"),
            Wrong((3, 29), "do not forget `x * x`"),
        ],
        right=[[4, 29], np.array([4.0, 29.0]), (4.0, 29.0)],
    ),
    Exercise(
        key="an-order-without-numbers",
        title="An order without numbers",
        check=check_order,
        hints=[
            "When may an entry be listed? When all that used its result are listed already.",
            "First find what `last` needs, by walking along `parents`. Count for each entry by how many of these it "
            "was used. When one is listed, its parents have one user less to wait for.",
            "Or go down as deep as you can, and note an entry when you *leave* it, with all below it done. That list "
            "has users last: turn it round.",
        ],
        solution=order,
        explanation="This way, with counts, is Kahn's (1962). PyTorch's engine counts too: an entry is ready when all "
        "that it waits for has arrived.",
        wrong=[
            Wrong(order_ring_by_ring, "has not arrived yet"),
            Wrong(order_forwards, "order of the way forward"),
            Wrong(order_of_everything, "does not need"),
            Wrong(order_with_repeats, "stands there twice"),
            Wrong(order_without_last, "itself belongs"),
            Wrong(order_of_users_only, "is missing"),
        ],
        right=[order_by_depth_first, order_by_picking, order_by_level],
    ),
    Exercise(
        key="the-same-row-twice",
        title="The same row twice",
        check=check_rows,
        hints=[
            "Begin with zeros of the table's shape. Where does row $n$ of $g$ belong?",
            "Row $n$ of the result is row `index[n]` of the table, so row $n$ of $g$ is *added* to that row.",
            "`d[index] += g` writes a row only once. A loop over $n$ adds, and so does `np.add.at(d, index, g)`.",
        ],
        solution=rows,
        explanation="A row that is taken three times is used three times, and gets the sum. It is the transpose of a "
        "matrix product: taking rows is $P\\,T$ with a matrix $P$ of zeros and ones, and its vjp is $P^\\top g$.",
        wrong=[
            Wrong(rows_kept_last, "only the last of the three"),
            Wrong(rows_of_g, "one row for each entry of `index`"),
            Wrong(rows_taken_again, "have no part in the result"),
            Wrong(rows_mean, "the mean of what came back"),
            Wrong(rows_piled_up, "Make the zeros *inside*"),
        ],
        right=[rows_by_loop, rows_by_one_hot, rows_by_comparison],
    ),
    Exercise(
        key="a-name-used-twice",
        title="A name used twice",
        check=check_backward_by_name,
        hints=[
            "Two rounds of `y = y * x`: the last entry has got 1 under the name `y`. It sends to its input `y`. What "
            "lies under that name afterwards, and what should?",
            "Once an entry begins to send, its own $g$ is used up, and the name is free for the older value.",
            "`arrived = g.pop(name, 0.0)` takes it out; for an entry that nobody needs it gives 0. Send `arrived`.",
        ],
        solution=backward_by_name,
        explanation="Names stand for several values, one after another; Tensors do not. That is one reason why every "
        "result holds its own entry in a real engine, and `backward` empties `node.grad` before it sends.",
        wrong=[
            Wrong(by_name_as_it_was, "whose is the number"),
            Wrong(by_name_emptied_late, "Empty the name before"),
            Wrong(by_name_taken_inside, "only the first is sent"),
            Wrong(by_name_taken_twice, "taken away from that name already"),
            Wrong(by_name_unneeded, "Nothing has arrived there"),
            Wrong(by_name_overwritten, "must be added"),
        ],
        right=[by_name_fresh, by_name_sent_first, by_name_numbered],
    ),
    Exercise(
        key="keep-less",
        title="Keep less",
        check=check_recompute,
        hints=[
            "On the way forward you need the value only. What does `rule(*arrays)` return besides?",
            "A vjp of the lighter rule is a function of $g$. Inside it, run `rule(*arrays)` again, take from its vjps "
            "the right one, and call that with $g$.",
            "`lambda g, i=i: rule(*arrays)[1][i](g)`, one for each `i`. Without `i=i` all of them would use the last.",
        ],
        solution=recompute,
        explanation="It costs a second forward pass. Done for a whole block of layers instead of one rule, only what "
        "enters the block is kept: *activation checkpointing*.",
        wrong=[
            Wrong(recompute_nothing, "Nothing was computed again"),
            Wrong(recompute_at_once, "already on the way forward"),
            Wrong(recompute_late, "derivative by the *last* array"),
            Wrong(recompute_first_only, "one vjp, a function, for each array"),
        ],
        right=[recompute_with_default, recompute_by_class, recompute_by_function],
    ),
    Exercise(
        key="a-right-value-a-wrong-slope",
        title="A right value, a wrong slope",
        check=check_square,
        hints=[
            "The tape sees what ran. Can $x^2$ be computed in another way at a single place?",
            "At 3 the value is 9, and 9 is a number that does not rest on $x$.",
        ],
        solution=square,
        explanation="At 3 this program returns a bare 9, which does not rest on $x$: the value is right everywhere; "
        "at 3 the tape finds 0. Also `x * x.data`, whose second factor is off the record: the slope is $x$, not $2x$.",
        wrong=[
            Wrong(honest_square, "another way to the same value"),
            Wrong(compares_the_tensor, "compare the bare number"),
            Wrong(divides_by_itself, "divides by zero"),
            Wrong(flat_near_three, "right beside 3"),
            Wrong(double, "at 3 itself it is not"),
            Wrong(right_above_zero, "and elsewhere it is not"),
            Wrong(wrong_below_zero, "There are wrong slopes"),
        ],
        right=[half_recorded, three_at_three, counted_up],
    ),
]
