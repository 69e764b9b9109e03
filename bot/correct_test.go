package bot_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/notifiers"
)

// mute is a wall on which nothing can be changed.
type mute struct{ *wall }

func (mute) Edit() {} // of another form: it is no editor

// What a person corrects changes the message and is told once, also when the program ends
// in between; a place that changes nothing is told once all the same.
func TestACorrectionIsTold(t *testing.T) {
	for _, can := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			if !can {
				w.notifier = mute{w.wall}
			}
			w.start()
			w.sleep(time.Minute)
			w.square.say(onrecord.Post{ID: "1", Text: said(1)})
			w.sleep(time.Minute)
			w.wall.set(func(a *wall) {
				a.send = func(int) error { return &notifiers.Error{Outcome: notifiers.Retry, Free: true} }
			})
			person := bot.Moderator{Queue: w.database, Name: "Dana", Cases: []onrecord.Case{northwind}}
			if _, err := person.Correct(t.Context(), 1, "Ivo Lind", "his account"); err != nil {
				t.Fatal(err)
			}
			w.sleep(time.Minute)
			w.halt()
			w.wall.set(func(a *wall) { a.send = nil })
			w.start()
			w.sleep(time.Hour)
			if got := w.wall.texts(); len(got) != 2 || got[1] != "S-0001, correction 1: his account" {
				t.Errorf("shown: %q", got)
			}
			if changed := w.wall.shown[0].also == "now Ivo Lind"; changed != can {
				t.Errorf("the message is changed: %t, want %t", changed, can)
			}
			if s := w.status(); s.Settled["readers"]["sent"] != 3 {
				t.Errorf("settled: %v", s.Settled)
			}
		})
	}
}

// Where a statement was surely never delivered, neither a change nor an answer is.
func TestNothingIsSaidOfWhatWasNotShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		w.sleep(time.Minute)
		w.wall.set(func(a *wall) {
			a.send = func(int) error { return &notifiers.Error{Outcome: notifiers.Retry, Free: true} }
		})
		w.square.say(onrecord.Post{ID: "1", Text: said(1)})
		w.sleep(time.Minute)
		person := bot.Moderator{Queue: w.database, Name: "Dana"}
		if channels, err := person.Correct(t.Context(), 1, "", "a note"); err != nil || !slices.Equal(channels, w.rooms) {
			t.Fatal(channels, err)
		}
		w.wall.set(func(a *wall) {
			a.send = func(n int) error { return &notifiers.Error{Outcome: notifiers.Permanent} }
		})
		w.sleep(time.Hour)
		if s, sent := w.status(), len(w.wall.texts()); s.Settled["readers"]["dead"] != 3 || sent != 0 {
			t.Errorf("settled %v, shown %d", s.Settled, sent)
		}
	})
}
