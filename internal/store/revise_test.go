package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/store"
	"onrecord/statements"
)

// revised stores what an article says now and returns how many are to be read again.
func revised(t *testing.T, s *store.Store, p onrecord.Post) int {
	t.Helper()
	c := claim(t, s)
	n, err := s.StorePage(t.Context(), &c, []bot.PulledPost{{Post: p}}, c.Cursor, lease)
	must(t, err)
	must(t, s.FinishPull(t.Context(), c, bot.PullResult{NextAt: time.Now().Add(time.Minute)}))
	return n
}

func unread(t *testing.T, s *store.Store, revision string) *bot.Unread {
	t.Helper()
	u, err := s.NextUnread(t.Context())
	must(t, err)
	if u == nil || u.Post.Revision != revision {
		t.Fatalf("to be read is %+v, want revision %s", u, revision)
	}
	return u
}

// article returns two revisions of a post.
func article() (first, edited onrecord.Post) {
	first, edited = post("1"), post("1")
	first.Revision, first.URL = "r1", "https://courier.example/old"
	edited.Revision, edited.URL, edited.Text, edited.Raw = "r2", "https://courier.example/new", "Statement 1, corrected.", []byte(`{"edited":true}`)
	return first, edited
}

// TestAnArticleIsReadAgain: what it says now is judged, and what was judged
// before stays on the record with the words it was about.
func TestAnArticleIsReadAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		first, edited := article()
		if n := revised(t, s, first); n != 1 {
			t.Fatalf("%d new articles, want 1", n)
		}
		must(t, record(t.Context(), s, unread(t, s, "r1")))
		if n := revised(t, s, edited); n != 1 {
			t.Fatalf("%d articles to be read again, want 1", n)
		}
		must(t, record(t.Context(), s, unread(t, s, "r2")))
		if n := revised(t, s, edited); n != 0 {
			t.Errorf("%d articles to be read again, though nothing changed", n)
		}
		said := func() map[string]bot.StoredDecision {
			entries, err := s.Decisions(t.Context())
			must(t, err)
			by := map[string]bot.StoredDecision{}
			for _, e := range entries {
				by[e.Post.Revision+": "+e.Post.Text] = e
			}
			if len(entries) != 2 || len(by) != 2 {
				t.Fatalf("decisions: %+v", entries)
			}
			return by
		}
		before := said()
		r1, r2 := "r1: "+first.Text, "r2: "+edited.Text
		if before[r1].Statement == 0 || before[r2].Statement == 0 {
			t.Errorf("decisions: %+v", before)
		}
		if list, err := s.ByURL(t.Context(), edited.URL); err != nil || len(list) != 2 {
			t.Errorf("%d decisions at the new address, %v", len(list), err)
		}

		// The article goes back to what it said: the newer decision stands.
		revised(t, s, first)
		must(t, record(t.Context(), s, unread(t, s, "r1")))
		if after := said(); after[r1].Statement <= before[r2].Statement || after[r2].Statement != before[r2].Statement {
			t.Errorf("decisions %+v became %+v", before, after)
		}
	})
}

// TestAnArticleChangesWhileItIsJudged: the decision on the old words is too late.
func TestAnArticleChangesWhileItIsJudged(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		first, edited := article()
		revised(t, s, first)
		old := unread(t, s, "r1")
		revised(t, s, edited)
		if err := record(t.Context(), s, old); !errors.Is(err, bot.ErrLost) {
			t.Fatalf("old words were put on the record: %v", err)
		}
		u := unread(t, s, "r2")
		r := statements.Reading{Post: u.Post}
		for _, who := range []string{"Dana Reyes", "Ivo Lind"} { // whom it quotes
			r.Findings = append(r.Findings, statements.Finding{Decision: onrecord.Decision{Case: "c", Label: onrecord.Reject}, Speaker: who, Effect: statements.Nothing{}})
		}
		only := r.Findings[0] // more words of hers, which only a model reads so
		only.Proposed, only.Label = true, onrecord.Review
		r.Findings = append(r.Findings, only)
		_, err := s.Record(t.Context(), r, everybody)
		must(t, err)
		entries, err := s.Decisions(t.Context())
		must(t, err)
		if len(entries) != 3 || entries[0].Speaker != "Dana Reyes" || entries[0].Decision.Label != onrecord.Reject || entries[1].Speaker != "Dana Reyes" || entries[1].Decision.Label != onrecord.Review ||
			entries[2].Speaker != "Ivo Lind" || entries[0].Post.Text != edited.Text {
			t.Errorf("decisions: %+v", entries)
		}
	})
}

// TestBaselineOfAnArticle: however often it changes, it is known what it said
// when the watch began.
func TestBaselineOfAnArticle(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		first, edited := article()
		c := claim(t, s)
		_, err := s.StorePage(t.Context(), &c, []bot.PulledPost{{Post: first, Baseline: true}}, "", lease)
		must(t, err)
		must(t, s.FinishPull(t.Context(), c, bot.PullResult{NextAt: time.Now()}))
		for _, edited.Revision = range []string{"r2", "r3"} {
			edited.Raw = []byte(edited.Revision)
			revised(t, s, edited)
			u := unread(t, s, edited.Revision)
			if u.Known.Baseline != first.Text {
				t.Errorf("%s: the baseline is %q, want %q", edited.Revision, u.Known.Baseline, first.Text)
			}
			must(t, record(t.Context(), s, u))
		}
	})
}

// TestDecisionsOfAnOlderSchema: those made before decisions had speakers and
// revisions are kept, with their indexes, and new ones stand beside them.
func TestDecisionsOfAnOlderSchema(t *testing.T) {
	onEmpty(t, func(t *testing.T, where string) {
		files, version, indexes := []string{"sqlite/0001.sql", "sqlite/0002.sql", "sqlite/0003.sql"}, "PRAGMA user_version = 3", "SELECT count(*) FROM sqlite_master WHERE type = 'index' AND name"
		if strings.HasPrefix(where, "postgres:") {
			files, version, indexes = []string{"postgres/0001.sql", "postgres/0002.sql"}, "INSERT INTO meta (key, value) VALUES ('schema', '2')", "SELECT count(*) FROM pg_indexes WHERE indexname"
		}
		db := behind(t, where)
		do := func(query string, args ...any) {
			t.Helper()
			_, err := db.ExecContext(t.Context(), query, args...)
			must(t, err)
		}
		for _, f := range files {
			ddl, err := os.ReadFile(filepath.Join("migrations", f))
			must(t, err)
			do(string(ddl))
		}
		do(version)
		first, edited := article()
		body, err := json.Marshal(first)
		must(t, err)
		do(`INSERT INTO posts (seq, account, id, source, thread, revision, created_at, seen_at, state, body)
			VALUES (7, $1, '1', 'feed', '', 'r1', 1, 1, 'read', $2)`, account.ID, string(body))
		do(`INSERT INTO statements (id, case_id, speaker, lane, account, thread, seen_at, release_at, released, body)
			VALUES (5, 'c', 'Northwind Data', 'record', 'a', '', 1, 1, TRUE, '{}')`)
		do(`INSERT INTO decisions (post, case_id, verdict, score, novelty, why, statement, ruleset, reasons, made_at)
			VALUES (7, 'c', 'accept', 2.5, 'new', 'w', 5, 'r', '[]', 11), (7, 'd', 'reject', -1, '', '', NULL, 'r', '[]', 12)`)
		do("INSERT INTO revisions (account, id, revision, seen_at, body) VALUES ($1, '2', 'x', 1, '{}')", account.ID)

		s := open(t, where)
		entries, err := s.Decisions(t.Context())
		must(t, err)
		if len(entries) != 2 {
			t.Fatalf("decisions: %+v", entries)
		}
		accepted, rejected := entries[0], entries[1]
		if d := accepted.Decision; d.Case != "c" || d.Label != onrecord.Accept || d.Score != 2.5 || accepted.Statement != 5 || accepted.Speaker != "" ||
			accepted.Novelty != onrecord.New || accepted.Why != "w" || accepted.Made.UnixMilli() != 11 || accepted.Post.Text != first.Text {
			t.Errorf("the accepted one became %+v", accepted)
		}
		if rejected.Decision.Case != "d" || rejected.Statement != 0 || rejected.Made.UnixMilli() != 12 {
			t.Errorf("the rejected one became %+v", rejected)
		}
		for query, want := range map[string]int{
			indexes + " IN ('decisions_statement', 'decisions_verdict')": 2,
			"SELECT count(*) FROM decisions WHERE revision = 'r1'":       2,
			"SELECT count(*) FROM revisions WHERE state = ''":            1,
		} {
			var n int
			must(t, db.QueryRowContext(t.Context(), query).Scan(&n))
			if n != want {
				t.Errorf("%s: %d, want %d", query, n, want)
			}
		}
		revised(t, s, edited)
		must(t, record(t.Context(), s, unread(t, s, "r2")))
		if entries, err = s.Decisions(t.Context()); err != nil || len(entries) != 3 {
			t.Errorf("%d decisions after one more, %v", len(entries), err)
		}
	})
}

// schemaBefore is the schema as it was before a version.
func schemaBefore(t *testing.T, engine string, version int) (files []string) {
	t.Helper()
	for v := 1; v < version; v++ {
		ddl, err := os.ReadFile(filepath.Join("migrations", engine, fmt.Sprintf("%04d.sql", v)))
		must(t, err)
		files = append(files, string(ddl))
	}
	return files
}
