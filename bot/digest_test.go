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
)

// digests are those that readers were shown.
func (w *world) digests() (list []string) {
	for _, text := range w.wall.texts() {
		if strings.HasPrefix(text, "D-") {
			list = append(list, text)
		}
	}
	return list
}

// Whoever wants a digest at another time has it then, and none at the time that is over.
func TestDigestAtAnotherTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.every = time.Minute
		w.start() // the bubble begins at midnight UTC
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "1", Text: said(1)})
		w.sleep(2 * time.Hour)
		if got := w.digests(); len(got) != 0 {
			t.Fatalf("nobody wants one: %q", got)
		}
		plan := bot.DigestPlan{Schedule: "0 1 * * *", Since: time.Now()} // an hour that is over today
		w.plan(plan)
		w.sleep(time.Hour)
		if got := w.digests(); len(got) != 0 {
			t.Fatalf("at a time that is over: %q", got)
		}
		plan.Schedule = "30 * * * *"
		w.plan(plan)
		w.square.say(onrecord.Post{ID: "2", Text: said(2)})
		w.sleep(time.Hour)
		if got := w.digests(); len(got) != 1 || strings.Contains(got[0], "S-0001") || !strings.Contains(got[0], "S-0002") { // it began when it was first wanted
			t.Fatalf("shown: %q", got)
		}
		plan.Schedule = bot.NoDigest
		w.plan(plan)
		w.square.say(onrecord.Post{ID: "3", Text: said(3)})
		w.sleep(2 * time.Hour)
		if got := w.digests(); len(got) != 1 {
			t.Errorf("nobody wants more: %q", got)
		}
	})
}

// plan tells the bot when its first channel is to have a digest.
func (w *world) plan(p bot.DigestPlan) {
	w.bot.Tell([]bot.Channel{p.Of(w.channels[0])})
}

// What weighs of what a docket got since the last digest stands in the next one, whichever day
// it names; what was there before, and what is filed every day, in none.
func TestDigestTellsOfDockets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newJudgingWorld(t)
		docket := onrecord.Account{ID: "square:docket", Source: "square", Handle: "docket", Kind: onrecord.Docket, Cases: []string{northwind.ID}}
		w.others, w.digest, w.every = []onrecord.Account{docket}, "0 * * * *", time.Minute
		entry := func(id, title string) {
			w.square.say(onrecord.Post{ID: id, Account: docket.ID, Kind: onrecord.Filing, Title: title, Text: title, Created: time.Now().Truncate(24 * time.Hour), Dated: true})
		}
		entry("e1", "COMPLAINT against Harbor Labs")
		w.start()
		w.sleep(time.Minute)
		for i, title := range []string{"ORDER granting the motion to compel", "MOTION for leave to appear in Pro Hac Vice"} {
			w.square.say(onrecord.Post{ID: fmt.Sprint("s", i), Text: said(i + 1)})
			entry(fmt.Sprint("e2", i), title)
			w.sleep(time.Hour)
		}
		got := w.digests()
		if len(got) != 2 || !strings.Contains(got[0], "in the case: ORDER granting the motion to compel") || strings.Contains(got[0], "COMPLAINT") || strings.Contains(got[1], "in the case") {
			t.Errorf("digests are %q", got)
		}
	})
}

// A digest tells what was said since the last one, leads to its messages, and comes once,
// also when the program ends in between or was away; a time without anything has none.
func TestDigest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.digest, w.every = "0 * * * *", time.Minute
		w.start() // the bubble begins at midnight UTC
		w.sleep(time.Minute)
		w.square.say(onrecord.Post{ID: "1", Text: said(1)})
		w.square.say(onrecord.Post{ID: "2", Text: said(2)})
		w.sleep(40 * time.Minute)
		if got := w.digests(); len(got) != 0 {
			t.Fatalf("before its time: %q", got)
		}
		if _, err := (bot.Moderator{Queue: w.database, Name: "Ada"}).Correct(t.Context(), 1, "", "a note"); err != nil {
			t.Fatal(err)
		}
		w.sleep(18 * time.Minute)
		w.halt()
		w.start()
		w.sleep(2 * time.Hour) // and nobody speaks
		if got := w.digests(); len(got) != 1 || got[0] != "D-0002: S-0001 at note 1, S-0002 at note 2; correction S-0001 at note 3; 2 accounts" {
			t.Fatalf("shown: %q", got)
		}
		w.halt()
		w.square.say(onrecord.Post{ID: "3", Text: said(3), Created: time.Now()})
		w.sleep(3 * time.Hour)
		w.start()
		w.sleep(2 * time.Hour)
		got := w.digests()
		if len(got) != 2 || !strings.Contains(got[1], ": S-0003 at note ") {
			t.Errorf("shown: %q", got)
		}
		numbers := slices.Clone(got)
		slices.Sort(numbers)
		if !slices.Equal(got, numbers) {
			t.Errorf("numbers do not rise: %q", got)
		}
	})
}
