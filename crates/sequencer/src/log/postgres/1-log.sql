-- Who, in one word each; the values are 16 and 32 random bytes.
CREATE TABLE identity (name text PRIMARY KEY, value bytea NOT NULL);

CREATE TABLE invitations (
    hash bytea PRIMARY KEY, -- BLAKE3 of the invitation
    expires bigint NOT NULL
);

-- Short rows, with room for their next version on the same page: this one is written with every
-- push, and no index has to be.
CREATE TABLE vaults (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id bytea NOT NULL UNIQUE,
    incarnation bytea NOT NULL,
    head bigint NOT NULL DEFAULT 0,
    chain bytea NOT NULL DEFAULT '\x00000000000000000000000000000000',
    bytes bigint NOT NULL DEFAULT 0 -- of sealed changes
) WITH (fillfactor = 50);

CREATE TABLE papers (
    vault bigint PRIMARY KEY REFERENCES vaults ON DELETE CASCADE,
    version bigint NOT NULL, -- of the manifest
    manifest bytea NOT NULL,
    keyring bytea NOT NULL
);

CREATE TABLE recoveries (
    id bytea PRIMARY KEY,
    vault bigint NOT NULL UNIQUE REFERENCES vaults ON DELETE CASCADE,
    key bytea NOT NULL
);

CREATE TABLE tokens (
    hash bytea PRIMARY KEY, -- BLAKE3 of the token
    vault bigint NOT NULL REFERENCES vaults ON DELETE CASCADE,
    device bytea, -- NULL: whoever came with the recovery words
    expires bigint NOT NULL,
    touched bigint NOT NULL
);
CREATE INDEX tokens_of_a_vault ON tokens (vault);

CREATE TABLE spent (
    challenge bytea PRIMARY KEY, -- BLAKE3 of a challenge that was answered
    expires bigint NOT NULL
);

-- The logs. No foreign key: it would lock the vault's row once more for every change.
CREATE TABLE changes (
    vault bigint NOT NULL,
    sequence bigint NOT NULL,
    row_id bytea NOT NULL,
    stamp bytea NOT NULL, -- 16 bytes, so that no collation can change their order
    chain bytea NOT NULL, -- the log's chain after this change
    digest bytea NOT NULL, -- of vault, row, stamp and sealed: finds a change that comes again
    bytes bigint NOT NULL, -- sealed ones of the log up to here: where a page ends is then known
    sealed bytea NOT NULL,
    PRIMARY KEY (vault, sequence)
);
CREATE UNIQUE INDEX changes_by_digest ON changes (digest);
-- What is sealed does not compress.
ALTER TABLE changes ALTER COLUMN sealed SET STORAGE EXTERNAL;
