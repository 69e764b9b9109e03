package store

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"onrecord"
)

const (
	// aroundReach bounds how far back, in posts of all accounts, one account's are
	// looked for: no index leads to the last ones of an account.
	aroundReach = 5000
	// aroundThread and aroundStream bound how many posts around one are read, of
	// its thread and of the time before it.
	aroundThread, aroundStream = 8, 8
)

// Around implements [bot.Reviews]. Damaged posts are left out.
func (s *Store) Around(ctx context.Context, p onrecord.Post, since time.Time) (thread, before []onrecord.Post, err error) {
	const post = "SELECT account, id, revision, thread, url, body FROM posts WHERE account = $1 AND id <> $2 AND state <> " + setAside
	if p.Thread != "" {
		if thread, err = s.postsOf(ctx, post+" AND thread = $3 ORDER BY created_at DESC, seq DESC LIMIT CAST($4 AS BIGINT)", p.Account, sanitize(p.ID), sanitize(p.Thread), aroundThread); err != nil {
			return nil, nil, err
		}
	}
	const here = "(SELECT seq FROM posts WHERE account = $1 AND id = $2)"
	before, err = s.postsOf(ctx, post+" AND seq < "+here+" AND seq >= "+here+" - $3 AND created_at >= $4 AND (thread = '' OR thread <> $5) ORDER BY created_at DESC, seq DESC LIMIT CAST($6 AS BIGINT)",
		p.Account, sanitize(p.ID), aroundReach, since.UnixMilli(), sanitize(p.Thread), aroundStream)
	slices.Reverse(thread) // the newest were asked for
	slices.Reverse(before)
	return thread, before, err
}

// Filed implements [bot.Reviews]. Damaged posts are left out.
func (s *Store) Filed(ctx context.Context, accounts []string, from, until time.Time) (posts []onrecord.Post, err error) {
	for _, account := range accounts {
		list, err := s.postsOf(ctx, "SELECT account, id, revision, thread, url, body FROM posts WHERE account = $1 AND created_at >= $2 AND created_at <= $3 AND state <> "+setAside+" ORDER BY created_at, seq",
			account, from.UnixMilli(), until.UnixMilli())
		if err != nil {
			return nil, err
		}
		posts = append(posts, list...)
	}
	slices.SortStableFunc(posts, onrecord.Less)
	return posts, nil
}

// FiledSince implements [bot.Outbox].
func (s *Store) FiledSince(ctx context.Context, accounts []string, from, until time.Time) (posts []onrecord.Post, err error) {
	for _, account := range accounts {
		list, err := s.postsOf(ctx, "SELECT account, id, revision, thread, url, body FROM posts WHERE account = $1 AND seen_at >= $2 AND seen_at < $3 AND state NOT IN ("+postBaseline+", "+setAside+")",
			account, from.UnixMilli(), until.UnixMilli())
		if err != nil {
			return nil, err
		}
		posts = append(posts, list...)
	}
	slices.SortStableFunc(posts, onrecord.Less)
	return posts, nil
}

// NextInLine implements [bot.Reviews]. Damaged posts are left out.
func (s *Store) NextInLine(ctx context.Context, limit int) ([]onrecord.Post, error) {
	return s.postsOf(ctx, "SELECT account, id, revision, thread, url, body FROM posts WHERE state = "+postUnread+" ORDER BY seq LIMIT CAST($1 AS BIGINT)", limit)
}

// postsOf reads the posts that a query finds.
func (s *Store) postsOf(ctx context.Context, query string, args ...any) (list []onrecord.Post, err error) {
	err = forEachRow(ctx, s.r, func(rows *sql.Rows) error {
		var row postRow
		if err := rows.Scan(&row.account, &row.id, &row.revision, &row.thread, &row.url, &row.body); err != nil {
			return err
		}
		if p, err := row.post(); err == nil { // a damaged one is told of when its own turn comes
			list = append(list, p)
		}
		return nil
	}, query, args...)
	return list, err
}
