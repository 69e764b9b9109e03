package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/store/storetest"
)

// A notice that the notifier cannot render, or breaks on, costs the deliveries of
// that notice alone, now and after a restart: they are dead, and say why.
func TestABrokenNoticeCostsItsOwnDeliveries(t *testing.T) {
	engines := map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.Postgres}
	reasons := map[string]string{"unrenderable": "cannot be rendered", "breaks the renderer": "slice bounds out of range"}
	for engine, database := range engines {
		for words, reason := range reasons {
			t.Run(engine+": "+words, func(t *testing.T) {
				w := newWorld(t)
				w.path, w.rooms = database(t), []string{"readers", "others"}
				w.round(0) // the baseline
				for i, text := range []string{said(1), said(2) + " This " + words + ".", said(3)} {
					w.square.say(onrecord.Post{ID: fmt.Sprint(i), Text: text})
				}
				w.round(4)
				w.round(4)
				w.square.say(onrecord.Post{ID: "later", Text: said(4)})
				w.round(6)
				if n := w.log.count("rendered", reason); n != 2 {
					t.Errorf("told %d times, want once for each channel", n)
				}
			})
		}
	}
}

// round starts the program, lets it do everything once and ends it. Readers have seen so many messages then,
// and whatever was not delivered says why.
func (w *world) round(shown int) {
	w.t.Helper()
	w.open()
	defer w.database.Close()
	if owed, err := w.bot.Once(w.t.Context()); err != nil || owed != 0 {
		w.t.Fatalf("once: %v, %d owed", err, owed)
	}
	if got := w.wall.texts(); len(got) != shown || slices.ContainsFunc(got, func(text string) bool { return strings.Contains(text, "S-0002") }) {
		w.t.Fatalf("readers see %q, want %d messages", got, shown)
	}
	list, err := w.database.Unsettled(w.t.Context())
	if err != nil || shown > 0 && len(list) != 2 {
		w.t.Fatalf("unsettled: %+v, %v; want one in each channel", list, err)
	}
	for _, u := range list {
		if u.Subject != "S-0002" || u.State != bot.Dead || !strings.Contains(u.Error, "render S-0002 for "+u.Channel) {
			w.t.Errorf("unsettled: %+v", u)
		}
	}
}

// A notifier that breaks on what a place answered may have delivered: the send is
// as unclear as one without an answer, and stops nothing else.
func TestANotifierThatBreaksIsUnclear(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		broke := 0
		w.wall.lose = func(n int) bool {
			if n == 1 {
				broke++
				panic("index out of range")
			}
			return false
		}
		w.start()
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "1", Text: said(1)})
		w.square.say(onrecord.Post{ID: "2", Text: said(2)})
		w.sleep(time.Minute)
		if got := w.wall.texts(); len(got) != 2 || broke != 1 {
			t.Errorf("readers see %q after the notifier broke %d times, want both once", got, broke)
		}
		if n := w.log.count("will be repeated", "index out of range"); n != 1 {
			t.Errorf("told %d times", n)
		}
	})
}
