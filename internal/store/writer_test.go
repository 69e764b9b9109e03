package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"onrecord"
	"onrecord/internal/store/storetest"
	"onrecord/sources"
)

// A step that panics fails, and the steps beside it do not.
func TestAPanicFailsItsStepAlone(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		arrive(t, s, post("1"), post("2"))
		err := s.Break(t.Context())
		if err == nil || !strings.Contains(err.Error(), "record reading") || !strings.Contains(err.Error(), "no such shelf") {
			t.Fatalf("the step ended with %v", err)
		}
		u := nextIs(t, s, "1") // it is still unread
		read(t, s, u, onrecord.Reject, nil)
		nextIs(t, s, "2")
	})
}

// Steps that were put into one transaction with one that panics are stored.
func TestAPanicSparesItsNeighbours(t *testing.T) {
	s := open(t, storetest.SQLite(t))
	var posts []onrecord.Post
	for i := range 20 {
		posts = append(posts, post(fmt.Sprint(i)))
	}
	arrive(t, s, posts...)
	done := make(chan error)
	for i := range 20 {
		go func() { done <- s.Break(t.Context()) }()
		go func() {
			done <- s.SpendLog().Record(t.Context(), "x", "timeline", []sources.Charge{{ID: fmt.Sprint(i), Price: 1}})
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
	if spent, err := s.SpendLog().Spent(t.Context(), "x", time.Now()); err != nil || spent != 20 {
		t.Errorf("%d are noted as spent, want 20 (%v)", spent, err)
	}
}
