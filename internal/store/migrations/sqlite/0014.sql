-- What people asked, so that a button in the answer can ask for more of it.
CREATE TABLE questions (
    id       TEXT PRIMARY KEY,
    question TEXT    NOT NULL,
    asked_at INTEGER NOT NULL                -- last; old ones are thrown away
) STRICT;
