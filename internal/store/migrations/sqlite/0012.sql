-- What persons changed of statements that were shown. Nothing is overwritten: a
-- statement stays as it was judged, and is read with these.
CREATE TABLE corrections (
    statement INTEGER NOT NULL REFERENCES statements (id),
    n         INTEGER NOT NULL,              -- from 1
    withdrawn INTEGER NOT NULL,
    speaker   TEXT    NOT NULL,              -- whose it is from then on; '': as before
    role      TEXT    NOT NULL,
    was       TEXT    NOT NULL,              -- whose it was until then
    note      TEXT    NOT NULL,
    made_by   TEXT    NOT NULL,
    made_at   INTEGER NOT NULL,
    PRIMARY KEY (statement, n)
) STRICT, WITHOUT ROWID;
