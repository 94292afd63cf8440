-- Which entries wait for their shelf, in a table of its own: a mark in the entry would write the
-- whole of its text anew when it is indexed.

CREATE TABLE unindexed (place INTEGER PRIMARY KEY);
INSERT INTO unindexed (place) SELECT place FROM entries WHERE indexed = 0;
DROP INDEX entries_unindexed;
ALTER TABLE entries DROP COLUMN indexed;
