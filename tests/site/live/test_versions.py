"""A new version of the book never meets what a browser kept of the old one."""

import functools
import io
import json
import re
import shutil
import threading
import zipfile
from http.server import ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from website.live import files

CHAPTER = "chapters/foundations/gradient-descent.html"
SAYS = "from live import edition; print(edition.NUMBER)"


def edition(number, site, folder):
    """A copy of the book's page whose library tells its number, put together as the build does."""
    page = (site / CHAPTER).read_text(encoding="utf-8")
    old = re.search(r"_static/live/(\w+)/", page)[1]
    found = {f.relative_to(site / "_static/live" / old).as_posix(): f.read_bytes()
             for f in (site / "_static/live" / old).rglob("*") if f.is_file()}  # fmt: skip
    library = io.BytesIO(found["library.zip"])
    with zipfile.ZipFile(library, "a") as archive:
        archive.writestr("live/edition.py", f"NUMBER = {number}")
    found["library.zip"] = library.getvalue()
    manifest = json.loads(found["manifest.json"])
    manifest["files"]["library.zip"] = files.integrity(found["library.zip"])
    found["manifest.json"] = json.dumps(manifest).encode()
    new = files.folder_name(found)
    shutil.rmtree(folder / "_static/live", ignore_errors=True)
    for name, content in found.items():
        file = folder / "_static/live" / new / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    (folder / CHAPTER).parent.mkdir(parents=True, exist_ok=True)
    (folder / CHAPTER).write_text(page.replace(old, new), encoding="utf-8")
    return new


@pytest.fixture
def book(server, site_folder, tmp_path):
    """A server that lets browsers keep all but the pages for a year: (address, publish(number))."""

    class Lasting(server):
        def send_header(self, name, value):
            if name == "Cache-Control" and not self.path.endswith(".html"):
                value = "max-age=31536000, immutable"
            super().send_header(name, value)

    for part in (site_folder / "_static").iterdir():
        if part.name != "live":
            (tmp_path / "_static").mkdir(exist_ok=True)
            (tmp_path / "_static" / part.name).symlink_to(part)
    serving = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Lasting, directory=str(tmp_path)))
    thread = threading.Thread(target=serving.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{serving.server_port}/", lambda number: edition(number, site_folder, tmp_path)
    serving.shutdown()
    thread.join()
    serving.server_close()


def test_a_new_version_takes_nothing_from_the_old_ones_cache(open_page, book):
    address, publish = book
    old = publish(1)
    page = open_page(address=address)
    cell = page.cell()
    page.write(cell, SAYS)
    assert page.run(cell).inner_text().strip() == "1"
    waiting = page.tab.context.new_page()
    waiting.goto(address + CHAPTER)
    new = publish(2)
    assert new != old
    page.tab.reload()
    assert page.run(cell).inner_text().strip() == "2"  # and the reader's version of the cell is kept
    # A page that was open meanwhile, and has nothing in its cache, must say that it is old.
    late = type(page)(waiting, address)
    late.tab.context.new_cdp_session(waiting).send("Network.clearBrowserCache")
    late.run(late.cell(SAYS))
    expect(late.said(late.cell(SAYS))).to_contain_text("If the book was renewed since you opened this page")
