// The names say that the files never change, so that the browser keeps them as it keeps the app's.
import init from "./empty-0000000000000000.js";
init({ module_or_path: new URL("empty-0000000000000000.wasm", import.meta.url) });
