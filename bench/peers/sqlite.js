// The official SQLite build in a worker. ?wal=1 is its best durable setting, without it its
// default; ?fts=1 keeps a full-text index.
import { asker } from "./ask.js";

export async function connect(options) {
  const prepared = [];
  let ask;
  return {
    async open() {
      ask = asker("sqlite-worker-0000000000000000.js"); // kept by the browser, as the app's is
      await ask("open", { wal: options.has("wal"), fts: options.has("fts") });
    },
    prepare: (batch) => void prepared.push(JSON.parse(batch)),
    insert: () => ask("insert", prepared.shift()),
    settled: async () => {},
    newest: async (count) => (await ask("newest", count)).length,
    ready: async () => {},
    save: ({ id, body }) => ask("save", { id, body }),
    search: async (text, limit) => (await ask("search", { text, limit })).length,
  };
}
