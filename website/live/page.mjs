// Between the page's cells and Python: starts the worker at the first Run, and shows what comes back.

import { render } from "./output.mjs";

// The page's hands: run(cell), above(cell), stop(cell), edit(cell).
export function open(cells, folder) {
  let worker = null;
  let running = null; // the cell whose output arrives
  let numbers = 0;
  const waiting = new Map(); // number -> {cell, resolve} of a run, {resolve, reject} of a slider's move

  // ---------- the worker ----------

  function start() {
    if (typeof WebAssembly === "undefined") throw new Failure("This browser has no WebAssembly, in which Python runs here. Another browser has, or open the notebook in Colab.");
    // A worker that begins as a blob has the page's own policy: code in a cell reaches no other host.
    const code = `
      const early = [];
      onmessage = (event) => early.push(event);
      import(${JSON.stringify(folder + "worker.mjs")}).then(
        () => early.forEach((event) => onmessage(event)),
        (error) => postMessage({ broken: { what: "missing", why: error.message } }));`;
    const blob = new Blob([code], { type: "text/javascript" });
    const address = URL.createObjectURL(blob);
    worker = new Worker(address, { type: "module" });
    worker.onmessage = ({ data }) => receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      end(words({ what: "crash", why: event.message }), true);
    };
    worker.postMessage({ start: folder });
  }

  // The worker is gone, and with it all names.
  function end(said, wrong) {
    worker?.terminate();
    worker = null;
    if (running) running.busy = false; // it may be one above the cell that was asked for
    running = null;
    for (const { cell, reject } of waiting.values()) {
      reject?.();
      if (cell) {
        finish(cell);
        cell.say(said, wrong);
      }
    }
    waiting.clear();
    for (const cell of cells) cell?.element.classList.remove("ran");
  }

  function receive(message) {
    if (message.broken) return end(words(message.broken), true);
    if (message.progress) for (const { cell } of waiting.values()) cell?.say(message.progress);
    if (message.began) begin(message.began);
    if (message.printed !== undefined) running?.next.print(message.printed);
    if (message.told) running?.next.tell(message.told);
    if (message.failed) failed(message.failed);
    if (message.done && !message.done.quiet) settle(cells[message.done.cell], true);
    if (message.judged) judged(message.judged);
    if ("moved" in message || "ended" in message) {
      const number = message.moved ?? message.ended;
      const { cell, resolve, stopped, missing } = waiting.get(number) ?? {};
      waiting.delete(number);
      if (cell) finish(cell);
      if (missing) cell?.say(missing, true);
      else if (stopped) above(cell, stopped);
      resolve?.(message.shown);
    }
  }

  // ---------- one cell ----------

  function begin({ cell: place, quiet }) {
    running = quiet ? null : cells[place];
    if (quiet) return;
    running.element.setAttribute("aria-busy", "true");
    running.mark(0);
    running.next = render(running, explorer);
    for (const { cell } of waiting.values()) cell?.say(cell === running ? "Running …" : "Running the cells above …");
  }

  function settle(cell, good) {
    cell.next.swap();
    cell.element.classList.toggle("ran", good);
    if (![...waiting.values()].some((each) => each.cell === cell)) cell.busy = false;
    cell.show();
  }

  function finish(cell) {
    cell.busy = false;
    cell.say("");
  }

  function failed({ cell: place, kind, message, line, advice, trace, missing }) {
    const cell = cells[place];
    if (missing) {
      cell.busy = false;
      for (const each of waiting.values()) each.missing = words(missing);
      return;
    }
    if (running !== cell) cell.next = render(cell, explorer); // a line of imports, of which nothing else is shown
    cell.next.fail({ kind, message, line, advice, trace });
    settle(cell, false);
    cell.mark(line);
    const asked = [...waiting.values()].find((each) => each.cell); // the first one is the one that runs
    if (asked && asked.cell !== cell) asked.stopped = cell;
  }

  function above(asked, cell) {
    asked.say("A cell above, which this one needs, stopped with an error. ", true);
    const link = document.createElement("a");
    cell.element.id ||= `cell-${cell.place + 1}`;
    link.href = "#" + cell.element.id;
    link.textContent = "Show it";
    asked.status.append(link);
  }

  function judged({ key, tried, solved }) {
    store.update((record) => {
      const entry = (record.exercises[key] ??= { tries: 0, solved: false, hints: 0, solution: false });
      entry.tries += tried;
      entry.solved ||= solved;
    });
    if (solved) document.dispatchEvent(new CustomEvent("solved", { detail: key }));
  }

  async function explorer(number, values, rest) {
    if (!worker) throw new Failure("Python has stopped: run the cell again.");
    return new Promise((resolve, reject) => {
      waiting.set(++numbers, { resolve, reject: () => reject(new Failure("Python has stopped: run the cell again.")) });
      worker.postMessage({ move: numbers, explorer: number, values, rest });
    });
  }

  // ---------- what the buttons do ----------

  function send(cell, all) {
    try {
      if (!worker) start();
    } catch (error) {
      cell.busy = false;
      cell.say(error.message, true);
      return;
    }
    const codes = cells.map((each) => each?.code ?? null);
    waiting.set(++numbers, { cell });
    worker.postMessage({ run: numbers, cells: codes, target: cell.place, data: cell.data, all });
  }

  return {
    run: (cell) => send(cell, false),
    above: (cell) => send(cell, true),
    stop: () => end("Stopped. The names are gone with it: Python starts again at the next run.", false),
    async edit(cell) {
      const { openEditor } = await import("./editor.mjs");
      if (!cell.editor) openEditor(cell, () => cell.act("run"));
    },
  };
}

class Failure extends Error {}

const RELOAD = "If the book was renewed since you opened this page, load it again: what you wrote is kept.";

// What happened, and what to do.
function words({ what, why }) {
  if (what === "missing") return `A file is missing or blocked (${why}). Are you online? ${RELOAD}`;
  if (what === "altered") return `A file is not the one that this book was made with, and was not used (${why}). ${RELOAD}`;
  if (what === "memory") return "Python has run out of memory, and its names are lost. It starts again at the next run: use smaller arrays.";
  if (what === "crash") return `Python has broken down, and its names are lost. It starts again at the next run. (${why})`;
  return `Python could not start. Another browser may do better, or open the notebook in Colab. (${why})`;
}
