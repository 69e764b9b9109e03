package bot_test

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/notifiers"
)

// What a message has no room for follows below it, once and in order, whatever answers are
// lost and whenever the program dies; what hinders it there holds up no statement.
func TestAStatementGoesOnBelowItsMessage(t *testing.T) {
	const more = " It has no room."
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.wall.closed = true
		w.wall.probe = func(to notifiers.Target) error {
			if w.wall.closed && to.Lane == onrecord.Unabridged {
				return errors.New("no threads here")
			}
			return nil
		}
		w.start()
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "1", Text: said(1) + more})
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "2", Text: said(2)})
		w.sleep(5 * time.Minute)
		if got := w.wall.texts(); len(got) != 2 {
			t.Fatalf("where nothing can be posted below, %q is told", got)
		}
		w.wall.set(func(wall *wall) {
			wall.closed = false
			wall.lose = func(n int) bool { return n%2 == 0 } // answers
		})
		for range 3 {
			w.sleep(10 * time.Minute)
			w.halt()
			w.start()
		}
		w.sleep(10 * time.Minute)
		want := []string{"S-0001, part 1", "S-0001, part 2", "S-0001, part 3"}
		if got := w.wall.texts()[2:]; !slices.Equal(got, want) {
			t.Errorf("below stands %q, want %q", got, want)
		}
	})
}
