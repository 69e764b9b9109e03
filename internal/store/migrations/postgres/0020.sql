-- What the columns mean stands in ../sqlite/0021.sql.
ALTER TABLE deliveries ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
DROP INDEX deliveries_owed;
CREATE INDEX deliveries_owed ON deliveries (channel, turn, id) WHERE state IN ('pending', 'sending');
ALTER TABLE deliveries ADD COLUMN told_in BIGINT REFERENCES digests (id);
CREATE INDEX deliveries_told_in ON deliveries (told_in) WHERE told_in IS NOT NULL;
