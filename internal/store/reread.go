package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"onrecord"
	"onrecord/bot"
)

// rereadWindow is how long after it was seen a post may still be judged again:
// as far back as a statement is compared with earlier ones.
const rereadWindow = 30 * 24 * time.Hour

// reread makes posts unread that were judged before their thread had a statement
// on the case: those of the thread of a post that was accepted just now, and the
// one it replies to, when its speaker said that, too. Each is judged again once
// for a case, whatever comes of it, and none that a person has decided about.
// It returns how many there are.
func reread(ctx context.Context, tx *sql.Tx, p onrecord.Post, caseID string) (int, error) {
	parent := ""
	if p.ReplyTo != nil {
		parent = plain(p.ReplyTo.ID)
	}
	var again []int64
	err := each(ctx, tx, func(rows *sql.Rows) error {
		var seq int64
		err := rows.Scan(&seq)
		again = append(again, seq)
		return err
	}, `INSERT INTO rereads (post, case_id, read_at)
		SELECT o.seq, CAST($1 AS TEXT), 0 FROM posts o JOIN decisions d ON d.post = o.seq AND d.case_id = $1 AND d.speaker = '' AND d.revision = o.revision
		JOIN posts p ON p.account = $2 AND p.id = $3
		WHERE o.seq IN (SELECT seq FROM posts WHERE account = $2 AND thread = $4 AND thread <> ''
				UNION ALL SELECT q.seq FROM posts q JOIN accounts a ON a.id = q.account JOIN accounts b ON b.id = $2
				WHERE q.source = b.source AND q.id = $5 AND a.speaker = b.speaker)
			AND o.seq <> p.seq AND o.seen_at > p.seen_at - $6 AND d.verdict <> $7 AND NOT EXISTS (SELECT 1 FROM rulings r WHERE d.statement IN (r.statement, r.recorded))
		ON CONFLICT DO NOTHING RETURNING post`,
		caseID, p.Account, plain(p.ID), plain(p.Thread), parent, rereadWindow.Milliseconds(), onrecord.Accept)
	if err != nil {
		return 0, err
	}
	for _, seq := range again {
		if _, err := tx.ExecContext(ctx, "UPDATE posts SET state = 'unread' WHERE seq = $1", seq); err != nil {
			return 0, err
		}
	}
	return len(again), nil
}

// standingOf returns how a post stands on the cases on which it is judged again;
// none when it is read for the first time.
func (s *Store) standingOf(ctx context.Context, post int64) (list []bot.Standing, err error) {
	statement := map[string]int64{}
	err = each(ctx, s.r, func(rows *sql.Rows) error {
		var st bot.Standing
		var id sql.NullInt64
		err := rows.Scan(&st.Case, &st.Verdict, &id)
		list, statement[st.Case] = append(list, st), id.Int64
		return err
	}, `SELECT d.case_id, d.verdict, d.statement FROM rereads a JOIN posts p ON p.seq = a.post
		JOIN decisions d ON d.post = a.post AND d.case_id = a.case_id AND d.speaker = '' AND d.revision = p.revision
		WHERE a.post = $1 AND a.read_at = 0 ORDER BY d.case_id`, post)
	for i := range list {
		if err != nil || statement[list[i].Case] == 0 {
			continue
		}
		var of []onrecord.Statement
		if of, err = statements(ctx, s.r, "WHERE id = $1 AND lane = $2 AND moved_to IS NULL", statement[list[i].Case], onrecord.ForReview); len(of) > 0 {
			list[i].Statement = &of[0]
		}
	}
	return list, err
}

// ruled reports whether a person has decided about a post on a case.
func ruled(ctx context.Context, tx *sql.Tx, post int64, caseID, revision string) (yes bool, err error) {
	err = tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM decisions d JOIN rulings r ON d.statement IN (r.statement, r.recorded)
		WHERE d.post = $1 AND d.case_id = $2 AND d.speaker = '' AND d.revision = $3)`, post, caseID, revision).Scan(&yes)
	return yes, err
}

// leave stores what is left of a borderline statement when a post of it went
// elsewhere. With nothing left it waits for nobody, and leads to where its posts
// stand now; what reviewers saw of it stays. ErrLost: it is not what it was, since
// another replica released it under another number.
func leave(ctx context.Context, tx *sql.Tx, left onrecord.Statement, to int64) error {
	body, err := json.Marshal(left)
	if err != nil {
		return err
	}
	const here = "WHERE id = $2 AND moved_to IS NULL"
	var stayed bool
	if len(left.Parts) > 0 {
		stayed, err = changedOne(tx.ExecContext(ctx, "UPDATE statements SET body = $1 "+here, string(body), left.ID))
	} else {
		stayed, err = changedOne(tx.ExecContext(ctx, "UPDATE statements SET moved_to = $1, released = TRUE "+here, to, left.ID))
	}
	if err == nil && !stayed {
		err = bot.ErrLost
	}
	return err
}
