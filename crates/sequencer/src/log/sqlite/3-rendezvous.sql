-- Where a new device meets one of a vault, for two minutes.
CREATE TABLE rendezvous (
    id BLOB PRIMARY KEY,
    new BLOB NOT NULL, -- BLAKE3 of the new device's ticket
    taker BLOB, -- and of the other one's, once there is one
    expires INTEGER NOT NULL,
    said BLOB NOT NULL -- the messages, each behind two bytes of length
) STRICT, WITHOUT ROWID;
