"""An exercise corrected in real Chromium, and what the browser remembers of it; live/ has the rest of live cells."""

import functools
import json
import threading
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tools.serve import Handler
from website import runtime, vendor

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
