-- What the column means stands in ../sqlite/0017.sql.
ALTER TABLE corrections ADD COLUMN apart BIGINT NOT NULL DEFAULT 0;
