-- A person's verdicts on borderline statements.
CREATE TABLE rulings (
    statement   BIGINT PRIMARY KEY REFERENCES statements (id),
    verdict     TEXT   NOT NULL,
    decided_by  TEXT   NOT NULL,
    made_at     BIGINT NOT NULL,
    followed_at BIGINT NOT NULL,
    recorded    BIGINT REFERENCES statements (id)
);
CREATE INDEX rulings_open ON rulings (made_at) WHERE followed_at = 0;
CREATE INDEX rulings_recorded ON rulings (recorded) WHERE recorded IS NOT NULL;
