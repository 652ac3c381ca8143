"""Rows of the table of cases: convolution, pooling, and what else pictures need."""

import torch.nn.functional as F
from table import Rule, apart, normal, then

from nnlib.numpy import functional

RULES = [
    Rule("functional.conv1d", functional.conv1d, F.conv1d, normal((2, 3, 7), (4, 3, 2), (4,))),
    Rule("functional.conv1d options", functional.conv1d, F.conv1d, normal((2, 4, 9), (6, 2, 3)),
         {"stride": 2, "padding": 1, "dilation": 2, "groups": 2}),
    Rule("functional.conv1d same", functional.conv1d, F.conv1d, normal((2, 3, 7), (4, 3, 3)), {"padding": "same"}),
    Rule("functional.conv2d", functional.conv2d, F.conv2d, normal((2, 3, 6, 5), (4, 3, 3, 2), (4,))),
    Rule("functional.conv2d no bias", functional.conv2d, F.conv2d, normal((2, 3, 6, 5), (4, 3, 3, 2))),
    Rule("functional.conv2d options", functional.conv2d, F.conv2d, normal((2, 3, 9, 8), (4, 3, 3, 2), (4,)),
         {"stride": (2, 3), "padding": (2, 1), "dilation": (1, 2)}),
    Rule("functional.conv2d groups", functional.conv2d, F.conv2d, normal((2, 4, 6, 5), (6, 2, 3, 3), (6,)),
         {"groups": 2, "padding": 1}),
    Rule("functional.conv2d depthwise", functional.conv2d, F.conv2d, normal((2, 3, 6, 5), (3, 1, 3, 3), (3,)),
         {"groups": 3}),
    Rule("functional.conv2d pointwise", functional.conv2d, F.conv2d, normal((2, 3, 6, 5), (4, 3, 1, 1), (4,)),
         equal={"argument 1 with axes exchanged": "both have one entry"}),
    Rule("functional.conv2d same", functional.conv2d, F.conv2d, normal((2, 3, 6, 5), (4, 3, 3, 5), (4,)),
         {"padding": "same", "dilation": (2, 1)}),
    Rule("functional.conv2d valid", functional.conv2d, F.conv2d, normal((2, 3, 6, 5), (4, 3, 3, 5)),
         {"padding": "valid"}),
    Rule("functional.conv_transpose2d", functional.conv_transpose2d, F.conv_transpose2d,
         normal((2, 3, 4, 5), (3, 4, 3, 2), (4,))),
    Rule("functional.conv_transpose2d options", functional.conv_transpose2d, F.conv_transpose2d,
         normal((2, 4, 4, 5), (4, 3, 3, 2), (6,)),
         {"stride": (2, 3), "padding": 1, "output_padding": (1, 0), "groups": 2, "dilation": (1, 2)}),
    Rule("functional.max_pool1d", functional.max_pool1d, F.max_pool1d, then(apart((2, 3, 7)), 2)),
    Rule("functional.max_pool1d options", functional.max_pool1d, F.max_pool1d, then(apart((2, 3, 9)), 3),
         {"stride": 2, "padding": 1, "ceil_mode": True}),
    Rule("functional.max_pool2d", functional.max_pool2d, F.max_pool2d, then(apart((2, 3, 6, 5)), 2)),
    Rule("functional.max_pool2d options", functional.max_pool2d, F.max_pool2d, then(apart((2, 3, 9, 8)), (3, 2)),
         {"stride": (2, 1), "padding": 1, "dilation": 2, "ceil_mode": True}),
    Rule("functional.avg_pool2d", functional.avg_pool2d, F.avg_pool2d, then(normal((2, 3, 6, 5)), 2)),
    Rule("functional.avg_pool2d options", functional.avg_pool2d, F.avg_pool2d, then(normal((2, 3, 9, 8)), (3, 2)),
         {"stride": 2, "padding": 1, "ceil_mode": True, "count_include_pad": False}),
    Rule("functional.avg_pool2d counted", functional.avg_pool2d, F.avg_pool2d, then(normal((2, 3, 9, 8)), 3),
         {"stride": 2, "padding": 1, "ceil_mode": True}),
    Rule("functional.adaptive_avg_pool2d", functional.adaptive_avg_pool2d, F.adaptive_avg_pool2d,
         then(normal((2, 3, 7, 5)), (3, 2))),
    Rule("functional.adaptive_avg_pool2d global", functional.adaptive_avg_pool2d, F.adaptive_avg_pool2d,
         then(normal((2, 3, 7, 5)), 1)),
    Rule("functional.group_norm", functional.group_norm, F.group_norm,
         lambda rng: (rng.standard_normal((2, 6, 4, 3)), 2, *rng.standard_normal((2, 6)))),
    Rule("functional.group_norm plain", functional.group_norm, F.group_norm, then(normal((3, 6)), 3)),
]  # fmt: skip

LAYERS = []
