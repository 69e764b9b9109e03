-- A person may say that a statement is not the same as the one it was marked to repeat.
ALTER TABLE corrections ADD COLUMN apart INTEGER NOT NULL DEFAULT 0; -- its number; 0: nothing of the kind
