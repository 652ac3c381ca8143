"""How fast the book's PyTorch half is on a GPU: `python -m benchmarks.gpu`.

In each part, all contenders run in turn in one process, a slice of work each, so that a hot or busy machine hits them
alike. Before any timing, what they compute is compared. On a machine without a GPU, `--small` runs the same
programs in seconds; its numbers mean nothing.

`language.py`   GPT-2 with 124 million weights: our loop, a plain loop, and our loop without one thing each
`writing.py`    the same network writes, with and without a cache of keys and values
`pictures.py`   ResNet-18: our loop and a plain one
`crossover.py`  the book's own networks: NumPy and PyTorch on the CPU, PyTorch on the GPU, over the size of the batch
`plain.py`      the plain contenders
`gate.py`       `fit`, stopped between two steps, so that it can run in turn with others
`rounds.py`     turns, ratios, and what the machine is
"""
