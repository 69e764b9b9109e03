package bot_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/statements"
)

// listener keeps what it is given to read. On a post that says so it broods for
// an hour, whatever its context says.
type listener struct {
	believer
	mu    sync.Mutex
	heard map[string]onrecord.Post
}

const brooding = "a rule that does not end: "

func (l *listener) Read(ctx context.Context, p onrecord.Post, a onrecord.Account, k statements.Known, ask statements.Asker) (statements.Reading, error) {
	l.mu.Lock()
	if l.heard == nil {
		l.heard = map[string]onrecord.Post{}
	}
	l.heard[p.ID] = p
	l.mu.Unlock()
	if strings.HasPrefix(p.Text, brooding) {
		time.Sleep(time.Hour)
	}
	return l.believer.Read(ctx, p, a, k, ask)
}

// Nothing of a post is longer than it may be, and what is cut is said to be.
func TestAPostHasABound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, ear := newWorld(t), &listener{}
		w.reader = ear
		w.start()
		w.sleep(time.Minute)
		long := strings.Repeat("裁", 3<<20)
		address := "https://social.example/" + long
		monster := onrecord.Post{
			ID: "1", Text: long, Title: long, Warning: long, Lang: long, Thread: long, Revision: long,
			Author:  onrecord.Author{ID: long, Handle: long, Name: long},
			ReplyTo: &onrecord.Ref{ID: long, Account: long, URL: address, Text: long}, Quotes: &onrecord.Ref{ID: long + "!"},
			Links: make([]onrecord.Link, 1<<16), Media: make([]onrecord.Media, 1<<16),
		}
		monster.Links[0], monster.Media[0] = onrecord.Link{URL: address, Title: long, Shown: long}, onrecord.Media{URL: address, Alt: long}
		w.square.say(monster)
		w.square.say(onrecord.Post{ID: long, Text: said(2)})
		w.square.say(onrecord.Post{ID: "3", Text: said(3)})
		w.sleep(time.Minute)
		if got := w.wall.texts(); len(got) != 3 || !strings.Contains(got[2], said(3)) {
			t.Fatalf("%d statements are delivered, not 3", len(got))
		}
		for id, p := range ear.heard {
			if len(id) > 1<<10 || len(p.Thread) > 1<<10 || len(p.Text) > 256<<10 {
				t.Errorf("an id of %d bytes, a thread of %d, a text of %d", len(id), len(p.Thread), len(p.Text))
			}
		}
		p := ear.heard["1"]
		if !p.Cut || strings.Trim(p.Text, "裁") != "" || ear.heard["3"].Cut {
			t.Errorf("cut: %v, and where all is there: %v", p.Cut, ear.heard["3"].Cut)
		}
		if p.ReplyTo.ID == "" || p.ReplyTo.ID != p.Thread || p.Quotes.ID == p.ReplyTo.ID || p.ReplyTo.URL != "" || len(p.ReplyTo.Text) > 64<<10 {
			t.Errorf("it answers %.80q in %.80q and quotes %.80q", p.ReplyTo.ID, p.Thread, p.Quotes.ID)
		}
		rest := []string{p.Title, p.Warning, p.Lang, p.Revision, p.Author.ID, p.Author.Handle, p.Author.Name, p.ReplyTo.Account, p.Links[0].URL, p.Links[0].Title, p.Links[0].Shown, p.Media[0].URL, p.Media[0].Alt}
		for i, s := range rest {
			if len(s) > 8<<10 {
				t.Errorf("text %d has %d bytes", i, len(s))
			}
		}
		if len(p.Links) > 500 || len(p.Media) > 500 {
			t.Errorf("%d links, %d media", len(p.Links), len(p.Media))
		}
	})
}

// A date that no database holds is none.
func TestADateBeyondAllCalendars(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, ear := newWorld(t), &listener{}
		w.reader = ear
		w.start()
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "1", Text: said(1)})
		w.square.say(onrecord.Post{ID: "2", Text: said(2)})
		w.square.mu.Lock()
		w.square.posts[0].Created = time.Date(9999, 12, 31, 23, 59, 59, 0, time.FixedZone("", -3600))
		w.square.mu.Unlock()
		w.sleep(time.Minute)
		if got := w.wall.texts(); len(got) != 2 {
			t.Errorf("%d of 2 statements are delivered", len(got))
		}
		if ear.heard["1"].Dated || !ear.heard["2"].Dated {
			t.Error("a date in the year 10000 is taken for one")
		}
	})
}

// A post that takes too long to read costs itself: the next one is read, a person
// is asked about it, and the program stops when it is told to.
func TestAPostThatTakesTooLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.reader = &listener{}
		w.start()
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "1", Text: brooding + said(1)})
		w.square.say(onrecord.Post{ID: "2", Text: said(2)})
		w.sleep(30 * time.Second)
		if got := w.wall.texts(); len(got) != 1 || !strings.Contains(got[0], said(2)) {
			t.Fatalf("delivered %q", got)
		}
		if d := w.decided()["1"].Decision; d.Label != onrecord.Review || len(d.Reasons) != 1 || d.Reasons[0].Code != "unreadable" {
			t.Errorf("the one that takes too long is %+v", d)
		}
		if w.log.count("could not be judged", "not read within") != 1 {
			t.Error("nobody is told")
		}
		w.square.say(onrecord.Post{ID: "3", Text: brooding + said(3)})
		w.sleep(11 * time.Second) // a pull, and it is being read
		before := time.Now()
		w.halt()
		if took := time.Since(before); took > time.Second {
			t.Errorf("stopping takes %s", took)
		}
		w.sleep(2 * time.Hour) // what was left to itself ends
	})
}
