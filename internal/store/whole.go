package store

import (
	"context"
	"database/sql"

	"onrecord"
	"onrecord/bot"
)

// goOn makes owed what the message of a delivery had no room for, in the transaction that
// stores that it was sent: part by part, so that none comes before the one above it. Where
// the message may have been out before, so may what is below it. What was withdrawn goes on
// nowhere.
func (s *Store) goOn(ctx context.Context, tx *sql.Tx, d bot.Delivery) error {
	kind, seq := d.Kind.Rest(d.Seq)
	shown := bot.ShownIn(d.Channel)
	if kind == "" {
		return nil
	}
	var withdrawn bool
	if err := tx.QueryRowContext(ctx, "SELECT "+isWithdrawn("$1"), d.Statement).Scan(&withdrawn); err != nil || withdrawn {
		return err
	}
	// A subscription that was taken back meanwhile is held for good.
	_, err := tx.ExecContext(ctx, `INSERT INTO channels (id, notifier, held_until) SELECT CAST($1 AS TEXT), notifier, CASE WHEN held_until < $2 THEN 0 ELSE held_until END
		FROM channels WHERE id = $3 ON CONFLICT (id) DO NOTHING`, shown+bot.ThreadLane, never, shown)
	if err != nil {
		return err
	}
	about := subject{name: d.Subject, statement: nullInt64(d.Statement), kind: kind, seq: seq}
	if d.Maybe {
		about.since = nullInt64(d.FirstAt.UnixMilli())
	}
	if err := s.enqueue(ctx, tx, about, []string{shown + bot.ThreadLane}); err != nil {
		return err
	}
	return s.tell(ctx, tx)
}

// emptyWhole has every part that shows a statement in full changed once more: words were
// taken out of it. A change that is under way is made anew.
func (s *Store) emptyWhole(ctx context.Context, tx *sql.Tx, about subject, to bot.Audience) error {
	type part struct {
		channel string
		seq     int
	}
	var parts []part
	err := forEachRow(ctx, tx, func(rows *sql.Rows) error {
		var p part
		err := rows.Scan(&p.channel, &p.seq)
		if to.Has(bot.ShownIn(p.channel)) {
			parts = append(parts, p)
		}
		return err
	}, "SELECT channel, seq FROM deliveries WHERE subject = $1 AND kind = $2 AND (message_id <> '' OR state IN ('pending', 'sending')) ORDER BY id", about.name, onrecord.Whole)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "UPDATE deliveries SET state = 'pending', owner = 0, epoch = epoch + 1, next_at = $1 WHERE subject = $2 AND kind = $3", s.now(), about.name, onrecord.WholeChanged)
	about.kind = onrecord.WholeChanged
	for _, p := range parts {
		if about.seq = p.seq; err == nil {
			err = s.enqueue(ctx, tx, about, []string{p.channel})
		}
	}
	return err
}
