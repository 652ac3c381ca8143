"""When it goes wrong: the page says what happened and what to do, and the static book and the reader's code stay."""

import pytest
from playwright.sync_api import expect

RELOAD = "load it again: what you wrote is kept"
SLIDER = "on_a_parabola(eta)"


def fails(page, cell, words):
    """Run a cell that cannot run: it says so, and shows what it showed before."""
    stored = cell.locator(".cell_output").inner_text()
    page.run(cell)
    expect(cell.locator(".live-tools .wrong")).to_contain_text(words)
    assert cell.locator(".cell_output").inner_text() == stored
    assert page.axe(cell) == []


def test_a_browser_without_webassembly(open_page):
    page = open_page(first="delete globalThis.WebAssembly")
    fails(page, page.cell(), "This browser has no WebAssembly")


# page.mjs and worker.mjs are the book's, all others the runtime's; a package, and what Pyodide starts with
@pytest.mark.parametrize("missing", ["page.mjs", "worker.mjs", "manifest.json", "pyodide.asm.wasm", "numpy-"])
def test_a_missing_file(open_page, server, missing):
    page = open_page()
    page.write(page.cell(), "kept = 1")
    server.missing = {missing}
    page.tab.reload()
    cell = page.cell("kept = 1")
    fails(page, cell, "missing or blocked")
    expect(page.said(cell)).to_contain_text(RELOAD)
    expect(cell.locator(".own")).to_have_text("kept = 1")


def test_a_runtime_that_is_blocked_and_comes_back(open_page, server):
    server.refused = {"/pyodide/"}
    page = open_page()
    fails(page, page.cell(), "missing or blocked")
    expect(page.said(page.cell())).to_contain_text("pyodide.")
    server.refused = set()
    page.run(page.cell())
    expect(page.cell().locator(".live-output")).to_contain_text("still")


@pytest.mark.parametrize(
    "altered", ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "wasm32.whl", "library.zip"]
)
def test_an_altered_file_is_not_used(open_page, server, altered):
    server.altered = {altered}
    page = open_page()
    fails(page, page.cell(), "not the one that this book was made with, and was not used")
    assert altered in page.said(page.cell()).inner_text()


def test_an_altered_data_set_is_not_used(open_page, server):
    server.altered = {"digits.npz"}
    page = open_page("neurons")
    fails(page, page.cell("load_digits()"), "not the one that this book was made with, and was not used")


def test_a_figure_without_matplotlib_leaves_the_names(open_page, server):
    server.missing = {"matplotlib-"}
    page = open_page()
    numbers, figure = page.cell(), page.cell(SLIDER)
    page.write(numbers, "kept = 7\ndef slope(w):\n    return 2 * (w - 3)")
    page.run(numbers)
    page.run(figure)
    expect(figure.locator(".live-tools .wrong")).to_contain_text(RELOAD)
    page.write(numbers, "print(kept)")
    assert page.run(numbers).inner_text().strip() == "7"
    server.missing = set()
    page.run(figure)
    expect(figure.get_by_label("learning rate")).to_be_visible()


def test_memory_that_runs_out(page, cell):
    page.write(cell, "import numpy as np\nx = [np.ones(10**8) for _ in range(100)]")
    page.run(cell)
    expect(cell.locator(".live-error > p").first).to_contain_text("MemoryError in line 2")
    expect(cell.locator(".live-error")).to_contain_text("Use smaller arrays")
    page.write(cell, "print('still here')")
    assert page.run(cell).inner_text().strip() == "still here"


def test_python_that_breaks_down_starts_again(page, cell):
    page.write(cell, "import ctypes\nctypes.memset(-4096, 0, 10**9)")
    page.run(cell)
    expect(cell.locator(".live-tools .wrong")).to_contain_text("Python has broken down")
    page.write(cell, "print('again')")
    assert page.run(cell).inner_text().strip() == "again"
    page.complaints.clear()  # Pyodide's own words on a fatal error


def test_without_scripts_and_from_a_file_the_book_is_whole(chromium, served, paths, site_folder):
    """Stored outputs and still pictures, and no button or slider that would do nothing."""
    without = chromium.new_context(java_script_enabled=False)
    file = chromium.new_context()
    for context, address in ((without, served + paths["gradient-descent"]),
                             (file, (site_folder / paths["gradient-descent"]).as_uri())):  # fmt: skip
        tab = context.new_page()
        tab.goto(address)
        cell = tab.locator("div.cell", has_text=SLIDER).last
        expect(cell.locator(".cell_output img")).to_be_visible()
        expect(tab.locator(".live-tools, .cell_output input, .cell_output button")).to_have_count(0)
        context.close()
