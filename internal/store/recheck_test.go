package store_test

import (
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/sources"
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
