"""NumPy as many courses write it: step after step, with the batch in rows, and gradients added up on the way back."""

from __future__ import annotations

import numpy as np

from benchmarks.contenders import Program, by_hand
from benchmarks.contenders.mlp.textbook import cross_entropy
from benchmarks.contenders.optimizers import Adam
from benchmarks.workloads.lstm import LSTM


def build(workload: LSTM) -> Program:
    """The workload in plain NumPy, without a tape: forward and backward written out."""
    x, y = workload.x, workload.y

    def gradients(parameters):
        w_ih, w_hh, b_ih, b_hh, w_out, b_out = parameters
        H = w_hh.shape[1]
        h = c = np.zeros((x.shape[1], H), x.dtype)
        kept, outputs = [], []
        for x_t in x:
            z = x_t @ w_ih.T + b_ih + h @ w_hh.T + b_hh
            i, f, o = sigmoid(z[:, :H]), sigmoid(z[:, H : 2 * H]), sigmoid(z[:, 3 * H :])
            g = np.tanh(z[:, 2 * H : 3 * H])
            new_c = f * c + i * g
            kept.append((x_t, h, c, i, f, g, o, np.tanh(new_c)))
            c, h = new_c, o * np.tanh(new_c)
            outputs.append(h)
        outputs = np.concatenate(outputs)
        loss, d = cross_entropy(outputs @ w_out.T + b_out, y.reshape(-1))

        d_w_ih, d_w_hh, d_b = np.zeros_like(w_ih), np.zeros_like(w_hh), np.zeros_like(b_ih)
        d_h = d_c = np.zeros_like(h)
        for kept_t, d_output in zip(reversed(kept), reversed((d @ w_out).reshape(len(x), -1, H)), strict=True):
            x_t, h, c, i, f, g, o, tanh_c = kept_t
            d_h = d_h + d_output
            d_c = d_c + d_h * o * (1 - tanh_c**2)
            d_gates = [d_c * g * i * (1 - i), d_c * c * f * (1 - f), d_c * i * (1 - g**2), d_h * tanh_c * o * (1 - o)]
            d_z = np.concatenate(d_gates, axis=1)
            d_w_ih += d_z.T @ x_t
            d_w_hh += d_z.T @ h
            d_b += d_z.sum(axis=0)
            d_h, d_c = d_z @ w_hh, d_c * f
        return loss, [d_w_ih, d_w_hh, d_b, d_b, d.T @ outputs, d.sum(axis=0)]

    return by_hand(gradients, workload.parameters, Adam(workload.lr))


def sigmoid(a):
    """1/(1 + e⁻ᵃ)."""
    return 1 / (1 + np.exp(-a))
