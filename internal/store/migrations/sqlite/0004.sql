-- An article may quote several speakers on one case, and is judged anew when it
-- is updated: a decision belongs to a speaker and to a revision as well.
CREATE TABLE judged (
    post      INTEGER NOT NULL REFERENCES posts (seq),
    case_id   TEXT    NOT NULL,
    speaker   TEXT    NOT NULL,              -- who is quoted, for press accounts; '' for all others
    revision  TEXT    NOT NULL,              -- of the post that was judged
    verdict   TEXT    NOT NULL,
    score     REAL    NOT NULL,
    novelty   TEXT    NOT NULL,
    why       TEXT    NOT NULL,
    statement INTEGER REFERENCES statements (id),
    ruleset   TEXT    NOT NULL,
    reasons   TEXT    NOT NULL,              -- the evidence as JSON
    made_at   INTEGER NOT NULL,
    PRIMARY KEY (post, case_id, speaker, revision)
) STRICT, WITHOUT ROWID;
INSERT INTO judged (post, case_id, speaker, revision, verdict, score, novelty, why, statement, ruleset, reasons, made_at)
    SELECT d.post, d.case_id, '', p.revision, d.verdict, d.score, d.novelty, d.why, d.statement, d.ruleset, d.reasons, d.made_at
    FROM decisions d JOIN posts p ON p.seq = d.post;
DROP TABLE decisions;
ALTER TABLE judged RENAME TO decisions;
CREATE INDEX decisions_statement ON decisions (statement) WHERE statement IS NOT NULL;
CREATE INDEX decisions_verdict ON decisions (verdict);

-- Of a press account the newest revision is the post, and what it said before
-- is here, with the state it had then.
ALTER TABLE revisions ADD COLUMN state TEXT NOT NULL DEFAULT '';
