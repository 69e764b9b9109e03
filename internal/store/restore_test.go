package store_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/store"
	"onrecord/notifiers"
)

// A backup of either engine restores either engine, and afterwards everything
// that may have been delivered since is looked for first.
func TestRestore(t *testing.T) {
	onBoth(t, func(t *testing.T, from string) {
		s := open(t, from)
		arrive(t, s, post("1"), post("2"))
		owe(t, s)
		for _, d := range deliveries(t, s) {
			must(t, s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: bot.Sent, Receipt: notifiers.Receipt{ID: "m" + d.Channel}}))
		}
		owe(t, s) // open when the backup is made
		backup := filepath.Join(t.TempDir(), "backup.db")
		must(t, store.Backup(t.Context(), from, backup))
		if err := store.Backup(t.Context(), from, backup); err == nil {
			t.Error("a backup was overwritten")
		}
		must(t, s.Close())
		onBoth(t, func(t *testing.T, to string) {
			old := open(t, to)
			arrive(t, old, post("9"))
			if _, err := store.Restore(t.Context(), to, backup); !errors.Is(err, store.ErrLocked) {
				t.Fatalf("restored under a running program: %v", err)
			}
			must(t, old.Close())
			r, err := store.Restore(t.Context(), to, backup)
			must(t, err)
			if since := time.Since(r.From); since < 0 || since > time.Minute {
				t.Errorf("the backup is taken for one of %s", r.From)
			}
			if _, err := os.Stat(r.Aside); !strings.HasPrefix(to, "postgres") && err != nil {
				t.Errorf("the old database is not aside: %v", err)
			}

			s := open(t, to)
			if st, _ := s.Status(t.Context()); st.Posts[account.ID] != 2 {
				t.Fatalf("%d posts after the restore, want the backup's 2", st.Posts[account.ID])
			}
			arrive(t, s, post("3"))
			owe(t, s)
			for range 2 { // the open one, then the new one
				ds := deliveries(t, s)
				if len(ds) != 2 {
					t.Fatalf("claimed %d", len(ds))
				}
				for _, d := range ds {
					if !d.Maybe || time.Since(d.FirstAt) < 10*time.Minute || d.FirstAt.After(r.From) {
						t.Errorf("not looked for: %+v", d)
					}
					must(t, s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: bot.Sent, Receipt: notifiers.Receipt{ID: "n" + d.Channel}}))
				}
			}
		})
	})
}

// What is no backup replaces nothing.
func TestRestoreRefuses(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "test.db")
	must(t, open(t, path).Close())
	backup := filepath.Join(dir, "backup.db")
	must(t, store.Backup(t.Context(), path, backup))
	whole, err := os.ReadFile(backup)
	must(t, err)
	for name, content := range map[string][]byte{"empty": {}, "text": []byte(strings.Repeat("no database ", 1000)), "cut": whole[:len(whole)/2]} {
		file := filepath.Join(dir, name)
		must(t, os.WriteFile(file, content, 0o600))
		if _, err := store.Restore(t.Context(), path, file); err == nil {
			t.Errorf("%s was restored", name)
		}
	}
	if _, err := store.Restore(t.Context(), path, filepath.Join(dir, "missing")); err == nil {
		t.Error("nothing was restored")
	}
	if left, _ := filepath.Glob(path + ".*"); len(left) != 1 || left[0] != path+".lock" {
		t.Errorf("left behind: %v", left)
	}
	must(t, open(t, path).Close())
}

// Old bytes go, a little at a time; what protects against repetition stays.
func TestTrim(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"), post("2"))
		owe(t, s)
		for _, d := range deliveries(t, s) {
			state := map[string]bot.DeliveryState{"a": bot.Sent, "b": bot.Uncertain}[d.Channel]
			must(t, s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: state, Receipt: notifiers.Receipt{ID: "m"}}))
		}
		owe(t, s)
		if more, err := s.Trim(t.Context()); err != nil || more {
			t.Fatalf("trimmed what is new: %v", err)
		}
		db := behind(t, where)
		past := time.Now().AddDate(0, 0, -91).UnixMilli()
		for _, q := range []string{"UPDATE deliveries SET sent_at = $1 WHERE sent_at > 0", "UPDATE deliveries SET owed_at = $1", "UPDATE posts SET seen_at = $1 WHERE id = '1'"} {
			_, err := db.ExecContext(t.Context(), q, past)
			must(t, err)
		}
		if more, err := s.Trim(t.Context()); err != nil || !more {
			t.Fatalf("trimmed nothing: %v", err)
		}
		if more, err := s.Trim(t.Context()); err != nil || more {
			t.Fatalf("not done after one batch: %v", err)
		}
		count := func(q string) (n int) {
			must(t, db.QueryRowContext(t.Context(), "SELECT count(*) FROM "+q).Scan(&n))
			return n
		}
		if n := count("deliveries WHERE length(message) = 0 AND state = 'sent' AND message_id = 'm' AND key <> ''"); n != 1 {
			t.Errorf("%d deliveries are trimmed, want the sent one", n)
		}
		if n := count("deliveries WHERE length(message) = 0 AND attempt > 0"); n != 1 {
			t.Errorf("%d deliveries lost their bytes, want one", n)
		}
		if n := count("posts WHERE raw IS NULL"); n != 1 {
			t.Errorf("%d posts are trimmed, want the old one", n)
		}
	})
}

// A damaged statement is told of once and holds up neither review nor release.
func TestADamagedStatementIsSetAside(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"), post("2"), post("3"))
		owe(t, s)
		hold(t, s)
		hold(t, s)
		_, err := behind(t, where).ExecContext(t.Context(), "UPDATE statements SET body = '{\"ID\":' WHERE id < 3")
		must(t, err)
		if _, err := s.Earlier(t.Context(), []string{"c"}, time.Time{}); err == nil || !strings.Contains(err.Error(), "S-0001") || !strings.Contains(err.Error(), "a held statement of") {
			t.Fatalf("a damaged statement was read: %v", err)
		}
		byCase, err := s.Earlier(t.Context(), []string{"c"}, time.Time{})
		list := byCase["c"]
		if err != nil || len(list) != 1 {
			t.Fatalf("still in the way: %d statements, %v", len(list), err)
		}
		must(t, s.Release(t.Context(), true, everybody))
		if next, err := s.NextRelease(t.Context()); err != nil || !next.IsZero() {
			t.Errorf("a damaged one is due at %s, %v: the loop would not sleep", next, err)
		}
		if n, _ := s.Owed(t.Context()); n != 4 {
			t.Errorf("%d deliveries owed, want the 4 of the sound ones", n)
		}
		aside, err := s.SetAside(t.Context())
		if err != nil || len(aside) != 2 || !aside[0].Held || aside[1].Held || aside[0].Post != account.ID+"/2" {
			t.Errorf("set aside: %+v, %v", aside, err)
		}
	})
}

func TestADamagedHeldStatementDoesNotBlockRelease(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"), post("2"))
		hold(t, s)
		hold(t, s)
		_, err := behind(t, where).ExecContext(t.Context(), "UPDATE statements SET body = '' WHERE id = 1")
		must(t, err)
		if err := s.Release(t.Context(), true, everybody); err == nil || !strings.Contains(err.Error(), "a held statement of") {
			t.Fatalf("nobody is told: %v", err)
		}
		must(t, s.Release(t.Context(), true, everybody))
		if n, _ := s.Owed(t.Context()); n != 2 {
			t.Errorf("%d deliveries owed, want the 2 of the sound one", n)
		}
	})
}

// hold reviews the oldest unread post into a statement that waits.
func hold(t *testing.T, s *store.Store) {
	t.Helper()
	u, err := s.NextUnread(t.Context())
	must(t, err)
	recorded(t, s, opens(u, onrecord.Accept, statement(u), time.Now().Add(time.Hour)), everybody)
}

// A disk that takes no writes stops the outbox, and loses nothing of it.
func TestReadOnly(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "test.db"))
	arrive(t, s, post("1"))
	owe(t, s)
	must(t, s.ReadOnly(true))
	ds, err := claimed(t.Context(), s, lease, 10)
	if err == nil || len(ds) != 0 || !strings.Contains(err.Error(), "readonly") {
		t.Fatalf("claimed %d deliveries, %v", len(ds), err)
	}
	must(t, s.ReadOnly(false))
	if ds := deliveries(t, s); len(ds) != 2 || ds[0].Maybe || ds[0].Attempt != 1 || !bytes.Contains(ds[0].Message.Body, []byte("1")) {
		t.Errorf("afterwards: %+v", ds)
	}
}
