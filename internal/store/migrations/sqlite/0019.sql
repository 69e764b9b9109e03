-- Edits of a post are told the more seldom the more there were.
ALTER TABLE rechecks ADD COLUMN edits INTEGER NOT NULL DEFAULT 0;     -- that readers were told of
ALTER TABLE rechecks ADD COLUMN edited_at INTEGER NOT NULL DEFAULT 0; -- when they were told of the last
