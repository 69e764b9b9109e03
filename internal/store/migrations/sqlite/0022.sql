-- Channels of places that people subscribed there; the operator's own are in the configuration.
CREATE TABLE subscriptions (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    place   TEXT    NOT NULL,
    address TEXT    NOT NULL,           -- of the channel there
    case_id TEXT    NOT NULL,
    body    TEXT    NOT NULL,           -- which statements, and whether they are published, as JSON
    made_by TEXT    NOT NULL,
    made_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL DEFAULT 0  -- from when on it is over for good; 0: it stands
) STRICT;
CREATE UNIQUE INDEX subscriptions_standing ON subscriptions (place, address, case_id) WHERE ends_at = 0;

-- What people changed at places: who, when, where and what.
CREATE TABLE changes (
    n       INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    place   TEXT    NOT NULL,
    address TEXT    NOT NULL,           -- of the channel that it is about; '': of none
    made_by TEXT    NOT NULL,
    what    TEXT    NOT NULL
) STRICT;

ALTER TABLE channels ADD COLUMN held_until INTEGER NOT NULL DEFAULT 0; -- nothing is sent until then
