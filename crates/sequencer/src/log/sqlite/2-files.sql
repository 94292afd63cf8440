-- Photos and files: sealed parts, in the order in which they came.
CREATE TABLE files (
    vault INTEGER NOT NULL REFERENCES vaults ON DELETE CASCADE,
    address BLOB NOT NULL,
    parts INTEGER NOT NULL, -- of how many
    there INTEGER NOT NULL, -- so many, from the first on
    bytes INTEGER NOT NULL, -- of the sealed parts that are there
    PRIMARY KEY (vault, address)
) STRICT, WITHOUT ROWID;

CREATE TABLE parts (
    place INTEGER PRIMARY KEY,
    vault INTEGER NOT NULL,
    address BLOB NOT NULL,
    number INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    UNIQUE (vault, address, number),
    FOREIGN KEY (vault, address) REFERENCES files ON DELETE CASCADE
) STRICT;
