// In the page: one shape for every store, so that all are measured alike. `?store=` names the
// module beside this one whose `connect(options)` returns
// { open, prepare, insert, settled, newest, ready, save, search }; every promise settles when the
// store says "done" in its own way. What `prepare` and `ready` do is not measured.
const options = new URLSearchParams(location.search);
const store = await (await import(`./${options.get("store")}.js`)).connect(options);

const since = (start) => performance.now() - start;
const fetchBatch = async (name) => (await fetch(`data/${name}.json`)).text();

globalThis.bench = {
  /** From the start of the worker to the newest 50 entries. */
  async open() {
    const start = performance.now();
    await store.open();
    const count = await store.newest(50);
    return { ms: since(start), count };
  },

  /** Batches of 2,000, one after the other; then the list, then the search. */
  async insert(names) {
    for (const name of names) await store.prepare(await fetchBatch(name));
    const start = performance.now();
    for (const _ of names) await store.insert();
    await store.newest(50);
    const listed = since(start);
    await store.settled();
    return { listed, searchable: since(start) };
  },

  /** Edits scattered entries, one durable save after the other, as an editor's autosave does. */
  async saves(names, count) {
    const entries = [];
    for (const name of names) entries.push(...JSON.parse(await fetchBatch(name)));
    const times = [];
    for (let n = 0; n < count; n++) {
      const entry = entries[(n * 7919) % entries.length];
      const edited = { ...entry, body: `${entry.body} And so to bed, ${n}.` };
      await store.ready(edited);
      const start = performance.now();
      await store.save(edited);
      times.push(since(start));
    }
    return times;
  },

  /** The newest 20 hits of each query, `rounds` times. */
  async search(queries, rounds) {
    const times = [];
    const hits = {};
    for (let round = 0; round < rounds; round++) {
      for (const query of queries) {
        const start = performance.now();
        hits[query] = await store.search(query, 20);
        times.push(since(start));
      }
    }
    return { times, hits };
  },

  /** Only the raw store has this. */
  flush: (...given) => store.flush(...given),
};
