package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/statements"
)

// NextUnread implements [bot.Reviews].
func (s *Store) NextUnread(ctx context.Context) (*bot.Unread, error) {
	var row postRow
	var source string
	var seq, seen int64
	u := &bot.Unread{}
	if err := s.endWaits(ctx); err != nil {
		return nil, err
	}
	err := s.claimPost(ctx, &seq, &row.account, &row.id, &row.revision, &row.thread, &row.url, &row.body, &source, &seen)
	if errors.Is(err, sql.ErrNoRows) { // none is unread, or another replica reviews the oldest
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	u.Known.Seen = at(seen)
	if u.Post, err = row.post(); err != nil {
		return nil, s.withoutDamaged(ctx, damagedPost(seq, row, err))
	}
	if err := s.loadContext(ctx, u, source); err != nil {
		return nil, s.withoutDamaged(ctx, err)
	}
	if u.Known.Before, err = s.before(ctx, seq); err != nil {
		return nil, s.withoutDamaged(ctx, err)
	}
	u.Known.Nearby, err = nearby(ctx, s.r, u.Post)
	return u, err
}

// reviewLease bounds how long a replica that is only paused holds up the others.
const reviewLease = 2 * time.Minute

// claimPost takes the oldest unread post for review. Nobody reviews a later one
// meanwhile: what is judged of a post depends on all before it.
func (s *Store) claimPost(ctx context.Context, into ...any) error {
	if unread, err := s.exists(ctx, "SELECT 1 FROM posts WHERE state = "+postUnread+" AND seq < coalesce((SELECT min(seq) FROM posts WHERE state = "+postWaiting+"), seq + 1)"); err != nil || !unread {
		return cmp.Or(err, sql.ErrNoRows)
	}
	owner, err := s.owner()
	if err != nil {
		return err
	}
	return s.write(ctx, claimPost, func(tx *sql.Tx) error {
		t := s.now()
		return tx.QueryRowContext(ctx, `UPDATE posts SET owner = $1, lease_until = $2
			WHERE seq = (SELECT seq FROM posts WHERE state = `+postUnread+` ORDER BY seq LIMIT 1) AND state = `+postUnread+`
				AND NOT EXISTS (SELECT 1 FROM posts w WHERE w.state = `+postWaiting+` AND w.seq < posts.seq) AND (owner = $1 OR lease_until <= $3)
			RETURNING seq, account, id, revision, thread, url, body, source, seen_at`, owner, t+reviewLease.Milliseconds(), t).Scan(into...)
	})
}

// loadContext fills in what the record says about the post's thread, the post it
// replies to and the one it quotes, and what was learned of its stream.
func (s *Store) loadContext(ctx context.Context, u *bot.Unread, source string) (err error) {
	p, k := &u.Post, &u.Known
	if k.Baseline, err = s.baseline(ctx, *p); err != nil {
		return err
	}
	if k.Instead, err = s.instead(ctx, *p); err != nil {
		return err
	}
	if p.Thread != "" {
		var next sql.NullInt64
		err := s.r.QueryRowContext(ctx, `SELECT count(*), min(CASE WHEN state = `+postUnread+` THEN created_at END) FROM posts
			WHERE account = $1 AND thread = $2 AND id <> $3`, p.Account, p.Thread, p.ID).Scan(&k.Siblings, &next)
		if err != nil {
			return err
		}
		k.Next = at(next.Int64)
		if k.Thread, err = column[string](ctx, s.r, "SELECT DISTINCT case_id FROM statements WHERE account = $1 AND thread = $2 AND lane = $3 AND NOT "+isWithdrawn("statements.id"), p.Account, p.Thread, onrecord.Record); err != nil {
			return err
		}
		k.Held, err = s.inContext(ctx, "WHERE NOT released AND lane <> "+setAside+" AND account = $1 AND thread = $2 AND "+heldUntil+" > $3", p.Account, p.Thread, k.Seen.UnixMilli())
		if err != nil {
			return err
		}
	}
	if k.ReplyTo, err = s.referred(ctx, u, p.ReplyTo, source); err != nil {
		return err
	}
	if k.Quotes, err = s.referred(ctx, u, p.Quotes, source); err != nil {
		return err
	}
	if p.Kind == onrecord.Thread && p.ReplyTo != nil {
		if k.Parts, k.Missing, err = s.threadBefore(ctx, source, p.ReplyTo.ID); err != nil {
			return err
		}
	}
	if k.Untitled, err = s.untitled(ctx, p); err != nil {
		return err
	}
	k.Profile, err = s.profile(ctx, "SELECT name, state, version FROM speakers WHERE name = (SELECT speaker FROM accounts WHERE id = $1)", p.Account)
	return err
}

// instead is the post on the record that a post stands for; nil: it stands for none.
func (s *Store) instead(ctx context.Context, p onrecord.Post) (*statements.Instead, error) {
	var is statements.Instead
	var revision string
	err := s.r.QueryRowContext(ctx, `SELECT o.account, o.id, r.revision FROM rechecks r JOIN posts o ON o.seq = r.post
		WHERE r.instead > 0 AND r.instead = (SELECT seq FROM posts WHERE account = $1 AND id = $2)`, p.Account, sanitize(p.ID)).Scan(&is.Of.Account, &is.Of.ID, &revision)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err == nil {
		is.Said, err = s.said(ctx, p, revision)
	}
	return &is, err
}

// profile reads what was learned of a stream.
func (s *Store) profile(ctx context.Context, query string, args ...any) (p statements.Profile, err error) {
	var stream string
	var state []byte
	err = s.r.QueryRowContext(ctx, query, args...).Scan(&stream, &state, &p.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return p, nil
	}
	if err != nil {
		return p, err
	}
	if p.State, err = readProfile(state); err != nil {
		return p, damagedProfile(stream, p.Version, err)
	}
	return p, nil
}

// keepProfile stores what was learned from posts of an account, unless somebody
// else learned more of the stream meanwhile. An account that changed hands in the
// configuration has nothing to be compared with.
func keepProfile(ctx context.Context, tx *sql.Tx, account, stream string, p statements.Profile) (kept bool, err error) {
	state, err := bodyOfProfile(p.State)
	if err != nil {
		return false, fmt.Errorf("keep what was learned of %s: %w", stream, err)
	}
	return changedOne(tx.ExecContext(ctx, `INSERT INTO speakers (name, state, version) VALUES ($1, $2, 1)
		ON CONFLICT (name) DO UPDATE SET state = $2, version = speakers.version + 1
		WHERE speakers.version = $3 OR NOT EXISTS (SELECT 1 FROM accounts WHERE id = $4 AND speaker = $1)`, stream, string(state), p.Version, account))
}

// baseline returns what a post said when its account began to be watched, if it
// was there then and has changed since.
func (s *Store) baseline(ctx context.Context, p onrecord.Post) (string, error) {
	row := postRow{account: p.Account, id: sanitize(p.ID)}
	err := s.r.QueryRowContext(ctx, "SELECT revision, body FROM revisions WHERE account = $1 AND id = $2 AND state = "+postBaseline, row.account, row.id).Scan(&row.revision, &row.body)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	was, err := row.post()
	if err != nil {
		return "", damagedBaseline(row, err)
	}
	return was.Text, nil
}

// Record implements [bot.Reviews].
func (s *Store) Record(ctx context.Context, r statements.Reading, to bot.Audience) ([]int64, error) {
	ids, err := s.recordReading(ctx, r, to)
	if refused(err) { // nor will it ever be stored, and the next post must not wait for it
		err = s.withoutDamaged(ctx, damagedReading(r, err))
	}
	return ids, err
}

func (s *Store) recordReading(ctx context.Context, r statements.Reading, to bot.Audience) ([]int64, error) {
	return write(ctx, s, recordReading, func(tx *sql.Tx) ([]int64, error) {
		if err := s.numbered(ctx, tx); err != nil {
			return nil, err
		}
		var seq int64
		err := tx.QueryRowContext(ctx, `UPDATE posts SET state = `+postRead+`, owner = 0, lease_until = 0
			WHERE account = $1 AND id = $2 AND revision = $3 AND state = `+postUnread+` RETURNING seq`, r.Post.Account, r.Post.ID, r.Post.Revision).Scan(&seq)
		if errors.Is(err, sql.ErrNoRows) {
			return nil, bot.ErrLost
		}
		if err != nil {
			return nil, err
		}
		if r.Learned != nil {
			if kept, err := keepProfile(ctx, tx, r.Post.Account, r.ProfileKey, *r.Learned); err != nil || !kept {
				return nil, cmp.Or(err, bot.ErrLost)
			}
		}
		read := s.now() // one time for all findings: decisions are listed in the order in which posts were read
		if _, err := tx.ExecContext(ctx, "UPDATE rereads SET read_at = $1 WHERE post = $2 AND read_at = 0", read, seq); err != nil {
			return nil, err
		}
		ids := make([]int64, len(r.Findings))
		for i, f := range r.Findings {
			if ids[i], err = s.recordFinding(ctx, tx, seq, read, r, f, to); err != nil {
				return nil, fmt.Errorf("record the decision on %s: %w", r.Post.Key(), err)
			}
		}
		return ids, nil
	})
}

// recordFinding stores a finding with its effect, and makes those posts unread that
// its thread may say more about now.
func (s *Store) recordFinding(ctx context.Context, tx *sql.Tx, post, read int64, r statements.Reading, f statements.Finding, to bot.Audience) (statement int64, err error) {
	if r.Again { // what a person decided meanwhile stands
		if ruled, err := ruled(ctx, tx, post, f.Case, r.Post.Revision); err != nil || ruled {
			return 0, cmp.Or(err, bot.ErrLost)
		}
	}
	if err := reread(ctx, tx, f.Case, f.Reread); err != nil {
		return 0, err
	}
	if err := s.lookNow(ctx, tx, f.Recheck); err != nil {
		return 0, err
	}
	if statement, err = s.apply(ctx, tx, f.Effect, to); err != nil {
		return 0, err
	}
	return statement, recordDecision(ctx, tx, post, r.Post.Revision, read, f, statement)
}

// apply makes the effect of a finding and returns the statement it led to; 0: none.
func (s *Store) apply(ctx context.Context, tx *sql.Tx, effect statements.Effect, to bot.Audience) (id int64, err error) {
	switch e := effect.(type) {
	case statements.Opens:
		id, err = s.openStatement(ctx, tx, e.Statement)
		if err == nil {
			e.Statement.ID = id
			err = s.hold(ctx, tx, &e.Statement, e.Hold, to)
		}
		return e.Statement.ID, err
	case statements.Joins:
		// One that was released while the post was read as a part of it: the post is read anew.
		if err = writeStatement(ctx, tx, e.Statement, " AND NOT released"); err == nil {
			err = s.hold(ctx, tx, &e.Statement, e.Hold, to)
		}
		return e.Statement.ID, err
	case statements.Repeats:
		return e.Statement.ID, s.mention(ctx, tx, e, to)
	case statements.Moves:
		if id, err = s.apply(ctx, tx, e.To, to); err == nil {
			err = leave(ctx, tx, e.From, id)
		}
		return id, err
	}
	return 0, nil
}

// openStatement inserts a statement, which nobody is told of yet.
func (s *Store) openStatement(ctx context.Context, tx *sql.Tx, st onrecord.Statement) (id int64, err error) {
	err = tx.QueryRowContext(ctx, `INSERT INTO statements (case_id, speaker, lane, account, thread, seen_at, release_at, released, body)
		VALUES ($1, $2, $3, $4, $5, $6, 0, FALSE, '') RETURNING id`, st.Case, st.Speaker, st.Lane, st.Account, st.First().Thread, st.Seen.UnixMilli()).Scan(&id)
	if err != nil {
		return 0, err
	}
	st.ID = id
	return id, writeStatement(ctx, tx, st, "")
}

// heldUntil is when a statement is held no longer. The index on what is held has the same words.
const heldUntil = "CASE WHEN look_until > release_at THEN look_until ELSE release_at END"

// hold keeps a statement back, or releases it at once: what waited for unread parts alone must
// not fall behind what was said later.
func (s *Store) hold(ctx context.Context, tx *sql.Tx, st *onrecord.Statement, h statements.Hold, to bot.Audience) error {
	var until int64
	err := tx.QueryRowContext(ctx, "UPDATE statements SET release_at = $1, look_until = CASE WHEN look_until < $2 THEN $2 ELSE look_until END WHERE id = $3 RETURNING "+heldUntil,
		ms(h.Parts), ms(h.Look), st.ID).Scan(&until)
	if err == nil && until <= s.now() {
		err = s.release(ctx, tx, st, to)
	}
	return err
}

// mention notes another place where the words of a statement stand. What is held
// tells of it when it is released.
func (s *Store) mention(ctx context.Context, tx *sql.Tx, e statements.Repeats, to bot.Audience) error {
	if !e.Mentioned {
		return nil
	}
	// One that a person corrected or withdrew since it was compared: the post is read anew.
	const asCompared = " AND (SELECT count(*) FROM corrections c WHERE c.statement = statements.id) = %d"
	if err := writeStatement(ctx, tx, e.Statement, fmt.Sprintf(asCompared, len(e.Statement.Corrections))); err != nil {
		return err
	}
	var number sql.NullInt64
	err := tx.QueryRowContext(ctx, "SELECT number FROM statements WHERE id = $1", e.Statement.ID).Scan(&number)
	if err != nil || !number.Valid {
		return err
	}
	e.Statement.No = number.Int64
	return s.owe(ctx, tx, onrecord.AlsoSaid, len(e.Statement.Mirrors), e.Statement, to)
}

// recordDecision stores a decision. One on the same words is made anew only when
// an article went back to an earlier revision; then the newer one stands.
func recordDecision(ctx context.Context, tx *sql.Tx, post int64, revision string, made int64, f statements.Finding, statement int64) error {
	reasons, err := bodyOfDecision(f.Decision)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO decisions (post, case_id, speaker, revision, proposed, verdict, score, novelty, why, statement, ruleset, reasons, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (post, case_id, speaker, revision, proposed) DO UPDATE SET verdict = excluded.verdict, score = excluded.score, novelty = excluded.novelty,
		why = excluded.why, statement = excluded.statement, ruleset = excluded.ruleset, reasons = excluded.reasons, made_at = excluded.made_at`,
		post, f.Case, f.Speaker, revision, f.Proposed, f.Label, f.Score, f.Novelty, f.Why, nullInt64(statement), f.Ruleset, string(reasons), made)
	return err
}

// Release implements [bot.Reviews].
func (s *Store) Release(ctx context.Context, all bool, to bot.Audience) error {
	until := s.now()
	if all {
		until = math.MaxInt64
	}
	const due = "WHERE NOT released AND lane <> " + setAside + " AND (" + heldUntil + " <= $1 OR " + heldUntil + " > $2)"
	wrong := s.now() + bot.LongestWait.Milliseconds()
	// The ends of the index, since PostgreSQL without statistics reads the whole table for the same question asked as above.
	const some = "SELECT 1 WHERE (SELECT min(" + heldUntil + ") FROM statements WHERE NOT released AND lane <> " + setAside + ") <= $1 OR (SELECT max(" + heldUntil + ") FROM statements WHERE NOT released AND lane <> " + setAside + ") > $2"
	if some, err := s.exists(ctx, some, until, wrong); err != nil || !some {
		return err
	}
	err := s.write(ctx, releaseStatements, func(tx *sql.Tx) error {
		if err := s.numbered(ctx, tx); err != nil {
			return err
		}
		held, err := readStatements(ctx, tx, due, until, wrong)
		if err != nil {
			return err
		}
		for _, st := range held {
			if err := s.release(ctx, tx, &st, to); err != nil {
				return err
			}
		}
		return nil
	})
	return s.withoutDamaged(ctx, err)
}

// release gives a statement the next number, so that numbers rise in the order
// readers see, and inserts what it owes, once.
func (s *Store) release(ctx context.Context, tx *sql.Tx, st *onrecord.Statement, to bot.Audience) error {
	err := tx.QueryRowContext(ctx, `UPDATE statements SET released = TRUE, release_at = $1, number = (SELECT coalesce(max(number), 0) + 1 FROM statements), `+change+`
		WHERE id = $2 AND NOT released RETURNING number`, s.now(), st.ID).Scan(&st.No)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	if !st.Quiet {
		if err := s.watch(ctx, tx, st.ID); err != nil {
			return err
		}
	}
	return s.owe(ctx, tx, onrecord.NewStatement, 0, *st, to)
}

// change marks a statement as changed, for those who have read it before: the
// mark is higher than any other.
const change = "changed = (SELECT coalesce(max(c.changed), 0) + 1 FROM statements c)"

// latestFirst orders statements as readers saw them; what is held comes after all.
const latestFirst = "number IS NULL DESC, number DESC, id DESC"

// owe puts into the outbox that those who follow a statement are to be told of it.
func (s *Store) owe(ctx context.Context, tx *sql.Tx, kind onrecord.NoticeKind, seq int, st onrecord.Statement, to bot.Audience) error {
	about := subject{name: st.Number(), statement: nullInt64(st.ID), kind: kind, seq: seq, mirrors: len(st.Mirrors)}
	channels := to.Of(st)
	if kind.Changes() == "" { // a change of a message can be made twice
		if s.suspects.of(st, s.now()) {
			about.since = nullInt64(s.suspects.from)
		}
		gap, err := gapOf(ctx, tx, st)
		if err != nil {
			return err
		}
		if gap != 0 {
			about.gap = nullInt64(gap)
			first := subject{name: onrecord.Gap{ID: gap}.Number(), gap: about.gap, kind: onrecord.CaughtUp}
			if err := s.enqueue(ctx, tx, first, channels); err != nil {
				return err
			}
		}
	}
	if err := s.enqueue(ctx, tx, about, channels); err != nil {
		return err
	}
	if kind == onrecord.Personal.Beside() {
		if err := s.oweReaders(ctx, tx, about, st, channels); err != nil {
			return err
		}
	}
	if about.kind = onrecord.Publication; kind == about.kind.Publishes() {
		about.turn = bot.TurnOf(st)
		if err := s.enqueue(ctx, tx, about, to.Publishing(st)); err != nil {
			return err
		}
	}
	return s.tell(ctx, tx)
}

// NextRelease implements [bot.Reviews].
func (s *Store) NextRelease(ctx context.Context) (time.Time, error) {
	return s.queryTime(ctx, `SELECT min(t) FROM (SELECT min(`+heldUntil+`) AS t FROM statements WHERE NOT released AND lane <> `+setAside+`
		UNION ALL SELECT min(g.until_at) + $1 FROM gaps g JOIN posts p ON p.gap = g.id WHERE p.state = `+postWaiting+`) AS due`, gapWait.Milliseconds())
}
