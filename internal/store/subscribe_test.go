package store_test

import (
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/store"
)

var subscribed = bot.Subscription{Place: "wall", Address: "1180000000000000010", Case: "c", Selection: bot.Selection{Speakers: []string{"Harbor Labs"}}, By: "Ann (wall 1)"}

func by(what string) bot.MadeChange {
	return bot.MadeChange{Place: "wall", Address: subscribed.Address, By: "Ann (wall 1)", What: what}
}

// A subscription is there once, comes back as it was made, and outlives a backup into the
// other engine; what is owed to one that was taken back is kept until nobody can undo that.
func TestSubscriptions(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		made, err := s.Subscribe(t.Context(), subscribed, by("subscribed"))
		must(t, err)
		if _, err := s.Subscribe(t.Context(), subscribed, by("subscribed")); !errors.Is(err, bot.ErrSubscribed) {
			t.Errorf("subscribed twice: %v", err)
		}
		mark, err := s.SubscriptionMark(t.Context())
		must(t, err)
		one := func(s *store.Store) bot.Subscription {
			list, err := s.Subscriptions(t.Context())
			if err != nil || len(list) != 1 {
				t.Fatalf("subscriptions %+v, %v", list, err)
			}
			return list[0]
		}
		if got := one(s); got.ID != made.ID || got.Channel() != made.Channel() || got.Case != "c" || !slices.Equal(got.Speakers, subscribed.Speakers) || got.By != subscribed.By || got.Made.IsZero() || !got.Ends.IsZero() {
			t.Errorf("it is %+v", got)
		}

		arrive(t, s, post("1"))
		u, err := s.NextUnread(t.Context())
		must(t, err)
		recorded(t, s, opens(u, onrecord.Accept, statement(u), time.Time{}), append(slices.Clone(everybody), bot.Follower{Channel: made.Channel(), Lane: onrecord.Record, Cases: []string{"c"}}))
		owed := func() (channels []string) {
			for _, d := range deliveries(t, s) {
				channels = append(channels, d.Channel)
				must(t, s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: bot.Pending}))
			}
			slices.Sort(channels)
			return channels
		}
		if got := owed(); !slices.Contains(got, made.Channel()) {
			t.Fatalf("owed to %v", got)
		}
		if n, err := s.Hold(t.Context(), made.Channel(), s.Now().Add(time.Hour), by("muted")); err != nil || n != 1 {
			t.Errorf("%d are held, %v", n, err)
		}
		if got := owed(); slices.Contains(got, made.Channel()) {
			t.Errorf("sent to a muted channel: %v", got)
		}
		status, err := s.Status(t.Context())
		must(t, err)
		if i := slices.IndexFunc(status.Channels, func(c bot.ChannelStatus) bool { return c.ID == made.Channel() }); i < 0 || status.Channels[i].Held.IsZero() || status.Channels[i].Owed != 1 {
			t.Errorf("the status is %+v", status.Channels)
		}
		_, err = s.Hold(t.Context(), made.Channel(), time.Time{}, by("unmuted"))
		must(t, err)
		must(t, s.Unsubscribe(t.Context(), made.ID, by("unsubscribed")))
		if err := s.Unsubscribe(t.Context(), made.ID, by("unsubscribed")); !errors.Is(err, bot.ErrUnsubscribed) {
			t.Errorf("taken back twice: %v", err)
		}
		if _, err := s.Hold(t.Context(), made.Channel(), time.Time{}, by("unmuted")); !errors.Is(err, bot.ErrUnsubscribed) {
			t.Errorf("what was taken back is sent: %v", err)
		}
		if got := owed(); slices.Contains(got, made.Channel()) || one(s).Ends.IsZero() {
			t.Errorf("sent after it was taken back: %v", got)
		}
		must(t, s.Resubscribe(t.Context(), made.ID, by("undid")))
		if got := owed(); !slices.Contains(got, made.Channel()) || !one(s).Ends.IsZero() {
			t.Errorf("after the undoing: %v", got)
		}
		if now, err := s.SubscriptionMark(t.Context()); err != nil || now == mark {
			t.Errorf("the mark is as it was: %v", err)
		}

		copied := filepath.Join(t.TempDir(), "copy.db")
		must(t, store.Backup(t.Context(), where, copied))
		back := open(t, copied)
		if got := one(back); got.Channel() != made.Channel() {
			t.Errorf("the backup has %+v", got)
		}
		changes, err := back.Changes(t.Context(), subscribed.Place, subscribed.Address, 10)
		must(t, err)
		if len(changes) != 5 || changes[0].What != "undid" || changes[4].What != "subscribed" || changes[4].By != subscribed.By || changes[4].At.IsZero() {
			t.Errorf("the log is %+v", changes)
		}
		if elsewhere, err := back.Changes(t.Context(), subscribed.Place, "1180000000000000011", 10); err != nil || len(elsewhere) > 0 {
			t.Errorf("the log of another channel is %+v, %v", elsewhere, err)
		}

		must(t, s.Unsubscribe(t.Context(), made.ID, by("unsubscribed")))
		again, err := s.Subscribe(t.Context(), subscribed, by("subscribed"))
		must(t, err)
		if err := s.Resubscribe(t.Context(), made.ID, by("undid")); !errors.Is(err, bot.ErrSubscribed) {
			t.Errorf("undone beside another: %v", err)
		}
		db := behind(t, where)
		_, err = db.ExecContext(t.Context(), "UPDATE subscriptions SET ends_at = 1 WHERE ends_at > 0")
		must(t, err)
		_, err = s.Trim(t.Context())
		must(t, err)
		var n int
		must(t, db.QueryRowContext(t.Context(), "SELECT count(*) FROM deliveries WHERE channel = $1", made.Channel()).Scan(&n))
		if err := s.Resubscribe(t.Context(), made.ID, by("undid")); n != 0 || err == nil || one(s).ID != again.ID {
			t.Errorf("%d are owed to what is over, %v", n, err)
		}
	})
}
