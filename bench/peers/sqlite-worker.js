// SQLite's own build for the browser, on its pool of OPFS access handles.
import sqlite3InitModule from "@sqlite.org/sqlite-wasm";
import { answerWith } from "./answer.js";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS entry(
    n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, time INTEGER NOT NULL, body TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS entry_time ON entry(time);`;
const INDEX = `
  CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(body, content=entry, content_rowid=n);
  CREATE TRIGGER IF NOT EXISTS entry_in AFTER INSERT ON entry BEGIN
    INSERT INTO words(rowid, body) VALUES (new.n, new.body); END;
  CREATE TRIGGER IF NOT EXISTS entry_up AFTER UPDATE ON entry BEGIN
    INSERT INTO words(words, rowid, body) VALUES ('delete', old.n, old.body);
    INSERT INTO words(rowid, body) VALUES (new.n, new.body); END;`;

let db;
const statements = new Map();

/** Runs a statement that stays prepared. */
function run(sql, bind) {
  if (!statements.has(sql)) statements.set(sql, db.prepare(sql));
  const statement = statements.get(sql).bind(bind);
  const rows = [];
  while (statement.step()) rows.push(statement.get({}));
  statement.reset(true);
  return rows;
}

answerWith({
  async open({ wal, fts }) {
    const wasm = new URL("sqlite3-0000000000000000.wasm", import.meta.url).href;
    // Where pages are isolated it would try a slower storage first, and wait for it.
    globalThis.sqlite3ApiConfig = { disable: { vfs: { opfs: true, "opfs-wl": true } } };
    const sqlite3 = await sqlite3InitModule({ locateFile: () => wasm });
    const pool = await sqlite3.installOpfsSAHPoolVfs({ name: "journal" });
    db = new pool.OpfsSAHPoolDb("/journal.db");
    if (wal) {
      db.exec("PRAGMA locking_mode=EXCLUSIVE");
      const mode = db.selectValue("PRAGMA journal_mode=WAL");
      if (mode !== "wal") throw new Error(`the journal mode is ${mode}`);
      db.exec("PRAGMA synchronous=FULL");
    }
    db.exec(SCHEMA);
    if (fts) db.exec(INDEX);
  },
  insert(entries) {
    db.exec("BEGIN IMMEDIATE");
    for (const { id, time, body } of entries) {
      run("INSERT INTO entry(id, time, body) VALUES (?, ?, ?)", [id, time, body]);
    }
    db.exec("COMMIT");
  },
  newest: (count) => run("SELECT id, time, body FROM entry ORDER BY time DESC LIMIT ?", [count]),
  save({ id, body }) {
    run("UPDATE entry SET body = ? WHERE id = ?", [body, id]);
  },
  search({ text, limit }) {
    const words = text.split(" ").map((word) => `"${word}"*`);
    return run(
      `SELECT id, time, entry.body FROM words JOIN entry ON n = words.rowid
       WHERE words MATCH ? ORDER BY words.rowid DESC LIMIT ?`,
      [words.join(" "), limit],
    );
  },
});
