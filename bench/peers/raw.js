// The floor of every save: one write and one flush of an OPFS access handle.
import { asker } from "./ask.js";

export async function connect() {
  const ask = asker("raw-worker.js");
  return {
    open: () => ask("open"),
    /** Milliseconds of each write and flush as the page sees it; in the worker on average. */
    async flush(size, count) {
      const inside = await ask("many", { size, count });
      const times = [];
      for (let n = 0; n < count; n++) {
        const start = performance.now();
        await ask("one", size);
        times.push(performance.now() - start);
      }
      return { inside, times };
    },
    newest: async () => 0,
  };
}
