package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"sync"
	"time"

	"onrecord"
)

// earlierLimit bounds with how many statements of a case a new one is compared.
const earlierLimit = 500

// recent holds the newest statements of each case that was asked for, as they stand.
// A post is compared with all of them, and reading them anew for each post would
// make review slower the more there are. What changed since, here or in another
// replica, is read again: every change of a statement draws the next number of
// the column changed, in the order of the commits.
type recent struct {
	mu      sync.Mutex
	changed int64 // all changes up to here are in it
	cases   map[string][]onrecord.Statement
}

// Earlier implements [bot.Reviews].
func (s *Store) Earlier(ctx context.Context, cases []string, since time.Time) (map[string][]onrecord.Statement, error) {
	s.recent.mu.Lock()
	defer s.recent.mu.Unlock()
	if err := s.refresh(ctx); err != nil {
		return nil, s.withoutDamaged(ctx, err)
	}
	earlier := map[string][]onrecord.Statement{}
	for _, id := range cases {
		list, known := s.recent.cases[id]
		if !known {
			var err error
			if list, err = readStatements(ctx, s.r, "WHERE case_id = $1 AND seen_at >= $2 AND "+standing+" ORDER BY "+latestFirst+" LIMIT CAST($3 AS BIGINT)", id, since.UnixMilli(), earlierLimit); err != nil {
				return nil, s.withoutDamaged(ctx, err)
			}
		}
		s.recent.cases[id] = newest(list, since)
		earlier[id] = s.recent.cases[id]
	}
	return earlier, nil
}

// refresh takes in what changed. The lists it replaces are left as they are: a
// reading may still go by them.
func (s *Store) refresh(ctx context.Context) error {
	var last int64
	if err := s.r.QueryRowContext(ctx, "SELECT coalesce(max(changed), 0) FROM statements").Scan(&last); err != nil {
		return err
	}
	if s.recent.cases == nil {
		s.recent.cases, s.recent.changed = map[string][]onrecord.Statement{}, last
	}
	if last == s.recent.changed {
		return nil
	}
	gone := map[int64]bool{}
	err := forEachRow(ctx, s.r, func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		gone[id] = true
		return err
	}, "SELECT id FROM statements WHERE changed > $1", s.recent.changed)
	if err != nil {
		return err
	}
	changed, err := readStatements(ctx, s.r, "WHERE changed > $1 AND "+standing, s.recent.changed)
	if err != nil {
		return err
	}
	for id, list := range s.recent.cases {
		touched := func(st onrecord.Statement) bool { return gone[st.ID] }
		fresh := slices.DeleteFunc(slices.Clone(changed), func(st onrecord.Statement) bool { return st.Case != id })
		if len(fresh) == 0 && !slices.ContainsFunc(list, touched) {
			continue
		}
		list = append(slices.DeleteFunc(slices.Clone(list), touched), fresh...)
		slices.SortStableFunc(list, asShown)
		s.recent.cases[id] = list
	}
	s.recent.changed = last
	return nil
}

// asShown orders statements as readers saw them; what is held comes after all.
func asShown(a, b onrecord.Statement) int {
	held := func(s onrecord.Statement) int {
		if s.Held {
			return 1
		}
		return 0
	}
	return cmp.Or(held(a)-held(b), cmp.Compare(a.No, b.No), cmp.Compare(a.ID, b.ID))
}

// newest leaves out what is too old or too much to be compared with.
func newest(list []onrecord.Statement, since time.Time) []onrecord.Statement {
	old := func(st onrecord.Statement) bool { return st.Seen.Before(since) }
	if slices.ContainsFunc(list, old) {
		list = slices.DeleteFunc(slices.Clone(list), old)
	}
	return list[max(0, len(list)-earlierLimit):]
}
