package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"onrecord"
	"onrecord/bot"
)

// LastDigest implements [bot.Digests]. The first time a channel is asked about is where its
// first digest begins.
func (s *Store) LastDigest(ctx context.Context, channel string) (time.Time, error) {
	const last = "SELECT max(until_at) FROM digests WHERE channel = $1"
	if at, err := s.queryTime(ctx, last, channel); err != nil || !at.IsZero() {
		return at, err
	}
	err := s.write(ctx, oweDigest, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO digests (channel, from_at, until_at) VALUES ($1, $2, $2) ON CONFLICT DO NOTHING", channel, s.now())
		return err
	})
	if err != nil {
		return time.Time{}, err
	}
	return s.queryTime(ctx, last, channel)
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
	covers, err := s.covers(ctx)
	if err != nil {
		return err
	}
	return s.write(ctx, oweDigest, func(tx *sql.Tx) error {
		if err := s.numbered(ctx, tx); err != nil {
			return err
		}
		var id int64
		err := tx.QueryRowContext(ctx, `INSERT INTO digests (channel, from_at, until_at, covers) SELECT CAST($1 AS TEXT), CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS TEXT)
			WHERE (SELECT max(until_at) FROM digests WHERE channel = $1) = $2 ON CONFLICT DO NOTHING RETURNING id`, channel, ms(from), ms(until), covers).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) { // another replica was first
			return nil
		}
		if err != nil {
			return err
		}
		var some bool
		err = tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM deliveries WHERE "+told+") OR EXISTS (SELECT 1 FROM gaps WHERE until_at >= $2 AND until_at < $3)", channel, ms(from), ms(until)).Scan(&some)
		if err != nil || !some {
			return err
		}
		if err := s.enqueueDigest(ctx, tx, id, channel, publishing); err != nil {
			return err
		}
		return s.tell(ctx, tx)
	})
}

// digest reads what a digest says.
func (s *Store) digest(ctx context.Context, id int64) (*onrecord.Digest, error) {
	d, channel, covers, from, until := &onrecord.Digest{ID: id}, "", "", int64(0), int64(0)
	if err := s.r.QueryRowContext(ctx, "SELECT channel, from_at, until_at, covers FROM digests WHERE id = $1", id).Scan(&channel, &from, &until, &covers); err != nil {
		return nil, err
	}
	d.From, d.Until = at(from), at(until)
	var lines []onrecord.DigestLine
	var statements []int64
	which, args := told, []any{channel, from, until}
	if d.Gathered = ofChannel(channel) != channel; d.Gathered {
		which, args = "id IN ("+gathered+")", []any{id, ofChannel(channel), onrecord.NewStatement}
	}
	err := forEachRow(ctx, s.r, func(rows *sql.Rows) error {
		var l onrecord.DigestLine
		err := rows.Scan(&l.Statement.ID, &l.Kind, &l.Message)
		lines, statements = append(lines, l), append(statements, l.Statement.ID)
		return err
	}, "SELECT statement, kind, message_id FROM deliveries WHERE "+which+" ORDER BY id", args...)
	if err != nil {
		return nil, err
	}
	read := map[int64]readStatement{}
	if len(statements) > 0 {
		if read, err = s.statementsByID(ctx, statements); err != nil {
			return nil, err
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
		return d, nil
	}
	var c covered
	if covers == "" { // one that became owed before this was kept
		if covers, err = s.covers(ctx); err != nil {
			return nil, err
		}
	}
	if err := json.Unmarshal([]byte(covers), &c); err != nil {
		return nil, fmt.Errorf("what %s covers cannot be read: %w", d.Number(), err)
	}
	d.Accounts, d.Unread, d.Waiting = c.Accounts, c.Unread, c.Waiting
	d.Gaps, err = s.gaps(ctx, "WHERE until_at >= $1 AND until_at < $2 ORDER BY id", from, until)
	return d, err
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
