package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"onrecord"
	"onrecord/bot"
)

// Latest implements [bot.Record]. Damaged statements are left out.
func (s *Store) Latest(ctx context.Context, caseID string, limit int) ([]onrecord.Statement, error) {
	if limit < 0 {
		limit = math.MaxInt64
	}
	list, err := s.inContext(ctx, "WHERE $1 IN ('', case_id) AND "+standing+" ORDER BY "+latestFirst+" LIMIT CAST($2 AS BIGINT)", caseID, limit)
	return list, exceptDamaged(err)
}

// OnRecord implements [bot.Record]. Damaged statements are left out.
func (s *Store) OnRecord(ctx context.Context, caseID string, limit int) ([]onrecord.Statement, error) {
	if limit < 0 {
		limit = math.MaxInt64
	}
	list, err := s.inContext(ctx, "WHERE $1 IN ('', case_id) AND lane = $3 AND released AND "+standing+" ORDER BY "+latestFirst+" LIMIT CAST($2 AS BIGINT)", caseID, limit, onrecord.Record)
	return list, exceptDamaged(err)
}

// onRecord is the condition on what readers were told of and is still there.
const onRecord = "lane = $1 AND released AND " + standing

// Stretch implements [bot.Record]. Damaged statements are left out, and so is what posts
// answer or quote. One that was somebody's until it was corrected is among theirs still:
// its speaker says whose it is.
func (s *Store) Stretch(ctx context.Context, what bot.Stretch) ([]onrecord.Statement, error) {
	below, order := what.Below, "DESC"
	if below <= 0 {
		below = math.MaxInt64
	}
	if what.Upwards {
		order = ""
	}
	list, err := readStatements(ctx, s.r, "WHERE "+onRecord+" AND $2 IN ('', case_id) AND ($3 IN ('', speaker) OR id IN (SELECT statement FROM corrections WHERE speaker = $3)) AND seen_at >= $4 AND number < $5 AND number > $6 AND ($7 = '' OR EXISTS (SELECT 1 FROM fates f WHERE f.statement = statements.id AND f.kind = $7)) ORDER BY number "+order+" LIMIT CAST($8 AS BIGINT)",
		onrecord.Record, what.Case, what.Speaker, ms(what.Since), below, what.Above, what.Fate, what.Limit)
	if !what.Upwards {
		slices.Reverse(list)
	}
	return list, exceptDamaged(err)
}

// Fates implements [bot.Record].
func (s *Store) Fates(ctx context.Context, st onrecord.Statement) ([]onrecord.Fate, error) {
	return s.fates(ctx, st)
}

// Tally implements [bot.Record]. What was withdrawn is not counted.
func (s *Store) Tally(ctx context.Context, caseID string) (map[string]int, error) {
	count := map[string]int{}
	return count, forEachRow(ctx, s.r, func(rows *sql.Rows) error {
		var speaker string
		var n int
		err := rows.Scan(&speaker, &n)
		count[speaker] = n
		return err
	}, `SELECT whose, count(*) FROM (
			SELECT coalesce((SELECT c.speaker FROM corrections c WHERE c.statement = statements.id AND c.speaker <> '' ORDER BY c.n DESC LIMIT 1), speaker) AS whose
			FROM statements WHERE `+onRecord+" AND case_id = $2 AND NOT "+isWithdrawn("statements.id")+") AS told GROUP BY whose", onrecord.Record, caseID)
}

// Statement implements [bot.Record].
func (s *Store) Statement(ctx context.Context, number int64) (onrecord.Statement, []bot.StoredDecision, error) {
	var id int64
	err := s.r.QueryRowContext(ctx, "SELECT id FROM statements WHERE number = $1", number).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return onrecord.Statement{}, nil, fmt.Errorf("%w %s", bot.ErrNoStatement, onrecord.StatementNumber(number))
	}
	if err != nil {
		return onrecord.Statement{}, nil, err
	}
	list, err := s.inContext(ctx, "WHERE id = $1", id)
	if err = exceptDamaged(err); err != nil {
		return onrecord.Statement{}, nil, err
	}
	entries, err := s.entries(ctx, "d.statement = $1 OR d.statement = (SELECT recorded FROM rulings WHERE statement = $1) OR d.statement = (SELECT moved_to FROM statements WHERE id = $1)", id)
	if len(list) == 0 {
		return onrecord.Statement{}, entries, err
	}
	return list[0], entries, err
}

// ByURL implements [bot.Record].
func (s *Store) ByURL(ctx context.Context, url string) ([]bot.StoredDecision, error) {
	return s.entries(ctx, "(p.url = $1 OR p.id = $1 OR p.account || '/' || p.id = $1)", url)
}

// Decisions implements [bot.Record].
func (s *Store) Decisions(ctx context.Context) ([]bot.StoredDecision, error) {
	return s.entries(ctx, "true")
}

func (s *Store) entries(ctx context.Context, where string, args ...any) (list []bot.StoredDecision, err error) {
	corrected := map[int]int64{}
	err = forEachRow(ctx, s.r, func(rows *sql.Rows) error {
		var e bot.StoredDecision
		var row postRow
		var reasons []byte
		var statement, changed sql.NullInt64
		var held bool
		var made, ruled int64
		d := &e.Decision
		err := rows.Scan(&row.account, &row.id, &row.revision, &row.thread, &row.url, &row.body, &e.Speaker, &d.Case, &d.Label, &d.Score, &e.Novelty, &e.Why, &statement, &held, &d.Ruleset, &reasons, &made, &e.Moderation, &e.ModeratedBy, &ruled, &changed)
		if err != nil {
			return err
		}
		if e.Post, err = row.post(); err != nil { // what was decided is known all the same
			e.Post = onrecord.Post{Account: row.account, ID: row.id, Revision: row.revision, Thread: row.thread, URL: row.url}
			e.Damaged = fmt.Sprintf("the post is damaged: %v", err)
		}
		e.Statement, e.Held, e.Made, e.ModeratedAt = statement.Int64, held, at(made), at(ruled)
		if err = readDecision(reasons, d); err != nil {
			e.Damaged = strings.TrimPrefix(e.Damaged+"; "+fmt.Sprintf("the reasons are damaged: %v", err), "; ")
		}
		if changed.Valid {
			corrected[len(list)] = changed.Int64
		}
		list = append(list, e)
		return nil
	}, `SELECT p.account, p.id, coalesce(was.revision, p.revision), coalesce(was.thread, p.thread), coalesce(was.url, p.url), coalesce(was.body, p.body), d.speaker, d.case_id, d.verdict, d.score, d.novelty, d.why, s.number, coalesce(NOT s.released, FALSE), d.ruleset, d.reasons, d.made_at,
		coalesce(r.verdict, ''), coalesce(r.decided_by, ''), coalesce(r.made_at, 0),
		CASE WHEN EXISTS (SELECT 1 FROM corrections c WHERE c.statement = d.statement) THEN d.statement END
		FROM decisions d JOIN posts p ON p.seq = d.post LEFT JOIN statements s ON s.id = d.statement LEFT JOIN rulings r ON d.statement IN (r.statement, r.recorded)
		LEFT JOIN revisions was ON was.account = p.account AND was.id = p.id AND was.revision = d.revision AND d.revision <> p.revision
		WHERE `+where+` ORDER BY p.seq, d.case_id, d.made_at, d.speaker, d.proposed`, args...)
	for i, statement := range corrected {
		if err == nil {
			list[i].Corrections, err = corrections(ctx, s.r, statement)
		}
	}
	return list, err
}

// Since returns the readable posts published since a time, oldest observation first.
func (s *Store) Since(ctx context.Context, t time.Time) (list []onrecord.Post, err error) {
	err = forEachRow(ctx, s.r, func(rows *sql.Rows) error {
		var row postRow
		if err := rows.Scan(&row.account, &row.id, &row.revision, &row.thread, &row.url, &row.body); err != nil {
			return err
		}
		if p, err := row.post(); err == nil {
			list = append(list, p)
		}
		return nil
	}, "SELECT account, id, revision, thread, url, body FROM posts WHERE created_at >= $1 AND state <> "+setAside+" ORDER BY seq", t.UnixMilli())
	return list, err
}
