-- What the column means stands in ../sqlite/0013.sql.
ALTER TABLE decisions ADD COLUMN proposed BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE decisions DROP CONSTRAINT decisions_pkey;
ALTER TABLE decisions ALTER COLUMN proposed DROP DEFAULT, ADD PRIMARY KEY (post, case_id, speaker, revision, proposed);
