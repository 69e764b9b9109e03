-- What a digest covers, as it was when it became owed; '' for those before.
ALTER TABLE digests ADD COLUMN covers TEXT NOT NULL DEFAULT '';
