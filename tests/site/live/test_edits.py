"""What the reader writes is kept: over reloads, in two tabs, after leaving the page, and when the cell has changed."""

from playwright.sync_api import expect

KEPT = "neural-networks-by-hand/gradient-descent/"
KEY = f"Object.keys(localStorage).find(key => key.startsWith('{KEPT}'))"
OWN = ".own pre"


def test_an_edit_is_kept_and_discarded(open_page):
    page = open_page()
    cell = page.cell()
    stored = cell.locator(".cell_output").inner_text()
    page.write(cell, "print('mine')")
    page.tab.reload()
    expect(cell.locator(OWN)).to_have_text("print('mine')")
    assert page.run(cell).inner_text().strip() == "mine"
    expect(cell.locator(".cell_output:not(.live-output)")).to_be_hidden()
    page.press(cell, "Reset")
    expect(cell.locator(OWN)).to_have_count(0)
    assert cell.locator(".cell_output").inner_text() == stored
    page.tab.reload()
    assert page.run(cell).inner_text().strip() == stored.strip()
    assert not page.complaints


def test_tab_writes_in_the_editor_and_escape_lets_it_go(page, cell):
    page.write(cell, "for i in range(3):")
    page.tab.keyboard.press("Enter")
    page.tab.keyboard.insert_text("print(i)")
    page.tab.keyboard.press("Escape")
    page.tab.keyboard.press("Tab")
    expect(cell.get_by_role("button", name="Run", exact=True)).to_be_focused()
    page.tab.keyboard.press("Enter")
    expect(cell.locator(".live-output")).to_have_text("0\n1\n2\n")  # the line was indented by itself
    page.wait(cell)


def test_a_page_left_in_the_middle_comes_back_with_what_was_written(page, cell):
    stored = cell.locator(".cell_output").inner_text()
    page.write(cell, "print('begun')\nwhile True:\n    pass")
    page.press(cell, "Run")
    expect(cell.locator(".live-output")).to_have_text("begun\n")
    page.tab.goto(page.tab.url.replace("gradient-descent", "neurons"))
    page.tab.go_back()
    expect(cell.locator(OWN)).to_contain_text("print('begun')")
    expect(cell).not_to_have_attribute("aria-busy", "true")
    assert cell.locator(".cell_output").inner_text() == stored
    page.write(cell, "print('and on')")
    assert page.run(cell).inner_text().strip() == "and on"


def second(page):
    """The same chapter in a second tab of the same browser."""
    tab = page.tab.context.new_page()
    tab.goto(page.tab.url)
    other = type(page)(tab, page.tab.url.partition("chapters")[0])
    return other, other.cell()


def test_two_tabs_show_the_same_text_also_in_open_editors(page, cell):
    other, twin = second(page)
    page.write(cell, "print('from the first tab')")
    expect(twin.locator(OWN)).to_have_text("print('from the first tab')")
    other.write(twin, "print('from the second tab')")
    expect(cell.locator(".cm-content")).to_have_text("print('from the second tab')")
    expect(page.said(cell)).to_have_text("Changed in another tab.")
    page.write(cell, "print('first again')")
    expect(twin.locator(".cm-content")).to_have_text("print('first again')")
    other.press(twin, "Reset")
    expect(cell.locator(".cm-content")).to_contain_text("still {3 - w")
    other.tab.close()


def test_what_another_tab_wrote_unheard_is_not_overwritten(page, cell):
    page.write(cell, "one = 1")
    page.tab.evaluate(f"localStorage.setItem({KEY}, 'two = 2')")  # in the same tab, so that no event tells of it
    page.tab.keyboard.insert_text(" + 1")
    expect(page.said(cell)).to_contain_text("Another tab wrote here at the same time")
    rest = page.tab.locator(".live-orphans")
    rest.locator("summary").click()
    expect(rest.locator("pre")).to_have_text("two = 2")
    page.tab.reload()
    expect(cell.locator(OWN)).to_have_text("one = 1 + 1")
    rest.locator("summary").click()
    expect(rest.locator("pre")).to_have_text("two = 2")
    rest.get_by_role("button", name="Discard").click()
    page.tab.reload()
    expect(rest).to_have_count(0)


def test_a_tab_that_slept_shows_what_was_written_meanwhile(page, cell):
    page.write(cell, "one = 1")
    page.tab.evaluate(f"localStorage.setItem({KEY}, 'two = 2')")
    page.tab.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(cell.locator(".cm-content")).to_have_text("two = 2")


def test_a_version_of_a_cell_that_has_changed_is_not_lost(page, cell):
    page.tab.evaluate(f"localStorage.setItem('{KEPT}0123456789ab', 'old = 1')")
    page.tab.reload()
    rest = page.tab.locator(".live-orphans")
    rest.locator("summary").click()
    expect(rest.locator("pre")).to_have_text("old = 1")
    rest.get_by_role("button", name="Discard").click()
    page.tab.reload()
    expect(rest).to_have_count(0)


def test_storage_that_is_refused_is_told(open_page):
    page = open_page(first="""Object.defineProperty(window, "localStorage", {
      get() { throw new DOMException("refused", "SecurityError") }
    })""")
    cell = page.cell()
    page.write(cell, "print('mine')")
    expect(page.said(cell)).to_contain_text("lasts until you leave this page")
    assert page.run(cell).inner_text().strip() == "mine"
