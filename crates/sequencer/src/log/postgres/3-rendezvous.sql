-- Where a new device meets one of a vault, for two minutes.
CREATE TABLE rendezvous (
    id bytea PRIMARY KEY,
    new bytea NOT NULL, -- BLAKE3 of the new device's ticket
    taker bytea, -- and of the other one's, once there is one
    expires bigint NOT NULL,
    said bytea NOT NULL -- the messages, each behind two bytes of length
);
