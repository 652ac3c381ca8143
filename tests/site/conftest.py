"""The built site on localhost, and one visit to each page in each size and theme."""

import functools
import gzip
import http.server
import threading
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml

from website import vendor

ROOT = Path(__file__).parent.parent.parent
SITE = ROOT / "_build" / "html"

_toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
CHAPTERS = [entry["file"] for part in _toc["parts"] for entry in part["chapters"]]
PAGES = [f"{name}.html" for name in [_toc["root"], *CHAPTERS, "search"]]
SIZES = [(width, theme) for width in (1280, 390) for theme in ("light", "dark")] + [(768, "light"), (1600, "dark")]
VIEWS = [(page, *size) for page in PAGES for size in SIZES]


@dataclass
class Visit:
    """What a browser saw on one page."""

    page: str
    outside: list[str] = field(default_factory=list)  # requests to other hosts
    failed: list[str] = field(default_factory=list)  # requests that were not answered well
    complaints: list[str] = field(default_factory=list)  # errors and warnings on the console, uncaught errors
    files: set[str] = field(default_factory=set)  # paths that the page loaded
    facts: dict = field(default_factory=dict)  # what FACTS below measured
    axe: list[str] = field(default_factory=list)  # serious and critical findings

    def weights(self):
        """Bytes of each file that the page loaded, as a server sends them: text compressed, the rest as it is."""
        packed = (".woff2", ".png", ".jpg", ".ico")
        found = {}
        for file in self.files:
            data = (SITE / file).read_bytes()
            found[file] = len(data) if file.endswith(packed) else len(gzip.compress(data))
        return found


# Measured with every <details> open, so that nothing hides.
FACTS = """() => {
  document.querySelectorAll("details").forEach(d => d.open = true);
  const width = document.documentElement.clientWidth;
  const main = document.querySelector("main");
  const article = document.querySelector(".bd-article") || main;
  const begin = e => e.outerHTML.slice(0, 120);
  // The column of the page must not scroll as a whole, though the theme lets it.
  const scrolls = e => { for (; e && !e.matches(".bd-article-container, body"); e = e.parentElement)
    if (/auto|scroll|hidden|clip/.test(getComputedStyle(e).overflowX)) return true; return false; };
  const inside = [...main.querySelectorAll("*")].filter(e => !e.closest("#pst-secondary-sidebar"));
  const wide = inside.filter(e => e.getBoundingClientRect().right > width + 1 && !scrolls(e));
  const cut = inside.filter(e => !e.closest(".katex") && e.clientWidth > 1 &&
    e.scrollWidth > e.clientWidth + 1 && /hidden|clip/.test(getComputedStyle(e).overflowX));
  const text = article.cloneNode(true);
  text.querySelectorAll("code, pre, .katex, script, style").forEach(e => e.remove());
  return {
    pageWidth: document.documentElement.scrollWidth, width,
    wide: [...wide, ...cut].map(begin),
    // The logo stands beside the book's name and says nothing more: its alt is empty, but there.
    noAlt: [...document.images].map(i => [i, i.closest(".navbar-brand") ? i.hasAttribute("alt") : i.alt.trim()])
      .filter(([i, told]) => !told).map(([i]) => i.src),
    broken: [...document.images].filter(i => i.complete && !i.naturalWidth).map(i => i.src),
    faces: [...document.fonts].filter(f => f.status === "loaded").map(f => f.family),
    formulae: document.querySelectorAll(".katex").length,
    badFormulae: [...document.querySelectorAll(".katex-error, .math:not(:has(.katex))")].map(begin),
    rawMath: (text.textContent.match(/\\$[^$\\n]{1,80}\\$|\\\\[([][^\\n]{0,40}|\\\\begin\\{/g) || []),
    theme: document.documentElement.dataset.theme,
    unreachable: [...document.querySelectorAll(".bd-article pre, .scrolls, .pst-scrollable-table-container")]
      .filter(e => e.scrollWidth > e.clientWidth + 1 && e.tabIndex !== 0).map(begin),
  };
}"""


@pytest.fixture(scope="session")
def page_names():
    """The pages that the site should have, besides the front page that leads to the first of them."""
    return PAGES


@pytest.fixture(scope="session")
def site_folder():
    """The built site. Building it is `make book`'s work; a test says when that is to be done."""
    index = SITE / f"{_toc['root']}.html"
    if not index.exists():
        pytest.fail("there is no site in _build/html: run make book", pytrace=False)
    sources = [
        ROOT / "_toc.yml",
        ROOT / "_config.yml",
        *(ROOT / "chapters").glob("*.*"),
        *(ROOT / "chapters").glob("*/*.ipynb"),
        *(ROOT / "nnlib" / "exercises").rglob("*.py"),
    ]
    sources += [path for path in (ROOT / "website").rglob("*.*") if path.suffix != ".pyc"]
    newer = [str(path.relative_to(ROOT)) for path in sources if path.stat().st_mtime > index.stat().st_mtime]
    if newer:
        pytest.fail(f"the site in _build/html is older than {newer[0]}: run make book", pytrace=False)

    return SITE


@pytest.fixture(scope="session")
def site(site_folder):
    """The site's address on this machine."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=site_folder))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def visit(site, chromium):
    """Visit a page once in one size and theme: visit(page, width, theme) -> Visit."""
    axe = (vendor.package("axe-core") / "axe.min.js").read_text(encoding="utf-8")

    @functools.cache
    def visit(page, width, theme):
        seen = Visit(page)
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
        tab = context.new_page()

        def on_request(request):
            if request.url.startswith(site):
                seen.files.add(unquote(urlsplit(request.url).path).lstrip("/"))
            elif not request.url.startswith(("data:", "blob:")):
                seen.outside.append(request.url)

        def on_response(response):
            if response.status >= 400:
                seen.failed.append(f"{response.status} {response.url}")

        def on_console(message):
            if message.type in ("error", "warning"):
                seen.complaints.append(message.text)

        tab.on("request", on_request)
        tab.on("response", on_response)
        tab.on("console", on_console)
        tab.on("pageerror", lambda error: seen.complaints.append(str(error)))
        tab.goto(site + page, wait_until="load")
        tab.evaluate("document.fonts.ready")
        # What opens must not be measured half faded in.
        tab.add_style_tag(content="*, *::before, *::after {animation: none !important; transition: none !important}")
        seen.facts = tab.evaluate(FACTS)
        tab.evaluate(axe)
        found = tab.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        seen.axe = [
            f"{v['impact']} {v['id']}: {v['nodes'][0]['html'][:160]} {v['nodes'][0]['failureSummary'][:300]}"
            for v in found
            if v["impact"] in ("serious", "critical")
        ]
        context.close()
        return seen

    return visit


@pytest.fixture
def seen(visit, view):
    """One visit; a test that asks for it runs for every page in every size and theme."""
    return visit(*view)


def pytest_generate_tests(metafunc):
    if "view" in metafunc.fixturenames:
        metafunc.parametrize("view", VIEWS, ids=["-".join(map(str, view)) for view in VIEWS])
