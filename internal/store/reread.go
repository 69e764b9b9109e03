package store

import (
	"context"
	"database/sql"

	"onrecord"
	"onrecord/bot"
	"onrecord/statements"
)

// reread makes posts unread that are to be judged again on a case. Each is once,
// whatever comes of it.
func reread(ctx context.Context, tx *sql.Tx, caseID string, posts []onrecord.PostID) error {
	for _, p := range posts {
		fresh, err := changedOne(tx.ExecContext(ctx, `INSERT INTO rereads (post, case_id, read_at)
			SELECT seq, CAST($1 AS TEXT), 0 FROM posts WHERE account = $2 AND id = $3 ON CONFLICT DO NOTHING`, caseID, p.Account, sanitize(p.ID)))
		if err != nil {
			return err
		}
		if !fresh {
			continue
		}
		if _, err := tx.ExecContext(ctx, "UPDATE posts SET state = "+postUnread+" WHERE account = $1 AND id = $2", p.Account, sanitize(p.ID)); err != nil {
			return err
		}
	}
	return nil
}

// ruledOn is the condition that a person decided about a decision d.
const ruledOn = "EXISTS (SELECT 1 FROM rulings r WHERE d.statement IN (r.statement, r.recorded))"

// nearby returns the decisions on the other posts of a post's thread, and on the
// one it replies to when that is the speaker's, too.
func nearby(ctx context.Context, q querier, p onrecord.Post) (list []statements.Nearby, err error) {
	parent := ""
	if p.ReplyTo != nil {
		parent = sanitize(p.ReplyTo.ID)
	}
	if p.Thread == "" && parent == "" {
		return nil, nil
	}
	err = forEachRow(ctx, q, func(rows *sql.Rows) error {
		var n statements.Nearby
		var seen int64
		err := rows.Scan(&n.Post.Account, &n.Post.ID, &seen, &n.Case, &n.Label, &n.Moderated, &n.Again)
		n.Seen = at(seen)
		list = append(list, n)
		return err
	}, `SELECT o.account, o.id, o.seen_at, d.case_id, d.verdict, `+ruledOn+`, EXISTS (SELECT 1 FROM rereads a WHERE a.post = o.seq AND a.case_id = d.case_id)
		FROM posts o JOIN decisions d ON d.post = o.seq AND d.speaker = '' AND d.revision = o.revision
		WHERE o.seq IN (SELECT seq FROM posts WHERE account = $1 AND thread = $3 AND thread <> ''
				UNION ALL SELECT q.seq FROM posts q JOIN accounts a ON a.id = q.account JOIN accounts b ON b.id = $1
				WHERE q.source = b.source AND q.id = $4 AND a.speaker = b.speaker)
			AND NOT (o.account = $1 AND o.id = $2) ORDER BY o.seq, d.case_id`,
		p.Account, sanitize(p.ID), sanitize(p.Thread), parent)
	return list, err
}

// before returns the decisions on a post on the cases on which it is judged again;
// none when it is read for the first time.
func (s *Store) before(ctx context.Context, post int64) (list []statements.Before, err error) {
	statement := map[string]int64{}
	err = forEachRow(ctx, s.r, func(rows *sql.Rows) error {
		var b statements.Before
		var id sql.NullInt64
		err := rows.Scan(&b.Case, &b.Label, &id, &b.Moderated)
		list, statement[b.Case] = append(list, b), id.Int64
		return err
	}, `SELECT d.case_id, d.verdict, d.statement, `+ruledOn+` FROM rereads a JOIN posts p ON p.seq = a.post
		JOIN decisions d ON d.post = a.post AND d.case_id = a.case_id AND d.speaker = '' AND d.revision = p.revision
		WHERE a.post = $1 AND a.read_at = 0 ORDER BY d.case_id`, post)
	for i := range list {
		if err != nil || statement[list[i].Case] == 0 {
			continue
		}
		var of []onrecord.Statement
		if of, err = s.inContext(ctx, "WHERE id = $1 AND lane = $2 AND moved_to IS NULL", statement[list[i].Case], onrecord.ForReview); len(of) > 0 {
			list[i].Statement = &of[0]
		}
	}
	return list, err
}

// ruled reports whether a person has decided about a post on a case.
func ruled(ctx context.Context, tx *sql.Tx, post int64, caseID, revision string) (yes bool, err error) {
	err = tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM decisions d WHERE d.post = $1 AND d.case_id = $2 AND d.speaker = '' AND d.revision = $3 AND `+ruledOn+`)`, post, caseID, revision).Scan(&yes)
	return yes, err
}

// leave stores what is left of a borderline statement when a post of it went
// elsewhere. With nothing left it waits for nobody, and leads to where its posts
// stand now; what reviewers saw of it stays. ErrLost: it is not what it was.
func leave(ctx context.Context, tx *sql.Tx, left onrecord.Statement, to int64) error {
	if len(left.Parts) > 0 {
		return writeStatement(ctx, tx, left, " AND moved_to IS NULL")
	}
	stayed, err := changedOne(tx.ExecContext(ctx, "UPDATE statements SET moved_to = $1, released = TRUE, "+change+" WHERE id = $2 AND moved_to IS NULL", to, left.ID))
	if err == nil && !stayed {
		err = bot.ErrLost
	}
	return err
}
