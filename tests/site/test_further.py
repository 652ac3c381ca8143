"""A chapter's end leads on: to what chapters.yml names as related, as books and as links."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from website import chapters

BOOK = chapters.read(Path(__file__).parent.parent.parent / "chapters" / "chapters.yml")
WRITTEN = [pytest.param(chapter, id=chapter.slug) for chapter in BOOK.chapters if chapter.written]


@pytest.mark.parametrize("chapter", WRITTEN)
def test_a_chapter_leads_on(chapter, site_folder):
    page = BeautifulSoup((site_folder / f"{chapter.docname}.html").read_text(encoding="utf-8"), "html.parser")
    section = page.find(id="further-reading")
    entries = [*chapter.related, *chapter.books, *chapter.links]
    assert (section is not None) == bool(entries)
    if entries:
        assert len(section.select("li")) == len(entries)
        for slug in chapter.related:
            assert BOOK.by_slug[slug].title in section.get_text()
        links = {link.get("href") for link in section.select("a")}
        assert {entry["url"] for entry in [*chapter.books, *chapter.links]} <= links
        assert page.select('.bd-sidebar-secondary a[href="#further-reading"]'), "not listed beside the page"
