-- What the columns mean stands in ../sqlite/0005.sql.
CREATE TABLE rereads (
    post    BIGINT NOT NULL REFERENCES posts (seq),
    case_id TEXT   NOT NULL,
    read_at BIGINT NOT NULL,
    PRIMARY KEY (post, case_id)
);

ALTER TABLE statements ADD COLUMN moved_to BIGINT;
CREATE INDEX statements_moved ON statements (moved_to) WHERE moved_to IS NOT NULL;
