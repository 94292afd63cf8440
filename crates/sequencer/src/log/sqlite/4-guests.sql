-- Guests on borrowed machines, and what they write.
CREATE TABLE guests (
    vault INTEGER NOT NULL REFERENCES vaults ON DELETE CASCADE,
    guest BLOB NOT NULL,
    opener BLOB UNIQUE, -- BLAKE3 of the secret that lets in; NULL once it was used
    until INTEGER NOT NULL,
    length INTEGER NOT NULL,
    began INTEGER NOT NULL, -- 0: nobody has come yet
    ends INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    items INTEGER NOT NULL, -- entries, also those that were dropped
    token BLOB UNIQUE, -- BLAKE3 of the token; NULL: over
    note BLOB NOT NULL,
    sealed BLOB NOT NULL, -- empty once it was fetched
    PRIMARY KEY (vault, guest)
) STRICT;

CREATE TABLE inbox (
    vault INTEGER NOT NULL,
    guest BLOB NOT NULL,
    slot INTEGER NOT NULL,
    version INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (vault, guest, slot),
    FOREIGN KEY (vault, guest) REFERENCES guests ON DELETE CASCADE
) STRICT;
