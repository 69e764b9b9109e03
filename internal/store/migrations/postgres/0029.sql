-- What the column means stands in ../sqlite/0030.sql.
ALTER TABLE rechecks ADD COLUMN behind BIGINT NOT NULL DEFAULT 0;
