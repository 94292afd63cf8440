-- Photos and files: sealed parts, in the order in which they came.
CREATE TABLE files (
    vault bigint NOT NULL REFERENCES vaults ON DELETE CASCADE,
    address bytea NOT NULL,
    parts bigint NOT NULL, -- of how many
    there bigint NOT NULL, -- so many, from the first on
    bytes bigint NOT NULL, -- of the sealed parts that are there
    PRIMARY KEY (vault, address)
);

CREATE TABLE parts (
    vault bigint NOT NULL,
    address bytea NOT NULL,
    number bigint NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (vault, address, number),
    FOREIGN KEY (vault, address) REFERENCES files ON DELETE CASCADE
);
-- What is sealed does not compress.
ALTER TABLE parts ALTER COLUMN sealed SET STORAGE EXTERNAL;
