package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"onrecord"
	"onrecord/bot"
	"onrecord/sources"
)

// A step that panics fails, and the steps beside it do not.
func TestAPanicFailsItsStepAlone(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"), post("2"))
		u := nextIs(t, s, "1")
		r := opens(u, onrecord.Accept, statement(u), time.Time{})
		_, err := s.Record(t.Context(), r, func(onrecord.Notice) []bot.Due { panic("no such shelf") })
		if err == nil || !strings.Contains(err.Error(), "record reading") || !strings.Contains(err.Error(), "no such shelf") {
			t.Fatalf("the step ended with %v", err)
		}
		list, err := s.Latest(t.Context(), "", -1)
		if err != nil || len(list) != 0 {
			t.Errorf("half of the step is stored: %+v, %v", list, err)
		}
		u = nextIs(t, s, "1") // it is still unread
		read(t, s, u, onrecord.Reject, nil)
		nextIs(t, s, "2")
	})
}

// Steps that were put into one transaction with one that panics are stored.
func TestAPanicSparesItsNeighbours(t *testing.T) {
	s := open(t, t.TempDir()+"/test.db")
	var posts []onrecord.Post
	for i := range 20 {
		posts = append(posts, post(fmt.Sprint(i)))
	}
	arrive(t, s, posts...)
	u := nextIs(t, s, "0")
	done := make(chan error)
	for i := range 20 {
		r := opens(u, onrecord.Accept, statement(u), time.Time{})
		go func() {
			_, err := s.Record(t.Context(), r, func(onrecord.Notice) []bot.Due { panic("no such shelf") })
			done <- err
		}()
		go func() {
			done <- s.Meter().Record(t.Context(), "x", "timeline", []sources.Charge{{ID: fmt.Sprint(i), Price: 1}})
		}()
	}
	failed := 0
	for range 40 {
		if err := <-done; err != nil {
			failed++
		}
	}
	if failed != 20 {
		t.Errorf("%d steps failed, want the 20 that panic", failed)
	}
	if spent, err := s.Meter().Spent(t.Context(), "x", time.Now()); err != nil || spent != 20 {
		t.Errorf("%d are noted as spent, want 20 (%v)", spent, err)
	}
}
