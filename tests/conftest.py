"""What holds for every test: one thread, no outside network, and a browser where there is one."""

import os
import runpy
import shutil
from pathlib import Path

import pytest

from tests.scheduler import ByFile
from tools.kernel import OFFLINE, kernel_environment

# Before any test imports NumPy, and for every process that a test starts.
os.environ.update(kernel_environment())
runpy.run_path(str(OFFLINE / "sitecustomize.py"))

HERE = Path(__file__).parent
BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"]
BROWSER_PATHS = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
]
BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
SLOW = {"notebooks": "notebooks", "live": "notebooks", "site": "site", "distributed": "processes"}  # folder -> marker
NO_BROWSER = "no Chromium, Chrome or Edge found: install one (Debian: apt-get install chromium)"


def pytest_collection_modifyitems(items):
    """Mark tests by their folder, so that `make check` can leave out what is slow."""
    for item in items:
        for folder, marker in SLOW.items():
            if item.path.is_relative_to(HERE / folder):
                item.add_marker(marker)


def pytest_xdist_make_scheduler(config, log):
    return ByFile(config, log)


def find_browser():
    """The path of a Chromium, Chrome or Edge; None if there is none."""
    found = filter(None, (shutil.which(name) for name in BROWSERS))
    return next(found, None) or next((path for path in BROWSER_PATHS if Path(path).exists()), None)


@pytest.fixture(scope="session")
def chromium():
    """A Playwright Browser. Without one on the machine its tests are skipped, loudly; under CI they fail."""
    path = find_browser()
    if path is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(NO_BROWSER)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=BROWSER_FLAGS)
        yield browser
        browser.close()


def pytest_terminal_summary(terminalreporter):
    if any(NO_BROWSER in str(report.longrepr) for report in terminalreporter.stats.get("skipped", ())):
        terminalreporter.section("THE SITE WAS NOT TESTED: no Chromium, Chrome or Edge on this machine", sep="!")
