-- A post is judged again on a case when its thread has a statement on it that
-- it did not have before: once for each case.
CREATE TABLE rereads (
    post    INTEGER NOT NULL REFERENCES posts (seq),
    case_id TEXT    NOT NULL,
    read_at INTEGER NOT NULL,                -- 0: the post is unread because of it
    PRIMARY KEY (post, case_id)
) STRICT, WITHOUT ROWID;

-- The number under which all posts of a borderline statement stand on the record
-- since they were judged again.
ALTER TABLE statements ADD COLUMN moved_to INTEGER;
CREATE INDEX statements_moved ON statements (moved_to) WHERE moved_to IS NOT NULL;
