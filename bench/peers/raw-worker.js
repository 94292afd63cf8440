// Writes at the end of a file, and flushes.
import { answerWith } from "./answer.js";

let handle;
let at = 0;

function one(size) {
  handle.write(new Uint8Array(size).fill(7), { at });
  handle.flush();
  at += size;
}

answerWith({
  async open() {
    const folder = await navigator.storage.getDirectory();
    const file = await folder.getFileHandle("raw", { create: true });
    handle = await file.createSyncAccessHandle();
  },
  one,
  many({ size, count }) {
    const start = performance.now();
    for (let n = 0; n < count; n++) one(size);
    return (performance.now() - start) / count;
  },
});
