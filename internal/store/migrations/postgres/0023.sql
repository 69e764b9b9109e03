-- What the column means stands in ../sqlite/0024.sql.
ALTER TABLE digests ADD COLUMN covers TEXT NOT NULL DEFAULT '';
