package store_test

import (
	"strings"
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/store"
)

// late stores posts as a pull that closes a gap, up to its end.
func late(t *testing.T, s *store.Store, c *bot.Claim, posts ...onrecord.Post) {
	t.Helper()
	var as []bot.PulledPost
	for _, p := range posts {
		as = append(as, bot.PulledPost{Post: p})
	}
	_, err := s.StorePage(t.Context(), c, as, c.Cursor+"x", lease)
	must(t, err)
}

func gapFrom(hours int) *onrecord.Gap {
	now := time.Now()
	return &onrecord.Gap{Place: "feed", From: now.Add(-time.Duration(hours) * time.Hour), Until: now}
}

func messages(list []bot.Delivery) string {
	var all []string
	for _, d := range list {
		all = append(all, d.Channel+": "+d.Subject+" "+string(d.Message.Body))
	}
	return strings.Join(all, "\n")
}

// Posts of a late pull wait for its end; then the line about the gap is owed
// before the first statement, once in a channel, with all of them counted.
func TestALatePullIsCounted(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("0"))
		owe(t, s)
		for _, d := range deliveries(t, s) {
			must(t, s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: bot.Sent}))
		}
		c := claim(t, s)
		if c.First() || time.Since(c.LastOK) > time.Minute {
			t.Fatalf("the last good pull was at %s", c.LastOK)
		}
		c.Gap = gapFrom(3)
		late(t, s, &c, post("0"), post("1"), post("2")) // one is known
		if u, err := s.NextUnread(t.Context()); err != nil || u != nil {
			t.Fatalf("a post is reviewed before the pull has ended: %+v, %v", u, err)
		}
		if at, err := s.NextRelease(t.Context()); err != nil || time.Until(at) > 3*time.Minute || time.Until(at) < time.Minute {
			t.Errorf("the wait ends at %s, %v; want two minutes at most", at, err)
		}
		for range 2 { // the process dies between the pages, and in the next pull, which then backs off
			must(t, s.Close())
			s = open(t, where)
			if u, err := s.NextUnread(t.Context()); err != nil || u != nil {
				t.Fatalf("a post is reviewed before the pull has ended: %+v, %v", u, err)
			}
			claim(t, s)
		}
		must(t, s.Close())
		s = open(t, where)
		c = claim(t, s)
		c.Gap = gapFrom(5)
		late(t, s, &c, post("3"))
		must(t, s.FinishPull(t.Context(), c, bot.PullResult{NextAt: time.Now().Add(time.Minute)}))
		for range 3 {
			owe(t, s)
		}
		if u, err := s.NextUnread(t.Context()); err != nil || u != nil {
			t.Fatalf("still unread: %+v, %v", u, err)
		}
		for _, want := range []string{`G-0001 G-0001 "feed" 3`, "S-0002 Statement 1.", "S-0003 Statement 2.", "S-0004 Statement 3."} {
			list := deliveries(t, s)
			if got := messages(list); got != "a: "+want+"\nb: "+want && got != "b: "+want+"\na: "+want {
				t.Fatalf("owed:\n%s\nwant %q in both channels", got, want)
			}
			for _, d := range list {
				if gap := d.Subject == "G-0001"; gap != (d.Statement == 0) || gap != (d.Kind == onrecord.CaughtUp) || gap != strings.HasSuffix(d.Key, "\nG-0001\ng\n0") {
					t.Errorf("claimed %+v", d)
				}
				must(t, s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: bot.Sent}))
			}
		}
		var from, posts int64
		must(t, behind(t, where).QueryRowContext(t.Context(), "SELECT from_at, posts FROM gaps").Scan(&from, &posts))
		if age := time.Since(time.UnixMilli(from)).Hours(); age < 4.9 || age > 5.1 || posts != 3 {
			t.Errorf("the gap began %.1f h ago with %d posts, want the earliest and all", age, posts)
		}
	})
}

// A late pull that fails sets its posts free, and a line that cannot be sent is
// decided about by a person like any delivery.
func TestALatePullThatFails(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s)
		c := claim(t, s)
		c.Gap = gapFrom(3)
		late(t, s, &c, post("1"))
		must(t, s.FinishPull(t.Context(), c, bot.PullResult{NextAt: time.Now().Add(time.Minute), Trouble: "unreached"}))
		owe(t, s)
		for _, d := range deliveries(t, s) {
			must(t, s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: bot.Dead, Error: "refused"}))
		}
		list, err := s.Unsettled(t.Context())
		must(t, err)
		if len(list) != 4 || list[0].Subject != "G-0001" || list[0].Statement != 0 {
			t.Fatalf("unsettled: %+v", list)
		}
		must(t, s.Resend(t.Context(), "G-0001", "a"))
		must(t, s.Seen(t.Context(), "G-0001", "b"))
	})
}
