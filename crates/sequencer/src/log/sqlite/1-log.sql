-- Who, in one word each; the values are 16 and 32 random bytes.
CREATE TABLE identity (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE invitations (
    hash BLOB PRIMARY KEY, -- BLAKE3 of the invitation
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Short rows: this one is written with every push.
CREATE TABLE vaults (
    number INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice
    id BLOB NOT NULL UNIQUE,
    incarnation BLOB NOT NULL,
    head INTEGER NOT NULL DEFAULT 0,
    chain BLOB NOT NULL DEFAULT (zeroblob(16)),
    bytes INTEGER NOT NULL DEFAULT 0 -- of sealed changes
) STRICT;

CREATE TABLE papers (
    vault INTEGER PRIMARY KEY REFERENCES vaults ON DELETE CASCADE,
    version INTEGER NOT NULL, -- of the manifest
    manifest BLOB NOT NULL,
    keyring BLOB NOT NULL
) STRICT;

CREATE TABLE recoveries (
    id BLOB PRIMARY KEY,
    vault INTEGER NOT NULL UNIQUE REFERENCES vaults ON DELETE CASCADE,
    key BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
    hash BLOB PRIMARY KEY, -- BLAKE3 of the token
    vault INTEGER NOT NULL REFERENCES vaults ON DELETE CASCADE,
    device BLOB, -- NULL: whoever came with the recovery words
    expires INTEGER NOT NULL,
    touched INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tokens_of_a_vault ON tokens (vault);

CREATE TABLE spent (
    challenge BLOB PRIMARY KEY, -- BLAKE3 of a challenge that was answered
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The logs. A vault's rows stand together in their order, because the key begins with its number:
-- `place` is the vault's number times 2^40 plus the sequence.
CREATE TABLE changes (
    place INTEGER PRIMARY KEY,
    row BLOB NOT NULL,
    stamp BLOB NOT NULL,
    chain BLOB NOT NULL, -- the log's chain after this change
    digest BLOB NOT NULL, -- of vault, row, stamp and sealed: finds a change that comes again
    sealed BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX changes_by_digest ON changes (digest);
