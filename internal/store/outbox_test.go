package store_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/internal/store"
	"onrecord/notifiers"
	"onrecord/statements"
)

// unrendered returns what is due for the first time in channel a.
func unrendered(t *testing.T, s *store.Store) bot.Unrendered {
	t.Helper()
	_, list, err := s.Due(t.Context(), 10)
	must(t, err)
	for _, u := range list {
		if u.Channel == "a" {
			return u
		}
	}
	t.Fatalf("nothing is due for the first time in channel a, but %+v", list)
	return bot.Unrendered{}
}

// claimA claims what is due in channel a, of which at most one was rendered.
func claimA(t *testing.T, s *store.Store, rendered ...bot.Rendered) *bot.Delivery {
	t.Helper()
	heads, _, err := s.Due(t.Context(), 10)
	must(t, err)
	list, err := s.ClaimDeliveries(t.Context(), lease, heads, rendered)
	must(t, err)
	if len(list) == 0 {
		return nil
	}
	if len(list) > 1 || list[0].Channel != "a" {
		t.Fatalf("claimed %+v", list)
	}
	return &list[0]
}

// What was claimed once keeps its message, whatever another replica, or a newer
// program, makes of the notice.
func TestAMessageIsFinalOnceItIsClaimed(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"))
		owe(t, s)
		u := unrendered(t, s)
		if d := claimA(t, s); d != nil {
			t.Fatalf("claimed without a message: %+v", d)
		}
		other := unrendered(t, s) // another replica is at the same
		first := claimA(t, s, bot.Rendered{Delivery: u.Delivery, Message: notifiers.Message{Body: []byte("first")}})
		if first == nil || string(first.Message.Body) != "first" {
			t.Fatalf("claimed %+v", first)
		}
		for _, late := range []bot.Rendered{{Delivery: other.Delivery, Message: notifiers.Message{Body: []byte("second")}}, {Delivery: other.Delivery, Err: errors.New("broken")}} {
			if d := claimA(t, s, late); d != nil {
				t.Errorf("claimed while it is sent: %+v", d)
			}
		}
		must(t, s.FinishAttempt(t.Context(), *first, bot.AttemptResult{State: bot.Pending, Maybe: true, NextAt: s.Now().Add(-time.Second)}))
		if d := claimA(t, s, bot.Rendered{Delivery: other.Delivery, Message: notifiers.Message{Body: []byte("second")}}); d == nil || string(d.Message.Body) != "first" || d.Attempt != 2 {
			t.Errorf("the retry is %+v", d)
		}
	})
}

// A message is the same for every attempt, files included, and one that cannot be
// read is told of when its turn comes.
func TestAMessageKeepsItsFiles(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"))
		owe(t, s)
		u := unrendered(t, s)
		want := notifiers.Message{Body: []byte(`{"content":"x"}`), Files: []notifiers.File{
			{Name: "letter.png", Type: "image/png", Alt: "A letter", Data: []byte("\x89PNG\r\n\x00\xff")}, {Name: "docket.txt", Type: "text/plain", Data: []byte("26-cv-00417")},
		}}
		again := bot.AttemptResult{State: bot.Pending, Maybe: true, NextAt: s.Now().Add(-time.Second)}
		first := claimA(t, s, bot.Rendered{Delivery: u.Delivery, Message: want})
		must(t, s.FinishAttempt(t.Context(), *first, again))
		second := claimA(t, s)
		if first.Err != nil || second.Err != nil || !reflect.DeepEqual(first.Message, want) || !reflect.DeepEqual(second.Message, want) {
			t.Errorf("claimed %+v, then %+v, want %+v", first, second, want)
		}
		must(t, s.FinishAttempt(t.Context(), *second, again))
		if _, err := behind(t, where).ExecContext(t.Context(), "UPDATE deliveries SET message = $1 WHERE channel = 'a'", []byte("\xff{\"v\":1,\"body\":\"e")); err != nil {
			t.Fatal(err)
		}
		if third := claimA(t, s); third.Err == nil || len(third.Message.Body) != 0 {
			t.Errorf("a damaged message is read as %+v", third)
		}
	})
}

// What stands behind a head is rendered with it, and claimed in its turn as it was
// rendered then. Another replica does not render it once more.
func TestABacklogIsRenderedAhead(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"), post("2"), post("3"))
		for range 3 {
			owe(t, s)
		}
		for n := 1; n <= 3; n++ {
			heads, list, err := s.Due(t.Context(), 10)
			must(t, err)
			if want := map[int]int{1: 6}[n]; len(heads) != 2 || len(list) != want {
				t.Fatalf("in turn %d %d are unrendered and %d are due, want %d and one in each channel", n, len(list), len(heads), want)
			}
			for _, d := range deliveries(t, s) {
				if want := fmt.Sprintf("Statement %d.", n); string(d.Message.Body) != want {
					t.Errorf("in turn %d channel %s is told %s", n, d.Channel, d.Message.Body)
				}
				must(t, s.FinishAttempt(t.Context(), d, bot.AttemptResult{State: bot.Sent}))
			}
		}
		if heads, list, err := s.Due(t.Context(), 10); len(heads) > 0 || len(list) > 0 {
			t.Errorf("%d are left, %v", len(list), err)
		}
	})
}

// A notice that cannot be rendered leaves its place to the next one, says why, and
// is rendered anew when a person orders it again.
func TestWhatCannotBeRenderedIsDead(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"), post("2"))
		first, second := owe(t, s), owe(t, s)
		broken := bot.Rendered{Delivery: unrendered(t, s).Delivery, Err: errors.New("it has \x00 and no form")}
		if d := claimA(t, s, broken); d != nil {
			t.Fatalf("claimed %+v", d)
		}
		next := unrendered(t, s)
		if next.Subject != second.Number() {
			t.Fatalf("%s is next", next.Subject)
		}
		d := claimA(t, s, bot.Rendered{Delivery: next.Delivery, Message: notifiers.Message{Body: []byte("second")}})
		must(t, s.FinishAttempt(t.Context(), *d, bot.AttemptResult{State: bot.Sent}))
		list, err := s.Unsettled(t.Context())
		must(t, err)
		if list[0].State != bot.Dead || !strings.Contains(list[0].Error, "no form") {
			t.Errorf("the broken one is %+v", list[0])
		}
		must(t, s.Resend(t.Context(), first.Number(), "a"))
		if again := unrendered(t, s); again.Delivery != broken.Delivery || again.Notice.(onrecord.StatementNotice).Statement.First().Text != "Statement 1." {
			t.Errorf("ordered again: %+v", again)
		}
	})
}

// A channel without a notifier, as the program is configured now, puts its head
// off without a message.
func TestAHeadWithoutANotifierIsPutOff(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"))
		owe(t, s)
		u := unrendered(t, s)
		d := claimA(t, s, bot.Rendered{Delivery: u.Delivery})
		if d == nil || len(d.Message.Body) != 0 {
			t.Fatalf("claimed %+v", d)
		}
		must(t, s.FinishAttempt(t.Context(), *d, bot.AttemptResult{State: bot.Pending, NextAt: s.Now().Add(-time.Second)}))
		if again := unrendered(t, s); again.Delivery != u.Delivery {
			t.Errorf("later %+v", again)
		}
	})
}

// What a card says is what the statement was when it became owed: a place that
// was found meanwhile is told by a notice of its own.
func TestANoticeTellsOfWhatWasKnown(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"), post("2"), post("3"))
		st := owe(t, s)
		for range 2 {
			u, err := s.NextUnread(t.Context())
			must(t, err)
			st.Mirrors = append(st.Mirrors, onrecord.Mention{Post: u.Post.Key()})
			_, err = s.Record(t.Context(), statements.Reading{Post: u.Post, Findings: []statements.Finding{{
				Decision: onrecord.Decision{Case: "c", Label: onrecord.Accept}, Novelty: onrecord.Mirror, Effect: statements.Repeats{Statement: *st, Mentioned: true},
			}}}, readers)
			must(t, err)
		}
		for mirrors := range 3 {
			u := unrendered(t, s)
			var told onrecord.Statement
			if n, first := u.Notice.(onrecord.StatementNotice); first && mirrors == 0 {
				told = n.Statement
			} else if n, also := u.Notice.(onrecord.AlsoSaidNotice); also {
				told = n.Statement
			}
			if told.ID == 0 || len(told.Mirrors) != mirrors {
				t.Errorf("notice %d is %s with %d places", mirrors, u.Notice.Kind(), len(told.Mirrors))
			}
			d := claimA(t, s, bot.Rendered{Delivery: u.Delivery, Message: notifiers.Message{Body: []byte("m")}})
			must(t, s.FinishAttempt(t.Context(), *d, bot.AttemptResult{State: bot.Sent, Receipt: notifiers.Receipt{ID: "1"}}))
		}
	})
}

// A statement that became unreadable before its turn costs its own deliveries.
func TestADamagedStatementIsNotRendered(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"), post("2"))
		owe(t, s)
		owe(t, s)
		_, err := behind(t, where).ExecContext(t.Context(), "UPDATE statements SET body = '{\"ID\":' WHERE id = 1")
		must(t, err)
		if u := unrendered(t, s); u.Err == nil {
			t.Fatalf("read %+v", u)
		}
		if ds := deliveries(t, s); len(ds) != 0 {
			t.Errorf("claimed %+v", ds)
		}
		if ds := deliveries(t, s); len(ds) != 2 || string(ds[0].Message.Body) != "Statement 2." || string(ds[1].Message.Body) != "Statement 2." {
			t.Errorf("claimed %+v", ds)
		}
	})
}
