package bot_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/notifiers"
)

// refuse closes the wall, to senders and to probes.
func (w *world) refuse(scope notifiers.Scope) {
	denied := &notifiers.Error{Outcome: notifiers.Permanent, Scope: scope, Err: errors.New("no access")}
	w.wall.set(func(w *wall) {
		w.send = func(int) error { return denied }
		w.probe = func(notifiers.Target) error { return denied }
	})
}

func (w *world) mend() {
	w.wall.set(func(w *wall) { w.send, w.probe = nil, nil })
}

// mendAllBut opens every channel but one, whose probe comes to something else.
func (w *world) mendAllBut(id string, probe func() error) {
	w.wall.set(func(w *wall) {
		w.send = nil
		w.probe = func(to notifiers.Target) error {
			if to.ID == id {
				return probe()
			}
			return nil
		}
	})
}

func (w *world) probes() (n int) {
	w.wall.set(func(w *wall) { n = w.probes })
	return n
}

func (w *world) paused() (ids []string) {
	for _, c := range w.status().Channels {
		if c.Paused != "" {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// A channel that refuses is told of once, asked again by itself, and goes on in order.
func TestPausedChannelResumes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.every = time.Minute
		w.refuse(notifiers.WholeChannel)
		w.start()
		w.sleep(time.Minute)
		for i := range 3 {
			w.square.say(onrecord.Post{ID: fmt.Sprint(i), Text: said(i)})
			w.sleep(time.Hour)
		}
		if c := w.status().Channels[0]; c.Paused == "" || c.Owed != 3 {
			t.Fatalf("channel %+v, want it paused with three deliveries owed", c)
		}
		if sends, _ := w.wall.looks(); sends != 1 {
			t.Errorf("%d sends into a closed channel, want 1", sends)
		}
		if n := w.probes(); n < 10 || n > 14 {
			t.Errorf("%d probes in three hours, want one in 15 minutes", n)
		}
		w.mend()
		w.sleep(20 * time.Minute)
		if got := w.wall.texts(); len(got) != 3 || !slices.IsSorted(got) {
			t.Fatalf("after the channel was opened again it shows %q, want three in order", got)
		}
		if paused, open, errs := w.log.count("channel paused"), w.log.count("channel open again"), w.log.count("level=ERROR"); paused != 1 || open != 1 || errs != 1 {
			t.Errorf("told %d times of the pause and %d times of its end, in %d errors; want once", paused, open, errs)
		}
	})
}

// A refused token is one trouble of the place, and one question to it, however many channels it has.
func TestPausedPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.every, w.rooms = time.Minute, []string{"readers", "members", "press"}
		w.refuse(notifiers.WholePlace)
		w.start()
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "1", Text: said(1)})
		w.sleep(2 * time.Hour)
		if got := w.paused(); len(got) != 3 {
			t.Fatalf("paused: %q, want all", got)
		}
		if n := w.probes(); n < 7 || n > 9 {
			t.Errorf("%d probes of the place in two hours, want one in 15 minutes", n)
		}
		w.mend()
		w.sleep(20 * time.Minute)
		if got := w.wall.texts(); len(got) != 3 || len(w.paused()) != 0 {
			t.Errorf("%d messages, want one in each channel; still paused: %q", len(got), w.paused())
		}
		if paused, open, errs := w.log.count("place paused"), w.log.count("channel open again"), w.log.count("level=ERROR"); paused != 1 || open != 1 || errs != 1 {
			t.Errorf("told %d times of the pause and %d times of its end, in %d errors; want once", paused, open, errs)
		}
	})
}

// One channel that stays closed does not keep the others of its place closed.
func TestOneOfManyStaysPaused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.every, w.rooms = time.Minute, []string{"members", "press", "readers"}
		w.refuse(notifiers.WholePlace)
		w.start()
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "1", Text: said(1)})
		w.sleep(2 * time.Minute) // a pull, and what comes of it
		w.mendAllBut("members", func() error {
			return &notifiers.Error{Outcome: notifiers.Permanent, Scope: notifiers.WholeChannel, Err: errors.New("no access")}
		})
		w.sleep(20 * time.Minute)
		if got, paused := w.wall.texts(), w.paused(); len(got) != 2 || len(paused) != 1 || paused[0] != "members" {
			t.Errorf("%d messages, paused: %q; want members alone paused", len(got), paused)
		}
	})
}

// A notifier that breaks while it is asked about one channel costs that channel
// its probe: the process lives, the others of the place are opened.
func TestBrokenProbeIsOfOneChannel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.every, w.rooms = time.Minute, []string{"members", "press", "readers"}
		w.refuse(notifiers.WholePlace)
		w.start()
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "1", Text: said(1)})
		w.sleep(2 * time.Minute) // a pull, and what comes of it
		w.mendAllBut("members", func() error { panic("index out of range") })
		w.sleep(20 * time.Minute)
		if got, paused := w.wall.texts(), w.paused(); len(got) != 2 || len(paused) != 1 || paused[0] != "members" {
			t.Errorf("%d messages, paused: %q; want members alone paused", len(got), paused)
		}
		if n := w.log.count("a notifier broke"); n == 0 {
			t.Error("nobody is told that the notifier broke")
		}
		w.mend()
		w.sleep(20 * time.Minute)
		if got, paused := w.wall.texts(), w.paused(); len(got) != 3 || len(paused) != 0 {
			t.Errorf("%d messages, paused: %q; want all three once the notifier is whole", len(got), paused)
		}
	})
}

// A pause outlives the process; the next one asks at once, since the operator
// may have mended it, and reports what it finds.
func TestPauseSurvivesARestart(t *testing.T) {
	for name, mended := range map[string]bool{"still closed": false, "mended": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.every = time.Minute
				w.refuse(notifiers.WholeChannel)
				w.start()
				w.sleep(time.Minute)
				w.square.say(onrecord.Post{ID: "1", Text: said(1)})
				w.sleep(2 * time.Minute)
				w.halt()
				before := w.probes()
				if mended {
					w.mend()
				}
				w.start()
				w.sleep(5 * time.Second)
				if n := w.probes() - before; n != 1 {
					t.Errorf("%d probes at the start, want 1", n)
				}
				sends, _ := w.wall.looks()
				if got := w.paused(); mended != (len(got) == 0) || mended != (sends == 2) {
					t.Errorf("paused: %q after %d sends", got, sends)
				}
				w.sleep(time.Hour)
				if paused, open := w.log.count("channel paused"), w.log.count("channel open again"); mended && (paused != 1 || open != 1) || !mended && (paused != 2 || open != 0) {
					t.Errorf("two processes told %d times of the pause and %d times of its end", paused, open)
				}
			})
		})
	}
}

// A probe cannot foresee everything: a channel that passes it and refuses all
// the same is not asked more often for that, and told of once.
func TestProbePassesButTheChannelRefuses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.every = time.Minute
		w.refuse(notifiers.WholeChannel)
		w.wall.set(func(w *wall) { w.probe = nil })
		w.start()
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "1", Text: said(1)})
		w.sleep(3 * time.Hour)
		if sends, _ := w.wall.looks(); sends < 3 || sends > 14 {
			t.Errorf("%d sends into a closed channel in three hours, want one in 15 minutes", sends)
		}
		if n := w.log.count("level=ERROR"); n != 1 {
			t.Errorf("%d errors, want one", n)
		}
		w.mend()
		w.sleep(20 * time.Minute)
		if got := w.wall.texts(); len(got) != 1 || w.log.count("channel open again") != 1 {
			t.Errorf("%d messages, told %d times of the end", len(got), w.log.count("channel open again"))
		}
	})
}
