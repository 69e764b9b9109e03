package store_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"onrecord"
	"onrecord/statements"
)

// A statement holds no texts of its own: it has those of its posts, as they were
// when they were judged, with what they answer.
func TestAStatementHasTheWordsOfItsPosts(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		first, edited := article()
		edited.ReplyTo = &onrecord.Ref{ID: "2"}
		answered := post("2")
		answered.Text = "Did you take the drive?"
		revised(t, s, first)
		was := recorded(t, s, opens(unread(t, s, "r1"), onrecord.Accept, statement(unread(t, s, "r1")), time.Time{}), everybody)
		revised(t, s, edited)
		arrive(t, s, answered)
		u := unread(t, s, "r2")
		if u.Post.ReplyTo.Text != answered.Text {
			t.Fatalf("what it answers is %q", u.Post.ReplyTo.Text)
		}
		is := recorded(t, s, opens(u, onrecord.Accept, statement(u), time.Time{}), everybody)
		list, err := s.Latest(t.Context(), "", -1)
		must(t, err)
		if len(list) != 2 || list[0].ID != was || list[1].ID != is {
			t.Fatalf("on the record: %+v", list)
		}
		if p := list[0].First(); p.Text != first.Text || p.URL != first.URL || p.Revision != "r1" {
			t.Errorf("the first one is %+v", p)
		}
		if p := list[1].First(); p.Text != edited.Text || p.URL != edited.URL || p.ReplyTo.Text != answered.Text {
			t.Errorf("the second one is %+v", p)
		}
		again := statement(nextIs(t, s, "2"))
		again.Rewords = &onrecord.Passage{Post: onrecord.PostID{Account: first.Account, ID: first.ID}, Revision: "r1", Start: 0, End: 9, Said: first.Created.UTC(), Text: "anything"}
		recorded(t, s, opens(nextIs(t, s, "2"), onrecord.Accept, again, time.Time{}), everybody)
		list, err = s.Latest(t.Context(), "", 1)
		must(t, err)
		if p := list[0].Rewords; p == nil || p.Text != "Statement" || !p.Said.Equal(first.Created) {
			t.Errorf("it rewords %+v", p)
		}
		for _, text := range []string{first.Text, edited.Text, answered.Text, "anything"} {
			var n int
			must(t, behind(t, where).QueryRowContext(t.Context(), "SELECT count(*) FROM statements WHERE body LIKE $1", "%"+text+"%").Scan(&n))
			if n != 0 {
				t.Errorf("%d statements hold the text %q", n, text)
			}
		}
		arrive(t, s, post("3"))
		absent := statement(u)
		absent.Parts = []onrecord.Post{post("77")}
		r := opens(nextIs(t, s, "3"), onrecord.Accept, absent, time.Time{})
		if _, err := s.Record(t.Context(), r, everybody); err == nil || !strings.Contains(err.Error(), "/77, which is not stored") {
			t.Errorf("a statement of a post that is not stored: %v", err)
		}
		allParts(t, where, 3)
	})
}

func allParts(t *testing.T, where string, want int) {
	t.Helper()
	var n int
	must(t, behind(t, where).QueryRowContext(t.Context(), "SELECT count(*) FROM parts").Scan(&n))
	if n != want {
		t.Errorf("%d parts, want %d", n, want)
	}
}

// A statement that loses a post, or gets one, refers to those it has.
func TestPartsFollowTheirStatement(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, part("1"), part("2"))
		u := nextIs(t, s, "1")
		recorded(t, s, opens(u, onrecord.Accept, statement(u), time.Now().Add(time.Hour)), everybody)
		u = nextIs(t, s, "2")
		joined := u.Known.Held[0]
		joined.Parts = append(joined.Parts, u.Post)
		r := opens(u, onrecord.Accept, &joined, time.Time{})
		r.Findings[0].Effect = statements.Joins{Statement: joined}
		recorded(t, s, r, everybody)
		list, err := s.Latest(t.Context(), "", -1)
		must(t, err)
		if len(list) != 1 || len(list[0].Parts) != 2 || list[0].Parts[1].ID != "2" {
			t.Errorf("on the record: %+v", list)
		}
		allParts(t, where, 2)
	})
}

// Statements that held their texts refer to their posts once the schema is up to
// date, and say the same. Words that no post has are kept as a revision.
func TestTextsOfAnOlderSchema(t *testing.T) {
	onEmpty(t, func(t *testing.T, where string) {
		engine, version, before := "sqlite", "PRAGMA user_version = 9", 10
		if strings.HasPrefix(where, "postgres:") {
			engine, version, before = "postgres", "INSERT INTO meta (key, value) VALUES ('schema', '8')", 9
		}
		db := behind(t, where)
		do := func(query string, args ...any) {
			t.Helper()
			_, err := db.ExecContext(t.Context(), query, args...)
			must(t, err)
		}
		for _, ddl := range append(schemaBefore(t, engine, before), version) {
			do(ddl)
		}
		// The form of version 0, which had the names of the program's own structs.
		type oldRef struct{ ID, Text string }
		type oldPost struct {
			Account, ID, Revision, Text string
			Created                     time.Time
			ReplyTo                     *oldRef
		}
		type oldStatement struct {
			ID                           int64
			Case, Speaker, Account, Lane string
			Parts                        []oldPost
		}
		old := func(v any) string {
			data, err := json.Marshal(v)
			must(t, err)
			return string(data)
		}
		stored := oldPost{account.ID, "1", "", "We deny it.", time.Unix(1, 0), &oldRef{ID: "0"}}
		earlier := oldPost{account.ID, "2", "r1", "First words.", time.Unix(2, 0), nil}
		newer := oldPost{account.ID, "2", "r2", "Later words.", time.Unix(2, 0), nil}
		for _, p := range []oldPost{stored, newer} {
			do(`INSERT INTO posts (account, id, source, thread, revision, created_at, seen_at, state, body) VALUES ($1, $2, 'feed', '', $3, 1, 1, 'read', $4)`, p.Account, p.ID, p.Revision, old(p))
		}
		do("INSERT INTO revisions (account, id, revision, seen_at, body) VALUES ($1, '2', 'r1', 1, $2)", account.ID, old(earlier))
		filled, changed, gone := stored, stored, stored
		filled.ReplyTo = &oldRef{ID: "0", Text: "Did you?"}
		changed.Text, gone.ID, gone.Text = "We deny nothing.", "3", "Of no post."
		want := map[int64][]oldPost{1: {filled}, 2: {earlier, newer}, 3: {changed}, 4: {gone}}
		for id, parts := range want {
			do(`INSERT INTO statements (id, case_id, speaker, lane, account, thread, seen_at, release_at, released, body, number) VALUES ($1, 'c', 'Northwind Data', 'record', $2, '', 1, 1, TRUE, $3, $1)`,
				id, account.ID, old(oldStatement{id, "c", "Northwind Data", account.ID, "record", parts}))
		}
		do(`INSERT INTO statements (id, case_id, speaker, lane, account, thread, seen_at, release_at, released, body, number) VALUES (5, 'c', 'Northwind Data', 'record', $1, '', 1, 1, TRUE, '{"ID":', 5)`, account.ID)

		s := open(t, where)
		_, err := s.Earlier(t.Context(), []string{"c"}, time.Time{})
		toldOnce(t, "the one that was damaged before", err)
		list, err := s.Latest(t.Context(), "", -1)
		must(t, err)
		if len(list) != 4 {
			t.Fatalf("on the record: %+v", list)
		}
		for _, st := range list {
			for n, p := range want[st.ID] {
				if got := st.Parts[n]; len(st.Parts) != len(want[st.ID]) || got.Text != p.Text || got.ID != p.ID || !got.Created.Equal(p.Created) {
					t.Errorf("statement %d became %+v", st.ID, st)
				}
			}
		}
		allParts(t, where, 5)
		for query, want := range map[string]int{
			"SELECT count(*) FROM statements WHERE body LIKE '%deny%' OR body LIKE '%words%' OR body LIKE '%no post%'": 0,
			"SELECT count(*) FROM revisions": 2, // r1 of post 2, and what no post says
			"SELECT count(*) FROM posts":     3,
		} {
			var n int
			must(t, db.QueryRowContext(t.Context(), query).Scan(&n))
			if n != want {
				t.Errorf("%s: %d, want %d", query, n, want)
			}
		}
	})
}
