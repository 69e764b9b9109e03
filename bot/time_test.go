package bot_test

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	_ "time/tzdata"

	"onrecord"
	"onrecord/bot"
	"onrecord/notifiers"
	"onrecord/sources"
)

// clockSetBack moves every stored time ahead, which is what a clock set back
// looks like to the program; a negative one is a clock set ahead. The places
// keep their own time.
func (w *world) clockSetBack(by time.Duration) {
	w.t.Helper()
	db, err := sql.Open("sqlite", "file:"+w.path+"?_pragma=busy_timeout(5000)")
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	for table, columns := range map[string][]string{
		"accounts":   {"next_at", "lease_until", "last_ok_at"},
		"posts":      {"seen_at"},
		"statements": {"seen_at", "release_at", "look_until"},
		"channels":   {"probe_at"},
		"deliveries": {"owed_at", "first_at", "next_at", "sent_at"},
	} {
		for _, c := range columns {
			if _, err := db.ExecContext(w.t.Context(), fmt.Sprintf("UPDATE %s SET %s = %s + ? WHERE %s > 0", table, c, c, c), by.Milliseconds()); err != nil {
				w.t.Fatal(err)
			}
		}
	}
}

var jumps = map[string]time.Duration{"ahead a day": -24 * time.Hour, "back an hour": time.Hour, "back a day": 24 * time.Hour}

// Whatever the wall clock does while the program runs: pulls go on, an unclear
// send is looked for, and the order holds.
func TestClockJumps(t *testing.T) {
	for name, by := range jumps {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.every = time.Minute
				w.start()
				w.sleep(time.Minute)
				w.square.say(onrecord.Post{ID: "1", Text: said(1)})
				w.sleep(2 * time.Minute)
				lost := 0
				w.wall.set(func(w *wall) {
					w.lose = func(n int) bool {
						if n == 2 {
							lost++
						}
						return n == 2
					}
				})
				w.square.say(onrecord.Post{ID: "2", Text: said(2)})
				for now := 0; now == 0; w.wall.set(func(*wall) { now = lost }) {
					w.sleep(100 * time.Millisecond)
				}
				jumped := time.Now()
				w.clockSetBack(by)
				w.square.say(onrecord.Post{ID: "3", Text: said(3)})
				w.sleep(2 * time.Minute)
				if got := ofStatements(w.wall.texts()); len(got) != 3 || !strings.Contains(got[1], said(2)) || !strings.Contains(got[2], said(3)) {
					t.Fatalf("readers see %q, want the three in order, once", got)
				}
				if _, finds := w.wall.looks(); finds != 1 {
					t.Errorf("looked %d times for the unclear one, want once: its time says nothing now", finds)
				}
				for _, a := range []string{account.ID, reyes.ID} {
					if n := len(w.square.pulled(a, jumped, 1)); n < 2 || n > 3 {
						t.Errorf("%s was pulled %d times in two minutes, want one a minute", a, n)
					}
				}
			})
		})
	}
}

// Everything that waits for a time waits no longer because the clock was set back.
func TestWaitsEndWhenTheClockWasSetBack(t *testing.T) {
	for name, wait := range map[string]func(*world){
		"a delivery told to wait": func(w *world) {
			w.wall.set(func(w *wall) {
				w.send = func(n int) error {
					if n == 1 {
						return &notifiers.Error{Outcome: notifiers.Retry, Free: true, At: time.Now().Add(50 * time.Minute), Err: errors.New("too fast")}
					}
					return nil
				}
			})
			w.square.say(onrecord.Post{ID: "1", Text: said(1)})
		},
		"a part of a thread": func(w *world) {
			w.square.say(onrecord.Post{ID: "1", Thread: "1", Text: said(1) + " (1/2)"})
		},
		"a paused channel": func(w *world) {
			w.refuse(notifiers.WholeChannel)
			w.square.say(onrecord.Post{ID: "1", Text: said(1)})
			w.sleep(30 * time.Second)
			w.mend()
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newJudgingWorld(t)
				w.start()
				w.sleep(time.Minute)
				wait(w)
				w.sleep(20 * time.Second)
				if got := w.wall.texts(); len(got) != 0 {
					t.Fatalf("nothing waited: %q", got)
				}
				w.clockSetBack(24 * time.Hour)
				w.sleep(time.Minute)
				if got := w.wall.texts(); len(got) != 1 {
					t.Errorf("%d messages a minute after the clock was set back, want 1", len(got))
				}
			})
		})
	}
}

// What a place asks for is kept within reason.
func TestToldToWaitForAMonth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.every = time.Minute
		w.wall.send = func(int) error {
			return &notifiers.Error{Outcome: notifiers.Retry, Free: true, At: time.Now().AddDate(0, 1, 0), Err: errors.New("too fast")}
		}
		w.start()
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "1", Text: said(1)})
		w.sleep(3*time.Hour + 5*time.Minute)
		if sends, _ := w.wall.looks(); sends != 7 {
			t.Errorf("%d sends in three hours, want one in half an hour", sends)
		}
	})
}

func TestStaleAfterTheClockWasSetBack(t *testing.T) {
	now := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	a := bot.AccountStatus{Every: time.Minute, LastOK: now.Add(24 * time.Hour)}
	if a.Stale(now, now.Add(-10*time.Minute)) || !a.Stale(now, now.Add(-time.Hour)) {
		t.Error("the last good pull lies ahead: only how long the process has been blind counts")
	}
}

// On the days the clocks of a zone change a pull can be skipped, and the next one
// reads what it would have read; or come twice, and nothing is told twice.
func TestClocksOfAZoneChange(t *testing.T) {
	for name, c := range map[string]struct {
		spec  string
		from  string // the program starts: its first pull is the baseline
		hours int
		pulls []string
	}{
		"spring, skipped": {"CRON_TZ=America/New_York 30 2,4 * * *", "2000-04-02T06:30:00Z", 3, []string{"04-02 08:30"}},
		"autumn, twice":   {"CRON_TZ=America/New_York 30 1 * * *", "2000-10-29T05:00:00Z", 3, []string{"10-29 05:30", "10-29 06:30"}},
		"no midnight":     {"CRON_TZ=Asia/Beirut 0 0,2 * * *", "2000-03-25T21:00:00Z", 3, []string{"03-25 23:00"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				from, err := time.Parse(time.RFC3339, c.from)
				if err != nil {
					t.Fatal(err)
				}
				w := newWorld(t)
				w.spec = c.spec
				w.sleep(time.Until(from))
				w.start()
				w.sleep(time.Minute)
				w.square.say(onrecord.Post{ID: "1", Text: said(1)})
				w.sleep(time.Duration(c.hours) * time.Hour)
				var got []string
				for _, at := range w.square.pulled(account.ID, from.Add(time.Minute), c.hours) {
					got = append(got, at.UTC().Format("01-02 15:04"))
				}
				if strings.Join(got, ", ") != strings.Join(c.pulls, ", ") {
					t.Errorf("pulled at %q, want %q", got, c.pulls)
				}
				if got := w.wall.texts(); len(got) != 1 {
					t.Errorf("%d messages, want 1", len(got))
				}
			})
		})
	}
}

// A schedule in fields keeps its grid over an outage too: one pull for all that
// were missed, then the usual ones, each account at its own second.
func TestMissedPullsOfFieldsCoalesce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.spec = "*/10 * * * *"
		second := func() (at []string) {
			from := time.Now()
			w.sleep(55 * time.Minute)
			for _, a := range []string{account.ID, reyes.ID} {
				pulls := w.square.pulled(a, from, 1)
				if len(pulls) != 6 {
					t.Fatalf("%d pulls of %s in 55 minutes: %v; want one at once and five on the grid", len(pulls), a, pulls)
				}
				offset := pulls[1].Sub(pulls[1].Truncate(10 * time.Minute))
				for _, p := range pulls[1:] {
					if p.Sub(p.Truncate(10*time.Minute)) != offset {
						t.Errorf("%s was pulled at %s, want %s after the full ten minutes", a, p, offset)
					}
				}
				at = append(at, offset.String())
			}
			return at
		}
		w.start()
		first := second()
		w.halt()
		w.sleep(5 * time.Hour)
		w.start()
		if again := second(); strings.Join(again, " ") != strings.Join(first, " ") || first[0] == first[1] {
			t.Errorf("accounts run %v after the full ten minutes, and after a restart %v; want the same, each its own", first, again)
		}
	})
}

// A pull that takes longer than its interval is waited for.
func TestASlowPullIsNotDoubled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.square.hold = func(int) error { w.sleep(65 * time.Second); return nil }
		w.start()
		w.sleep(10 * time.Minute)
		w.square.mu.Lock()
		defer w.square.mu.Unlock()
		if n := len(w.square.pulls) / 2; w.square.most != 1 || n < 8 || n > 9 {
			t.Errorf("%d pulls of each account in ten minutes, %d at once; want one after the other without a break", n, w.square.most)
		}
	})
}

// A pull that outlives its lease has lost the account: what it brings is
// dropped, whatever it is, and the one after it counts.
func TestAPullThatOutlivesItsLease(t *testing.T) {
	refused := &sources.Error{Trouble: sources.Denied, Retry: time.Now().AddDate(1, 0, 0), Err: errors.New("refused")}
	for name, err := range map[string]error{"brings posts": nil, "fails": refused} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.start()
				w.sleep(65 * time.Second) // between pulls, here and below
				held := 0
				w.square.mu.Lock()
				began := len(w.square.pulls)
				w.square.hold = func(n int) error {
					if n != began+1 {
						return nil
					}
					held++
					w.sleep(10 * time.Minute) // far beyond the lease, as after a suspend
					return err
				}
				w.square.mu.Unlock()
				w.sleep(time.Minute)
				w.square.say(onrecord.Post{ID: "1", Text: said(1)})
				w.sleep(8 * time.Minute)
				if got := w.wall.texts(); len(got) != 1 {
					t.Fatalf("%d messages while the first pull hangs, want 1: the account is taken over when the lease ends", len(got))
				}
				w.sleep(2 * time.Minute)
				s := w.status()
				if held != 1 || w.square.most != 2 || s.Posts[account.ID] != 1 || len(w.wall.texts()) != 1 {
					t.Errorf("held %d, %d at once, %d posts, %d messages", held, w.square.most, s.Posts[account.ID], len(w.wall.texts()))
				}
				for _, a := range s.Accounts {
					if a.Trouble != "" || a.Fails != 0 || time.Until(a.NextAt) > w.every {
						t.Errorf("the late end of a lost pull changed the account: %+v", a)
					}
				}
			})
		})
	}
}

// The process is suspended between the claim and the send. When it wakes up
// after the lease, somebody else may have sent.
func TestSuspendedBetweenClaimAndSend(t *testing.T) {
	for name, c := range map[string]struct {
		sleep time.Duration
		other bool // somebody else takes the delivery over
	}{
		"shortly":                     {10 * time.Second, false},
		"close to the lease's end":    {40 * time.Second, false},
		"beyond the lease":            {10 * time.Minute, false},
		"and the delivery taken over": {10 * time.Minute, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				suspended := 0
				w.claims = func() {
					if suspended++; suspended > 1 {
						return
					}
					w.sleep(c.sleep - time.Second)
					if c.other {
						w.takeOver()
					}
					w.sleep(time.Second)
				}
				w.start()
				w.sleep(time.Minute)
				w.square.say(onrecord.Post{ID: "1", Text: said(1)})
				w.sleep(c.sleep + time.Minute)
				sends, _ := w.wall.looks()
				if got := w.wall.texts(); len(got) != 1 || sends != 1 {
					t.Errorf("%d messages after %d sends, want one of each", len(got), sends)
				}
				stopped := w.log.count("the program slept")
				if late := c.sleep > 35*time.Second; suspended == 0 || (stopped == 1) != late {
					t.Errorf("suspended %d times for %s; %d sends were given up for it", suspended, c.sleep, stopped)
				}
				if n := w.status().Settled["readers"]["sent"]; n != 1 {
					t.Errorf("%d deliveries are sent, want 1", n)
				}
			})
		})
	}
}

// takeOver delivers as another process would.
func (w *world) takeOver() {
	heads, _, err := w.database.Due(w.t.Context(), 1)
	if err != nil {
		w.t.Error(err)
	}
	list, err := w.database.ClaimDeliveries(w.t.Context(), time.Minute, heads, nil)
	if err != nil || len(list) != 1 || !list[0].Maybe {
		w.t.Errorf("taken over: %+v, %v; want one that may have been sent", list, err)
		return
	}
	d := list[0]
	r, err := w.wall.Send(w.t.Context(), notifiers.Target{ID: d.Channel}, d.Message, d.Key)
	if err != nil {
		w.t.Error(err)
	}
	if err := w.database.FinishAttempt(w.t.Context(), d, bot.AttemptResult{State: bot.Sent, Receipt: r}); err != nil {
		w.t.Error(err)
	}
}
