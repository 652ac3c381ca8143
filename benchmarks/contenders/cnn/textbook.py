"""NumPy as many courses write it: im2col by indices, the largest of a pool by argmax, every gradient."""

from __future__ import annotations

import numpy as np

from benchmarks.contenders import Program, by_hand
from benchmarks.contenders.mlp.textbook import cross_entropy
from benchmarks.contenders.optimizers import Adam
from benchmarks.workloads.cnn import CNN


def build(workload: CNN) -> Program:
    """The workload in plain NumPy, without a tape: forward and backward written out."""
    x, y = workload.x, workload.y

    def gradients(parameters):
        weight1, bias1, weight2, bias2, weight3, bias3 = parameters
        z1, columns1 = convolve(x, weight1, bias1)
        p1, largest1 = pool(np.where(z1 > 0, z1, np.float32(0)))
        z2, columns2 = convolve(p1, weight2, bias2)
        p2, largest2 = pool(np.where(z2 > 0, z2, np.float32(0)))
        flat = p2.reshape(len(p2), -1)
        loss, d = cross_entropy(flat @ weight3.T + bias3, y)

        d_weight3, d_bias3 = d.T @ flat, d.sum(axis=0)
        d = unpool((d @ weight3).reshape(p2.shape), largest2)
        d, d_weight2, d_bias2 = unconvolve(np.where(z2 > 0, d, np.float32(0)), weight2, columns2)
        d = unpool(d, largest1)
        d, d_weight1, d_bias1 = unconvolve(np.where(z1 > 0, d, np.float32(0)), weight1, columns1)
        return loss, [d_weight1, d_bias1, d_weight2, d_bias2, d_weight3, d_bias3]

    return by_hand(gradients, workload.parameters, Adam(workload.lr))


def convolve(x, weight, bias):
    """A 3×3 convolution with padding 1, and the windows of x, one a column: (C·9, H·W·N)."""
    N, C, H, W = x.shape
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    columns = padded[:, *places(C, H, W)].transpose(1, 2, 0).reshape(9 * C, -1)
    y = weight.reshape(len(weight), -1) @ columns + bias[:, None]
    return y.reshape(-1, H, W, N).transpose(3, 0, 1, 2), columns


def unconvolve(d, weight, columns):
    """The gradients of `convolve` in its three arguments."""
    N, out, H, W = d.shape
    C = weight.shape[1]
    d = d.transpose(1, 2, 3, 0).reshape(out, -1)
    d_columns = (weight.reshape(out, -1).T @ d).reshape(9 * C, H * W, N).transpose(2, 0, 1)
    padded = np.zeros((N, C, H + 2, W + 2), d.dtype)
    np.add.at(padded, (slice(None), *places(C, H, W)), d_columns)
    return padded[:, :, 1:-1, 1:-1], (d @ columns.T).reshape(weight.shape), d.sum(axis=1)


def places(C, H, W):
    """Channel, row and column of every entry of every 3×3 window: three arrays (C·9, H·W), or such as fit."""
    channel = np.repeat(np.arange(C), 9)[:, None]
    down = np.tile(np.repeat(np.arange(3), 3), C)[:, None] + np.repeat(np.arange(H), W)
    right = np.tile(np.arange(3), 3 * C)[:, None] + np.tile(np.arange(W), H)
    return channel, down, right


def pool(x):
    """The largest entry of each 2×2 window, and where it was among the four."""
    N, C, H, W = x.shape
    windows = x.reshape(N, C, H // 2, 2, W // 2, 2).transpose(0, 1, 2, 4, 3, 5).reshape(N, C, H // 2, W // 2, 4)
    largest = windows.argmax(axis=4)
    return np.take_along_axis(windows, largest[..., None], axis=4)[..., 0], largest


def unpool(d, largest):
    """The gradient of `pool`."""
    N, C, H, W = d.shape
    windows = np.zeros((N, C, H, W, 4), d.dtype)
    np.put_along_axis(windows, largest[..., None], d[..., None], axis=4)
    return windows.reshape(N, C, H, W, 2, 2).transpose(0, 1, 2, 4, 3, 5).reshape(N, C, 2 * H, 2 * W)
