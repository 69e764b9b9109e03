-- Posts on the record are looked at again, on a schedule that slackens.
CREATE TABLE rechecks (
    post        INTEGER PRIMARY KEY REFERENCES posts (seq),
    account     TEXT    NOT NULL,
    revision    TEXT    NOT NULL,            -- as readers know it
    told_at     INTEGER NOT NULL,
    seen_at     INTEGER NOT NULL,            -- when it was seen last as readers know it
    sight       TEXT    NOT NULL DEFAULT 'present', -- that the last look met
    since_at    INTEGER NOT NULL DEFAULT 0,  -- when a look first met it; 0: present
    fate        TEXT    NOT NULL DEFAULT '', -- of its disappearance, that readers were told of
    next_at     INTEGER NOT NULL,            -- 0: it is not looked at any more
    lease_until INTEGER NOT NULL DEFAULT 0,
    owner       INTEGER NOT NULL DEFAULT 0,
    epoch       INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX rechecks_due ON rechecks (next_at) WHERE next_at > 0;
CREATE INDEX rechecks_leased ON rechecks (lease_until) WHERE lease_until > 0;
INSERT INTO rechecks (post, account, revision, told_at, seen_at, next_at)
    SELECT p.seq, p.account, max(t.revision), max(s.release_at), p.seen_at, 1
    FROM statements s JOIN parts t ON t.statement = s.id JOIN posts p ON p.seq = t.post
    WHERE s.released AND s.number IS NOT NULL AND s.seen_at > (SELECT max(seen_at) FROM posts) - 2592000000 GROUP BY p.seq;

-- What became of statements since they were told.
CREATE TABLE fates (
    statement INTEGER NOT NULL REFERENCES statements (id),
    n         INTEGER NOT NULL,              -- from 1
    kind      TEXT    NOT NULL,
    from_at   INTEGER NOT NULL,
    until_at  INTEGER NOT NULL,
    body      TEXT    NOT NULL,              -- of which posts, as JSON
    PRIMARY KEY (statement, n)
) STRICT, WITHOUT ROWID;
