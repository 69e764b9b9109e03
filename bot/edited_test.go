package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
)

// Where a place shows less of a post than it did, or more, its author changed nothing: a page
// that hides behind a wall leaves the summary in the feed.
func TestLessOfAPostIsNoEdit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newJudgingWorld(t)
		w.every = 10 * time.Minute
		w.start()
		w.sleep(time.Minute)
		whole := said(1) + " And we say more of it on our page."
		show := func(revision, text string, cut bool) {
			w.square.say(onrecord.Post{ID: "1", Revision: revision, Text: text, Cut: cut})
			w.sleep(75 * time.Minute)
		}
		show("1", said(1), true)
		show("2", whole, false)
		show("3", said(1), true)
		show("4", whole, false)
		if got := w.fates(); len(got) != 0 {
			t.Errorf("readers are told %q", got)
		}
		show("5", strings.Replace(whole, "deny", "admit", 1), false)
		if got := w.fates(); len(got) != 1 || !strings.HasPrefix(got[0], fmt.Sprintf("S-0001 edited %q", whole)) {
			t.Errorf("readers are told %q", got)
		}
	})
}

// A headline that its author changed is told although the words below it are the same.
func TestAnotherHeadlineIsAnEdit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newJudgingWorld(t)
		w.every = 10 * time.Minute
		w.start()
		w.sleep(time.Minute)
		for i, title := range []string{"We deny it", "We admit it"} {
			w.square.say(onrecord.Post{ID: "1", Revision: fmt.Sprint(i), Title: title, Text: said(1)})
			w.sleep(15 * time.Minute)
		}
		if got, want := w.fates(), fmt.Sprintf("S-0001 edited %q %q", "We deny it\n\n"+said(1), "We admit it\n\n"+said(1)); len(got) != 1 || !strings.HasPrefix(got[0], want) {
			t.Errorf("readers are told %q, want %q, and see %q", got, want, w.wall.texts())
		}
	})
}
