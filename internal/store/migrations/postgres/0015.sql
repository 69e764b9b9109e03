-- What the columns mean stands in ../sqlite/0016.sql.
CREATE TABLE rechecks (
    post        BIGINT PRIMARY KEY REFERENCES posts (seq),
    account     TEXT   NOT NULL,
    revision    TEXT   NOT NULL,
    told_at     BIGINT NOT NULL,
    seen_at     BIGINT NOT NULL,
    sight       TEXT   NOT NULL DEFAULT 'present',
    since_at    BIGINT NOT NULL DEFAULT 0,
    fate        TEXT   NOT NULL DEFAULT '',
    next_at     BIGINT NOT NULL,
    lease_until BIGINT NOT NULL DEFAULT 0,
    owner       BIGINT NOT NULL DEFAULT 0,
    epoch       BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX rechecks_due ON rechecks (next_at) WHERE next_at > 0;
CREATE INDEX rechecks_leased ON rechecks (lease_until) WHERE lease_until > 0;
INSERT INTO rechecks (post, account, revision, told_at, seen_at, next_at)
    SELECT p.seq, p.account, max(t.revision), max(s.release_at), p.seen_at, 1
    FROM statements s JOIN parts t ON t.statement = s.id JOIN posts p ON p.seq = t.post
    WHERE s.released AND s.number IS NOT NULL AND s.seen_at > (SELECT max(seen_at) FROM posts) - 2592000000 GROUP BY p.seq, p.account, p.seen_at;

CREATE TABLE fates (
    statement BIGINT NOT NULL REFERENCES statements (id),
    n         BIGINT NOT NULL,
    kind      TEXT   NOT NULL,
    from_at   BIGINT NOT NULL,
    until_at  BIGINT NOT NULL,
    body      TEXT   NOT NULL,
    PRIMARY KEY (statement, n)
);
