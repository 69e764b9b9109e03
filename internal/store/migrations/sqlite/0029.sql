-- A statement that says a post again waits for a look at that, beside what it waits for of its own thread.
ALTER TABLE statements ADD COLUMN look_until INTEGER NOT NULL DEFAULT 0;
DROP INDEX statements_held;
CREATE INDEX statements_held ON statements ((CASE WHEN look_until > release_at THEN look_until ELSE release_at END)) WHERE NOT released;
