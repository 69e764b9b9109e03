package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"onrecord"
	"onrecord/bot"
)

// Digested implements [bot.Digests].
func (s *Store) Digested(ctx context.Context, channel string) (time.Time, error) {
	return s.queryTime(ctx, "SELECT max(until_at) FROM digests WHERE channel = $1", channel)
}

// LastDigest implements [bot.Digests]. Where people wanted one first is where the first digest
// of a channel begins, or else where it is first asked about.
func (s *Store) LastDigest(ctx context.Context, channel string) (time.Time, error) {
	if at, err := s.Digested(ctx, channel); err != nil || !at.IsZero() {
		return at, err
	}
	err := s.write(ctx, oweDigest, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO digests (channel, from_at, until_at) SELECT CAST($1 AS TEXT), t, t FROM (
			SELECT coalesce((SELECT digest_since FROM channels WHERE id = $1 AND digest_since BETWEEN 1 AND $2), CAST($2 AS BIGINT)) AS t) AS since WHERE TRUE
			ON CONFLICT DO NOTHING`, channel, s.now())
		return err
	})
	if err != nil {
		return time.Time{}, err
	}
	return s.Digested(ctx, channel)
}

// DigestPlans implements [bot.Digests].
func (s *Store) DigestPlans(ctx context.Context) (map[string]bot.DigestPlan, error) {
	plans := map[string]bot.DigestPlan{}
	return plans, forEachRow(ctx, s.r, func(rows *sql.Rows) error {
		var id, spec string
		var since int64
		err := rows.Scan(&id, &spec, &since)
		plans[id] = bot.DigestPlan{Schedule: spec, Since: at(since)}
		return err
	}, "SELECT id, digest, digest_since FROM channels WHERE digest <> ''")
}

// PlanDigest implements [bot.Digests].
func (s *Store) PlanDigest(ctx context.Context, channel, spec string, c bot.MadeChange) error {
	return s.write(ctx, keepChange, func(tx *sql.Tx) error {
		there, err := changedOne(tx.ExecContext(ctx, "UPDATE channels SET digest = $1, digest_since = $2 WHERE id = $3 AND held_until < $4", spec, s.now(), channel, never))
		if err != nil || !there {
			return cmp.Or(err, bot.ErrUnsubscribed)
		}
		return s.keepChange(ctx, tx, c)
	})
}

// told is the condition on deliveries about statements to a channel that became owed in a
// time, and were not surely lost.
const told = "channel = $1 AND owed_at >= $2 AND owed_at < $3 AND state <> 'dead' AND statement IS NOT NULL"

// Frozen when it becomes owed: a digest that is changed later covers what it covered.
type covered struct {
	Accounts int      `json:"accounts"`
	Unread   []string `json:"unread,omitempty"`
	Waiting  int      `json:"waiting,omitempty"`
}

// redrawDigests owes that the digests which tell of a statement are changed, in the channels
// that can still be told, and empties those messages.
func (s *Store) redrawDigests(ctx context.Context, tx *sql.Tx, statement int64, there func(channel string) bool) error {
	type told struct {
		id      int64
		channel string
		seq     int
	}
	var list []told
	err := forEachRow(ctx, tx, func(rows *sql.Rows) error {
		var d told
		err := rows.Scan(&d.id, &d.channel, &d.seq)
		list = append(list, d)
		return err
	}, `SELECT g.id, x.channel, (SELECT coalesce(max(c.seq), 0) + 1 FROM deliveries c WHERE c.subject = x.subject AND c.channel = x.channel AND c.kind = $2)
		FROM digests g JOIN deliveries x ON x.digest = g.id AND x.kind = $3 AND x.state <> 'dead'
		WHERE EXISTS (SELECT 1 FROM deliveries d WHERE d.statement = $1 AND (d.told_in = g.id OR d.channel = g.channel AND d.owed_at >= g.from_at AND d.owed_at < g.until_at)) ORDER BY g.id`,
		statement, onrecord.DigestChanged, onrecord.DigestDue)
	if err != nil {
		return err
	}
	for _, d := range list {
		if _, err := tx.ExecContext(ctx, "UPDATE deliveries SET message = substr(message, 1, 0) WHERE digest = $1 AND length(message) > 0", d.id); err != nil {
			return err
		}
		if !there(d.channel) {
			continue
		}
		about := subject{name: onrecord.Digest{ID: d.id}.Number(), digest: nullInt64(d.id), kind: onrecord.DigestChanged, seq: d.seq}
		if err := s.enqueue(ctx, tx, about, []string{d.channel}); err != nil {
			return err
		}
	}
	return nil
}

// gathered are the deliveries to a channel ($2) of the statements that a digest ($1) tells of
// since they were not published by themselves.
const gathered = "SELECT m.id FROM deliveries p JOIN deliveries m ON m.subject = p.subject AND m.channel = $2 AND m.kind = $3 AND m.seq = 0 WHERE p.told_in = $1"

// OweDigest implements [bot.Digests].
func (s *Store) OweDigest(ctx context.Context, channel, publishing string, from, until time.Time) error {
	_, err := s.oweDigest(ctx, channel, publishing, from, until, nil)
	return err
}

// PostDigest implements [bot.Digests].
func (s *Store) PostDigest(ctx context.Context, channel, publishing string, from, until time.Time, c bot.MadeChange) (bool, error) {
	return s.oweDigest(ctx, channel, publishing, from, until, &c)
}

// oweDigest reports whether a digest became owed. With a change it is one that somebody
// wants, of a channel that may have had none yet.
func (s *Store) oweDigest(ctx context.Context, channel, publishing string, from, until time.Time, wanted *bot.MadeChange) (owed bool, err error) {
	covers, err := s.covers(ctx)
	if err != nil {
		return false, err
	}
	return write(ctx, s, oweDigest, func(tx *sql.Tx) (owed bool, err error) {
		if err := s.numbered(ctx, tx); err != nil {
			return false, err
		}
		if wanted != nil {
			if _, err := tx.ExecContext(ctx, "INSERT INTO digests (channel, from_at, until_at) SELECT CAST($1 AS TEXT), CAST($2 AS BIGINT), CAST($2 AS BIGINT) WHERE NOT EXISTS (SELECT 1 FROM digests WHERE channel = $1)", channel, ms(from)); err != nil {
				return false, err
			}
		}
		var id int64
		err = tx.QueryRowContext(ctx, `INSERT INTO digests (channel, from_at, until_at, covers) SELECT CAST($1 AS TEXT), CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS TEXT)
			WHERE (SELECT max(until_at) FROM digests WHERE channel = $1) = $2 ON CONFLICT DO NOTHING RETURNING id`, channel, ms(from), ms(until), covers).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) { // another replica was first
			return false, nil
		}
		if err != nil {
			return false, err
		}
		err = tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM deliveries WHERE "+told+") OR EXISTS (SELECT 1 FROM gaps WHERE until_at >= $2 AND until_at < $3)", channel, ms(from), ms(until)).Scan(&owed)
		if err != nil || !owed {
			return false, err
		}
		if err := s.enqueueDigest(ctx, tx, id, channel, publishing); err != nil || wanted == nil {
			return true, cmp.Or(err, s.tell(ctx, tx))
		}
		return true, s.keepChange(ctx, tx, *wanted)
	})
}

// DigestNow implements [bot.Digests].
func (s *Store) DigestNow(ctx context.Context, channel string, from, until time.Time) (onrecord.Digest, error) {
	d := &onrecord.Digest{From: from, Until: until}
	err := s.fillDigest(ctx, d, channel, "")
	return *d, err
}

// digest reads what a digest says.
func (s *Store) digest(ctx context.Context, id int64) (*onrecord.Digest, error) {
	d, channel, covers, from, until := &onrecord.Digest{ID: id}, "", "", int64(0), int64(0)
	if err := s.r.QueryRowContext(ctx, "SELECT channel, from_at, until_at, covers FROM digests WHERE id = $1", id).Scan(&channel, &from, &until, &covers); err != nil {
		return nil, err
	}
	d.From, d.Until = at(from), at(until)
	if strings.Contains(channel, bot.FilingsLane) {
		var f filedUntil
		if err := json.Unmarshal([]byte(covers), &f); err != nil {
			return nil, fmt.Errorf("what %s tells of dockets cannot be read: %w", d.Number(), err)
		}
		d.Filings = f.Filings
		return d, nil
	}
	return d, s.fillDigest(ctx, d, channel, covers)
}

// fillDigest reads what a channel was told in the time of a digest. What it covers is read
// now, unless that was kept.
func (s *Store) fillDigest(ctx context.Context, d *onrecord.Digest, channel, covers string) (err error) {
	var lines []onrecord.DigestLine
	var statements []int64
	which, args := told, []any{channel, ms(d.From), ms(d.Until)}
	if d.Gathered = bot.ShownIn(channel) != channel; d.Gathered {
		which, args = "id IN ("+gathered+")", []any{d.ID, bot.ShownIn(channel), onrecord.NewStatement}
	}
	err = forEachRow(ctx, s.r, func(rows *sql.Rows) error {
		var l onrecord.DigestLine
		var owed int64
		err := rows.Scan(&l.Statement.ID, &l.Kind, &l.Message, &owed)
		l.At = at(owed)
		lines, statements = append(lines, l), append(statements, l.Statement.ID)
		return err
	}, "SELECT statement, kind, message_id, owed_at FROM deliveries WHERE "+which+" ORDER BY id", args...)
	if err != nil {
		return err
	}
	read := map[int64]readStatement{}
	if len(statements) > 0 {
		if read, err = s.statementsByID(ctx, statements); err != nil {
			return err
		}
	}
	for _, l := range lines {
		st := read[l.Statement.ID]
		if st.err != nil || len(st.Parts) == 0 || d.Gathered && st.Withdrawn() { // a damaged one is told of elsewhere
			continue
		}
		switch l.Statement = st.Statement; {
		case l.Kind.Answers() != "":
			d.Changes = append(d.Changes, l)
		case l.Kind.Needs() == "":
			d.Statements = append(d.Statements, l)
		}
	}
	if d.Gathered {
		return nil
	}
	var c covered
	if covers == "" { // or one that became owed before this was kept
		if covers, err = s.covers(ctx); err != nil {
			return err
		}
	}
	if err := json.Unmarshal([]byte(covers), &c); err != nil {
		return fmt.Errorf("what %s covers cannot be read: %w", d.Number(), err)
	}
	d.Accounts, d.Unread, d.Waiting = c.Accounts, c.Unread, c.Waiting
	d.Gaps, err = s.gaps(ctx, "WHERE until_at >= $1 AND until_at < $2 ORDER BY id", ms(d.From), ms(d.Until))
	return err
}

// covers says what a digest of this moment covers.
func (s *Store) covers(ctx context.Context) (string, error) {
	st := bot.Status{Now: s.Now()}
	if err := s.accountStatus(ctx, &st); err != nil {
		return "", err
	}
	c := covered{Accounts: len(st.Accounts)}
	for _, a := range st.Accounts {
		if a.Stale(st.Now, st.Now) {
			c.Unread = append(c.Unread, a.ID)
		}
	}
	if err := s.r.QueryRowContext(ctx, "SELECT count(*) FROM statements WHERE "+waiting, onrecord.ForReview).Scan(&c.Waiting); err != nil {
		return "", err
	}
	text, err := json.Marshal(c)
	return string(text), err
}
