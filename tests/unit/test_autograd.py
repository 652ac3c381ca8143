"""The tape: what it records, what it frees, what it refuses."""

import gc
import platform
import subprocess
import sys
import threading

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, basic_indices, integer_array_indices, mutually_broadcastable_shapes

from nnlib.numpy import Tensor, functional, memory, nn, no_grad, ops, tensor
from nnlib.numpy.autograd import Node, differentiable, quiet


def leaf(*values, dtype=np.float64):
    return Tensor(np.array(values, dtype=dtype), requires_grad=True)


def test_a_tensor_used_twice_gets_the_sum_of_its_gradients():
    x = leaf(3.0)
    (x * x + 2 * x).sum().backward()
    np.testing.assert_array_equal(x.grad, [2 * 3.0 + 2])


def test_gradients_of_two_losses_add_up_until_they_are_cleared():
    x = leaf(3.0)
    x.sum().backward()
    (2 * x).sum().backward()
    np.testing.assert_array_equal(x.grad, [3.0])


def test_a_diamond_visits_every_node_once():
    visits = []

    @differentiable
    def watched(x):
        def d_x(g):
            visits.append(1)
            return g

        return x * 1.0, (d_x,)

    x = leaf(1.0)
    y = watched(x)
    (y * y + y).sum().backward()
    assert len(visits) == 1
    np.testing.assert_array_equal(x.grad, [3.0])


def test_a_chain_of_100_000_nodes():
    x = leaf(1.0)
    y = x
    for _ in range(100_000):
        y = y + 1.0
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, [1.0])
    del y


def test_a_long_chain_can_be_dropped_without_backward():
    y = leaf(1.0)
    for _ in range(100_000):
        y = y + 1.0
    del y


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc hands freed arrays back to the system")
def test_freed_arrays_are_used_again():
    """A hundred times ten arrays of 1 MB touch 2,560 fresh pages in all, not 256,000."""
    program = """
import resource
import numpy as np
import nnlib.numpy
faults = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_minflt
before = faults()
for _ in range(100):
    arrays = [np.ones(1 << 20, np.uint8) for _ in range(10)]
    del arrays
print(faults() - before)
"""
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert int(printed) < 10_000


@pytest.mark.parametrize("platform_name", ["emscripten", "linux", "win32"])
def test_no_platform_and_no_lack_of_memory_stops_the_import(monkeypatch, platform_name):
    def full(*_):
        raise MemoryError

    monkeypatch.setattr(sys, "platform", platform_name)
    monkeypatch.setattr(memory.np, "empty", full)
    memory.keep_freed_memory()


def test_a_tape_is_freed_link_by_link_and_at_once(monkeypatch):
    def nodes():
        return sum(type(held) is Node for held in gc.get_objects())

    monkeypatch.setattr(Node, "__del__", memory.release_links, raising=False)  # as in a browser
    before, x = nodes(), leaf(1.0, 2.0)
    y = x * 2 * 3
    both = y * y + y
    del y
    assert nodes() == before + 4
    both.sum().backward()
    np.testing.assert_array_equal(x.grad, 6 * (2 * 6 * np.array([1.0, 2.0]) + 1))
    del both
    long = x
    for _ in range(50):
        long = long * x + x
    kept = long * 2
    del long
    assert nodes() == before + 101
    del kept
    assert nodes() == before and not memory._released


def test_backward_frees_what_the_rules_saved():
    x = leaf(1.0, 2.0)
    y = functional.tanh(x)
    node = y.node
    y.sum().backward()
    assert node.edges is None and node.grad is None


def test_backward_twice_is_refused_and_changes_nothing():
    x, w = leaf(1.0), leaf(5.0)
    shared = x * x
    shared.sum().backward()
    before = x.grad.copy()
    with pytest.raises(RuntimeError, match="second time through the same 'mul'"):
        (shared * w).sum().backward()
    np.testing.assert_array_equal(x.grad, before)
    assert w.grad is None


def test_each_leaf_owns_its_gradient():
    a, b = leaf(1.0, 2.0), leaf(3.0, 4.0)
    (a + b).sum().backward()
    a.grad *= 10
    np.testing.assert_array_equal(a.grad, [10, 10])
    np.testing.assert_array_equal(b.grad, [1, 1])


def test_the_callers_gradient_is_not_kept():
    x, g = leaf(1.0, 2.0), np.ones(2)
    x.backward(g)
    g[:] = 7
    np.testing.assert_array_equal(x.grad, [1, 1])


def test_a_tensor_in_both_places_of_one_rule():
    x = leaf(2.0, 3.0)
    (x * x).sum().backward()
    np.testing.assert_array_equal(x.grad, [4, 6])


def test_the_gradient_of_one_number_is_an_array_too():
    x = Tensor(np.array(3.0), requires_grad=True)
    (x * x).backward()
    x.backward()
    assert type(x.grad) is np.ndarray and x.grad == 7
    nn.utils.clip_grad_norm_(x, 1.0)  # works in place
    np.testing.assert_allclose(x.grad, 1, rtol=1e-6)


def test_backward_needs_a_number_or_a_gradient_of_the_right_shape():
    x = leaf(1.0, 2.0)
    with pytest.raises(RuntimeError, match=r"shape \(2,\).*\.sum\(\)"):
        (x * 2).backward()
    with pytest.raises(ValueError, match=r"expected a gradient of shape \(2,\), got \(3,\)"):
        (x * 2).backward(np.ones(3))
    with pytest.raises(RuntimeError, match="requires_grad=True"):
        Tensor([1.0]).backward()
    assert x.grad is None


def test_only_floats_can_require_a_gradient():
    with pytest.raises(TypeError, match="int64"):
        Tensor(np.array([1, 2]), requires_grad=True)


def test_labels_cannot_require_a_gradient():
    with pytest.raises(TypeError, match="cross_entropy has no derivative with respect to 'target'"):

        @differentiable
        def cross_entropy(logits, target):
            return logits.sum(), (lambda g: g * np.ones_like(logits),)

        cross_entropy(leaf(1.0), leaf(1.0))


@pytest.mark.parametrize("bad", ["text", [1, "a"], None, 1j, {"a": 1}])
def test_a_tensor_holds_real_numbers(bad):
    with pytest.raises(TypeError, match="real numbers"):
        Tensor(bad)


def test_a_rule_names_the_argument_that_is_no_array():
    x = np.ones((1, 2))
    with pytest.raises(TypeError, match=r"linear .* 'x' is a list: .* np.array\(x\)"):
        functional.linear([[1.0, 2.0]], x)
    with pytest.raises(TypeError, match="cross_entropy .* 'target' is a list"):
        functional.cross_entropy(x, target=[1])
    with pytest.raises(TypeError, match="softmax .* 'x' is a float"):
        functional.softmax(1.0, 0)

    @differentiable
    def broken(x):
        return x.nothing, ()

    with pytest.raises(AttributeError, match="nothing"):  # a mistake in a rule stays what it is
        broken(x)


def test_overflow_and_undefined_values_show_in_the_numbers_without_a_warning():
    """Warnings are errors in these tests, so each line would raise one."""
    x = leaf(np.inf, 1.0)
    assert np.isnan(functional.softmax(x, 0).data).all()
    y = (leaf(1e200) * 1e200 - np.inf).sqrt()
    assert np.isnan(y.item())
    (leaf(1e-320) ** -1).sum().backward()
    z = leaf(-1.0)
    (z.log() / 0.0).sum().backward()
    assert np.isneginf(z.grad[0])


def test_quiet_begins_and_ends_with_the_outermost_function():
    """Warnings are errors in these tests: one that is not switched off is seen, and one that stays off too."""

    @quiet
    def inner():
        return functional.softmax(leaf(np.inf, 1.0), 0).data / 0.0

    @quiet
    def outer(error=None):
        assert np.isnan(inner()).all()
        values = np.log([0.0])
        if error:
            raise error
        return values

    assert np.isneginf(outer())
    with pytest.raises(ZeroDivisionError):
        outer(ZeroDivisionError())
    with pytest.raises(RuntimeWarning, match="divide by zero"):
        np.log([0.0])
    assert np.isnan(functional.softmax(leaf(np.inf, 1.0), 0).data).all()  # a rule by itself


def test_a_sequence_of_layers_is_quiet():
    softmax = nn.Softmax(1)
    for model in (nn.Sequential(softmax), nn.Sequential(nn.Sequential(softmax), softmax)):
        assert np.isnan(model(np.array([[np.inf, 1.0]])).data).all()


@pytest.mark.parametrize(("a", "b"), [((5, 1), (1, 7)), ((1, 5), (5, 7)), ((5, 7), (7, 1)), ((1, 1), (1, 1))])
def test_products_with_an_inner_dimension_of_one(a, b):
    """Those of a batch of one go through another routine of BLAS."""
    rng = np.random.default_rng(0)
    a, b = Tensor(rng.standard_normal(a), requires_grad=True), Tensor(rng.standard_normal(b), requires_grad=True)
    y = a @ b
    c = rng.standard_normal(y.shape)
    y.backward(c)
    for ours, numpys in ((y.data, np.matmul(a.data, b.data)), (a.grad, c @ b.data.T), (b.grad, a.data.T @ c)):
        np.testing.assert_allclose(ours, numpys, rtol=1e-13)


def test_ragged_lists_are_refused():
    with pytest.raises(ValueError, match="cannot make an array"):
        Tensor([[1.0], [1.0, 2.0]])


def test_a_vjp_of_the_wrong_shape_is_named():
    @differentiable
    def wrong(x):
        return x * 2, (lambda g: g[:1],)

    with pytest.raises(ValueError, match=r"wrong: the vjp of an input of shape \(2,\) returned shape \(1,\)"):
        wrong(leaf(1.0, 2.0)).sum().backward()


def test_no_grad_records_nothing_and_ends():
    x = leaf(1.0)
    with no_grad():
        assert not (x * 2).requires_grad
    assert (x * 2).requires_grad

    @no_grad()
    def evaluate():
        return x * 2

    assert not evaluate().requires_grad
    with pytest.raises(ZeroDivisionError), no_grad():
        raise ZeroDivisionError
    assert (x * 2).requires_grad


def test_no_grad_holds_for_its_own_thread_only():
    x, seen = leaf(1.0), []
    with no_grad():
        thread = threading.Thread(target=lambda: seen.append((x * 2).requires_grad))
        thread.start()
        thread.join()
    assert seen == [True]


def test_keyword_arguments_record_too():
    x, w, b = leaf(1.0, 2.0), Tensor(np.ones((3, 2))), Tensor(np.zeros(3), requires_grad=True)
    functional.linear(x, weight=w, bias=b).sum().backward()
    np.testing.assert_array_equal(b.grad, [1, 1, 1])
    np.testing.assert_array_equal(x.grad, [3, 3])
    with pytest.raises(TypeError, match="weight"):
        functional.linear(x, bias=b)


@pytest.mark.parametrize(
    "compute",
    [
        lambda x: x * 2.5 + 1,
        lambda x: 2.5 - x,
        lambda x: np.float64(2.5) * x,
        lambda x: x / np.array(3.0),
        lambda x: (x * x).mean() * x.var(),
        lambda x: x**2,
        lambda x: ops.maximum(x, 0.0),
        lambda x: ops.where(x.data > 0, x, 0.0),
        lambda x: functional.sigmoid(x),
        lambda x: functional.softmax(x, 0),
        lambda x: functional.mse_loss(x, np.zeros(3, np.float32)),
        lambda x: functional.cross_entropy(x.reshape(1, 3), np.array([1])),
        lambda x: x.exp().log().sqrt().abs().clamp(0.1, 2),
        lambda x: x[[0, 0, 1]] * x,
    ],
)
def test_float32_stays_float32(compute):
    x = Tensor(np.array([0.5, 1.5, 2.5], np.float32), requires_grad=True)
    y = compute(x)
    assert y.dtype == np.float32
    y.sum().backward()
    assert x.grad.dtype == np.float32


def test_gradients_have_the_dtype_of_their_tensor():
    a, b = leaf(1.0, 2.0, dtype=np.float32), leaf(3.0, 4.0)
    (a * b).sum().backward()
    assert (a.grad.dtype, b.grad.dtype) == (np.float32, np.float64)


def test_arrays_and_tensors_mix():
    x, array = leaf(1.0, 2.0), np.array([3.0, 4.0])
    for y in (x * array, array * x, x + array, array - x, array / x, array.reshape(1, 2) @ x.reshape(2, 1)):
        assert isinstance(y, Tensor) and y.requires_grad
    assert (x + [1, 2]).tolist() == [2, 4]
    assert int(x[1]) == 2


def test_reading_a_tensor():
    x = tensor([[1.0, 2.0], [3.0, 4.0]])
    assert (x.shape, x.ndim, len(x), x.numel(), x.dtype) == ((2, 2), 2, 2, 4, np.float32)
    assert x.tolist() == [[1, 2], [3, 4]] and x[1, 1].item() == 4 and float(x[0, 0]) == 1
    assert (x > 2).tolist() == [[False, False], [True, True]]
    assert x.argmax(dim=1).tolist() == [1, 1]
    np.testing.assert_array_equal(np.asarray(x), x.data)
    with pytest.raises(ValueError, match=r"shape \(2, 2\)"):
        x.item()
    with pytest.raises(RuntimeError, match="detach"):
        leaf(1.0).numpy()
    assert leaf(1.0).detach().numpy() == [1.0]
    assert repr(leaf(1.0, dtype=np.float32) * 2) == "tensor([2.], grad_fn=<mul>)"


def test_tensor_copies_and_the_class_does_not():
    array = np.zeros(2)
    assert Tensor(array).data is array
    assert tensor(array).data is not array


@settings(deadline=None)  # the clock of a busy machine is no test
@given(
    mutually_broadcastable_shapes(num_shapes=2, max_dims=4, max_side=4),
    st.sampled_from(["add", "sub", "mul", "div"]),
)
def test_broadcasting_is_undone_for_any_shapes(shapes, name):
    """Values and gradients equal PyTorch's for whatever two shapes broadcast."""
    rng = np.random.default_rng(0)
    arrays = [rng.uniform(0.5, 2, shape) for shape in shapes.input_shapes]
    ours = [Tensor(a, requires_grad=True) for a in arrays]
    theirs = [torch.tensor(a, requires_grad=True) for a in arrays]
    y, reference = getattr(ops, name)(*ours), getattr(torch, name)(*theirs)
    assert y.shape == tuple(reference.shape) == shapes.result_shape
    c = rng.standard_normal(y.shape)
    y.backward(c)
    reference.backward(torch.tensor(c))
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a.grad, b.grad.numpy(), rtol=1e-12, atol=1e-12)


def compare_with_pytorch(ours, theirs, array):
    """The value and gradient of a function of one array, for a random cotangent."""
    x, x_torch = Tensor(array, requires_grad=True), torch.tensor(array, requires_grad=True)
    y, reference = ours(x), theirs(x_torch)
    assert y.shape == tuple(reference.shape)
    np.testing.assert_allclose(y.data, reference.detach().numpy(), rtol=1e-12, atol=1e-12)
    c = np.random.default_rng(1).standard_normal(y.shape)
    y.backward(c)
    reference.backward(torch.tensor(c))
    np.testing.assert_allclose(x.grad, x_torch.grad.numpy(), rtol=1e-12, atol=1e-12)


@settings(deadline=None)
@given(st.data(), array_shapes(max_dims=4, max_side=4), st.booleans())
def test_reductions_of_any_shape_over_any_dimensions(data, shape, keepdim):
    """Entries are few and small, so that the largest is often shared."""
    dims = data.draw(st.none() | st.sets(st.integers(-len(shape), -1), min_size=1).map(tuple))
    array = np.random.default_rng(0).integers(0, 3, shape).astype(np.float64)
    given_dims = {} if dims is None else {"dim": dims, "keepdim": keepdim}
    for name in ("sum", "mean", "amax", "amin"):
        compare_with_pytorch(
            lambda x, name=name: getattr(ops, name)(x, **given_dims),
            lambda x, name=name: getattr(torch, name)(x, **given_dims),
            array,
        )
    var = {**given_dims, "correction": 0}
    compare_with_pytorch(lambda x: ops.var(x, **var), lambda x: torch.var(x, **var), array)


@settings(deadline=None)
@given(st.data(), array_shapes(max_dims=3, max_side=4))
def test_any_index_gives_numpys_entries_and_sends_each_gradient_home(data, shape):
    """Slices with steps back, new axes, and arrays of indices that take an entry several times."""
    index = data.draw(basic_indices(shape, allow_newaxis=True) | integer_array_indices(shape))
    array = np.random.default_rng(0).standard_normal(shape)
    x = Tensor(array, requires_grad=True)
    y = x[index]
    np.testing.assert_array_equal(y.data, array[index])
    c = np.random.default_rng(1).standard_normal(y.shape)
    y.backward(c)
    homes = np.arange(array.size).reshape(shape)[index]
    expected = np.bincount(np.ravel(homes), weights=np.ravel(c), minlength=array.size).reshape(shape)
    np.testing.assert_allclose(x.grad, expected, rtol=1e-12, atol=1e-12)


@settings(deadline=None)
@given(st.data(), array_shapes(max_dims=4, max_side=4))
def test_rearranging_any_shape(data, shape):
    array = np.random.default_rng(0).standard_normal(shape)
    order = data.draw(st.permutations(range(len(shape))))
    start = data.draw(st.integers(0, len(shape) - 1))
    end = data.draw(st.integers(start, len(shape) - 1))
    compare_with_pytorch(lambda x: x.permute(*order), lambda x: x.permute(*order), array)
    compare_with_pytorch(lambda x: x.flatten(start, end), lambda x: x.flatten(start, end), array)
    compare_with_pytorch(lambda x: x.squeeze(), lambda x: x.squeeze(), array)
    compare_with_pytorch(lambda x: x.unsqueeze(end), lambda x: x.unsqueeze(end), array)
    compare_with_pytorch(lambda x: x.transpose(start, end), lambda x: x.transpose(start, end), array)
