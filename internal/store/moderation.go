package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"

	"onrecord"
	"onrecord/bot"
	"onrecord/statements"
)

// waiting is the condition on statements that a person has to decide about.
const waiting = "lane = $1 AND released AND moved_to IS NULL AND NOT EXISTS (SELECT 1 FROM rulings r WHERE r.statement = statements.id)"

// quiet is the condition on statements that nobody is told of. It is asked for counts
// alone, so it has no column: it is the last field of a body, where no text can stand.
const quiet = `body LIKE '%,"quiet":true}'`

// standing leaves out statements that stand on the record under another number
// since a person accepted them, or their thread did.
const standing = "lane <> " + setAside + " AND moved_to IS NULL AND NOT EXISTS (SELECT 1 FROM rulings r WHERE r.statement = statements.id AND r.recorded IS NOT NULL)"

// Waiting implements [bot.ReviewQueue]. Damaged statements are left out.
func (s *Store) Waiting(ctx context.Context) ([]onrecord.Statement, error) {
	list, err := s.inContext(ctx, "WHERE "+waiting, onrecord.ForReview)
	return list, exceptDamaged(err)
}

// Rule implements [bot.ReviewQueue].
func (s *Store) Moderate(ctx context.Context, number int64, v onrecord.Label, by string) error {
	return s.write(ctx, keepModeration, func(tx *sql.Tx) error {
		// Readings wait: one that puts the same posts on the record comes before or after.
		if err := s.numbered(ctx, tx); err != nil {
			return err
		}
		var statement int64
		var speaker string
		err := tx.QueryRowContext(ctx, "SELECT id, speaker FROM statements WHERE "+waiting+" AND number = $2", onrecord.ForReview, number).Scan(&statement, &speaker)
		if errors.Is(err, sql.ErrNoRows) {
			return bot.ErrNotWaiting
		}
		if err != nil {
			return err
		}
		if speaker == "" && v.Accepts() {
			return bot.ErrNobodyNamed
		}
		first, err := changedOne(tx.ExecContext(ctx, `INSERT INTO rulings (statement, verdict, decided_by, made_at, followed_at)
			VALUES ($1, $2, $3, $4, 0) ON CONFLICT (statement) DO NOTHING`, statement, v, sanitize(by), s.now()))
		if err != nil {
			return err
		}
		if !first {
			return bot.ErrNotWaiting
		}
		return s.tell(ctx, tx)
	})
}

// NextModeration implements [bot.Reviews].
func (s *Store) NextModeration(ctx context.Context) (*statements.Moderation, error) {
	var id int64
	r := &statements.Moderation{}
	err := s.r.QueryRowContext(ctx, `SELECT r.statement, r.verdict FROM rulings r JOIN statements s ON s.id = r.statement
		WHERE r.followed_at = 0 AND s.lane <> `+setAside+` ORDER BY r.made_at, r.statement LIMIT 1`).Scan(&id, &r.Label)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	list, err := s.inContext(ctx, "WHERE id = $1", id)
	if err != nil || len(list) == 0 {
		return nil, s.withoutDamaged(ctx, err)
	}
	r.Statement = list[0]
	for _, p := range r.Statement.Parts {
		around, err := nearby(ctx, s.r, p)
		if err != nil {
			return nil, err
		}
		r.Nearby = append(r.Nearby, around...)
	}
	r.Profile, err = s.profile(ctx, "SELECT name, state, version FROM speakers WHERE name = $1", r.Statement.ProfileKey())
	if err != nil {
		return nil, s.withoutDamaged(ctx, err)
	}
	return r, nil
}

// FollowModeration implements [bot.Reviews]. An accepted statement gets the next number,
// so that numbers rise in the order readers see; the one that reviewers saw stays.
func (s *Store) FollowModeration(ctx context.Context, r statements.Moderation, follows statements.Moderated, to bot.Audience) error {
	return s.write(ctx, followModeration, func(tx *sql.Tx) error {
		if err := s.numbered(ctx, tx); err != nil {
			return err
		}
		first, err := changedOne(tx.ExecContext(ctx, "UPDATE rulings SET followed_at = $1 WHERE statement = $2 AND followed_at = 0", s.now(), r.Statement.ID))
		if err != nil || !first {
			return cmp.Or(err, bot.ErrLost)
		}
		if kept, err := keepProfile(ctx, tx, r.Statement.Account, r.Statement.ProfileKey(), follows.Learned); err != nil || !kept {
			return cmp.Or(err, bot.ErrLost)
		}
		if follows.Statement == nil {
			return nil
		}
		id, err := s.apply(ctx, tx, statements.Opens{Statement: *follows.Statement}, to)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "UPDATE decisions SET statement = $1 WHERE statement = $2", id, r.Statement.ID); err != nil {
			return err
		}
		if _, err = tx.ExecContext(ctx, "UPDATE rulings SET recorded = $1 WHERE statement = $2", id, r.Statement.ID); err != nil {
			return err
		}
		if _, err = tx.ExecContext(ctx, "UPDATE statements SET "+change+" WHERE id = $1", r.Statement.ID); err != nil {
			return err
		}
		return reread(ctx, tx, r.Statement.Case, follows.Reread)
	})
}
