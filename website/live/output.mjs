// What a cell gives, as elements of the page: printed text, values, pictures, sliders, errors.

const make = (name, attributes = {}, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
};

// Collects the output of one run; the old output stays until there is something in its place.
export function render(cell, move) {
  const box = make("div", { class: "cell_output live-output" });
  let printed = null;

  function put(...elements) {
    printed = null;
    box.append(...elements);
    swap();
  }

  function swap() {
    if (cell.output === box) return;
    if (cell.stored) cell.stored.hidden = true;
    cell.output?.remove();
    cell.tools.closest("details.hide") ? cell.fold.after(box) : cell.tools.after(box);
    cell.output = box;
  }

  return {
    swap,
    print(text) {
      if (!printed) {
        const pre = make("pre");
        put(make("div", { class: "output stream" }, pre));
        printed = pre;
      }
      printed.append(text);
    },
    tell(bundle) {
      if ("explorer" in bundle) put(explorer(bundle, move));
      else put(...shown(bundle));
    },
    fail({ kind, message, line, advice, trace }) {
      const said = make("p", {}, make("strong", {}, kind), line ? ` in line ${line}` : "", message ? `: ${message}` : "");
      const error = make("div", { class: "output live-error" }, said);
      if (advice) error.append(make("p", {}, ...inline(advice)));
      error.append(make("details", {}, make("summary", {}, "Traceback"), make("pre", {}, trace)));
      put(error);
    },
  };
}

// The elements of one value.
function shown(bundle) {
  if (bundle["image/png"]) {
    return [make("img", { src: "data:image/png;base64," + bundle["image/png"], alt: bundle.alt ?? "", style: `width: ${bundle.width}px` })];
  }
  if (bundle["text/markdown"]) {
    const verdict = /^\*\*(Correct|Not quite|Not yet)\.\*\*/.exec(bundle["text/markdown"])?.[1];
    const box = make("div", { class: "output text_markdown" }, ...markdown(bundle["text/markdown"]));
    if (verdict) box.classList.add("verdict", verdict.toLowerCase().replace(" ", "-"));
    return [box];
  }
  return [make("div", { class: "output text_plain" }, make("pre", {}, bundle["text/plain"] ?? ""))];
}

const REST = 150; // milliseconds without a move, after which a slider rests

// A picture that follows its sliders.
function explorer({ explorer: number, controls, ...still }, move) {
  const picture = make("div", { class: "live-picture", "aria-live": "polite" }, ...shown(still));
  const said = make("p", { role: "status" });
  const values = Object.fromEntries(controls.map(({ name, start }) => [name, start]));
  let asking = false;
  let moved = false;
  let goOn = () => {}; // ends the wait for rest

  // While a slider moves, sketches follow it, one at a time, the last position first. When it rests, the picture is exact.
  async function redraw() {
    moved = true;
    goOn();
    if (asking) return;
    asking = true;
    try {
      while (moved) {
        moved = false;
        sketch(await move(number, { ...values }, false));
        if (!moved) await new Promise((resolve) => { goOn = resolve; setTimeout(resolve, REST); });
        if (!moved) {
          const exact = shown(await move(number, { ...values }, true));
          if (!moved) picture.replaceChildren(...exact);
        }
      }
    } catch (error) {
      said.textContent = error.message;
    }
    asking = false;
  }

  function sketch({ pixels, width, height, ...other }) {
    if (!pixels) {
      picture.replaceChildren(...shown(other));
      return;
    }
    let canvas = picture.querySelector("canvas");
    if (!canvas) {
      canvas = make("canvas", { "aria-hidden": "true" }); // the exact picture will say what it shows
      picture.replaceChildren(canvas);
    }
    canvas.width = width;
    canvas.height = height;
    canvas.getContext("2d").putImageData(new ImageData(new Uint8ClampedArray(pixels.buffer, pixels.byteOffset, pixels.length), width, height), 0, 0);
  }

  const rows = controls.map(({ name, label, min, max, step, start }) => {
    const input = make("input", { type: "range", min, max, step, value: start });
    const readout = make("output", {}, number3(start));
    input.addEventListener("input", () => {
      values[name] = Number(input.value);
      readout.textContent = number3(values[name]);
      redraw();
    });
    return make("label", {}, make("span", {}, label || name), input, readout);
  });
  return make("div", { class: "live-explorer" }, make("div", { class: "live-sliders" }, ...rows), picture, said);
}

const number3 = (value) => String(Number(value.toPrecision(3))).replace("-", "−");

// ---------- Markdown: as much as verdicts, hints and printed code have ----------

function markdown(text) {
  const blocks = text.split(/^(```.*\n[\s\S]*?\n```)$/m);
  return blocks.flatMap((block, index) => {
    if (index % 2) return [make("pre", {}, block.replace(/^```.*\n/, "").replace(/\n```$/, ""))];
    return block.split(/\n\s*\n/).filter((part) => part.trim()).map((part) => make("p", {}, ...inline(part.trim())));
  });
}

function inline(text) {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((part) => {
    if (part.startsWith("`") && part.length > 1) return make("code", {}, part.slice(1, -1));
    if (part.startsWith("**") && part.length > 4) return make("strong", {}, ...inline(part.slice(2, -2)));
    return part;
  });
}
