import init from "./empty.js";
init({ module_or_path: new URL("empty_bg.wasm", import.meta.url) });
