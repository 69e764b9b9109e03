-- Whom messages called. A role is not called again about a case for a while.
CREATE TABLE pings (
    delivery INTEGER NOT NULL REFERENCES deliveries (id),
    role     TEXT    NOT NULL,               -- the place's id of it
    channel  TEXT    NOT NULL,
    case_id  TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (delivery, role)
) STRICT, WITHOUT ROWID;
CREATE INDEX pings_last ON pings (channel, case_id, role, at);
