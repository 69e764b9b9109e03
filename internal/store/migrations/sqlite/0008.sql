-- A message is rendered when its turn has come: a delivery that was not attempted
-- yet has an empty one, and says which state of its subject it tells of.
ALTER TABLE deliveries ADD COLUMN gap INTEGER REFERENCES gaps (id); -- it is about, or that the statement was recovered from
ALTER TABLE deliveries ADD COLUMN mirrors INTEGER NOT NULL DEFAULT 0; -- how many of the statement's places it names
UPDATE deliveries SET gap = CAST(substr(subject, 3) AS INTEGER) WHERE kind = 'gap';
UPDATE deliveries SET mirrors = seq WHERE kind = 'also';
