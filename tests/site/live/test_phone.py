"""Live cells on a phone, in both themes: buttons, editor, sliders and long lines stay on the screen."""

import pytest

PARTS = ".live-tools, .live-tools *, .live-output, .editor, .live-explorer *"
WIDE = f"""[...document.querySelectorAll("{PARTS}")]
  .filter(e => e.getBoundingClientRect().right > 391).map(e => e.outerHTML)"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_phone_shows_it_all(open_page, theme):
    page = open_page(color_scheme=theme, viewport={"width": 390, "height": 800})
    for text in ("on_a_parabola(eta)", "still {3 - w"):
        cell = page.cell(text)
        page.press(cell, "Edit")
        page.run(cell)
    page.write(cell, "print('long ' * 60)\n" + "x" * 120)
    page.run(cell)
    assert page.tab.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.tab.evaluate(WIDE) == []
    assert page.axe(page.tab.locator(".bd-article")) == []
