package store

import (
	"cmp"
	"context"
	"database/sql"

	"onrecord"
	"onrecord/bot"
)

// isWithdrawn is the condition that a person withdrew the statement of an id.
func isWithdrawn(id string) string {
	return "EXISTS (SELECT 1 FROM corrections c WHERE c.statement = " + id + " AND c.withdrawn)"
}

// corrections returns what persons changed of a statement, the oldest first.
func corrections(ctx context.Context, q querier, statement int64) (list []onrecord.Correction, err error) {
	err = forEachRow(ctx, q, func(rows *sql.Rows) error {
		var c onrecord.Correction
		var made int64
		err := rows.Scan(&c.No, &c.Withdrawn, &c.Speaker, &c.Role, &c.Was, &c.Distinct, &c.Note, &c.By, &made)
		c.At = at(made)
		list = append(list, c)
		return err
	}, "SELECT n, withdrawn, speaker, role, was, apart, note, made_by, made_at FROM corrections WHERE statement = $1 ORDER BY n", statement)
	return list, err
}

// Correct implements [bot.ReviewQueue]. What the correction owes is stored with it: in
// each channel that showed the statement its message is changed, and answered. Where it
// was not shown yet, one that is withdrawn never is.
func (s *Store) Correct(ctx context.Context, number int64, c onrecord.Correction) (channels []string, err error) {
	return write(ctx, s, keepCorrection, func(tx *sql.Tx) ([]string, error) {
		// Readings wait: one that takes a post for a repetition of it comes before or after.
		if err := s.numbered(ctx, tx); err != nil {
			return nil, err
		}
		list, err := readStatements(ctx, tx, "WHERE number = $1 AND lane = $2", number, onrecord.Record)
		if err != nil || len(list) == 0 {
			return nil, cmp.Or(err, bot.ErrNotOnRecord)
		}
		st := list[0]
		if len(st.Corrections) != c.No-1 { // somebody was quicker
			return nil, bot.ErrLost
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO corrections (statement, n, withdrawn, speaker, role, was, apart, note, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			st.ID, c.No, c.Withdrawn, sanitize(c.Speaker), sanitize(c.Role), sanitize(c.Was), c.Distinct, sanitize(c.Note), sanitize(c.By), s.now())
		if err != nil {
			return nil, err
		}
		if _, err := tx.ExecContext(ctx, "UPDATE statements SET "+change+" WHERE id = $1", st.ID); err != nil {
			return nil, err
		}
		if c.Withdrawn {
			if err := unsay(ctx, tx, st.ID); err != nil {
				return nil, err
			}
		}
		return s.oweCorrection(ctx, tx, st, c)
	})
}

// unsay takes out of the outbox what readers were surely not shown of a statement yet, what
// was to be published of it, and what was to go on below its message.
func unsay(ctx context.Context, tx *sql.Tx, statement int64) error {
	const untold = "statement = $1 AND state = 'pending' AND NOT maybe"
	_, err := tx.ExecContext(ctx, "DELETE FROM deliveries WHERE "+untold+" AND channel IN (SELECT channel FROM deliveries WHERE "+untold+" AND kind = $2)", statement, onrecord.Correcting.Answers())
	if err == nil {
		_, err = tx.ExecContext(ctx, "DELETE FROM deliveries WHERE statement = $1 AND state = 'pending' AND (kind = $2 OR kind = $3 AND NOT maybe)", statement, onrecord.Publication, onrecord.Whole)
	}
	return err
}

// oweCorrection makes what a correction changes owed to the channels whose readers saw
// the statement, or may have, and returns them.
func (s *Store) oweCorrection(ctx context.Context, tx *sql.Tx, st onrecord.Statement, c onrecord.Correction) (channels []string, err error) {
	if channels, err = channelsTold(ctx, tx, st.Number(), onrecord.Correcting.Answers()); err != nil {
		return nil, err
	}
	for _, kind := range []onrecord.NoticeKind{onrecord.Corrected, onrecord.Correcting} {
		about := subject{name: st.Number(), statement: nullInt64(st.ID), kind: kind, seq: c.No, mirrors: len(st.Mirrors)}
		if err := s.enqueue(ctx, tx, about, channels); err != nil {
			return nil, err
		}
	}
	if c.Withdrawn || c.Speaker != "" {
		if err := s.redrawDigests(ctx, tx, st.ID, func(string) bool { return true }); err != nil {
			return nil, err
		}
	}
	return channels, s.tell(ctx, tx)
}

// correctedLately returns the newest corrections, the newest first.
func (s *Store) correctedLately(ctx context.Context, limit int) (list []bot.StoredCorrection, err error) {
	err = forEachRow(ctx, s.r, func(rows *sql.Rows) error {
		var c bot.StoredCorrection
		var made int64
		err := rows.Scan(&c.Statement, &c.No, &c.Withdrawn, &c.Speaker, &c.Role, &c.Was, &c.Distinct, &c.Note, &c.By, &made)
		c.At = at(made)
		list = append(list, c)
		return err
	}, `SELECT s.number, c.n, c.withdrawn, c.speaker, c.role, c.was, c.apart, c.note, c.made_by, c.made_at FROM corrections c JOIN statements s ON s.id = c.statement
		ORDER BY c.made_at DESC, s.number DESC, c.n DESC LIMIT CAST($1 AS BIGINT)`, limit)
	return list, err
}
