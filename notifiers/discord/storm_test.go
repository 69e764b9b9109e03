package discord_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"onrecord/notifiers"
	"onrecord/notifiers/discord/discordtest"
)

// TestStorm posts 200 statements through everything that can go wrong, with and
// without nonces that Discord still knows. Each is shown once and in order.
func TestStorm(t *testing.T) {
	for name, window := range map[string]time.Duration{"nonces known": -1, "nonces forgotten": 0} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				today()
				w := world(t)
				w.SetNonceWindow(window)
				w.SetLimit(5, 2*time.Second)
				for fault, odds := range map[discordtest.Fault]float64{
					discordtest.CutAfterDoing: .1, discordtest.CutMidBody: .03, discordtest.BadGateway: .05, discordtest.Slow: .03, discordtest.ServerError: .05,
					discordtest.CutBeforeReading: .03, discordtest.LimitedUser: .03, discordtest.LimitedGlobal: .01, discordtest.UnknownComponent: .03,
				} {
					w.Break(discordtest.Rule{Fault: fault, Method: "POST", Odds: odds, RetryAfter: 3, Delay: time.Minute})
				}
				after := ""
				for id := int64(1); id <= 200; id++ {
					after = w.deliver(t, id, after, window == 0)
				}
				shown := w.Messages(room)
				if len(shown) != 200 {
					t.Errorf("%d messages, want 200", len(shown))
				}
				for i, m := range shown {
					if want := suit(number(int64(i + 1))).Statement.Number(); m.Content[len(m.Content)-len(want):] != want {
						t.Fatalf("message %d is %q", i+1, m.Content)
					}
				}
				fired := w.Fired()
				if fired[discordtest.CutAfterDoing] == 0 || fired[discordtest.Slow] == 0 || fired[discordtest.BadGateway] == 0 {
					t.Errorf("faults fired: %v", fired)
				}
				if hits := w.NonceHits(); (hits > 0) != (window != 0) {
					t.Errorf("%d nonces were recognised", hits)
				}
			})
		})
	}
}

// deliver is what the program does with an owed delivery: it looks before it
// repeats what nobody can be sure of, when the nonce no longer helps.
func (w bench) deliver(t *testing.T, id int64, after string, look bool) string {
	t.Helper()
	n, since, unclear := suit(number(id)), time.Now(), false
	for range 100 {
		if unclear && look {
			r, found, err := w.find(t, n.Statement.Number(), since, after)
			if err != nil {
				t.Fatal(err)
			}
			if found {
				return r.ID
			}
		}
		r, err := w.send(t, n)
		if err == nil {
			return r.ID
		}
		var told *notifiers.Error
		if !errors.As(err, &told) || told.Outcome != notifiers.Unknown && told.Outcome != notifiers.Retry {
			t.Fatal(err)
		}
		unclear = unclear || told.Outcome == notifiers.Unknown
		time.Sleep(max(time.Second, time.Until(told.At)))
	}
	t.Fatalf("statement %d was not delivered in 100 attempts", id)
	return ""
}
