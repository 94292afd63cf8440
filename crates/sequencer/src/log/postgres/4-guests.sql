-- Guests on borrowed machines, and what they write.
CREATE TABLE guests (
    vault bigint NOT NULL REFERENCES vaults ON DELETE CASCADE,
    guest bytea NOT NULL,
    opener bytea UNIQUE, -- BLAKE3 of the secret that lets in; NULL once it was used
    until bigint NOT NULL,
    length bigint NOT NULL,
    began bigint NOT NULL, -- 0: nobody has come yet
    ends bigint NOT NULL,
    seen bigint NOT NULL,
    items bigint NOT NULL, -- entries, also those that were dropped
    token bytea UNIQUE, -- BLAKE3 of the token; NULL: over
    note bytea NOT NULL,
    sealed bytea NOT NULL, -- empty once it was fetched
    PRIMARY KEY (vault, guest)
);

CREATE TABLE inbox (
    vault bigint NOT NULL,
    guest bytea NOT NULL,
    slot bigint NOT NULL,
    version bigint NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (vault, guest, slot),
    FOREIGN KEY (vault, guest) REFERENCES guests ON DELETE CASCADE
);
