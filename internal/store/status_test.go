package store_test

import (
	"testing"
	"time"

	"onrecord"
)

// What a person is shown of accounts: the newest post, and the statements on the record,
// without those that wait for a person, which are counted apart.
func TestActivity(t *testing.T) {
	onBoth(t, func(t *testing.T, where string) {
		s := open(t, where)
		older, newer := post("1"), post("2")
		older.Created, newer.Created = newer.Created.Add(-time.Hour), newer.Created.Add(-time.Minute)
		arrive(t, s, older, newer)
		owe(t, s)
		waits := borderline(t, s)
		a, err := s.Activity(t.Context())
		must(t, err)
		if a.Statements[account.ID] != 1 || a.Newest[account.ID].UnixMilli() != newer.Created.UnixMilli() || len(a.Sent) != 0 || len(a.Gaps) != 0 {
			t.Errorf("%+v", a)
		}
		if st, err := s.Status(t.Context()); err != nil || st.Waiting != 1 {
			t.Errorf("%d wait, %v", st.Waiting, err)
		}
		must(t, s.Moderate(t.Context(), number(t, s, waits), onrecord.Reject, "Dana"))
		if st, err := s.Status(t.Context()); err != nil || st.Waiting != 0 {
			t.Errorf("decided, and %d wait, %v", st.Waiting, err)
		}
	})
}
