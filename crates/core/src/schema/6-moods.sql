-- How the writer was and where, beside what was written; and texts to begin from. A point is in
-- millionths of a degree, so that no number has fractions.

ALTER TABLE entries ADD COLUMN mood INTEGER;        -- 1 awful to 5 great; NULL if none was given
ALTER TABLE entries ADD COLUMN location TEXT;       -- as the writer calls it
ALTER TABLE entries ADD COLUMN latitude INTEGER;
ALTER TABLE entries ADD COLUMN longitude INTEGER;
CREATE INDEX entries_by_mood ON entries (mood) WHERE mood IS NOT NULL;

CREATE TABLE templates (            -- texts that an entry can begin with
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    deleted INTEGER NOT NULL DEFAULT 0,
    modified_at TEXT NOT NULL
) WITHOUT ROWID;
