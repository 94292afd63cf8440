-- What the sync needs to know of each row that the sequencer does not have yet, the versions that
-- a merge goes back to, and what this app cannot read.

CREATE TABLE outbox (
    kind INTEGER NOT NULL,          -- 0 journals, 1 entries, 2 entry_tags
    key BLOB NOT NULL,              -- the row's id; of a tag, the entry's id and the tag
    base TEXT,                      -- the version that was changed first; NULL if the row is new
    other TEXT,                     -- a version from elsewhere that was merged into it since
    sent TEXT,                      -- the version that the sequencer accepted, until it comes back
    PRIMARY KEY (kind, key)
) WITHOUT ROWID;
CREATE INDEX outbox_waiting ON outbox (kind, key) WHERE sent IS NULL;

ALTER TABLE revisions ADD COLUMN lost INTEGER NOT NULL DEFAULT 0; -- 1: written beside another
ALTER TABLE revisions ADD COLUMN marks BLOB;    -- the version's other columns; NULL before sync

CREATE TABLE later (                -- changes of a newer app, sealed, until this one is updated
    row BLOB NOT NULL,
    stamp TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (row, stamp)
) WITHOUT ROWID;
