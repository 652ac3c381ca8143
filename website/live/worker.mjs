// The reader's Python, off the page's own thread. The page talks to it in messages:
//
//   to it      {start: folder} {run: number, cells, target, data, all}   {move: number, explorer, values, rest}
//   from it    {progress}  {began}  {printed}  {told}  {judged}  {failed}  {done}  {ended: number}  {moved: number, shown}
//              {broken: {what, why}}         Python cannot start, or has broken down: this worker is of no more use

// Not as `import … from`: Firefox holds those of a worker against the policy's worker-src, which has only blobs.
const { fetched, Lost, watch } = await import("./fetched.mjs");
const { ENVIRONMENT, Python } = await import("./python.mjs");
const { Printer } = await import("./printer.mjs");

let python = null;
let queue = Promise.resolve();

self.onmessage = ({ data: message }) => {
  queue = queue.then(() => answer(message)).catch((error) => post({ broken: broken(error) }));
};

const printer = new Printer((printed) => self.postMessage({ printed }));

function post(message) {
  printer.flush(); // what was printed before comes before
  self.postMessage(message);
}

function answer(message) {
  if (message.start) return start(message.start);
  if ("run" in message) return run(message);
  post({ moved: message.move, shown: python.move(message.explorer, message.values, message.rest) });
}

// ---------- starting ----------

let lost = null; // the file that cannot be used: Pyodide itself may go on without it, wait for ever, or say something else

async function start(folder) {
  const { runtime, files, ...manifest } = JSON.parse(new TextDecoder().decode(await fetched(folder + "manifest.json")));
  const base = new URL(runtime.url, folder).href;
  let giveUp;
  const without = new Promise((_, reject) => { giveUp = reject; });
  watch(base, runtime.files, folder, progress, (error) => giveUp((lost = error)));
  post({ progress: "Fetching Python …" });
  const starting = Promise.all([script(base + "pyodide.mjs"), script(base + "pyodide.asm.mjs")]).then(([{ loadPyodide }, core]) => loadPyodide({
    createPyodideModule: core.default, indexURL: base, packageBaseUrl: base, lockFileContents: runtime.lock, env: ENVIRONMENT, packages: ["numpy"],
  }));
  const pyodide = await Promise.race([starting, without]);
  post({ progress: "Starting Python …" });
  const get = (name) => fetched(folder + name, files[name]);
  python = await Python.start(pyodide, get, manifest, {
    told: (told) => post({ told }),
    judged: (key, tried, solved) => post({ judged: { key, tried, solved } }),
    printed: (text) => printer.print(text),
  });
}

// A script cannot be imported by its hash: fetch it, verified, and import it from memory.
async function script(url) {
  const code = await (await self.fetch(url)).arrayBuffer();
  const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  try {
    return await import(address);
  } finally {
    URL.revokeObjectURL(address);
  }
}

let said = 0; // when we last told how far it is

function progress(here, all) {
  if (performance.now() - said < 100) return;
  said = performance.now();
  const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
  post({ progress: `Fetching Python: ${megabytes(here)} of ${megabytes(all)} MB …` });
}

// ---------- running ----------

async function run({ run: number, cells, target, data, all }) {
  const targets = all ? [...cells.keys()].filter((cell) => cell < target && cells[cell] !== null) : [target];
  for (const each of targets) {
    for (const piece of python.plan(cells, each)) {
      printer.begin();
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
  lost = null;
  try {
    await python.prepare(code, data);
    return null;
  } catch (error) {
    return { missing: broken(error) };
  }
}

function broken(error) {
  const file = lost ?? (error instanceof Lost ? error : null);
  if (file) return { what: file.what, why: file.message };
  const why = String(error?.message ?? error);
  if (/out of memory|allocation/i.test(why)) return { what: "memory", why };
  return { what: python ? "crash" : "start", why };
}
