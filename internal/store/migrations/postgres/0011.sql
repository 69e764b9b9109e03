-- What the table means stands in ../sqlite/0012.sql.
CREATE TABLE corrections (
    statement BIGINT  NOT NULL REFERENCES statements (id),
    n         INTEGER NOT NULL,
    withdrawn BOOLEAN NOT NULL,
    speaker   TEXT    NOT NULL,
    role      TEXT    NOT NULL,
    was       TEXT    NOT NULL,
    note      TEXT    NOT NULL,
    made_by   TEXT    NOT NULL,
    made_at   BIGINT  NOT NULL,
    PRIMARY KEY (statement, n)
);
