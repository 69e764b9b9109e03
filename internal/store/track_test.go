package store_test

import (
	"errors"
	"path/filepath"
	"testing"

	"onrecord/bot"
	"onrecord/internal/store"
)

// What people have tracked is there once, as they said it, over a backup into the other
// engine, and is gone when they end it; who did what is kept.
func TestTracked(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		m := bot.MadeAccount{ID: "x:northwind", Source: "x", Handle: "northwind", Speaker: "Northwind Data", Cases: []string{"c"}, By: "Ann (wall 1)"}
		c := bot.MadeChange{Place: "wall", By: m.By, What: "tracked"}
		before, err := s.TrackedMark(t.Context())
		must(t, err)
		must(t, s.Track(t.Context(), m, c))
		if err := s.Track(t.Context(), m, c); !errors.Is(err, bot.ErrTracked) {
			t.Errorf("tracked twice: %v", err)
		}
		copied := filepath.Join(t.TempDir(), "copy.db")
		must(t, store.Backup(t.Context(), where, copied))
		for _, s := range []*store.Store{s, open(t, copied)} {
			list, err := s.MadeAccounts(t.Context())
			if err != nil || len(list) != 1 || list[0].ID != m.ID || list[0].Speaker != m.Speaker || list[0].Cases[0] != "c" || list[0].By != m.By || list[0].Made.IsZero() {
				t.Errorf("tracked are %+v, %v", list, err)
			}
		}
		between, err := s.TrackedMark(t.Context())
		must(t, err)
		must(t, s.Untrack(t.Context(), m.ID, c))
		if err := s.Untrack(t.Context(), m.ID, c); !errors.Is(err, bot.ErrUntracked) {
			t.Errorf("ended twice: %v", err)
		}
		after, err := s.TrackedMark(t.Context())
		if must(t, err); before == between || between == after {
			t.Errorf("the marks are %s, %s, %s", before, between, after)
		}
		if log, err := s.Changes(t.Context(), "wall", "1180000000000000010", 10); err != nil || len(log) != 2 {
			t.Errorf("the log is %+v, %v", log, err)
		}
	})
}
