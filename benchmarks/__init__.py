"""Times nnlib against PyTorch and JAX: same parameters, same data, gradients compared before any clock starts.

workloads/       what is computed: seeded parameters and data as NumPy arrays, a file for each kind of network
contenders/      who computes it: a folder for each kind of network, one file each
measure.py       how they are compared, and timed in one process
processes.py     what is measured in processes of their own: time, memory, start
results.py       the whole measurement, kept in results/
page.py          writes chapters/performance.md from results/
__main__.py      the command: python -m benchmarks

This file imports nothing: `__main__.py` must set the number of threads before NumPy is loaded.
"""
