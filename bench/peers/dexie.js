// Dexie on IndexedDB, with strict durability and no index of words.
import { Dexie } from "dexie";

export async function connect() {
  const prepared = [];
  const db = new Dexie("journal", { chromeTransactionDurability: "strict" });
  db.version(1).stores({ entries: "id,time" });
  const newest = (limit) => db.entries.orderBy("time").reverse().limit(limit);
  return {
    open: () => db.open(),
    prepare: (batch) => void prepared.push(JSON.parse(batch)),
    insert: () => db.entries.bulkPut(prepared.shift()),
    settled: async () => {},
    newest: async (limit) => (await newest(limit).toArray()).length,
    ready: async () => {},
    save: (entry) => db.entries.put(entry),
  };
}
