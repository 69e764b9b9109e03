-- What the column means stands in ../sqlite/0029.sql.
ALTER TABLE statements ADD COLUMN look_until BIGINT NOT NULL DEFAULT 0;
DROP INDEX statements_held;
CREATE INDEX statements_held ON statements ((CASE WHEN look_until > release_at THEN look_until ELSE release_at END)) WHERE NOT released;
