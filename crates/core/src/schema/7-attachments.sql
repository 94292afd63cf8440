-- Photos and files of entries. What is in them lies in a file of its own (store/files.rs), under
-- the hash of it: these rows are as small as all others.

CREATE TABLE attachments (
    id BLOB PRIMARY KEY,
    entry BLOB NOT NULL,
    hash BLOB NOT NULL,             -- BLAKE3 of the bytes
    thumb BLOB,                     -- the same of a small picture; NULL if there is none
    name TEXT NOT NULL,
    media TEXT NOT NULL,            -- image/jpeg
    bytes INTEGER NOT NULL,
    width INTEGER NOT NULL,         -- as it is seen; 0 for what is no picture
    height INTEGER NOT NULL,
    added INTEGER NOT NULL,         -- milliseconds since 1970: the order within an entry
    caption TEXT NOT NULL,
    removed INTEGER NOT NULL,
    modified_at TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX attachments_by_entry ON attachments (entry);
CREATE INDEX attachments_removed ON attachments (modified_at) WHERE removed = 1;
