// Runs a program in Pyodide that writes archives: see __init__.py.
//
//   node run.mjs RUNTIME PROGRAM OUT      the program finds archives of Pyodide in /in, and writes its own into /out

import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [runtime, program, out] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(path.join(runtime, "pyodide.mjs")));
const env = { HOME: "/home/pyodide", MPLBACKEND: "agg", PYTHONHASHSEED: "0" }; // sets of strings keep their order: the same bytes each time
const pyodide = await loadPyodide({ indexURL: runtime + path.sep, env, packages: ["numpy", "matplotlib"] });
pyodide.FS.mkdirTree("/in");
pyodide.FS.mkdirTree("/out");
for (const name of fs.readdirSync(runtime)) {
  if (/\.(whl|zip)$/.test(name)) pyodide.FS.writeFile("/in/" + name, new Uint8Array(fs.readFileSync(path.join(runtime, name))));
}
pyodide.runPython(fs.readFileSync(program, "utf8"));
for (const name of pyodide.FS.readdir("/out")) {
  if (name.endsWith(".zip")) fs.writeFileSync(path.join(out, name), pyodide.FS.readFile("/out/" + name));
}
