package store

import (
	"context"
	"database/sql"
	"slices"

	"onrecord"
	"onrecord/bot"
)

// KeepInterest implements [bot.Interests].
func (s *Store) KeepInterest(ctx context.Context, i bot.Interest) error {
	return s.write(ctx, keepInterest, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO interests (channel, reader, name, words, speaker, quiet, made_at, off_why) VALUES ($1, $2, $3, $4, $5, $6, $7, '')
			ON CONFLICT (channel, reader, words, speaker) DO UPDATE SET name = excluded.name, quiet = excluded.quiet, made_at = excluded.made_at, off_why = ''`,
			i.Channel, i.Reader.ID, sanitize(i.Reader.Name), sanitize(i.Words), sanitize(i.Speaker), i.Quiet, s.now())
		return err
	})
}

// Interests implements [bot.Interests] and [bot.Outbox].
func (s *Store) Interests(ctx context.Context, channel, reader string) ([]bot.Interest, error) {
	return interests(ctx, s.r, "WHERE channel = $1 AND reader = $2", channel, reader)
}

func interests(ctx context.Context, q querier, where string, args ...any) (list []bot.Interest, err error) {
	err = forEachRow(ctx, q, func(rows *sql.Rows) error {
		var i bot.Interest
		err := rows.Scan(&i.Channel, &i.Reader.ID, &i.Reader.Name, &i.Words, &i.Speaker, &i.Quiet, &i.Off)
		list = append(list, i)
		return err
	}, "SELECT channel, reader, name, words, speaker, quiet, off_why FROM interests "+where+" ORDER BY made_at, words", args...)
	return list, err
}

// DropInterests implements [bot.Interests].
func (s *Store) DropInterests(ctx context.Context, channel, reader string) error {
	return s.write(ctx, keepInterest, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM interests WHERE channel = $1 AND reader = $2", channel, reader); err != nil {
			return err
		}
		return giveUp(ctx, tx, channel+bot.ReaderLane+reader, "the reader does not want it any more")
	})
}

// giveUp settles what a reader is owed, and is not told any more.
func giveUp(ctx context.Context, tx *sql.Tx, lane, why string) error {
	_, err := tx.ExecContext(ctx, "UPDATE deliveries SET state = 'dead', last_error = $1 WHERE channel = $2 AND state IN ('pending', 'sending')", sanitize(why), lane)
	return err
}

// switchOff keeps that a reader cannot be told any more, and why.
func switchOff(ctx context.Context, tx *sql.Tx, lane, why string) error {
	if _, err := tx.ExecContext(ctx, "UPDATE interests SET off_why = $1 WHERE channel || '"+bot.ReaderLane+"' || reader = $2", sanitize(why), lane); err != nil {
		return err
	}
	return giveUp(ctx, tx, lane, why)
}

// oweReaders makes a statement owed to those who asked for such, each in a lane of their own.
func (s *Store) oweReaders(ctx context.Context, tx *sql.Tx, about subject, st onrecord.Statement, channels []string) error {
	notice := onrecord.StatementNotice{Statement: st}
	if about.gap.Valid {
		notice.Gap = &onrecord.Gap{}
	}
	if _, worth := notice.News(); !worth || len(channels) == 0 {
		return nil
	}
	within := make([]any, len(channels))
	for i, c := range channels {
		within[i] = c
	}
	all, err := interests(ctx, tx, "WHERE off_why = '' AND channel IN ("+marks(1, len(channels))+")", within...)
	if err != nil {
		return err
	}
	about.kind = onrecord.Personal
	var lanes []string
	for _, i := range bot.AskedFor(all, st) {
		lane := i.Channel + bot.ReaderLane + i.Reader.ID
		if slices.Contains(lanes, lane) {
			continue
		}
		lanes = append(lanes, lane)
		_, err := tx.ExecContext(ctx, "INSERT INTO channels (id, notifier) SELECT CAST($1 AS TEXT), notifier FROM channels WHERE id = $2 ON CONFLICT (id) DO NOTHING", lane, i.Channel)
		if err != nil {
			return err
		}
	}
	return s.enqueue(ctx, tx, about, lanes)
}

// notOfReaders leaves out the lanes of readers, who are nobody's business.
const notOfReaders = " NOT LIKE '%" + bot.ReaderLane + "%'"
