-- Accounts that people at places had tracked; the operator's own are in the configuration.
CREATE TABLE tracked (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT    NOT NULL UNIQUE,
    body    TEXT    NOT NULL,           -- what a configuration says of one, as JSON
    made_by TEXT    NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;
