// The reader's Python, off the page's own thread. The page talks to it in messages:
//
//   to it      {start: folder} {run: number, cells, target, data, all}   {move: number, explorer, values, rest}
//   from it    {progress}  {began}  {printed}  {told}  {judged}  {failed}  {done}  {ended: number}  {moved: number, shown}
//              {broken: {what, why}}         Python cannot start, or has broken down: this worker is of no more use

import { ENVIRONMENT, Python } from "./python.mjs";

let python = null;
let queue = Promise.resolve();

self.onmessage = ({ data: message }) => {
  queue = queue.then(() => answer(message)).catch((error) => post({ broken: broken(error) }));
};

const post = (message) => self.postMessage(message);

function answer(message) {
  if (message.start) return start(message.start);
  if ("run" in message) return run(message);
  post({ moved: message.move, shown: python.move(message.explorer, message.values, message.rest) });
}

// ---------- starting ----------

class Missing extends Error {}
let lost = ""; // the file that could not be fetched: Pyodide itself may go on without it, wait for ever, or say something else
let giveUp = null; // ends the start with an error

async function start(folder) {
  const manifest = await (await fetched(folder + "manifest.json")).json();
  const { url, files, lock } = manifest.runtime;
  const base = new URL(url, folder).href;
  countBytes(base, files, lock);
  post({ progress: "Fetching Python …" });
  const get = async (name) => (await fetched(folder + name, { integrity: manifest.files[name] })).arrayBuffer();
  const { loadPyodide } = await import(base + "pyodide.mjs").catch((error) => { throw new Missing(`${base}pyodide.mjs: ${error.message}`); });
  const starting = loadPyodide({ indexURL: base, packageBaseUrl: base, lockFileContents: lock, env: ENVIRONMENT, packages: ["numpy"] });
  const pyodide = await Promise.race([starting, new Promise((_, reject) => { giveUp = reject; })]);
  post({ progress: "Starting Python …" });
  python = await Python.start(pyodide, get, manifest, {
    told: (told) => post({ told }),
    judged: (key, tried, solved) => post({ judged: { key, tried, solved } }),
    printed: (printed) => post({ printed }),
  });
}

const plainFetch = self.fetch.bind(self);

async function fetched(url, options) {
  const response = await plainFetch(url, options).catch((error) => ({ status: error.message }));
  if (response.ok) return response;
  lost = `${url}: ${response.status}`;
  giveUp?.(new Missing(lost));
  throw new Missing(lost);
}

// Pyodide fetches its files by itself: let each be verified by its hash, and tell how far it is.
function countBytes(base, files, lock) {
  const sizes = new Map(Object.entries(files).map(([name, { bytes }]) => [name, bytes]));
  const asked = new Set();
  let done = 0;
  self.fetch = async (url, options = {}) => {
    const name = String(url.url ?? url).startsWith(base) ? String(url.url ?? url).slice(base.length) : null;
    if (name === null) return plainFetch(url, options);
    const response = await fetched(url, { ...options, ...(files[name] ? { integrity: files[name].integrity } : {}) });
    asked.add(name);
    const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
    let told = 0;
    const count = new TransformStream({
      transform(chunk, controller) {
        done += chunk.byteLength;
        if (performance.now() - told > 100) {
          told = performance.now();
          const all = [...asked].reduce((sum, file) => sum + (sizes.get(file) ?? 0), 0);
          post({ progress: `Fetching Python: ${megabytes(done)} of ${megabytes(Math.max(all, done))} MB …` });
        }
        controller.enqueue(chunk);
      },
    });
    return new Response(response.body.pipeThrough(count), { status: response.status, headers: response.headers });
  };
}

// ---------- running ----------

async function run({ run: number, cells, target, data, all }) {
  const targets = all ? [...cells.keys()].filter((cell) => cell < target && cells[cell] !== null) : [target];
  for (const each of targets) {
    for (const piece of python.plan(cells, each)) {
      post({ began: { cell: piece.cell, quiet: piece.quiet } });
      const error = (await prepare(piece.code, data)) ?? python.run(piece);
      if (error) {
        post({ failed: { cell: piece.cell, ...error } });
        post({ ended: number });
        return;
      }
      post({ done: { cell: piece.cell, quiet: piece.quiet } });
    }
  }
  post({ ended: number });
}

// Returns what is missing, if something is: a figure that cannot be drawn need not cost the reader's names.
async function prepare(code, data) {
  try {
    await python.prepare(code, data);
    return null;
  } catch (error) {
    const missing = lost || error.message;
    lost = "";
    return { missing };
  }
}

function broken(error) {
  const why = String(error?.message ?? error);
  if (lost || error instanceof Missing) return { what: "missing", why: lost || why };
  if (/memory|allocation|RangeError/i.test(why)) return { what: "memory", why };
  return { what: python ? "crash" : "start", why };
}
