"""Live cells in Firefox: Python starts, prints what is stored, stops, and asks nothing of other hosts."""

import json

import pytest
from browser_python import notebook_cells
from firefox import Firefox, find

SLUG = "gradient-descent"
PLAIN = "still {3 - w"  # in a cell that needs nothing above it and prints numbers


@pytest.fixture(scope="module")
def page(served, paths, tmp_path_factory):
    """A chapter in Firefox. `cell` is its cell that needs nothing above it; press(name) presses a button of it."""
    path = find()
    if path is None:
        pytest.skip("no Firefox found: install one (Debian: apt-get install firefox-esr)")
    with Firefox(path, tmp_path_factory.mktemp("firefox") / "profile") as firefox:
        firefox.open(served + paths[SLUG])
        firefox.run(f"""
            globalThis.cell = [...document.querySelectorAll("div.cell:has(> .live-tools)")]
                .find((each) => each.textContent.includes({json.dumps(PLAIN)}));
            globalThis.button = (name) => [...cell.querySelectorAll("button")]
                .find((each) => (each.ariaLabel ?? each.textContent).trim() === name);
            null""")
        yield firefox
    assert all(url.startswith((served, "blob:" + served, "data:")) for url in firefox.asked), firefox.asked


def test_a_cell_prints_what_is_stored(page, served):
    stored = next(ran.printed for cell, ran in notebook_cells(SLUG) if PLAIN in cell.source)
    page.run("button('Run').click()")
    page.until("cell.querySelector('.live-output') !== null && cell.ariaBusy !== 'true'")
    assert page.run("cell.querySelector('.live-output').textContent") == stored
    assert any(url.endswith("pyodide.asm.wasm") for url in page.asked), "requests are seen"


def test_an_endless_cell_stops_and_runs_again(page):
    page.run("button('Edit').click()")
    page.until("cell.querySelector('.cm-content') !== null")
    page.run("""
        cell.querySelector(".cm-content").focus();
        getSelection().selectAllChildren(cell.querySelector(".cm-content"));
        document.execCommand("insertText", false, "print('begun')\\nwhile True: pass")""")
    page.run("button('Run').click()")
    page.until("cell.querySelector('.live-output')?.textContent === 'begun\\n'")
    page.run("button('Stop').click()")
    page.until("cell.ariaBusy !== 'true'")
    assert "Python starts again" in page.run("cell.querySelector('.live-tools [role=status]').textContent")
    page.run("button('Reset').click()")
    page.run("button('Run').click()")
    page.until("cell.querySelector('.live-output')?.textContent.startsWith('w = ')")
