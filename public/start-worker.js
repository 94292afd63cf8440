// Behind the script of a worker (written by the build): starts it. The address says whether the
// page sends the wasm, which it compiles while this thread is being made; else it is fetched here.
const WASM = ""; // written by the build

let done;
let take;
const sent = location.hash === "#sent" && new Promise((resolve) => (take = resolve));

// Messages come in order: whoever asks whether all is done is heard when it is.
addEventListener("message", ({ data }) => {
  if (data instanceof Int32Array) done = data;
  if (data === "done?") Atomics.store(done, 0, 1);
  if (data?.wasm !== undefined) take?.(data.wasm);
});

Promise.resolve(sent)
  .then((wasm) => __wbg_init({ module_or_path: wasm || fetch(WASM) }))
  .catch(reportError);
