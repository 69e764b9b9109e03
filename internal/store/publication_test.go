package store_test

import (
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
				if at, err := s.Ninth(t.Context(), d.Channel); err != nil || !at.IsZero() {
					t.Errorf("the ninth last is of %v, %v", at, err)
				}
				must(t, s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: bot.Sent, Receipt: d.Posted}))
			}
		}
		if _, err := behind(t, where).ExecContext(t.Context(), `INSERT INTO deliveries (subject, channel, kind, seq, key, message, state, owed_at, next_at, message_id, sent_at)
			SELECT subject, channel, kind, seq + n, key || n, message, state, owed_at, next_at, message_id, n FROM deliveries,
			(SELECT 1 AS n UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8) AS more WHERE kind = 'publication'`); err != nil {
			t.Fatal(err)
		}
		if at, err := s.Ninth(t.Context(), "a/publish"); err != nil || at.IsZero() {
			t.Errorf("the ninth last is of %v, %v", at, err)
		}
	})
}
