package bot_test

import (
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/notifiers"
	"onrecord/sources"
	"onrecord/sources/x/xtest"
)

// told is what the operator is shown, each with what its message was changed to.
func (w *world) told() (list []string) {
	w.ledge.mu.Lock()
	defer w.ledge.mu.Unlock()
	for _, n := range w.ledge.shown {
		list = append(list, n.text+": "+n.also)
	}
	return list
}

func newWatchedWorld(t *testing.T) *world {
	w := newWorld(t)
	w.ops, w.every = []string{"readers/ops"}, time.Minute
	w.start()
	w.sleep(time.Minute)
	return w
}

// What mends itself within two pulls is told to nobody; what lasts is told once, also over
// a restart, and its message says when it is over.
func TestAnAccountThatCannotBeRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWatchedWorld(t)
		refused := &sources.Error{Trouble: sources.Denied, Err: errors.New("the key is refused")}
		var failing atomic.Int32
		w.square.mu.Lock()
		w.square.hold = func(int) error { // the first account fails for as long as is said
			if failing.Add(-1) >= 0 {
				return refused
			}
			return nil
		}
		w.square.mu.Unlock()
		failing.Store(4) // two pulls of either account
		w.sleep(time.Hour)
		if got := w.told(); failing.Load() >= 0 || len(got) != 0 {
			t.Fatalf("%d failures are left; told: %q", failing.Load()+1, got)
		}
		w.square.fail(refused)
		w.sleep(2 * time.Hour)
		w.halt()
		w.start()
		w.sleep(2 * time.Hour)
		if got := w.told(); len(got) != 1 {
			t.Fatalf("told: %q, want one for the place", got)
		}
		w.square.fail(nil)
		w.sleep(2 * time.Hour)
		if got, want := w.told(), []string{"I-0001 place square: over"}; !slices.Equal(got, want) {
			t.Errorf("told: %q, want %q", got, want)
		}
		if s := w.status(); s.Settled["readers"]["sent"] != 0 {
			t.Error("readers were told")
		}
	})
}

// One account that fails is told of by itself, and not said to be over when the others
// fail as well.
func TestAnOutageGrows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWatchedWorld(t)
		refused := &sources.Error{Trouble: sources.Denied, Err: errors.New("the key is refused")}
		fail := func(account string) {
			w.square.mu.Lock()
			defer w.square.mu.Unlock()
			w.square.hold = func(n int) error {
				w.square.mu.Lock()
				defer w.square.mu.Unlock()
				if a := w.square.pulls[n-1].account; account == "" || a == account {
					return refused
				}
				return nil
			}
		}
		fail(reyes.ID)
		w.sleep(2 * time.Hour)
		if got := w.told(); len(got) != 1 || !strings.HasPrefix(got[0], "I-0001 account square:dreyes: ") {
			t.Fatalf("told: %q", got)
		}
		fail("")
		w.sleep(4 * time.Hour)
		if got := w.told(); len(got) != 2 || !strings.HasPrefix(got[1], "I-0002 place square: ") || strings.HasSuffix(got[0], "over") {
			t.Fatalf("told: %q", got)
		}
		fail(account.ID) // the place is told of until it is well
		w.sleep(2 * time.Hour)
		if got := w.told(); len(got) != 2 || !strings.HasSuffix(got[0], "over") || strings.HasSuffix(got[1], "over") {
			t.Fatalf("told: %q", got)
		}
		fail("nobody")
		w.sleep(2 * time.Hour)
		if got := w.told(); len(got) != 2 || !strings.HasSuffix(got[0], "over") || !strings.HasSuffix(got[1], "over") {
			t.Errorf("told: %q", got)
		}
	})
}

// One budget is one incident, whatever it stops.
func TestNoMoneyIsOneIncident(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWatchedWorld(t)
		w.square.fail(&sources.Error{Trouble: sources.NoMoney, Retry: time.Now().Add(5 * time.Hour), Place: true, Err: errors.New("the day's budget is spent")})
		w.sleep(4 * time.Hour)
		if got := w.told(); len(got) != 1 || got[0] != "I-0001 budget square: " {
			t.Errorf("told: %q", got)
		}
		w.square.fail(nil)
		w.sleep(2 * time.Hour)
		if got := w.told(); len(got) != 1 || got[0] != "I-0001 budget square: over" {
			t.Errorf("told: %q", got)
		}
	})
}

// A channel that is paused, and deliveries that need a person, are told; what is wrong
// with the operator's own channel is told in another one, or nowhere.
func TestNoChannelIsToldOfItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWatchedWorld(t)
		gone := &notifiers.Error{Outcome: notifiers.Permanent, Scope: notifiers.WholeChannel, Err: errors.New("the channel is gone")}
		w.wall.set(func(a *wall) {
			a.send, a.probe = func(int) error { return gone }, func(notifiers.Target) error { return gone }
		})
		w.square.say(onrecord.Post{ID: "1", Text: said(1)})
		w.sleep(time.Hour)
		if got := w.told(); len(got) != 1 || got[0] != "I-0001 channel readers: " {
			t.Fatalf("told: %q", got)
		}
		refused := &notifiers.Error{Outcome: notifiers.Permanent, Err: errors.New("malformed")}
		w.ledge.set(func(a *wall) { a.send = func(int) error { return refused } })
		w.wall.set(func(a *wall) { a.send, a.probe = func(int) error { return refused }, nil })
		w.sleep(2 * time.Hour)
		open, err := w.database.OpenIncidents(t.Context())
		if err != nil || len(open) != 2 { // of readers and of the operator's own channel
			t.Errorf("open: %+v, %v", open, err)
		}
		unsettled, err := bot.Operator{Operations: w.database}.Outbox(t.Context())
		if err != nil || len(unsettled.Unsettled) != 2 { // the statement, and the incident about it
			t.Errorf("not delivered: %+v, %v", unsettled, err)
		}
		if sends, _ := w.ledge.looks(); sends > 3 {
			t.Errorf("the operator's channel was sent %d messages", sends)
		}
	})
}

// An account that bears another handle is read on, and the operator is told once, also over
// a restart; and again when it is called as before.
func TestARenamedAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, server := newMeteredWorld(t, "activity")
		w.ops = []string{"readers/ops"}
		w.start()
		w.sleep(time.Minute)
		server.Rename("northwind_data", "northwind_hq")
		server.Account("northwind_data", "Somebody Else")
		server.Post("northwind_data", xtest.Post{Text: "Of somebody else."})
		w.sleep(time.Minute)
		server.Post("northwind_hq", xtest.Post{Text: "Under another name."})
		w.sleep(10 * time.Minute)
		w.halt()
		w.start()
		w.sleep(10 * time.Minute)
		if got, want := w.told(), []string{"I-0001 renamed x:northwind_data: "}; !slices.Equal(got, want) {
			t.Errorf("told: %q, want %q", got, want)
		}
		if got := w.wall.texts(); len(got) != 1 || !strings.HasSuffix(got[0], "Under another name.") {
			t.Errorf("readers see %q", got)
		}
		if i := slices.IndexFunc(w.status().Accounts, func(a bot.AccountStatus) bool { return a.ID == tweeting.ID && a.Handle == "northwind_hq" }); i < 0 {
			t.Errorf("the accounts are %+v", w.status().Accounts)
		}
		if err := w.database.Rewind(t.Context(), []string{tweeting.ID}, time.Now()); err != nil {
			t.Fatal(err)
		}
		w.sleep(5 * time.Minute)
		server.Post("northwind_data", xtest.Post{Text: "Again of somebody else."})
		server.Post("northwind_hq", xtest.Post{Text: "Still under another name."})
		w.sleep(5 * time.Minute)
		if got := w.wall.texts(); len(got) != 2 || !strings.HasSuffix(got[1], "Still under another name.") {
			t.Errorf("after it was read from the beginning readers see %q", got)
		}
	})
}

// What an account's state is at its place is told in words, before readers have missed more
// than half an hour of it, and that it is over when it is.
func TestStatesOfAnAccount(t *testing.T) {
	for says, is := range map[string]func(s *xtest.Server, on bool){
		"protected":     func(s *xtest.Server, on bool) { s.Protect("northwind_data", on) },
		"suspended the": func(s *xtest.Server, on bool) { s.Suspend("northwind_data", on) },
	} {
		synctest.Test(t, func(t *testing.T) {
			w, server := newMeteredWorld(t, "off")
			w.ops = []string{"readers/ops"}
			w.start()
			w.sleep(time.Minute)
			server.Post("northwind_data", xtest.Post{Text: "We deny it."})
			w.sleep(5 * time.Minute)
			is(server, true)
			w.sleep(40 * time.Minute)
			known := slices.ContainsFunc(w.status().Accounts, func(a bot.AccountStatus) bool { return a.ID == tweeting.ID && strings.Contains(a.Error, says) })
			if got := w.told(); len(got) != 1 || !strings.HasPrefix(got[0], "I-0001 account x:northwind_data: ") || !known {
				t.Errorf("%s: told %q, and known as that: %v", says, got, known)
			}
			is(server, false)
			w.sleep(65 * time.Minute)
			if got := w.told(); len(got) != 1 || !strings.HasSuffix(got[0], ": over") {
				t.Errorf("%s: afterwards told %q", says, got)
			}
		})
	}
}
