-- The posts of a statement, in the order in which they were said, as they were
-- when it was judged: the words are theirs. The body of a statement holds the rest.
CREATE TABLE parts (
    statement INTEGER NOT NULL REFERENCES statements (id),
    n         INTEGER NOT NULL,              -- from 0
    post      INTEGER NOT NULL REFERENCES posts (seq),
    revision  TEXT    NOT NULL,              -- that of the post, or one of its revisions
    PRIMARY KEY (statement, n)
) STRICT, WITHOUT ROWID;

-- What of a revision is in columns of posts. Bodies of version 0 have their own.
ALTER TABLE revisions ADD COLUMN thread TEXT NOT NULL DEFAULT '';
ALTER TABLE revisions ADD COLUMN url TEXT NOT NULL DEFAULT '';
