-- Times are integers: milliseconds since 1970 in UTC.
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE accounts (
    id          TEXT PRIMARY KEY,
    source      TEXT    NOT NULL,
    speaker     TEXT    NOT NULL,
    active      INTEGER NOT NULL,            -- 0: no longer configured, or without credentials
    every       INTEGER NOT NULL,            -- longest regular time between pulls, ms
    cursor      TEXT    NOT NULL DEFAULT '',
    next_at     INTEGER NOT NULL,
    lease_until INTEGER NOT NULL DEFAULT 0,
    epoch       INTEGER NOT NULL DEFAULT 0,
    fails       INTEGER NOT NULL DEFAULT 0,
    last_ok_at  INTEGER,                     -- NULL: no pull has ended well yet
    trouble     TEXT    NOT NULL DEFAULT '',
    last_error  TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX accounts_due ON accounts (next_at) WHERE active;

-- seq is the order of observation, the only order that later steps rely on.
CREATE TABLE posts (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    account    TEXT    NOT NULL,
    id         TEXT    NOT NULL,
    source     TEXT    NOT NULL,
    thread     TEXT    NOT NULL,
    revision   TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    state      TEXT    NOT NULL,             -- unread, read, baseline, damaged
    body       TEXT    NOT NULL,             -- the post as JSON
    raw        BLOB,
    UNIQUE (account, id)
) STRICT;
CREATE INDEX posts_unread ON posts (seq) WHERE state = 'unread';
CREATE INDEX posts_thread ON posts (account, thread) WHERE thread <> '';
CREATE INDEX posts_place ON posts (source, id);

-- What a post said later, under the same id.
CREATE TABLE revisions (
    account  TEXT    NOT NULL,
    id       TEXT    NOT NULL,
    revision TEXT    NOT NULL,
    seen_at  INTEGER NOT NULL,
    body     TEXT    NOT NULL,
    raw      BLOB,
    PRIMARY KEY (account, id, revision)
) STRICT;

CREATE TABLE statements (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id    TEXT    NOT NULL,
    speaker    TEXT    NOT NULL,
    lane       TEXT    NOT NULL,
    account    TEXT    NOT NULL,
    thread     TEXT    NOT NULL,
    seen_at    INTEGER NOT NULL,
    release_at INTEGER NOT NULL,             -- held until then, for the rest of its thread
    released   INTEGER NOT NULL,
    body       TEXT    NOT NULL              -- the statement as JSON
) STRICT;
CREATE INDEX statements_case ON statements (case_id, seen_at);
CREATE INDEX statements_held ON statements (release_at) WHERE released = 0;

CREATE TABLE decisions (
    post      INTEGER NOT NULL REFERENCES posts (seq),
    case_id   TEXT    NOT NULL,
    verdict   TEXT    NOT NULL,
    score     REAL    NOT NULL,
    novelty   TEXT    NOT NULL,
    why       TEXT    NOT NULL,
    statement INTEGER REFERENCES statements (id),
    ruleset   TEXT    NOT NULL,
    reasons   TEXT    NOT NULL,              -- the evidence as JSON
    made_at   INTEGER NOT NULL,
    PRIMARY KEY (post, case_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX decisions_statement ON decisions (statement) WHERE statement IS NOT NULL;
CREATE INDEX decisions_verdict ON decisions (verdict);

-- What the matcher knows of a speaker, saved with the decision it led to.
CREATE TABLE speakers (
    name  TEXT PRIMARY KEY,
    state TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE channels (
    id         TEXT PRIMARY KEY,
    notifier   TEXT    NOT NULL,
    paused_why TEXT    NOT NULL DEFAULT '',
    probe_at   INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- The outbox. next_at is the earliest start of a pending row and the end of the
-- lease of a sending one: one column, one index, one query for both.
CREATE TABLE deliveries (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    statement  INTEGER NOT NULL REFERENCES statements (id),
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
    epoch      INTEGER NOT NULL DEFAULT 0,
    message_id TEXT    NOT NULL DEFAULT '',
    sent_at    INTEGER,
    last_error TEXT    NOT NULL DEFAULT '',
    UNIQUE (statement, channel, kind, seq)
) STRICT;
CREATE INDEX deliveries_owed ON deliveries (channel, id) WHERE state IN ('pending', 'sending');
CREATE INDEX deliveries_sent ON deliveries (channel, id) WHERE message_id <> '';
CREATE INDEX deliveries_settled ON deliveries (channel, state) WHERE state NOT IN ('pending', 'sending');

CREATE TABLE spend (
    place TEXT    NOT NULL,
    day   TEXT    NOT NULL,                  -- of UTC
    class TEXT    NOT NULL,
    id    TEXT    NOT NULL,
    price INTEGER NOT NULL,                  -- millionths of a dollar
    PRIMARY KEY (place, day, class, id)
) STRICT, WITHOUT ROWID;
