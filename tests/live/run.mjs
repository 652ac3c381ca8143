// Runs cells under Pyodide in Node, with the code that the page's worker uses.
//
//   node run.mjs RUNTIME FOLDER < pages
//
// RUNTIME holds Pyodide, FOLDER what a browser fetches. Read is [{cells: [source or null, ...], data: [name, ...]}, ...]:
// pages that a reader opens one after another, each without the names and the data sets of the one before. Written is a
// line for each cell that has run: {page, place, seconds, printed, told, judged, error}. A picture is told by its width
// and its words, and `seconds` is processor time of the cell itself, without the cells that it needs.

import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [runtime, folder] = process.argv.slice(2).map((name) => path.resolve(name) + path.sep);
const { loadPyodide } = await import(pathToFileURL(runtime + "pyodide.mjs"));
const { ENVIRONMENT, Python } = await import(pathToFileURL(folder + "python.mjs"));
const manifest = JSON.parse(fs.readFileSync(folder + "manifest.json", "utf8"));
const file = (name) => new Uint8Array(fs.readFileSync(folder + name)).buffer;

let asked = "";
for await (const piece of process.stdin) asked += piece;
let now = null; // the cell whose output arrives
const stdLibURL = folder + manifest.runtime.files["python_stdlib.zip"].from;
const pyodide = await loadPyodide({ indexURL: runtime, stdLibURL, env: ENVIRONMENT, packages: ["numpy"] });
const python = await Python.start(pyodide, async (name) => file(name), manifest, {
  told: (output) => now?.told.push({ ...output, "image/png": undefined }),
  judged: (...verdict) => now?.judged.push(verdict),
  printed: (text) => { if (now) now.printed += text; },
});

function open() {
  pyodide.runPython("if judge := __import__('sys').modules.get('nnlib.exercises.judge'): judge.listeners.clear()");
  python.renew();
  for (const name of python.here) pyodide.FS.unlink(`${ENVIRONMENT.NNLIB_BUNDLE}/${name}.npz`);
  python.here.clear();
}

async function run(cells, place, data) {
  const result = { place, printed: "", told: [], judged: [], error: null };
  for (const piece of python.plan(cells, place)) {
    now = piece.cell === place ? result : null;
    await python.prepare(piece.code, data);
    const start = process.cpuUsage();
    const error = python.run(piece);
    const { user, system } = process.cpuUsage(start);
    result.seconds = (user + system) / 1e6;
    if (error) return { ...result, error: { cell: piece.cell, ...error } };
  }
  return result;
}

for (const [page, { cells, data }] of JSON.parse(asked).entries()) {
  open();
  for (const place of cells.keys()) {
    if (cells[place] !== null) console.log(JSON.stringify({ page, ...(await run(cells, place, data)) }));
  }
}
