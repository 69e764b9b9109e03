-- What the columns mean stands in ../sqlite/0019.sql.
ALTER TABLE rechecks ADD COLUMN edits INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rechecks ADD COLUMN edited_at BIGINT NOT NULL DEFAULT 0;
