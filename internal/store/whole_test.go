package store_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/store"
	"onrecord/notifiers"
)

// sends delivers what is due once, as messages that have more below them up to so many parts,
// and returns what was told: "a new 0".
func sends(t *testing.T, s *store.Store, parts int) (told []string) {
	t.Helper()
	for _, d := range deliveries(t, s) {
		told = append(told, d.Channel+" "+string(d.Kind)+" "+strconv.Itoa(d.Seq))
		if d.Kind == onrecord.Whole && (d.Posted.ID != bot.ShownIn(d.Channel)+" new 0" || d.Awaited) {
			t.Errorf("%s stands below %q", told[len(told)-1], d.Posted.ID)
		}
		d.Message.More = d.Seq < parts && (d.Kind == onrecord.NewStatement || d.Kind == onrecord.Whole)
		must(t, s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: bot.Sent, Receipt: notifiers.Receipt{ID: told[len(told)-1]}}))
	}
	slices.Sort(told)
	return told
}

// What a message has no room for is owed part by part, each with the proof of the one above it.
func TestAStatementGoesOnBelow(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"))
		owe(t, s)
		for _, d := range deliveries(t, s) {
			d.Message.More = true
			for _, not := range []bot.AttemptResult{{State: bot.Pending, NextAt: s.Now()}, {State: bot.Sent}} { // neither is the proof of a message
				if d.Channel == "a" {
					must(t, s.FinishAttempt(t.Context(), d, not))
				}
			}
			if d.Channel == "b" {
				must(t, s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: bot.Sent, Receipt: notifiers.Receipt{ID: "b new 0"}}))
				if err := s.FinishAttempt(t.Context(), bot.Delivery{ID: d.ID, Epoch: d.Epoch + 1, Message: d.Message}, bot.AttemptResult{State: bot.Sent, Receipt: notifiers.Receipt{ID: "x"}}); !errors.Is(err, bot.ErrLost) {
					t.Errorf("a lost claim came to %v", err)
				}
			}
		}
		for part := 1; part <= 3; part++ {
			if got, want := sends(t, s, 3), "b/thread whole "+strconv.Itoa(part); !slices.Equal(got, []string{want}) {
				t.Errorf("told %q, want %q", got, want)
			}
		}
		if got := sends(t, s, 3); len(got) > 0 {
			t.Errorf("then %q", got)
		}
	})
}

// What may be out already is looked for, and so is what is below it.
func TestWhatIsBelowMayBeOutToo(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"))
		owe(t, s)
		var first time.Time
		for _, d := range deliveries(t, s) {
			must(t, s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: bot.Pending, NextAt: s.Now(), Maybe: d.Channel == "a"}))
		}
		for _, d := range deliveries(t, s) {
			if d.Message.More = true; d.Channel == "a" {
				first = d.FirstAt
			}
			must(t, s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: bot.Sent, Receipt: notifiers.Receipt{ID: d.Channel + " new 0"}}))
		}
		for _, d := range deliveries(t, s) {
			if d.Kind != onrecord.Whole || d.Maybe != (d.Channel == "a/thread") || d.Maybe && !d.FirstAt.Equal(first) {
				t.Errorf("claimed %+v, want the first attempt at %s", d, first)
			}
		}
	})
}

// A statement that is withdrawn goes on nowhere.
func TestWhatIsWithdrawnDoesNotGoOn(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"))
		st := owe(t, s)
		sends(t, s, 5)
		var under []bot.Delivery
		for _, d := range deliveries(t, s) { // one is being sent …
			if d.Channel == "a/thread" {
				under = append(under, d)
			} else {
				must(t, s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: bot.Pending, NextAt: s.Now()}))
			}
		}
		if len(under) != 1 {
			t.Fatalf("claimed %+v", under)
		}
		_, err := moderator(s).Retract(t.Context(), st.No, "a parody")
		must(t, err)
		under[0].Message.More = true // … and is the last
		must(t, s.FinishAttempt(t.Context(), under[0], bot.AttemptResult{State: bot.Sent, Receipt: notifiers.Receipt{ID: "t1"}}))
		var told []string
		for range 3 {
			told = append(told, sends(t, s, 5)...)
		}
		if want := []string{"a corrected 1", "b corrected 1", "a correction 1", "b correction 1"}; !slices.Equal(told, want) {
			t.Errorf("told %q, want %q", told, want)
		}
	})
}

// Words that are taken out leave the parts that are shown, as often as that happens.
func TestWordsLeaveWhatIsBelow(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"))
		owe(t, s)
		for range 3 {
			sends(t, s, 2)
		}
		for range 2 {
			_, err := behind(t, where).ExecContext(t.Context(), "UPDATE rechecks SET next_at = 1, lease_until = 0")
			must(t, err)
			claims, err := s.ClaimRechecks(t.Context(), lease, 10)
			must(t, err)
			w := claims[0].Posts[0]
			must(t, s.StoreLooks(t.Context(), []bot.Weighed{{Watched: w, Was: w.Told.Revision, Next: w.Standing, Due: time.Now().Add(time.Hour), Redact: true, Fate: &onrecord.Fate{Kind: onrecord.Gone, From: time.Now(), Until: time.Now()}}}, everybody))
			var told []string
			for range 3 {
				told = append(told, sends(t, s, 0)...)
			}
			told = slices.DeleteFunc(told, func(of string) bool { return !strings.HasPrefix(of, "a/thread") })
			if want := []string{"a/thread whole_change 1", "a/thread whole_change 2"}; !slices.Equal(told, want) {
				t.Errorf("told %q, want %q", told, want)
			}
		}
	})
}
