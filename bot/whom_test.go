package bot

import (
	"fmt"
	"testing"
	"time"

	"onrecord"
	"onrecord/internal/schedule"
)

// Whom a message calls is decided by the hour at which it is sent, and by when its post was seen and published.
func TestWhomAMessageCalls(t *testing.T) {
	t.Parallel()
	quiet, err := schedule.ParseHours("22:00-07:00 UTC")
	if err != nil {
		t.Fatal(err)
	}
	evening, night := time.Date(2026, 10, 5, 21, 30, 0, 0, time.UTC), time.Date(2026, 10, 5, 22, 10, 0, 0, time.UTC)
	seen := func(at, published time.Time) onrecord.Statement {
		return onrecord.Statement{Case: "nh", Speaker: "Harbor Labs", Seen: at, Parts: []onrecord.Post{{Created: published, Dated: true}}}
	}
	pings := []Ping{{Role: "all", Quiet: quiet, Cooldown: 30 * time.Minute}, {Role: "lind", Speaker: "Ivo Lind"}, {Role: "other", Case: "mc"}}
	for name, c := range map[string]struct {
		s     onrecord.Statement
		worth bool
		last  time.Time
		now   time.Time
		want  string
	}{
		"news":                         {seen(evening, evening), true, time.Time{}, evening, "[all] false"},
		"no news":                      {seen(evening, evening), false, time.Time{}, evening, "[] false"},
		"seen in the evening":          {seen(evening, evening), true, time.Time{}, night, "[] true"},
		"seen at night, sent at eight": {seen(night.Add(9*time.Hour), night), true, time.Time{}, night.Add(10 * time.Hour), "[all] false"},
		"sent an hour late":            {seen(evening.Add(-2*time.Hour), evening), true, time.Time{}, evening, "[] false"},
		"published the day before":     {seen(evening, evening.Add(-25*time.Hour)), true, time.Time{}, evening, "[] false"},
		"called a moment ago":          {seen(evening, evening), true, evening.Add(-29 * time.Minute), evening, "[] false"},
		"called a while ago":           {seen(evening, evening), true, evening.Add(-30 * time.Minute), evening, "[all] false"},
		"called by a clock ahead":      {seen(evening, evening), true, evening.Add(29 * time.Minute), evening, "[] false"},
	} {
		last := map[string]time.Time{}
		if !c.last.IsZero() {
			last["all"] = c.last
		}
		if roles, silent := whom(pings, c.s, c.worth, last, c.now); fmt.Sprint(roles, silent) != c.want {
			t.Errorf("%s: calls %v, silent %v; want %s", name, roles, silent, c.want)
		}
	}
}
