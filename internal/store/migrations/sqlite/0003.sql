-- A person's verdicts on borderline statements.
CREATE TABLE rulings (
    statement   INTEGER PRIMARY KEY REFERENCES statements (id),
    verdict     TEXT    NOT NULL,
    decided_by  TEXT    NOT NULL,
    made_at     INTEGER NOT NULL,
    followed_at INTEGER NOT NULL,            -- 0: nothing has followed from it yet
    recorded    INTEGER REFERENCES statements (id) -- its number on the record, when it was accepted
) STRICT;
CREATE INDEX rulings_open ON rulings (made_at) WHERE followed_at = 0;
CREATE INDEX rulings_recorded ON rulings (recorded) WHERE recorded IS NOT NULL;
