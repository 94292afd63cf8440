// Starts a worker of the app: its script and its wasm are fetched side by side.
const SCRIPT = ""; // written by the build
const WASM = ""; // written by the build

const wasm = fetch(WASM);
import(SCRIPT)
  .then(({ default: init }) => init({ module_or_path: wasm }))
  .catch(reportError);

// Messages come in order: whoever asks whether all is done is heard when it is.
let done;
addEventListener("message", ({ data }) => {
  if (data instanceof Int32Array) done = data;
  if (data === "done?") Atomics.store(done, 0, 1);
});
