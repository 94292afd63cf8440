// Starts a worker of the app: its script and its wasm are fetched side by side.
const SCRIPT = ""; // written by the build
const WASM = ""; // written by the build

const wasm = fetch(WASM);
import(SCRIPT)
  .then(({ default: init }) => init({ module_or_path: wasm }))
  .catch(reportError);
