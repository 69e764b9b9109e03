-- What an account is called at its place, as its source said last; '': it says nothing.
ALTER TABLE accounts ADD COLUMN handle TEXT NOT NULL DEFAULT '';
-- For which account it was read; '': for none.
ALTER TABLE spend ADD COLUMN account TEXT NOT NULL DEFAULT '';
