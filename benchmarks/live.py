"""Times live cells as a reader meets them: python -m benchmarks.live, after `make book`.

In Chromium, on a chapter of the built site served from this machine, with Pyodide served from here too (build/runtime).
Each round has a browser profile of its own: the first visit is cold, and the second warm, with what the browser kept.
Times are in seconds. The load of the machine stands in the results: above 1 or so, it is what they measure.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import platform
import re
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tools.serve import SITE, Handler
from website import runtime, vendor

RESULTS = Path(__file__).parent / "results" / "live.json"
CHAPTER = "chapters/foundations/gradient-descent.html"
PLAIN = "still {3 - w"  # in a cell that prints numbers and needs none above it
SLIDER = "explore("
MOVES = 20
TARGETS = {"cold_first_result": 4.0, "warm_first_result": 3.0, "slider_move": 0.1}  # seconds
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
TIMEOUT = 180_000  # ms

# Moves a slider and answers how many milliseconds pass until the picture has followed.
MOVE = """async ([explorer, value]) => {
  const slider = explorer.querySelector("input[type=range]");
  const picture = explorer.querySelector(".live-picture");
  const followed = new Promise((resolve) => new MutationObserver((_, observer) => {
    observer.disconnect();
    resolve();
  }).observe(picture, { childList: true, subtree: true, attributes: true }));
  const start = performance.now();
  slider.value = Number(slider.min) + value * (slider.max - slider.min);
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  await followed;
  return performance.now() - start;
}"""


class Server(Handler):
    """The site as if it were built with `live_runtime: own`."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Serve a file; the manifest says that Pyodide is here."""
        if not self.path.endswith("/manifest.json"):
            return super().do_GET()
        manifest = json.loads(Path(self.translate_path(self.path)).read_bytes())
        manifest["runtime"]["url"] = "/pyodide/"
        content = json.dumps(manifest).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def translate_path(self, path: str) -> str:
        """Where a file lies."""
        return str(runtime.FOLDER / Path(path).name) if path.startswith("/pyodide/") else super().translate_path(path)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a site; gives its address."""
    runtime.assemble()
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Server, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def visit(context: Any, address: str, all_of_it: bool) -> dict[str, float]:
    """Open the chapter, run its first plain cell; and if asked for, edit it, draw a figure, move a slider."""
    page = context.new_page()
    page.set_default_timeout(TIMEOUT)
    weight = [0, 0]  # requests, bytes
    network = context.new_cdp_session(page)
    network.send("Network.enable")

    def finished(event: dict[str, Any]) -> None:
        weight[:] = weight[0] + 1, weight[1] + event["encodedDataLength"]

    network.on("Network.loadingFinished", finished)
    page.goto(address + CHAPTER, wait_until="networkidle")
    found = {"requests_before_run": weight[0], "megabytes_before_run": weight[1] / 1e6}
    cells = page.locator("div.cell:has(> .live-tools)")
    plain = cells.filter(has_text=PLAIN).first
    found["first_result"] = _seconds(plain, lambda: _press(plain, "Run"))
    if all_of_it:
        _press(plain, "Edit")
        plain.locator(".cm-content").click()
        page.keyboard.press("Control+Home")
        page.keyboard.insert_text("print('edited')\n")
        found["edit_and_run"] = _seconds(plain, lambda: page.keyboard.press("Shift+Enter"), "edited")
        figures = cells.filter(has=page.locator("img")).filter(has_not_text=SLIDER)
        for name, figure in (("first_figure", figures.nth(0)), ("second_figure", figures.nth(1))):
            found[name] = _seconds(figure, functools.partial(_press, figure, "Run"))
        slider = cells.filter(has_text=SLIDER).first
        found["slider_cell"] = _seconds(slider, lambda: _press(slider, "Run"))
        explorer = slider.locator(".live-explorer").element_handle()
        moves = [page.evaluate(MOVE, [explorer, move / MOVES]) / 1e3 for move in range(MOVES)]
        found |= {"slider_move": statistics.median(moves), "slider_move_slowest": max(moves)}
    page.close()
    return found


def _press(cell: Any, name: str) -> None:
    cell.get_by_role("button", name=name, exact=True).click()


def _seconds(cell: Any, act: Any, text: str = "") -> float:
    """How long it takes until a cell shows what it gives anew."""
    start = time.perf_counter()
    act()
    cell.locator(".live-output", has_text=text).first.wait_for(state="attached")
    seconds = time.perf_counter() - start
    cell.locator("xpath=self::*[not(@aria-busy='true')]").wait_for()
    if cell.locator(".live-error").count():
        raise RuntimeError(f"a cell failed: {cell.locator('.live-error').inner_text()[:300]}")
    return seconds


def measure(browser: Any, address: str, rounds: int) -> dict[str, Any]:
    """Cold and warm visits; of each number the median of the rounds, and the least, which other work delayed least."""
    visits: list[dict[str, float]] = []
    for _ in range(rounds):
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        cold, warm = visit(context, address, False), visit(context, address, True)
        cold = {f"cold_{name}" if name == "first_result" else name: number for name, number in cold.items()}
        visits.append({**warm, **cold, "warm_first_result": warm["first_result"]})
        context.close()
    names = [name for name in visits[0] if name != "first_result"]
    median = {name: round(statistics.median(v[name] for v in visits), 3) for name in names}
    least = {name: round(min(v[name] for v in visits), 3) for name in names}
    missed = sorted(name for name, target in TARGETS.items() if median[name] > target)
    return {"median": median, "least": least, "targets": TARGETS, "missed": missed}


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    found = re.search(r"^model name\s*: (.*)$", info.read_text(), re.MULTILINE) if info.exists() else None
    return found[1] if found else platform.processor()


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.live", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="fresh browser profiles (default: %(default)s)")
    parser.add_argument("--browser", default="/usr/bin/chromium", help="Chromium's path (default: %(default)s)")
    parser.add_argument("--site", type=Path, default=SITE, help="the built site")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where to write the results")
    given = parser.parse_args(arguments)
    if not (given.site / CHAPTER).exists():
        print(f"{given.site / CHAPTER} is not there. Build the site: make book", file=sys.stderr)
        return 1
    from playwright.sync_api import sync_playwright

    load = os.getloadavg()[0]
    with served(given.site) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=given.browser, args=list(FLAGS))
        machine = {
            "cpu": _processor(),
            "cores": os.cpu_count(),
            "browser": f"Chromium {browser.version}",
            "pyodide": vendor.PACKAGES["pyodide"][0],
            "date": datetime.now(UTC).date().isoformat(),
            "load": round(load, 1),
        }
        found = {"machine": machine, "rounds": given.rounds, **measure(browser, address, given.rounds)}
    found["command"] = f"python -m benchmarks.live --rounds {given.rounds}"
    given.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
