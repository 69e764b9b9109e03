-- Until when channels have had their digests. The row of a digest that had nothing to say
-- has no delivery.
CREATE TABLE digests (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    channel  TEXT    NOT NULL,
    from_at  INTEGER NOT NULL,
    until_at INTEGER NOT NULL,
    UNIQUE (channel, until_at)
) STRICT;
ALTER TABLE deliveries ADD COLUMN digest INTEGER REFERENCES digests (id); -- it is
