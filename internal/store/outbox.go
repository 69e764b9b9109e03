package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/notifiers"
)

// subject is what a delivery is about; a channel is told of it once.
type subject struct {
	name      string
	statement sql.NullInt64
	gap       sql.NullInt64 // it is about, or that the statement was recovered from
	incident  sql.NullInt64 // it is about
	digest    sql.NullInt64 // it is
	turn      bot.Turn
	mirrors   int // of the statement that the notice tells of
	kind      onrecord.NoticeKind
	seq       int
	since     sql.NullInt64 // it may have been delivered since then, by a database we do not have
}

// enqueue makes a notice owed to channels. It has no message until it is rendered.
func (s *Store) enqueue(ctx context.Context, tx *sql.Tx, about subject, channels []string) error {
	if !about.kind.Known() {
		return fmt.Errorf("there is no kind of notice %q", about.kind)
	}
	for _, channel := range channels {
		key := onrecord.DeliveryKey{Instance: s.instance, Channel: channel, Subject: about.name, Notice: about.kind.Short(about.seq)}
		_, err := tx.ExecContext(ctx, `INSERT INTO deliveries (subject, statement, gap, mirrors, channel, kind, seq, key, message, state, owed_at, next_at, maybe, first_at, incident, digest, turn)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12, $13, $14, $15, $16) ON CONFLICT (subject, channel, kind, seq) DO NOTHING`,
			about.name, about.statement, about.gap, about.mirrors, channel, about.kind, about.seq, key.String(), []byte{}, bot.Pending, s.now(), about.since.Valid, about.since, about.incident, about.digest, about.turn)
		if err != nil {
			return err
		}
	}
	return nil
}

// channelsTold are those that are owed, or were delivered, a notice about a subject.
func channelsTold(ctx context.Context, tx *sql.Tx, about string, kind onrecord.NoticeKind) ([]string, error) {
	return column[string](ctx, tx, "SELECT channel FROM deliveries WHERE subject = $1 AND kind = $2 AND state <> $3 ORDER BY channel", about, kind, bot.Dead)
}

// stillThere are the channels that were told of something and can still be told.
func stillThere(ctx context.Context, tx *sql.Tx, about string, kind onrecord.NoticeKind, to bot.Audience) ([]string, error) {
	told, err := channelsTold(ctx, tx, about, kind)
	return slices.DeleteFunc(told, func(channel string) bool { return !to.Has(channel) }), err
}

// oldestOwed finds the oldest owed delivery of each open channel, or the foremost of what
// it publishes, by one step into the index for each: neither the backlog nor the history
// makes it slower.
const (
	oldestOwed = ` FROM channels c JOIN deliveries d ON d.id = (
		SELECT id FROM deliveries WHERE channel = c.id AND state IN ('pending', 'sending') ORDER BY turn, id LIMIT 1
	) WHERE ` + unpaused
	unpaused = "d.channel NOT IN (SELECT id FROM channels WHERE paused_why <> '')"
	unheld   = "d.channel NOT IN (SELECT id FROM channels WHERE held_until > $1)"
	dueNow   = "(d.next_at <= $1 OR d.next_at > $2)"
	// owedByID asks PostgreSQL by what is excluded: the states of owed ones would lead it through the whole backlog.
	owedByID = "d.state NOT IN ('sent', 'dead', 'uncertain') AND " + unpaused
)

// beyond is from when on a due time can only come from a clock that ran ahead.
func beyond(now int64) int64 { return now + bot.LongestWait.Milliseconds() }

// ahead is how many deliveries behind the oldest that has no message are looked at
// with it: a backlog is read and rendered in runs, and by one replica.
const ahead = 48

// Due implements [bot.Outbox].
func (s *Store) Due(ctx context.Context, limit int) (heads []int64, first []bot.Unrendered, err error) {
	t := s.now()
	var unrendered []any
	err = forEachRow(ctx, s.r, func(rows *sql.Rows) error {
		var id int64
		var rendered bool
		err := rows.Scan(&id, &rendered)
		if heads = append(heads, id); !rendered {
			unrendered = append(unrendered, id)
		}
		return err
	}, "SELECT d.id, length(d.message) > 0"+oldestOwed+" AND "+unheld+" AND "+dueNow+" ORDER BY d.next_at LIMIT CAST($3 AS BIGINT)", t, beyond(t), limit)
	if err != nil || len(unrendered) == 0 {
		return heads, nil, err
	}
	first, err = s.unrendered(ctx, unrendered)
	return heads, first, err
}

// unrendered reads the notices of deliveries, and of those right behind the oldest.
func (s *Store) unrendered(ctx context.Context, ids []any) ([]bot.Unrendered, error) {
	oldest := slices.MinFunc(ids, func(a, b any) int { return cmp.Compare(a.(int64), b.(int64)) }).(int64)
	which := marks(3, len(ids))
	return s.notices(ctx, `(d.id BETWEEN $1 AND $2 OR d.id IN (`+which+`)) AND length(d.message) = 0
		AND (d.digest IS NULL OR d.id IN (`+which+`)) AND `+ // what a digest leads to is sent before it is rendered
		owedByID, append([]any{oldest, oldest + ahead}, ids...)...)
}

// notices reads what deliveries tell.
func (s *Store) notices(ctx context.Context, where string, args ...any) (list []bot.Unrendered, err error) {
	type facts struct {
		kind           onrecord.NoticeKind
		statement, gap sql.NullInt64
		incident       sql.NullInt64
		digest         sql.NullInt64
		mirrors        int // of the statement that were known when it became owed
		seq            int
	}
	var of []facts
	var statements []int64 // 0 stands for none
	err = forEachRow(ctx, s.r, func(rows *sql.Rows) error {
		var u bot.Unrendered
		var o facts
		err := rows.Scan(&u.Delivery, &u.Subject, &u.Channel, &o.kind, &o.seq, &o.statement, &o.mirrors, &o.gap, &o.incident, &o.digest)
		if !slices.Contains(statements, o.statement.Int64) { // many channels are told of one
			statements = append(statements, o.statement.Int64)
		}
		list, of = append(list, u), append(of, o)
		return err
	}, `SELECT d.id, d.subject, d.channel, d.kind, d.seq, d.statement, d.mirrors, d.gap, d.incident, d.digest FROM deliveries d
		WHERE `+where+" ORDER BY d.id", args...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	read, err := s.statementsByID(ctx, statements)
	if err != nil {
		return nil, err
	}
	for i, o := range of {
		u, facts := &list[i], onrecord.Facts{Seq: o.seq}
		if o.statement.Valid {
			st := read[o.statement.Int64]
			u.Err = st.err
			st.Mirrors = st.Mirrors[:min(o.mirrors, len(st.Mirrors))] // later ones are told by notices of their own
			facts.Statement = &st.Statement
			if u.Err == nil && (o.kind.Answers() != "" || o.kind.Changes() != "") {
				if st.Fates, err = s.fates(ctx, st.Statement); err != nil {
					return nil, err
				}
			}
		}
		if o.gap.Valid {
			if facts.Gap, err = s.gap(ctx, o.gap.Int64); err != nil {
				return nil, err
			}
		}
		if o.incident.Valid {
			if facts.Incident, err = s.incident(ctx, o.incident.Int64); err != nil {
				return nil, err
			}
		}
		if o.digest.Valid {
			if facts.Digest, err = s.digest(ctx, o.digest.Int64); err != nil {
				return nil, err
			}
		}
		if u.Err == nil {
			u.Notice, u.Err = o.kind.Of(facts)
		}
	}
	return list, nil
}

// marks lists n parameters from the first on.
func marks(first, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, ", $%d", first+i)
	}
	return strings.TrimPrefix(b.String(), ", ")
}

// ClaimDeliveries implements [bot.Outbox]. Taking only the heads of channels is what
// keeps their order: what was the oldest owed of its channel stays it for as long as
// it is owed. One that is due was claimed by nobody else since.
func (s *Store) ClaimDeliveries(ctx context.Context, lease time.Duration, heads []int64, rendered []bot.Rendered) ([]bot.Delivery, error) {
	t := s.now()
	owner, err := s.owner()
	if err != nil || len(heads) == 0 {
		return nil, err
	}
	return write(ctx, s, claimDeliveries, func(tx *sql.Tx) (list []bot.Delivery, err error) {
		if err := bury(ctx, tx, rendered); err != nil {
			return nil, err
		}
		args := []any{t, beyond(t), t + lease.Milliseconds(), owner}
		taken := marks(len(args)+1, len(heads))
		for _, id := range heads {
			args = append(args, id)
		}
		ids, message, args := frozen(rendered, args...)
		ready := "length(d.message) > 0"
		if ids != "" {
			ready = "(" + ready + " OR d.id IN (" + ids + "))"
		}
		err = forEachRow(ctx, tx, func(rows *sql.Rows) error {
			d, first, message := bot.Delivery{ClaimedAt: at(t)}, int64(0), []byte(nil)
			err := rows.Scan(&d.ID, &d.Subject, &d.Statement, &d.Case, &d.Speaker, &d.Channel, &d.Kind, &d.Seq, &d.Key, &message, &d.Attempt, &d.Strikes, &d.Maybe, &first, &d.Epoch, &d.Turn)
			d.FirstAt = at(first)
			d.Message, d.Err = readMessage(message)
			list = append(list, d)
			return err
		}, `WITH due AS MATERIALIZED (SELECT d.id FROM deliveries d WHERE d.id IN (`+taken+`) AND `+owedByID+` AND `+unheld+` AND `+dueNow+` AND `+ready+s.lockHeads+`)
			UPDATE deliveries SET maybe = (maybe OR state = 'sending'), state = 'sending', attempt = attempt + 1, epoch = epoch + 1,
			first_at = coalesce(first_at, $1), next_at = $3, owner = $4, message = `+message+` WHERE id IN (SELECT id FROM due)
			RETURNING id, subject, coalesce(statement, 0), coalesce((SELECT case_id FROM statements WHERE statements.id = deliveries.statement), ''),
			coalesce((SELECT speaker FROM statements WHERE statements.id = deliveries.statement), ''), channel, kind, seq, key, message, attempt, strikes, maybe, first_at, epoch, turn`, args...)
		for i := range list {
			if err == nil {
				err = addReceipts(ctx, tx, &list[i])
			}
		}
		if err == nil {
			err = s.freeze(ctx, tx, rendered, list)
		}
		return list, err
	})
}

// freeze gives a message to those that were rendered before their turn.
func (s *Store) freeze(ctx context.Context, tx *sql.Tx, rendered []bot.Rendered, claimed []bot.Delivery) error {
	early := slices.DeleteFunc(slices.Clone(rendered), func(r bot.Rendered) bool {
		return len(r.Message.Body) == 0 || slices.ContainsFunc(claimed, func(d bot.Delivery) bool { return d.ID == r.Delivery })
	})
	ids, message, args := frozen(early)
	if ids == "" {
		return nil
	}
	_, err := tx.ExecContext(ctx, "UPDATE deliveries SET message = "+message+` WHERE id IN (
		SELECT d.id FROM deliveries d WHERE d.id IN (`+ids+") AND length(d.message) = 0"+s.lockHeads+")", args...)
	return err
}

// frozen lists the deliveries that were rendered, and says what the message of each
// is. It is set once: a repeated send with the same key must be the same message.
func frozen(rendered []bot.Rendered, args ...any) (ids, message string, all []any) {
	var list, cases strings.Builder
	for _, r := range rendered {
		if r.Err == nil {
			args = append(args, r.Delivery, bodyOfMessage(r.Message))
			fmt.Fprintf(&list, ", $%d", len(args)-1)
			fmt.Fprintf(&cases, " WHEN id = $%d THEN $%d", len(args)-1, len(args))
		}
	}
	if list.Len() == 0 {
		return "", "message", args
	}
	return list.String()[2:], "CASE WHEN length(message) > 0 THEN message" + cases.String() + " ELSE message END", args
}

// bury settles the deliveries that could not be rendered. One that a replaced
// database may have delivered stays uncertain.
func bury(ctx context.Context, tx *sql.Tx, rendered []bot.Rendered) error {
	for _, r := range rendered {
		if r.Err == nil {
			continue
		}
		_, err := tx.ExecContext(ctx, `UPDATE deliveries SET state = CASE WHEN maybe THEN 'uncertain' ELSE 'dead' END, last_error = $1
			WHERE id = $2 AND length(message) = 0 AND state IN ('pending', 'sending')`, sanitize(r.Err.Error()), r.Delivery)
		if err != nil {
			return err
		}
	}
	return nil
}

// addReceipts looks up the messages a delivery stands behind or changes. The
// one it stands behind must be older in both orders: a late look must not take
// a newer message for its bound.
func addReceipts(ctx context.Context, tx *sql.Tx, d *bot.Delivery) error {
	find := func(into []any, query string, args ...any) error {
		err := tx.QueryRowContext(ctx, query, args...).Scan(into...)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	}
	if of := d.Kind.Needs(); of != "" {
		shown := d.Channel
		if d.Kind.Publishes()+d.Kind.Below() != "" {
			shown = bot.ShownIn(shown)
		}
		err := find([]any{&d.Posted.ID, &d.Unshown, &d.Awaited}, `SELECT message_id, state = 'dead', state IN ('pending', 'sending') FROM deliveries
			WHERE subject = $1 AND channel = $2 AND kind = $3 AND seq = $4`, d.Subject, shown, of, d.Kind.ChangesCount(d.Seq))
		if err != nil {
			return err
		}
	}
	if !d.Maybe || d.Kind.Changes()+d.Kind.Publishes() != "" {
		return nil
	}
	return find([]any{&d.After.ID}, `SELECT message_id FROM deliveries WHERE channel = $1 AND id < $2 AND message_id <> '' AND sent_at <= $3
		ORDER BY id DESC LIMIT 1`, d.Channel, d.ID, d.FirstAt.UnixMilli())
}

// IsReceipt implements [bot.Outbox].
func (s *Store) IsReceipt(ctx context.Context, but bot.Delivery, r notifiers.Receipt) (bool, error) {
	return s.exists(ctx, "SELECT 1 FROM deliveries WHERE channel = $1 AND message_id = $2 AND id <> $3", but.Channel, r.ID, but.ID)
}

// FinishAttempt implements [bot.Outbox].
func (s *Store) FinishAttempt(ctx context.Context, d bot.Delivery, o bot.AttemptResult) error {
	strikes := 0
	if o.Strike {
		strikes = 1
	}
	return s.write(ctx, finishAttempt, func(tx *sql.Tx) error {
		var sent sql.NullInt64
		if o.State == bot.Sent {
			sent = nullInt64(s.now())
		}
		ours, err := changedOne(tx.ExecContext(ctx, `UPDATE deliveries SET state = $1, next_at = $2, maybe = $3, strikes = strikes + $4, last_error = $5,
			message_id = $6, first_at = coalesce($7, first_at), sent_at = $8, owner = 0 WHERE id = $9 AND epoch = $10`,
			o.State, ms(o.NextAt), o.Maybe, strikes, sanitize(o.Error), sanitize(o.Receipt.ID), nullInt64(ms(o.FirstAt)), sent, d.ID, d.Epoch))
		if err != nil {
			return err
		}
		if !ours {
			return bot.ErrLost
		}
		if d.Message.More && o.State == bot.Sent && o.Receipt.ID != "" {
			if err := s.goOn(ctx, tx, d); err != nil {
				return err
			}
		}
		switch o.Pause {
		case notifiers.OneReader:
			err = switchOff(ctx, tx, d.Channel, o.Error)
		case notifiers.WholeChannel:
			_, err = tx.ExecContext(ctx, "UPDATE channels SET paused_why = $1, probe_at = CASE WHEN probe_at < $2 THEN $2 ELSE probe_at END WHERE id = $3", sanitize(o.Error), s.now()+pauseFirst.Milliseconds(), d.Channel)
		case notifiers.WholePlace:
			_, err = tx.ExecContext(ctx, "UPDATE channels SET paused_why = $1, probe_at = CASE WHEN probe_at < $2 THEN $2 ELSE probe_at END WHERE notifier = (SELECT notifier FROM channels WHERE id = $3)", sanitize(o.Error), s.now()+pauseFirst.Milliseconds(), d.Channel)
		}
		return err
	})
}

// pauseFirst is when a paused channel is asked for the first time. One that is
// paused again right after a probe let it go waits for the next regular one.
const pauseFirst = time.Minute

// NextDelivery implements [bot.Outbox].
func (s *Store) NextDelivery(ctx context.Context) (time.Time, error) {
	return s.queryTime(ctx, "SELECT min(t) FROM (SELECT min(CASE WHEN c.held_until > d.next_at THEN c.held_until ELSE d.next_at END) AS t"+oldestOwed+" UNION ALL SELECT min(probe_at) FROM channels WHERE paused_why <> '') AS due")
}

// DueProbes implements [bot.Outbox].
func (s *Store) DueProbes(ctx context.Context, again time.Duration) ([]string, error) {
	t := s.now()
	const due = "paused_why <> '' AND (probe_at <= $1 OR probe_at > $2)"
	next := t + again.Milliseconds()
	if some, err := s.exists(ctx, "SELECT 1 FROM channels WHERE "+due, t, next); err != nil || !some {
		return nil, err
	}
	ids, err := write(ctx, s, claimProbes, func(tx *sql.Tx) ([]string, error) {
		return column[string](ctx, tx, "UPDATE channels SET probe_at = $2 WHERE "+due+" RETURNING id", t, next)
	})
	slices.Sort(ids)
	return ids, err
}

// OpenChannel implements [bot.Outbox].
func (s *Store) OpenChannel(ctx context.Context, id string) error {
	return s.write(ctx, openChannel, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE channels SET paused_why = '' WHERE id = $1", id)
		return err
	})
}

// Owed implements [bot.Outbox].
func (s *Store) Owed(ctx context.Context) (n int, err error) {
	err = s.r.QueryRowContext(ctx, "SELECT count(*) FROM deliveries WHERE state IN ('pending', 'sending')").Scan(&n)
	return n, err
}
