-- What the columns mean stands in ../sqlite/0014.sql.
CREATE TABLE questions (
    id       TEXT   PRIMARY KEY,
    question TEXT   NOT NULL,
    asked_at BIGINT NOT NULL
);
