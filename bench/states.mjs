// Runs bench/states.py --fold inside Pyodide: CPython compiled to WebAssembly, with 32-bit words and no libraries of its host.
// node bench/states.mjs FOLDER-OF-THE-NPM-PACKAGE CHECKOUT ACTS
import { dirname, basename, join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, checkout, acts] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(join(folder, "pyodide.mjs")));
const python = await loadPyodide({ indexURL: folder, stdout: (line) => console.log(line) });
for (const [place, real] of [["/checkout", checkout], ["/acts", dirname(acts)]]) {
  python.FS.mkdir(place);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: real }, place);
}
python.runPython(`
import runpy, sys
sys.dont_write_bytecode = True
sys.argv = ["states.py", "--fold", "/acts/${basename(acts)}"]
try:
    runpy.run_path("/checkout/bench/states.py", run_name="__main__")
except SystemExit as done:
    assert not done.code, done.code
`);
