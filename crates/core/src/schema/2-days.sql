-- What was written on each day, for the timeline's outline and the calendar: kept by the store
-- with every write, so that neither has to count a hundred thousand entries.

CREATE TABLE days (
    date TEXT NOT NULL,
    journal BLOB NOT NULL,
    entries INTEGER NOT NULL,
    words INTEGER NOT NULL,
    PRIMARY KEY (date, journal)
) WITHOUT ROWID;

INSERT INTO days (date, journal, entries, words)
SELECT date, journal, count(*), sum(words) FROM entries WHERE life = 0 GROUP BY date, journal;
