package store_test

import (
	"slices"
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
)

// What a docket gets is owed to each channel that asks for it, once, whoever asks, from where
// the last notice ended; what was there before is told nowhere.
func TestFilingsAreOwedOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		file := func(id, title string) {
			p := post(id)
			p.Kind, p.Title, p.Text = onrecord.Filing, title, title
			arrive(t, s, p)
		}
		later := func() time.Time { return s.Now().Add(time.Second) }
		ask := func(channel string, want bool) {
			t.Helper()
			if owed, err := s.OweFilings(t.Context(), channel, "c", []string{account.ID}, later()); err != nil || owed != want {
				t.Fatalf("owed %v, %v; want %v", owed, err, want)
			}
		}
		file("1", "COMPLAINT against Harbor Labs")
		ask("a", false)
		file("2", "MOTION to Dismiss")
		file("3", "NOTICE of Appearance by Ada Lee")
		if owed, err := s.OweFilings(t.Context(), "a", "c", []string{account.ID}, s.Now().Add(-time.Minute)); err != nil || owed {
			t.Fatalf("what came a moment ago is owed: %v, %v", owed, err)
		}
		ask("a", true)
		ask("a", false) // another replica
		if n, err := s.Owed(t.Context()); err != nil || n != 1 {
			t.Fatalf("%d deliveries are owed, %v", n, err)
		}
		n, ok := unrendered(t, s).Notice.(onrecord.FilingsNotice)
		if f := n.Filings; !ok || f.Case != "c" || len(f.Entries) != 1 || f.Entries[0].What != "MOTION to Dismiss" || len(f.Folded) != 1 || f.Folded[0] != (onrecord.Folded{What: "appearance", Count: 1}) {
			t.Errorf("the notice is %+v", n)
		}
		for _, d := range deliveries(t, s) {
			must(t, s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: bot.Sent}))
		}
		ask("b", false) // that begins here
		file("4", "ORDER on the Motion to Dismiss")
		ask("a", true)
		ask("b", true)
		if last, err := s.Digested(t.Context(), "a"); err != nil || !last.IsZero() {
			t.Errorf("a digest of statements came at %v, %v", last, err)
		}
	})
}

// An entry that says what it is only after a channel was told of it is told then, once; what
// was told is not told again for other words, and what was there at first is not told.
func TestFilingsThatAreDescribedLate(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		file := func(id, title string) {
			p := post(id)
			p.Kind, p.Title, p.Text, p.Revision, p.Raw = onrecord.Filing, title, title, title, []byte(title)
			arrive(t, s, p)
		}
		told := func(want ...string) {
			t.Helper()
			time.Sleep(3 * time.Millisecond) // what comes after is seen later
			owed, err := s.OweFilings(t.Context(), "a", "c", []string{account.ID}, s.Now())
			must(t, err)
			var got []string
			if owed {
				for _, e := range unrendered(t, s).Notice.(onrecord.FilingsNotice).Filings.Entries {
					got = append(got, e.What)
				}
				for _, d := range deliveries(t, s) {
					must(t, s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: bot.Sent}))
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("told of %q, want %q", got, want)
			}
		}
		old := post("0")
		old.Kind, old.Title, old.Revision = onrecord.Filing, "entry 0", "entry 0"
		c := claim(t, s)
		_, err := s.StorePage(t.Context(), &c, []bot.PulledPost{{Post: old, Baseline: true}}, "x", lease)
		must(t, err)
		must(t, s.FinishPull(t.Context(), c, bot.PullResult{NextAt: time.Now().Add(time.Minute)}))
		told()
		file("0", "ORDER of a year ago")
		file("2", "entry 2")
		file("3", "MOTION to Dismiss")
		told("MOTION to Dismiss")
		file("2", "ORDER granting the Motion to Dismiss")
		file("3", "MOTION to Dismiss the Complaint")
		told("ORDER granting the Motion to Dismiss")
		file("2", "ORDER granting in part the Motion to Dismiss")
		told()
		told()
	})
}
