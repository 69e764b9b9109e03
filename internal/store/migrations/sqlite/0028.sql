-- When people at a place want the digest of a channel: a schedule; 'off': never; '': as the configuration has it.
ALTER TABLE channels ADD COLUMN digest TEXT NOT NULL DEFAULT '';
ALTER TABLE channels ADD COLUMN digest_since INTEGER NOT NULL DEFAULT 0; -- no time before counts
