// The reader's Python, off the page's own thread. The page talks to it in messages:
//
//   to it      {start: folder} {run: number, cells, target, data}    {move: number, explorer, values}
//   from it    {progress}  {began: {cell, quiet}}  {printed}  {told}  {judged}  {failed}  {ended: number}  {moved: number, shown}
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
  post({ moved: message.move, shown: python.move(message.explorer, message.values) });
}

// ---------- starting ----------

class Missing extends Error {}

async function start(folder) {
  const manifest = await (await fetched(folder + "manifest.json")).json();
  const { url, files, lock } = manifest.runtime;
  const base = new URL(url, folder).href;
  countBytes(base, files, lock);
  post({ progress: "Fetching Python …" });
  const get = async (name) => (await fetched(folder + name, { integrity: manifest.files[name] })).arrayBuffer();
  const { loadPyodide } = await import(base + "pyodide.mjs").catch((error) => { throw new Missing(`${base}pyodide.mjs: ${error.message}`); });
  const pyodide = await loadPyodide({
    indexURL: base, packageBaseUrl: base, lockFileContents: lock, env: ENVIRONMENT, packages: ["numpy"],
  });
  post({ progress: "Starting Python …" });
  python = await Python.start(pyodide, get, manifest, {
    told: (told) => post({ told }),
    judged: (key, tried, solved) => post({ judged: { key, tried, solved } }),
    printed: (printed) => post({ printed }),
  });
}

const plainFetch = self.fetch.bind(self);

async function fetched(url, options) {
  const response = await plainFetch(url, options).catch((error) => { throw new Missing(`${url}: ${error.message}`); });
  if (!response.ok) throw new Missing(`${url}: ${response.status}`);
  return response;
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
  // Above the cell: what it needs, or everything. Planning it again before each takes what ran in between into account.
  const targets = all ? [...cells.keys()].filter((cell) => cell <= target && cells[cell] !== null) : [target];
  for (const each of targets) {
    for (const piece of python.plan(cells, each)) {
      post({ began: { cell: piece.cell, quiet: piece.quiet } });
      await python.prepare(piece.code, data);
      const error = python.run(piece);
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

function broken(error) {
  const why = String(error?.message ?? error);
  if (error instanceof Missing) return { what: "missing", why };
  if (/memory|allocation|RangeError/i.test(why)) return { what: "memory", why };
  return { what: python ? "crash" : "start", why };
}
