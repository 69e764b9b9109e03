package store_test

import (
	"errors"
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/notifiers"
)

// Whom a delivery calls is kept before it is sent, over an end of the program in between:
// it is no reason against its own call, and one against the next.
func TestPingsAreKept(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"), post("2"))
		owe(t, s)
		owe(t, s)
		u := unrendered(t, s)
		first := claimA(t, s, bot.Rendered{Delivery: u.Delivery, Message: notifiers.Message{Body: []byte("first")}})
		n, err := s.Notice(t.Context(), *first)
		must(t, err)
		if about, worth := n.(onrecord.Pinging).News(); about.Number() != "S-0001" || about.Case != "c" || !worth {
			t.Errorf("told: %+v, %v", about, worth)
		}
		must(t, s.KeepPing(t.Context(), *first, "c", []string{"role"}))
		must(t, s.Close()) // dies before anything is sent
		s = open(t, where)
		again := claimA(t, s)
		if last, err := s.Pinged(t.Context(), *again, "c"); err != nil || len(last) != 0 {
			t.Errorf("its own call counts: %v, %v", last, err)
		}
		if err := s.KeepPing(t.Context(), *first, "c", []string{"role"}); !errors.Is(err, bot.ErrLost) {
			t.Errorf("a claim that is lost calls somebody: %v", err)
		}
		must(t, s.KeepPing(t.Context(), *again, "c", []string{"role"}))
		must(t, s.FinishAttempt(t.Context(), *again, bot.AttemptResult{State: bot.Sent}))
		u = unrendered(t, s)
		next := claimA(t, s, bot.Rendered{Delivery: u.Delivery, Message: notifiers.Message{Body: []byte("second")}})
		if last, err := s.Pinged(t.Context(), *next, "c"); err != nil || len(last) != 1 || s.Now().Sub(last["role"]).Abs() > time.Minute {
			t.Errorf("called before: %v, %v", last, err)
		}
		if last, err := s.Pinged(t.Context(), *next, "another"); err != nil || len(last) != 0 {
			t.Errorf("called about another case: %v, %v", last, err)
		}
	})
}
