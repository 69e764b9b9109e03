package store

import (
	"context"
	"database/sql"
	"errors"

	"onrecord"
	"onrecord/bot"
)

// Troubles implements [bot.Incidents].
func (s *Store) Troubles(ctx context.Context) (bot.Status, error) {
	st := bot.Status{Now: s.Now(), Settled: map[string]map[string]int64{}}
	for _, read := range []func(context.Context, *bot.Status) error{s.accountStatus, s.channelStatus, s.undelivered} {
		if err := read(ctx, &st); err != nil {
			return st, err
		}
	}
	return st, nil
}

// undelivered counts the deliveries of each channel that need a person. The condition is
// that of their index.
func (s *Store) undelivered(ctx context.Context, st *bot.Status) error {
	const settled = "d.state NOT IN ('pending', 'sending')"
	return forEachRow(ctx, s.r, func(rows *sql.Rows) error {
		var channel string
		var dead, uncertain int64
		err := rows.Scan(&channel, &dead, &uncertain)
		st.Settled[channel] = map[string]int64{string(bot.Dead): dead, string(bot.Uncertain): uncertain}
		return err
	}, "SELECT id, (SELECT count(*) FROM deliveries d WHERE d.channel = c.id AND d.state = 'dead' AND "+settled+"), (SELECT count(*) FROM deliveries d WHERE d.channel = c.id AND d.state = 'uncertain' AND "+settled+") FROM channels c WHERE c.id"+notOfReaders)
}

// OpenIncidents implements [bot.Incidents].
func (s *Store) OpenIncidents(ctx context.Context) (list []bot.OpenIncident, err error) {
	err = forEachRow(ctx, s.r, func(rows *sql.Rows) error {
		var o bot.OpenIncident
		var began, told int64
		err := rows.Scan(&o.ID, &o.Kind, &o.Subject, &o.Text, &began, &told, &o.Seq)
		o.Began, o.Told, o.Changed = at(began), told > 0, at(told)
		list = append(list, o)
		return err
	}, "SELECT id, kind, subject, text, began_at, told_at, seq FROM incidents WHERE ended_at IS NULL ORDER BY id")
	return list, err
}

// NoteIncidents implements [bot.Incidents]. A step that another replica made first, or that
// does not go on from what is stored, changes nothing.
func (s *Store) NoteIncidents(ctx context.Context, steps []bot.IncidentStep, to bot.Audience) error {
	return s.write(ctx, noteIncidents, func(tx *sql.Tx) error {
		if err := s.numbered(ctx, tx); err != nil {
			return err
		}
		for _, step := range steps {
			if err := s.noteIncident(ctx, tx, step, to); err != nil {
				return err
			}
		}
		return s.tell(ctx, tx)
	})
}

func (s *Store) noteIncident(ctx context.Context, tx *sql.Tx, i bot.IncidentStep, to bot.Audience) error {
	const asRead = " WHERE id = $1 AND seq = $2 AND (told_at > 0) = $3 AND ended_at IS NULL"
	set := map[bot.IncidentDoing]string{
		bot.Tell:   "UPDATE incidents SET text = $4, told_at = $5" + asRead,
		bot.Change: "UPDATE incidents SET text = $4, told_at = $5, seq = seq + 1" + asRead,
		bot.End:    "UPDATE incidents SET text = $4, ended_at = $5, seq = seq + 1" + asRead,
	}
	switch i.Do {
	case bot.Begin:
		_, err := tx.ExecContext(ctx, `INSERT INTO incidents (kind, subject, text, began_at, told_at, seq) VALUES ($1, $2, $3, $4, 0, 0)
			ON CONFLICT (kind, subject) WHERE ended_at IS NULL DO NOTHING`, i.Kind, sanitize(i.Subject), sanitize(i.Text), s.now())
		return err
	case bot.Forget:
		_, err := tx.ExecContext(ctx, "DELETE FROM incidents"+asRead, i.ID, i.Seq, false)
		return err
	}
	ours, err := changedOne(tx.ExecContext(ctx, set[i.Do], i.ID, i.Seq, i.Told, sanitize(i.Text), s.now()))
	if err != nil || !ours {
		return err
	}
	about := subject{name: i.Number(), incident: nullInt64(i.ID), kind: onrecord.IncidentBegan}
	if i.Do == bot.Tell {
		return s.enqueue(ctx, tx, about, to.About(i.Incident))
	}
	channels, err := channelsTold(ctx, tx, about.name, about.kind)
	if err != nil {
		return err
	}
	about.kind, about.seq = onrecord.IncidentChanged, i.Seq+1
	return s.enqueue(ctx, tx, about, channels)
}

// incident reads an incident.
func (s *Store) incident(ctx context.Context, id int64) (*onrecord.Incident, error) {
	i, began, ended := &onrecord.Incident{ID: id}, int64(0), sql.NullInt64{}
	err := s.r.QueryRowContext(ctx, "SELECT kind, subject, text, began_at, ended_at FROM incidents WHERE id = $1", id).Scan(&i.Kind, &i.Subject, &i.Text, &began, &ended)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	i.Began, i.Ended = at(began), at(ended.Int64)
	return i, err
}
