package store_test

import (
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/notifiers"
)

// A digest is owed once, from where the last one ended, and holds what its channel was told.
func TestDigests(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		first, err := s.LastDigest(t.Context(), "a")
		must(t, err)
		if again, err := s.LastDigest(t.Context(), "a"); err != nil || first.IsZero() || !again.Equal(first) {
			t.Fatalf("begun at %v, then at %v, %v", first, again, err)
		}
		time.Sleep(5 * time.Millisecond)
		arrive(t, s, post("1"))
		st := owe(t, s)
		for _, d := range deliveries(t, s) {
			must(t, s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: bot.Sent, Receipt: notifiers.Receipt{ID: "7"}}))
		}
		until := s.Now().Add(time.Second)
		for range 2 { // another replica
			must(t, s.OweDigest(t.Context(), "a", "", first, until))
		}
		must(t, s.OweDigest(t.Context(), "a", "", first, until.Add(time.Second))) // one that knows of no other
		if n, _ := s.Owed(t.Context()); n != 1 {
			t.Fatalf("%d deliveries are owed", n)
		}
		n, ok := unrendered(t, s).Notice.(onrecord.DigestNotice)
		if d := n.Digest; !ok || len(d.Statements) != 1 || d.Statements[0].Statement.No != st.No || d.Statements[0].Message != "7" || d.Accounts != 1 || !d.From.Equal(first) {
			t.Errorf("the digest is %+v", n)
		}
		for _, d := range deliveries(t, s) {
			must(t, s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: bot.Sent}))
		}
		last, err := s.LastDigest(t.Context(), "a")
		must(t, err)
		must(t, s.OweDigest(t.Context(), "a", "", last, last.Add(time.Hour))) // nothing was said
		if n, _ := s.Owed(t.Context()); n != 0 {
			t.Errorf("%d deliveries are owed", n)
		}
		if end, err := s.LastDigest(t.Context(), "a"); err != nil || !end.Equal(last.Add(time.Hour)) {
			t.Errorf("it goes on at %v, %v", end, err)
		}
	})
}
