package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onrecord"
	"onrecord/internal/store"
	"onrecord/internal/store/storetest"
	"onrecord/statements"
)

// What a post is compared with is what the record holds, whatever has happened to
// it since it was read first, and whoever did it.
func TestEarlierFollowsTheRecord(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		steps := 0
		same := func(what string) []onrecord.Statement {
			t.Helper()
			steps++
			got, err := s.Earlier(t.Context(), []string{"c", "d"}, time.Time{})
			must(t, err)
			beside, err := store.OpenReading(t.Context(), where)
			must(t, err)
			defer beside.Close()
			want, err := beside.Earlier(t.Context(), []string{"c", "d"}, time.Time{})
			must(t, err)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("after %s (-record +known):\n%s", what, diff)
			}
			return got["c"]
		}
		same("nothing")
		arrive(t, s, post("0"), part("1"), part("2"), post("3"), post("4"), post("5"))
		owe(t, s)
		first := same("a statement")
		u := nextIs(t, s, "1")
		recorded(t, s, opens(u, onrecord.Accept, statement(u), time.Now().Add(time.Hour)), everybody)
		same("a held one")
		u = nextIs(t, s, "2")
		held := u.Known.Held[0]
		held.Parts = append(held.Parts, u.Post)
		recorded(t, s, joins(u, onrecord.Accept, held, time.Now().Add(time.Hour)), everybody)
		same("a part")
		u = nextIs(t, s, "3")
		repeated := first[0]
		repeated.Mirrors = append(repeated.Mirrors, onrecord.Mention{Post: u.Post.Key()})
		r := opens(u, onrecord.Accept, &repeated, time.Time{})
		r.Findings[0].Effect = statements.Repeats{Statement: repeated, Mentioned: true}
		recorded(t, s, r, everybody)
		same("a repetition")
		if len(first[0].Mirrors) != 0 {
			t.Error("a list that was handed out has changed")
		}
		must(t, s.Release(t.Context(), true, everybody))
		same("the release")
		yes := borderline(t, s)
		same("a borderline one")
		must(t, s.Moderate(t.Context(), yes, onrecord.Accept, "Dana"))
		ruling, err := s.NextModeration(t.Context())
		must(t, err)
		must(t, follow(t, s, *ruling, 1))
		if list := same("a person's verdict"); len(list) != 3 || slices.ContainsFunc(list, func(st onrecord.Statement) bool { return st.ID == yes }) {
			t.Errorf("the record holds %d statements", len(list))
		}
		u = nextIs(t, s, "5")
		other := statement(u)
		other.Case = "d"
		recorded(t, s, opens(u, onrecord.Accept, other, time.Time{}), everybody)
		same("one on another case")
		if steps != 9 {
			t.Errorf("%d steps were compared", steps)
		}
	})
}

// Statements older than asked for are not compared with, and no more than 500 are.
func TestEarlierIsBounded(t *testing.T) {
	s := open(t, storetest.SQLite(t))
	var posts []onrecord.Post
	for i := range 502 {
		posts = append(posts, post(fmt.Sprint(i)))
	}
	arrive(t, s, posts...)
	var last int64
	for i := range 502 {
		u, err := s.NextUnread(t.Context())
		must(t, err)
		if last = recorded(t, s, opens(u, onrecord.Accept, statement(u), time.Time{}), readers); i == 0 {
			_, err := s.Earlier(t.Context(), []string{"c"}, time.Time{})
			must(t, err)
		}
	}
	earlier, err := s.Earlier(t.Context(), []string{"c"}, time.Time{})
	must(t, err)
	if list := earlier["c"]; len(list) != 500 || list[499].ID != last {
		t.Errorf("%d statements", len(list))
	}
	if earlier, err = s.Earlier(t.Context(), []string{"c"}, s.Now().Add(time.Hour)); err != nil || len(earlier["c"]) != 0 {
		t.Errorf("%d statements are not older than to come, %v", len(earlier["c"]), err)
	}
}
