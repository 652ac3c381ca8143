// Python in WebAssembly, with the book's library in it. The page's worker uses this, and so do the tests, in Node.

export class Python {
  // pyodide: a started Pyodide; get(name): the bytes of one of the book's files (manifest.json lists them), verified.
  constructor(pyodide, get, manifest) {
    Object.assign(this, { pyodide, get, manifest });
    this.here = new Set(); // the data sets that were fetched
  }

  // on: {told(output), judged(key, tried, solved), printed(text)}
  static async start(pyodide, get, manifest, on) {
    const python = new Python(pyodide, get, manifest);
    const site = pyodide.runPython("import site; site.getsitepackages()[0]");
    const archives = await Promise.all(["library.zip", "bytecode/numpy.zip"].map(get));
    for (const archive of archives) pyodide.unpackArchive(archive, "zip", { extractDir: site });
    python.site = site;
    pyodide.FS.mkdirTree(ENVIRONMENT.NNLIB_BUNDLE);
    const decoders = [new TextDecoder(), new TextDecoder()]; // a letter may arrive in two pieces
    const stream = (decoder) => ({ isatty: false, write: (bytes) => (on.printed(decoder.decode(bytes, { stream: true })), bytes.length) });
    pyodide.setStdout(stream(decoders[0]));
    pyodide.setStderr(stream(decoders[1]));
    python.make = pyodide.runPython("from live.session import Session; Session");
    python.on = on;
    python.renew();
    return python;
  }

  // Begin with no names.
  renew() {
    this.session?.destroy();
    this.session = this.make((output) => this.on.told(plain(output)), (...verdict) => this.on.judged(...verdict));
  }

  // The pieces to run for the cell at this place, itself last: [{cell, part, code, quiet}].
  plan(cells, target) {
    const list = this.pyodide.toPy(cells.map((cell) => cell ?? undefined));
    const plan = plain(this.session.plan(list, target));
    list.destroy();
    return plan;
  }

  // Fetch what a piece of code needs and is not here yet. data: names of sets that it needs without naming them.
  async prepare(code, data = []) {
    if (!this.drawing && this.session.pictures(code)) {
      const compiled = this.get("bytecode/matplotlib.zip");
      compiled.catch(() => {}); // told below, unless the package is missing too
      await this.pyodide.loadPackage("matplotlib", { messageCallback() {}, errorCallback() {} });
      if (!this.pyodide.loadedPackages.matplotlib) throw new Error("matplotlib");
      this.pyodide.unpackArchive(await compiled, "zip", { extractDir: this.site });
      this.drawing = true;
    }
    for (const name of Object.keys(this.manifest.data)) {
      const asked = data.includes(name) || code.includes(`load_${name}`) || code.includes(`photograph("${name}")`);
      if (asked && !this.here.has(name)) {
        this.pyodide.FS.writeFile(`${ENVIRONMENT.NNLIB_BUNDLE}/${name}.npz`, new Uint8Array(await this.get(this.manifest.data[name])));
        this.here.add(name);
      }
    }
  }

  // Run a piece; returns null, or what went wrong.
  run({ cell, part, code }) {
    return plain(this.session.run(cell, part, code));
  }

  // What an explorer shows when its sliders stand at these values; a sketch, if they do not rest there.
  move(explorer, values, rest) {
    const given = this.pyodide.toPy(values);
    const shown = plain(this.session.move(explorer, given, rest));
    given.destroy();
    return shown;
  }
}

export const ENVIRONMENT = { HOME: "/home/pyodide", MPLBACKEND: "agg", NNLIB_BUNDLE: "/home/data", NNLIB_PROGRESS: "off" };

// A Python value as JavaScript's own.
function plain(value) {
  if (!value?.toJs) return value ?? null;
  const copy = value.toJs({ dict_converter: Object.fromEntries });
  value.destroy();
  return copy;
}
