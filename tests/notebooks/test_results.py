"""Every number in every notebook comes out again."""

import os
import platform
import re
import subprocess
import sys

import nbformat
import pytest

from tools.notebooks import read_notebook


def test_every_result_comes_out_again(chapter, nbval):
    run = nbval(chapter.notebook)
    assert run.ok, run.output


def test_one_altered_digit_is_seen(chapter, nbval, tmp_path):
    """The test above can fail: in a copy that ends with the first printed number, another digit is put."""
    notebook = read_notebook(chapter)
    last, stream = next(
        (index, output)
        for index, cell in enumerate(notebook.cells)
        for output in cell.get("outputs", [])
        if output.output_type == "stream" and output.name == "stdout" and re.search(r"\d", output.text)
    )
    del notebook.cells[last + 1 :]
    copy = tmp_path / chapter.notebook.name
    nbformat.write(notebook, copy)
    unchanged = nbval(copy)
    assert unchanged.ok, unchanged.output
    stream.text = re.sub(r"\d", lambda digit: str((int(digit[0]) + 1) % 10), stream.text, count=1)
    nbformat.write(notebook, copy)
    altered = nbval(copy)
    assert not altered.ok
    assert "1 failed" in altered.output and "mismatch 'stdout'" in altered.output, altered.output


def blas_kernel(**environment):
    """Which kernel NumPy's OpenBLAS uses under this environment; None for another BLAS."""
    code = "import numpy, threadpoolctl as t; print(*[i.get('architecture') for i in t.threadpool_info()])"
    environment = {**os.environ, **environment}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.skipif(not os.environ.get("CI"), reason="a second run of every notebook: only where CI is set")
@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="these kernels are for x86")
def test_every_result_comes_out_on_another_cpu(chapter, nbval):
    """Sums in another order, as on another kind of CPU: printed digits are those that do not depend on it."""
    usual = blas_kernel()
    other = next(name for name in ("Haswell", "Sandybridge") if name != usual)
    if blas_kernel(OPENBLAS_CORETYPE=other) != other:
        pytest.skip(f"NumPy's BLAS ({usual or 'not OpenBLAS'}) does not switch to {other}")
    run = nbval(chapter.notebook, OPENBLAS_CORETYPE=other, ATEN_CPU_CAPABILITY="default")
    assert run.ok, run.output
