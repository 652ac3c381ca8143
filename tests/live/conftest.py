"""Pyodide in Node: the chapters that the selected tests ask for are begun at once, and run side by side."""

import pytest
from browser_python import CHAPTERS, Browser

from website import runtime


def pytest_generate_tests(metafunc):
    """A test that asks for `slug` runs for each chapter."""
    if "slug" in metafunc.fixturenames:
        metafunc.parametrize("slug", CHAPTERS)


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """A Browser with the whole book."""
    runtime.assemble()
    return Browser(tmp_path_factory.mktemp("browser"))


@pytest.fixture(scope="session")
def ran(browser, request):
    """What a chapter gives in the browser's Python: ran(slug) -> its live cells and its exercises' cells, by place."""
    tests = [item for item in request.session.items if "ran" in item.fixturenames]
    pool, jobs = browser.chapters(dict.fromkeys(item.callspec.params["slug"] for item in tests))
    yield lambda slug: jobs[slug].result()
    pool.shutdown(cancel_futures=True)
