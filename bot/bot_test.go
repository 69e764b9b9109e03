package bot_test

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/notifiers"
	"onrecord/sources"
)

func TestBaselineIsSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.square.say(onrecord.Post{ID: "1", Text: said(1)})
		w.start()
		w.sleep(time.Minute)
		if got := w.wall.texts(); len(got) != 0 {
			t.Fatalf("a post from before the account was watched was delivered: %q", got)
		}
		w.square.say(onrecord.Post{ID: "2", Text: said(2)})
		w.sleep(time.Minute)
		if got := w.wall.texts(); len(got) != 1 || !strings.Contains(got[0], said(2)) {
			t.Fatalf("delivered %q, want the new statement", got)
		}
		if s := w.status(); s.Posts[account.ID] != 2 {
			t.Errorf("%d posts stored, want 2: the baseline is kept", s.Posts[account.ID])
		}
	})
}

func TestBackfill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.acc.Backfill = 2 * time.Hour
		w.square.say(onrecord.Post{ID: "1", Text: said(1)})
		w.sleep(3 * time.Hour)
		w.square.say(onrecord.Post{ID: "2", Text: said(2)})
		w.sleep(time.Hour)
		w.start()
		w.sleep(time.Minute)
		if got := w.wall.texts(); len(got) != 1 || !strings.Contains(got[0], said(2)) {
			t.Fatalf("delivered %q, want only what is younger than two hours", got)
		}
	})
}

// What a source calls an archive was there before, whenever it appears.
func TestAnArchiveIsSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		w.sleep(time.Minute)
		w.square.mu.Lock()
		w.square.old = true
		w.square.mu.Unlock()
		w.square.say(onrecord.Post{ID: "1", Text: said(1)})
		w.sleep(5 * time.Minute)
		if got, s := w.wall.texts(), w.status(); len(got) != 0 || s.Posts[account.ID] != 1 || s.Unread != 0 {
			t.Errorf("delivered %q; %d posts stored, %d unread; want it kept and not read", got, s.Posts[account.ID], s.Unread)
		}
	})
}

// Whoever has much to read says so, and when it is done; a post now and then is not much.
func TestBusy(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		told := make(chan bool, 9)
		w.busy = func(busy bool) { told <- busy }
		w.start()
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "1", Text: said(1)})
		w.sleep(time.Minute)
		if len(told) > 0 {
			t.Errorf("one post is much: %t", <-told)
		}
		for i := range 30 {
			w.square.say(onrecord.Post{ID: strconv.Itoa(2 + i), Text: said(2 + i)})
		}
		w.sleep(time.Minute)
		if len(told) != 2 || !<-told || <-told || w.status().Unread > 0 {
			t.Errorf("of thirty posts it is not said that they are much and then done: %d unread", w.status().Unread)
		}
	})
}

func TestUnclearSend(t *testing.T) {
	for name, outage := range map[string]time.Duration{"within the window": 0, "after the window": 10 * time.Minute} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				lost := 0
				w.wall.lose = func(n int) bool {
					if n == 1 {
						lost++
					}
					return n == 1
				}
				w.start()
				w.sleep(time.Minute)
				w.square.say(onrecord.Post{ID: "1", Text: said(1)})
				for lostNow := 0; lostNow == 0; w.wall.set(func(*wall) { lostNow = lost }) {
					w.sleep(100 * time.Millisecond)
				}
				if outage > 0 { // the process dies and comes back late
					w.halt()
					w.sleep(outage)
					w.start()
				}
				w.sleep(time.Minute)
				if got := w.wall.texts(); len(got) != 1 {
					t.Fatalf("%d messages are visible, want 1", len(got))
				}
				if _, finds := w.wall.looks(); (finds > 0) != (outage > 0) {
					t.Errorf("looked %d times into the channel after %s", finds, outage)
				}
				if n := w.status().Settled["readers"]["sent"]; n != 1 {
					t.Errorf("%d deliveries are sent, want 1", n)
				}
			})
		})
	}
}

// When nobody can tell whether a message is there, it is not repeated, and in the
// end a person is asked.
func TestUnclearSendThatCannotBeSettled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.every = time.Minute
		w.wall.lose, w.wall.blind, w.wall.window = func(int) bool { return true }, true, 0
		w.start()
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "1", Text: said(1)})
		w.sleep(2 * time.Hour)
		_, finds := w.wall.looks()
		if got := w.wall.texts(); len(got) != 1 || finds == 0 {
			t.Fatalf("%d messages are visible after %d looks, want 1", len(got), finds)
		}
		if n := w.status().Settled["readers"]["uncertain"]; n != 1 {
			t.Errorf("%d deliveries are uncertain, want 1: %v", n, w.status().Settled)
		}
	})
}

// What cannot be marked as being sent is not sent.
func TestNothingIsSentUnclaimed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		var full atomic.Bool
		w.unwritable = func() error {
			if full.Load() {
				return errors.New("database or disk is full")
			}
			return nil
		}
		w.start()
		w.sleep(30 * time.Second)
		full.Store(true)
		w.square.say(onrecord.Post{ID: "1", Text: said(1)})
		w.sleep(time.Minute)
		if sends, _ := w.wall.looks(); sends != 0 || w.log.count("the database failed", "disk is full") == 0 {
			t.Errorf("%d sends without a claim; log:\n%s", sends, w.log.text.String())
		}
		full.Store(false)
		w.sleep(time.Minute)
		if got := w.wall.texts(); len(got) != 1 {
			t.Errorf("readers see %q, want it once", got)
		}
	})
}

func TestOrderSurvivesFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		refused := 0
		w.wall.send = func(n int) error {
			if n%3 == 0 {
				refused++
				return &notifiers.Error{Outcome: notifiers.Retry, Free: true, At: time.Now().Add(2 * time.Second), Err: errors.New("too fast")}
			}
			return nil
		}
		w.start()
		w.sleep(time.Minute)
		for i := range 20 {
			w.square.say(onrecord.Post{ID: fmt.Sprint(i), Text: said(i)})
		}
		w.sleep(5 * time.Minute)
		got := w.wall.texts()
		if refused == 0 {
			t.Fatal("nothing was refused: the test proves nothing")
		}
		if len(got) != 20 || !slices.IsSorted(got) {
			t.Fatalf("%d messages, in order: %v", len(got), slices.IsSorted(got))
		}
	})
}

func TestTroubleIsSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.every = time.Minute
		w.start()
		started := time.Now()
		w.sleep(time.Minute)
		w.square.fail(&sources.Error{Trouble: sources.Walled, Err: errors.New("a page for people came")})
		w.sleep(time.Hour)
		a := w.status().Accounts[0]
		if a.Trouble != string(sources.Walled) || a.Fails == 0 || !a.Stale(time.Now(), started) {
			t.Fatalf("after an hour of failures the account is %+v", a)
		}
		w.square.say(onrecord.Post{ID: "1", Text: said(1)})
		w.square.fail(nil)
		w.sleep(80 * time.Minute) // who refuses is asked once an hour by then
		if a := w.status().Accounts[0]; a.Trouble != "" || a.Fails != 0 {
			t.Errorf("after the recovery the account is %+v", a)
		}
		if got := ofStatements(w.wall.texts()); len(got) != 1 {
			t.Errorf("%d messages, want the one said during the outage", len(got))
		}
	})
}

func TestABrokenDecoderIsTrouble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.square.broken = true
		w.start()
		w.sleep(time.Minute)
		if a := w.status().Accounts[0]; a.Trouble != string(sources.Nonsense) {
			t.Errorf("the account is %+v", a)
		}
	})
}

func TestToldToWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.every = time.Minute
		w.start()
		w.sleep(time.Minute)
		w.square.fail(&sources.Error{Trouble: sources.Limited, Retry: time.Now().Add(40 * time.Minute), Err: errors.New("asked too often")})
		w.sleep(30 * time.Minute)
		if n := w.square.pulledSince(time.Now().Add(-29 * time.Minute)); n != 0 {
			t.Errorf("pulled %d times although the place said to wait", n)
		}
	})
}

func TestMissedPullsCoalesce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		w.sleep(time.Minute)
		w.halt()
		w.sleep(24 * time.Hour)
		before := time.Now()
		w.start()
		w.sleep(5 * time.Second)
		if n := w.square.pulledSince(before.Add(-time.Second)); n != 2 {
			t.Errorf("%d pulls right after a day of absence, want one of each account", n)
		}
	})
}

func TestThreadIsOneStatement(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newJudgingWorld(t)
		w.start()
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "1", Thread: "1", Text: said(1) + " (1/3)"})
		w.sleep(20 * time.Second)
		w.square.say(onrecord.Post{ID: "2", Thread: "1", Kind: onrecord.Thread, Text: "The complaint of Northwind Data is wrong on the personal drive: Ivo Lind gave it back in April. (2/3)"})
		w.sleep(20 * time.Second)
		if got := w.wall.texts(); len(got) != 0 {
			t.Fatalf("delivered before the thread was complete: %q", got)
		}
		w.square.say(onrecord.Post{ID: "3", Thread: "1", Kind: onrecord.Thread, Text: "We ask the court to dismiss the lawsuit of Northwind Data. (3/3)"})
		w.sleep(3 * time.Minute)
		got := ofStatements(w.wall.texts())
		if len(got) != 1 || !strings.Contains(got[0], "dismiss the lawsuit") || !strings.Contains(got[0], said(1)) {
			t.Fatalf("delivered %q, want one message with the whole thread", got)
		}
	})
}

// A statement that is told while a thread is held comes before it, in number too.
func TestNumbersRiseInTheOrderReadersSee(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newJudgingWorld(t)
		w.start()
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "1", Thread: "1", Text: said(1) + " (1/2)"})
		w.sleep(20 * time.Second)
		w.square.say(onrecord.Post{ID: "2", Thread: "2", Text: said(2)})
		w.sleep(20 * time.Second)
		w.square.say(onrecord.Post{ID: "3", Thread: "1", Kind: onrecord.Thread, Text: "The complaint of Northwind Data is wrong on the personal drive: Ivo Lind gave it back in April. (2/2)"})
		w.sleep(3 * time.Minute)
		got := w.wall.texts()
		if len(got) != 2 || !slices.IsSorted(got) || !strings.Contains(got[0], said(2)) || !strings.Contains(got[1], "gave it back") {
			t.Fatalf("readers see %q", got)
		}
		entries, err := w.database.Decisions(t.Context())
		if err != nil || len(entries) != 3 || entries[0].Statement != entries[2].Statement || !strings.HasPrefix(got[1], onrecord.StatementNumber(entries[0].Statement)+" ") {
			t.Errorf("decisions %+v, %v", entries, err)
		}
	})
}

// A thread that was posted while nobody looked is one statement too.
func TestThreadFoundWholeIsOneStatement(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newJudgingWorld(t)
		w.start()
		w.sleep(time.Minute)
		w.halt()
		w.square.say(onrecord.Post{ID: "1", Thread: "1", Text: said(1)})
		w.sleep(20 * time.Second)
		w.square.say(onrecord.Post{ID: "2", Thread: "1", Kind: onrecord.Thread, Text: "The complaint of Northwind Data is wrong on the personal drive: Ivo Lind gave it back in April."})
		w.sleep(20 * time.Second)
		w.square.say(onrecord.Post{ID: "3", Thread: "1", Kind: onrecord.Thread, Text: "We ask the court to dismiss the lawsuit of Northwind Data."})
		w.sleep(time.Hour)
		w.start()
		w.sleep(time.Minute)
		got := w.wall.texts()
		if len(got) != 2 || !strings.HasPrefix(got[0], "G-0001") || !strings.Contains(got[1], "dismiss the lawsuit") || !strings.Contains(got[1], said(1)) {
			t.Fatalf("delivered %q, want the line about the gap and one message with the whole thread", got)
		}
	})
}

func TestCrossPostIsFolded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newJudgingWorld(t)
		w.start()
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "1", Text: said(1)})
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "2", Text: said(1)})
		w.sleep(time.Minute)
		got := w.wall.texts()
		if len(got) != 1 {
			t.Fatalf("%d messages, want 1: %q", len(got), got)
		}
		also := ""
		w.wall.set(func(w *wall) { also = w.shown[0].also })
		if !strings.HasSuffix(also, "/2") {
			t.Errorf("the message names %q, want the second place", also)
		}
	})
}

func TestAnotherSpeakersSameWordsAreShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newJudgingWorld(t)
		w.start()
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "1", Text: said(1)})
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "2", Account: reyes.ID, Text: said(1)})
		w.sleep(time.Minute)
		list, err := w.database.Latest(t.Context(), "", -1)
		if err != nil || len(list) != 2 || list[1].Speaker != "Dana Reyes" || list[1].Novelty != onrecord.Restates || list[1].Prior != list[0].ID {
			t.Fatalf("on the record: %+v, %v", list, err)
		}
		if got := w.wall.texts(); len(got) != 2 {
			t.Errorf("%d messages, want one for each speaker", len(got))
		}
	})
}

func TestEveryDecisionIsExplained(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newJudgingWorld(t)
		w.start()
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "1", Thread: "1", Text: said(1)})
		w.sleep(time.Minute)
		w.halt()
		w.sleep(12 * time.Hour)
		w.start()
		w.square.say(onrecord.Post{ID: "2", Thread: "2", Text: "Lunch was good today."})
		w.sleep(time.Minute)
		entries, err := w.database.Decisions(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(entries) != 2 || entries[0].Decision.Label != onrecord.Accept || entries[1].Decision.Label != onrecord.Reject {
			t.Fatalf("decisions %+v", entries)
		}
		for _, e := range entries {
			sum := 0.0
			for _, ev := range e.Decision.Reasons {
				sum += ev.Weight
			}
			if len(e.Decision.Reasons) == 0 || e.Decision.Ruleset == "" || sum-e.Decision.Score > 1e-9 || e.Decision.Score-sum > 1e-9 {
				t.Errorf("%s: score %v, evidence adds up to %v", e.Post.ID, e.Decision.Score, sum)
			}
		}
	})
}

// An article on the case with nobody's words but others' is never put on the
// record as the speaker's.
func TestArticleWithoutTheSpeakersWords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newJudgingWorld(t)
		w.start()
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "1", Kind: onrecord.Article, Title: "Northwind Data sues", Text: "“Harbor Labs took our pricing model on a personal drive, and the court will hear of it,” said Northwind Data."})
		w.sleep(time.Minute)
		entries, err := w.database.Decisions(t.Context())
		if err != nil || len(entries) != 1 {
			t.Fatalf("%d decisions, %v", len(entries), err)
		}
		if got := w.wall.texts(); len(got) != 0 || entries[0].Decision.Label != onrecord.Review || entries[0].Statement == 0 {
			t.Errorf("delivered %q; the decision is %+v", got, entries[0].Decision)
		}
	})
}

// The same words, first in doubt and then surely on the case, are shown.
func TestWhatIsSureIsNotFoldedIntoADoubt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newJudgingWorld(t)
		w.start()
		w.sleep(time.Minute)
		doubtful := "We gave back everything that was on it, and nobody ever used it at Harbor Labs."
		w.square.say(onrecord.Post{ID: "1", Thread: "1", Text: said(1)})
		w.sleep(2 * time.Minute)
		w.square.say(onrecord.Post{ID: "2", Thread: "2", Text: doubtful})
		w.sleep(2 * time.Minute)
		// In the thread of a statement nobody doubts the same words.
		w.square.say(onrecord.Post{ID: "3", Thread: "1", Kind: onrecord.Thread, Text: doubtful})
		w.sleep(5 * time.Minute)
		entries, err := w.database.Decisions(t.Context())
		if err != nil || len(entries) != 3 {
			t.Fatalf("%d decisions, %v", len(entries), err)
		}
		if v := entries[1].Decision.Label; v != onrecord.Review {
			t.Fatalf("the doubtful post is %s: the test proves nothing", v)
		}
		if got := w.wall.texts(); len(got) != 2 || !strings.Contains(got[1], doubtful) {
			t.Errorf("readers see %q; the third post is %s, %s", got, entries[2].Decision.Label, entries[2].Novelty)
		}
	})
}

func TestStopsInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		w.sleep(time.Minute)
		w.wall.set(func(w *wall) { w.hang = true })
		w.square.say(onrecord.Post{ID: "1", Text: said(1)})
		w.sleep(11 * time.Second)
		before := time.Now()
		w.halt()
		if took := time.Since(before); took > 5*time.Second {
			t.Errorf("stopping took %s", took)
		}
		w.wall.set(func(w *wall) { w.hang = false })
		w.start()
		w.sleep(time.Minute)
		if got := w.wall.texts(); len(got) != 1 {
			t.Errorf("%d messages after the next start, want 1", len(got))
		}
	})
}

func TestOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.open()
		defer w.database.Close()
		for i := range 3 {
			w.square.say(onrecord.Post{ID: fmt.Sprint(i), Text: said(i)})
			owed, err := w.bot.Once(t.Context())
			if err != nil || owed != 0 {
				t.Fatalf("once: %v, %d owed", err, owed)
			}
		}
		if got := w.wall.texts(); len(got) != 2 {
			t.Errorf("%d messages, want 2 after the baseline", len(got))
		}
	})
}

// Who is refused without a time asks less and less, whatever the schedule says.
func TestRefusalsWithoutATimeBackOff(t *testing.T) {
	for trouble, most := range map[sources.Trouble]int{sources.Limited: 10, sources.Walled: 10, sources.Denied: 10} {
		t.Run(string(trouble), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.square.fail(&sources.Error{Trouble: trouble, Err: errors.New("no")})
				began := time.Now()
				w.start()
				w.sleep(2 * time.Hour)
				if n := w.square.pulledSince(began); n < 3 || n > most {
					t.Errorf("asked %d times in two hours, want 3 to %d", n, most)
				}
				w.square.fail(nil)
				w.sleep(time.Hour)
				if s := w.status(); s.Accounts[0].Trouble != "" {
					t.Errorf("an hour after the end of it the account is %+v", s.Accounts[0])
				}
			})
		})
	}
}

// What a place repeats of what it was asked with is not kept.
func TestStoredErrorsAreRedacted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		w.sleep(time.Minute)
		refused := errors.New("the token hush-hush is refused")
		w.wall.set(func(b *wall) {
			b.send = func(int) error {
				return &notifiers.Error{Outcome: notifiers.Permanent, Scope: notifiers.WholeChannel, Err: refused}
			}
		})
		w.square.say(onrecord.Post{ID: "1", Text: said(1)})
		w.sleep(10 * time.Minute)
		w.square.fail(refused)
		w.sleep(10 * time.Minute)
		s := w.status()
		for _, got := range []string{s.Accounts[0].Error, s.Channels[0].Paused} {
			if !strings.Contains(got, "[secret]") || strings.Contains(got, "hush") {
				t.Errorf("stored: %q", got)
			}
		}
	})
}
