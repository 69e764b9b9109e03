-- What the operator should know of while it lasts.
CREATE TABLE incidents (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT    NOT NULL,
    subject    TEXT    NOT NULL,             -- id of an account or a channel, or name of a place
    text       TEXT    NOT NULL,
    began_at   INTEGER NOT NULL,
    told_at    INTEGER NOT NULL,             -- when channels were told last; 0: none is told yet
    seq        INTEGER NOT NULL,             -- how often its message was changed
    ended_at   INTEGER                       -- NULL: it lasts
) STRICT;
CREATE UNIQUE INDEX incidents_open ON incidents (kind, subject) WHERE ended_at IS NULL;

ALTER TABLE deliveries ADD COLUMN incident INTEGER REFERENCES incidents (id); -- it is about
CREATE INDEX deliveries_incident ON deliveries (incident) WHERE incident IS NOT NULL;
