-- What the columns mean stands in ../sqlite/0006.sql.
CREATE TABLE referred (
    source   TEXT   NOT NULL,
    id       TEXT   NOT NULL,
    text     TEXT,
    asked_at BIGINT NOT NULL,
    PRIMARY KEY (source, id)
);
