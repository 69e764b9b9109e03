package store_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"onrecord"
	"onrecord/internal/store"
	"onrecord/statements"
)

// subjects are what channel a is told of, in order.
func subjects(t *testing.T, s *store.Store) (list []string) {
	t.Helper()
	owed, err := s.Unsettled(t.Context())
	must(t, err)
	for _, u := range owed {
		if u.Channel == "a" {
			list = append(list, u.Subject)
		}
	}
	return list
}

// A statement is known by its id from its birth on and has a number from its
// release on, whatever overtook it: numbers rise in the order readers see and
// leave none out.
func TestANumberIsGivenAtRelease(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, part("1"), post("2"), post("3"), post("4"))
		u := nextIs(t, s, "1")
		held := recorded(t, s, opens(u, onrecord.Accept, statement(u), time.Now().Add(time.Hour)), everybody)
		doubted := borderline(t, s)
		third := owe(t, s)
		list, err := s.Latest(t.Context(), "", -1)
		must(t, err)
		if len(list) != 3 || list[2].ID != held || list[2].No != 0 || !list[2].Held || list[2].Number() != "held" || list[0].No != 1 || list[1].No != 2 {
			t.Fatalf("before its release: %+v", list)
		}
		entries, err := s.Decisions(t.Context())
		must(t, err)
		if !entries[0].Held || entries[0].Statement != 0 || entries[1].Held || entries[1].Statement != 1 {
			t.Errorf("decisions: %+v", entries)
		}
		must(t, s.Release(t.Context(), true, everybody))
		if n := number(t, s, held); n != 3 {
			t.Errorf("it became number %d", n)
		}
		if st, entries, err := s.Statement(t.Context(), 3); err != nil || st.ID != held || len(entries) != 1 || entries[0].Post.ID != "1" || entries[0].Statement != 3 {
			t.Errorf("number 3 is %+v, %+v, %v", st, entries, err)
		}

		// A person accepts number 1: its posts stand under the next number from then on,
		// and the number that reviewers know leads there.
		must(t, s.Moderate(t.Context(), number(t, s, doubted), onrecord.Accept, "Dana"))
		r, err := s.NextModeration(t.Context())
		must(t, err)
		must(t, follow(t, s, *r, 1))
		if st, entries, err := s.Statement(t.Context(), 1); err != nil || st.ID != doubted || len(entries) != 1 || entries[0].Statement != 4 || entries[0].Post.ID != "2" {
			t.Errorf("number 1 leads to %+v, %+v, %v", st, entries, err)
		}
		fifth := owe(t, s)
		if got := subjects(t, s); third.No != 2 || fifth.No != 5 || !slices.Equal(got, []string{"S-0002", "S-0003", "S-0004", "S-0005"}) {
			t.Errorf("readers are told of %q", got)
		}
	})
}

// Words that are repeated while their statement is held, and those that are
// repeated after it was released meanwhile, are told of under its number.
func TestARepetitionKnowsTheNumber(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, part("1"), post("2"), post("3"))
		u := nextIs(t, s, "1")
		recorded(t, s, opens(u, onrecord.Accept, statement(u), time.Now().Add(time.Hour)), everybody)
		owe(t, s)
		byCase, err := s.Earlier(t.Context(), []string{"c"}, time.Time{})
		must(t, err)
		earlier := byCase["c"]
		held := earlier[len(earlier)-1]
		must(t, s.Release(t.Context(), true, everybody))
		u = nextIs(t, s, "3")
		r := opens(u, onrecord.Accept, &held, time.Time{})
		held.Mirrors = []onrecord.Mention{{Post: u.Post.Key()}}
		r.Findings[0].Effect = statements.Repeats{Statement: held, Mentioned: true}
		recorded(t, s, r, everybody)
		if got := subjects(t, s); !slices.Equal(got, []string{"S-0001", "S-0002", "S-0002"}) {
			t.Errorf("readers are told of %q", got)
		}
	})
}

// What a database knew of numbers before they were apart from ids stays.
func TestNumbersOfAnOlderSchema(t *testing.T) {
	onEmpty(t, func(t *testing.T, where string) {
		version := "PRAGMA user_version = 8"
		migrations := "sqlite"
		if strings.HasPrefix(where, "postgres:") {
			version, migrations = "INSERT INTO meta (key, value) VALUES ('schema', '7')", "postgres"
		}
		db := behind(t, where)
		for _, ddl := range append(schemaBefore(t, migrations, map[string]int{"sqlite": 9, "postgres": 8}[migrations]), version,
			`INSERT INTO statements (id, case_id, speaker, lane, account, thread, seen_at, release_at, released, body, moved_to) VALUES
				(3, 'c', 'Northwind Data', 'record', 'a', '', 1, 1, TRUE, '{}', NULL), (4, 'c', 'Northwind Data', 'record', 'a', '', 1, 9, FALSE, '{}', NULL),
				(6, 'c', 'Northwind Data', 'review', 'a', '', 1, 1, TRUE, '{}', 3)`) {
			_, err := db.ExecContext(t.Context(), ddl)
			must(t, err)
		}
		must(t, open(t, where).Close())
		for query, want := range map[string]int{
			"SELECT count(*) FROM statements WHERE number = id AND released":     2,
			"SELECT count(*) FROM statements WHERE number IS NULL AND id = 4":    1,
			"SELECT count(*) FROM statements WHERE moved_to = 3 AND changed > 0": 1,
			"SELECT count(DISTINCT changed) FROM statements WHERE case_id = 'c'": 3,
		} {
			var n int
			must(t, db.QueryRowContext(t.Context(), query).Scan(&n))
			if n != want {
				t.Errorf("%s: %d, want %d", query, n, want)
			}
		}
	})
}
