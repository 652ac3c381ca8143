"""Every link, picture and anchor inside the site leads somewhere. Needs no browser."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup

ATTRIBUTES = {"a": "href", "link": "href", "img": "src", "script": "src", "source": "src"}


@pytest.fixture(scope="module")
def pages(site_folder):
    """All pages of the site, parsed; _static holds parts of templates that are no pages."""
    paths = [path for path in site_folder.rglob("*.html") if "_static" not in path.relative_to(site_folder).parts]
    return {path.resolve(): BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser") for path in paths}


def test_pages_are_those_of_the_table_of_contents(pages, site_folder, page_names):
    found = {path.relative_to(site_folder.resolve()).as_posix() for path in pages}
    assert found == {*page_names, "index.html", "404.html"}


def test_front_page_leads_to_the_book(pages, site_folder):
    page = pages[(site_folder / "index.html").resolve()]
    assert "url=chapters/index.html" in str(page.find("meta", attrs={"http-equiv": "Refresh"}))


def test_the_page_for_wrong_addresses_leads_home_from_any_depth(pages, site_folder):
    page = pages[(site_folder / "404.html").resolve()]
    assert page.a["href"].startswith("https://")
    assert not page.find_all(["script", "link", "img"]), "its own address may lie at any depth: relative ones break"


def test_no_link_is_broken(pages):
    broken = []
    count = 0
    for path, page in pages.items():
        for tag in page.find_all(list(ATTRIBUTES)):
            address = tag.get(ATTRIBUTES[tag.name])
            parts = urlsplit(address or "")
            if not address or parts.scheme or parts.netloc:
                continue
            count += 1
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.is_file():
                broken.append(f"{path.name}: {address} is no file")
            elif parts.fragment and target in pages and not has_anchor(pages[target], unquote(parts.fragment)):
                broken.append(f"{path.name}: {address} has no such anchor")
    assert count > 100
    assert not broken


def has_anchor(page, name):
    return page.find(id=name) is not None or page.find("a", attrs={"name": name}) is not None


def test_no_id_is_used_twice(pages):
    for path, page in pages.items():
        ids = [tag["id"] for tag in page.find_all(id=True)]
        assert len(ids) == len(set(ids)), f"{Path(path).name}: {sorted({i for i in ids if ids.count(i) > 1})}"


def test_links_to_the_web_are_safe_to_follow(pages):
    addresses = {tag["href"] for page in pages.values() for tag in page.find_all("a", href=True)}
    assert not [a for a in addresses if a.startswith(("javascript:", "file:")) or "localhost" in a]
