-- What the column means stands in ../sqlite/0025.sql.
ALTER TABLE rechecks ADD COLUMN instead BIGINT NOT NULL DEFAULT 0;
CREATE INDEX rechecks_instead ON rechecks (instead) WHERE instead > 0;
