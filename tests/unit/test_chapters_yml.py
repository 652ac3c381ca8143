"""chapters.yml against all that must agree with it: its own rules, _toc.yml, the glossary, the written chapters."""

import re
from pathlib import Path

import pytest
import yaml

from website import chapters, glossary, references

ROOT = Path(__file__).parent.parent.parent
BOOK = chapters.read(ROOT / "chapters" / "chapters.yml")
TERMS = glossary.read(ROOT / "chapters" / "glossary.md")
SOURCES = set(references.keys(ROOT / "chapters" / "references.bib"))
WRITTEN = [pytest.param(chapter, id=chapter.slug) for chapter in BOOK.chapters if chapter.written]


def text_of(chapter):
    """A chapter's prose: without its code and its formulae, in which stars are not bold."""
    text = (ROOT / f"{chapter.docname}.md").read_text(encoding="utf-8")
    return re.sub(r"^```.*?^```$|\$\$.*?\$\$|\$[^$\n]*\$|`[^`\n]*`", "", text, flags=re.MULTILINE | re.DOTALL)


def test_toc_lists_exactly_the_written_chapters_in_their_order():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    files = [entry["file"] for part in toc["parts"] for entry in part["chapters"]]
    listed = [file for file in files if file.count("/") == 2]  # chapters/<part>/<slug>; pages lie one level higher
    assert listed == [chapter.docname for chapter in BOOK.chapters if chapter.written]


def test_each_written_term_is_in_the_glossary_in_alphabetical_order():
    assert [TERMS[slug].title.lower() for slug in TERMS] == sorted(TERMS[slug].title.lower() for slug in TERMS)
    unknown = [t for t in TERMS if t not in BOOK.teacher]
    assert not unknown, f"no chapter teaches the glossary's {unknown}: add each to a chapter's teaches"


@pytest.mark.parametrize("chapter", WRITTEN)
def test_what_a_written_chapter_teaches_is_in_the_glossary(chapter):
    missing = [term for term in chapter.teaches if chapters.slugify(term) not in TERMS]
    assert not missing, f"{chapter.slug} teaches {missing}, which glossary.md does not define"


@pytest.mark.parametrize("chapter", WRITTEN)
def test_a_written_chapter_uses_only_terms_that_were_taught(chapter):
    used = set(re.findall(r"glossary\.md#([\w-]+)", text_of(chapter)))
    assert used, f"{chapter.slug} links to no glossary term at all"
    early = sorted(used - BOOK.known_terms(chapter.slug))
    taught = {slug: BOOK.teacher[slug].slug if slug in BOOK.teacher else "no chapter" for slug in early}
    assert not early, f"{chapter.slug} uses terms before they are taught: {taught}"


@pytest.mark.parametrize("chapter", WRITTEN)
def test_a_written_chapter_defines_in_bold_what_it_teaches_and_only_once(chapter):
    text = re.sub(r"^>.*$|^\s*(?:[-*]|\d+\.) \*\*.*$|^\|.*$", "", text_of(chapter), flags=re.MULTILINE)  # boxes, labels
    bold = [re.sub(r"\s+", " ", words) for words in re.findall(r"\*\*([^*]+?)\*\*", text)]
    names = {name.lower(): term.slug for term in TERMS.values() for name in [term.title, *term.aliases]}
    defined = [names[b.lower()] for b in bold if b.lower() in names]
    assert len(defined) == len(set(defined)), f"{chapter.slug} sets a term in bold twice: {sorted(defined)}"
    foreign = sorted(set(defined) - {chapters.slugify(term) for term in chapter.teaches})
    assert not foreign, f"{chapter.slug} defines {foreign} in bold, which other chapters teach"
    missing = sorted({chapters.slugify(term) for term in chapter.teaches} - set(defined))
    assert not missing, f"{chapter.slug} teaches {missing} and sets none of their names in bold"


@pytest.mark.parametrize("chapter", WRITTEN)
def test_what_a_chapter_calls_coming_is_planned_and_not_yet_written(chapter):
    """*Layers* and *Losses* (coming), over a line break too; written chapters are links."""
    lists = re.findall(r"((?:\*[^*\n]+\*(?:,| and|,? or)?\s+)+)\(coming\)", text_of(chapter))
    named = [title for titles in lists for title in re.findall(r"\*([^*]+)\*", titles)]
    written = {c.title.lower(): c.written for c in BOOK.chapters}
    unknown = [title for title in named if title.lower() not in written]
    assert not unknown, f"{chapter.slug} says that {unknown} is coming, and chapters.yml has no chapter of that title"
    here = [title for title in named if written[title.lower()]]
    assert not here, f"{chapter.slug} says that {here} is coming: it is written, so link to it"


@pytest.mark.parametrize("chapter", WRITTEN)
def test_a_written_chapters_sources_exist_and_are_cited(chapter):
    cited = set(re.findall(r"references\.md#([\w-]+)", text_of(chapter)))
    assert cited <= SOURCES, f"{chapter.slug} cites {sorted(cited - SOURCES)}, which references.bib does not have"
    assert set(chapter.sources) <= cited, (
        f"{chapter.slug} lists {sorted(set(chapter.sources) - cited)} but never cites it"
    )


def test_references_page_is_what_the_bib_file_gives():
    page = (ROOT / "chapters" / "references.md").read_text(encoding="utf-8")
    assert page == references.page(ROOT / "chapters" / "references.bib"), "run: python -m website.references"


GOOD = {
    "parts": [{"id": "p", "title": "P", "summary": "S."}],
    "chapters": [
        dict(slug="a", part="p", title="A", status="planned", category="concept", difficulty="beginner",
             minutes=10, summary="A.", needs=[], teaches=["x"]),
        dict(slug="b", part="p", title="B", status="planned", category="concept", difficulty="beginner",
             minutes=10, summary="B.", needs=["a"], teaches=[]),
    ],
    "ways": [dict(by="time", title="W", hours=0.5, to=["b"])],
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"needs": ["nowhere"]}, "needs 'nowhere'"),
        ({"needs": ["b"]}, "a needs itself"),
        ({"slug": "b"}, "b is listed twice"),
        ({"status": "done"}, "status is 'done', not one of written, planned"),
        ({"part": "q"}, "part is 'q'"),
        ({"minutes": "ten"}, "minutes is 'ten'"),
        ({"summary": "No stop"}, "ends in a full stop"),
        ({"status": "written"}, "has a date"),
        ({"books": [{"name": "B"}]}, "each needs a text and a url"),
        ({"colour": "red"}, "unexpected keyword argument 'colour'"),
    ],
)
def test_mistakes_in_chapters_yml_are_named(change, message, tmp_path):
    path = tmp_path / "chapters.yml"
    path.write_text(yaml.safe_dump(GOOD), encoding="utf-8")
    assert len(chapters.read(path).chapters) == 2
    first, second = GOOD["chapters"]
    path.write_text(yaml.safe_dump({**GOOD, "chapters": [{**first, **change}, second]}), encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape(message)):
        chapters.read(path)


def test_a_term_is_taught_once(tmp_path):
    first, second = GOOD["chapters"]
    path = tmp_path / "chapters.yml"
    path.write_text(yaml.safe_dump({**GOOD, "chapters": [first, {**second, "teaches": ["X"]}]}), encoding="utf-8")
    with pytest.raises(ValueError, match="teaches 'X', which a teaches already"):
        chapters.read(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"by": "car"}, "by is 'car', not one of goal, time"),
        ({"hours": None}, "a way by time has hours"),
        ({"by": "goal"}, "a way by time has hours, and no other has"),
        ({"to": ["nowhere"]}, "leads to 'nowhere', which is no chapter's slug"),
        ({"hours": 0.3}, "takes 20 minutes, more than its 0.3 hours"),
        ({"from": "a"}, "unexpected keyword argument 'from'"),
    ],
)
def test_mistakes_in_ways_are_named(change, message, tmp_path):
    path = tmp_path / "chapters.yml"
    path.write_text(yaml.safe_dump({**GOOD, "ways": [{**GOOD["ways"][0], **change}]}), encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape(message)):
        chapters.read(path)


def test_chapters_stand_after_what_they_need(tmp_path):
    first, second = GOOD["chapters"]
    path = tmp_path / "chapters.yml"
    path.write_text(yaml.safe_dump({**GOOD, "chapters": [second, first]}), encoding="utf-8")
    with pytest.raises(ValueError, match="b stands before a, which it needs"):
        chapters.read(path)


@pytest.mark.parametrize("way", BOOK.ways, ids=lambda way: way.title)
def test_a_way_has_all_that_is_needed_in_order_and_nothing_else(way):
    along = [chapter.slug for chapter in BOOK.along(way)]
    assert len(along) == len(set(along)) and set(way.to) <= set(along)
    for place, slug in enumerate(along):
        assert set(BOOK.by_slug[slug].needs) <= set(along[:place]), f"{slug} comes before something that it needs"
    needed = {need for slug in along for need in BOOK.by_slug[slug].needs}
    assert set(along) == set(way.to) | needed, "a chapter that neither the reader nor another chapter asked for"


def test_there_are_ways_by_goal_and_by_time():
    assert [way.by for way in BOOK.ways].count("goal") >= 5
    hours = [way.hours for way in BOOK.ways if way.by == "time"]
    assert len(hours) >= 4 and hours == sorted(hours)
