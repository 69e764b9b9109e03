-- What the columns mean stands in ../sqlite/0010.sql.
CREATE TABLE parts (
    statement BIGINT NOT NULL REFERENCES statements (id),
    n         BIGINT NOT NULL,
    post      BIGINT NOT NULL REFERENCES posts (seq),
    revision  TEXT   NOT NULL,
    PRIMARY KEY (statement, n)
);

ALTER TABLE revisions ADD COLUMN thread TEXT NOT NULL DEFAULT '', ADD COLUMN url TEXT NOT NULL DEFAULT '';
