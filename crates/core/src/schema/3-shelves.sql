-- The search index stands on shelves, one for each year (shelf_2026 …), made when first needed.
-- Entries are put on their shelf after they are saved, so that a save never waits for the index.

ALTER TABLE entries ADD COLUMN indexed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX entries_unindexed ON entries (place) WHERE indexed = 0;

CREATE TABLE shelves (year INTEGER PRIMARY KEY);
