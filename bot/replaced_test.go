package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/sources"
)

// reposted is what said(1) says but for the word for the whole.
func reposted() string { return strings.Replace(said(1), "deny", "admit", 1) }

// goesAway takes the first post from its place, and puts another one there.
func (w *world) goesAway(as sources.Sight) { w.square.shows("1", sources.Look{Sight: as}) }

func (w *world) again(text string) { w.square.say(onrecord.Post{ID: "2", Revision: "s1", Text: text}) }

// saidOnce is a world with one statement on the record.
func saidOnce(t *testing.T, deletion sources.Deletion) *world {
	w := newJudgingWorld(t)
	w.every, w.deletion = time.Minute, map[string]sources.Deletion{"square": deletion}
	w.start()
	w.sleep(time.Minute)
	w.square.say(onrecord.Post{ID: "1", Revision: "r1", Text: said(1)})
	w.sleep(90 * time.Second) // a pull, and what comes of it
	return w
}

// onlyReplaced checks that readers saw one statement and one replacement of it.
func (w *world) onlyReplaced(name, was, now string) {
	w.t.Helper()
	all, got := w.wall.texts(), w.fates()
	if len(all) != 2 || len(got) != 1 || !strings.HasPrefix(got[0], fmt.Sprintf("S-0001 replaced %q %q", was, now)) {
		w.t.Errorf("%s: readers are told %q, and see %d messages: %q", name, got, len(all), all)
	}
	w.wall.mu.Lock()
	also := w.wall.shown[0].also
	w.wall.mu.Unlock()
	if also != "revised" {
		w.t.Errorf("%s: the first message says %q", name, also)
	}
}

// What was deleted and posted again with little changed is told once, in whichever order
// the two are met, and over a restart.
func TestReplaced(t *testing.T) {
	for name, c := range map[string]struct {
		does func(w *world)
		now  string
	}{
		"deleted, then posted again": {func(w *world) {
			w.goesAway(sources.Absent)
			w.sleep(2 * time.Minute)
			w.again(reposted())
		}, reposted()},
		"posted again, then deleted": {func(w *world) {
			w.again(reposted())
			w.sleep(40 * time.Second)
			w.goesAway(sources.Deleted)
		}, reposted()},
		"met missing, then posted again": {func(w *world) {
			w.sleep(20 * time.Minute) // a look
			w.goesAway(sources.Absent)
			w.sleep(45 * time.Minute) // another
			w.again(reposted())
		}, reposted()},
		"word for word": {func(w *world) {
			w.goesAway(sources.Deleted)
			w.sleep(time.Minute)
			w.again(said(1))
		}, said(1)},
		"over restarts": {func(w *world) {
			w.goesAway(sources.Absent)
			w.again(reposted())
			w.sleep(25 * time.Second)
			w.halt()
			w.start()
			w.sleep(11 * time.Minute)
			w.halt()
			w.start()
		}, reposted()},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := saidOnce(t, sources.TellDeleted)
			c.does(w)
			w.sleep(80 * time.Minute)
			w.onlyReplaced(name, said(1), c.now)
		})
	}
}

// What stands for a post is looked at as that was: what becomes of it is told as the
// statement's.
func TestWhatReplacedAPostIsWatched(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := saidOnce(t, sources.TellDeleted)
		w.goesAway(sources.Absent)
		w.again(reposted())
		w.sleep(30 * time.Minute)
		w.onlyReplaced("replaced", said(1), reposted())
		edit := strings.Replace(reposted(), "court", "public", 1)
		p := w.square.posts[1]
		p.Revision, p.Text, p.Raw = "s2", edit, []byte(edit)
		w.square.shows("2", sources.Look{Sight: sources.Present, Post: &p})
		w.sleep(2 * time.Hour)
		w.square.shows("2", sources.Look{Sight: sources.Deleted})
		w.sleep(7 * time.Hour)
		got := w.fates()
		if len(got) != 3 || !strings.HasPrefix(got[1], fmt.Sprintf("S-0001 edited %q %q", reposted(), edit)) || !strings.HasPrefix(got[2], "S-0001 deleted") || len(w.wall.texts()) != 4 {
			t.Errorf("readers are told %q, and see %q", got, w.wall.texts())
		}
	})
}

// What is said again while the first is still there, by another account, much later, or
// with much changed, replaces nothing.
func TestWhatReplacesNothing(t *testing.T) {
	for name, c := range map[string]struct {
		does func(w *world)
		want []string // how what readers see begins
	}{
		"both are there": {func(w *world) { w.again(reposted()) }, []string{"S-0001 On", "S-0002 On"}},
		"there again": {func(w *world) {
			w.goesAway(sources.Absent)
			w.again(reposted())
			w.sleep(5 * time.Minute)
			w.goesAway("")
		}, []string{"S-0001 On", "S-0002 On"}},
		"another account": {func(w *world) {
			w.goesAway(sources.Absent)
			w.square.say(onrecord.Post{Account: reyes.ID, ID: "2", Revision: "s1", Text: reposted()})
		}, []string{"S-0001 On", "S-0002 On", "S-0001 gone"}},
		"there, and edited": {func(w *world) {
			w.again(reposted())
			w.square.edits("r2", strings.Replace(said(1), "court", "public", 1))
		}, []string{"S-0001 On", fmt.Sprintf("S-0001 edited %q %q", said(1), strings.Replace(said(1), "court", "public", 1)), "S-0002 On"}},
		"an hour later": {func(w *world) {
			w.goesAway(sources.Absent)
			w.sleep(90 * time.Minute)
			w.again(reposted())
		}, []string{"S-0001 On", "S-0001 gone", "S-0002 On"}},
		"another statement": {func(w *world) {
			w.goesAway(sources.Absent)
			w.again("Northwind Data's complaint against Harbor Labs says nothing of who wrote the pricing model, and we ask the court to dismiss it.")
		}, []string{"S-0001 On", "S-0002 Northwind", "S-0001 gone"}},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := saidOnce(t, sources.TellDeleted)
			c.does(w)
			w.sleep(80 * time.Minute)
			got := w.wall.texts()
			if !slices.EqualFunc(got, c.want, strings.HasPrefix) {
				t.Errorf("%s: readers see %q", name, got)
			}
		})
	}
}

// What repeats a post that stays is told when the second look at that is over, and waits
// for nothing else.
func TestWhatReplacesNothingIsToldSoon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := saidOnce(t, sources.TellDeleted)
		w.sleep(25 * time.Second) // soon before a pull
		w.again(reposted())
		w.sleep(130 * time.Second)
		if got := w.wall.texts(); len(got) != 2 {
			t.Errorf("readers see %q", got)
		}
	})
}

// However often a post is said again while it stays, each is told when the second look after
// it is over: none waits for another.
func TestWhatIsSaidAgainAndAgainIsToldSoon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := saidOnce(t, sources.TellDeleted)
		texts := []string{}
		for i, verb := range []string{"admit", "confirm", "repeat", "believe", "argue", "report"} {
			w.sleep(10 * time.Second)
			texts = append(texts, strings.Replace(said(1), "deny", verb, 1))
			w.square.say(onrecord.Post{ID: fmt.Sprint(i + 2), Revision: "s1", Text: texts[i]})
		}
		w.sleep(130 * time.Second)
		if got := w.wall.texts(); len(got) != 1+len(texts) {
			t.Errorf("readers see %d messages: %q", len(got), got)
		}
	})
}

// What repeats a post and begins a thread waits for the rest of that, as any other does,
// after the look at the post is over.
func TestAThreadThatRepeatsAPostIsToldWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := saidOnce(t, sources.TellDeleted)
		w.sleep(28 * time.Second) // soon before a pull
		w.square.say(onrecord.Post{ID: "2", Revision: "s1", Thread: "2", Text: reposted() + " 1/2"})
		w.sleep(61 * time.Second) // the looks that the first part asks for, and no pull yet
		w.square.say(onrecord.Post{ID: "3", Revision: "s1", Thread: "2", Kind: onrecord.Thread, Text: "2/2 Harbor Labs will prove before the judge that Northwind Data's complaint names the wrong engineers."})
		w.sleep(5 * time.Minute)
		if got := w.wall.texts(); len(got) != 2 {
			t.Errorf("readers see %d messages: %q", len(got), got)
		}
	})
}

// Where words are taken out, those of the first post are, and those of what replaced it
// when that is gone as well.
func TestReplacedAndTakenOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := saidOnce(t, sources.RedactDeleted)
		w.goesAway(sources.Deleted)
		w.again(reposted())
		w.sleep(time.Hour)
		got := w.fates()
		if len(got) != 1 || !strings.HasPrefix(got[0], fmt.Sprintf("S-0001 replaced %q %q", "", reposted())) {
			t.Fatalf("readers are told %q", got)
		}
		w.square.shows("2", sources.Look{Sight: sources.Deleted})
		w.sleep(8 * time.Hour)
		if got := w.fates(); len(got) != 2 || !strings.HasPrefix(got[1], "S-0001 deleted") {
			t.Errorf("readers are told %q", got)
		}
		w.wall.mu.Lock()
		defer w.wall.mu.Unlock()
		for i, n := range w.wall.shown[:2] {
			if !strings.HasPrefix(n.also, "taken out") {
				t.Errorf("message %d says %q", i, n.also)
			}
		}
	})
}

// announced is the first post of a thread, which says little by itself.
const announced = "A thread on Northwind Data v. Harbor Labs 🧵 (1/3)"

// unroll says a thread, part after part, in a few seconds each.
func (w *world) unroll(name string, texts ...string) {
	for i, text := range texts {
		p := onrecord.Post{ID: fmt.Sprint(name, i), Thread: name + "0", Text: text} // of a place that has no revisions
		if i > 0 {
			p.Kind, p.ReplyTo = onrecord.Thread, &onrecord.Ref{ID: fmt.Sprint(name, i-1)}
		}
		w.square.say(p)
		w.sleep(5 * time.Second)
	}
}

// vanish takes parts of a thread from their place.
func (w *world) vanish(as sources.Sight, ids ...string) {
	for _, id := range ids {
		w.square.shows(id, sources.Look{Sight: as})
	}
}

// unrolledOnce is a world with a thread on the record.
func unrolledOnce(t *testing.T, deletion sources.Deletion) *world {
	w := newJudgingWorld(t)
	w.every, w.deletion = time.Minute, map[string]sources.Deletion{"square": deletion}
	w.start()
	w.sleep(time.Minute)
	w.unroll("a", announced, said(1), said(2))
	w.sleep(4 * time.Minute)
	if got := w.wall.texts(); len(got) != 1 {
		t.Fatalf("readers see %q", got)
	}
	return w
}

// A thread that was deleted and posted again with little changed is told once, with all that
// differs, in whichever order its parts go and come.
func TestAReplacedThread(t *testing.T) {
	all := []string{"a0", "a1", "a2"}
	for name, c := range map[string]struct {
		does func(w *world)
		now  []string
	}{
		"deleted, then posted again": {func(w *world) {
			w.vanish(sources.Absent, all...)
			w.sleep(2 * time.Minute)
			w.unroll("b", announced, reposted(), said(2))
		}, []string{announced, reposted(), said(2)}},
		"posted again, then deleted": {func(w *world) {
			w.unroll("b", announced, reposted(), said(2))
			w.sleep(20 * time.Second)
			w.vanish(sources.Absent, all...)
		}, []string{announced, reposted(), said(2)}},
		"part after part": {func(w *world) {
			for _, id := range all {
				w.vanish(sources.Deleted, id)
				w.sleep(20 * time.Second)
			}
			w.unroll("b", announced, reposted(), said(2))
		}, []string{announced, reposted(), said(2)}},
		"met missing, then posted again": {func(w *world) {
			w.sleep(58 * time.Minute) // one look, and soon another
			w.vanish(sources.Absent, all...)
			w.sleep(4 * time.Minute)
			w.unroll("b", announced, reposted(), said(2))
		}, []string{announced, reposted(), said(2)}},
		"word for word": {func(w *world) {
			w.vanish(sources.Deleted, all...)
			w.sleep(time.Minute)
			w.unroll("b", announced, said(1), said(2))
		}, []string{announced, said(1), said(2)}},
		"another opening": {func(w *world) {
			w.vanish(sources.Absent, all...)
			w.unroll("b", "Once more on Northwind Data v. Harbor Labs (1/3)", said(1), said(2))
		}, []string{"Once more on Northwind Data v. Harbor Labs (1/3)", said(1), said(2)}},
		"with a part more": {func(w *world) {
			w.vanish(sources.Absent, all...)
			w.unroll("b", announced, reposted(), said(2), "See you in court.")
		}, []string{announced, reposted(), said(2), "See you in court."}},
		"with a part less": {func(w *world) {
			w.unroll("b", announced+" "+reposted(), said(2))
			w.vanish(sources.Deleted, all...)
		}, []string{announced + " " + reposted(), said(2)}},
		"as one post": {func(w *world) {
			w.vanish(sources.Absent, all...)
			w.sleep(time.Minute)
			w.again(announced + " " + reposted() + " " + said(2))
		}, []string{announced + " " + reposted() + " " + said(2)}},
		"over restarts": {func(w *world) {
			w.vanish(sources.Absent, all...)
			w.unroll("b", announced, reposted(), said(2))
			w.halt()
			w.start()
			w.sleep(11 * time.Minute)
			w.halt()
			w.start()
		}, []string{announced, reposted(), said(2)}},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := unrolledOnce(t, sources.TellDeleted)
			c.does(w)
			w.sleep(25 * time.Minute)
			w.onlyReplaced(name, strings.Join([]string{announced, said(1), said(2)}, "\n\n"), strings.Join(c.now, "\n\n"))
		})
	}
}

// What was one post, and is posted again as a thread, is told once; what is new behind it is
// watched as well.
func TestReplacedByAThread(t *testing.T) {
	for name, deletion := range map[string]sources.Deletion{"told": sources.TellDeleted, "taken out": sources.RedactDeleted, "said before": sources.TellDeleted} {
		synctest.Test(t, func(t *testing.T) {
			w := newJudgingWorld(t)
			w.every, w.deletion = time.Minute, map[string]sources.Deletion{"square": deletion}
			w.start()
			w.sleep(time.Minute)
			w.square.say(onrecord.Post{ID: "1", Revision: "r1", Text: said(1) + "\n\n" + said(2)})
			w.sleep(90 * time.Second)
			if name == "said before" {
				w.unroll("b", reposted(), said(2))
				w.sleep(30 * time.Second)
			}
			w.goesAway(sources.Deleted)
			if name != "said before" {
				w.unroll("b", reposted(), said(2))
			}
			w.sleep(20 * time.Minute)
			was := said(1) + "\n\n" + said(2)
			if deletion == sources.RedactDeleted {
				was = ""
			}
			if got, want := w.fates(), fmt.Sprintf("S-0001 replaced %q %q", was, reposted()+"\n\n"+said(2)); len(w.wall.texts()) != 2 || len(got) != 1 || !strings.HasPrefix(got[0], want) {
				t.Fatalf("%s: readers are told %q, want %q", name, got, want)
			}
			w.vanish(sources.Deleted, "b1")
			w.sleep(3 * time.Hour)
			if got := w.fates(); len(got) != 2 || !strings.HasPrefix(got[1], "S-0001 deleted") {
				t.Errorf("%s: readers are told %q", name, got)
			}
			if files, _ := w.holding("numbered 15838"); (len(files) > 0) == (deletion == sources.RedactDeleted) {
				t.Errorf("%s: the words of the second part are in %q", name, files)
			}
		})
	}
}

// What announces a thread, and says little by itself, is told with the rest of it, also where
// the same was said alone before.
func TestWhatAnnouncesAThread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newJudgingWorld(t)
		w.every = time.Minute
		w.start()
		w.sleep(time.Minute)
		w.unroll("a", announced)
		w.sleep(6 * time.Minute)
		w.unroll("b", announced, said(1), said(2))
		w.sleep(6 * time.Minute)
		want := []string{"S-0001 " + announced, "S-0002 " + strings.Join([]string{announced, said(1), said(2)}, " / ")}
		if got := w.wall.texts(); !slices.Equal(got, want) {
			t.Errorf("readers see %q, want %q", got, want)
		}
	})
}

// Of a thread whose words are taken out, those that replaced them are shown.
func TestAReplacedThreadTakenOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := unrolledOnce(t, sources.RedactDeleted)
		w.vanish(sources.Deleted, "a0", "a1", "a2")
		w.unroll("b", announced, reposted(), said(2))
		w.sleep(25 * time.Minute)
		want := fmt.Sprintf("S-0001 replaced %q %q", "", strings.Join([]string{announced, reposted(), said(2)}, "\n\n"))
		if got := w.fates(); len(got) != 1 || !strings.HasPrefix(got[0], want) {
			t.Errorf("readers are told %q, want %q", got, want)
		}
	})
}

// A thread of which a part stays, or does not come again, and one that begins alike, replace
// nothing.
func TestAThreadThatReplacesNothing(t *testing.T) {
	for name, c := range map[string]struct {
		does func(w *world)
		want []string
	}{
		"a part stays": {func(w *world) {
			w.vanish(sources.Absent, "a0", "a2")
			w.unroll("b", announced, reposted(), said(2))
		}, []string{"S-0001 A thread", "S-0002 A thread", "S-0001 gone", "S-0001 replaced"}}, // of the last part, which says the same there
		"a part does not come again": {func(w *world) {
			w.vanish(sources.Absent, "a0", "a1", "a2")
			w.unroll("b", announced, reposted()) // the rest is waited for
		}, []string{"S-0001 A thread", "S-0001 gone", "S-0002 A thread"}},
		"a part stays, and one is new": {func(w *world) {
			w.vanish(sources.Absent, "a0", "a2")
			w.unroll("b", announced, reposted(), said(2), "See you in court.")
		}, []string{"S-0001 A thread", "S-0002 A thread", "S-0001 gone", "S-0001 replaced"}},
		"all parts stay, and one is new": {func(w *world) {
			w.unroll("b", announced, reposted(), said(2), "See you in court.")
		}, []string{"S-0001 A thread", "S-0002 A thread"}},
		"another thread, with the same opening": {func(w *world) {
			w.unroll("b", announced, "Northwind Data's complaint against Harbor Labs says nothing of who wrote the pricing model.", "We ask the court to dismiss the lawsuit of Northwind Data.")
		}, []string{"S-0001 A thread", "S-0002 A thread"}},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := unrolledOnce(t, sources.TellDeleted)
			c.does(w)
			w.sleep(25 * time.Minute)
			got := w.wall.texts()
			if !slices.EqualFunc(got, c.want, strings.HasPrefix) {
				t.Errorf("%s: readers see %q", name, got)
			}
		})
	}
}
