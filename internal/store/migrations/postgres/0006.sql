-- Counts the changes of what is known of a speaker, so that nobody overwrites
-- what somebody else learned meanwhile.
ALTER TABLE speakers ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
