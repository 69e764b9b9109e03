package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"onrecord"
	"onrecord/bot"
)

// fateBody is the body of a fate: which posts it became of, by the revisions that hold
// their words.
type fateBody struct {
	V     int            `json:"v"`
	Posts []fatePostBody `json:"posts"`
}

type fatePostBody struct {
	Part int    `json:"part"`
	Was  string `json:"was"`           // revision
	Now  string `json:"now,omitempty"` // revision, of an edit or of what replaced it
	// The posts whose revisions these are, where another one stands for the part.
	WasOf string `json:"was_of,omitempty"`
	NowOf string `json:"now_of,omitempty"`
	URL   string `json:"url,omitempty"`
	Lacks string `json:"lacks,omitempty"` // of a thread that was replaced by one of another number of parts
}

// What a part of a thread lacks that was replaced by one of fewer or more.
const lacksNow, lacksWas = "now", "was"

// partOrBehind is the condition that a part is a post, or the one behind whose replacement it came.
const partOrBehind = "post IN ($1, (SELECT behind FROM rechecks WHERE post = $1))"

// meet stores what became of statements by what was found of their posts, and that
// those who were told of them are owed it. Posts that met the same in one look met it
// together.
func (s *Store) meet(ctx context.Context, tx *sql.Tx, found []bot.Weighed, to bot.Audience) error {
	type met struct {
		statement int64
		kind      onrecord.NoticeKind
	}
	var order []met
	fates, bodies := map[met]onrecord.Fate{}, map[met]fateBody{}
	for _, f := range found {
		if f.Fate == nil {
			continue
		}
		err := forEachRow(ctx, tx, func(rows *sql.Rows) error {
			m, part := met{kind: f.Fate.Kind}, fatePostBody{Was: f.Was, URL: f.Fate.URL}
			var judged string
			var behind bool
			if err := rows.Scan(&m.statement, &part.Part, &judged, &behind); err != nil {
				return err
			}
			if behind || f.Shown != f.ID {
				part.WasOf, part.NowOf = f.Post.ID, f.Post.ID
			}
			switch {
			case f.Short:
				part.Lacks = lacksNow
			case f.Instead != nil:
				part.Now, part.NowOf = f.Told.Revision, f.Instead.Post.ID
			case f.Told.Revision != f.Was:
				if part.Now = f.Told.Revision; judged == part.Now { // what it says now is what that statement quotes
					return nil
				}
			}
			fate, known := fates[m]
			if !known {
				order, fate = append(order, m), *f.Fate
			}
			if f.Fate.From.Before(fate.From) {
				fate.From = f.Fate.From
			}
			if f.Fate.Until.After(fate.Until) {
				fate.Until = f.Fate.Until
			}
			b := bodies[m]
			b.V, b.Posts = bodyVersion, append(b.Posts, part)
			for _, p := range f.Rest() {
				b.Posts = append(b.Posts, fatePostBody{Part: part.Part, Now: p.Revision, NowOf: p.Post.ID, Lacks: lacksWas})
			}
			fates[m], bodies[m] = fate, b
			return nil
		}, `SELECT t.statement, t.n, t.revision, t.post <> $1 FROM parts t JOIN statements s ON s.id = t.statement
			WHERE t.`+partOrBehind+` AND s.number IS NOT NULL AND s.moved_to IS NULL AND s.lane <> `+setAside+` ORDER BY t.statement`, f.ID)
		if err != nil {
			return err
		}
	}
	for _, m := range order {
		if err := s.keepFate(ctx, tx, m.statement, fates[m], bodies[m], to); err != nil {
			return fmt.Errorf("store what became of a statement: %w", err)
		}
	}
	return nil
}

// keepFate stores a fate and puts it into the outbox, for the channels that were told of
// the statement and are still there.
func (s *Store) keepFate(ctx context.Context, tx *sql.Tx, statement int64, f onrecord.Fate, b fateBody, to bot.Audience) error {
	slices.SortStableFunc(b.Posts, func(a, b fatePostBody) int { return a.Part - b.Part })
	body, err := json.Marshal(b)
	if err != nil {
		return err
	}
	var n int
	var number int64
	err = tx.QueryRowContext(ctx, `INSERT INTO fates (statement, n, kind, from_at, until_at, body)
		SELECT CAST($1 AS BIGINT), (SELECT coalesce(max(n), 0) + 1 FROM fates WHERE statement = $1), CAST($2 AS TEXT), CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS TEXT)
		RETURNING n, (SELECT number FROM statements WHERE id = $1)`, statement, f.Kind, ms(f.From), ms(f.Until), string(body)).Scan(&n, &number)
	if err != nil {
		return err
	}
	about := subject{name: onrecord.StatementNumber(number), statement: nullInt64(statement), kind: f.Kind, seq: n}
	if s.suspects.before > s.now() {
		about.since = nullInt64(s.suspects.from)
	}
	told, err := stillThere(ctx, tx, about.name, f.Kind.Answers(), to)
	if err != nil {
		return err
	}
	if err := s.enqueue(ctx, tx, about, told); err != nil || !f.Kind.Revises() {
		return err
	}
	about.kind, about.seq = onrecord.Revised, 0
	return s.enqueue(ctx, tx, about, told)
}

// fates reads what became of a statement, with the words that were edited.
func (s *Store) fates(ctx context.Context, st onrecord.Statement) (list []onrecord.Fate, err error) {
	var bodies []fateBody
	err = forEachRow(ctx, s.r, func(rows *sql.Rows) error {
		var f onrecord.Fate
		var from, until int64
		var text []byte
		if err := rows.Scan(&f.No, &f.Kind, &from, &until, &text); err != nil {
			return err
		}
		f.From, f.Until = at(from), at(until)
		var b fateBody
		if _, err := versionOf(text); err != nil || json.Unmarshal(text, &b) != nil {
			b = fateBody{} // what became of it stands in the columns; of which posts is lost
		}
		list, bodies = append(list, f), append(bodies, b)
		return nil
	}, "SELECT n, kind, from_at, until_at, body FROM fates WHERE statement = $1 ORDER BY n", st.ID)
	for i := range list {
		if err != nil {
			break
		}
		err = s.fillFate(ctx, &list[i], bodies[i], st)
	}
	return list, err
}

// fillFate fills in of which posts it became, and their words.
func (s *Store) fillFate(ctx context.Context, f *onrecord.Fate, b fateBody, st onrecord.Statement) error {
	var was, now []string
	for _, p := range b.Posts {
		if p.Part < 0 || p.Part >= len(st.Parts) {
			continue
		}
		if !slices.Contains(f.Parts, p.Part) {
			f.Parts = append(f.Parts, p.Part)
		}
		if f.URL == "" {
			f.URL = p.URL
		}
		if !f.Kind.Revises() {
			continue
		}
		if p.Lacks != lacksWas {
			before, err := s.said(ctx, of(st.Parts[p.Part], p.WasOf), p.Was)
			if err != nil {
				return err
			}
			was = append(was, before)
		}
		if p.Lacks != lacksNow {
			after, err := s.said(ctx, of(st.Parts[p.Part], p.NowOf), p.Now)
			if err != nil {
				return err
			}
			now = append(now, after)
		}
	}
	f.Was, f.Now = together(was), together(now)
	return nil
}

// together are the words of several posts, as far as they are still there.
func together(words []string) string {
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), "\n\n")
}

// of is a part, or the post of the same account that stood for it.
func of(p onrecord.Post, id string) onrecord.Post {
	if id != "" {
		p.ID = id
	}
	return p
}

// said is what a post said in a revision; "" where that is not there any more.
func (s *Store) said(ctx context.Context, p onrecord.Post, revision string) (string, error) {
	row := postRow{account: p.Account, id: sanitize(p.ID), revision: sanitize(revision)}
	err := s.r.QueryRowContext(ctx, `SELECT thread, url, body FROM posts WHERE account = $1 AND id = $2 AND revision = $3
		UNION ALL SELECT thread, url, body FROM revisions WHERE account = $1 AND id = $2 AND revision = $3 LIMIT 1`, row.account, row.id, row.revision).Scan(&row.thread, &row.url, &row.body)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	if post, err := row.post(); err == nil {
		return bot.WordsOf(post), nil
	}
	return "", nil // nothing of a damaged one can be shown
}
