"""The site served with Pyodide from this machine, and chapters open in tabs of Chromium."""

import functools
import json
import threading
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tools.serve import Handler
from website import runtime, vendor

START = 90_000  # ms that a busy machine may take for its first result
PLAIN = "still {3 - w"  # in a cell of gradient descent that needs nothing above it and prints numbers
MANIFEST = "manifest.json"
expect.set_options(timeout=START)


class Server(Handler):
    """The site as it would be with Pyodide of its own, which lies in build/runtime. Each test may break it."""

    asked: list[str] = []
    missing: set[str] = set()  # parts of paths that are answered by 404
    refused: set[str] = set()  # parts of paths that are not answered
    altered: set[str] = set()  # ends of paths whose files have one byte changed

    def log_message(self, *_):
        pass

    def do_GET(self):
        name = self.path.partition("?")[0]
        self.asked.append(name)
        if any(part in name for part in self.missing):
            return self.send_error(404)
        if any(part in name for part in self.refused):
            self.close_connection = True
            return None
        changed = any(name.endswith(end) for end in self.altered)
        if not changed and not name.endswith(MANIFEST):
            return super().do_GET()
        content = Path(self.translate_path(self.path)).read_bytes()
        if changed:
            content = content[:-1] + bytes([content[-1] ^ 1])
        else:
            manifest = json.loads(content)
            manifest["runtime"]["url"] = "/pyodide/"
            content = json.dumps(manifest).encode()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(name))
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def translate_path(self, path):
        if path.startswith("/pyodide/"):
            return str(runtime.FOLDER / Path(path.partition("?")[0]).name)
        return super().translate_path(path)


class Page:
    """A chapter open in a tab, with what the browser complained about."""

    def __init__(self, tab, address):
        self.tab, self.complaints, self.outside = tab, [], []
        ours = (address, "blob:" + address, "data:")
        tab.set_default_timeout(START)
        tab.on("console", lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None)
        tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        tab.on("request", lambda r: None if r.url.startswith(ours) else self.outside.append(r.url))

    @property
    def cells(self):
        """Cells that can be run, but for those that only import."""
        return self.tab.locator("div.cell:has(> .live-tools)")

    def cell(self, text=PLAIN):
        return self.tab.locator("div.cell", has=self.tab.locator(".live-tools")).filter(has_text=text).first

    def press(self, cell, name):
        cell.get_by_role("button", name=name, exact=True).click()

    def run(self, cell, name="Run"):
        """Run a cell to its end; returns what it then shows."""
        self.press(cell, name)
        self.wait(cell)
        return cell.locator(".live-output")

    def wait(self, cell):
        expect(cell).not_to_have_attribute("aria-busy", "true")

    def write(self, cell, code):
        """Replace a cell's code in its editor."""
        if cell.locator(".cm-content").count() == 0:
            self.press(cell, "Edit")
        content = cell.locator(".cm-content")
        content.click()
        self.tab.keyboard.press("Control+A")
        self.tab.keyboard.insert_text(code)

    def said(self, cell):
        """The line beside a cell's buttons."""
        return cell.locator(".live-tools").get_by_role("status")

    def axe(self, part):
        """Serious and critical findings in a part of the page."""
        if not self.tab.evaluate("'axe' in window"):
            self.tab.evaluate((vendor.package("axe-core") / "axe.min.js").read_text(encoding="utf-8"))
        found = part.evaluate("part => axe.run(part, {resultTypes: ['violations']})")["violations"]
        return [f"{v['impact']} {v['id']}: {v['nodes'][0]['html'][:160]}" for v in found
                if v["impact"] in ("serious", "critical")]  # fmt: skip


@pytest.fixture(scope="session")
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
def server():
    """The server's class; each test begins with all files in place."""
    Server.asked, Server.missing, Server.refused, Server.altered = [], set(), set(), set()
    return Server


@pytest.fixture(scope="session")
def paths(site_folder):
    """Where the page of each chapter is."""
    return {path.stem: path.relative_to(site_folder).as_posix() for path in site_folder.glob("chapters/*/*.html")}


@pytest.fixture
def open_page(chromium, served, paths):
    """Open a chapter in a browser that knows nothing yet: open_page(slug) -> Page; keywords go to its context."""
    contexts = []

    def open_page(slug="gradient-descent", first=None, address=served, **options):
        contexts.append(chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options}))
        if first:
            contexts[-1].add_init_script(first)
        page = Page(contexts[-1].new_page(), address)
        page.tab.goto(address + paths[slug])
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def page(chromium, served, paths):
    """Gradient descent, with a Python that the tests of a file share."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = Page(context.new_page(), served)
    page.tab.goto(served + paths["gradient-descent"])
    yield page
    context.close()


@pytest.fixture
def cell(page):
    """A cell of that page which needs nothing above it; what a test wrote there is discarded after it."""
    cell = page.cell()
    page.complaints.clear()
    yield cell
    stop = cell.get_by_role("button", name="Stop", exact=True)
    if stop.is_visible():
        stop.click()
    reset = cell.get_by_role("button", name="Reset", exact=True)
    if reset.is_visible():
        reset.click()
    assert not page.complaints and not page.outside
