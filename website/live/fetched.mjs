// Fetches files for the worker: each verified by its hash, with word of how much has arrived.

const plain = globalThis.fetch.bind(globalThis);

// A file that cannot be used. what: "missing", or "altered" if it is there with other bytes.
export class Lost extends Error {
  constructor(what, why) {
    super(why);
    this.what = what;
  }
}

// The bytes of a file. integrity: its hash, as HTML writes it ("sha256-..."); arrived: called with the bytes of each piece, first with 0
// and what the server says that there are.
export async function fetched(url, integrity, arrived = () => {}) {
  const first = await load(url, integrity, "default", arrived);
  if (await fits(first, integrity)) return first;
  const again = await load(url, integrity, "reload", () => {}); // the browser may have kept a damaged copy
  if (await fits(again, integrity)) return again;
  throw new Lost("altered", url);
}

async function load(url, integrity, cache, arrived) {
  try {
    // Without a secure connection there is nothing to compute a hash with: then the browser verifies, and nothing is counted.
    const response = await plain(url, { cache, ...(integrity && !crypto.subtle ? { integrity } : {}) });
    if (!response.ok) throw new Error(response.status);
    arrived(0, Number(response.headers.get("Content-Length")));
    const reader = response.body.getReader();
    const pieces = [];
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
      pieces.push(value);
      arrived(value.byteLength);
    }
    return await new Blob(pieces).arrayBuffer();
  } catch (error) {
    throw new Lost("missing", `${url}: ${error.message}`);
  }
}

async function fits(content, integrity) {
  if (!integrity || !crypto.subtle) return true;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return integrity === "sha256-" + btoa(String.fromCharCode(...hash));
}

// Pyodide fetches its files by itself: let each be verified. files: name -> {bytes, integrity}, with `from` if the book's
// own folder has it; but for packages, whose hashes Pyodide knows. progress: called with the bytes that are here and of all that were asked for; lost: with a Lost.
export function watch(base, files, folder, progress, lost) {
  let here = 0;
  let asked = 0;
  globalThis.fetch = async (request, options = {}) => {
    const url = String(request.url ?? request);
    if (!url.startsWith(base)) return plain(request, options);
    const name = url.slice(base.length);
    const known = files[name];
    asked += known?.bytes ?? 0;
    const arrived = (bytes, size = 0) => {
      here += bytes;
      if (!known) asked += size;
      progress(here, Math.max(here, asked));
    };
    try {
      const content = await fetched(known?.from ? folder + known.from : url, known?.integrity ?? options.integrity, arrived);
      return new Response(content, { headers: { "Content-Type": name.endsWith(".wasm") ? "application/wasm" : "application/octet-stream" } });
    } catch (error) {
      lost(error);
      throw error;
    }
  };
}
