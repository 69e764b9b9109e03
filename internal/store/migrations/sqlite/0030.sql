-- A post came behind those by which a thread was replaced, as a part that thread had not: the seq of its last part; 0: it did not.
ALTER TABLE rechecks ADD COLUMN behind INTEGER NOT NULL DEFAULT 0;
