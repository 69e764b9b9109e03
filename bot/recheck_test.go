package bot_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/sources"
)

// fates are what readers were told of what became of statements.
func (w *world) fates() []string {
	return slices.DeleteFunc(w.wall.texts(), func(text string) bool { return len(strings.SplitN(text, " ", 3)) < 3 || !strings.Contains(text, ` "`) })
}

// begin starts a world that is read every six hours, with one statement on the record,
// and returns when it was told.
func (w *world) begin() time.Time {
	w.t.Helper()
	w.every = 6 * time.Hour
	w.start()
	w.sleep(time.Minute)
	w.square.say(onrecord.Post{ID: "1", Revision: "r1", Text: said(1)})
	if err := w.database.Hurry(w.t.Context(), account.ID); err != nil {
		w.t.Fatal(err)
	}
	for range 10 {
		if w.sleep(30 * time.Second); len(w.wall.texts()) == len(w.rooms) {
			return time.Now()
		}
	}
	w.t.Fatalf("readers see %q, want the statement", w.wall.texts())
	return time.Time{}
}

// away lets time pass in which the program does not run: hours in which it has nothing to
// do cost a test seconds.
func (w *world) away(d time.Duration) {
	w.halt()
	w.sleep(d)
	w.start()
}

// Looks become seldom, and end.
func TestLooksSlacken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		began := w.begin()
		w.sleep(65 * time.Minute)
		w.away(280 * time.Minute)
		w.sleep(30 * time.Minute)
		w.away(1045 * time.Minute)
		w.sleep(time.Hour)
		var after []string
		for _, at := range w.square.looks["1"] {
			after = append(after, at.Sub(began).Round(5*time.Minute).String())
		}
		if want := []string{"10m0s", "1h0m0s", "6h0m0s", "24h0m0s"}; !slices.Equal(after, want) {
			t.Errorf("looked at after %s, want %s", after, want)
		}
		if got := w.wall.texts(); len(got) != 1 {
			t.Errorf("readers see %q", got)
		}
	})
}

func TestAnEditIsToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newJudgingWorld(t)
		w.begin()
		was := w.square.posts[0].Text
		w.square.edits("r2", was+"!") // nobody need know
		w.sleep(time.Hour)
		w.square.edits("r3", strings.Replace(was, "deny", "admit", 1))
		w.away(4 * time.Hour)
		w.sleep(time.Hour + 30*time.Minute) // one look
		w.away(17 * time.Hour)
		w.sleep(time.Hour) // another
		if got, all := w.fates(), w.wall.texts(); len(all) != 2 || len(got) != 1 || !strings.HasPrefix(got[0], fmt.Sprintf("S-0001 edited %q %q", was, strings.Replace(was, "deny", "admit", 1))) {
			t.Errorf("readers are told %q, and see %q", got, all)
		}
	})
}

// What a pull sees of an edit is told at once, without waiting for a look.
func TestAPullSeesAnEdit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.begin()
		w.sleep(2 * time.Hour)
		w.square.edits("r2", "The hearing is on Tuesday.")
		w.square.say(onrecord.Post{ID: "1", Revision: "r2", Text: "The hearing is on Tuesday."})
		looked := w.square.looked()
		w.sleep(4 * time.Hour) // a pull, and no look that is due
		if n := w.square.looked() - looked; n > 2 {
			t.Errorf("%d looks", n)
		}
		if got := w.fates(); len(got) != 1 || !strings.HasPrefix(got[0], "S-0001 edited") {
			t.Errorf("readers are told %q", got)
		}
		w.wall.mu.Lock()
		told := w.wall.shown[1].at
		w.wall.mu.Unlock()
		pulls := w.square.pulled(account.ID, told.Add(-59*time.Minute), 1)
		if len(pulls) != 1 || told.Sub(pulls[0]) > time.Second {
			t.Errorf("told at %s what a pull saw at %s", told, pulls)
		}
	})
}

// A post that says something else at every pull is told ever more seldom, each time as one
// change from what readers know.
func TestAPageThatChangesAtEveryPull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newJudgingWorld(t)
		w.every = 10 * time.Minute
		w.start()
		w.sleep(time.Minute)
		words := func(i int) string { return said(1) + fmt.Sprintf(" Read %d times.", i) }
		began := time.Now()
		for i := range 40 {
			revision := fmt.Sprint(i)
			w.square.say(onrecord.Post{ID: "1", Revision: revision, Text: words(i)})
			w.square.edits(revision, words(i))
			w.sleep(10 * time.Minute)
		}
		got := w.fates()
		if len(got) != 3 { // at once, after an hour and two hours after that
			t.Fatalf("in %s readers are told %q", time.Since(began), got)
		}
		for i := range got[1:] {
			_, was, _ := strings.Cut(got[i+1], `"`)
			was, _, _ = strings.Cut(was, `"`)
			if !strings.Contains(got[i], was) {
				t.Errorf("change %d is from %q, and readers knew %q", i+2, was, got[i])
			}
		}
	})
}

func TestWhatIsNotThereIsToldWithItsProof(t *testing.T) {
	for sight, kind := range map[sources.Sight]string{sources.Absent: "gone", sources.Deleted: "deleted", sources.Unreadable: "unreadable"} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			w.begin()
			w.sleep(30 * time.Minute)
			w.square.shows("1", sources.Look{Sight: sight})
			w.sleep(35 * time.Minute) // one look
			if got, n := w.fates(), w.square.looked(); len(got) != 0 || n != 2 {
				t.Fatalf("%s: after %d looks readers are told %q", sight, n, got)
			}
			w.sleep(15 * time.Minute)
			if got := w.fates(); len(got) != 1 || !strings.HasPrefix(got[0], "S-0001 "+kind+` "" ""`) {
				t.Fatalf("%s: readers are told %q", sight, got)
			}
			w.square.shows("1", sources.Look{})
			w.away(4 * time.Hour)
			w.sleep(time.Hour)
			if got := w.fates(); len(got) != 2 || !strings.HasPrefix(got[1], "S-0001 returned") {
				t.Errorf("%s: there again, readers are told %q", sight, got)
			}
			w.square.shows("1", sources.Look{Sight: sight})
			w.away(17 * time.Hour)
			w.sleep(2 * time.Hour)
			if got := w.fates(); len(got) != 3 || !strings.HasPrefix(got[2], "S-0001 "+kind) {
				t.Errorf("%s: once more, readers are told %q", sight, got)
			}
		})
	}
}

// A moment in which a post was not there is nobody's news.
func TestOneMissProvesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.begin()
		for range 3 {
			w.square.shows("1", sources.Look{Sight: sources.Absent})
			before := w.square.looked()
			for w.square.looked() == before {
				w.sleep(time.Minute)
			}
			w.square.shows("1", sources.Look{})
			w.sleep(11 * time.Minute)
		}
		if got := w.fates(); len(got) != 0 {
			t.Errorf("readers are told %q", got)
		}
	})
}

// A place in trouble says nothing of a post, for however long, and is asked when it says.
func TestAPlaceInTroubleSaysNothing(t *testing.T) {
	for _, trouble := range []sources.Trouble{sources.Denied, sources.Limited, sources.NoMoney, sources.Unreached, sources.Walled, sources.Nonsense} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			w.begin()
			until := time.Now().Add(3 * time.Hour)
			w.square.mu.Lock()
			w.square.lookErr = &sources.Error{Trouble: trouble, Retry: until, Place: true, Err: errors.New("hush-hush was refused")}
			w.square.mu.Unlock()
			w.sleep(2 * time.Hour)
			if got, n := w.fates(), w.square.looked(); len(got) != 0 || n != 1 {
				t.Errorf("%s: readers are told %q, after %d looks, want one", trouble, got, n)
			}
			if w.log.count("hush-hush") != 0 || w.log.count("could not be looked at again") != 1 {
				t.Errorf("%s: the log says %d times that it could not be looked at, and shows a secret %d times", trouble, w.log.count("could not be looked at again"), w.log.count("hush-hush"))
			}
			w.square.mu.Lock()
			w.square.lookErr = nil
			w.square.mu.Unlock()
			w.square.edits("r2", "The hearing is on Tuesday.")
			w.sleep(2 * time.Hour)
			if got := w.fates(); len(got) != 1 {
				t.Errorf("%s: afterwards readers are told %q", trouble, got)
			}
		})
	}
}

// An answer that breaks its decoder says nothing of a post, and ends nothing.
func TestALookThatBreaksItsDecoder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.begin()
		breaks := func(is bool) {
			w.square.mu.Lock()
			defer w.square.mu.Unlock()
			w.square.broken = is
		}
		breaks(true)
		w.square.edits("r2", "The hearing is on Tuesday.")
		w.sleep(20 * time.Minute)
		if got := w.fates(); len(got) != 0 || w.log.count("broke its decoder") == 0 {
			t.Errorf("readers are told %q; the log says %d times that it broke", got, w.log.count("broke its decoder"))
		}
		breaks(false)
		w.sleep(30 * time.Minute)
		if got := w.fates(); len(got) != 1 {
			t.Errorf("afterwards readers are told %q", got)
		}
	})
}

// What became of several posts of a thread is told once.
func TestAThreadIsGoneTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newJudgingWorld(t)
		w.every = time.Minute
		w.start()
		w.sleep(time.Minute)
		for i := range 3 {
			w.square.say(onrecord.Post{ID: fmt.Sprint(i), Thread: "0", Kind: onrecord.Thread, Text: said(i)})
		}
		w.sleep(10 * time.Minute)
		if got := w.wall.texts(); len(got) != 1 {
			t.Fatalf("readers see %q", got)
		}
		w.square.shows("0", sources.Look{Sight: sources.Absent})
		w.square.shows("2", sources.Look{Sight: sources.Absent})
		w.sleep(2 * time.Hour)
		if got := w.fates(); len(got) != 1 || !strings.HasPrefix(got[0], "S-0001 gone") {
			t.Errorf("readers are told %q", got)
		}
	})
}

// Every channel that showed a statement is told what became of it, and no other.
func TestThoseWhoWereToldAreTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.rooms = []string{"readers", "writers"}
		w.begin()
		w.halt()
		w.rooms = append(w.rooms, "newcomers")
		w.start()
		w.square.shows("1", sources.Look{Sight: sources.Absent})
		w.sleep(2 * time.Hour)
		if got := w.fates(); len(got) != 2 {
			t.Errorf("readers are told %q, want two that were told of it", got)
		}
	})
}
