-- The journal. Rows that will travel between devices carry modified_at, the stamp of their version.

CREATE TABLE journals (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    colour TEXT NOT NULL,
    deleted INTEGER NOT NULL DEFAULT 0,
    modified_at TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE entries (
    place INTEGER PRIMARY KEY,      -- chronological position on this device: place.rs
    id BLOB NOT NULL UNIQUE,
    journal BLOB NOT NULL,
    date TEXT NOT NULL,             -- local day, as the writer's calendar said: 2026-04-24
    time TEXT,                      -- local time of day; NULL for an entry of the whole day
    zone TEXT NOT NULL,             -- IANA name
    instant INTEGER NOT NULL,       -- milliseconds since 1970, UTC
    body TEXT NOT NULL,             -- Markdown, exactly as typed
    words INTEGER NOT NULL,
    starred INTEGER NOT NULL,
    life INTEGER NOT NULL,          -- 0 live, 1 in the trash, 2 deleted for good
    written_at TEXT NOT NULL,       -- stamp of the version that last changed the body
    modified_at TEXT NOT NULL
);
CREATE INDEX entries_by_journal ON entries (journal, place);
CREATE INDEX entries_starred ON entries (place) WHERE starred = 1;
CREATE INDEX entries_not_live ON entries (life, modified_at) WHERE life <> 0;

CREATE TABLE entry_tags (           -- tags by hand
    entry BLOB NOT NULL,
    tag TEXT NOT NULL,              -- the name in lower case: #Fire and #fire are one tag
    name TEXT NOT NULL,
    deleted INTEGER NOT NULL,
    modified_at TEXT NOT NULL,
    PRIMARY KEY (entry, tag)
) WITHOUT ROWID;
CREATE INDEX entry_tags_by_tag ON entry_tags (tag, name) WHERE deleted = 0;

CREATE TABLE text_tags (            -- tags found in the body: derived, they never travel
    entry BLOB NOT NULL,
    tag TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (entry, tag)
) WITHOUT ROWID;
CREATE INDEX text_tags_by_tag ON text_tags (tag, name);

CREATE TABLE revisions (            -- versions that another was written over
    entry BLOB NOT NULL,
    modified_at TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (entry, modified_at)
) WITHOUT ROWID;

CREATE TABLE meta (                 -- device, clock, and the last request carried out for each tab
    key TEXT PRIMARY KEY,
    value NOT NULL                  -- of no type: a device of sixteen digits stays a text
) WITHOUT ROWID;
