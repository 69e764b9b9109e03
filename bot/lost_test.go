package bot_test

import (
	"database/sql"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/bot"
	_ "onrecord/internal/store" // the driver
	"onrecord/notifiers"
)

// What was lost is not reported as recorded, and is recorded when it is judged anew.
func TestALostReadingIsNotReported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		var asked atomic.Int64
		w.lost = func() bool { return asked.Add(1) == 1 }
		w.start()
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "1", Text: said(1)})
		w.sleep(time.Minute)
		if n := w.log.count("statement recorded"); n != 1 || asked.Load() != 2 {
			t.Errorf("recorded at attempt %d, and reported %d times, want once", asked.Load(), n)
		}
	})
}

// A post that is lost each time is tried again, but not as fast as the machine
// can, and what else is due does not wait for it.
func TestALostPostDoesNotSpin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newJudgingWorld(t)
		w.start()
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "1", Text: said(1) + " 1/", Thread: "t"})
		w.sleep(15 * time.Second) // it is held for the rest of its thread
		if n := len(w.wall.texts()); n != 0 {
			t.Fatalf("%d messages are out: the test proves nothing", n)
		}
		w.halt()
		var asked atomic.Int64
		w.lost = func() bool {
			if asked.Add(1) == 5000 {
				t.Error("the loop spins")
			}
			return asked.Load() < 5000
		}
		w.start()
		w.square.say(onrecord.Post{ID: "2", Text: said(2)})
		w.sleep(3 * time.Minute)
		if n := asked.Load(); n < 10 || n > 500 {
			t.Errorf("it was tried %d times in three minutes", n)
		}
		if n := len(w.wall.texts()); n != 1 {
			t.Errorf("%d messages are out, want the one that was held", n)
		}
	})
}

// Damaged rows cost themselves alone: the loops go on at once, and each is
// logged once.
func TestDamagedRowsHoldUpNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newJudgingWorld(t)
		w.start()
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "3", Text: "Our pricing model changes again next spring, as announced in the shop."})
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "1", Text: said(1)}) // will be damaged when it is delivered
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "2", Text: said(2) + " 1/", Thread: "t"}) // … while it is held
		w.sleep(15 * time.Second)
		waiting, err := w.database.Waiting(t.Context())
		if err != nil || len(waiting) != 1 {
			t.Fatalf("%d statements wait for a person, %v", len(waiting), err)
		}
		w.halt()
		db, err := sql.Open("sqlite", w.path)
		if err != nil {
			t.Fatal(err)
		}
		for _, damage := range []string{
			`UPDATE statements SET body = '{}'`,
			`INSERT INTO rulings (statement, verdict, decided_by, made_at, followed_at) SELECT id, 'accept', 'a person', 1, 0 FROM statements WHERE lane = 'review'`,
			`INSERT INTO posts (account, id, source, thread, revision, created_at, seen_at, state, body) SELECT account, 'x', source, '', '', created_at, seen_at, 'unread', 'null' FROM posts WHERE id = '1'`,
		} {
			if _, err := db.ExecContext(t.Context(), damage); err != nil {
				t.Fatal(err)
			}
		}
		db.Close()
		w.start()
		w.square.say(onrecord.Post{ID: "4", Text: said(4)})
		w.sleep(time.Minute)
		aside, err := w.database.SetAside(t.Context())
		if err != nil || len(aside) != 4 {
			t.Errorf("set aside: %+v, %v", aside, err)
		}
		if texts := w.wall.texts(); len(texts) != 2 {
			t.Errorf("messages: %q", texts)
		}
		w.sleep(10 * time.Minute)
		if n := w.log.count("a damaged row is set aside"); n == 0 || n > 4 {
			t.Errorf("damage is logged %d times", n)
		}
		if n := w.log.count("the database failed"); n != 0 {
			t.Errorf("%d times the database is said to have failed", n)
		}
	})
}

// A message that can no longer be read costs its own delivery: it is told of, and
// the next one goes on.
func TestDamagedMessageHoldsUpNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.wall.send = func(n int) error {
			if n == 1 {
				return &notifiers.Error{Outcome: notifiers.Retry, At: time.Now().Add(5 * time.Minute), Err: errors.New("later")}
			}
			return nil
		}
		w.start()
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "1", Text: said(1)})
		w.sleep(time.Minute)
		w.halt()
		db, err := sql.Open("sqlite", w.path)
		if err != nil {
			t.Fatal(err)
		}
		r, err := db.ExecContext(t.Context(), "UPDATE deliveries SET message = $1 WHERE length(message) > 0", []byte("\xff{"))
		if err != nil {
			t.Fatal(err)
		}
		if n, err := r.RowsAffected(); err != nil || n != 1 {
			t.Fatalf("%d messages were damaged, %v", n, err)
		}
		db.Close()
		w.start()
		w.square.say(onrecord.Post{ID: "2", Text: said(2)})
		w.sleep(10 * time.Minute)
		if got := w.wall.texts(); len(got) != 1 || !strings.HasPrefix(got[0], "S-0002") {
			t.Errorf("readers see %q, want the second statement", got)
		}
		list, err := w.database.Unsettled(t.Context())
		if err != nil || len(list) != 1 || list[0].State != bot.Dead || !strings.Contains(list[0].Error, "unreadable") || w.log.count("delivery needs a person") != 1 {
			t.Errorf("unsettled: %+v, %v; told %d times", list, err, w.log.count("delivery needs a person"))
		}
	})
}
