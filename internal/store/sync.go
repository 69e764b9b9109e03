package store

import (
	"context"
	"database/sql"
	"time"

	"onrecord"
	"onrecord/sources"
)

// configured is what the database knows of an account's configuration.
type configured struct {
	source, speaker string
	active          bool
	every           int64
}

// Sync tells the database what is configured: new accounts are due at once, those
// missing are no longer pulled, and paused channels are probed, since the
// operator may have mended them. Only rows that differ are written, so that a
// replica that starts disturbs none that works.
func (s *Store) Sync(ctx context.Context, accounts []onrecord.Account, every func(id string) time.Duration, channels map[string]string) error {
	s.repaired.Store(0) // schedules may be others
	return s.write(ctx, syncConfig, func(tx *sql.Tx) error {
		known := map[string]configured{}
		err := forEachRow(ctx, tx, func(rows *sql.Rows) error {
			var id string
			var c configured
			err := rows.Scan(&id, &c.source, &c.speaker, &c.active, &c.every)
			known[id] = c
			return err
		}, "SELECT id, source, speaker, active, every FROM accounts")
		if err != nil {
			return err
		}
		for _, a := range accounts {
			want := configured{a.Source, a.ProfileKey(), true, every(a.ID).Milliseconds()}
			if is, ok := known[a.ID]; !ok || is != want {
				if err := s.configure(ctx, tx, a.ID, want); err != nil {
					return err
				}
			}
			delete(known, a.ID)
		}
		for id, gone := range known {
			if !gone.active {
				continue
			}
			if _, err := tx.ExecContext(ctx, "UPDATE accounts SET active = FALSE WHERE id = $1", id); err != nil {
				return err
			}
		}
		// What the operator may have mended since: a budget, or a token. Whoever asks too
		// often waits on.
		_, err = tx.ExecContext(ctx, "UPDATE accounts SET next_at = $1 WHERE active AND next_at > $1 AND trouble IN ($2, $3)", s.now(), sources.NoMoney, sources.Denied)
		if err != nil {
			return err
		}
		for id, notifier := range channels {
			_, err := tx.ExecContext(ctx, `INSERT INTO channels (id, notifier) VALUES ($1, $2)
				ON CONFLICT (id) DO UPDATE SET notifier = $2, probe_at = 0 WHERE channels.notifier <> $2 OR channels.probe_at > 0`, id, notifier)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Watched returns the ids of the accounts that are pulled, as the last [Store.Sync] left
// them.
func (s *Store) Watched(ctx context.Context) ([]string, error) {
	return column[string](ctx, s.r, "SELECT id FROM accounts WHERE active ORDER BY id")
}

// Speakers counts the statements of each speaker by case, whether or not either is
// still configured.
func (s *Store) Speakers(ctx context.Context) (map[string]map[string]int, error) {
	count := map[string]map[string]int{}
	return count, forEachRow(ctx, s.r, func(rows *sql.Rows) error {
		var id, speaker string
		var n int
		err := rows.Scan(&id, &speaker, &n)
		if count[id] == nil {
			count[id] = map[string]int{}
		}
		count[id][speaker] = n
		return err
	}, "SELECT case_id, speaker, count(*) FROM statements WHERE released AND lane <> "+setAside+" AND speaker <> '' GROUP BY case_id, speaker")
}

func (s *Store) configure(ctx context.Context, tx *sql.Tx, id string, c configured) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO accounts (id, source, speaker, active, every, next_at) VALUES ($1, $2, $3, TRUE, $4, $5)
		ON CONFLICT (id) DO UPDATE SET source = $2, speaker = $3, active = TRUE, every = $4`,
		id, c.source, c.speaker, c.every, s.now())
	return err
}

// repairDueTimes makes accounts due whose due time is further off than two intervals,
// and which no place told to wait: it was set for another schedule, or by a clock
// that ran ahead. Looking at all of them now and then is enough.
func (s *Store) repairDueTimes(ctx context.Context, now int64) error {
	if since := now - s.repaired.Load(); since >= 0 && since < repairEvery.Milliseconds() {
		return nil
	}
	s.repaired.Store(now)
	const wrong = "active AND trouble = '' AND next_at > $1 + 2 * every"
	if some, err := s.exists(ctx, "SELECT 1 FROM accounts WHERE "+wrong, now); err != nil || !some {
		return err
	}
	return s.write(ctx, repairTimes, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE accounts SET next_at = $1 WHERE "+wrong, now)
		return err
	})
}

// repairEvery is as often as the poll loop wakes without reason.
const repairEvery = 30 * time.Second
