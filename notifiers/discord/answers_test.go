package discord_test

import (
	"context"
	"regexp"
	"testing"
	"testing/synctest"
	"time"

	"onrecord"
	"onrecord/bot"
	counters "onrecord/bot/desk"
	"onrecord/internal/store"
	"onrecord/notifiers"
	"onrecord/notifiers/discord/discordtest"
	"onrecord/notifiers/discord/message"
)

// tried is a database whose subscriptions are tried out at a place.
type tried struct {
	*store.Store
	place notifiers.Rehearser
}

func (tried) Subscribed() []bot.Subscription { return nil }
func (tried) Follow(context.Context) error   { return nil }
func (d tried) Rehearse(ctx context.Context, s bot.Subscription, _ []string) (string, error) {
	return "", d.place.Rehearse(ctx, notifiers.Target{Address: s.Address, Lane: onrecord.Record})
}

// What commands answer, of a record on which something was said, and what a channel and a
// reader who asked to be told see next, as it is sent.
func TestAnswerBodies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		time.Sleep(30 * time.Second) // what is said as a pull begins may be seen by it or by the next
		for i, text := range []string{
			"We never used Northwind Data's pricing model. Its complaint against Harbor Labs and Ivo Lind is wrong, and we will say so in court.",
			"Ivo Lind did not copy Northwind Data's pricing model to a personal drive, and nobody at Harbor Labs asked for it.",
			"Today we asked the court to dismiss Northwind Data's complaint: the pricing model it speaks of stood in Northwind's own brochure.",
		} {
			d.post(i+1, text)
			time.Sleep(7 * time.Minute)
		}
		on := trial
		on.Court, on.Docket, on.Filed = "U.S. District Court, Northern District of California", []string{"26-cv-00417"}, said.Add(-24*time.Hour)
		var told []bot.Channel
		commands := map[string]notifiers.Command{}
		for _, c := range counters.Commands(counters.Setup{
			Visitor:  bot.Visitor{Record: d.database, Accounts: []onrecord.Account{speaker}, Cases: []onrecord.Case{on}},
			Operator: bot.Operator{Operations: d.database, Configured: []onrecord.Account{speaker}}, Questions: d.database, Interests: d.database, Now: time.Now,
			Channels: func() []bot.Channel { return told }, Following: tried{d.database, d.notifier.(notifiers.Rehearser)}, Place: "discord",
		}) {
			commands[c.Name] = c
		}
		answer := func(name, command string, r notifiers.Request) notifiers.Answer {
			t.Helper()
			a, err := commands[command].Run(t.Context(), r)
			if err != nil {
				t.Fatal(err)
			}
			body, err := message.ReplyOf(a).Bytes()
			if err != nil {
				t.Fatal(err)
			}
			if _, found := discordtest.Check(body); len(found) > 0 {
				t.Errorf("%s: Discord would refuse the body: %v", name, found)
			}
			goldenBody(t, "answer_"+name, body)
			return a
		}
		answer("statements", "statements", notifiers.Request{})
		answer("statement", "statement", notifiers.Request{Values: map[string]string{"number": "S-0002"}})
		answer("cite", "cite", notifiers.Request{Press: "S-0002"})
		answer("case", "case", notifiers.Request{})
		answer("sources", "sources", notifiers.Request{})

		asks := notifiers.Request{Channel: room, By: notifiers.Reader{ID: ann.ID, Name: ann.Name}, Manages: true}
		presses := func(a notifiers.Answer) notifiers.Request {
			t.Helper()
			if len(a.Buttons) == 0 {
				t.Fatalf("nothing can be pressed below %q", a.Head)
			}
			r := asks
			r.Press = a.Buttons[0].Press
			return r
		}
		d.SetRole(discordtest.BotRole, private&^discordtest.EmbedLinks, true)
		answer("subscribe_lacks", "subscribe", asks)
		d.SetRole(discordtest.BotRole, private, true)
		answer("subscribed", "subscribe", presses(answer("subscribe", "subscribe", asks)))

		told = []bot.Channel{{Target: notifiers.Target{ID: "readers", Address: room, Lane: onrecord.Record}, Notifier: d.notifier, Cases: []string{trial.ID}}}
		asks.Values = map[string]string{"words": `+dismiss "personal drive" -hiring`}
		answer("notified", "notify-add", presses(answer("notify", "notify-add", asks)))

		d.post(4, "The court heard us today on our motion to dismiss Northwind Data's complaint. We said there what we say here: nobody at Harbor Labs ever saw the pricing model.")
		time.Sleep(7 * time.Minute)
		shown, threads := d.Messages(room), d.Threads(room)
		if len(shown) != 4 || len(threads) != 1 || len(d.Messages(threads[0].ID)) != 1 {
			t.Fatalf("%d messages are shown, and there are the threads %+v", len(shown), threads)
		}
		goldenBody(t, "followed", nonces.ReplaceAll(shown[3].Body, nil))
		goldenBody(t, "called", nonces.ReplaceAll(d.Messages(threads[0].ID)[0].Body, nil))
	})
}

// nonces are of one database, and no reader sees them.
var nonces = regexp.MustCompile(`,"enforce_nonce":true,"nonce":"[^"]*"`)
