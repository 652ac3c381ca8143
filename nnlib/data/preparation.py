"""What happens to data before training: split it, normalise it, hand it out in batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from .dataset import Dataset


def split(dataset: Dataset, fractions: Sequence[float] = (0.8, 0.2), seed: int = 0) -> tuple[Dataset, ...]:
    """Cut a data set into shuffled parts that do not overlap and together are the whole.

    With classes the split is stratified: each part has the classes in the same proportions, as nearly as whole
    examples allow, so that a small test set misses none. With numbers to predict it is a plain shuffle.

    Where the data set has groups, whole groups are dealt out, and the fractions are those of the groups; the classes
    are then in proportion by each group's first example.

    Args:
        dataset: what to split; it stays as it is.
        fractions: the share of each part, such as (0.8, 0.2) or (0.6, 0.2, 0.2); their sum is 1.
        seed: the same seed gives the same parts.

    Raises:
        ValueError: the fractions are not positive or do not sum to 1, a part would be empty, or the examples follow
            each other in time: `split_in_time` is for those.

    Example:
        >>> from nnlib.data import moons
        >>> train, test = split(moons(200), (0.75, 0.25))
        >>> len(train), len(test), np.bincount(test.y).tolist()
        (150, 50, [25, 25])
    """
    _check_split("split", dataset, fractions)
    if dataset.in_time:
        raise ValueError(
            f"{dataset.name}: the examples follow each other in time, and shuffled ones would let the training part "
            "see the future of the test part: use split_in_time"
        )
    rng = np.random.default_rng(seed)
    if dataset.groups is None:
        leaders, members = np.arange(len(dataset)), None
    else:
        _, leaders, members = np.unique(dataset.groups, return_index=True, return_inverse=True)
    order = rng.permutation(len(leaders))
    if dataset.class_names:
        order = _mix_classes(order, dataset.y[leaders])
    parts = np.split(order, _cuts(dataset, fractions, len(leaders)))
    if members is not None:
        parts = [np.flatnonzero(np.isin(members, part)) for part in parts]
    return tuple(dataset[rng.permutation(part)] for part in parts)


def split_in_time(dataset: Dataset, fractions: Sequence[float] = (0.8, 0.2)) -> tuple[Dataset, ...]:
    """Cut a data set whose examples follow each other in time into a past, and what came after it.

    The order stays as it is: nothing in a later part is older than anything in an earlier one. Cut the series itself,
    then make `windows` of each part: windows that were made before overlap the cut, and are refused.

    Args:
        dataset: what to split, with `in_time`.
        fractions: the share of each part, the oldest first; their sum is 1.

    Raises:
        ValueError: the fractions are not positive or do not sum to 1, a part would be empty, the examples do not
            follow each other in time, or a cut would part a group.

    Example:
        >>> from nnlib.data import load_sunspots
        >>> past, future = split_in_time(load_sunspots(), (0.8, 0.2))
        >>> past.x[[0, -1], 0].tolist(), future.x[[0, -1], 0].tolist()
        ([1700.0, 1946.0], [1947.0, 2008.0])
    """
    _check_split("split_in_time", dataset, fractions)
    if not dataset.in_time:
        raise ValueError(f"{dataset.name}: the examples do not follow each other in time: use split")
    cuts = _cuts(dataset, fractions, len(dataset))
    if dataset.groups is not None and np.isin(dataset.groups[cuts - 1], dataset.groups[cuts]).any():
        raise ValueError(
            f"{dataset.name}: the examples at a cut share what they hold, as windows of one series do: split the "
            "series first, then make windows of each part"
        )
    return tuple(dataset[start:stop] for start, stop in zip([0, *cuts], [*cuts, len(dataset)], strict=True))


def _check_split(name: str, dataset: Dataset, fractions: Sequence[float]) -> None:
    if not isinstance(dataset, Dataset):
        raise TypeError(f"{name} takes a Dataset, such as load_digits(), got {type(dataset).__name__}")
    check_fractions(fractions)


def check_fractions(fractions: Sequence[float]) -> None:
    """The shares of the parts of a split are positive and sum to 1, or an error says so."""
    if np.ndim(fractions) != 1:
        raise TypeError(f"fractions are the shares of all parts, such as (0.8, 0.2), got {fractions!r}")
    if not (min(fractions, default=0) > 0 and abs(sum(fractions) - 1) <= 1e-9):
        raise ValueError(f"fractions must be positive and sum to 1, got {tuple(fractions)} with sum {sum(fractions):g}")


def _cuts(dataset: Dataset, fractions: Sequence[float], n: int) -> np.ndarray:
    """Where n things are cut, so that each part has its fraction of them."""
    cuts = np.ceil(np.cumsum(fractions)[:-1] * n - 0.5).astype(int)  # np.round takes 1.5 and 2.5 both to 2
    sizes = np.diff([0, *cuts, n]).tolist()
    if min(sizes) == 0:
        what = "examples" if dataset.groups is None else "groups"
        raise ValueError(
            f"{dataset.name} has {n} {what}; fractions {tuple(fractions)} give parts of "
            f"{sizes}: use more {what} or fewer parts"
        )
    return cuts


def _mix_classes(order: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The same examples in an order of which any stretch has the classes in their proportions."""
    place = np.empty(len(order))  # where each example stands within its own class, from 0 to 1
    for c in np.unique(y):
        members = order[y[order] == c]
        place[members] = (np.arange(len(members)) + 0.5) / len(members)
    return order[np.argsort(place[order], kind="stable")]


class Standardizer:
    """Shift and scale every feature to mean 0 and standard deviation 1: (x - mean) / std.

    Mean and deviation are those of the data given to `fit`. Fit it on the training part alone, then transform
    all parts with it: a test part that helped to choose the scale is no longer unseen. A feature that never
    changes in training (a corner pixel) is only shifted, since dividing by a deviation of 0 has no meaning.

    Numbers to predict are scaled in the same way; `inverse` takes predictions back to their unit.

    Shape: x (N, ...); mean and std have one example's shape (...).

    Example:
        >>> train, test = np.array([[1.0], [3.0]]), np.array([[5.0]])
        >>> scale = Standardizer().fit(train)
        >>> scale.transform(train).tolist(), scale.transform(test).tolist()
        ([[-1.0], [1.0]], [[3.0]])
        >>> scale.inverse(scale.transform(test)).tolist()
        [[5.0]]
    """

    mean: np.ndarray | None = None
    std: np.ndarray | None = None

    def fit(self, x: np.ndarray) -> Standardizer:
        """Take mean and standard deviation of each feature from x, and return this Standardizer."""
        x = np.asarray(x)
        if len(x) == 0:
            raise ValueError("Standardizer.fit got no examples: mean and deviation need at least one")
        if not np.isfinite(x).all():
            raise ValueError("Standardizer.fit got NaN or infinite values: remove or replace them first")
        self.mean, deviation = x.mean(axis=0, dtype=np.float64), x.std(axis=0, dtype=np.float64)
        self.std = np.where(np.ptp(x, axis=0) > 0, deviation, 0)  # the mean of many times 0.1 is not quite 0.1
        return self

    def transform(self, x: np.ndarray) -> np.ndarray:
        """(x - mean) / std, with x's dtype."""
        x = self._checked(x)
        return ((x - self.mean) / self._divisor()).astype(x.dtype)

    def inverse(self, z: np.ndarray) -> np.ndarray:
        """z std + mean, with z's dtype: what `transform` made z of."""
        z = self._checked(z)
        return (z * self._divisor() + self.mean).astype(z.dtype)

    def _divisor(self) -> np.ndarray:
        return np.where(self.std > 0, self.std, 1)

    def _checked(self, x: np.ndarray) -> np.ndarray:
        if self.mean is None:
            raise RuntimeError("this Standardizer does not know mean and deviation yet: call fit(x_train) first")
        x = np.asarray(x)
        if x.shape[1:] != self.mean.shape:
            raise ValueError(
                f"Standardizer was fitted on examples of shape {self.mean.shape}, got x of shape {x.shape}: "
                f"give it (N, {', '.join(map(str, self.mean.shape))})"
            )
        if x.dtype.kind != "f":
            raise TypeError(f"Standardizer scales floats, got {x.dtype}: convert first, x.astype(np.float32)")
        return x


def batches(
    x: np.ndarray, y: np.ndarray, batch_size: int, *, rng: np.random.Generator | int, drop_last: bool = False
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """One epoch: every example once, in random order, `batch_size` at a time.

    Args:
        x: examples (N, ...), an array or a Tensor.
        y: targets (N, ...).
        batch_size: examples per batch; the last batch has what is left.
        rng: a NumPy generator, made once before the epochs so that each epoch has another order;
            or a seed, which gives the same order each time.
        drop_last: leave out a last batch that is smaller than the others.

    Raises:
        ValueError: x and y differ in length, or batch_size is not between 1 and N.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> [len(xb) for xb, yb in batches(np.zeros((10, 2)), np.zeros(10), 4, rng=rng)]
        [4, 4, 2]
    """
    if len(x) != len(y):
        raise ValueError(f"batches: x has {len(x)} examples and y has {len(y)}: give one target per example")
    _check_batch_size(batch_size, len(x))
    order = np.random.default_rng(rng).permutation(len(x))
    stop = len(x) - len(x) % batch_size if drop_last else len(x)
    # A generator expression, not `yield`: the checks above run at the call, not at the first batch.
    return ((x[order[i : i + batch_size]], y[order[i : i + batch_size]]) for i in range(0, stop, batch_size))


def _check_batch_size(batch_size: int, examples: int) -> None:
    if not isinstance(batch_size, int | np.integer):
        raise TypeError(f"batch_size is a whole number, got {batch_size!r}")
    if not 1 <= batch_size <= examples:
        raise ValueError(f"batch_size must be between 1 and the {examples} examples, got {batch_size}")


class Loader:
    """The batches of a data set, in a new order in every epoch; the same seed gives the same orders.

    One `for` loop over it is one epoch.

    Args:
        dataset: the examples, a Dataset.
        batch_size: examples per batch; the last batch has what is left.
        seed: of the orders.
        drop_last: leave out a last batch that is smaller than the others.

    Raises:
        TypeError: dataset is no Dataset.
        ValueError: batch_size is not between 1 and the number of examples.

    Example:
        >>> from nnlib.data import moons
        >>> loader = Loader(moons(10), batch_size=4)
        >>> len(loader), [len(x) for x, y in loader]
        (3, [4, 4, 2])
    """

    def __init__(self, dataset: Dataset, batch_size: int, *, seed: int = 0, drop_last: bool = False) -> None:
        if not isinstance(dataset, Dataset):
            raise TypeError(f"Loader takes a Dataset, got {type(dataset).__name__}; batches(x, y, …) takes arrays")
        self.dataset, self.batch_size, self.drop_last = dataset, batch_size, drop_last
        self._rng = np.random.default_rng(seed)
        _check_batch_size(batch_size, len(dataset))

    def __iter__(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        return batches(self.dataset.x, self.dataset.y, self.batch_size, rng=self._rng, drop_last=self.drop_last)

    def __len__(self) -> int:
        whole, rest = divmod(len(self.dataset), self.batch_size)
        return whole + (rest > 0 and not self.drop_last)
