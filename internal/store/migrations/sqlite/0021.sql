-- What waits to be published goes by its turn, and then in order; messages have none and
-- keep theirs.
ALTER TABLE deliveries ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
DROP INDEX deliveries_owed;
CREATE INDEX deliveries_owed ON deliveries (channel, turn, id) WHERE state IN ('pending', 'sending');
-- The digest that tells of a statement which was not published by itself.
ALTER TABLE deliveries ADD COLUMN told_in INTEGER REFERENCES digests (id);
CREATE INDEX deliveries_told_in ON deliveries (told_in) WHERE told_in IS NOT NULL;
