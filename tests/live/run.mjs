// Runs the cells of chapters under Pyodide in Node, with the code that the page's worker uses.
//
//   node run.mjs WORK < chapters      one line of JSON for each chapter: {chapter, cells: [source or null, ...], only: [place, ...], then: code}
//
// WORK holds `runtime` (Pyodide) and `folder` (what a browser fetches). Answers one line for each chapter:
// {chapter, cells: [{place, ms, printed, told, error, plan}], then: what the code printed}. `only` runs these cells, each
// in a Python of its own with what it needs; else all run in their order, in one.

import fs from "node:fs";
import path from "node:path";
import readline from "node:readline";
import { pathToFileURL } from "node:url";

const work = path.resolve(process.argv[2]);
const runtime = path.join(work, "runtime") + path.sep;
const folder = path.join(work, "folder");
const { loadPyodide } = await import(pathToFileURL(runtime + "pyodide.mjs"));
const { ENVIRONMENT, Python } = await import(pathToFileURL(path.join(folder, "python.mjs")));
const manifest = JSON.parse(fs.readFileSync(path.join(folder, "manifest.json"), "utf8"));

let now = null; // where output goes
const pyodide = await loadPyodide({ indexURL: runtime, env: ENVIRONMENT, packages: ["numpy"] });
const python = await Python.start(pyodide, async (name) => new Uint8Array(fs.readFileSync(path.join(folder, name))).buffer, manifest, {
  told: (output) => now?.told.push(output),
  judged: (key, tried, solved) => now?.judged.push([key, tried, solved]),
  printed: (text) => { if (now) now.printed += text; },
});

async function runCell(cells, place, data) {
  const result = { place, printed: "", told: [], judged: [], error: null, plan: [] };
  const started = performance.now();
  for (const piece of python.plan(cells, place)) {
    now = piece.cell === place ? result : { printed: "", told: [], judged: [] };
    await python.prepare(piece.code, data);
    result.plan.push([piece.cell, piece.part]);
    if (piece.cell === place) result.own = performance.now();
    const error = python.run(piece);
    if (error) {
      result.error = { cell: piece.cell, ...error };
      break;
    }
  }
  now = null;
  result.ms = Math.round(performance.now() - (result.own ?? started));
  for (const output of result.told) if (output["image/png"]) output["image/png"] = output["image/png"].length;
  return result;
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  const { chapter, cells, only, then, data } = JSON.parse(line);
  const answer = { chapter, cells: [] };
  if (!only) python.renew();
  for (const place of only ?? cells.keys()) {
    if (cells[place] === null) continue;
    if (only) python.renew();
    answer.cells.push(await runCell(cells, place, data));
  }
  if (then) {
    await python.prepare("", Object.keys(manifest.data));
    answer.then = pyodide.runPython(then);
  }
  console.log(JSON.stringify(answer));
}
