-- What only a model reads as somebody's words in an article is decided apart from
-- what our own reading gives the same speaker.
CREATE TABLE judged (
    post      INTEGER NOT NULL REFERENCES posts (seq),
    case_id   TEXT    NOT NULL,
    speaker   TEXT    NOT NULL,
    revision  TEXT    NOT NULL,
    proposed  INTEGER NOT NULL,              -- only a model reads the words as the speaker's
    verdict   TEXT    NOT NULL,
    score     REAL    NOT NULL,
    novelty   TEXT    NOT NULL,
    why       TEXT    NOT NULL,
    statement INTEGER REFERENCES statements (id),
    ruleset   TEXT    NOT NULL,
    reasons   TEXT    NOT NULL,
    made_at   INTEGER NOT NULL,
    PRIMARY KEY (post, case_id, speaker, revision, proposed)
) STRICT, WITHOUT ROWID;
INSERT INTO judged (post, case_id, speaker, revision, proposed, verdict, score, novelty, why, statement, ruleset, reasons, made_at)
    SELECT post, case_id, speaker, revision, 0, verdict, score, novelty, why, statement, ruleset, reasons, made_at FROM decisions;
DROP TABLE decisions;
ALTER TABLE judged RENAME TO decisions;
CREATE INDEX decisions_statement ON decisions (statement) WHERE statement IS NOT NULL;
CREATE INDEX decisions_verdict ON decisions (verdict);
