// The app's own worker, asked through the app's own bridge.
import init, { Client } from "./client.js";

export async function connect(options) {
  await init({ module_or_path: new URL("client_bg.wasm", import.meta.url) });
  let client;
  let onIndexed = () => {};
  return {
    async open() {
      const worker = new Worker(options.get("worker"), { type: "module", name: "journal" });
      globalThis.thoughtstream = { worker };
      client = new Client((waiting) => waiting === 0 && onIndexed());
    },
    prepare: (batch) => client.prepare(batch),
    insert: () => client.import(),
    async settled() {
      for (;;) {
        const indexed = new Promise((resolve) => (onIndexed = resolve));
        if ((await client.unindexed()) === 0) return;
        await indexed;
      }
    },
    newest: (count) => client.newest(count),
    ready: ({ id }) => client.read(id),
    save: ({ id, body }) => client.save(id, body),
    search: (text, limit) => client.search(text, limit),
  };
}
