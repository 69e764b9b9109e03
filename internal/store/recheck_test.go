package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/sources"
	"onrecord/statements"
)

// A look and a pull meet an edit at the same time: whoever stores it first, readers are
// told of it by the look that saw it.
func TestALookThatAPullOvertakes(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		first, edited := article()
		revised(t, s, first)
		owe(t, s)
		for _, d := range deliveries(t, s) {
			must(t, s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: bot.Sent}))
		}
		_, err := behind(t, where).ExecContext(t.Context(), "UPDATE rechecks SET next_at = 1")
		must(t, err)
		claims, err := s.ClaimRechecks(t.Context(), lease, 10)
		must(t, err)
		if len(claims) != 1 || len(claims[0].Posts) != 1 {
			t.Fatalf("claimed %+v", claims)
		}
		revised(t, s, edited)
		seen := bot.Weighed{
			Watched: claims[0].Posts[0], Was: first.Revision, Keeps: &edited, Due: time.Now().Add(time.Hour),
			Fate: &onrecord.Fate{Kind: onrecord.Edited, From: time.Now(), Until: time.Now(), Was: first.Text, Now: edited.Text},
		}
		seen.Told, seen.Next.Sight = edited, sources.Present
		must(t, s.StoreLooks(t.Context(), []bot.Weighed{seen}, everybody))
		if owed, err := s.Owed(t.Context()); err != nil || owed != 4 {
			t.Errorf("%d deliveries are owed, want the edit and a word below the statement in each channel; %v", owed, err)
		}
	})
}

// What a pull stores while a look is under way, which saw nothing of it, is looked at at once.
func TestAPullThatALookOvertakes(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		first, edited := article()
		revised(t, s, first)
		owe(t, s)
		for _, d := range deliveries(t, s) {
			must(t, s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: bot.Sent}))
		}
		_, err := behind(t, where).ExecContext(t.Context(), "UPDATE rechecks SET next_at = 1")
		must(t, err)
		for _, p := range []onrecord.Post{edited, {}} {
			claims, err := s.ClaimRechecks(t.Context(), lease, 10)
			must(t, err)
			if len(claims) != 1 || len(claims[0].Posts) != 1 {
				t.Fatalf("claimed %+v", claims)
			}
			if p.ID != "" {
				revised(t, s, p)
			}
			w := claims[0].Posts[0]
			must(t, s.StoreLooks(t.Context(), []bot.Weighed{{Watched: w, Was: w.Told.Revision, Next: w.Standing, Due: s.Now().Add(time.Hour)}}, everybody))
			if at, err := s.NextRecheck(t.Context()); err != nil || at.Before(s.Now().Add(time.Minute)) != (p.ID != "") {
				t.Errorf("the next look is at %s, %v", at, err)
			}
		}
	})
}

// A statement that waits for a look and for the rest of its thread is released when both are
// over, and a look ends the one wait alone.
func TestHeldForALook(t *testing.T) {
	soon := time.Now().Add(10 * time.Minute) // what is held longer than anything may be is released
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"))
		owe(t, s)
		ids := map[string]int64{}
		for id, h := range map[string]statements.Hold{"free": {}, "parts": {Parts: soon}, "look": {Look: soon}, "both": {Parts: soon, Look: soon}} {
			arrive(t, s, post(id))
			u := nextIs(t, s, id)
			r := opens(u, onrecord.Accept, statement(u), time.Time{})
			r.Findings[0].Effect = statements.Opens{Statement: *statement(u), Hold: h}
			ids[id] = recorded(t, s, r, everybody)
		}
		held := func(when string, want ...string) {
			t.Helper()
			must(t, s.Release(t.Context(), false, everybody))
			for id, statement := range ids {
				if got := number(t, s, statement) == 0; got != slices.Contains(want, id) {
					t.Errorf("%s: %s is held: %t", when, id, got)
				}
			}
		}
		held("before the look", "parts", "look", "both")
		_, err := behind(t, where).ExecContext(t.Context(), "UPDATE rechecks SET next_at = 1 WHERE post = (SELECT min(post) FROM rechecks)")
		must(t, err)
		claims, err := s.ClaimRechecks(t.Context(), lease, 10)
		must(t, err)
		w := claims[0].Posts[0]
		f := bot.Weighed{Watched: w, Was: w.Told.Revision, Next: w.Standing, Due: soon}
		for _, l := range w.Later {
			f.Holds = append(f.Holds, bot.Held{ID: l.ID, Until: time.Now()})
		}
		if len(f.Holds) != 3 {
			t.Fatalf("the look may let %d go, want all that nobody was told of", len(f.Holds))
		}
		must(t, s.StoreLooks(t.Context(), []bot.Weighed{f}, everybody))
		held("after the look", "parts", "both")
	})
}

// A look that another has made since, or is making, stores nothing and owes nothing.
func TestALostLookStoresNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"))
		owe(t, s)
		for _, d := range deliveries(t, s) {
			must(t, s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: bot.Sent}))
		}
		claim := func() bot.Weighed {
			t.Helper()
			_, err := behind(t, where).ExecContext(t.Context(), "UPDATE rechecks SET next_at = 1, lease_until = 0")
			must(t, err)
			claims, err := s.ClaimRechecks(t.Context(), lease, 10)
			must(t, err)
			if len(claims) != 1 || len(claims[0].Posts) != 1 {
				t.Fatalf("claimed %+v", claims)
			}
			w := claims[0].Posts[0]
			f := bot.Weighed{Watched: w, Was: w.Told.Revision, Next: w.Standing, Due: time.Now().Add(time.Hour), Fate: &onrecord.Fate{Kind: onrecord.Gone, From: time.Now(), Until: time.Now()}}
			f.Next.Sight, f.Next.Fate = sources.Absent, onrecord.Gone
			return f
		}
		first, second := claim(), claim()
		if err := s.StoreLooks(t.Context(), []bot.Weighed{first}, everybody); !errors.Is(err, bot.ErrLost) {
			t.Errorf("a lost look is stored: %v", err)
		}
		if owed, err := s.Owed(t.Context()); err != nil || owed != 0 {
			t.Errorf("%d deliveries are owed, %v", owed, err)
		}
		if err := s.PutOff(t.Context(), []bot.Watched{first.Watched}, time.Now().Add(time.Hour), false); !errors.Is(err, bot.ErrLost) {
			t.Errorf("a lost look is put off: %v", err)
		}
		must(t, s.StoreLooks(t.Context(), []bot.Weighed{second}, everybody))
		owed, err := s.Owed(t.Context())
		if err != nil || owed == 0 {
			t.Errorf("%d deliveries are owed, %v", owed, err)
		}
		if err := s.StoreLooks(t.Context(), []bot.Weighed{first}, everybody); !errors.Is(err, bot.ErrLost) {
			t.Errorf("a lost look is stored after another: %v", err)
		}
		if again, err := s.Owed(t.Context()); err != nil || again != owed {
			t.Errorf("%d deliveries are owed, and were %d, %v", again, owed, err)
		}
	})
}

// When a post of a thread is due, those of its thread are looked at with it; another thread
// waits for its own time.
func TestAThreadIsLookedAtTogether(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		for _, id := range []string{"1", "2", "3"} {
			p := post(id)
			p.Thread = map[string]string{"1": "t", "2": "t", "3": "u"}[id]
			arrive(t, s, p)
			owe(t, s)
		}
		_, err := behind(t, where).ExecContext(t.Context(), "UPDATE rechecks SET next_at = 1 WHERE post = (SELECT seq FROM posts WHERE id = '2')")
		must(t, err)
		claims, err := s.ClaimRechecks(t.Context(), lease, 10)
		must(t, err)
		var ids []string
		for _, c := range claims {
			for _, w := range c.Posts {
				ids = append(ids, w.Post.ID)
			}
		}
		if len(claims) != 1 || !slices.Equal(ids, []string{"1", "2"}) {
			t.Errorf("claimed %q", ids)
		}
		if again, err := s.ClaimRechecks(t.Context(), lease, 10); err != nil || len(again) != 0 {
			t.Errorf("claimed again: %v, %v", again, err)
		}
	})
}
