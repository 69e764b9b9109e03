package store

import (
	"context"
	"database/sql"
	"time"
)

const (
	// keepBytes is how long what was sent and what sources gave is kept byte for
	// byte. Statements, decisions, keys, receipts and the posts themselves stay for
	// good: without its key a post or a delivery could come a second time.
	keepBytes = 90 * 24 * time.Hour
	// trimBatch bounds how long a trim keeps others from writing.
	trimBatch = 200
)

// outworn finds what Trim empties, or throws away. What is dead, uncertain or damaged keeps its
// bytes: a person may still need them. No index serves these: they are asked
// once an hour, and only the heads of the rows are read.
var outworn = []struct{ from, do, which string }{
	{"deliveries", "UPDATE deliveries SET message = substr(message, 1, 0)", "state = 'sent' AND coalesce(sent_at, owed_at) < $1 AND length(message) > 0"},
	{"posts", "UPDATE posts SET raw = NULL", "state IN (" + postRead + ", " + postBaseline + ") AND seen_at < $1 AND raw IS NOT NULL"},
	{"referred", "UPDATE referred SET text = NULL", "asked_at < $1 AND text IS NOT NULL"},
	{"questions", "DELETE FROM questions", "asked_at < $1"},
	{"revisions", "UPDATE revisions SET raw = NULL", "seen_at < $1 AND raw IS NOT NULL"},
}

// Trim implements [bot.Database].
func (s *Store) Trim(ctx context.Context) (more bool, err error) {
	if err := s.forgetEnded(ctx); err != nil {
		return false, err
	}
	if err := s.scrub(ctx); err != nil {
		return false, err
	}
	until := s.Now().Add(-keepBytes).UnixMilli()
	for _, o := range outworn {
		some, err := s.exists(ctx, "SELECT 1 FROM "+o.from+" WHERE "+o.which, until)
		if err != nil {
			return false, err
		}
		if !some {
			continue
		}
		more = true
		err = s.write(ctx, trimOld, func(tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, o.do+" WHERE "+s.rowID+" IN (SELECT "+s.rowID+" FROM "+o.from+
				" WHERE "+o.which+" LIMIT CAST($2 AS BIGINT))", until, trimBatch)
			return err
		})
		if err != nil {
			return false, err
		}
	}
	return more, nil
}
