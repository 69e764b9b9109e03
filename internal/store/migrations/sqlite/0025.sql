-- What its author posted again in place of a post stands for it from then on.
ALTER TABLE rechecks ADD COLUMN instead INTEGER NOT NULL DEFAULT 0; -- seq of that post; 0: nothing does
CREATE INDEX rechecks_instead ON rechecks (instead) WHERE instead > 0;
