package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/store"
	"onrecord/notifiers"
)

// A page one of whose posts cannot be stored is not stored at all: the cursor
// stays, and the next pull reads the page again.
func TestAPageIsStoredWhole(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		c := claim(t, s)
		bad := post("2")
		bad.Created = time.Date(10001, 1, 1, 0, 0, 0, 0, time.UTC) // a year that JSON cannot hold
		if n, err := s.StorePage(t.Context(), &c, []bot.PulledPost{{Post: post("1")}, {Post: bad}}, "two", lease); err == nil || n != 0 || c.Cursor != "" {
			t.Errorf("stored %d posts, %v; the cursor is %q", n, err, c.Cursor)
		}
		if st, err := s.Status(t.Context()); err != nil || st.Posts[account.ID] != 0 {
			t.Errorf("%d posts of the page are kept, %v", st.Posts[account.ID], err)
		}
		if _, err := s.StorePage(t.Context(), &c, []bot.PulledPost{{Post: post("1")}}, "one", lease); err != nil {
			t.Errorf("the cursor moved without the posts: %v", err)
		}
	})
}

// When what a statement owes cannot be stored, neither is the statement, and
// its post stays unread.
func TestAReadingIsStoredWhole(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"))
		u, err := s.NextUnread(t.Context())
		must(t, err)
		nowhere := append(slices.Clip(readers), bot.Follower{Channel: "nowhere", Lane: onrecord.Record, Cases: []string{"c"}})
		if _, err := s.Record(t.Context(), opens(u, onrecord.Accept, statement(u), time.Time{}), nowhere); err == nil {
			t.Fatal("a delivery to a channel that is not there was stored")
		}
		if list, err := s.Latest(t.Context(), "", 10); err != nil || len(list) != 0 {
			t.Errorf("%d statements without their deliveries, %v", len(list), err)
		}
		if n, err := s.Owed(t.Context()); err != nil || n != 0 {
			t.Errorf("%d deliveries are owed, %v", n, err)
		}
		if again, err := s.NextUnread(t.Context()); err != nil || again == nil {
			t.Errorf("the post is read: %v", err)
		}
	})
}

// A claim whose lease ran out stores nothing, even where its successor has not
// moved the cursor.
func TestALostClaimStoresNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		claims, err := s.ClaimDue(t.Context(), 0, 1)
		must(t, err)
		if len(claims) != 1 {
			t.Fatalf("%d claims, want 1", len(claims))
		}
		late, next := claims[0], claim(t, s)
		if _, err := s.StorePage(t.Context(), &late, []bot.PulledPost{{Post: post("1")}}, "late", lease); !errors.Is(err, bot.ErrLost) {
			t.Errorf("a lost claim stored a page: %v", err)
		}
		if err := s.FinishPull(t.Context(), late, bot.PullResult{NextAt: time.Now()}); !errors.Is(err, bot.ErrLost) {
			t.Errorf("a lost claim ended the pull of its successor: %v", err)
		}
		_, err = s.StorePage(t.Context(), &next, []bot.PulledPost{{Post: post("1")}}, "next", lease)
		must(t, errors.Join(err, s.FinishPull(t.Context(), next, bot.PullResult{NextAt: time.Now()})))
	})
}

// A delivery that is claimed again because nobody settled it may be out there.
func TestALostDeliveryIsInDoubt(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"))
		owe(t, s)
		first, err := claimed(t.Context(), s, 0, 10)
		must(t, err)
		again := deliveries(t, s)
		if len(first) != 2 || first[0].Maybe || len(again) != 2 || !again[0].Maybe || !again[1].Maybe {
			t.Fatalf("claimed %+v, and again %+v", first, again)
		}
		if err := s.FinishAttempt(t.Context(), first[0], bot.AttemptResult{State: bot.Sent}); !errors.Is(err, bot.ErrLost) {
			t.Errorf("the late outcome was stored: %v", err)
		}
	})
}

// A message that stands before an unclear one in the outbox, but was ordered
// anew and sent after it, is no bound for the look into the history.
func TestAnchorIsNotSentLater(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"), post("2"))
		first := owe(t, s)
		owe(t, s)
		settle := func(o bot.AttemptResult) (last bot.Delivery) {
			for _, last = range deliveries(t, s) {
				must(t, s.FinishAttempt(t.Context(), last, o))
			}
			return last
		}
		settle(bot.AttemptResult{State: bot.Dead})
		unclear := settle(bot.AttemptResult{State: bot.Pending, Maybe: true, NextAt: time.Now()})
		for !s.Now().After(unclear.FirstAt.Add(2 * time.Millisecond)) {
			time.Sleep(time.Millisecond)
		}
		must(t, errors.Join(s.Resend(t.Context(), first.Number(), "a"), s.Resend(t.Context(), first.Number(), "b")))
		if d := settle(bot.AttemptResult{State: bot.Sent, Receipt: notifiers.Receipt{ID: "later"}}); d.Statement != first.ID {
			t.Fatalf("%+v was sent, want what was ordered anew", d)
		}
		ds := deliveries(t, s)
		if len(ds) != 2 || !ds[0].Maybe {
			t.Fatalf("claimed %+v, want the unclear ones", ds)
		}
		for _, d := range ds {
			if d.After.ID != "" {
				t.Errorf("the bound is %q, which was sent after the unclear one", d.After.ID)
			}
		}
	})
}

// Two installations that share a bot account say the same of the same post, and
// still do not take each other's messages for their own.
func TestInstallationsDoNotShareKeys(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		keys := map[string]bool{}
		for _, where := range []string{where, filepath.Join(t.TempDir(), "other.db")} {
			s := open(t, where)
			arrive(t, s, post("1"))
			owe(t, s)
			for _, d := range deliveries(t, s) {
				keys[d.Key] = true
			}
		}
		if len(keys) != 4 {
			t.Errorf("%d keys of two deliveries in each of two installations: %v", len(keys), keys)
		}
	})
}

// NORMAL may lose the last commits when the power fails, which no test can cut.
func TestCommitsAreOnTheDisk(t *testing.T) {
	const full = 2
	s := open(t, filepath.Join(t.TempDir(), "test.db"))
	if mode, err := s.Synchronous(t.Context()); err != nil || mode != full {
		t.Errorf("synchronous is %d, %v; want FULL", mode, err)
	}
}

// Steps that wait together are stored together. One that fails fails alone.
func TestOneFailureOfMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, filepath.Join(t.TempDir(), "test.db"))
		arrive(t, s, post("1"))
		u, err := s.NextUnread(t.Context())
		must(t, err)
		under, goOn := make(chan bool), make(chan bool)
		s.AtBoundaries(func(boundary string) {
			if boundary == "record reading"+store.BeforeCommit {
				under <- true
				<-goOn
			}
		})
		outcomes := make(chan error, 1)
		go func() {
			_, err := s.Record(t.Context(), opens(u, onrecord.Accept, statement(u), time.Time{}), everybody)
			outcomes <- err
		}()
		<-under // while this step is stored, others wait
		bought, lost := make(chan error, 1), make(chan error, 1)
		go func() { bought <- s.OpenChannel(t.Context(), "a") }()
		go func() { lost <- s.FinishPull(t.Context(), bot.Claim{Account: account.ID, Epoch: -1}, bot.PullResult{}) }()
		go func() { bought <- s.AllDue(t.Context()) }()
		synctest.Wait()
		close(goOn)
		must(t, errors.Join(<-outcomes, <-bought, <-bought))
		if err := <-lost; !errors.Is(err, bot.ErrLost) {
			t.Errorf("the step that failed was told %v", err)
		}
		if claims, err := s.ClaimDue(t.Context(), lease, 1); err != nil || len(claims) != 1 {
			t.Errorf("the account is not due, %v: a step that waited beside the one that failed is not stored", err)
		}
		s.Close()
	})
}

// A post that was judged twice, by a replica that was thought dead and by the one
// that took over, is one statement.
func TestAPostIsReadOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"))
		u, err := s.NextUnread(t.Context())
		must(t, err)
		must(t, record(t.Context(), s, u))
		late := opens(u, onrecord.Accept, statement(u), time.Time{})
		late.Findings[0].Case = "another"
		if !lost(t, s, late, everybody) {
			t.Error("the second judgement was stored")
		}
		if list, err := s.Latest(t.Context(), "", 10); err != nil || len(list) != 1 {
			t.Errorf("%d statements, %v; want 1", len(list), err)
		}
		if n, err := s.Owed(t.Context()); err != nil || n != 2 {
			t.Errorf("%d deliveries are owed, %v; want 2", n, err)
		}
	})
}

// A file of somebody else is refused, and nothing is made beside it.
func TestAForeignFileIsLeftAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "passwd")
	for _, text := range []string{"root:x:0:0:root:/root:/bin/sh\n", "x"} {
		must(t, os.WriteFile(path, []byte(text), 0o600))
		if s, err := store.Open(t.Context(), path); err == nil || !strings.Contains(err.Error(), "no SQLite database") {
			t.Errorf("opened %v, %v", s, err)
		}
		now, err := os.ReadFile(path)
		files, _ := os.ReadDir(dir)
		if err != nil || string(now) != text || len(files) != 1 {
			t.Errorf("left %.40q and %v, %v", now, files, err)
		}
	}
}
