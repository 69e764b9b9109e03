package bot_test

import (
	"database/sql"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/statements/match"
)

const (
	// Before anything is known of the thread, the first is on nothing, the second borderline.
	opening  = "Many have asked what we make of it. Here it is. (1/2)"
	doubtful = "We gave back everything that was on it, and nobody ever used it at Harbor Labs."
)

// decided returns the decisions by post.
func (w *world) decided() map[string]bot.StoredDecision {
	w.t.Helper()
	entries, err := w.database.Decisions(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	by := map[string]bot.StoredDecision{}
	for _, e := range entries {
		if _, twice := by[e.Post.ID]; twice {
			w.t.Errorf("post %s has two decisions", e.Post.ID)
		}
		by[e.Post.ID] = e
	}
	return by
}

// learned is what the matcher knows of Harbor Labs.
func (w *world) learned() (s match.State) {
	w.t.Helper()
	db, err := sql.Open("sqlite", w.path)
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	var blob string
	if err := db.QueryRowContext(w.t.Context(), "SELECT state FROM speakers WHERE name = 'Harbor Labs'").Scan(&blob); err != nil {
		w.t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(blob), &s); err != nil {
		w.t.Fatal(err)
	}
	return s
}

// explained checks that a decision gives the reason it was made for, and that
// its evidence adds up.
func explained(t *testing.T, e bot.StoredDecision, reason string) {
	t.Helper()
	sum := 0.0
	for _, ev := range e.Decision.Reasons {
		sum += ev.Weight
	}
	if d := sum - e.Decision.Score; d > 1e-9 || d < -1e-9 {
		t.Errorf("%s: score %v, evidence adds up to %v", e.Post.ID, e.Decision.Score, sum)
	}
	if !slices.ContainsFunc(e.Decision.Reasons, func(ev onrecord.Reason) bool { return ev.Name == reason }) {
		t.Errorf("%s is %s for %+v, without %q", e.Post.ID, e.Decision.Label, e.Decision.Reasons, reason)
	}
}

// An opening that says nothing by itself is judged again when its thread goes on
// about the case, and is part of the one message.
func TestAnEarlierPartJoinsItsThread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newJudgingWorld(t)
		w.start()
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "1", Thread: "1", Text: opening})
		w.sleep(30 * time.Second)
		if v := w.decided()["1"].Decision.Label; v != onrecord.Reject {
			t.Fatalf("the opening alone is %s: the test proves nothing", v)
		}
		w.square.say(onrecord.Post{ID: "2", Thread: "1", Kind: onrecord.Thread, Text: said(2)})
		w.sleep(5 * time.Minute)
		if got := w.wall.texts(); len(got) != 1 || !strings.Contains(got[0], said(2)) {
			t.Fatalf("readers see %q, want one message", got)
		}
		list, err := w.database.Latest(t.Context(), "", -1)
		if err != nil || len(list) != 1 || len(list[0].Parts) != 2 || list[0].First().ID != "1" {
			t.Fatalf("on the record: %+v, %v", list, err)
		}
		got := w.decided()
		if got["1"].Decision.Label != onrecord.Accept || got["1"].Statement != list[0].ID {
			t.Errorf("the opening is %+v", got["1"])
		}
		explained(t, got["1"], "same thread as a statement")
		explained(t, got["1"], "judged again, after the statement in its thread")
		if s := w.learned(); s.Posts > 2 || len(s.Recent) != 2 {
			t.Errorf("%v posts were learned from, %d are recent: want each once", s.Posts, len(s.Recent))
		}
	})
}

// Where posts are read long after they were said, nothing is held for the rest of
// a thread; the earlier parts still come with what made them part of it.
func TestAThreadFoundLateIsWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newJudgingWorld(t)
		w.start()
		w.sleep(time.Minute)
		w.halt()
		w.square.say(onrecord.Post{ID: "1", Thread: "1", Text: opening})
		w.sleep(20 * time.Minute) // farther apart than parts are waited for
		w.square.say(onrecord.Post{ID: "2", Thread: "1", Kind: onrecord.Thread, Text: said(2)})
		w.sleep(time.Hour)
		w.start()
		w.sleep(time.Minute)
		got := ofStatements(w.wall.texts())
		list, err := w.database.Latest(t.Context(), "", -1)
		if len(got) != 1 || err != nil || len(list) != 1 || len(list[0].Parts) != 2 {
			t.Errorf("readers see %q, the record holds %+v, %v", got, list, err)
		}
	})
}

// What waited for a person waits no longer once its thread put it on the record,
// and is not told a second time.
func TestABorderlinePartMovesToItsThread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newJudgingWorld(t)
		w.start()
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "0", Thread: "0", Text: said(0)}) // makes the next one borderline
		w.sleep(2 * time.Minute)
		w.square.say(onrecord.Post{ID: "1", Thread: "1", Text: doubtful})
		w.sleep(time.Minute)
		waiting, err := w.database.Waiting(t.Context())
		if err != nil || len(waiting) != 1 {
			t.Fatalf("%d wait for a person, %v: the test proves nothing", len(waiting), err)
		}
		w.square.say(onrecord.Post{ID: "2", Thread: "1", Kind: onrecord.Thread, Text: said(2)})
		w.sleep(10 * time.Minute)
		if left, err := w.database.Waiting(t.Context()); err != nil || len(left) != 0 {
			t.Errorf("still waiting: %+v, %v", left, err)
		}
		if err := w.database.Moderate(t.Context(), waiting[0].ID, onrecord.Accept, "Dana"); err == nil {
			t.Error("a person could accept it a second time")
		}
		w.sleep(time.Minute)
		got := w.wall.texts()
		if len(got) != 2 || !strings.Contains(got[1], doubtful) {
			t.Errorf("readers see %q, want the thread as one message", got)
		}
		_, entries, err := w.database.Statement(t.Context(), waiting[0].ID)
		if err != nil || len(entries) != 2 || entries[0].Decision.Label != onrecord.Accept {
			t.Errorf("the number that waited leads to %+v, %v", entries, err)
		}
	})
}

// What a person decided stands, whatever the thread says later.
func TestAPersonsVerdictOutweighsTheThread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newJudgingWorld(t)
		w.start()
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "0", Thread: "0", Text: said(0)})
		w.sleep(2 * time.Minute)
		w.square.say(onrecord.Post{ID: "1", Thread: "1", Text: doubtful})
		w.sleep(time.Minute)
		waiting, err := w.database.Waiting(t.Context())
		if err != nil || len(waiting) != 1 {
			t.Fatalf("%d wait for a person, %v", len(waiting), err)
		}
		if err := w.database.Moderate(t.Context(), waiting[0].ID, onrecord.Reject, "Dana"); err != nil {
			t.Fatal(err)
		}
		w.square.say(onrecord.Post{ID: "2", Thread: "1", Kind: onrecord.Thread, Text: said(2)})
		w.sleep(10 * time.Minute)
		if got := w.wall.texts(); len(got) != 2 || strings.Contains(got[1], doubtful) {
			t.Errorf("readers see %q", got)
		}
		if e := w.decided()["1"]; e.Decision.Label != onrecord.Review || e.Moderation != onrecord.Reject {
			t.Errorf("the rejected post is %+v", e)
		}
	})
}

// After a person accepted a part, the earlier ones are told as what they are: the
// same thread, in a message of their own.
func TestAPersonsAcceptanceIsTheThreads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newJudgingWorld(t)
		w.start()
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "1", Thread: "1", Text: opening})
		w.sleep(3 * time.Minute)
		w.square.say(onrecord.Post{ID: "0", Thread: "0", Text: said(0)})
		w.sleep(2 * time.Minute)
		w.square.say(onrecord.Post{ID: "2", Thread: "1", Kind: onrecord.Thread, Text: doubtful})
		w.sleep(3 * time.Minute)
		waiting, err := w.database.Waiting(t.Context())
		if err != nil || len(waiting) != 1 || waiting[0].First().ID != "2" {
			t.Fatalf("waiting: %+v, %v", waiting, err)
		}
		if err := w.database.Moderate(t.Context(), waiting[0].ID, onrecord.Accept, "Dana"); err != nil {
			t.Fatal(err)
		}
		w.sleep(3 * time.Minute)
		if got := w.wall.texts(); len(got) != 3 || !strings.Contains(got[1], doubtful) || !strings.Contains(got[2], "Many have asked") {
			t.Errorf("readers see %q", got)
		}
		if e := w.decided()["1"]; e.Decision.Label != onrecord.Accept || e.Novelty != onrecord.Expands || e.Why != "goes on in the same thread" {
			t.Errorf("the opening is %+v", e)
		}
	})
}

// A post that is judged again and is still not on the case stays what it was.
func TestAThreadDoesNotCarryEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newJudgingWorld(t)
		w.start()
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "1", Thread: "1", Kind: onrecord.Repost, Text: "Somebody else's holiday greetings."})
		w.sleep(30 * time.Second)
		before := w.decided()["1"]
		w.square.say(onrecord.Post{ID: "2", Thread: "1", Kind: onrecord.Thread, Text: said(2)})
		w.sleep(5 * time.Minute)
		after := w.decided()["1"]
		if before.Decision.Label != onrecord.Reject || !after.Made.Equal(before.Made) || after.Statement != 0 {
			t.Errorf("the repost was %+v and is %+v", before, after)
		}
		if s := w.status(); s.Unread != 0 {
			t.Errorf("%d posts are unread", s.Unread)
		}
	})
}

// The post a statement replies to is its speaker's own, from another account: no
// place knows the two as one thread.
func TestTheParentIsJudgedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newJudgingWorld(t)
		w.second = onrecord.Account{ID: "square:harborpress", Source: "square", Handle: "harborpress", Speaker: "Harbor Labs", Cases: []string{northwind.ID}}
		w.start()
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "1", Account: w.second.ID, Text: opening})
		w.square.say(onrecord.Post{ID: "7", Account: reyes.ID, Text: opening})
		w.sleep(30 * time.Second)
		w.square.say(onrecord.Post{ID: "2", Kind: onrecord.Reply, ReplyTo: &onrecord.Ref{ID: "1", Account: "harborpress"}, Text: said(2)})
		w.square.say(onrecord.Post{ID: "3", Kind: onrecord.Reply, ReplyTo: &onrecord.Ref{ID: "7", Account: "dreyes"}, Text: said(3)})
		w.sleep(5 * time.Minute)
		got := w.decided()
		if got["1"].Decision.Label != onrecord.Accept {
			t.Errorf("the parent is %+v", got["1"])
		}
		if got["7"].Decision.Label != onrecord.Reject {
			t.Errorf("another speaker's parent is %+v", got["7"])
		}
	})
}
