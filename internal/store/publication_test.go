package store_test

import (
	"errors"
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/notifiers"
)

// A publication is owed with the message it publishes, apart from it, and knows what became
// of that.
func TestAPublicationIsOwedWithItsMessage(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		must(t, s.Sync(t.Context(), []onrecord.Account{account}, func(string) time.Duration { return time.Minute }, map[string]string{"a": "console", "a/publish": "console"}))
		arrive(t, s, post("1"), post("2"))
		publishing := append(bot.Audience{}, readers[0], bot.Follower{Channel: "a/publish", Lane: onrecord.Published, Cases: []string{"c"}})
		var numbers []string
		for range 2 {
			u, err := s.NextUnread(t.Context())
			must(t, err)
			st := statement(u)
			if len(numbers) == 1 {
				st.Novelty, st.Prior = onrecord.Restates, 1
			}
			numbers = append(numbers, onrecord.StatementNumber(number(t, s, recorded(t, s, opens(u, onrecord.Accept, st, time.Time{}), publishing))))
		}
		if n, _ := s.Owed(t.Context()); n != 3 { // what only says again what was said is not published
			t.Fatalf("%d deliveries are owed", n)
		}
		var message, publication bot.Delivery
		for _, d := range deliveries(t, s) {
			if d.Kind == onrecord.Publication {
				publication = d
			} else {
				message = d
			}
		}
		if message.Subject != numbers[0] || publication.Subject != numbers[0] || publication.Channel != "a/publish" || !publication.Awaited || publication.Posted.ID != "" {
			t.Fatalf("claimed %+v and %+v", message, publication)
		}
		must(t, s.FinishAttempt(t.Context(), message, bot.AttemptResult{State: bot.Sent, Receipt: notifiers.Receipt{ID: "7"}}))
		must(t, s.FinishAttempt(t.Context(), publication, bot.AttemptResult{State: bot.Pending, NextAt: s.Now()}))
		for _, d := range deliveries(t, s) {
			if d.Kind == onrecord.Publication {
				if d.Awaited || d.Posted.ID != "7" {
					t.Errorf("claimed %+v", d)
				}
				if p, err := s.Publishing(t.Context(), d); err != nil || len(p.Published) != 0 || p.Waiting != 1 || p.Newest.IsZero() {
					t.Errorf("publishing is at %+v, %v", p, err)
				}
				must(t, s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: bot.Sent, Receipt: d.Posted}))
			}
		}
		if p, err := s.Publishing(t.Context(), publication); err != nil || len(p.Published) != 1 || p.Published[0].IsZero() || p.Waiting != 0 {
			t.Errorf("publishing is at %+v, %v", p, err)
		}
	})
}

// What is foremost is published first; what waits is told in one digest, which is published,
// but for what waits for its message or may be published already.
func TestPublicationsAreGathered(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		must(t, s.Sync(t.Context(), []onrecord.Account{account}, func(string) time.Duration { return time.Minute }, map[string]string{"a": "console", "a/publish": "console"}))
		arrive(t, s, post("1"), post("2"), post("3"))
		publishing := append(bot.Audience{}, readers[0], bot.Follower{Channel: "a/publish", Lane: onrecord.Published, Cases: []string{"c"}})
		for i, novelty := range []onrecord.Novelty{onrecord.Expands, onrecord.New, onrecord.Expands} {
			u, err := s.NextUnread(t.Context())
			must(t, err)
			st := statement(u)
			if st.Novelty = novelty; i > 0 {
				st.Prior = 1
			}
			recorded(t, s, opens(u, onrecord.Accept, st, time.Time{}), publishing)
		}
		send := func(id string) (publication bot.Delivery) { // one message, and nothing else
			for _, d := range deliveries(t, s) {
				if d.Channel == "a" {
					must(t, s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: bot.Sent, Receipt: notifiers.Receipt{ID: id}}))
				} else if publication = d; id != "8" {
					must(t, s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: bot.Pending, NextAt: s.Now()}))
				}
			}
			return publication
		}
		send("7")
		foremost := send("8")
		if foremost.Subject != "S-0002" || foremost.Turn != bot.NewsTurn {
			t.Fatalf("claimed %+v", foremost)
		}
		if p, err := s.Publishing(t.Context(), foremost); err != nil || p.Waiting != 2 || p.Oldest.After(p.Newest) { // the third has no message
			t.Errorf("publishing is at %+v, %v", p, err)
		}
		must(t, s.Gather(t.Context(), foremost))
		if err := s.Gather(t.Context(), foremost); !errors.Is(err, bot.ErrLost) {
			t.Errorf("gathered twice: %v", err)
		}
		must(t, s.FinishAttempt(t.Context(), foremost, bot.AttemptResult{State: bot.Sent}))
		send("9")
		n, ok := unrendered(t, s).Notice.(onrecord.DigestNotice)
		if d := n.Digest; !ok || !d.Gathered || len(d.Statements) != 2 || d.Statements[0].Message != "7" || d.Statements[1].Message != "8" {
			t.Errorf("the digest is %+v", n)
		}
		if next := send("10"); next.Kind != onrecord.DigestPublication || next.Subject != "D-0001" {
			t.Errorf("claimed %+v", next)
		}
		if next := send(""); next.Awaited || next.Posted.ID != "10" {
			t.Errorf("claimed %+v", next)
		}
	})
}
