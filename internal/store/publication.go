package store

import (
	"context"
	"database/sql"
	"errors"

	"onrecord"
	"onrecord/bot"
)

// waitsWith are a claimed publication ($1), and those of statements that wait under the same
// id ($2), whose messages are in the channel ($3), and that no attempt may have published.
const waitsWith = `p.channel = $2 AND p.state IN ('pending', 'sending') AND (p.id = $1 OR p.kind = $4 AND p.state = 'pending' AND NOT p.maybe AND EXISTS (
	SELECT 1 FROM deliveries m WHERE m.subject = p.subject AND m.channel = $3 AND m.kind = $5 AND m.seq = 0 AND m.message_id <> ''))`

func withWhat(d bot.Delivery) []any {
	return []any{d.ID, d.Channel, bot.ShownIn(d.Channel), onrecord.Publication, onrecord.Publication.Publishes()}
}

// lately bounds the history in which the newest publications are looked for: what waits is
// published or told in a digest before that many others are.
const lately = 64

// Publishing implements [bot.Outbox].
func (s *Store) Publishing(ctx context.Context, d bot.Delivery) (p bot.Publishing, err error) {
	err = forEachRow(ctx, s.r, func(rows *sql.Rows) error {
		var sent int64
		err := rows.Scan(&sent)
		p.Published = append(p.Published, at(sent))
		return err
	}, `SELECT sent_at FROM (SELECT sent_at FROM deliveries WHERE channel = $1 AND message_id <> '' ORDER BY id DESC LIMIT CAST($2 AS BIGINT)) AS lately
		ORDER BY sent_at DESC LIMIT CAST($3 AS BIGINT)`, d.Channel, lately, bot.PublishLimit)
	if err != nil {
		return p, err
	}
	var oldest, newest sql.NullInt64
	err = s.r.QueryRowContext(ctx, "SELECT count(*), min(p.owed_at), max(p.owed_at) FROM deliveries p WHERE "+waitsWith, withWhat(d)...).
		Scan(&p.Waiting, &oldest, &newest)
	p.Oldest, p.Newest = at(oldest.Int64), at(newest.Int64)
	return p, err
}

// Gather implements [bot.Outbox].
func (s *Store) Gather(ctx context.Context, d bot.Delivery) error {
	return s.write(ctx, oweDigest, func(tx *sql.Tx) error {
		if err := s.numbered(ctx, tx); err != nil {
			return err
		}
		now := s.now()
		var id int64
		err := tx.QueryRowContext(ctx, `INSERT INTO digests (channel, from_at, until_at)
			SELECT channel, (SELECT min(p.owed_at) FROM deliveries p WHERE `+waitsWith+`), CAST($6 AS BIGINT) FROM deliveries WHERE id = $1 AND epoch = $7 AND state = 'sending' RETURNING id`,
			append(withWhat(d), now, d.Epoch)...).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			return bot.ErrLost
		}
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "UPDATE deliveries AS p SET state = 'sent', sent_at = $6, owner = 0, told_in = $7 WHERE "+waitsWith, append(withWhat(d), now, id)...)
		if err != nil {
			return err
		}
		if err := s.enqueueDigest(ctx, tx, id, bot.ShownIn(d.Channel), d.Channel); err != nil {
			return err
		}
		return s.tell(ctx, tx)
	})
}

// enqueueDigest makes a digest owed to a channel, and that it is published; publishing is ""
// where nothing is.
func (s *Store) enqueueDigest(ctx context.Context, tx *sql.Tx, id int64, channel, publishing string) error {
	about := subject{name: onrecord.Digest{ID: id}.Number(), digest: nullInt64(id), kind: onrecord.DigestDue}
	if err := s.enqueue(ctx, tx, about, []string{channel}); err != nil || publishing == "" {
		return err
	}
	about.kind, about.turn = onrecord.DigestPublication, bot.DigestTurn
	return s.enqueue(ctx, tx, about, []string{publishing})
}
