// Lets readers draw a digit into the landing page's picture (picture.py) and watch the network read it.
// Without this script the picture shows one digit of the test set.

{
  const figure = document.querySelector(".book-picture");
  const { W1, b1, W2, b2, examples, truth, shown, bar } = JSON.parse(document.getElementById("network").textContent);
  const pictures = [...figure.querySelectorAll("svg")];
  const says = figure.querySelector('[role="status"]');
  const SIDE = 208; // of the digit in the picture
  let example = shown;
  let strokes = []; // what was drawn: lists of points [x, y] in the digit's square, from 0 to 1

  // --- The network, as the chapters compute it ---

  const dot = (row, x) => row.reduce((sum, w, j) => sum + w * x[j], 0);

  function read(x) {
    const h = W1.map((row, n) => 1 / (1 + Math.exp(-dot(row, x) - b1[n])));
    const z = W2.map((row, c) => dot(row, h) + b2[c]);
    const e = z.map((value) => Math.exp(value - Math.max(...z)));
    const sum = e.reduce((a, b) => a + b);
    return { h, p: e.map((value) => value / sum) };
  }

  // --- The picture ---

  function show(x) {
    const { h, p } = read(x);
    const best = p.indexOf(Math.max(...p));
    for (const picture of pictures) {
      const wide = picture.classList.contains("wide");
      picture.querySelectorAll(".pixels rect").forEach((pixel, n) => pixel.setAttribute("fill-opacity", x[n]));
      picture.querySelectorAll(".seen path").forEach((line, n) => line.setAttribute("stroke-width", 5 * h[n]));
      picture.querySelectorAll(".said path").forEach((line, n) => {
        const [c, unit] = [Math.floor(n / h.length), n % h.length];
        line.setAttribute("stroke-width", 1.7 * Math.abs(W2[c][unit] * h[unit]));
        line.classList.toggle("best", c === best);
      });
      picture.querySelectorAll(".answers g").forEach((answer, c) => {
        answer.classList.toggle("best", c === best);
        answer.querySelector("rect").setAttribute(wide ? "width" : "height", bar * p[c]);
      });
    }
    return { best, sure: Math.round(100 * p[best]) };
  }

  function showExample() {
    const { best, sure } = show(examples[example].map((dots) => dots / 16));
    const right = best === truth[example] ? "Right." : `Wrong: whoever wrote it meant a ${truth[example]}.`;
    says.textContent = `From the test set. The network reads a ${best}, ${sure} % sure. ${right} Now draw one yourself.`;
  }

  // --- Drawing ---

  // As the data set was made: the digit is enlarged to the height of 32 by 32 dots, and each pixel counts the inked ones
  // of its 4 by 4 dots.
  function pixels() {
    const points = strokes.flat();
    const range = (axis) => [Math.min(...points.map((p) => p[axis])), Math.max(...points.map((p) => p[axis]))];
    const [[x0, x1], [y0, y1]] = [range(0), range(1)];
    const pen = 2.3;
    const scale = Math.min((32 - 2 * pen) / Math.max(y1 - y0, 0.1), (32 - 2 * pen) / Math.max(x1 - x0, 0.1));
    const dots = new Uint8Array(1024);
    const ink = (x, y) => {
      const [a, b] = [16 + (x - (x0 + x1) / 2) * scale, 16 + (y - (y0 + y1) / 2) * scale];
      for (let i = Math.max(0, Math.floor(b - pen)); i <= Math.min(31, b + pen); i++)
        for (let j = Math.max(0, Math.floor(a - pen)); j <= Math.min(31, a + pen); j++)
          if ((i + 0.5 - b) ** 2 + (j + 0.5 - a) ** 2 <= pen ** 2) dots[32 * i + j] = 1;
    };
    for (const stroke of strokes)
      stroke.forEach(([x, y], n) => {
        const [u, v] = stroke[Math.max(0, n - 1)];
        for (let t = 0; t <= 1; t += 0.05) ink(u + t * (x - u), v + t * (y - v));
      });
    return W1[0].map((_, n) => {
      let count = 0;
      for (let i = 0; i < 4; i++) for (let j = 0; j < 4; j++) count += dots[32 * (4 * (n >> 3) + i) + 4 * (n % 8) + j];
      return count / 16;
    });
  }

  function makePad(picture) {
    const frame = picture.querySelector(".frame");
    const make = (name, after) => {
      const element = document.createElementNS("http://www.w3.org/2000/svg", name);
      after.after(element);
      return element;
    };
    const pen = make("path", picture.querySelector(".pixels"));
    const pad = make("rect", picture.lastElementChild);
    pen.setAttribute("class", "pen");
    pad.setAttribute("class", "pad");
    for (const name of ["x", "y", "width", "height"]) pad.setAttribute(name, frame.getAttribute(name));
    const [left, top] = [+frame.getAttribute("x") + 2, +frame.getAttribute("y") + 2];
    let drawing = false;

    const place = (event) => {
      const box = pad.getBoundingClientRect();
      return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    };
    const update = () => {
      const line = (stroke) => "M" + stroke.map(([x, y]) => `${left + SIDE * x} ${top + SIDE * y}`).join("L");
      pen.setAttribute("d", strokes.map((stroke) => line([...stroke, stroke.at(-1)])).join(""));
      const { best, sure } = show(pixels());
      says.textContent = `The network reads a ${best}, ${sure} % sure.`;
    };
    pad.addEventListener("pointerdown", (event) => {
      pad.setPointerCapture(event.pointerId);
      drawing = true;
      figure.classList.add("drawing"); // while the pen is down the line shows, then the pixels that the network sees
      strokes.push([place(event)]);
      update();
    });
    pad.addEventListener("pointermove", (event) => {
      if (!drawing) return;
      strokes.at(-1).push(place(event));
      update();
    });
    const stop = () => {
      drawing = false;
      figure.classList.remove("drawing");
      pen.setAttribute("d", "");
    };
    pad.addEventListener("pointerup", stop);
    pad.addEventListener("pointercancel", stop);
  }

  figure.querySelector(".another").addEventListener("click", () => {
    strokes = [];
    example = (example + 1) % examples.length;
    showExample();
  });
  figure.querySelector(".clear").addEventListener("click", () => {
    strokes = [];
    show(new Array(64).fill(0));
    says.textContent = "Draw a digit into the square. With nothing to read, the network still says something.";
  });
  pictures.forEach(makePad);
  figure.querySelector(".draw").hidden = false;
  showExample();
}
