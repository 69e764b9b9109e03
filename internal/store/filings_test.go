package store_test

import (
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
