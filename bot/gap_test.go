package bot_test

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/sources"
)

// away is a way to miss three hours; it begins when it is called and ends with
// what it returns.
var away = map[string]func(*world) (back func()){
	"square": func(w *world) func() {
		w.square.fail(&sources.Error{Trouble: sources.Unreached, Err: errors.New("no route")})
		return func() { w.square.fail(nil) }
	},
	"": func(w *world) func() {
		w.halt()
		return w.start
	},
}

// A channel is told once, before the first statement that was missed, how long
// nobody looked and how much was recovered, from all accounts together.
func TestAGapIsToldOnce(t *testing.T) {
	for place, leave := range away {
		t.Run("away: "+place, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.every, w.rooms = time.Minute, []string{"readers", "others"}
				w.start()
				w.sleep(time.Minute)
				w.sleep(time.Minute)
				back := leave(w)
				w.sleep(time.Hour)
				for i, text := range []string{noStatement + "good morning.", noStatement + "lunch is at one.", said(1), said(2)} {
					w.square.say(onrecord.Post{ID: fmt.Sprint(i), Text: text})
				}
				w.square.say(onrecord.Post{ID: "r", Account: reyes.ID, Text: said(3)})
				w.sleep(2 * time.Hour)
				if got := w.wall.texts(); len(got) != 0 {
					t.Fatalf("nobody was away: %q", got)
				}
				back()
				w.sleep(20 * time.Minute)
				w.square.say(onrecord.Post{ID: "9", Text: said(9)})
				w.sleep(2 * time.Minute)
				for _, room := range w.rooms {
					got := w.shownIn(room)
					want := fmt.Sprintf("G-0001 %q 18", place) // 180 minutes and the last backoff
					if len(got) != 5 || !strings.HasPrefix(got[0], want) || !strings.HasSuffix(got[0], "min 5 posts") {
						t.Fatalf("%s shows %q; want one line about 5 posts, then 4 statements", room, got)
					}
					if all := strings.Join(got, " "); !strings.Contains(all, said(1)) || !strings.Contains(all, said(2)) || !strings.Contains(all, said(3)) || !strings.Contains(got[4], said(9)) {
						t.Errorf("%s shows %q", room, got)
					}
				}
			})
		})
	}
}

// shownIn returns what one channel of the wall shows: its name is in the keys.
func (w *world) shownIn(room string) (texts []string) {
	w.wall.mu.Lock()
	defer w.wall.mu.Unlock()
	for _, n := range w.wall.shown {
		if strings.Split(n.key, "\n")[1] == room {
			texts = append(texts, n.text)
		}
	}
	return texts
}

// What is not worth a line gets none: a short outage, and one in which nobody
// spoke on the case.
func TestNoLineWithoutNeed(t *testing.T) {
	for name, c := range map[string]struct {
		minutes time.Duration
		text    string
		shown   int
	}{
		"short":              {25, said(1), 1},
		"nothing on a case":  {60, noStatement + "good morning.", 0},
		"nobody said a word": {60, "", 0},
	} {
		for place, leave := range away {
			t.Run(name+", away: "+place, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					w := newWorld(t)
					w.every = time.Minute
					w.start()
					w.sleep(2 * time.Minute)
					back := leave(w)
					if c.text != "" {
						w.square.say(onrecord.Post{ID: "1", Text: c.text})
					}
					w.sleep(c.minutes*time.Minute - 15*time.Minute)
					back()
					w.sleep(15 * time.Minute) // the longest backoff
					if got := w.wall.texts(); len(got) != c.shown || c.shown == 1 && !strings.Contains(got[0], c.text) {
						t.Errorf("readers see %q", got)
					}
					if s := w.status(); s.Unread != 0 {
						t.Errorf("%d posts wait", s.Unread)
					}
				})
			})
		}
	}
}

// The process dies between the pages of a late pull: what was stored waits for
// the rest, and there is one line for all of it.
func TestAGapOutlivesTheProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		w.sleep(time.Minute)
		w.halt()
		for i := range 5 {
			w.square.say(onrecord.Post{ID: fmt.Sprint(i), Text: said(i)})
		}
		w.sleep(3 * time.Hour)
		var held atomic.Int64
		w.square.mu.Lock()
		w.square.size = 2
		began := time.Now()
		w.square.hold = func(int) error {
			if len(w.square.pulled(account.ID, began, 1)) < 2 {
				return nil
			}
			held.Add(1)
			w.sleep(20 * time.Second)
			return errors.New("dies")
		}
		w.square.mu.Unlock()
		w.start()
		w.sleep(10 * time.Second)
		w.halt()
		if s := w.posts(); held.Load() == 0 || s == 0 || s == 5 || len(w.wall.texts()) != 0 {
			t.Fatalf("held %d, %d posts stored, readers see %q: not between pages", held.Load(), s, w.wall.texts())
		}
		w.square.mu.Lock()
		w.square.hold = nil
		w.square.mu.Unlock()
		w.start()
		w.sleep(time.Minute)
		got := w.wall.texts()
		if len(got) != 6 || !strings.HasPrefix(got[0], `G-0001 "" 18`) || !strings.HasSuffix(got[0], "5 posts") {
			t.Errorf("readers see %q; want one line, then five statements", got)
		}
	})
}

// posts counts the account's stored posts while nothing runs.
func (w *world) posts() int64 {
	w.open()
	defer w.database.Close()
	return w.status().Posts[account.ID]
}
