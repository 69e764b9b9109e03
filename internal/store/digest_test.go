package store_test

import (
	"errors"
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

// The first digest of a subscription begins with it, whenever the program first looks for one: after an end in between what was
// told meanwhile is in it.
func TestTheFirstDigestOfASubscription(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s, daily := open(t, where), subscribed
		daily.Digest = "@daily"
		made, err := s.Subscribe(t.Context(), daily, by("subscribed"))
		must(t, err)
		time.Sleep(5 * time.Millisecond)
		for range 2 {
			if from, err := s.LastDigest(t.Context(), made.Channel()); err != nil || !from.Equal(made.Made) {
				t.Errorf("it begins at %v, %v, subscribed at %v", from, err, made.Made)
			}
		}
	})
}

// A digest that somebody wants is owed at once, also where none came before, and once; what
// they want from then on is kept with who wanted it.
func TestDigestsThatPeopleWant(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"))
		st := owe(t, s)
		from, until := s.Now().Add(-time.Hour).Truncate(time.Millisecond), s.Now().Add(time.Second).Truncate(time.Millisecond)
		d, err := s.DigestNow(t.Context(), "a", from, until)
		if err != nil || d.ID != 0 || len(d.Statements) != 1 || d.Statements[0].Statement.No != st.No || d.Accounts != 1 {
			t.Errorf("so far it is %+v, %v", d, err)
		}
		if at, err := s.Digested(t.Context(), "a"); err != nil || !at.IsZero() {
			t.Errorf("who only looks began a digest at %v, %v", at, err)
		}
		for i, want := range []bool{true, false} { // pressed twice
			if owed, err := s.PostDigest(t.Context(), "a", "", from, until.Add(time.Duration(i)*time.Second), by("posted a digest")); err != nil || owed != want {
				t.Errorf("press %d made it owed: %v, %v", i+1, owed, err)
			}
		}
		if owed, err := s.PostDigest(t.Context(), "a", "", until, until.Add(time.Minute), by("posted a digest")); err != nil || owed {
			t.Errorf("nothing was said, and it is owed: %v, %v", owed, err)
		}
		must(t, s.PlanDigest(t.Context(), "a", "0 18 * * *", by("wants it at six")))
		plans, err := s.DigestPlans(t.Context())
		if p := plans["a"]; err != nil || len(plans) != 1 || p.Schedule != "0 18 * * *" || s.Now().Sub(p.Since).Abs() > time.Minute {
			t.Errorf("planned: %+v, %v", plans, err)
		}
		if err := s.PlanDigest(t.Context(), "nowhere", "0 18 * * *", by("wants it")); !errors.Is(err, bot.ErrUnsubscribed) {
			t.Errorf("planned for no channel: %v", err)
		}
		changes, err := s.Changes(t.Context(), "wall", subscribed.Address, 10)
		if err != nil || len(changes) != 2 || changes[0].What != "wants it at six" || changes[1].What != "posted a digest" {
			t.Errorf("changed: %+v, %v", changes, err)
		}
	})
}
