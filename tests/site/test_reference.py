"""The glossary and the references lead back to the chapters; search finds chapters by their other names."""

import re

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import expect

from website import chapters, glossary, picture, references

FOLDER = picture.FILE.parent.parent.parent / "chapters"
BOOK = chapters.read(FOLDER / "chapters.yml")
TERMS = glossary.read(FOLDER / "glossary.md")
WRITTEN = [chapter for chapter in BOOK.chapters if chapter.written]


def linked(chapter, page):
    """The anchors of a page that a chapter's text links to: found in the source, not by the site's own code."""
    text = (FOLDER.parent / f"{chapter.docname}.md").read_text(encoding="utf-8")
    return set(re.findall(rf"\.\./{page}\.md#([\w-]+)", text))


@pytest.fixture(scope="module")
def parsed(site_folder):
    """A page of the site as a tree."""
    return lambda name: BeautifulSoup((site_folder / name).read_text(encoding="utf-8"), "html.parser")


def test_each_term_names_the_chapter_that_defines_it_and_those_that_use_it(parsed):
    page = parsed("chapters/glossary.html")
    for slug in TERMS:
        where = page.find(id=slug).select_one("p.where")
        teacher = BOOK.teacher[slug]
        assert f"Defined in {teacher.title}" in where.get_text()
        users = {c.title for c in WRITTEN if slug in linked(c, "glossary") and c is not teacher}
        found = {link.get_text() for link in where.find_all("a")} & {c.title for c in WRITTEN}
        assert found == users | ({teacher.title} if teacher.written else set()), slug


def test_a_written_chapters_terms_lead_to_the_words_that_define_them(parsed):
    page, count = parsed("chapters/glossary.html"), 0
    for chapter in WRITTEN:
        text = parsed(f"{chapter.docname}.html")
        for slug in map(chapters.slugify, chapter.teaches):
            link = page.find(id=slug).select_one("p.where a")["href"]
            assert link.endswith(f"/{chapter.slug}.html#define-{slug}")
            words = text.find(id=f"define-{slug}")
            assert words.name == "strong"
            names = [TERMS[slug].title, *TERMS[slug].aliases]
            assert " ".join(words.get_text().split()).lower() in [name.lower() for name in names]
            count += 1
    assert count >= 10


def test_each_other_name_points_to_its_term(parsed):
    page = parsed("chapters/glossary.html")
    pointers = {}
    for letter in page.select("section.letter"):
        for see in letter.select("p.see"):
            names = [part.strip() for part in re.split(r"<br/?>", see.decode_contents())]
            for part in names:
                name, link = part.split(" → ")
                assert name[0].upper() == letter.h2.contents[0].strip()
                pointers[name] = re.search(r'href="#([\w-]+)"', link).group(1)
    assert pointers == {alias: slug for slug, term in TERMS.items() for alias in term.aliases}


def test_each_work_leads_to_itself_and_names_the_chapters_that_cite_it(parsed):
    page, cited = parsed("chapters/references.html"), 0
    for key in references.keys(FOLDER / "references.bib"):
        item = page.find(id=key).find_parent("li")
        users = [c.title for c in WRITTEN if key in linked(c, "references")]
        where = item.select_one("p.where")
        assert (where.get_text() if where else "") == ("Cited in " + ", ".join(users) if users else "")
        cited += len(users)
    assert cited >= 5
    without = [item.get_text()[:50] for item in page.select("ol li") if not item.select("a.reference.external")]
    assert not without, f"works without a link to the paper: {without}"


def test_a_term_is_found_while_typing_by_any_of_its_names(chromium, site):
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    tab.goto(site + "chapters/glossary.html")
    field = tab.get_by_label("Find a term")
    for typed, found, hidden in (("backprop", "backpropagation", "accuracy"), ("autodiff", "automatic", "axis")):
        field.fill(typed)
        expect(tab.locator("section.letter h3:visible").first).to_contain_text(found)
        expect(tab.locator(f"#{hidden}")).to_be_hidden()
        expect(tab.locator(".find [role=status]")).to_contain_text("term")
    field.fill("")
    expect(tab.locator("#accuracy")).to_be_visible()
    assert tab.locator("section.letter h3:visible").count() == len(TERMS)
    context.close()


@pytest.mark.parametrize("chapter", [c for c in WRITTEN if c.aliases], ids=lambda c: c.slug)
def test_search_finds_a_chapter_by_each_of_its_other_names(chromium, site, chapter):
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    for alias in chapter.aliases:
        tab.goto(site + "search.html?q=" + alias.replace(" ", "+"))
        expect(tab.locator(f"#search-results li a[href*='{chapter.slug}.html']").first).to_be_visible()
    context.close()


def test_search_shows_text_and_neither_contents_nor_formulae_twice(chromium, site):
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    tab.goto(site + "search.html?q=derivative")
    expect(tab.locator("#search-results li p.context").nth(3)).to_be_visible()
    tab.wait_for_timeout(500)
    shown = tab.locator("#search-results li p.context").all_inner_texts()
    assert not [text for text in shown if "On this page" in text or "\\frac" in text or "Report an error" in text]
    box, icon = (tab.locator(".bd-search-container .bd-search " + part).bounding_box() for part in ("input", "i"))
    padding = tab.locator(".bd-search-container .bd-search input").evaluate("e => getComputedStyle(e).paddingLeft")
    assert box["x"] + float(padding.removesuffix("px")) > icon["x"] + icon["width"], "the icon lies on the words"
    context.close()
