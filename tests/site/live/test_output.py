"""What a run shows: text while it is printed, errors with their line, sharp figures, sliders that follow."""

import time

import pytest
from playwright.sync_api import expect

SLIDER = "on_a_parabola(eta)"
MOVES = 20


def test_text_is_there_before_the_cell_ends(page, cell):
    page.write(cell, "import time\nprint('first')\nprint('second')\ntime.sleep(4)\nprint('third')")
    page.press(cell, "Run")
    expect(cell.locator(".live-output")).to_have_text("first\nsecond\n")
    expect(cell).to_have_attribute("aria-busy", "true")
    page.wait(cell)
    expect(cell.locator(".live-output")).to_have_text("first\nsecond\nthird\n")


def test_an_error_says_what_and_where(page, cell):
    page.write(cell, "def third(x):\n    return x[2]\n\nthird([1, 2])\n")
    page.run(cell)
    expect(cell.locator(".live-error > p").first).to_have_text("IndexError in line 2: list index out of range")
    expect(cell.locator(".cm-line.live-wrong-line")).to_have_text("    return x[2]")
    expect(cell.locator(".live-error pre")).to_be_hidden()
    cell.locator(".live-error summary").click()
    trace = cell.locator(".live-error pre").inner_text()
    assert "line 4, in <module>\n    third([1, 2])" in trace and "line 2, in third\n    return x[2]" in trace
    assert "session.py" not in trace


def test_an_error_in_a_cell_above_is_shown_there(page, cell):
    asked = page.cell('print("   η   1 step')
    page.write(cell, "raise ValueError('not today')\nslope = 1")
    page.tab.reload()  # nothing has run
    page.run(asked)
    expect(cell.locator(".live-error > p").first).to_have_text("ValueError in line 1: not today")
    expect(page.said(asked)).to_contain_text("stopped with an error")
    expect(asked.get_by_role("link", name="Show it")).to_have_attribute("href", "#" + cell.get_attribute("id"))


def test_an_error_is_marked_without_an_editor_too(page, cell):
    page.write(cell, "one = 1\nraise KeyError('two')")
    page.tab.reload()
    page.run(cell)
    band = cell.locator(".cell_input > .live-wrong-line").bounding_box()
    pre = cell.locator(".own pre").bounding_box()
    assert band["height"] < pre["height"] / 2 < band["y"] - pre["y"] + band["height"] / 2, "the band lies on line 2"


def test_all_above_runs_in_order(page, cell):
    middle, last = page.cell('print("   η   1 step'), page.cell(SLIDER)
    page.write(cell, "trace = ['first']")
    page.write(middle, "trace.append('second')")
    page.write(last, "print(trace)")
    page.press(last, "Run all above")
    page.wait(last)
    assert page.run(last).inner_text().strip() == "['first', 'second']"
    for each in (middle, last):
        page.press(each, "Reset")


def test_text_without_end_leaves_the_page_awake(page, cell):
    page.write(cell, "while True:\n    print('again and again')")
    page.press(cell, "Run")
    expect(cell.locator(".live-output")).to_be_visible()
    page.tab.wait_for_function("e => e.innerText.endsWith('prints more than is shown here.')",
                               arg=cell.locator(".live-output").element_handle())  # fmt: skip
    started = time.perf_counter()
    page.press(cell, "Stop")
    expect(cell).not_to_have_attribute("aria-busy", "true")
    assert time.perf_counter() - started < 3
    assert len(cell.locator(".live-output").inner_text()) < 201_000


def test_after_stop_the_cells_run_again(page, cell):
    page.write(cell, "while True:\n    pass")
    page.press(cell, "Run")
    other = page.cell('print("   η   1 step')
    expect(page.said(cell)).to_have_text("Running …")
    page.press(other, "Run")  # waits behind the first one
    expect(page.said(other)).to_have_text("Waiting for Python …")
    started = time.perf_counter()
    page.press(cell, "Stop")
    for each in (cell, other):
        expect(each).not_to_have_attribute("aria-busy", "true")
    print(f"stopped after {time.perf_counter() - started:.2f} s")
    assert time.perf_counter() - started < 3
    page.press(cell, "Reset")
    page.run(other)
    expect(other.locator(".live-error")).to_have_count(0)


def test_each_move_of_a_slider_is_followed_at_once_and_its_rest_exactly(page):
    cell = page.cell(SLIDER)
    page.run(cell)
    expect(cell.locator(".live-picture img")).to_have_attribute("alt", "Twenty steps on a parabola, learning rate 0.9.")
    slider = cell.get_by_label("learning rate")
    sketches = slider.evaluate("""async (slider, moves) => {
      const later = window.setTimeout;
      window.setTimeout = (then, ms, ...rest) => ms >= 100 ? 0 : later(then, ms, ...rest); // it never rests
      const draw = CanvasRenderingContext2D.prototype.putImageData;
      const sketches = new Set();
      let drawn;
      CanvasRenderingContext2D.prototype.putImageData = function (image, ...place) {
        sketches.add(image.data.join());
        draw.call(this, image, ...place);
        drawn();
      };
      for (let i = 0; i < moves; i++) {
        const done = new Promise((resolve, reject) => {
          drawn = resolve;
          later(() => reject(new Error(`move ${i} is not followed`)), 20_000);
        });
        slider.stepDown();
        slider.dispatchEvent(new Event("input"));
        await done;
        await new Promise((resolve) => later(resolve, 20));
      }
      CanvasRenderingContext2D.prototype.putImageData = draw;
      window.setTimeout = later;
      return sketches.size;
    }""", MOVES)  # fmt: skip
    assert sketches == MOVES
    expect(cell.locator(".live-picture canvas")).to_have_count(1)
    slider.evaluate("(slider) => { slider.stepDown(); slider.dispatchEvent(new Event('input')); }")
    alt = "Twenty steps on a parabola, learning rate 0.48."
    expect(cell.locator(".live-picture img")).to_have_attribute("alt", alt)  # at rest
    page.press(cell, "Reset")


@pytest.mark.parametrize(("width", "ratio"), [(1280, 2), (390, 3)])
def test_figures_are_sharp(open_page, width, ratio):
    page = open_page(viewport={"width": width, "height": 800}, device_scale_factor=ratio)
    cell = page.cell(SLIDER)
    page.run(cell)
    picture = cell.locator(".live-picture img")
    assert picture.evaluate("image => image.naturalWidth / image.width") >= ratio
