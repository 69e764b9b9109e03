package store_test

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/store/pgtest"
	"onrecord/sources"
)

// What is taken out of a PostgreSQL database is in none of its files, wherever on a page it
// stood, whatever the server knows of a table's words by heart.
func TestWordsLeavePostgreSQLsFiles(t *testing.T) {
	server := pgtest.Shared(t)
	where := pgtest.Database(t)
	s := open(t, where)
	const secret = "the harbour master keeps the ledger in the lighthouse"
	for i := range 12 {
		p := post(fmt.Sprint(i))
		if p.Revision = "r1"; i%5 == 1 {
			p.Text, p.Raw = p.Text+" "+secret+strings.Repeat(".", 40*i), []byte("raw: "+secret)
		}
		revised(t, s, p)
		owe(t, s)
	}
	for _, d := range deliveries(t, s) {
		must(t, s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: bot.Sent}))
	}
	_, err := behind(t, where).ExecContext(t.Context(), "ANALYZE")
	must(t, err)
	if files, _ := server.Holding(t, secret); len(files) == 0 {
		t.Fatal("the words are nowhere before they are taken out: the test proves nothing")
	}
	_, err = behind(t, where).ExecContext(t.Context(), "UPDATE rechecks SET next_at = 1")
	must(t, err)
	claims, err := s.ClaimRechecks(t.Context(), lease, 100)
	must(t, err)
	var found []bot.Weighed
	for _, c := range claims {
		for _, w := range c.Posts {
			if strings.Contains(w.Post.Text, secret) {
				found = append(found, bot.Weighed{Watched: w, Was: w.Post.Revision, Redact: true, Fate: &onrecord.Fate{Kind: onrecord.Gone, From: time.Now(), Until: time.Now()}})
				found[len(found)-1].Next.Sight = sources.Absent
			}
		}
	}
	if len(found) != 3 {
		t.Fatalf("%d posts to be taken out, want 3", len(found))
	}
	// Somebody may still read the rows as they were, and so the server keeps them.
	backup, err := behind(t, where).BeginTx(t.Context(), &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	must(t, err)
	var n int
	must(t, backup.QueryRowContext(t.Context(), "SELECT 1").Scan(&n))
	time.AfterFunc(2*time.Second, func() { _ = backup.Rollback() })
	must(t, s.StoreLooks(t.Context(), found, everybody))
	if files, _ := server.Holding(t, secret); len(files) != 0 {
		t.Errorf("the words are in %q", files)
	}

	// So it is with what a program that died in between had taken out.
	const later = "the lighthouse was painted over in the night before the hearing"
	_, err = behind(t, where).ExecContext(t.Context(), "UPDATE posts SET body = replace(body, 'Statement', $1)", later)
	must(t, err)
	_, err = behind(t, where).ExecContext(t.Context(), "UPDATE posts SET body = replace(body, $1, 'Statement')", later)
	must(t, err)
	if files, _ := server.Holding(t, later); len(files) == 0 {
		t.Fatal("the words are nowhere: the test proves nothing")
	}
	_, err = behind(t, where).ExecContext(t.Context(), "INSERT INTO meta (key, value) VALUES ('scrub', '1')")
	must(t, err)
	_, err = s.Trim(t.Context())
	must(t, err)
	if files, _ := server.Holding(t, later); len(files) != 0 {
		t.Errorf("the words are in %q", files)
	}
}
