package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/beside"
	"onrecord/internal/store"
	"onrecord/internal/store/pgtest"
	"onrecord/internal/store/storetest"
	"onrecord/notifiers"
	"onrecord/sources"
	"onrecord/statements"
)

const lease = time.Minute

var account = onrecord.Account{ID: "feed:northwind.example/news", Source: "feed", Speaker: "Northwind Data", Cases: []string{"c"}}

func open(t *testing.T, path string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	must(t, s.Sync(t.Context(), []onrecord.Account{account}, func(string) time.Duration { return time.Minute }, map[string]string{"a": "console", "b": "console"}))
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// onBoth runs a test on both engines: the promises are the same.
func onBoth(t *testing.T, test func(t *testing.T, where string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, storetest.SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, storetest.Postgres(t)) })
}

// onEmpty runs it where there are no tables yet.
func onEmpty(t *testing.T, test func(t *testing.T, where string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, filepath.Join(t.TempDir(), "test.db")) })
	t.Run("postgres", func(t *testing.T) { test(t, pgtest.Database(t)) })
}

// behind opens the database behind the store's back.
func behind(t *testing.T, where string) *sql.DB {
	t.Helper()
	driver := "sqlite"
	if strings.HasPrefix(where, "postgres:") {
		driver = "pgx"
	}
	db, err := sql.Open(driver, where)
	must(t, err)
	t.Cleanup(func() { db.Close() })
	return db
}

func TestMain(m *testing.M) {
	code := m.Run()
	pgtest.Done()
	os.Exit(code)
}

func post(id string) onrecord.Post {
	return onrecord.Post{Account: account.ID, ID: id, Kind: onrecord.Original, Text: "Statement " + id + ".", Created: time.Now(), Dated: true, Raw: []byte("{}")}
}

func claim(t *testing.T, s *store.Store) bot.Claim {
	t.Helper()
	must(t, s.AllDue(t.Context()))
	var claims []bot.Claim
	for range 100 {
		var err error
		claims, err = s.ClaimDue(t.Context(), lease, 10)
		must(t, err)
		if len(claims) > 0 {
			break
		}
		time.Sleep(10 * time.Millisecond) // a replica's reading of the server's clock steps back by the length of a busy answer
	}
	if len(claims) != 1 {
		t.Fatalf("%d claims, want 1", len(claims))
	}
	return claims[0]
}

// arrive stores posts as one good pull would.
func arrive(t *testing.T, s *store.Store, posts ...onrecord.Post) {
	t.Helper()
	c := claim(t, s)
	var as []bot.PulledPost
	for _, p := range posts {
		as = append(as, bot.PulledPost{Post: p})
	}
	_, err := s.StorePage(t.Context(), &c, as, c.Cursor+"x", lease)
	must(t, err)
	must(t, s.FinishPull(t.Context(), c, bot.PullResult{NextAt: time.Now().Add(time.Minute)}))
}

// owe reviews the oldest unread post into a statement owed to both channels.
func owe(t *testing.T, s *store.Store) *onrecord.Statement {
	t.Helper()
	u, err := s.NextUnread(t.Context())
	must(t, err)
	st := statement(u)
	st.ID = recorded(t, s, opens(u, onrecord.Accept, st, time.Time{}), everybody)
	st.No = number(t, s, st.ID)
	return st
}

// number is that of a statement on the record; 0: it has none.
func number(t *testing.T, s *store.Store, id int64) int64 {
	t.Helper()
	list, err := s.Latest(t.Context(), "", -1)
	must(t, err)
	for _, st := range list {
		if st.ID == id {
			return st.No
		}
	}
	t.Fatalf("statement %d is not on the record", id)
	return 0
}

// opens is a reading that puts a statement on the record, held until a time.
func opens(u *bot.Unread, v onrecord.Label, st *onrecord.Statement, release time.Time) statements.Reading {
	return statements.Reading{Post: u.Post, Again: u.Known.Before != nil, Findings: []statements.Finding{{
		Decision: onrecord.Decision{Case: "c", Label: v, Ruleset: "r", Reasons: []onrecord.Reason{{Name: "n", Weight: 1}}},
		Novelty:  onrecord.New, Effect: statements.Opens{Statement: *st, Hold: statements.Hold{Parts: release}},
	}}}
}

// recorded stores a reading and returns the id of the statement it led to.
func recorded(t *testing.T, s *store.Store, r statements.Reading, to bot.Audience) int64 {
	t.Helper()
	ids, err := s.Record(t.Context(), r, to)
	must(t, err)
	return ids[0]
}

// lost says whether a reading was refused because more is known by now.
func lost(t *testing.T, s *store.Store, r statements.Reading, to bot.Audience) bool {
	t.Helper()
	_, err := s.Record(t.Context(), r, to)
	if !errors.Is(err, bot.ErrLost) {
		must(t, err)
	}
	return err != nil
}

func statement(u *bot.Unread) *onrecord.Statement {
	return &onrecord.Statement{Case: "c", Speaker: account.Speaker, Account: u.Post.Account, Lane: onrecord.Record, Parts: []onrecord.Post{u.Post}, Seen: u.Known.Seen}
}

// readers follow what is on the record in both channels, and everybody what is for review, too.
var (
	readers   = bot.Audience{{Channel: "a", Lane: onrecord.Record, Cases: []string{"c"}}, {Channel: "b", Lane: onrecord.Record, Cases: []string{"c"}}}
	everybody = append(slices.Clip(readers), bot.Follower{Channel: "a", Lane: onrecord.ForReview, Cases: []string{"c"}}, bot.Follower{Channel: "b", Lane: onrecord.ForReview, Cases: []string{"c"}})
)

// claimed renders what is due for the first time and claims, as the deliver loop does.
func claimed(ctx context.Context, s *store.Store, lease time.Duration, limit int) ([]bot.Delivery, error) {
	heads, first, err := s.Due(ctx, limit)
	if err != nil {
		return nil, err
	}
	var rendered []bot.Rendered
	for _, u := range first {
		r := bot.Rendered{Delivery: u.Delivery, Err: u.Err}
		switch n := u.Notice.(type) {
		case onrecord.GapNotice:
			r.Message = notifiers.Message{Body: fmt.Appendf(nil, "%s %q %d", n.Gap.Number(), n.Gap.Place, n.Gap.Posts)}
		case onrecord.StatementNotice:
			r.Message = notifiers.Message{Body: []byte(n.Statement.First().Text)}
		case onrecord.AlsoSaidNotice:
			r.Message = notifiers.Message{Body: []byte(n.Statement.First().Text)}
		case onrecord.WholeNotice:
			r.Message = notifiers.Message{Body: fmt.Appendf(nil, "%d: %s", n.Part, n.Statement.First().Text)}
		}
		rendered = append(rendered, r)
	}
	return s.ClaimDeliveries(ctx, lease, heads, rendered)
}

func deliveries(t *testing.T, s *store.Store) []bot.Delivery {
	t.Helper()
	ds, err := claimed(t.Context(), s, lease, 10)
	must(t, err)
	return ds
}

func TestPageAndCursorTogether(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		c := claim(t, s)
		stale := c
		n, err := s.StorePage(t.Context(), &c, []bot.PulledPost{{Post: post("1")}, {Post: post("2")}, {Post: post("1")}}, "two", lease)
		must(t, err)
		if n != 2 || c.Cursor != "two" {
			t.Fatalf("stored %d posts, cursor %q", n, c.Cursor)
		}
		if _, err := s.StorePage(t.Context(), &stale, []bot.PulledPost{{Post: post("3")}}, "three", lease); !errors.Is(err, bot.ErrLost) {
			t.Fatalf("a claim with an old cursor stored a page: %v", err)
		}
		switch st, _ := s.Status(t.Context()); {
		case st.Posts[account.ID] != 2:
			t.Errorf("%d posts after a refused page, want 2", st.Posts[account.ID])
		case s.Now().Sub(st.Now).Abs() > time.Minute:
			t.Errorf("the status is of %s, which is not the database's time", st.Now)
		}
		must(t, s.FinishPull(t.Context(), c, bot.PullResult{NextAt: time.Now()}))
		if again := claim(t, s); again.Cursor != "two" || again.First() || again.Fails != 0 {
			t.Errorf("the next claim is %+v", again)
		}
	})
}

func TestACrashedPullBacksOff(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		for fails := range 3 {
			s := open(t, where)
			if c := claim(t, s); c.Fails != fails {
				t.Fatalf("claim after %d crashes counts %d failures", fails, c.Fails)
			}
			must(t, s.Close()) // dies in the pull
		}
	})
}

// One that its source failed before is asked again at its next time at the latest, as after any failure.
func TestACrashedPullIsNotLaterThanARegularOne(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		for range 6 {
			must(t, s.FinishPull(t.Context(), claim(t, s), bot.PullResult{NextAt: time.Now(), Trouble: sources.Gone, Error: "it is gone"}))
		}
		claim(t, s)
		must(t, s.Close()) // dies in the pull
		s = open(t, where)
		if at, err := s.NextPull(t.Context()); err != nil || time.Until(at) > time.Minute {
			t.Errorf("it is asked again at %s, %v: in %s, and is due every minute", at, err, time.Until(at))
		}
	})
}

func TestRevisionsAreKept(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		first, edited := post("1"), post("1")
		first.Revision, edited.Revision, edited.Text, edited.Raw = "r1", "r2", "Statement 1, corrected.", []byte(`{"edited":true}`)
		arrive(t, s, first)
		arrive(t, s, edited, edited, first)
		must(t, s.Close())
		db := behind(t, where)
		var n int
		must(t, db.QueryRowContext(t.Context(), "SELECT count(*) FROM revisions WHERE revision = 'r2'").Scan(&n))
		if n != 1 {
			t.Errorf("the later revision is kept %d times, want once", n)
		}
		must(t, db.QueryRowContext(t.Context(), "SELECT count(*) FROM revisions").Scan(&n))
		if n != 2 {
			t.Errorf("%d revisions in all, want 2: each as it was replaced", n)
		}
	})
}

func TestStatementAndDeliveriesTogether(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"))
		st := owe(t, s)
		if st.ID == 0 {
			t.Fatal("the statement has no number")
		}
		if n, _ := s.Owed(t.Context()); n != 2 {
			t.Fatalf("%d deliveries owed, want one for each channel", n)
		}
		u, err := s.NextUnread(t.Context())
		if err != nil || u != nil {
			t.Fatalf("the post is still unread: %v, %v", u, err)
		}
		// A second reading of the same post changes nothing.
		if !lost(t, s, opens(&bot.Unread{Post: post("1")}, onrecord.Accept, st, time.Time{}), everybody) {
			t.Fatal("a post was recorded twice")
		}
		if n, _ := s.Owed(t.Context()); n != 2 {
			t.Errorf("%d deliveries owed after the second reading", n)
		}
	})
}

func TestOnlyTheHeadIsClaimed(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"), post("2"), post("3"))
		for range 3 {
			owe(t, s)
		}
		var order []string
		for range 3 {
			ds := deliveries(t, s)
			if len(ds) != 2 || ds[0].Channel == ds[1].Channel {
				t.Fatalf("claimed %d deliveries, want the head of each channel", len(ds))
			}
			if again := deliveries(t, s); len(again) != 0 {
				t.Fatalf("%d deliveries claimed while the heads are being sent", len(again))
			}
			for _, d := range ds {
				if d.Channel == "a" {
					order = append(order, string(d.Message.Body))
				}
				must(t, s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: bot.Sent, Receipt: notifiers.Receipt{ID: fmt.Sprint(d.ID)}}))
			}
		}
		if got := strings.Join(order, " "); got != "Statement 1. Statement 2. Statement 3." {
			t.Errorf("order %q", got)
		}
	})
}

// A process that dies while sending leaves a mark: the next one knows that the
// message may be out there, and an outcome of the first no longer counts.
func TestDeathWhileSending(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"))
		owe(t, s)
		before := deliveries(t, s)
		must(t, s.Close())

		s = open(t, where)
		after := deliveries(t, s)
		if len(after) != 2 || !after[0].Maybe || after[0].Key != before[0].Key || string(after[0].Message.Body) != string(before[0].Message.Body) {
			t.Fatalf("after the death: %+v", after)
		}
		if !after[0].FirstAt.Equal(before[0].FirstAt) {
			t.Errorf("the bound moved from %s to %s", before[0].FirstAt, after[0].FirstAt)
		}
		if err := s.FinishAttempt(t.Context(), before[0], bot.AttemptResult{State: bot.Sent}); !errors.Is(err, bot.ErrLost) {
			t.Errorf("a fenced outcome was stored: %v", err)
		}
	})
}

func TestAnchorIsOlder(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"), post("2"), post("3"))
		owe(t, s)
		owe(t, s)
		for _, d := range deliveries(t, s) {
			must(t, s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: bot.Sent, Receipt: notifiers.Receipt{ID: "m1" + d.Channel}}))
		}
		for _, d := range deliveries(t, s) {
			must(t, s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: bot.Pending, Maybe: true, NextAt: time.Now(), Strike: true}))
		}
		for _, d := range deliveries(t, s) {
			if d.After.ID != "m1"+d.Channel || d.Strikes != 1 || d.Attempt != 2 {
				t.Errorf("claimed %+v", d)
			}
		}
	})
}

func TestPausedChannelOwes(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"))
		owe(t, s)
		for _, d := range deliveries(t, s) {
			o := bot.AttemptResult{State: bot.Sent}
			if d.Channel == "a" {
				o = bot.AttemptResult{State: bot.Pending, NextAt: time.Now(), Pause: notifiers.WholeChannel, Error: "closed"}
			}
			must(t, s.FinishAttempt(t.Context(), d, o))
		}
		if ds := deliveries(t, s); len(ds) != 0 {
			t.Fatalf("claimed %d deliveries of a paused channel", len(ds))
		}
		must(t, s.OpenChannel(t.Context(), "a"))
		if ds := deliveries(t, s); len(ds) != 1 || ds[0].Channel != "a" {
			t.Fatalf("after opening: %+v", ds)
		}
	})
}

func TestAPersonDecides(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"))
		st := owe(t, s)
		var before bot.Delivery
		for _, d := range deliveries(t, s) {
			state := map[string]bot.DeliveryState{"a": bot.Uncertain, "b": bot.Dead}[d.Channel]
			must(t, s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: state, Error: "nobody knows", Maybe: d.Channel == "a"}))
			if d.Channel == "a" {
				before = d
			}
		}
		list, err := s.Unsettled(t.Context())
		must(t, err)
		if len(list) != 2 || list[0].State != bot.Uncertain || list[0].Error != "nobody knows" {
			t.Fatalf("unsettled: %+v", list)
		}
		must(t, s.Resend(t.Context(), st.Number(), "a"))
		must(t, s.Seen(t.Context(), st.Number(), "b"))
		if err := s.Seen(t.Context(), st.Number(), "b"); !errors.Is(err, bot.ErrSettled) {
			t.Errorf("settled twice: %v", err)
		}
		again := deliveries(t, s)
		if len(again) != 1 || again[0].Channel != "a" || again[0].Maybe || string(again[0].Message.Body) != string(before.Message.Body) {
			t.Fatalf("after the decision: %+v", again)
		}
		if again[0].Key == before.Key || !strings.HasSuffix(again[0].Key, "\n1") {
			t.Errorf("the key is %q: the place would take the order for a repetition", again[0].Key)
		}
	})
}

func TestADamagedPostIsSetAside(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"), post("2"))
		_, err := behind(t, where).ExecContext(t.Context(), "UPDATE posts SET body = '{\"ID\":' WHERE id = '1'")
		must(t, err)
		if u, err := s.NextUnread(t.Context()); err == nil || u != nil {
			t.Fatalf("a damaged post was read: %+v", u)
		}
		if u, err := s.NextUnread(t.Context()); err != nil || u == nil || u.Post.ID != "2" {
			t.Fatalf("the next one is held up: %+v, %v", u, err)
		}
	})
}

func TestPlaceWideTrouble(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		other := account
		other.ID = "feed:other.example"
		must(t, s.Sync(t.Context(), []onrecord.Account{account, other}, func(string) time.Duration { return time.Minute }, nil))
		claims, err := s.ClaimDue(t.Context(), lease, 1)
		must(t, err)
		until := time.Now().Add(time.Hour)
		must(t, s.FinishPull(t.Context(), claims[0], bot.PullResult{Trouble: sources.NoMoney, NextAt: until, Place: until.Add(time.Minute)}))
		if claims, _ := s.ClaimDue(t.Context(), lease, 10); len(claims) != 0 {
			t.Errorf("%d accounts of a place without money are still due", len(claims))
		}
	})
}

func TestSpendIsCountedOncePerDay(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		m := s.SpendLog()
		for range 2 {
			must(t, m.Record(t.Context(), "x", "timeline", []sources.Charge{{ID: "1", Account: "x:harborlabs", Price: 5000}, {ID: "2", Account: "x:harborlabs", Price: 5000}}))
		}
		must(t, m.Record(t.Context(), "x", "lookup", []sources.Charge{{ID: "1", Account: "x:harborlabs", Price: 5000}, {ID: "3", Price: 5000}}))
		got, err := m.Spent(t.Context(), "x", time.Now())
		must(t, err)
		if got != 20000 {
			t.Errorf("spent %d, want 20000", got)
		}
		if got, _ := m.Spent(t.Context(), "x", time.Now().AddDate(0, 0, 1)); got != 0 {
			t.Errorf("spent %d tomorrow", got)
		}
		if n, err := m.Reads(t.Context(), "x", time.Now(), "timeline", "lookup"); err != nil || n != 3 {
			t.Errorf("%d reads, %v, want 3: one was read in two ways", n, err)
		}
		st, err := s.Status(t.Context())
		must(t, err)
		want := map[string][]bot.DaySpend{"x:harborlabs": {{Day: time.Now().UTC().Format(time.DateOnly), Reads: 2, Spend: .015}}}
		if !reflect.DeepEqual(st.Reads, want) {
			t.Errorf("by account %v, want %v", st.Reads, want)
		}
	})
}

func TestSecondProcessIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	s := open(t, path)
	_, err := store.Open(t.Context(), path)
	if !errors.Is(err, store.ErrLocked) || !strings.Contains(err.Error(), strconv.Itoa(os.Getpid())) {
		t.Fatalf("the second open gave %v; want the lock's holder named", err)
	}
	arrive(t, s, post("1")) // the first one is undisturbed
	looking, err := store.OpenReading(t.Context(), path)
	must(t, err)
	defer looking.Close()
	if st, err := looking.Status(t.Context()); err != nil || st.Posts[account.ID] != 1 {
		t.Errorf("a reader beside the process sees %v, %v", st.Posts, err)
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	must(t, open(t, path).Close())
	db, err := sql.Open("sqlite", path)
	must(t, err)
	_, err = db.ExecContext(t.Context(), "PRAGMA user_version = 99")
	must(t, errors.Join(err, db.Close()))
	if _, err := store.Open(t.Context(), path); err == nil || !strings.Contains(err.Error(), "version 99") {
		t.Errorf("a database of the future was opened: %v", err)
	}
}

func TestCopyOwesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"))
		owe(t, s)
		c, err := store.OpenCopy(t.Context(), where, t.TempDir())
		must(t, err)
		defer c.Close()
		if n, _ := c.Owed(t.Context()); n != 0 {
			t.Errorf("the copy owes %d deliveries", n)
		}
		if n, _ := s.Owed(t.Context()); n != 2 {
			t.Errorf("the original owes %d deliveries, want 2", n)
		}
		if list, err := c.Latest(t.Context(), "", 10); err != nil || len(list) != 1 {
			t.Errorf("the copy has %d statements, %v", len(list), err)
		}
	})
}

// A full disk stops the work and loses none of it.
func TestDiskFull(t *testing.T) {
	dir := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", dir).CombinedOutput(); err != nil {
		if os.Getenv("CI") != "" && os.Getuid() == 0 {
			t.Fatalf("mount: %v: %s", err, out)
		}
		beside.LeaveOut(t, fmt.Sprintf("needs the right to mount a small file system: %v: %s", err, bytes.TrimSpace(out)))
	}
	t.Cleanup(func() {
		if out, err := exec.CommandContext(context.Background(), "umount", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %v: %s", err, out)
		}
	})
	s, err := store.Open(t.Context(), filepath.Join(dir, "test.db"))
	must(t, err)
	defer s.Close()
	must(t, s.Sync(t.Context(), []onrecord.Account{account}, func(string) time.Duration { return time.Minute }, nil))
	must(t, os.WriteFile(filepath.Join(dir, "ballast"), make([]byte, 3<<20), 0o600))
	c := claim(t, s)
	stored, full := 0, error(nil)
	for i := 0; full == nil && i < 1000; i++ {
		p := post(strconv.Itoa(i))
		p.Raw = make([]byte, 16<<10)
		var n int
		n, full = s.StorePage(t.Context(), &c, []bot.PulledPost{{Post: p}}, sources.Cursor(p.ID), lease)
		stored += n
	}
	if full == nil {
		t.Fatal("the disk never filled: the test proves nothing")
	}
	if c.Cursor != sources.Cursor(strconv.Itoa(stored-1)) {
		t.Errorf("cursor %q after %d stored posts", c.Cursor, stored)
	}
	must(t, os.Remove(filepath.Join(dir, "ballast")))
	p := post(strconv.Itoa(stored))
	if _, err := s.StorePage(t.Context(), &c, []bot.PulledPost{{Post: p}}, sources.Cursor(p.ID), lease); err != nil {
		t.Fatalf("space came back, but: %v", err)
	}
	if st, _ := s.Status(t.Context()); st.Posts[account.ID] != int64(stored+1) {
		t.Errorf("%d posts stored, want %d", st.Posts[account.ID], stored+1)
	}
}
