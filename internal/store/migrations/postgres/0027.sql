-- What the columns mean stands in ../sqlite/0028.sql.
ALTER TABLE channels ADD COLUMN digest TEXT NOT NULL DEFAULT '';
ALTER TABLE channels ADD COLUMN digest_since BIGINT NOT NULL DEFAULT 0;
