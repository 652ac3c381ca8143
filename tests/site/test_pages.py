"""Every page in real Chromium, from 390 to 1600 pixels wide, in the light and the dark theme."""

LIMIT = 1_000_000  # bytes of everything that a page loads, compressed


def test_asks_no_other_host_and_misses_nothing(seen):
    assert not seen.outside, f"{seen.page} asks other hosts"
    assert not seen.failed


def test_console_is_quiet(seen):
    assert not seen.complaints


def test_has_the_theme_that_the_reader_prefers(seen, view):
    assert seen.facts["theme"] == view[2]


def test_nothing_is_wider_than_the_screen(seen):
    assert not seen.facts["wide"]
    assert seen.facts["pageWidth"] <= seen.facts["width"]


def test_what_scrolls_sideways_can_be_reached_with_the_keyboard(seen):
    assert not seen.facts["unreachable"]


def test_every_picture_loads_and_says_what_it_shows(seen):
    assert not seen.facts["noAlt"]
    assert not seen.facts["broken"]


def test_formulae_are_rendered(seen):
    assert not seen.facts["badFormulae"]
    assert not seen.facts["rawMath"]
    if seen.page == "chapters/notation.html" or seen.page.count("/") == 2:
        assert seen.facts["formulae"] > 10
        assert any(file.endswith("KaTeX_Math-Italic.woff2") for file in seen.files), "formulae without their font"


def test_has_the_books_faces_and_no_font_of_icons(seen):
    faces = {face.strip('"') for face in seen.facts["faces"]}
    assert {"Source Serif 4", "Source Sans 3"} <= faces, f"not loaded: {faces}"
    assert not [file for file in seen.files if "fontawesome" in file.lower()]


def test_axe_finds_nothing_serious(seen):
    assert not seen.axe


def test_page_is_light(seen, record_property):
    weights = seen.weights()
    total = sum(weights.values())
    record_property("bytes", total)
    print(f"{seen.page}: {total / 1e3:.0f} kB")
    heaviest = sorted(weights.items(), key=lambda item: -item[1])[:5]
    assert total <= LIMIT, f"{seen.page} loads {total} bytes; the heaviest are {heaviest}"
