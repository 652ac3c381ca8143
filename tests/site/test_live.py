"""Live cells in real Chromium, with Pyodide from this machine: run, edit, stop, correct an exercise, move a slider."""

import functools
import json
import threading
import urllib.request
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tools.serve import Handler
from website import runtime, vendor

ROOT = Path(__file__).parent.parent.parent
CHAPTERS = sorted(path.stem for path in (ROOT / "chapters").glob("*/*.ipynb"))
RELOAD = "load it again: what you wrote is kept"
START = 120_000  # ms that a busy machine may take for its first result


class Server(Handler):
    """The site as it would be with Pyodide of its own, which lies in build/runtime."""

    asked: list[str] = []
    missing: set[str] = set()  # beginnings of paths that are not there
    altered: set[str] = set()  # ends of paths whose files have one byte more

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.asked.append(self.path)
        name = self.path.partition("?")[0]
        if any(part in name for part in self.missing):
            return self.send_error(404)
        if name.endswith("manifest.json") or any(name.endswith(end) for end in self.altered):
            content = Path(self.translate_path(self.path)).read_bytes()
            if name.endswith("manifest.json"):
                manifest = json.loads(content)
                manifest["runtime"]["url"] = "/pyodide/"
                content = json.dumps(manifest).encode()
            else:
                content += b" "
            self.send_response(200)
            self.send_header("Content-Type", self.guess_type(name))
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            return None
        return super().do_GET()

    def translate_path(self, path):
        if path.startswith("/pyodide/"):
            return str(runtime.FOLDER / Path(path.partition("?")[0]).name)
        return super().translate_path(path)


@pytest.fixture(scope="module")
def served(site_folder):
    """The site's address."""
    runtime.assemble()
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Server, directory=str(site_folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def whole():
    """Each test begins with all files in place."""
    Server.asked, Server.missing, Server.altered = [], set(), set()


class Page:
    """A chapter open in a tab of its own, with what the browser complained about."""

    def __init__(self, context, address, path):
        self.address, self.complaints, self.outside = address, [], []
        self.tab = context.new_page()
        self.tab.set_default_timeout(START)
        self.tab.on("console", lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None)
        self.tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.tab.on("request", lambda r: self.outside.append(r.url) if not self.ours(r.url) else None)
        self.tab.goto(address + path)

    def ours(self, url):
        return url.startswith((self.address, "blob:" + self.address, "data:"))

    @property
    def cells(self):
        """Cells that can be run, but for those that only import."""
        return self.tab.locator("div.cell:has(> .live-tools)")

    def cell(self, text):
        return self.tab.locator("div.cell", has=self.tab.locator(".live-tools")).filter(has_text=text).first

    def press(self, cell, name):
        cell.get_by_role("button", name=name, exact=True).click()

    def run(self, cell, name="Run"):
        """Run a cell to its end; returns what it then shows."""
        self.press(cell, name)
        self.wait(cell)
        return cell.locator(".live-output")

    def wait(self, cell):
        expect(cell).not_to_have_attribute("aria-busy", "true", timeout=START)

    def write(self, cell, code):
        """Replace a cell's code in its editor."""
        if cell.locator(".cm-content").count() == 0:
            self.press(cell, "Edit")
        content = cell.locator(".cm-content")
        content.click()
        self.tab.keyboard.press("Control+A")
        self.tab.keyboard.insert_text(code)

    def axe(self):
        self.tab.evaluate((vendor.package("axe-core") / "axe.min.js").read_text(encoding="utf-8"))
        found = self.tab.evaluate("axe.run('.bd-article', {resultTypes: ['violations']})")["violations"]
        return [f"{v['impact']} {v['id']}: {v['nodes'][0]['html'][:160]}" for v in found
                if v["impact"] in ("serious", "critical")]  # fmt: skip


@pytest.fixture(scope="module")
def paths(site_folder):
    """Where the page of each chapter is."""
    return {path.stem: path.relative_to(site_folder).as_posix() for path in site_folder.glob("chapters/*/*.html")}


@pytest.fixture
def open_page(chromium, served, paths):
    """Open a chapter: open_page(slug) -> Page; keywords go to the browser's context."""
    contexts = []

    def open_page(slug="neurons", **options):
        contexts.append(chromium.new_context(viewport={"width": 1280, "height": 900}, **options))
        return Page(contexts[-1], served, paths[slug])

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("slug", CHAPTERS)
def test_the_first_and_the_last_live_cell_run(open_page, slug):
    page = open_page(slug)
    first, last = page.cells.first, page.cells.last
    page.run(first)
    expect(first.locator(".live-error")).to_have_count(0)
    name = "Check" if last.get_by_role("button", name="Check", exact=True).count() else "Run"
    page.run(last, name)
    expect(last.locator(".live-error")).to_have_count(0)
    assert not page.complaints and not page.outside


@pytest.mark.parametrize("slug", CHAPTERS)
def test_every_code_cell_but_the_setup_has_buttons_or_says_why_not(open_page, slug):
    page = open_page(slug)
    for cell in page.tab.locator("div.cell:not(.tag_setup)").all():
        names = cell.locator(".live-tools button:not([hidden])").all_text_contents()
        why = cell.locator(".not-live").count()
        assert bool(names) != bool(why)
        assert set(names) <= {"Run", "Check", "Edit", "Run all above"}
        if why:
            assert "colab.research.google.com" in cell.locator(".not-live a").get_attribute("href")
    assert page.tab.locator(".tag_setup .live-tools").count() == 0
    assert page.axe() == [] and not page.complaints and not page.outside
    assert not [path for path in Server.asked if "/pyodide/" in path or "/_static/live/" in path]


def test_an_edit_is_run_kept_and_discarded(open_page):
    page = open_page("gradient-descent")
    cell = page.cell("still {3 - w")
    stored = cell.locator(".cell_output").inner_text()
    page.write(cell, "print('mine')")
    page.tab.keyboard.press("Shift+Enter")
    page.wait(cell)
    expect(cell.locator(".live-output")).to_have_text("mine\n")
    expect(cell.locator(".cell_output:not(.live-output)")).to_be_hidden()
    page.tab.reload()
    expect(cell.locator(".own pre")).to_have_text("print('mine')")
    assert page.run(cell).inner_text().strip() == "mine"
    page.press(cell, "Reset")
    expect(cell.locator(".own")).to_have_count(0)
    assert cell.locator(".cell_output").inner_text() == stored
    page.tab.reload()
    expect(cell.locator(".cell_input")).to_contain_text("still {3 - w")
    assert page.run(cell).inner_text().strip() == stored.strip()
    assert not page.complaints


def test_tab_writes_in_the_editor_and_escape_lets_it_go(open_page):
    page = open_page("gradient-descent")
    cell = page.cell("still {3 - w")
    page.write(cell, "for i in range(3):")
    page.tab.keyboard.press("Enter")
    page.tab.keyboard.insert_text("print(i)")
    page.tab.keyboard.press("Escape")
    page.tab.keyboard.press("Tab")
    expect(cell.get_by_role("button", name="Run", exact=True)).to_be_focused()
    page.tab.keyboard.press("Enter")
    page.wait(cell)
    expect(cell.locator(".live-output")).to_have_text("0\n1\n2\n")  # the line was indented by itself


def test_an_error_says_what_and_where(open_page):
    page = open_page("gradient-descent")
    cell = page.cell("still {3 - w")
    page.write(cell, "x = [1, 2]\n\nprint(x[2])\n")
    page.run(cell)
    expect(cell.locator(".live-error > p").first).to_have_text("IndexError in line 3: list index out of range")
    expect(cell.locator(".live-error pre")).to_be_hidden()
    expect(cell.locator(".cm-line.live-wrong-line")).to_have_text("print(x[2])")
    cell.locator(".live-error summary").click()
    expect(cell.locator(".live-error pre")).to_contain_text("cell ")
    assert "session.py" not in cell.locator(".live-error pre").inner_text()
    assert page.axe() == []


def test_an_error_in_a_cell_above_is_shown_there(open_page):
    page = open_page("gradient-descent")
    above, cell = page.cell("still {3 - w"), page.cell('print("   η   1 step')
    page.write(above, "def slope(w):\n    return missing")
    page.run(cell)
    expect(cell.locator(".live-error > p").first).to_contain_text("NameError")
    page.write(above, "raise ValueError('not today')\nslope = 1")
    page.tab.reload()
    page.press(cell, "Run")
    page.wait(cell)
    expect(above.locator(".live-error > p").first).to_have_text("ValueError in line 1: not today")
    expect(cell.get_by_role("status")).to_contain_text("stopped with an error")
    expect(cell.get_by_role("link", name="Show it")).to_have_attribute("href", "#" + above.get_attribute("id"))


def test_an_endless_loop_is_stopped_and_python_starts_again(open_page):
    page = open_page("gradient-descent")
    cell = page.cell("still {3 - w")
    page.write(cell, "print('before', flush=True)\nwhile True:\n    pass")
    page.press(cell, "Run")
    expect(cell).to_have_attribute("aria-busy", "true")
    expect(cell.locator(".live-output")).to_have_text("before\n", timeout=START)
    expect(page.tab.get_by_role("button", name="Stop", exact=True)).to_have_count(1)
    page.press(cell, "Stop")
    expect(cell).not_to_have_attribute("aria-busy", "true")
    expect(cell.get_by_role("status")).to_contain_text("names are gone")
    expect(page.tab.get_by_role("button", name="Stop", exact=True)).to_have_count(0)
    page.write(cell, "print('again')")
    assert page.run(cell).inner_text().strip() == "again"
    assert not page.complaints


def test_all_above_runs_in_order(open_page):
    page = open_page("gradient-descent")
    page.write(page.cell("still {3 - w"), "trace = ['first']")
    cell = page.cell('print("   η   1 step')
    page.write(cell, "trace.append('not me')")
    last = page.cell("on_a_parabola(eta)")
    page.write(last, "print(trace)")
    page.press(cell, "Run all above")
    page.wait(cell)
    expect(cell.locator(".live-output")).to_have_count(0)
    page.press(last, "Run all above")
    page.wait(last)
    assert page.run(last).inner_text().strip() == "['first', 'not me']"


def test_an_exercise_is_corrected(open_page):
    page = open_page("gradient-descent")
    cell = page.cell('check("three-more-steps"')
    expect(cell.locator(".cell_output")).to_contain_text("Not yet.")
    page.write(cell, 'answer = 2.2, 1.72, 1\n\ncheck("three-more-steps", answer)')
    output = page.run(cell, "Check")
    expect(output.locator(".verdict")).to_contain_text("Not quite.")
    page.write(cell, 'answer = 2.2, 1.72, 1.432\n\ncheck("three-more-steps", answer)')
    expect(page.run(cell, "Check").locator(".verdict")).to_contain_text("Correct.")
    heading = page.tab.locator("section.exercise", has=page.tab.locator('[data-exercise="three-more-steps"]')).locator(
        "h3"
    )
    expect(heading.locator(".solved")).to_have_count(1)
    assert page.axe() == []
    kept = json.loads(page.tab.evaluate("localStorage.getItem('neural-networks-by-hand')"))
    assert kept["exercises"]["three-more-steps"] == {"tries": 2, "solved": True, "hints": 0, "solution": False}
    page.tab.reload()
    expect(heading.locator(".solved")).to_have_count(1)


def test_a_slider_draws_again(open_page):
    page = open_page("gradient-descent")
    cell = page.cell("on_a_parabola(eta)")
    page.run(cell)
    slider, picture = cell.get_by_label("learning rate"), cell.locator(".live-picture img")
    expect(picture).to_have_attribute("alt", "Twenty steps on a parabola, learning rate 0.9.")
    slider.focus()
    page.tab.keyboard.press("ArrowLeft")
    expect(picture).to_have_attribute("alt", "Twenty steps on a parabola, learning rate 0.88.")
    expect(cell.locator(".live-sliders output")).to_have_text("0.88")
    assert picture.evaluate("image => image.naturalWidth / image.width") > 1.5  # sharp on a phone
    assert page.axe() == [] and not page.complaints


@pytest.mark.parametrize(
    "missing", ["pyodide.asm.wasm", "pyodide.mjs", "library.zip", "worker.mjs", "page.mjs", "manifest.json", "numpy-"]
)
def test_what_is_missing_is_told_and_the_page_stays(open_page, missing):
    Server.missing = {missing}
    page = open_page("gradient-descent")
    cell = page.cell("still {3 - w")
    stored = cell.locator(".cell_output").inner_text()
    page.press(cell, "Run")
    expect(cell.locator(".live-tools .wrong")).to_contain_text(RELOAD, timeout=START)
    page.wait(cell)
    assert cell.locator(".cell_output").inner_text() == stored
    Server.missing = set()
    assert page.run(cell).inner_text().strip() == stored.strip()


@pytest.mark.parametrize("altered", ["pyodide.asm.wasm", "python_stdlib.zip", "library.zip", "digits.npz"])
def test_what_was_altered_is_not_run(open_page, altered):
    Server.altered = {altered}
    page = open_page("neurons")
    cell = page.cell("load_digits()")
    page.press(cell, "Run")
    expect(cell.locator(".live-tools .wrong")).to_contain_text(
        "not the one that this book was made with", timeout=START
    )


def test_a_figure_without_matplotlib_leaves_the_names(open_page):
    Server.missing = {"matplotlib-"}
    page = open_page("gradient-descent")
    numbers, figure = page.cell("still {3 - w"), page.cell("on_a_parabola(eta)")
    page.write(numbers, "kept = 7\ndef slope(w):\n    return 2 * (w - 3)")
    page.run(numbers)
    page.press(figure, "Run")
    expect(figure.locator(".live-tools .wrong")).to_contain_text(RELOAD, timeout=START)
    page.write(numbers, "print(kept)")
    assert page.run(numbers).inner_text().strip() == "7"
    Server.missing = set()
    page.run(figure)
    expect(figure.get_by_label("learning rate")).to_be_visible()


def test_code_in_a_cell_reaches_no_other_host(open_page):
    heard = []

    class Listener(Handler):
        def do_GET(self):
            heard.append(self.path)
            self.send_response(200)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()

        do_POST = do_HEAD = do_OPTIONS = do_GET

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    page = open_page("gradient-descent")
    cell = page.cell("still {3 - w")
    host = f"127.0.0.1:{server.server_port}"
    attempts = [
        f"js.fetch('http://{host}/fetch')",
        f"x = js.XMLHttpRequest.new(); x.open('GET', 'http://{host}/xhr', False); x.send()",
        f"js.WebSocket.new('ws://{host}/socket')",
        f"js.Function.new(\"import('http://{host}/module.mjs')\")()",
        f"js.importScripts('http://{host}/script.js')",
        f"js.Worker.new('http://{host}/worker.js')",
        f"js.navigator.sendBeacon('http://{host}/beacon')",
        f"import urllib.request; urllib.request.urlopen('http://{host}/urllib')",
    ]
    page.tab.evaluate(f"fetch('http://{host}/from-the-page').catch(() => null)")
    for attempt in attempts:
        page.write(cell, f"import js\n{attempt}")
        page.run(cell)
    urllib.request.urlopen(f"http://{host}/from-the-test").close()
    server.shutdown()
    thread.join()
    server.server_close()
    assert heard == ["/from-the-test"]


def test_storage_that_is_refused_is_told(open_page):
    page = open_page("gradient-descent")
    page.tab.add_init_script("""Object.defineProperty(window, "localStorage", {
      get() { throw new DOMException("refused", "SecurityError") }
    })""")
    page.tab.reload()
    cell = page.cell("still {3 - w")
    page.write(cell, "print('mine')")
    expect(cell.get_by_role("status")).to_contain_text("lasts until you leave this page")
    assert page.run(cell).inner_text().strip() == "mine"


def test_two_tabs_share_what_is_written_but_not_python(open_page, served, paths):
    page = open_page("gradient-descent")
    other = page.tab.context.new_page()
    other.goto(served + paths["gradient-descent"])
    page.write(page.cell("still {3 - w"), "print('from the first tab')")
    expect(other.locator(".own pre")).to_have_text("print('from the first tab')")


def test_a_version_of_a_cell_that_has_changed_is_not_lost(open_page):
    page = open_page("gradient-descent")
    page.tab.evaluate("localStorage.setItem('neural-networks-by-hand/gradient-descent/0123456789ab', 'old = 1')")
    page.tab.reload()
    kept = page.tab.locator(".live-orphans")
    kept.locator("summary").click()
    expect(kept.locator("pre")).to_have_text("old = 1")
    kept.get_by_role("button", name="Discard").click()
    page.tab.reload()
    expect(kept).to_have_count(0)


def test_a_browser_without_webassembly_is_told(open_page):
    page = open_page("gradient-descent")
    page.tab.add_init_script("delete globalThis.WebAssembly")
    page.tab.reload()
    cell = page.cell("still {3 - w")
    page.press(cell, "Run")
    expect(cell.get_by_role("status")).to_contain_text("no WebAssembly")
    expect(cell).not_to_have_attribute("aria-busy", "true")


def test_memory_that_runs_out_is_told(open_page):
    page = open_page("gradient-descent")
    cell = page.cell("still {3 - w")
    page.write(cell, "import numpy as np\nx = [np.ones(10**8) for _ in range(100)]")
    page.run(cell)
    expect(cell).to_contain_text("memory")
    page.write(cell, "print('still here')")
    assert page.run(cell).inner_text().strip() == "still here"


def test_without_scripts_and_from_a_file_there_are_no_buttons(chromium, served, paths, site_folder):
    context = chromium.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(served + paths["neurons"])
    expect(tab.locator(".live-tools")).to_have_count(0)
    context.close()
    context = chromium.new_context()
    tab = context.new_page()
    tab.goto((site_folder / paths["neurons"]).as_uri())
    expect(tab.locator("form.question").first).to_be_visible()  # the page's other scripts run
    expect(tab.locator(".live-tools")).to_have_count(0)
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_phone_shows_it_all(open_page, theme):
    page = open_page("gradient-descent", color_scheme=theme)
    page.tab.set_viewport_size({"width": 390, "height": 800})
    for text in ("on_a_parabola(eta)", "still {3 - w"):
        cell = page.cell(text)
        page.press(cell, "Edit")
        page.run(cell)
    page.write(cell, "print('long ' * 60)\n" + "x" * 120)
    page.run(cell)
    assert page.tab.evaluate("document.documentElement.scrollWidth") <= 390
    wide = "[...document.querySelectorAll('.live-tools, .live-tools *, .live-output, .editor, .live-explorer *')]"
    assert page.tab.evaluate(wide + ".filter(e => e.getBoundingClientRect().right > 391).map(e => e.outerHTML)") == []
    assert page.axe() == []
