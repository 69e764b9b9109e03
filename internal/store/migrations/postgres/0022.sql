-- What the columns mean stands in ../sqlite/0023.sql.
CREATE TABLE interests (
    channel TEXT   NOT NULL,
    reader  TEXT   NOT NULL,
    name    TEXT   NOT NULL,
    words   TEXT   NOT NULL,
    speaker TEXT   NOT NULL,
    quiet   TEXT   NOT NULL,
    made_at BIGINT NOT NULL,
    off_why TEXT   NOT NULL,
    PRIMARY KEY (channel, reader, words, speaker)
);
