-- Claims name their owner, so that two engines share one text of every query.
ALTER TABLE accounts ADD COLUMN owner INTEGER NOT NULL DEFAULT 0;
CREATE INDEX accounts_leased ON accounts (lease_until) WHERE lease_until > 0;

ALTER TABLE posts ADD COLUMN url TEXT NOT NULL DEFAULT '';
ALTER TABLE posts ADD COLUMN owner INTEGER NOT NULL DEFAULT 0;
ALTER TABLE posts ADD COLUMN lease_until INTEGER NOT NULL DEFAULT 0; -- being reviewed until then
UPDATE posts SET url = coalesce(json_extract(body, '$.URL'), '') WHERE json_valid(body);
CREATE INDEX posts_url ON posts (url) WHERE url <> '';

-- A gap is a time in which a source, or the program itself (place ''), was away
-- for so long that a reader could have missed something.
CREATE TABLE gaps (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    place    TEXT    NOT NULL,               -- name of the source kind
    from_at  INTEGER NOT NULL,
    until_at INTEGER NOT NULL,
    posts    INTEGER NOT NULL                -- recovered from it
) STRICT;
-- A post recovered from a gap is waiting, before it is unread, until the other
-- accounts behind the gap were asked.
ALTER TABLE posts ADD COLUMN gap INTEGER REFERENCES gaps (id);
CREATE INDEX posts_waiting ON posts (seq) WHERE state = 'waiting';

DROP INDEX statements_held;
CREATE INDEX statements_held ON statements (release_at) WHERE NOT released;
CREATE INDEX statements_thread ON statements (account, thread) WHERE thread <> '';

-- A notice may be about something else than a statement: subject is the name
-- people read for it.
CREATE TABLE owed (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    subject    TEXT    NOT NULL,
    statement  INTEGER REFERENCES statements (id),
    channel    TEXT    NOT NULL REFERENCES channels (id),
    kind       TEXT    NOT NULL,
    seq        INTEGER NOT NULL,
    key        TEXT    NOT NULL UNIQUE,
    message    BLOB    NOT NULL,
    state      TEXT    NOT NULL,
    attempt    INTEGER NOT NULL DEFAULT 0,
    strikes    INTEGER NOT NULL DEFAULT 0,
    maybe      INTEGER NOT NULL DEFAULT 0,   -- an earlier attempt may have delivered it
    owed_at    INTEGER NOT NULL,
    first_at   INTEGER,                      -- no message of this row is older
    next_at    INTEGER NOT NULL,
    owner      INTEGER NOT NULL DEFAULT 0,
    epoch      INTEGER NOT NULL DEFAULT 0,
    message_id TEXT    NOT NULL DEFAULT '',
    sent_at    INTEGER,
    last_error TEXT    NOT NULL DEFAULT '',
    UNIQUE (subject, channel, kind, seq)
) STRICT;
INSERT INTO owed SELECT id, printf('S-%04d', statement), statement, channel, kind, seq, key, message, state, attempt, strikes, maybe,
    owed_at, first_at, next_at, 0, epoch, message_id, sent_at, last_error FROM deliveries ORDER BY id;
DROP TABLE deliveries;
ALTER TABLE owed RENAME TO deliveries;
CREATE INDEX deliveries_owed ON deliveries (channel, id) WHERE state IN ('pending', 'sending');
CREATE INDEX deliveries_sending ON deliveries (owner) WHERE state = 'sending';
CREATE INDEX deliveries_sent ON deliveries (channel, id) WHERE message_id <> '';
CREATE INDEX deliveries_settled ON deliveries (channel, state) WHERE state NOT IN ('pending', 'sending');
CREATE INDEX deliveries_statement ON deliveries (statement) WHERE statement IS NOT NULL;
