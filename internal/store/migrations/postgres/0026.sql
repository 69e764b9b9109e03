-- What the columns mean stands in ../sqlite/0027.sql.
ALTER TABLE accounts ADD COLUMN handle TEXT NOT NULL DEFAULT '';
ALTER TABLE spend ADD COLUMN account TEXT NOT NULL DEFAULT '';
