-- What the columns mean stands in ../sqlite/0004.sql.
ALTER TABLE decisions ADD COLUMN speaker TEXT NOT NULL DEFAULT '', ADD COLUMN revision TEXT NOT NULL DEFAULT '';
UPDATE decisions d SET revision = p.revision FROM posts p WHERE p.seq = d.post;
ALTER TABLE decisions ALTER COLUMN speaker DROP DEFAULT, ALTER COLUMN revision DROP DEFAULT,
    DROP CONSTRAINT decisions_pkey, ADD PRIMARY KEY (post, case_id, speaker, revision);

ALTER TABLE revisions ADD COLUMN state TEXT NOT NULL DEFAULT '';
