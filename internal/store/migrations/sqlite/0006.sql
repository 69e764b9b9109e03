-- What posts say that ours answer or quote, where it was asked for: context of a
-- decision, never somebody's statement. It is asked for once.
CREATE TABLE referred (
    source   TEXT    NOT NULL,
    id       TEXT    NOT NULL,
    text     TEXT,                           -- NULL: it cannot be read, or is no longer kept
    asked_at INTEGER NOT NULL,
    PRIMARY KEY (source, id)
) STRICT;
