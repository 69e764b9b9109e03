-- What the columns mean stands in ../sqlite/0008.sql.
ALTER TABLE deliveries ADD COLUMN gap BIGINT REFERENCES gaps (id), ADD COLUMN mirrors BIGINT NOT NULL DEFAULT 0;
UPDATE deliveries SET gap = CAST(substr(subject, 3) AS BIGINT) WHERE kind = 'gap';
UPDATE deliveries SET mirrors = seq WHERE kind = 'also';
