package bot_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/internal/loopback"
	"onrecord/sources"
	"onrecord/sources/x"
	"onrecord/sources/x/xtest"
)

var tweeting = onrecord.Account{ID: "x:northwind_data", Source: "x", Handle: "northwind_data", Speaker: "Northwind Data", Cases: []string{northwind.ID}}

// newMeteredWorld has an account at a fake X, which is pulled every two minutes.
func newMeteredWorld(t *testing.T, stream string) (*world, *xtest.Server) {
	time.Sleep(time.Until(time.Date(2026, 11, 20, 0, 10, 0, 0, time.UTC))) // X numbers posts by their time, from 2010 on
	w, server := newWorld(t), xtest.New("a-token")
	server.Account("northwind_data", "Northwind Data")
	w.every, w.second = 2*time.Minute, tweeting
	w.place = func(spend sources.SpendLog) sources.Source {
		c := x.Kind().Config().(*x.Config)
		c.BearerToken, c.Stream, c.DailyBudgetUSD = "a-token", stream, 100
		source, err := c.Open(sources.Env{
			Client:  func(bool) *http.Client { return &http.Client{Transport: loopback.Transport{Handler: server}} },
			Endless: func(bool) *http.Client { return &http.Client{Transport: loopback.Live{Handler: server}} }, Spend: spend,
		})
		if err != nil {
			t.Fatal(err)
		}
		return source
	}
	return w, server
}

// lag is how long after they were said things are shown.
func (w *world) lag(at map[string]time.Time) (half time.Duration, shown int) {
	w.wall.mu.Lock()
	defer w.wall.mu.Unlock()
	var list []time.Duration
	for _, n := range w.wall.shown {
		for text, said := range at {
			if strings.HasSuffix(n.text, text) {
				list = append(list, n.at.Sub(said))
			}
		}
	}
	if len(list) == 0 {
		return 0, 0
	}
	slices.Sort(list)
	return list[len(list)/2], len(list)
}

// What reading X costs and how soon posts are shown, with reconciliation and looks at what
// is on the record, and one post edited: within a day, each post is paid for once.
func TestWhatXCosts(t *testing.T) {
	const posts = 20
	for _, c := range []struct {
		stream string
		once   bool // X charges as its documents say
		reads  int  // of the posts and of the one edit, at most
		half   time.Duration
	}{
		{"off", true, posts + 1, time.Minute + 500*time.Millisecond},
		{"activity", true, posts + 1, 1500 * time.Millisecond},
		{"filtered", true, posts + 1, 1500 * time.Millisecond},
		{"activity", false, 3*posts + 1, 1500 * time.Millisecond}, // each way of delivery by itself
	} {
		synctest.Test(t, func(t *testing.T) {
			w, server := newMeteredWorld(t, c.stream)
			if c.once {
				server.ChargeOnce()
			}
			w.start()
			w.sleep(90 * time.Second)
			at := map[string]time.Time{}
			edited := ""
			for i := range posts {
				text := fmt.Sprintf("Statement no. %d of the day.", i)
				id := server.Post("northwind_data", xtest.Post{Text: text})
				at[text] = time.Now()
				switch {
				case i == posts/3:
					edited = id
				case i == posts/3+1:
					server.Edit(edited, "Statement of another kind.")
				case i == posts/2 && c.stream != "off":
					server.Cut()
				}
				w.sleep(133 * time.Second) // does not divide the interval
			}
			w.sleep(70 * time.Minute)
			reads := server.Reads()
			half, shown := w.lag(at)
			t.Logf("stream %s, charged once %v: %d reads, half of the posts shown within %s", c.stream, c.once, reads, half)
			if reads > c.reads || half > c.half || shown != posts {
				t.Errorf("stream %s: %d reads, want at most %d; half of the posts within %s, want %s; %d shown of %d", c.stream, reads, c.reads, half, c.half, shown, posts)
			}
			if got := w.fates(); len(got) != 1 || !strings.Contains(got[0], "edited") {
				t.Errorf("stream %s: readers are told %q", c.stream, got)
			}
		})
	}
}

// The place's word that a post was deleted, and one look that agrees, prove it; its word
// alone, and what only a look finds, do not.
func TestADeletionThatIsHeard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, server := newMeteredWorld(t, "activity")
		w.start()
		w.sleep(time.Minute)
		id := server.Post("northwind_data", xtest.Post{Text: "To be deleted."})
		w.sleep(time.Minute)
		server.Delete(id)
		w.sleep(9 * time.Minute)
		if got := w.fates(); len(got) != 0 {
			t.Errorf("too soon: readers are told %q", got)
		}
		w.sleep(3 * time.Minute)
		if got := w.fates(); len(got) != 1 || !strings.HasPrefix(got[0], "S-0001 deleted") {
			t.Errorf("readers are told %q", got)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		w, c := newLoudWorld(t)
		w.start()
		w.sleep(time.Minute)
		c.publish("Still there.")
		c.cry(loud.ID)
		w.sleep(time.Minute)
		for range 30 {
			c.set(func(c *crier) { c.news(sources.News{Account: loud.ID, Deleted: "Still there."}) })
			w.sleep(time.Minute)
		}
		if got := w.fates(); len(got) != 0 {
			t.Errorf("of a lie readers are told %q", got)
		}
		c.square.mu.Lock()
		looks := len(c.looks["Still there."])
		c.square.mu.Unlock()
		if looks > 4 {
			t.Errorf("thirty lies made %d looks", looks)
		}
	})
}
