-- What a post goes on from that nobody has seen is asked for part by part, and the
-- titles of linked pages are kept in the same place: their source is '', their id the address.
ALTER TABLE referred ADD COLUMN goes_on_from TEXT NOT NULL DEFAULT ''; -- id of its author's post before it in a thread
